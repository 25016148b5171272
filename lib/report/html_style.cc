#include "report/html_style.h"

namespace cgo_ld_shim::report {

const char kHtmlStyle[] = R"(
:root{color-scheme:light dark;--paper:#fff;--ink:#1f2328;--soft:#59636e;--line:#d1d9e0;--panel:#f6f8fa;--accent:#0969da;--good:#1a7f37;--good-back:#dafbe1;--bad:#cf222e;--bad-back:#ffebe9;--warn:#9a6700;--warn-back:#fff8c5;--bar-program:#59636e;--bar-given:#8c959f;--bar-added:#2f81f7;--bar-toolchain:#b7bfc9;--track:#eff2f5}
@media (prefers-color-scheme:dark){:root{--paper:#0d1117;--ink:#e6edf3;--soft:#9198a1;--line:#3d444d;--panel:#151b23;--accent:#4493f8;--good:#3fb950;--good-back:#12261e;--bad:#f85149;--bad-back:#25171c;--warn:#d29922;--warn-back:#272115;--bar-program:#9198a1;--bar-given:#6e7681;--bar-added:#4493f8;--bar-toolchain:#3d444d;--track:#151b23}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 24px 48px}
h1{font-size:26px;line-height:1.25;margin:0 12px 0 0;overflow-wrap:anywhere}
h2{font-size:18px;margin:40px 0 4px}
p{margin:4px 0 12px}
.lead{color:var(--soft);max-width:75ch}
code,pre,.word{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:13px}
.title{display:flex;flex-wrap:wrap;align-items:center;gap:4px 0}
.badge{border:1px solid currentColor;border-radius:999px;padding:1px 12px;font-size:13px;font-weight:600;white-space:nowrap}
.badge.good{color:var(--good);background:var(--good-back)}
.badge.bad{color:var(--bad);background:var(--bad-back)}
.badge.plain{color:var(--soft);background:var(--panel)}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(210px,1fr));gap:12px 24px;margin:20px 0 0}
.facts dt{color:var(--soft);font-size:12px}
.facts dd{margin:0;overflow-wrap:anywhere}
.box{border:1px solid var(--line);border-radius:8px;overflow:hidden}
pre{margin:0;padding:14px 16px;background:var(--panel);overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
pre.flags{white-space:pre-wrap}
pre.failure{border-left:4px solid var(--bad)}
.diff{list-style:none;margin:0;padding:6px 0}
.diff li{display:grid;grid-template-columns:26px minmax(0,5fr) minmax(0,6fr);gap:0 12px;padding:2px 16px 2px 0}
.diff .sign{text-align:center;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color:var(--soft)}
.diff .word{overflow-wrap:anywhere;padding-top:1px}
.diff .why{color:var(--soft);font-size:13.5px}
.diff .why b{font-weight:500;color:var(--ink)}
.diff .added{background:var(--good-back)}
.diff .added .sign,.diff .added .word{color:var(--good)}
.diff .removed{background:var(--bad-back)}
.diff .removed .sign,.diff .removed .word{color:var(--bad)}
.diff .added .why,.diff .removed .why{color:var(--ink)}
.diff details{grid-column:2/-1}
.diff summary{color:var(--soft);cursor:pointer;font-size:13.5px}
.diff details div{padding:1px 0 1px 14px;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:600;font-size:12px;color:var(--soft);padding:8px 12px;border-bottom:1px solid var(--line)}
td{padding:9px 12px;vertical-align:top;border-top:1px solid var(--line)}
tbody tr:first-child td{border-top:0}
td.size{white-space:nowrap;text-align:right;width:1%}
th.size{text-align:right}
td.part{white-space:nowrap}
.where{color:var(--soft);font-size:12.5px;white-space:normal;overflow-wrap:anywhere}
td.share{width:22%;min-width:90px;padding-top:15px}
.track{background:var(--track);border-radius:3px;height:10px;overflow:hidden}
.bar{height:10px;border-radius:3px;min-width:2px}
.bar.program{background:var(--bar-program)}
.bar.given{background:var(--bar-given)}
.bar.added{background:var(--bar-added)}
.bar.toolchain{background:var(--bar-toolchain)}
.tag{font-size:12px;border-radius:4px;padding:0 6px;background:var(--panel);color:var(--soft);border:1px solid var(--line);white-space:nowrap}
.tag.added{color:var(--accent);border-color:currentColor}
.chain{overflow-wrap:anywhere}
.chain span{display:block}
.graph{overflow-x:auto}
.graph svg{display:block;height:auto;max-width:max(100%,calc(var(--natural)*.8))}
ul.points{margin:4px 0;padding-left:20px}
ul.points li{margin:3px 0;overflow-wrap:anywhere}
.warning{border:1px solid var(--warn);background:var(--warn-back);border-radius:8px;padding:8px 16px}
footer{margin-top:48px;padding-top:12px;border-top:1px solid var(--line);color:var(--soft);font-size:13px}
@media (max-width:720px){main{padding:20px 14px 40px}.diff li{grid-template-columns:22px minmax(0,1fr);padding-right:10px}.diff .why{grid-column:2}.diff details{grid-column:2}.contents thead{display:none}.contents tr{display:grid;grid-template-columns:1fr auto;border-top:1px solid var(--line);padding:8px 0}.contents tbody tr:first-child{border-top:0}.contents td{border:0;padding:2px 12px}.contents td.why{grid-column:1/-1;grid-row:2}.contents td.share{grid-column:1/-1;width:auto;padding-top:6px}}
@media print{.diff details{display:block}.box{break-inside:avoid}}
)";

}  // namespace cgo_ld_shim::report

// The look of explain's page: one stylesheet for light and dark, narrow and wide, and for paper.
#ifndef CGO_LD_SHIM_REPORT_HTML_STYLE_H_
#define CGO_LD_SHIM_REPORT_HTML_STYLE_H_

namespace cgo_ld_shim::report {

extern const char kHtmlStyle[];

}  // namespace cgo_ld_shim::report

#endif  // CGO_LD_SHIM_REPORT_HTML_STYLE_H_

// The page of `bench --html`: one file, its pictures as SVG in it, no script, nothing from the network. Colours are
// variables, so that the page follows the reader's choice of light or dark.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "bench/result.h"
#include "fmt/format.h"
#include "report/text_parts.h"

namespace cgo_ld_shim::bench {
namespace {

// A picture is drawn twice, and the page shows the one that fits: names and numbers beside the rows, or, on a
// telephone, above them.
struct Layout {
  const char* name;  // its class in the page
  double width;
  double left, right;   // of the plot: columns for names and numbers, or margins
  double row, middle;   // height of a row, and where in it the values are
  size_t most_columns;  // of a name
  bool above;           // names and numbers stand above the values
};
constexpr Layout kLayouts[] = {{"wide", 860, 246, 130, 30, 15, 34, false}, {"narrow", 360, 8, 30, 46, 32, 30, true}};
constexpr double kAxis = 28;
constexpr size_t kMostBars = 16;

constexpr char kStyle[] = R"(
:root { color-scheme: light dark; --paper: #fdfdfc; --ink: #1c2126; --faint: #68727c; --line: #d9dde1;
  --first: #0b6e8f; --other: #7a8794; --second: #d08a2e; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181c; --ink: #e4e8ec; --faint: #98a3ad; --line: #323a42;
  --first: #55b8da; --other: #8e9aa6; --second: #e0a458; } }
body { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto;
  max-width: 880px; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .3rem; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .2rem; }
p { margin: .2rem 0; } .faint { color: var(--faint); }
table { border-collapse: collapse; margin-top: 1rem; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
td[colspan] { white-space: normal; }
th:first-child, td:first-child, td[colspan] { text-align: left; } th { color: var(--faint); font-weight: 500; }
svg { display: block; width: 100%; height: auto; margin-top: .5rem; } svg.narrow { display: none; }
@media (max-width: 700px) { svg.wide { display: none; } svg.narrow { display: block; }
  body { margin: 1rem auto; overflow-wrap: anywhere; } tr:first-child { display: none; }
  tr { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1rem; border-bottom: 1px solid var(--line); padding: .4rem 0; }
  td, td[colspan] { border: 0; padding: 0; text-align: left; } td:first-child, td[colspan] { grid-column: 1 / -1; }
  td:first-child { font-weight: 600; }
  td[data-label]::before { content: attr(data-label) " "; color: var(--faint); } }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
svg .faint { fill: var(--faint); } svg .grid { stroke: var(--line); } svg .dot { fill-opacity: .55; }
.first { fill: var(--first); stroke: var(--first); } .other { fill: var(--other); stroke: var(--other); }
.second { fill: var(--second); stroke: var(--second); } rect.first, rect.second, rect.other { stroke: none; }
.key { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 1em; }
)";

std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    }
  }
  return escaped;
}

// A name cut to `most` columns: its end tells more.
std::string Label(const std::string& name, size_t most) {
  if (report::Columns(name) <= most) return Escaped(name);
  size_t begin = name.size() - std::min(name.size(), most - 1);
  while (begin < name.size() && (name[begin] & 0xC0) == 0x80) ++begin;  // not within a UTF-8 character
  return absl::StrCat("…", Escaped(name.substr(begin)));
}

// A round number near `largest` / 5: 1, 2 or 5 times a power of ten.
double Step(double largest) {
  const double rough = std::max(largest / 5, 1e-9);
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) return factor * power;
  }
  return 10 * power;
}

// A picture of rows, each with a name and a number, over an axis that begins at 0; in each layout.
class Picture {
 public:
  Picture(size_t rows, double largest, const std::string& unit, const std::string& title) {
    for (const Layout& layout : kLayouts) drawings_.emplace_back(layout, rows, largest, unit, title);
  }

  void Name(size_t row, const std::string& name, const std::string& number) {
    for (Drawing& drawing : drawings_) drawing.Name(row, name, number);
  }
  void Dots(size_t row, const std::vector<double>& values, double median, const char* colour, const std::string& unit) {
    for (Drawing& drawing : drawings_) drawing.Dots(row, values, median, colour, unit);
  }
  void Bar(size_t row, double from, double to, const char* colour, const std::string& what) {
    for (Drawing& drawing : drawings_) drawing.Bar(row, from, to, colour, what);
  }
  std::string Take() {
    std::string text;
    for (Drawing& drawing : drawings_) absl::StrAppend(&text, drawing.Take());
    return text;
  }

 private:
  class Drawing {
   public:
    Drawing(const Layout& layout, size_t rows, double largest, const std::string& unit, const std::string& title)
        : layout_(layout),
          largest_(std::max(largest, 1e-9) * 1.02),
          height_(layout.row * static_cast<double>(rows) + kAxis) {
      text_ = fmt::format("<svg class=\"{}\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n", layout.name,
                          layout.width, height_, Escaped(title));
      const double step = Step(largest_);
      for (int i = 0; i * step <= largest_; ++i) {
        const double at = i * step;
        const double x = X(at);
        absl::StrAppend(&text_, fmt::format("<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"0\" y2=\"{1}\"/>",
                                            x, height_ - kAxis + 4));
        absl::StrAppend(
            &text_, fmt::format("<text class=\"faint\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{:g}{}</text>\n", x,
                                height_ - 8, at, at + step > largest_ ? " " + unit : ""));
      }
    }

    void Name(size_t row, const std::string& name, const std::string& number) {
      const double y = layout_.above ? Top(row) + 14 : Middle(row) + 4.5;
      absl::StrAppend(&text_, fmt::format("<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"{}\"><title>{}</title>{}</text>",
                                          layout_.above ? 0 : layout_.left - 12, y, layout_.above ? "start" : "end",
                                          Escaped(name), Label(name, layout_.most_columns)));
      absl::StrAppend(&text_, fmt::format("<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
                                          layout_.width - 2, y, Escaped(number)));
    }
    void Dots(size_t row, const std::vector<double>& values, double median, const char* colour,
              const std::string& unit) {
      for (size_t i = 0; i < values.size(); ++i) {
        // Spread over the row, so that equal values do not hide one another.
        const double y = Middle(row) + (static_cast<double>(i % 5) - 2) * 3;
        absl::StrAppend(&text_,
                        fmt::format("<circle class=\"dot {}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\"><title>round {}: "
                                    "{:.1f} {}</title></circle>",
                                    colour, X(values[i]), y, i + 1, values[i], unit));
      }
      absl::StrAppend(&text_, fmt::format("<line class=\"{0}\" x1=\"{1:.1f}\" x2=\"{1:.1f}\" y1=\"{2}\" y2=\"{3}\" "
                                          "stroke-width=\"2.5\"/>\n",
                                          colour, X(median), Middle(row) - 11, Middle(row) + 11));
    }
    void Bar(size_t row, double from, double to, const char* colour, const std::string& what) {
      absl::StrAppend(
          &text_, fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"18\"><title>{}"
                              "</title></rect>\n",
                              colour, X(from), Middle(row) - 9, std::max(X(to) - X(from), 0.5), Escaped(what)));
    }
    std::string Take() { return absl::StrCat(text_, "</svg>\n"); }

   private:
    double X(double value) const {
      return layout_.left + value / largest_ * (layout_.width - layout_.left - layout_.right);
    }
    double Top(size_t row) const { return layout_.row * static_cast<double>(row); }
    double Middle(size_t row) const { return Top(row) + layout_.middle; }

    const Layout& layout_;
    const double largest_, height_;
    std::string text_;
  };

  std::vector<Drawing> drawings_;
};

std::string Distribution(const BenchResult& result, const std::string& title,
                         std::vector<double> BenchedLinker::* values) {
  double largest = 0;
  size_t rows = 0;
  for (const BenchedLinker& linker : result.linkers) {
    if ((linker.*values).empty()) continue;
    ++rows;
    largest = std::max(largest, *std::max_element((linker.*values).begin(), (linker.*values).end()));
  }
  if (rows == 0) return "";
  Picture picture(rows, largest, "ms", title);
  size_t row = 0;
  for (const BenchedLinker& linker : result.linkers) {
    if ((linker.*values).empty()) continue;
    const double median = Median(linker.*values);
    picture.Name(row, linker.name, fmt::format("{:.1f} ± {:.1f} ms", median, Spread(linker.*values)));
    picture.Dots(row, linker.*values, median, row == 0 ? "first" : "other", "ms");
    ++row;
  }
  return absl::StrCat("<h2>", title, "</h2>\n<p class=\"faint\">A dot is a round, the stroke the median.</p>\n",
                      picture.Take());
}

std::string Phases(const std::string& title, const std::string& what,
                   std::vector<std::pair<std::string, double>> phases) {
  if (phases.empty()) return "";
  if (phases.size() > kMostBars) {
    const double rest = std::accumulate(phases.begin() + kMostBars - 1, phases.end(), 0.0,
                                        [](double sum, const auto& phase) { return sum + phase.second; });
    phases.resize(kMostBars - 1);
    phases.emplace_back("all others", rest);
  }
  double largest = 0, total = 0;
  for (const auto& [name, ms] : phases) {
    largest = std::max(largest, ms);
    total += ms;
  }
  Picture picture(phases.size(), largest, "ms", title);
  for (size_t row = 0; row < phases.size(); ++row) {
    const auto& [name, ms] = phases[row];
    picture.Name(row, name, fmt::format("{:.2f} ms  {:.0f} %", ms, total > 0 ? ms / total * 100 : 0));
    picture.Bar(row, 0, ms, "first", fmt::format("{}: {:.2f} ms", name, ms));
  }
  return absl::StrCat("<h2>", title, "</h2>\n<p class=\"faint\">", what, "</p>\n", picture.Take());
}

std::string Contributions(std::vector<Contribution> list) {
  if (list.empty()) return "";
  if (list.size() > kMostBars) {
    Contribution rest{.name = absl::StrCat("all others (", list.size() - kMostBars + 1, ")")};
    for (size_t i = kMostBars - 1; i < list.size(); ++i) {
      rest.loaded_bytes += list[i].loaded_bytes;
      rest.other_bytes += list[i].other_bytes;
    }
    list.resize(kMostBars - 1);
    list.push_back(rest);
  }
  constexpr double kMega = 1e6;
  double largest = 0;
  for (const Contribution& entry : list)
    largest = std::max(largest, static_cast<double>(entry.loaded_bytes + entry.other_bytes) / kMega);
  Picture picture(list.size(), largest, "MB", "Size by archive");
  for (size_t row = 0; row < list.size(); ++row) {
    const Contribution& entry = list[row];
    const double loaded = static_cast<double>(entry.loaded_bytes) / kMega;
    const double other = static_cast<double>(entry.other_bytes) / kMega;
    picture.Name(row, entry.name, report::SizeText(entry.loaded_bytes + entry.other_bytes));
    picture.Bar(row, 0, loaded, "first",
                absl::StrCat(entry.name, ": ", report::SizeText(entry.loaded_bytes), " of code and data"));
    picture.Bar(row, loaded, loaded + other, "second",
                absl::StrCat(entry.name, ": ", report::SizeText(entry.other_bytes), " of debug information"));
  }
  return absl::StrCat(
      "<h2>Size by archive</h2>\n<p class=\"faint\">What each has in the program, before debug information is "
      "compressed.<span class=\"key\" style=\"background:var(--first)\"></span>code and data<span class=\"key\" "
      "style=\"background:var(--second)\"></span>debug information and symbols</p>\n",
      picture.Take());
}

std::string Table(const BenchResult& result) {
  static constexpr const char* kColumns[] = {"wall ms", "CPU ms", "memory", "output", "× wall", "× CPU"};
  std::string rows;
  const BenchedLinker* first = nullptr;
  for (const BenchedLinker& linker : result.linkers) {
    if (!linker.error.empty()) {
      absl::StrAppend(&rows, "<tr><td>", Escaped(linker.name),
                      "</td><td colspan=\"6\">fails: ", Escaped(linker.error.substr(0, linker.error.find('\n'))),
                      "</td></tr>\n");
      continue;
    }
    if (first == nullptr) first = &linker;
    const std::string cells[] = {fmt::format("{:.1f} ± {:.1f}", Median(linker.wall), Spread(linker.wall)),
                                 fmt::format("{:.1f} ± {:.1f}", Median(linker.cpu), Spread(linker.cpu)),
                                 report::SizeText(static_cast<uint64_t>(Median(linker.memory))),
                                 report::SizeText(linker.output_bytes),
                                 fmt::format("{:.2f}", linker.WallRatio(*first)),
                                 fmt::format("{:.2f}", linker.CpuRatio(*first))};
    absl::StrAppend(&rows, "<tr><td>", Escaped(linker.name), "</td>");
    for (size_t i = 0; i < std::size(cells); ++i)
      absl::StrAppend(&rows, "<td data-label=\"", kColumns[i], "\">", cells[i], "</td>");
    rows += "</tr>\n";
  }
  std::string head = "<tr><th>linker</th>";
  for (const char* column : kColumns) absl::StrAppend(&head, "<th>", column, "</th>");
  return absl::StrCat("<table>", head, "</tr>\n", rows, "</table>\n");
}

}  // namespace

std::string BenchHtml(const BenchResult& result) {
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width\">\n<title>The link of ",
      Escaped(result.program), "</title>\n<style>", kStyle, "</style></head>\n<body>\n<h1>The link of ",
      Escaped(result.program), "</h1>\n<p>",
      Escaped(fmt::format("{} inputs, {} in; {}, {}, {}; debug sections: {}", result.inputs,
                          report::SizeText(result.input_bytes), result.mode, result.target, result.libc,
                          result.debug_sections)),
      "</p>\n<p class=\"faint\">",
      Escaped(fmt::format("{} in turns, after one that does not count; on {}; load {}",
                          report::Count(static_cast<size_t>(result.rounds), "round", "rounds"), result.machine,
                          result.load)),
      "</p>\n", Table(result),
      "<p class=\"faint\">Medians; half of the rounds lie within ±. Ratios are to the first linker, round by "
      "round.</p>\n",
      Distribution(result, "Wall time", &BenchedLinker::wall),
      Distribution(result, "CPU time, user and system", &BenchedLinker::cpu),
      Phases("Time by phase: the final link",
             "Of the link as it was captured, by cgo-ld-shim; taking the capture is not in it.", result.link_phases),
      Phases("Time by phase: inside the embedded linker",
             "One run with tracing; the time of a phase without the phases "
             "in it.",
             result.linker_phases),
      Contributions(result.contributions), "</body></html>\n");
}

}  // namespace cgo_ld_shim::bench

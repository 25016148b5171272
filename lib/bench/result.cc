#include "bench/result.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "fmt/format.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "report/text_parts.h"
#include "support/path_parts.h"
#include "support/printable.h"

namespace cgo_ld_shim::bench {
namespace {

namespace json = llvm::json;

double MedianRatio(const std::vector<double>& values, const std::vector<double>& first) {
  std::vector<double> ratios;
  for (size_t i = 0; i < std::min(values.size(), first.size()); ++i) {
    if (first[i] > 0) ratios.push_back(values[i] / first[i]);
  }
  return Median(ratios);
}

// Three digits are as much as a clock tells.
std::string Milliseconds(double ms) { return ms < 10 ? fmt::format("{:.1f}", ms) : fmt::format("{:.0f}", ms); }

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double Spread(const std::vector<double>& values) {
  const double median = Median(values);
  std::vector<double> distances;
  distances.reserve(values.size());
  for (const double value : values) distances.push_back(std::abs(value - median));
  return Median(distances);
}

double BenchedLinker::WallRatio(const BenchedLinker& first) const { return MedianRatio(wall, first.wall); }
double BenchedLinker::CpuRatio(const BenchedLinker& first) const { return MedianRatio(cpu, first.cpu); }

std::string TableText(const BenchResult& result, const report::TextOptions& options) {
  report::Page page(options);
  const auto first = std::find_if(result.linkers.begin(), result.linkers.end(),
                                  [](const BenchedLinker& linker) { return linker.error.empty(); });
  page.Title(fmt::format("the link of {}: {} inputs, {} in, {} out, {} debug sections; {}, alternating", result.program,
                         result.inputs, report::SizeText(result.input_bytes),
                         first == result.linkers.end() ? "nothing" : report::SizeText(first->output_bytes),
                         result.debug_sections, report::Count(static_cast<size_t>(result.rounds), "round", "rounds")));
  size_t width = 14;
  for (const BenchedLinker& linker : result.linkers) width = std::max(width, report::Columns(linker.name));
  const auto padded = [&](const std::string& name) {
    return absl::StrCat(name, std::string(width - std::min(width, report::Columns(name)), ' '));
  };
  page.Line(fmt::format("{}  {:>8} {:>6}  {:>8} {:>6}  {:>8}  {:>8}  {:>6} {:>6}", padded("linker"), "wall ms", "",
                        "cpu ms", "", "memory", "output", "wall", "cpu"));
  for (const BenchedLinker& linker : result.linkers) {
    if (!linker.error.empty()) {
      page.Line(absl::StrCat(padded(linker.name), "  fails: ", FirstLine(linker.error)));
      continue;
    }
    const auto memory = static_cast<uint64_t>(Median(linker.memory));
    page.Line(fmt::format("{}  {:>8} {:>6}  {:>8} {:>6}  {:>8}  {:>8}  {:>6.2f} {:>6.2f}", padded(linker.name),
                          Milliseconds(Median(linker.wall)), "±" + Milliseconds(Spread(linker.wall)),
                          Milliseconds(Median(linker.cpu)), "±" + Milliseconds(Spread(linker.cpu)),
                          report::SizeText(memory), report::SizeText(linker.output_bytes), linker.WallRatio(*first),
                          linker.CpuRatio(*first)));
  }
  page.Line(
      absl::StrCat("medians; half of the rounds lie within ±; the last two columns are times the first line, round "
                   "by round"));
  page.Line(absl::StrCat("on ", result.machine, "; load ", result.load));
  return page.Take();
}

std::string BenchJson(const BenchResult& result) {
  std::string text;
  llvm::raw_string_ostream out(text);
  json::OStream stream(out, /*IndentSize=*/2);
  const auto numbers = [&](const char* name, const std::vector<double>& values) {
    stream.attributeArray(name, [&] {
      for (const double value : values) stream.value(value);
    });
  };
  const auto phases = [&](const char* name, const std::vector<std::pair<std::string, double>>& values) {
    stream.attributeArray(name, [&] {
      for (const auto& [phase, ms] : values) {
        stream.object([&] {
          stream.attribute("phase", support::Utf8(phase));
          stream.attribute("ms", ms);
        });
      }
    });
  };
  stream.object([&] {
    stream.attribute("schema", 1);
    stream.attribute("program", support::Utf8(result.program));
    stream.attribute("inputs", static_cast<int64_t>(result.inputs));
    stream.attribute("input_bytes", static_cast<int64_t>(result.input_bytes));
    stream.attribute("debug_sections", result.debug_sections);
    stream.attribute("mode", result.mode);
    stream.attribute("target", result.target);
    stream.attribute("libc", result.libc);
    stream.attribute("machine", support::Utf8(result.machine));
    stream.attribute("load", result.load);
    stream.attribute("rounds", result.rounds);
    stream.attributeArray("linkers", [&] {
      for (const BenchedLinker& linker : result.linkers) {
        stream.object([&] {
          stream.attribute("name", support::Utf8(linker.name));
          stream.attribute("program", support::Utf8(linker.program));
          if (!linker.error.empty()) {
            stream.attribute("error", support::Utf8(linker.error));
            return;
          }
          stream.attribute("output_bytes", static_cast<int64_t>(linker.output_bytes));
          stream.attribute("wall_median_ms", Median(linker.wall));
          stream.attribute("wall_spread_ms", Spread(linker.wall));
          stream.attribute("cpu_median_ms", Median(linker.cpu));
          stream.attribute("cpu_spread_ms", Spread(linker.cpu));
          stream.attribute("memory_median_bytes", static_cast<int64_t>(Median(linker.memory)));
          const auto& first = *std::find_if(result.linkers.begin(), result.linkers.end(),
                                            [](const BenchedLinker& other) { return other.error.empty(); });
          stream.attribute("wall_ratio", linker.WallRatio(first));
          stream.attribute("cpu_ratio", linker.CpuRatio(first));
          numbers("wall_ms", linker.wall);
          numbers("cpu_ms", linker.cpu);
          numbers("memory_bytes", linker.memory);
        });
      }
    });
    phases("link_phases", result.link_phases);
    phases("linker_phases", result.linker_phases);
    stream.attributeArray("contributions", [&] {
      for (const Contribution& contribution : result.contributions) {
        stream.object([&] {
          stream.attribute("name", support::Utf8(contribution.name));
          stream.attribute("loaded_bytes", static_cast<int64_t>(contribution.loaded_bytes));
          stream.attribute("other_bytes", static_cast<int64_t>(contribution.other_bytes));
        });
      }
    });
  });
  out << "\n";
  return text;
}

std::vector<std::pair<std::string, double>> PhasesOfTrace(absl::string_view trace) {
  llvm::Expected<json::Value> value = json::parse(llvm::StringRef(trace.data(), trace.size()));
  if (!value) {
    llvm::consumeError(value.takeError());
    return {};
  }
  struct Event {
    std::string name;
    double start, duration;
  };
  std::map<int64_t, std::vector<Event>> threads;
  const json::Object* root = value->getAsObject();
  const json::Array* events = root == nullptr ? nullptr : root->getArray("traceEvents");
  if (events == nullptr) return {};
  for (const json::Value& entry : *events) {
    const json::Object* event = entry.getAsObject();
    if (event == nullptr || event->getString("ph").value_or("") != "X") continue;
    const llvm::StringRef name = event->getString("name").value_or("");
    if (name.empty() || name.starts_with("Total ")) continue;  // sums over the others
    threads[event->getInteger("tid").value_or(0)].push_back(
        {name.str(), event->getNumber("ts").value_or(0), event->getNumber("dur").value_or(0)});
  }
  std::map<std::string, double> best;
  double best_total = 0;
  for (auto& [thread, list] : threads) {
    // An event that begins with another and lasts longer is around it.
    std::stable_sort(list.begin(), list.end(), [](const Event& a, const Event& b) {
      return a.start != b.start ? a.start < b.start : a.duration > b.duration;
    });
    std::map<std::string, double> own;
    std::vector<const Event*> open;
    double total = 0;
    for (const Event& event : list) {
      while (!open.empty() && event.start >= open.back()->start + open.back()->duration) open.pop_back();
      own[event.name] += event.duration;
      if (open.empty()) {
        total += event.duration;
      } else {
        own[open.back()->name] -= event.duration;
      }
      open.push_back(&event);
    }
    if (total > best_total) {
      best_total = total;
      best = std::move(own);
    }
  }
  std::vector<std::pair<std::string, double>> phases;
  for (const auto& [name, microseconds] : best) {
    if (microseconds > 0) phases.emplace_back(name, microseconds / 1000);
  }
  std::stable_sort(phases.begin(), phases.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return phases;
}

std::vector<Contribution> ContributionsOfMap(absl::string_view map) {
  // VMA, LMA, size and alignment in hexadecimal, then, in columns of eight, the output section, the input section, or
  // the symbol.
  constexpr size_t kInputColumn = 8;
  std::map<std::string, Contribution> by_name;
  std::string section;
  for (absl::string_view line : absl::StrSplit(map, '\n')) {
    uint64_t fields[4] = {};
    bool good = true;
    for (uint64_t& field : fields) {
      line = absl::StripLeadingAsciiWhitespace(line);
      const size_t end = std::min(line.find(' '), line.size());
      good = good && absl::SimpleHexAtoi(line.substr(0, end), &field);
      line.remove_prefix(end);
    }
    if (!good || !absl::ConsumePrefix(&line, " ")) continue;
    const size_t indent = line.find_first_not_of(' ');
    if (indent == absl::string_view::npos) continue;
    line.remove_prefix(indent);
    if (indent == 0) section = std::string(line);
    if (indent != kInputColumn) continue;
    const size_t colon = line.rfind(":(");
    if (colon == absl::string_view::npos) continue;  // an assignment of a script
    const std::string file = report::UnitFile(std::string(line.substr(0, colon)));
    std::string name = support::BaseName(file);
    if (file == "<internal>") {
      name = "made by the linker";
    } else if (absl::StrContains(file, "inputs/go/")) {
      name = name == "go.o" ? "Go code" : "C code of the program's packages";
    }
    Contribution& contribution = by_name[name];
    contribution.name = name;
    // What is not loaded has no address.
    (fields[0] != 0 ? contribution.loaded_bytes : contribution.other_bytes) += fields[2];
  }
  std::vector<Contribution> contributions;
  for (auto& [name, contribution] : by_name) {
    if (contribution.loaded_bytes + contribution.other_bytes > 0) contributions.push_back(std::move(contribution));
  }
  std::stable_sort(contributions.begin(), contributions.end(), [](const Contribution& a, const Contribution& b) {
    return a.loaded_bytes + a.other_bytes > b.loaded_bytes + b.other_bytes;
  });
  return contributions;
}

}  // namespace cgo_ld_shim::bench

// What needs what, as a graph for Graphviz: `cgo-ld-shim explain --dot kv | dot -Tsvg`. A node is an object or an
// archive's member; an arrow goes from who wants a symbol to who defines it. What was added is filled; what is missing
// is red.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "report/text.h"
#include "report/text_parts.h"
#include "rules/table.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::report {
namespace {

constexpr size_t kMaxSymbols = 3;  // on one arrow

std::string Quote(absl::string_view text) {
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "\\\""}}), "\"");
}

class Graph {
 public:
  explicit Graph(const LinkRecord& record) {
    for (const InputRecord& input : record.inputs) {
      if (input.origin == "added") added_.insert(input.path);
    }
    for (const rules::Edit& edit : record.edits) {
      for (const symbols::Evidence& evidence : edit.evidence) {
        if (evidence.wanted_by.empty() || evidence.provided_by.empty()) continue;
        if (rules::AddsLibrary(edit)) added_.insert(UnitFile(evidence.provided_by));
        AddNode(evidence.wanted_by);
        AddNode(evidence.provided_by);
        edges_[{evidence.wanted_by, evidence.provided_by}].insert(symbols::Demangle(evidence.symbol));
      }
    }
    for (const MissingRecord& missing : record.missing) {
      for (const std::string& unit : missing.wanted_by) {
        AddNode(unit);
        const std::string provider = missing.shared_library.empty() ? kNobody : missing.shared_library;
        missing_.insert(provider);
        edges_[{unit, provider}].insert(missing.demangled.empty() ? missing.symbol : missing.demangled);
      }
    }
  }

  std::string Text() const {
    std::string text =
        "digraph link {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n  edge "
        "[fontname=\"sans-serif\"];\n";
    for (const std::string& unit : nodes_) {
      const bool is_added = added_.contains(UnitFile(unit));
      absl::StrAppend(&text, "  ", Quote(unit), " [label=", Quote(UnitName(unit)),
                      is_added ? ", style=filled, fillcolor=\"#dbeafe\"" : "", "];\n");
    }
    for (const std::string& provider : missing_) {
      absl::StrAppend(&text, "  ", Quote(provider), " [label=", Quote(UnitName(provider)),
                      ", color=red, style=dashed];\n");
    }
    for (const auto& [ends, names] : edges_) {
      std::vector<std::string> shown;
      for (const std::string& name : names) {
        if (shown.size() < kMaxSymbols) shown.push_back(SymbolText(name, 60));
      }
      std::string label = absl::StrJoin(shown, "\n");
      if (names.size() > shown.size()) absl::StrAppend(&label, "\n… and ", names.size() - shown.size(), " more");
      // A line end within DOT's quotes is written \n.
      absl::StrAppend(&text, "  ", Quote(ends.first), " -> ", Quote(ends.second),
                      " [label=", absl::StrReplaceAll(Quote(label), {{"\n", "\\n"}}),
                      missing_.contains(ends.second) ? ", color=red" : "", "];\n");
    }
    return text + "}\n";
  }

 private:
  static constexpr char kNobody[] = "defined nowhere";

  void AddNode(const std::string& unit) { nodes_.insert(unit); }

  std::set<std::string> nodes_, missing_, added_;
  std::map<std::pair<std::string, std::string>, std::set<std::string>> edges_;
};

}  // namespace

std::string GraphText(const LinkRecord& record) { return Graph(Printable(record)).Text(); }

}  // namespace cgo_ld_shim::report

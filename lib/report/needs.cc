#include "report/needs.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "report/text_parts.h"
#include "rules/table.h"
#include "support/path_parts.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::report {
namespace {

constexpr char kProgram[] = "your program";
constexpr char kStartUp[] = "start-up code of C";
constexpr char kNobody[] = "defined nowhere";

class Finder {
 public:
  explicit Finder(const LinkRecord& record) : record_(record) {}

  Needs Run() {
    AddNode({.kind = NeedKind::kProgram, .name = kProgram}, "");
    for (const InputRecord& input : record_.inputs) AddInput(input);
    // glibc's libm.a is a text that names libm-2.36.a: the symbols are in the one, the bytes are told of the other.
    for (const InputRecord& input : record_.inputs) {
      if (!input.first_use.provided_by.empty())
        by_key_.try_emplace(UnitFile(input.first_use.provided_by), by_key_[input.path]);
    }
    for (const rules::Edit& edit : record_.edits) {
      const bool adds = rules::AddsLibrary(edit);
      for (const symbols::Evidence& evidence : edit.evidence) AddEvidence(evidence, adds);
    }
    for (const InputRecord& input : record_.inputs) AddEvidence(input.first_use, false);
    for (const MissingRecord& missing : record_.missing) AddMissing(missing);
    Needs needs;
    needs.nodes = std::move(nodes_);
    for (auto& [ends, edge] : edges_) needs.edges.push_back(std::move(edge));
    return needs;
  }

 private:
  size_t AddNode(NeedNode node, const std::string& key) {
    const auto [at, fresh] = by_key_.try_emplace(key, nodes_.size());
    if (fresh) nodes_.push_back(std::move(node));
    return at->second;
  }

  void AddInput(const InputRecord& input) {
    if (input.kind == "object") {
      const bool ours = input.origin != "toolchain";
      if (!ours) AddNode({.kind = NeedKind::kToolchain, .name = kStartUp}, kStartUp);
      by_key_.emplace(input.path, by_key_[ours ? "" : kStartUp]);
      nodes_[by_key_[input.path]].bytes += input.used_bytes;
      return;
    }
    const NeedKind kind = input.origin == "toolchain" ? NeedKind::kToolchain
                          : input.origin == "added"   ? NeedKind::kAdded
                                                      : NeedKind::kGiven;
    const size_t node =
        AddNode({.kind = kind, .path = input.path, .name = support::BaseName(input.path), .as = input.as}, input.path);
    nodes_[node].bytes += input.used_bytes;
    nodes_[node].members += input.members.size();
  }

  // The node of "/usr/lib/libz.a(inflate.o)" or of an object.
  size_t NodeOf(const std::string& unit, bool added) {
    const std::string file = UnitFile(unit);
    if (const auto at = by_key_.find(file); at != by_key_.end()) return at->second;
    // An object that is no input any more is one of the program's own.
    if (file == unit && absl::EndsWith(file, ".o")) return 0;
    const NeedKind kind = added ? NeedKind::kAdded : NeedKind::kGiven;
    return AddNode({.kind = kind, .path = file, .name = support::BaseName(file)}, file);
  }

  void AddEvidence(const symbols::Evidence& evidence, bool adds) {
    if (evidence.symbol.empty() || evidence.wanted_by.empty() || evidence.provided_by.empty()) return;
    const size_t from = NodeOf(evidence.wanted_by, false);
    const size_t to = NodeOf(evidence.provided_by, adds);
    if (adds) nodes_[to].kind = NeedKind::kAdded;
    AddEdge(from, to, WithoutParameters(symbols::Demangle(evidence.symbol)), UnitName(evidence.wanted_by));
  }

  void AddMissing(const MissingRecord& missing) {
    const std::string& library = missing.shared_library;
    const size_t to = AddNode(
        {.kind = NeedKind::kMissing, .path = library, .name = library.empty() ? kNobody : support::BaseName(library)},
        "missing: " + library);
    const std::string name = missing.demangled.empty() ? missing.symbol : missing.demangled;
    if (missing.wanted_by.empty()) AddEdge(0, to, WithoutParameters(name), kProgram);
    for (const std::string& unit : missing.wanted_by)
      AddEdge(NodeOf(unit, false), to, WithoutParameters(name), UnitName(unit));
  }

  void AddEdge(size_t from, size_t to, const std::string& symbol, const std::string& by) {
    if (from == to) return;
    NeedEdge& edge = edges_[{from, to}];
    edge.from = from;
    edge.to = to;
    if (edge.symbols.empty()) edge.by = by;
    if (std::find(edge.symbols.begin(), edge.symbols.end(), symbol) == edge.symbols.end())
      edge.symbols.push_back(symbol);
  }

  const LinkRecord& record_;
  std::vector<NeedNode> nodes_;
  std::map<std::string, size_t> by_key_;  // by path; "" for the program
  std::map<std::pair<size_t, size_t>, NeedEdge> edges_;
};

}  // namespace

std::vector<const NeedEdge*> Needs::Chain(size_t node) const {
  // Breadth first from the program, so that the way is the shortest one; of several, the first in the link's order.
  std::vector<const NeedEdge*> came_by(nodes.size());
  std::vector<size_t> queue = {0};
  std::vector<bool> seen(nodes.size());
  seen[0] = true;
  for (size_t i = 0; i < queue.size(); ++i) {
    for (const NeedEdge& edge : edges) {
      if (edge.from != queue[i] || seen[edge.to]) continue;
      seen[edge.to] = true;
      came_by[edge.to] = &edge;
      queue.push_back(edge.to);
    }
  }
  std::vector<const NeedEdge*> chain;
  for (size_t at = node; at < nodes.size() && came_by[at] != nullptr; at = came_by[at]->from)
    chain.push_back(came_by[at]);
  std::reverse(chain.begin(), chain.end());
  // What the compiler's own start-up code needs has no way from the program.
  if (chain.empty()) {
    for (const NeedEdge& edge : edges) {
      if (edge.to == node) return {&edge};
    }
  }
  return chain;
}

Needs Condensed(Needs needs, size_t most) {
  if (needs.nodes.size() <= most) return needs;
  std::vector<size_t> by_weight;
  for (size_t i = 1; i < needs.nodes.size(); ++i) by_weight.push_back(i);
  // What is missing is what a page is read for; then what was added, then what is large.
  const auto weight = [&](size_t i) {
    const NeedNode& node = needs.nodes[i];
    return std::tuple(node.kind != NeedKind::kMissing, node.kind != NeedKind::kAdded, ~node.bytes);
  };
  std::stable_sort(by_weight.begin(), by_weight.end(), [&](size_t a, size_t b) { return weight(a) < weight(b); });
  std::vector<bool> kept(needs.nodes.size());
  kept[0] = true;
  for (size_t i = 0; i < by_weight.size() && i + 1 < most; ++i) kept[by_weight[i]] = true;

  Needs result;
  std::vector<size_t> place(needs.nodes.size());
  std::map<NeedKind, size_t> together;
  for (size_t i = 0; i < needs.nodes.size(); ++i) {
    if (!kept[i]) continue;
    place[i] = result.nodes.size();
    result.nodes.push_back(needs.nodes[i]);
  }
  for (size_t i = 0; i < needs.nodes.size(); ++i) {
    if (kept[i]) continue;
    const NeedNode& node = needs.nodes[i];
    const auto [at, fresh] = together.try_emplace(node.kind, result.nodes.size());
    if (fresh) result.nodes.push_back({.kind = node.kind});
    NeedNode& all = result.nodes[at->second];
    all.bytes += node.bytes;
    all.members += node.members;
    ++all.merged;
    all.name = absl::StrCat(all.merged, all.merged == 1 ? " more file" : " more files");
    place[i] = at->second;
  }
  constexpr size_t kMostSymbols = 20;
  std::map<std::pair<size_t, size_t>, NeedEdge> edges;
  for (NeedEdge& edge : needs.edges) {
    const size_t from = place[edge.from], to = place[edge.to];
    if (from == to) continue;
    const auto [at, fresh] = edges.try_emplace({from, to}, std::move(edge));
    at->second.from = from;
    at->second.to = to;
    if (fresh) continue;
    for (std::string& symbol : edge.symbols) {
      if (at->second.symbols.size() < kMostSymbols) at->second.symbols.push_back(std::move(symbol));
    }
  }
  for (auto& [ends, edge] : edges) result.edges.push_back(std::move(edge));
  return result;
}

Needs FindNeeds(const LinkRecord& record) { return Finder(record).Run(); }

}  // namespace cgo_ld_shim::report

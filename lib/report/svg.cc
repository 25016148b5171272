// The drawing of what needs what: boxes in columns from left to right, the program first, an arrow from who needs a
// symbol to who has it. Drawn here, so that nobody needs Graphviz for it.
//
// The method is that of Sugiyama and others, small: (1) arrows that close a cycle are turned round for the layout, (2)
// each box stands one column right of the last one that needs it, (3) an arrow over several columns gets a place in
// each, (4) the order within a column follows the neighbours' average place, a few times back and forth. Everything is
// counted in whole pixels and ordered by the link, so that the same record gives the same bytes.
#include <algorithm>
#include <map>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fmt/format.h"
#include "report/markup.h"
#include "report/needs.h"
#include "report/text.h"
#include "report/text_parts.h"

namespace cgo_ld_shim::report {
namespace {

constexpr int kMargin = 16, kColumnGap = 72, kRowGap = 18;
constexpr int kLine = 17, kPadding = 10;
constexpr int kLegend = 34;
constexpr size_t kSymbolColumns = 34;
constexpr size_t kMaxTitleSymbols = 12;

// Widths of letters, on the safe side: what a browser takes for its fonts of this size is not known here.
constexpr double kTitleLetter = 8.0, kSmallLetter = 6.7;

struct KindStyle {
  NeedKind kind;
  const char* css;
  const char* legend;
};
constexpr KindStyle kKinds[] = {
    {NeedKind::kProgram, "program", "your program"}, {NeedKind::kGiven, "given", "named by it"},
    {NeedKind::kAdded, "added", "added for you"},    {NeedKind::kToolchain, "toolchain", "in every C program"},
    {NeedKind::kMissing, "missing", "missing"},
};

const KindStyle& StyleOf(NeedKind kind) {
  for (const KindStyle& style : kKinds) {
    if (style.kind == kind) return style;
  }
  return kKinds[1];
}

constexpr char kStyle[] = R"(<style>
.shim-graph{--paper:#fff;--ink:#1f2328;--soft:#59636e;--edge:#818b98;--program:#1f2328;--on-program:#fff;--given:#f6f8fa;--given-line:#818b98;--added:#dbeafe;--added-line:#2563eb;--toolchain:#fff;--toolchain-line:#b7bfc9;--missing:#ffebe9;--missing-line:#cf222e;font-family:system-ui,-apple-system,"Segoe UI",sans-serif}
@media (prefers-color-scheme:dark){.shim-graph{--paper:#0d1117;--ink:#e6edf3;--soft:#9198a1;--edge:#6e7681;--program:#e6edf3;--on-program:#0d1117;--given:#161b22;--given-line:#6e7681;--added:#12283f;--added-line:#4493f8;--toolchain:#0d1117;--toolchain-line:#3d444d;--missing:#31171a;--missing-line:#f85149}}
.shim-graph .paper{fill:var(--paper)}
.shim-graph text{fill:var(--ink);font-size:13px}
.shim-graph .name{font-weight:600}
.shim-graph .soft{fill:var(--soft);font-size:11.5px}
.shim-graph .symbol{fill:var(--soft);font-size:11px;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.shim-graph .box rect{stroke-width:1.2}
.shim-graph .program rect{fill:var(--program);stroke:var(--program)}
.shim-graph .program text{fill:var(--on-program)}
.shim-graph .given rect{fill:var(--given);stroke:var(--given-line)}
.shim-graph .added rect{fill:var(--added);stroke:var(--added-line)}
.shim-graph .toolchain rect{fill:var(--toolchain);stroke:var(--toolchain-line)}
.shim-graph .missing rect{fill:var(--missing);stroke:var(--missing-line);stroke-dasharray:5 3}
.shim-graph .edge{fill:none;stroke:var(--edge);stroke-width:1.3}
.shim-graph .edge.to-added{stroke:var(--added-line)}
.shim-graph .edge.to-missing{stroke:var(--missing-line)}
.shim-graph .tip{fill:var(--edge)}
.shim-graph .tip.to-added{fill:var(--added-line)}
.shim-graph .tip.to-missing{fill:var(--missing-line)}
</style>
)";

constexpr size_t kMostBoxes = 80;

std::string EdgeTitle(const Needs& needs, const NeedEdge& edge) {
  std::vector<std::string> shown(
      edge.symbols.begin(),
      edge.symbols.begin() + static_cast<std::ptrdiff_t>(std::min(edge.symbols.size(), kMaxTitleSymbols)));
  std::string text = absl::StrCat(needs.nodes[edge.from].name, " needs ", absl::StrJoin(shown, ", "));
  if (shown.size() < edge.symbols.size()) absl::StrAppend(&text, " and ", edge.symbols.size() - shown.size(), " more");
  return absl::StrCat(text, " of ", needs.nodes[edge.to].name);
}

class Drawing {
 public:
  explicit Drawing(const LinkRecord& record) : needs_(Condensed(FindNeeds(record), kMostBoxes)) {}

  std::string Draw() {
    ChooseNodes();
    AssignColumns();
    AddBends();
    OrderColumns();
    Place();
    return Write();
  }

 private:
  // A box, or a bend of an arrow that passes a column.
  struct Item {
    int node = -1;  // place in needs_.nodes; -1: a bend
    int column = 0;
    double order = 0;
    int x = 0, y = 0, width = 0, height = 0;
    std::vector<int> left, right;  // neighbours in the columns beside it
    int middle() const { return y + height / 2; }
  };
  struct Route {
    const NeedEdge* edge;
    bool turned;             // it closes a cycle: laid out from its end to its beginning
    std::vector<int> items;  // from left to right
  };

  // Only what an arrow touches is drawn, and the program.
  void ChooseNodes() {
    item_of_.assign(needs_.nodes.size(), -1);
    const auto add = [&](size_t node) {
      if (item_of_[node] >= 0) return;
      item_of_[node] = static_cast<int>(items_.size());
      Item item;
      item.node = static_cast<int>(node);
      items_.push_back(item);
    };
    std::vector<bool> touched(needs_.nodes.size());
    touched[0] = true;
    for (const NeedEdge& edge : needs_.edges) touched[edge.from] = touched[edge.to] = true;
    for (size_t i = 0; i < needs_.nodes.size(); ++i) {
      if (touched[i]) add(i);
    }
  }

  // Depth first: an arrow back to a box that is still open closes a cycle.
  void AssignColumns() {
    enum : char { kNew, kOpen, kDone };
    std::vector<char> state(items_.size(), kNew);
    std::vector<const NeedEdge*> turned;
    std::vector<int> finished;
    struct Frame {
      int item;
      size_t next;
    };
    for (size_t root = 0; root < items_.size(); ++root) {
      if (state[root] != kNew) continue;
      std::vector<Frame> stack = {{static_cast<int>(root), 0}};
      state[root] = kOpen;
      while (!stack.empty()) {
        Frame& frame = stack.back();
        const std::vector<const NeedEdge*> out = EdgesFrom(items_[static_cast<size_t>(frame.item)].node);
        if (frame.next == out.size()) {
          state[static_cast<size_t>(frame.item)] = kDone;
          finished.push_back(frame.item);
          stack.pop_back();
          continue;
        }
        const NeedEdge* edge = out[frame.next++];
        const int to = item_of_[edge->to];
        if (state[static_cast<size_t>(to)] == kOpen) {
          turned.push_back(edge);
        } else if (state[static_cast<size_t>(to)] == kNew) {
          state[static_cast<size_t>(to)] = kOpen;
          stack.push_back({to, 0});
        }
      }
    }
    for (const NeedEdge& edge : needs_.edges) {
      routes_.push_back({&edge, std::find(turned.begin(), turned.end(), &edge) != turned.end(), {}});
    }
    // Reversed, the order in which they were finished is an order in which each stands before what it needs.
    for (auto at = finished.rbegin(); at != finished.rend(); ++at) {
      for (const Route& route : routes_) {
        if (Left(route) != *at) continue;
        int& column = items_[static_cast<size_t>(Right(route))].column;
        column = std::max(column, items_[static_cast<size_t>(*at)].column + 1);
      }
    }
  }

  std::vector<const NeedEdge*> EdgesFrom(int node) const {
    std::vector<const NeedEdge*> out;
    for (const NeedEdge& edge : needs_.edges) {
      if (static_cast<int>(edge.from) == node) out.push_back(&edge);
    }
    return out;
  }
  int Left(const Route& route) const { return item_of_[route.turned ? route.edge->to : route.edge->from]; }
  int Right(const Route& route) const { return item_of_[route.turned ? route.edge->from : route.edge->to]; }

  void AddBends() {
    for (Route& route : routes_) {
      const int left = Left(route), right = Right(route);
      const int last = items_[static_cast<size_t>(right)].column;
      route.items.push_back(left);
      for (int column = items_[static_cast<size_t>(left)].column + 1; column < last; ++column) {
        Item bend;
        bend.column = column;
        route.items.push_back(static_cast<int>(items_.size()));
        items_.push_back(bend);
      }
      route.items.push_back(right);
      for (size_t i = 0; i + 1 < route.items.size(); ++i) {
        items_[static_cast<size_t>(route.items[i])].right.push_back(route.items[i + 1]);
        items_[static_cast<size_t>(route.items[i + 1])].left.push_back(route.items[i]);
      }
    }
    for (const Item& item : items_) columns_.resize(std::max(columns_.size(), static_cast<size_t>(item.column) + 1));
    for (size_t i = 0; i < items_.size(); ++i)
      columns_[static_cast<size_t>(items_[i].column)].push_back(static_cast<int>(i));
  }

  void OrderColumns() {
    Number();
    for (int pass = 0; pass < 8; ++pass) {
      const bool rightwards = pass % 2 == 0;
      for (size_t i = 0; i < columns_.size(); ++i) {
        std::vector<int>& column = columns_[rightwards ? i : columns_.size() - 1 - i];
        std::map<int, double> average;
        for (const int item : column) average[item] = Average(item, rightwards);
        std::stable_sort(column.begin(), column.end(), [&](int a, int b) { return average[a] < average[b]; });
        for (size_t place = 0; place < column.size(); ++place)
          items_[static_cast<size_t>(column[place])].order = static_cast<double>(place);
      }
    }
  }

  void Number() {
    for (const std::vector<int>& column : columns_) {
      for (size_t place = 0; place < column.size(); ++place)
        items_[static_cast<size_t>(column[place])].order = static_cast<double>(place);
    }
  }

  double Average(int item, bool of_left) const {
    const Item& it = items_[static_cast<size_t>(item)];
    const std::vector<int>& neighbours = of_left ? it.left : it.right;
    if (neighbours.empty()) return it.order;
    const double sum = std::accumulate(neighbours.begin(), neighbours.end(), 0.0, [&](double total, int other) {
      return total + items_[static_cast<size_t>(other)].order;
    });
    return sum / static_cast<double>(neighbours.size());
  }

  void Place() {
    for (Item& item : items_) {
      if (item.node < 0) {
        item.height = 6;
        continue;
      }
      const std::vector<BoxLine> lines = Lines(static_cast<size_t>(item.node));
      double width = 0;
      for (const BoxLine& line : lines) {
        const double letter = line.css == std::string("name") ? kTitleLetter : kSmallLetter;
        width = std::max(width, static_cast<double>(Columns(line.text)) * letter);
      }
      item.width = static_cast<int>(width) + 2 * kPadding;
      item.height = static_cast<int>(lines.size()) * kLine + 2 * kPadding - 4;
    }
    int x = kMargin, tallest = 0;
    std::vector<int> heights;
    for (const std::vector<int>& column : columns_) {
      int width = 0, height = -kRowGap;
      for (const int i : column) {
        Item& item = items_[static_cast<size_t>(i)];
        item.x = x;
        width = std::max(width, item.width);
        height += item.height + kRowGap;
      }
      for (const int i : column) {
        Item& item = items_[static_cast<size_t>(i)];
        // Boxes of a column are of one width, so that arrows begin and end on one line.
        item.width = width;
      }
      heights.push_back(height);
      tallest = std::max(tallest, height);
      x += width + kColumnGap;
    }
    width_ = std::max(x - kColumnGap + kMargin, LegendWidth());
    height_ = tallest + 2 * kMargin + kLegend;
    for (size_t c = 0; c < columns_.size(); ++c) {
      int y = kMargin + kLegend + (tallest - heights[c]) / 2;
      for (const int i : columns_[c]) {
        Item& item = items_[static_cast<size_t>(i)];
        item.y = y;
        y += item.height + kRowGap;
      }
    }
  }

  struct BoxLine {
    const char* css;
    std::string text;
  };
  std::vector<BoxLine> Lines(size_t number) const {
    const NeedNode& node = needs_.nodes[number];
    std::vector<BoxLine> lines = {{"name", node.name}};
    std::vector<std::string> facts;
    if (!node.as.empty()) facts.push_back(node.as);
    if (node.members > 0) facts.push_back(Count(node.members, "object", "objects"));
    if (node.bytes > 0) facts.push_back(SizeText(node.bytes));
    if (!facts.empty()) lines.push_back({"soft", absl::StrJoin(facts, " · ")});
    if (node.kind != NeedKind::kProgram) {
      for (const NeedEdge& edge : needs_.edges) {
        if (edge.to != number) continue;
        size_t all = 0;
        for (const NeedEdge& other : needs_.edges) all += other.to == number ? other.symbols.size() : 0;
        std::string text = SymbolText(edge.symbols[0], kSymbolColumns);
        if (all > 1) absl::StrAppend(&text, " +", all - 1);
        lines.push_back({"symbol", text});
        break;
      }
    }
    return lines;
  }

  static int LegendWidth() {
    double width = kMargin;
    for (const KindStyle& style : kKinds) width += 34 + kSmallLetter * static_cast<double>(Columns(style.legend));
    return static_cast<int>(width) + kMargin;
  }

  std::string Write() const {
    std::string text = fmt::format(
        "<svg class=\"shim-graph\" xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
        "style=\"--natural:{0}px\" "
        "viewBox=\"0 0 {0} {1}\" role=\"img\" aria-label=\"What needs what in this link\">\n",
        width_, height_);
    text += kStyle;
    absl::StrAppend(&text, "<rect class=\"paper\" width=\"", width_, "\" height=\"", height_, "\"/>\n");
    WriteLegend(&text);
    for (const Route& route : routes_) WriteRoute(route, &text);
    for (const Item& item : items_) {
      if (item.node >= 0) WriteBox(item, &text);
    }
    return text + "</svg>\n";
  }

  void WriteLegend(std::string* text) const {
    double x = kMargin;
    for (const KindStyle& style : kKinds) {
      const bool shown = std::any_of(items_.begin(), items_.end(), [&](const Item& item) {
        return item.node >= 0 && needs_.nodes[static_cast<size_t>(item.node)].kind == style.kind;
      });
      if (!shown) continue;
      absl::StrAppend(text, fmt::format("<g class=\"box {}\"><rect x=\"{:.0f}\" y=\"{}\" width=\"12\" height=\"12\" "
                                        "rx=\"3\"/></g><text class=\"soft\" x=\"{:.0f}\" y=\"{}\">{}</text>\n",
                                        style.css, x, kMargin, x + 18, kMargin + 10, style.legend));
      x += 34 + kSmallLetter * static_cast<double>(Columns(style.legend));
    }
  }

  // A smooth line through the middle of each bend, with a triangle where it ends.
  void WriteRoute(const Route& route, std::string* text) const {
    const NeedKind kind = needs_.nodes[route.edge->to].kind;
    const char* css = kind == NeedKind::kAdded ? " to-added" : kind == NeedKind::kMissing ? " to-missing" : "";
    constexpr int kTip = 7;
    std::string path;
    int x = 0, y = 0;
    for (size_t i = 0; i < route.items.size(); ++i) {
      const Item& item = items_[static_cast<size_t>(route.items[i])];
      if (i == 0) {
        x = item.x + item.width + (route.turned ? kTip : 0);
        y = item.middle();
        absl::StrAppend(&path, "M", x, " ", y);
        continue;
      }
      const int to_x = item.x - (i + 1 == route.items.size() && !route.turned ? kTip : 0);
      const int half = (to_x - x) / 2;
      absl::StrAppend(&path, " C", x + half, " ", y, " ", to_x - half, " ", item.middle(), " ", to_x, " ",
                      item.middle());
      x = to_x;
      y = item.middle();
      if (item.node < 0) {  // along the width of the column
        x = item.x + item.width;
        absl::StrAppend(&path, " L", x, " ", y);
      }
    }
    const Item& end = items_[static_cast<size_t>(route.turned ? route.items.front() : route.items.back())];
    const int tip_x = route.turned ? end.x + end.width : end.x;
    const int back_x = route.turned ? tip_x + kTip : tip_x - kTip;
    absl::StrAppend(text, "<g><title>", Escape(EdgeTitle(needs_, *route.edge)), "</title><path class=\"edge", css,
                    "\" d=\"", path, "\"/>",
                    fmt::format("<path class=\"tip{}\" d=\"M{} {}L{} {}L{} {}Z\"/></g>\n", css, tip_x, end.middle(),
                                back_x, end.middle() - 4, back_x, end.middle() + 4));
  }

  void WriteBox(const Item& item, std::string* text) const {
    const auto number = static_cast<size_t>(item.node);
    const NeedNode& node = needs_.nodes[number];
    absl::StrAppend(text, fmt::format("<g class=\"box {}\">", StyleOf(node.kind).css));
    if (!node.path.empty()) absl::StrAppend(text, "<title>", Escape(node.path), "</title>");
    absl::StrAppend(text, fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\"/>", item.x, item.y,
                                      item.width, item.height));
    int y = item.y + kPadding + 11;
    for (const BoxLine& line : Lines(number)) {
      absl::StrAppend(text, "<text class=\"", line.css, "\" x=\"", item.x + kPadding, "\" y=\"", y, "\">",
                      Escape(line.text), "</text>");
      y += kLine;
    }
    absl::StrAppend(text, "</g>\n");
  }

  const Needs needs_;
  std::vector<int> item_of_;  // by node
  std::vector<Item> items_;
  std::vector<Route> routes_;
  std::vector<std::vector<int>> columns_;
  int width_ = 0, height_ = 0;
};

}  // namespace

std::string GraphSvg(const LinkRecord& record) { return Drawing(Printable(record)).Draw(); }

}  // namespace cgo_ld_shim::report

// Why a link failed, on one screen and last on it: which symbols, who wants them, where they do exist, and what to do.
//
// Missing symbols come by the dozen and mostly for one reason: one library that was built with an option whose library
// is not there. So symbols that the same file wants for the same reason are one block, named by what they have in
// common.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "report/text.h"
#include "report/text_parts.h"
#include "support/file.h"
#include "support/path_parts.h"

namespace cgo_ld_shim::report {
namespace {

using diagnose::CauseRow;
using diagnose::RowOf;
using diagnose::Searched;
using diagnose::Telling;

// Where the lines under a symbol begin, and the text after their labels.
constexpr size_t kDetail = 6;
constexpr size_t kDetailText = 18;
// One screen: a terminal's 24 lines, of which one names the file with the linker's own words.
constexpr size_t kMostLines = 23;
// How much of a failure is shown. Where that does not fit on the screen, the next row is tried.
struct Limits {
  size_t blocks = SIZE_MAX;    // symbols of one reason, wanted by one file
  size_t subjects = SIZE_MAX;  // lines of symbols in each
  size_t candidates = 3;
  size_t ways = SIZE_MAX;   // out
  size_t notes = SIZE_MAX;  // lines of them, where there is nothing else
};
constexpr Limits kLimits[] = {
    {5, 5, 3, 8, 14}, {5, 3, 2, 5, 12}, {4, 2, 1, 4, 10}, {3, 2, 1, 3, 8},
    {3, 1, 0, 3, 6},  {2, 1, 0, 3, 5},  {1, 1, 0, 3, 4},  {1, 1, 0, 2, 4},
};
// More findings than this of one cause are told as one.
constexpr size_t kMostOfACause = 5;
// Causes in the heading.
constexpr size_t kMostCauses = 4;
// Names in the line that tells of what is not shown.
constexpr size_t kMostNamed = 8;
// An action of a way out that is longer has its meaning on a line of its own.
constexpr size_t kMostBeside = 28;

// Below a heading that counts them.
bool IsList(Telling telling) { return telling == Telling::kCannot || telling == Telling::kTwice; }

// Symbols of one reason, wanted by one file.
struct Block {
  std::vector<const MissingRecord*> missing;
  const MissingRecord& first() const { return *missing[0]; }
};

std::vector<Block> GroupMissing(const std::vector<MissingRecord>& all) {
  std::vector<Block> blocks;
  std::map<std::vector<std::string>, size_t> by_reason;
  for (const MissingRecord& missing : all) {
    // Of the program's own code the package says more than the object, of which it may have a dozen; where a person can
    // see it in a line of its own, each is one of its own.
    const bool own = missing.from_program && !missing.package.empty() && !missing.shared_library.empty();
    const std::string file = own || missing.wanted_by.empty() ? "" : UnitFile(missing.wanted_by[0]);
    const auto [at, fresh] =
        by_reason.try_emplace({missing.cause.text(), file, missing.shared_library, missing.named_by, missing.package,
                               missing.on_behalf_of, missing.hint},
                              blocks.size());
    if (fresh) blocks.emplace_back();
    blocks[at->second].missing.push_back(&missing);
  }
  return blocks;
}

std::string NameOf(const MissingRecord& missing) {
  return missing.demangled.empty() ? missing.symbol : missing.demangled;
}

// What names of one family begin with: "gss_" for gss_init_sec_context, "snappy::" for snappy::RawCompress(…). The
// whole name when it has no such part.
std::string Family(const std::string& name) {
  const size_t first = name.find_first_not_of('_');
  if (first == std::string::npos) return name;
  const size_t end = name.find_first_of("_:(<", first);
  if (end == std::string::npos) return name;
  if (name[end] == '_') return name.substr(0, end + 1);
  if (absl::StartsWith(absl::string_view(name).substr(end), "::")) return name.substr(0, end + 2);
  return name;
}

// "gss_init_sec_context  (and 10 more gss_*)", one line a family, in order of appearance.
std::vector<std::string> Subjects(const Block& block, size_t columns) {
  std::vector<std::string> families;
  std::map<std::string, std::vector<std::string>> names;
  for (const MissingRecord* missing : block.missing) {
    const std::string name = NameOf(*missing);
    std::vector<std::string>& family = names[Family(name)];
    if (family.empty()) families.push_back(Family(name));
    family.push_back(name);
  }
  std::vector<std::string> subjects;
  for (const std::string& family : families) {
    const std::vector<std::string>& of_family = names[family];
    std::string subject = SymbolText(of_family[0], columns);
    if (of_family.size() > 1) absl::StrAppend(&subject, "  (and ", of_family.size() - 1, " more ", family, "*)");
    subjects.push_back(std::move(subject));
  }
  return subjects;
}

class Failure {
 public:
  Failure(const LinkRecord& record, const TextOptions& options, absl::string_view prefix, const Limits& limits,
          Page* page)
      : record_(record),
        options_(options),
        prefix_(prefix),
        limits_(limits),
        full_(limits.blocks == SIZE_MAX),
        page_(*page),
        blocks_(GroupMissing(record.missing)) {}

  void Add() {
    const auto all = [&](Telling telling) {
      return !blocks_.empty() && std::all_of(blocks_.begin(), blocks_.end(), [&](const Block& block) {
        return RowOf(block.first().cause).telling == telling;
      });
    };
    if (all(Telling::kUndefined)) {
      AddUndefined();
    } else if (all(Telling::kWrongLibc)) {
      AddWrongLibc();
    } else {
      AddCannot();
    }
    AddWaysOut();
  }

 private:
  size_t ShownBlocks() const {
    if (full_) return blocks_.size();
    const bool one_cause = std::all_of(blocks_.begin(), blocks_.end(), [&](const Block& block) {
      return block.first().cause == blocks_[0].first().cause;
    });
    const size_t most = one_cause && blocks_.size() > kMostOfACause ? 1 : blocks_.size();
    return std::min(most, limits_.blocks);
  }

  void AddMoreBlocks() {
    std::vector<std::string> names;
    bool wanted = false;
    for (size_t i = ShownBlocks(); i < blocks_.size(); ++i) {
      for (const MissingRecord* missing : blocks_[i].missing) {
        names.push_back(NameOf(*missing));
        wanted |= !missing->from_program && !missing->wanted_by.empty();
      }
    }
    if (names.empty()) return;
    std::string text = absl::StrCat("… and ", names.size(), " more");
    if (wanted) {
      absl::StrAppend(&text, ", wanted by ", Count(blocks_.size() - ShownBlocks(), "other file", "other files"));
    } else {
      for (std::string& name : names) name = SymbolText(name, page_.width() / 2);
      const size_t named = std::min(names.size(), kMostNamed);
      absl::StrAppend(&text, ": ",
                      absl::StrJoin(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(named), ", "),
                      named < names.size() ? ", …" : "");
    }
    page_.Paragraph(2, text);
  }

  void AddCannot() {
    std::string heading = absl::StrCat(prefix_, "cannot link ", ProgramName(record_, options_),
                                       // A full disk or a killed linker has nothing to do with it.
                                       IsStaticMode(record_) && !blocks_.empty() ? " statically" : "");
    // In the table's order, so that two runs say the same.
    std::vector<std::pair<const CauseRow*, std::set<std::string>>> counts;
    for (const Block& block : blocks_) {
      const CauseRow* row = &RowOf(block.first().cause);
      auto at = std::find_if(counts.begin(), counts.end(), [&](const auto& count) { return count.first == row; });
      if (at == counts.end()) at = counts.insert(counts.end(), {row, {}});
      // What three files define is one symbol still, in two findings.
      for (const MissingRecord* missing : block.missing) at->second.insert(missing->symbol);
    }
    std::vector<std::string> causes;
    causes.reserve(counts.size());
    size_t others = 0;
    for (const auto& [row, subjects] : counts) {
      if (causes.size() < kMostCauses || full_) {
        causes.push_back(Count(subjects.size(), row->one, row->many));
      } else {
        others += subjects.size();
      }
    }
    if (others > 0) causes.push_back(Count(others, "finding of another cause", "findings of other causes"));
    if (causes.empty() && record_.exit_status != 0 && record_.notes.empty()) {
      causes.push_back(absl::StrCat("the linker ended with status ", record_.exit_status));
    }
    if (!causes.empty()) absl::StrAppend(&heading, ": ", absl::StrJoin(causes, ", "));
    page_.Heading(heading);
    if (blocks_.empty()) {
      size_t lines = 0;
      for (const std::string& note : record_.notes) {
        for (absl::string_view line : absl::StrSplit(note, '\n')) {
          if (lines++ < limits_.notes) page_.Paragraph(kDetail, line);
        }
      }
      if (lines > limits_.notes)
        page_.Line(absl::StrCat("      … and ", Count(lines - limits_.notes, "more line", "more lines")));
      return;
    }
    page_.Blank();
    bool searched = false;
    for (size_t i = 0; i < ShownBlocks(); ++i) {
      const CauseRow& row = RowOf(blocks_[i].first().cause);
      AddSubjects(blocks_[i], 2, "");
      AddDetails(blocks_[i]);
      if (row.searched == Searched::kSaid && !searched) {
        AddSearched();
        searched = true;
      }
    }
    AddMoreBlocks();
  }

  void AddUndefined() {
    for (size_t i = 0; i < ShownBlocks(); ++i) {
      AddSubjects(blocks_[i], 0, absl::StrCat(prefix_, "undefined: "));
      AddDetails(blocks_[i]);
    }
    AddMoreBlocks();
  }

  void AddWrongLibc() {
    const bool musl = record_.libc.IsMusl();
    // One heading a library, whatever reasons its symbols have.
    std::string last;
    for (size_t i = 0; i < ShownBlocks(); ++i) {
      const MissingRecord& first = blocks_[i].first();
      const std::string unit = first.wanted_by.empty() ? first.named_by : first.wanted_by[0];
      const std::string library = UnitName(UnitFile(unit));
      if (library != last) {
        page_.Heading(absl::StrCat(prefix_, library, " was built for ",
                                   musl ? target::FamilyName(target::LibcFamily::kGlibc) : "another C library",
                                   ", and this program links ",
                                   record_.libc ? record_.libc.ToString() : "a different one"));
      }
      last = library;
      absl::string_view hint = first.hint;
      // "it uses regexec, whose data layout differs in musl" says all.
      if (absl::ConsumePrefix(&hint, "it uses ")) {
        page_.Paragraph(kDetail, absl::StrCat(UnitName(unit), " uses ", hint));
      } else {
        page_.Paragraph(kDetail, absl::StrCat(UnitName(unit), " uses ",
                                              ListText(Subjects(blocks_[i], page_.width() / 2), ", ", kMostNamed)));
        if (!hint.empty()) page_.Paragraph(kDetail, hint);
      }
      for (const std::string& candidate : first.candidates) page_.Paragraph(kDetail, candidate);
    }
    AddMoreBlocks();
  }

  void AddSubjects(const Block& block, size_t indent, absl::string_view before) {
    const std::vector<std::string> subjects = Subjects(block, page_.width() - 30);
    const size_t shown = std::min(subjects.size(), limits_.subjects);
    for (size_t i = 0; i < shown; ++i) page_.Subject(indent, absl::StrCat(before, subjects[i]));
    if (shown < subjects.size())
      page_.Line(absl::StrCat(std::string(indent, ' '), "… and ", subjects.size() - shown, " more"));
  }

  void AddDetails(const Block& block) {
    const MissingRecord& first = block.first();
    if (RowOf(first.cause).telling == Telling::kTwice) {
      for (size_t i = 0; i < first.wanted_by.size(); ++i) {
        std::string where = PlaceText(first, i);
        // Go's own part of the program, and objects of the program without debug information, have no better name.
        if (where.empty()) where = first.from_program ? OwnObject(first.wanted_by[i]) : first.wanted_by[i];
        // One line of a preamble or header, compiled twice.
        if (i > 0 && where == PlaceText(first, 0)) break;
        Detail(i == 0 ? "defined in" : "and in", where);
      }
      if (!first.hint.empty()) page_.Paragraph(kDetail, first.hint);
      return;
    }
    if (!first.wanted_by.empty()) {
      Detail("wanted by", WantedBy(block));
    } else if (!first.package.empty()) {
      Detail("named by", absl::StrCat("your package ", PackageText(first)));
    }
    if (!first.shared_library.empty()) {
      std::string text = first.shared_library;
      if (!first.owner_package.empty()) {
        absl::StrAppend(&text, " (package ", first.owner_package,
                        !first.archive_beside   ? ")"
                        : *first.archive_beside ? "; its .a does not define it)"
                                                : " has no .a)");
      }
      if (first.data) absl::StrAppend(&text, ", as data, for which no stub can stand");
      Detail("found only", text);
    }
    for (size_t i = 0; i < first.candidates.size() && i < limits_.candidates; ++i)
      Detail(i == 0 ? "not taken" : "", first.candidates[i]);
    // "found only" has said it.
    if (!first.hint.empty() && first.shared_library.empty()) page_.Paragraph(kDetail, first.hint);
  }

  // "main.go:5", "internal/c/size.cc:1"; empty where it is not known.
  std::string PlaceText(const MissingRecord& missing, size_t i) const {
    if (i >= missing.places.size() || missing.places[i].file.empty()) return "";
    const symbols::Place& place = missing.places[i];
    absl::string_view file = place.file;
    // Below the module cache a path says module and version; below the directory of the link it needs no more.
    constexpr absl::string_view kModules = "/pkg/mod/";
    if (const size_t at = file.find(kModules); at != absl::string_view::npos) {
      file.remove_prefix(at + kModules.size());
    } else if (record_.cwd.size() > 1 && absl::StartsWith(file, absl::StrCat(record_.cwd, "/"))) {
      file.remove_prefix(record_.cwd.size() + 1);
    }
    return place.line == 0 ? std::string(file) : absl::StrCat(file, ":", place.line);
  }

  static std::string OwnObject(const std::string& path) {
    return support::BaseName(path) == "go.o" ? "go.o, which is Go's own part of the program" : support::BaseName(path);
  }

  // "main.go:5, in hi", "C.frob, which main.go:3 declares"
  std::string UseText(const MissingRecord& missing) const {
    const std::string place = PlaceText(missing, 0);
    const std::string function = missing.places.empty() ? "" : missing.places[0].function;
    if (absl::StartsWith(function, "C."))
      return place.empty() ? absl::StrCat("the call of ", function)
                           : absl::StrCat("the call of ", function, ", which ", place, " declares");
    if (place.empty() || function.empty()) return place;
    return absl::StrCat(place, ", in ", function);
  }

  void Detail(absl::string_view label, absl::string_view text) { page_.Labelled(kDetail, label, kDetailText, text); }

  // The object files of the program call its own package "main", whatever its import path is.
  std::string PackageText(const MissingRecord& missing) const {
    return missing.package == "main" && !record_.package.empty() ? record_.package : missing.package;
  }

  // "libzmq.a(gssapi_mechanism_base.o), which your package github.com/pebbe/zmq4 names with -lzmq"
  std::string WantedBy(const Block& block) const {
    const MissingRecord& first = block.first();
    std::vector<std::string> units;
    for (const MissingRecord* missing : block.missing) {
      for (const std::string& unit : missing->wanted_by) {
        const std::string name = UnitName(unit);
        if (std::find(units.begin(), units.end(), name) == units.end()) units.push_back(name);
      }
    }
    const size_t shown = std::min(units.size(), full_ ? kMostNamed : 1);
    std::string text = absl::StrJoin(units.begin(), units.begin() + static_cast<std::ptrdiff_t>(shown), ", ");
    if (shown < units.size()) absl::StrAppend(&text, " and ", units.size() - shown, " more");
    if (first.from_program) {
      // The objects of a program have numbers for names.
      if (const std::string use = UseText(first); !use.empty()) text = use;
      return first.package.empty() ? absl::StrCat(text, " (your program)")
                                   : absl::StrCat(text, " (package ", PackageText(first), ")");
    }
    if (!first.on_behalf_of.empty()) absl::StrAppend(&text, ", for ", UnitName(first.on_behalf_of));
    if (!first.package.empty() && !first.named_by.empty()) {
      absl::StrAppend(&text, ", which your package ", PackageText(first), " names with ", first.named_by);
      if (IsVariant(first.wanted_by[0])) absl::StrAppend(&text, " (it took that one's place)");
    } else if (!first.package.empty()) {
      absl::StrAppend(&text, ", which your package ", PackageText(first), " uses");
    } else if (!first.named_by.empty()) {
      absl::StrAppend(&text, ", named with ", first.named_by);
    }
    return text;
  }

  // Whether the archive of a unit is none that the user has named, but a neighbour of it.
  bool IsVariant(const std::string& unit) const {
    const std::string file = UnitFile(unit);
    return std::any_of(record_.edits.begin(), record_.edits.end(), [&](const rules::Edit& edit) {
      return edit.rule == rules::RuleId::kUseVariant &&
             std::find(edit.after.begin(), edit.after.end(), file) != edit.after.end();
    });
  }

  // "2 directories of your -L flags, 3 of gcc: 431 archives"
  void AddSearched() {
    std::vector<std::string> of_user;
    for (size_t i = 0; i < record_.argv.size(); ++i) {
      absl::string_view word = record_.argv[i];
      if (!absl::ConsumePrefix(&word, "-L")) continue;
      if (word.empty() && i + 1 < record_.argv.size()) word = record_.argv[++i];
      of_user.push_back(support::Absolute(word, record_.cwd));
    }
    size_t user = 0, others = 0, archives = 0;
    for (const std::string& place : record_.searched) {
      if (absl::EndsWith(place, ".a")) {
        ++archives;
      } else if (std::find(of_user.begin(), of_user.end(), support::Absolute(place, record_.cwd)) != of_user.end()) {
        ++user;
      } else {
        ++others;
      }
    }
    std::vector<std::string> parts;
    if (user > 0) parts.push_back(absl::StrCat(Count(user, "directory", "directories"), " of your -L flags"));
    if (others > 0)
      parts.push_back(absl::StrCat(user > 0 ? absl::StrCat(others) : Count(others, "directory", "directories"), " of ",
                                   DriverName(record_)));
    std::string text = absl::StrJoin(parts, ", ");
    if (archives > 0) absl::StrAppend(&text, text.empty() ? "" : ": ", Count(archives, "archive", "archives"));
    if (!text.empty()) Detail("looked in", text);
  }

  void AddWaysOut() {
    if (record_.ways_out.empty()) return;
    if (!blocks_.empty() && IsList(RowOf(blocks_[0].first().cause).telling)) page_.Blank();
    page_.Title("  what you can do");
    // Beside the action where all of them are short, otherwise below it.
    size_t longest = 0;
    for (const diagnose::WayOut& way : record_.ways_out) {
      if (!way.meaning.empty()) longest = std::max(longest, Columns(way.action));
    }
    const bool beside = longest <= kMostBeside;
    const size_t shown = std::min(record_.ways_out.size(), limits_.ways);
    for (size_t i = 0; i < shown; ++i) {
      const diagnose::WayOut& way = record_.ways_out[i];
      if (beside && !way.meaning.empty()) {
        page_.Labelled(4, way.action, 4 + longest + 2, way.meaning);
        continue;
      }
      page_.Paragraph(4, way.action);
      if (!way.meaning.empty()) page_.Paragraph(kDetailText, way.meaning);
    }
    if (shown < record_.ways_out.size())
      page_.Line(absl::StrCat("    … and ", Count(record_.ways_out.size() - shown, "other way", "other ways")));
  }

  const LinkRecord& record_;
  const TextOptions& options_;
  const absl::string_view prefix_;
  const Limits& limits_;
  const bool full_;
  Page& page_;
  const std::vector<Block> blocks_;
};

}  // namespace

void AddFailure(const LinkRecord& printable, const TextOptions& options, absl::string_view prefix, Page* page) {
  static constexpr Limits kAll;
  Failure(printable, options, prefix, kAll, page).Add();
}

std::string FailureText(const LinkRecord& record, const TextOptions& options) {
  const LinkRecord printable = Printable(record);
  std::string text;
  for (const Limits& limits : kLimits) {
    Page page(options);
    Failure(printable, options, "cgo-ld-shim: ", limits, &page).Add();
    page.Blank();
    page.Line(absl::StrCat("  details: cgo-ld-shim explain ", NameForExplain(printable)));
    text = page.Take();
    if (static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) <= kMostLines) break;
  }
  return text;
}

}  // namespace cgo_ld_shim::report

#include "diagnose/duplicates.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "diagnose/go_packages.h"
#include "diagnose/versions.h"
#include "diagnose/ways_out.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"
#include "search/library_files.h"
#include "support/path_parts.h"

namespace cgo_ld_shim::diagnose {
namespace {

using resolve::Simulation;
using resolve::Unit;

// cmd/cgo's _cgo_export.c, which has the preambles of all files with //export: each of those functions calls its Go
// side.
bool HoldsExports(const symbols::Object& object) {
  return std::any_of(object.references.begin(), object.references.end(),
                     [](const symbols::Reference& reference) { return absl::StartsWith(reference.name, "_cgoexp_"); });
}

// An archive of -buildmode=c-archive: it has a Go runtime of its own (runtime/asm_*.s).
bool IsGoProgram(const symbols::InputFile& file) {
  return file.archive != nullptr && !file.archive->Defining("_cgo_topofstack").empty();
}

// What two files define both, in order of appearance; the units are those of the first symbol.
struct Pair {
  int first = 0, second = 0;
  std::vector<std::string> symbols;
};

class Explainer {
 public:
  Explainer(const plan::LinkPlan& plan, const resolve::Resolution& resolution, const support::Settings& settings,
            Written* written, Diagnosis* diagnosis)
      : plan_(plan),
        link_(*resolution.simulation),
        settings_(settings),
        written_(*written),
        diagnosis_(*diagnosis),
        cgo_(plan) {}

  void Run() {
    std::vector<Pair> pairs;
    std::map<std::pair<std::string, std::string>, size_t> known;
    for (const resolve::Duplicate& duplicate : link_.duplicates()) {
      const auto [it, fresh] =
          known.try_emplace({At(duplicate.first).file->path, At(duplicate.second).file->path}, pairs.size());
      if (fresh) pairs.push_back({duplicate.first, duplicate.second, {}});
      pairs[it->second].symbols.emplace_back(duplicate.symbol);
    }
    for (const Pair& pair : pairs) Explain(pair);
    OfferForAll();
  }

 private:
  const Unit& At(int unit) const { return link_.units()[static_cast<size_t>(unit)]; }

  void Explain(const Pair& pair) {
    const Unit &first = At(pair.first), &second = At(pair.second);
    if (const Unit* go = IsGoProgram(*second.file) ? &second : IsGoProgram(*first.file) ? &first : nullptr)
      return ExplainGoProgram(go->file->path);
    Finding finding{.symbol = pair.symbols[0],
                    .demangled = symbols::Demangle(pair.symbols[0]),
                    .wanted_by = {link_.UnitName(pair.first), link_.UnitName(pair.second)},
                    .cause = CauseId::kDuplicate};
    const size_t more = pair.symbols.size() - 1;
    if (more > 0) finding.hint = absl::StrCat("both define ", more, " more ", more == 1 ? "symbol" : "symbols");
    if (const Versions versions = CompareVersions(BytesOf(first), BytesOf(second)); versions.first != versions.second) {
      absl::StrAppend(&finding.hint, finding.hint.empty() ? "" : "; ", "of different versions, ", versions.first,
                      " and ", versions.second);
    }
    if (first.member < 0 && second.member < 0) ExplainTwice(first, second, &finding);
    if (second.member >= 0 && !second.extracted_for.empty()) {
      absl::StrAppend(&finding.hint, finding.hint.empty() ? "" : "; ", "the second is in the link for ",
                      symbols::Demangle(second.extracted_for),
                      second.extracted_by >= 0 ? absl::StrCat(", which ", Who(second.extracted_by), " needs") : "",
                      " and nothing else defines");
      Offer(pair);
    }
    diagnosis_.findings.push_back(std::move(finding));
  }

  // Who outside two archives uses a name of both: all get the first one's, whoever they meant.
  struct Outside {
    std::vector<std::string> names;  // each once
    size_t users = 0;                // objects
    bool second_meant = false;       // by one of them at least, which uses what only the second archive has as well
  };
  Outside UsedOutside(const Pair& pair) const {
    const symbols::InputFile &first = *At(pair.first).file, &second = *At(pair.second).file;
    const std::set<std::string> both(pair.symbols.begin(), pair.symbols.end());
    Outside outside;
    for (const Unit& unit : link_.units()) {
      if (unit.file->path == first.path || unit.file->path == second.path) continue;
      bool uses_both = false, uses_second = false;
      for (const symbols::Reference& reference : unit.object->references) {
        std::string name(reference.name);
        if (both.contains(name)) {
          uses_both = true;
          search::AddOnce(name, &outside.names);
        } else if (second.archive != nullptr && !second.archive->Defining(reference.name).empty()) {
          uses_second |= first.archive == nullptr || first.archive->Defining(reference.name).empty();
        }
      }
      outside.users += uses_both;
      outside.second_meant |= uses_both && uses_second;
    }
    return outside;
  }

  void Offer(const Pair& pair) {
    const std::string path = link_.FileName(pair.second);
    const std::string name = support::BaseName(path), first = support::BaseName(link_.FileName(pair.first));
    const Outside outside = UsedOutside(pair);
    const bool two_archives = At(pair.first).member >= 0;
    if (two_archives && outside.users > 1 && outside.second_meant) return OfferNewNames(pair, outside.names[0]);
    builds_.push_back(absl::StrCat(name, " without its copy of what ", first, " has"));
    if (!two_archives) return;
    search::AddOnce(name, &isolated_);
    if (!outside.names.empty()) {
      calls_.push_back(
          absl::StrCat(symbols::Demangle(outside.names[0]), ", which your program calls, is ", first, "'s"));
    }
  }

  // Each user may mean another one's, and no linker can tell.
  void OfferNewNames(const Pair& pair, const std::string& used) {
    const std::string path = link_.FileName(pair.second);
    // What a C program can write.
    std::string prefix = search::LibraryName(path);
    for (char& c : prefix) {
      if (!absl::ascii_isalnum(static_cast<unsigned char>(c))) c = '_';
    }
    const bool in_file = pair.symbols.size() > 3;
    std::string renames = " --redefine-syms=FILE";
    if (!in_file) {
      renames.clear();
      for (const std::string& symbol : pair.symbols)
        absl::StrAppend(&renames, " --redefine-sym ", symbol, "=", prefix, "_", symbol);
    }
    diagnosis_.ways_out.push_back(
        {absl::StrCat("objcopy", renames, " ", path),
         absl::StrCat("then call it by the new name: both libraries are used by ", used,
                      ", and no linker can tell whose is meant",
                      in_file ? absl::StrCat("; FILE has a line NAME ", prefix, "_NAME for each of ",
                                             pair.symbols.size(), " symbols")
                              : "")});
    ++parts_;
  }

  // One way for all clashes of archives: what ends one of them alone does not make the program link.
  void OfferForAll() {
    if (!isolated_.empty()) {
      std::vector<std::string> names = settings_.isolate;
      for (const std::string& name : isolated_) search::AddOnce(name, &names);
      std::string meaning =
          absl::StrCat(absl::StrJoin(isolated_, ", "),
                       isolated_.size() == 1 ? " keeps a copy of its own, with its own state and locks"
                                             : " keep copies of their own, each with its own state and locks");
      for (const std::string& call : calls_) absl::StrAppend(&meaning, "; ", call);
      diagnosis_.ways_out.push_back(SettingWay("CGO_LD_SHIM_ISOLATE", absl::StrJoin(names, ","), std::move(meaning)));
    }
    if (!builds_.empty()) {
      diagnosis_.ways_out.push_back(BuildWay(absl::StrCat("build ", absl::StrJoin(builds_, ", and ")), {.once = true}));
      ++parts_;
    }
    if (parts_ < 2) return;
    for (WayOut& way : diagnosis_.ways_out) {
      if (way.change && way.change->once) way.change.reset();
    }
  }

  void ExplainGoProgram(const std::string& path) {
    const std::string name = support::BaseName(path);
    if (!go_programs_.insert(path).second) return;
    ++parts_;
    diagnosis_.findings.push_back({.symbol = path,
                                   .demangled = name,
                                   .cause = CauseId::kGoArchive,
                                   .hint = "it was built with -buildmode=c-archive and has a Go runtime of its own, of "
                                           "which a program can have only one"});
    diagnosis_.ways_out.push_back({absl::StrCat("import the Go package that ", name, " was made from"),
                                   "in place of linking it; calls between the two need no C then"});
  }

  // An object of the program has a name for this link alone.
  std::string Who(int unit) const {
    return link_.units()[static_cast<size_t>(unit)].member < 0 ? "your program"
                                                               : support::BaseName(link_.UnitName(unit));
  }

  // Compiled by this build, and not named in LDFLAGS: it lies beside Go's own object.
  bool IsOfGo(const Unit& unit) const {
    return support::DirectoryName(unit.file->path) == support::DirectoryName(plan_.GoObject());
  }

  // "a/../h.h" is "h.h".
  static std::string Tidy(const std::string& path) {
    llvm::SmallString<256> tidy(path);
    llvm::sys::path::remove_dots(tidy, /*remove_dot_dot=*/true);
    return tidy.str().str();
  }

  // Two objects of the program itself define the same symbol.
  void ExplainTwice(const Unit& first, const Unit& second, Finding* finding) {
    finding->from_program = true;
    for (const Unit* unit : {&first, &second}) {
      const bool go = unit->file->path == plan_.GoObject();
      finding->places.push_back(go ? symbols::Place() : written_.Definition(unit->file->path, finding->symbol));
      if (finding->package.empty()) finding->package = cgo_.Of(*unit->object);
    }
    const symbols::Place a = finding->places[0], b = finding->places[1];
    ForgetUnknown(&finding->places);
    const bool same_source = !a.file.empty() && Tidy(a.file) == Tidy(b.file) && a.line == b.line;
    if (HoldsExports(*first.object) != HoldsExports(*second.object)) {
      // cmd/cgo: "Using //export in a file places a restriction on the preamble: since it is copied into two different
      // C output files, it must not contain any definitions, only declarations."
      const std::string name = a.file.empty() ? "the Go file with //export" : support::BaseName(a.file);
      ++parts_;
      finding->cause = CauseId::kExportPreamble;
      finding->hint = absl::StrCat("a preamble in a file with //export is compiled twice, and this one defines ",
                                   finding->demangled);
      diagnosis_.ways_out.push_back(
          StepWay(absl::StrCat("declare it `static inline` in ", name,
                               ", or move its definition into a .c file or into a Go file without //export"),
                  {.once = true}));
    } else if (finding->symbol == "main" &&
               (first.file->path == plan_.GoObject() || second.file->path == plan_.GoObject())) {
      const symbols::Place& place = first.file->path == plan_.GoObject() ? b : a;
      ++parts_;
      finding->cause = CauseId::kMainTwice;
      finding->hint = "a Go program has a C function main of its own, which starts Go";
      const std::string name = place.file.empty() ? "the C file" : support::BaseName(place.file);
      diagnosis_.ways_out.push_back(
          StepWay(absl::StrCat("rename main in ", name, ", or keep that file out of the package: //go:build ignore"),
                  {.once = true}));
    } else if (same_source && IsOfGo(first) && IsOfGo(second)) {
      const std::string name = support::BaseName(a.file);
      ++parts_;
      absl::StrAppend(&finding->hint, finding->hint.empty() ? "" : "; ", "each preamble or C file that includes ", name,
                      " compiles it once more");
      diagnosis_.ways_out.push_back(
          StepWay(absl::StrCat("declare it `static inline` in ", name, ", or move its definition into a .c file"),
                  {.once = true}));
    } else if (same_source) {
      // Two objects of the user's: their names say more than the one source.
      finding->places.clear();
      ++parts_;
      absl::StrAppend(&finding->hint, finding->hint.empty() ? "" : "; ", "both are compiled from ",
                      support::BaseName(a.file));
      diagnosis_.ways_out.push_back(StepWay(absl::StrCat("name only one of ", support::BaseName(first.file->path),
                                                         " and ", support::BaseName(second.file->path)),
                                            {.once = true}));
    }
  }

  const plan::LinkPlan& plan_;
  const Simulation& link_;
  const support::Settings& settings_;
  Written& written_;
  Diagnosis& diagnosis_;
  CgoPackages cgo_;
  std::set<std::string> go_programs_;
  std::vector<std::string> isolated_;  // archives that would keep a copy of their own
  std::vector<std::string> builds_;    // "libg.a without its copy of what libf.a has"
  std::vector<std::string> calls_;     // "parse, which your program calls, is libf.a's"
  int parts_ = 0;                      // things to be done, of which each is not enough alone
};

}  // namespace

void ExplainDuplicates(const plan::LinkPlan& plan, const resolve::Resolution& resolution,
                       const support::Settings& settings, Written* written, Diagnosis* diagnosis) {
  if (resolution.simulation == nullptr) return;
  Explainer(plan, resolution, settings, written, diagnosis).Run();
}

}  // namespace cgo_ld_shim::diagnose

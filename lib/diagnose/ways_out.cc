#include "diagnose/ways_out.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "packages/contents.h"
#include "resolve/candidates.h"
#include "resolve/reach.h"
#include "support/path_parts.h"

namespace cgo_ld_shim::diagnose {
namespace {

constexpr char kNoSuchBuild[] = "not tried: there is no such build here";

// What a compiler calls where it is told to check for undefined behaviour, as zig cc is by default.
constexpr char kChecks[] = "__ubsan_handle_";

// "libcurl.a" for "/x/libcurl.a(krb5.o)".
std::string ArchiveOf(const std::string& unit) { return unit.substr(0, unit.find('(')); }

// "lib" before each name.
std::string LibraryNames(const std::set<std::string>& names) {
  return absl::StrJoin(names, ", ",
                       [](std::string* out, const std::string& name) { absl::StrAppend(out, "lib", name); });
}

class Proposals {
 public:
  Proposals(const std::vector<Finding>& findings, const resolve::Resolution& resolution,
            const support::Settings& settings, const std::vector<std::string>& forgotten,
            const std::set<std::string>& absent)
      : findings_(findings), resolution_(resolution), settings_(settings), forgotten_(forgotten), absent_(absent) {}

  std::vector<WayOut> Run() {
    for (const Finding& finding : findings_) Sort(finding);
    if (!absent_.empty()) Install(absent_, packages::FileKind::kPrivateArchive);
    if (!libraries_.empty()) {
      built_.merge(Install(installed_));
      // What the program itself calls, it will call.
      if (called_.empty()) Stubs();
      ways_.push_back(SettingWay("CGO_LD_SHIM_STATIC", "prefer", ""));
      Builds();
      if (!called_.empty()) Stubs();
    }
    if (!incomplete_.empty()) {
      ways_.push_back(BuildWay(
          absl::StrCat("find a complete build of ", absl::StrJoin(incomplete_, ", "),
                       ", or the archives that complete it, and put their directory first with -L in CGO_LDFLAGS"),
          {.assume = only_shared_}));
    }
    if (no_stdlib_) {
      for (const char* option : {"-nostdlib", "-nodefaultlibs", "-nolibc"})
        ways_.push_back(DropWay({option}, "it may stand in #cgo LDFLAGS, CGO_LDFLAGS or -extldflags"));
    }
    for (const std::string& file : unfit_) {
      ways_.push_back({absl::StrCat("get a build of ", support::BaseName(file), " for the program's processor",
                                    absl::EndsWith(file, ".a") ? ", and put its directory first with -L" : "")});
    }
    for (const auto& [file, symbols] : checked_)
      ways_.push_back(StepWay(absl::StrCat("compile ", support::BaseName(file), " with -O2 -fno-sanitize=undefined"),
                              {.assume = symbols}));
    if (wrong_libc_ || cxx_abi_ || runtime_missing_) ways_.push_back(LibcWay(target::LibcFamily::kGlibc));
    if (wrong_libc_) {
      ways_.push_back({"get a build of the library for musl from its author, or build it with zig cc", kNoSuchBuild});
    }
    if (too_new_ || cxx_abi_) ways_.push_back(LibcWay(target::LibcFamily::kMusl));
    if (!forgotten_.empty()) {
      ways_.push_back(
          StepWay("define it in a .c file of the package, or add its library to #cgo LDFLAGS", {.assume = forgotten_}));
    }
    return std::move(ways_);
  }

 private:
  void Sort(const Finding& finding) {
    wrong_libc_ |= finding.cause == CauseId::kWrongLibc;
    no_stdlib_ |= finding.cause == CauseId::kNoStdlib;
    cxx_abi_ |= finding.cause == CauseId::kCxxAbi;
    runtime_missing_ |= finding.cause == CauseId::kRuntimeMissing;
    too_new_ |= finding.cause == CauseId::kArchiveTooNew;
    if (!finding.unfit.empty()) unfit_.insert(finding.unfit);
    if (absl::StartsWith(finding.symbol, kChecks) && !finding.from_program && !finding.wanted_by.empty())
      checked_[ArchiveOf(finding.wanted_by[0])].push_back(finding.symbol);
    if (finding.cause != CauseId::kOnlyShared) {
      stopped_ = true;
      return;
    }
    const std::string name = resolve::LibraryName(finding.shared_library);
    if (name.empty()) return;
    const std::string archive = finding.wanted_by.empty() ? "" : ArchiveOf(finding.wanted_by[0]);
    libraries_.insert(name);
    only_shared_.push_back(finding.symbol);
    (finding.data ? with_data_ : stubbed_).insert(name);
    if (!finding.data) functions_.push_back(finding.symbol);
    if (resolve::LibraryName(archive) == name) {
      incomplete_.insert(support::BaseName(archive));  // libpq.a lacks what libpq.so has
      return;
    }
    if (absl::EndsWith(archive, ".a")) wanting_.insert(support::BaseName(archive));
    if (!finding.on_behalf_of.empty() && resolution_.simulation != nullptr)
      brought_.emplace(finding.on_behalf_of, finding.through);
    if (finding.from_program) called_.insert(name);
    // No development link, no .a: its development package is not installed.
    (absl::EndsWith(finding.shared_library, ".so") ? built_ : installed_).insert(name);
  }

  // "apt-get install liba-dev libb-dev", one line however many. Returns those libraries of which no package has an
  // archive, as far as is known.
  std::set<std::string> Install(const std::set<std::string>& libraries,
                                packages::FileKind kind = packages::FileKind::kArchive) {
    std::vector<packages::File> files;
    for (const std::string& name : libraries) files.push_back({kind, name});
    const std::vector<packages::Bringers> bringers = packages::WhoBrings(files);
    std::set<std::string> names, unknown, without;
    std::vector<std::string> brought;
    std::string remark;
    for (size_t i = 0; i < files.size(); ++i) {
      if (!bringers[i].packages.empty()) {
        names.insert(bringers[i].packages[0]);
        brought.push_back(files[i].FileName());
        remark = bringers[i].remark;
      } else if (bringers[i].source.empty()) {
        unknown.insert(files[i].name);
      } else {
        without.insert(files[i].name);
      }
    }
    if (!names.empty()) {
      ways_.push_back({absl::StrCat(packages::InstallPrefix(packages::ManagerHere()), absl::StrJoin(names, " ")),
                       absl::StrCat("brings ", absl::StrJoin(brought, ", "),
                                    remark.empty() ? "" : absl::StrCat(" (", remark, ")"))});
    }
    if (!unknown.empty()) {
      const std::string all = LibraryNames(unknown);
      ways_.push_back({absl::StrCat("install the development package of ", all),
                       "if it has an archive, and not only a shared library"});
    }
    return without;
  }

  // For libraries of which functions alone are missing: for data there is no stub.
  void Stubs() {
    for (const std::string& name : with_data_) stubbed_.erase(name);
    if (stubbed_.empty()) return;
    std::vector<std::string> names = settings_.stubs;
    for (const std::string& name : stubbed_) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    const std::vector<resolve::Reach> reaches = resolve::FindReach(resolution_, functions_);
    std::string who = "each aborts if it is ever called";
    if (!reaches.empty()) {
      who = absl::StrCat(resolve::ReachText(reaches[0]), ", which would abort");
      if (reaches.size() > 1) absl::StrAppend(&who, "; other calls may reach more of them");
    }
    ways_.push_back(SettingWay("CGO_LD_SHIM_STUBS", absl::StrJoin(names, ","), std::move(who)));
  }

  void Builds() {
    if (stopped_) return;
    for (const std::string& name : called_) {
      ways_.push_back(
          BuildWay(absl::StrCat("build lib", name, ".a, and put its directory first with -L in CGO_LDFLAGS"),
                   {.assume = only_shared_}));
    }
    for (const auto& [user, through] : brought_) {
      ways_.push_back(
          BuildWay(absl::StrCat("build ", support::BaseName(user), " without lib", resolve::LibraryName(through),
                                ", and put its directory first with -L in CGO_LDFLAGS"),
                   {.assume = TakenFrom(through, user)}));
    }
    std::set<std::string> rest = built_;
    rest.insert(installed_.begin(), installed_.end());
    if (rest.empty() || wanting_.empty()) return;
    ways_.push_back(BuildWay(absl::StrCat("build ", absl::StrJoin(wanting_, ", "), " without ", LibraryNames(rest),
                                          ", and put its directory first with -L in CGO_LDFLAGS"),
                             {.assume = only_shared_}));
  }

  // Names that members of the archive `user` need of the archive `from`.
  std::vector<std::string> TakenFrom(const std::string& from, const std::string& user) const {
    const resolve::Simulation& link = *resolution_.simulation;
    std::set<std::string> names;
    for (const resolve::Unit& unit : link.units()) {
      if (unit.file->path != user) continue;
      for (const symbols::Reference& reference : unit.object->references) {
        const int definer = link.Definer(reference.name);
        if (definer >= 0 && link.units()[static_cast<size_t>(definer)].file->path == from)
          names.insert(std::string(reference.name));
      }
    }
    return {names.begin(), names.end()};
  }

  const std::vector<Finding>& findings_;
  const resolve::Resolution& resolution_;
  const support::Settings& settings_;
  std::vector<WayOut> ways_;
  std::set<std::string> libraries_;            // that alone define something
  std::set<std::string> stubbed_, with_data_;  // …, functions and data
  std::set<std::string> built_, installed_;    // …, with a development package that has no archive, and without one
  std::set<std::string> wanting_;              // archives that want it
  std::set<std::string> unfit_;                // files for another machine
  std::map<std::string, std::vector<std::string>> checked_;  // archives that call a library which checks, and for what
  std::set<std::pair<std::string, std::string>> brought_;    // the user's archives, and those that they brought in
  std::set<std::string> called_;                             // libraries that the program itself calls
  std::set<std::string> incomplete_;                         // archives of which the shared library has more
  std::vector<std::string> only_shared_, functions_;         // symbols, and those of them that are no data
  bool wrong_libc_ = false, no_stdlib_ = false, too_new_ = false, cxx_abi_ = false, runtime_missing_ = false;
  bool stopped_ = false;  // by something that no shared library has
  const std::vector<std::string>& forgotten_;
  const std::set<std::string>& absent_;
};

}  // namespace

std::vector<WayOut> ProposeWaysOut(const std::vector<Finding>& findings, const resolve::Resolution& resolution,
                                   const support::Settings& settings, const std::vector<std::string>& forgotten,
                                   const std::set<std::string>& absent) {
  return Proposals(findings, resolution, settings, forgotten, absent).Run();
}

}  // namespace cgo_ld_shim::diagnose

#include "diagnose/observe.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "diagnose/diagnose.h"
#include "diagnose/go_packages.h"
#include "diagnose/versions.h"
#include "llvm/BinaryFormat/ELF.h"
#include "plan/variants.h"
#include "resolve/candidates.h"
#include "resolve/overridden.h"
#include "support/path_parts.h"
#include "symbols/section_links.h"

namespace cgo_ld_shim::diagnose {
namespace {

using plan::Origin;
using plan::PlanInput;
using resolve::Unit;

// Functions of the C library that look for files where the program runs. With dlopen in a static program of glibc, a
// library's own copy of libc sets up its ctype tables only in the thread that opens it, and the program's symbols are
// in no table that it could look at. gcc -static makes the same programs.
struct RuntimeNeed {
  const char* symbol;
  target::LibcFamily libc;
  const char* what;
};
constexpr RuntimeNeed kRuntimeNeeds[] = {
    {"dlopen", target::LibcFamily::kGlibc,
     "opens shared libraries at run time; a static program needs those of the very same glibc, they crash in threads "
     "other than the one that opened them (isdigit and its like), and modules do not find the program's own symbols; "
     "CGO_LD_SHIM_STATIC=prefer makes the program dynamic"},
    {"dlopen", target::LibcFamily::kMusl,
     "opens shared libraries at run time, which musl always refuses in a static program"},
    {"iconv_open", target::LibcFamily::kGlibc,
     "converts character sets with files of the host (gconv); few are built in"},
    {"setlocale", target::LibcFamily::kGlibc, "reads the host's locale files; without them there are only C and POSIX"},
};

class Observer {
 public:
  Observer(const plan::LinkPlan& plan, const resolve::Resolution& resolution, const toolchain::Toolchain& toolchain,
           plan::FileCache* cache)
      : plan_(plan),
        resolution_(resolution),
        link_(*resolution.simulation),
        libcxx_(toolchain.libcxx),
        libc_(toolchain.libc.family),
        candidates_(plan, toolchain, cache) {}

  std::vector<std::string> Run() {
    AddShadowed();
    AddForMusl();
    AddRegistering();
    AddPanicStrategies();
    AddStackNote();
    for (const RuntimeNeed& need : kRuntimeNeeds) AddRuntimeNeed(need);
    return std::move(notes_);
  }

  // The first that refers to a function of the C library's, weakly as well: where libc has it, that reference is bound.
  // libc's own use (of NSS modules, of gconv by stdio) is not the program's, nor is libstdc++'s, which asks for iconv
  // and locales in every program.
  std::string UserOf(const char* symbol) {
    if (link_.Definer(symbol) < 0) return "";
    for (size_t u = 0; u < link_.units().size(); ++u) {
      const Unit& unit = link_.units()[u];
      if (InputOf(unit).origin == Origin::kToolchain || IsRuntime(unit.file->path)) continue;
      for (const symbols::Reference& reference : unit.object->references) {
        if (reference.name == symbol) return OwnerName(static_cast<int>(u));
      }
    }
    return "";
  }

  // A Rust library with SQLite in it beside go-sqlite3: which SQLite does it run on?
  std::vector<OtherCopy> OtherCopies() {
    std::vector<OtherCopy> copies;
    const auto add = [&](const resolve::Overridden& overridden) {
      // Whoever defines operator new means to replace the C++ library's.
      if (!IsRuntime(overridden.archive)) copies.push_back({overridden.archive, OtherCopyText(overridden)});
    };
    for (const resolve::Overridden& overridden : resolve::FindOverridden(resolution_, resolve::By::kProgram))
      add(overridden);
    for (const resolve::Overridden& overridden : resolve::FindOverridden(resolution_, resolve::By::kArchive)) {
      // Two libraries of one Rust compiler: what has one name is one thing.
      if (std::all_of(overridden.symbols.begin(), overridden.symbols.end(), IsRust)) continue;
      if (OwnBytes(overridden) != resolve::BytesOf(link_.units()[static_cast<size_t>(overridden.by)])) add(overridden);
    }
    return copies;
  }

 private:
  const PlanInput& InputOf(const Unit& unit) const { return resolution_.inputs[static_cast<size_t>(unit.input)]; }

  // -lsqlite3 beside a package that brings its own sqlite3.c: which of the two is in the program?
  void AddShadowed() {
    for (const PlanInput& library : resolution_.unneeded) {
      if (IsRuntime(library.path)) continue;
      std::map<int, std::pair<std::string, size_t>> owners;  // unit → its first symbol in the archive, and how many
      for (const symbols::InputFile& file : library.files) {
        if (file.archive == nullptr || file.archive->empty()) continue;
        for (const symbols::Archive::IndexEntry& entry : file.archive->index()) {
          const int definer = link_.Definer(entry.symbol);
          if (definer < 0 || InputOf(link_.units()[static_cast<size_t>(definer)]).origin == Origin::kToolchain)
            continue;
          auto& owner = owners[definer];
          if (owner.second++ == 0) owner.first = std::string(entry.symbol);
        }
      }
      // Templates and inline functions are in many objects; a library's own functions are several in one.
      const auto most = std::max_element(
          owners.begin(), owners.end(), [](const auto& a, const auto& b) { return a.second.second < b.second.second; });
      if (most == owners.end() || absl::StartsWith(most->second.first, "_ZNSt")) continue;
      notes_.push_back(absl::StrCat(
          absl::StrJoin(library.words, " "), ": nothing of ", library.path, " is in the program; ",
          OwnerName(most->first), " defines ", symbols::Demangle(most->second.first),
          most->second.second > 1 ? absl::StrCat(" and ", most->second.second - 1, " more") : "", " before it"));
    }
  }

  // The name has a hash of the crate, its version and the compiler in it: _R…, or _ZN…17h0123456789abcdefE.
  static bool IsRust(const std::string& symbol) {
    constexpr size_t kHash = sizeof "17h0123456789abcdefE" - 1;
    return absl::StartsWith(symbol, "_R") || absl::StartsWith(symbol, "__rust_") || absl::StartsWith(symbol, "rust_") ||
           (absl::StartsWith(symbol, "_ZN") && symbol.size() > kHash && absl::EndsWith(symbol, "E") &&
            symbol.compare(symbol.size() - kHash, 3, "17h") == 0);
  }

  // Of the archive's own member that could define the first symbol.
  absl::string_view OwnBytes(const resolve::Overridden& overridden) const {
    for (const Unit& unit : link_.units()) {
      if (unit.member < 0 || unit.file->path != overridden.archive) continue;
      const absl::StatusOr<const symbols::Member*> member = unit.file->archive->GetMember(overridden.member);
      return member.ok() ? (*member)->data : absl::string_view();
    }
    return "";
  }

  std::string OtherCopyText(const resolve::Overridden& overridden) const {
    const size_t more = overridden.symbols.size() - 1;
    const Versions versions =
        CompareVersions(OwnBytes(overridden), resolve::BytesOf(link_.units()[static_cast<size_t>(overridden.by)]));
    const auto in_brackets = [](const std::string& version) {
      return version.empty() ? "" : absl::StrCat(" (", version, ")");
    };
    return absl::StrCat(overridden.archive, " has ", symbols::Demangle(overridden.symbols[0]),
                        more > 0 ? absl::StrCat(" and ", more, more == 1 ? " more function" : " more functions") : "",
                        " of its own", in_brackets(versions.first), ", and calls ", more > 0 ? "those" : "that", " of ",
                        OwnerName(overridden.by), in_brackets(versions.second));
  }

  // Where nothing for glibc stands beside it (OfferLibcVariant).
  void AddForMusl() {
    if (libc_ != target::LibcFamily::kGlibc) return;
    for (const PlanInput& input : resolution_.inputs) {
      if (input.origin != Origin::kGiven || !input.IsArchive() || !plan::IsNamedForOther(input.path, {libc_})) continue;
      notes_.push_back(absl::StrCat(input.path,
                                    ", by its name built for musl, is linked with glibc: types that the two lay out "
                                    "differently, such as regex_t and jmp_buf, would be wrong in it, and Rust's "
                                    "std::env::args() is empty"));
    }
  }

  // Codecs or drivers that put themselves on a list: nothing refers to them, so that no linker takes them, and the list
  // lacks them.
  void AddRegistering() {
    std::set<std::pair<const symbols::Archive*, int64_t>> taken;
    std::set<const symbols::Archive*> used;
    for (const Unit& unit : link_.units()) {
      if (unit.member < 0) continue;
      taken.insert({unit.file->archive.get(), unit.member});
      used.insert(unit.file->archive.get());
    }
    std::set<std::string> seen;
    for (const PlanInput& library : resolution_.inputs) {
      if (library.origin != Origin::kGiven || library.whole_archive || !library.in_place_of.empty() ||
          IsRuntime(library.path) || !seen.insert(library.path).second) {
        continue;
      }
      std::vector<std::string> members;
      bool any_used = false;
      for (const symbols::InputFile& file : library.files) {
        if (file.archive == nullptr) continue;
        const bool file_used = used.contains(file.archive.get());
        any_used |= file_used;
        for (uint32_t number = 0; number < file.archive->member_count(); ++number) {
          if (taken.contains({file.archive.get(), number})) continue;
          const absl::StatusOr<const symbols::Member*> member = file.archive->GetMember(number);
          if (member.ok() && symbols::HasConstructors((*member)->data) &&
              RegistersItself(*file.archive, number, file_used)) {
            members.push_back((*member)->name);
          }
        }
      }
      if (!members.empty()) notes_.push_back(RegisteringNote(library, std::move(members), any_used));
    }
  }

  static std::string RegisteringNote(const PlanInput& library, std::vector<std::string> members, bool used) {
    constexpr size_t kNamed = 3;
    const size_t count = members.size();
    members.resize(std::min(count, kNamed));
    const std::string names = absl::StrCat(absl::StrJoin(members, ", "),
                                           count > kNamed ? absl::StrCat(" and ", count - kNamed, " more") : "");
    const char* have = count == 1 ? " has a constructor" : " have constructors";
    const std::string words = absl::StrJoin(library.words, " ");
    return absl::StrCat(
        words, ": ",
        used ? absl::StrCat(names, " of ", library.path, count == 1 ? " is" : " are",
                            " not in the program, for nothing refers to ", count == 1 ? "it" : "them", "; ",
                            count == 1 ? "it" : "each", " has a constructor")
             : absl::StrCat("nothing of ", library.path, " is in the program, for nothing refers to it; ", names, have),
        ", which -Wl,--whole-archive ", words, " -Wl,--no-whole-archive would bring in");
  }

  // Whether a member with constructors is there for their sake: it calls into the program or its libraries, or has
  // nothing else to offer. Many a member of a C++ library has one for its own variables; so, where the program has
  // other members of the library, which is then no list of drivers alone, both must hold.
  bool RegistersItself(const symbols::Archive& archive, uint32_t number, bool others_used) {
    const absl::StatusOr<const symbols::Object*> object = archive.Load(number);
    if (!object.ok()) return false;
    const bool calls = std::any_of((*object)->references.begin(), (*object)->references.end(),
                                   [&](const symbols::Reference& reference) {
                                     const int definer = link_.Definer(reference.name);
                                     if (definer < 0) return false;
                                     const Unit& unit = link_.units()[static_cast<size_t>(definer)];
                                     return InputOf(unit).origin != Origin::kToolchain && !IsRuntime(unit.file->path);
                                   });
    const auto offers = [](const symbols::Definition& definition) { return definition.strong() && !definition.comdat; };
    const bool nothing_else = others_used
                                  ? std::none_of((*object)->definitions.begin(), (*object)->definitions.end(), offers)
                                  : (*object)->definitions.empty();
    return others_used ? calls && nothing_else : calls || nothing_else;
  }

  // Go's objects have numbers for names; their package says more.
  std::string OwnerName(int unit) const {
    const Unit& owner = link_.units()[static_cast<size_t>(unit)];
    if (owner.member < 0) {
      const std::string go_object = plan_.GoObject();
      const std::string package = go_object.empty() ? "" : CgoPackages(plan_).Of(*owner.object);
      if (!package.empty()) return absl::StrCat("the C code of package ", package);
      if (!go_object.empty()) return "the program's own C code";
    }
    return link_.UnitName(unit);
  }

  // "panic_abort-0123.panic_abort.4567-cgu.0.rcgu.o" → "abort".
  static std::string PanicStrategy(const symbols::Archive& archive, uint32_t member) {
    const absl::StatusOr<const symbols::Member*> found = archive.GetMember(member);
    if (!found.ok()) return "";
    if (absl::StartsWith((*found)->name, "panic_abort-")) return "abort";
    return absl::StartsWith((*found)->name, "panic_unwind-") ? "unwind" : "";
  }

  // Two Rust libraries of one compiler, one built with panic=abort: their runtimes have the same names, so that the
  // first one serves both, and the order decides whether a panic can be caught.
  void AddPanicStrategies() {
    for (const Unit& unit : link_.units()) {
      if (unit.member < 0) continue;
      const std::string strategy = PanicStrategy(*unit.file->archive, static_cast<uint32_t>(unit.member));
      if (strategy.empty()) continue;
      for (const symbols::Definition& definition : unit.object->definitions) {
        if (!absl::StrContains(definition.name, "__rust_start_panic")) continue;
        for (const PlanInput& input : resolution_.inputs) {
          if (input.origin == Origin::kToolchain || input.path == unit.file->path || !input.IsArchive()) continue;
          const symbols::Archive& archive = *input.files[0].archive;
          for (const uint32_t member : archive.Defining(definition.name)) {
            const std::string other = PanicStrategy(archive, member);
            if (other.empty() || other == strategy) continue;
            notes_.push_back(absl::StrCat(
                "Rust panics: ", unit.file->path, " was built with panic=", strategy, " and ", input.path,
                " with panic=", other, "; the program has the first one's, so ",
                strategy == "abort" ? "every panic ends it" : "panics unwind, also where they should end it",
                ": build both alike"));
          }
        }
      }
    }
  }

  // GNU ld makes the stack of a program executable for one object that does not say that it needs none.
  void AddStackNote() {
    for (size_t u = 0; u < link_.units().size(); ++u) {
      const Unit& unit = link_.units()[u];
      const uint16_t machine = unit.object->machine.e_machine;
      if (unit.object->stack_note || unit.object->kind != symbols::ObjectKind::kElfRelocatable ||
          InputOf(unit).origin == Origin::kToolchain ||
          (machine != llvm::ELF::EM_X86_64 && machine != llvm::ELF::EM_386)) {
        continue;
      }
      notes_.push_back(absl::StrCat(link_.UnitName(static_cast<int>(u)),
                                    " has no .note.GNU-stack: GNU ld would make the program's stack executable, and "
                                    "here it is not"));
      return;
    }
  }

  void AddRuntimeNeed(const RuntimeNeed& need) {
    if (need.libc != libc_) return;
    const std::string user = UserOf(need.symbol);
    if (!user.empty()) notes_.push_back(absl::StrCat(need.symbol, ": ", user, " ", need.what));
  }

  bool IsRuntime(const std::string& path) {
    const std::vector<std::string>& runtime = candidates_.Runtime(libcxx_);
    return std::find(runtime.begin(), runtime.end(), path) != runtime.end();
  }

  const plan::LinkPlan& plan_;
  const resolve::Resolution& resolution_;
  const resolve::Simulation& link_;
  bool libcxx_;
  target::LibcFamily libc_;
  resolve::Candidates candidates_;
  std::vector<std::string> notes_;
};

}  // namespace

std::vector<std::string> FindNotes(const plan::LinkPlan& plan, const resolve::Resolution& resolution,
                                   const toolchain::Toolchain& toolchain, plan::FileCache* cache) {
  return Observer(plan, resolution, toolchain, cache).Run();
}

std::vector<OtherCopy> FindOtherCopies(const plan::LinkPlan& plan, const resolve::Resolution& resolution,
                                       const toolchain::Toolchain& toolchain, plan::FileCache* cache) {
  return Observer(plan, resolution, toolchain, cache).OtherCopies();
}

std::string OpensLibraries(const plan::LinkPlan& plan, const resolve::Resolution& resolution,
                           const toolchain::Toolchain& toolchain, plan::FileCache* cache) {
  // Of musl no dynamic program is made that could do it.
  if (!toolchain.libc.IsGlibc()) return "";
  return Observer(plan, resolution, toolchain, cache).UserOf("dlopen");
}

}  // namespace cgo_ld_shim::diagnose

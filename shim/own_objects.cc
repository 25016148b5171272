#include "shim/own_objects.h"

#include <unistd.h>

#include <algorithm>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "diagnose/glibc_archives.h"
#include "isolate/isolate.h"
#include "isolate/members.h"
#include "objects/objects.h"
#include "resolve/candidates.h"
#include "resolve/gnu_ld.h"
#include "sbom/sbom.h"
#include "support/version.h"
#include "target/target.h"

namespace cgo_ld_shim {
namespace {

using invocation::ArgType;
using invocation::Argument;
using plan::Origin;
using plan::PlanInput;

// How often archives are looked at again; each round leaves less of them.
constexpr int kGnuRounds = 4;

// One of the user's archives is replaced by a copy of these members, in which these symbols have other names. False
// where it is none of his, or the copy cannot be made.
bool ReplaceByCopy(LinkState* state, const std::string& archive, const char* purpose,
                   const std::vector<uint32_t>& members, const std::map<std::string, std::string>& renamed,
                   rewrite::Rewrite rewrite) {
  const auto named = [&](const PlanInput& input) {
    return input.path == archive && input.argument >= 0 && !input.whole_archive;
  };
  const absl::StatusOr<symbols::InputFile>& file = state->cache.Open(archive);
  if (!file.ok() || file->archive == nullptr ||
      std::none_of(state->plan.inputs.begin(), state->plan.inputs.end(), named)) {
    return false;
  }
  const std::string copy = absl::StrCat(state->GoDirectory(), "/lib", resolve::LibraryName(archive), ".", purpose, "-",
                                        state->temporary_files.size(), ".a");
  if (const absl::Status written = isolate::CopyMembers(*file->archive, members, copy, renamed); !written.ok()) {
    state->record.notes.emplace_back(written.message());
    return false;
  }
  state->temporary_files.push_back(copy);
  const auto original = state->copies.find(archive);
  state->copies[copy] = original == state->copies.end() ? archive : original->second;
  rewrite::Replacement replacement{.rewrite = std::move(rewrite)};
  replacement.rewrite.after = {copy};
  for (PlanInput& input : state->plan.inputs) {
    if (!named(input)) continue;
    if (replacement.argument < 0) {
      replacement.argument = input.argument;
      replacement.rewrite.before = input.words;
    }
    PlanInput with{.origin = input.origin, .argument = input.argument, .words = {copy}, .group = input.group};
    plan::ResolvePath(copy, state->plan.all_dirs, &state->cache, &with);
    input = std::move(with);
  }
  state->replacements.push_back(std::move(replacement));
  return true;
}

// `archive` is that of compat.c, `user` one that asks for its names.
void SupplyGlibcNames(LinkState* state, const std::string& archive, const std::vector<symbols::Evidence>& supplied,
                      const std::string& user) {
  state->AddInput(archive);
  rewrite::ExtraObject extra{
      .rule = "glibc-compat",
      .name = "libglibc_compat.a",
      .path = archive,
      .because = absl::StrCat(supplied.size(), supplied.size() == 1 ? " name" : " names",
                              " of glibc that musl does not have; CGO_LD_SHIM_COMPAT=off makes it an error"),
      .evidence = {supplied.begin(), supplied.begin() + std::min<ptrdiff_t>(3, std::ssize(supplied))}};
  state->extra.push_back(std::move(extra));
  state->record.notes.push_back(absl::StrCat(
      user,
      " was built for glibc and is linked with musl: a mutex that is initialised as "
      "PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP or PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP, printf's %Id, and "
      "errno of mathematical functions cannot be seen from here and would not work"));
}

// Archives that were built for glibc ask for its own function where musl's of that name is another.
bool RenameForMusl(LinkState* state, const diagnose::GlibcArchives& found) {
  const std::string directory = state->GoDirectory();
  if (directory.empty()) return false;
  bool any = false;
  for (const auto& [archive, names] : found.renamed) {
    std::vector<uint32_t> members;
    for (const resolve::Unit& unit : state->resolution.simulation->units()) {
      if (unit.file->path == archive && unit.member >= 0) members.push_back(static_cast<uint32_t>(unit.member));
    }
    std::sort(members.begin(), members.end());
    const auto& [from, to] = *names.begin();
    any |= ReplaceByCopy(state, archive, "for-musl", members, names,
                         {"glibc-compat",
                          {},
                          {},
                          absl::StrCat("built for glibc, whose ", from,
                                       names.size() > 1 ? absl::StrCat(" and ", names.size() - 1, " more do") : " does",
                                       " something else than musl's: it gets glibc's"),
                          {{from, archive, archive}}});
  }
  return any;
}

// An object that was compiled for this link alone takes part in it.
void AddCompiled(LinkState* state, const absl::StatusOr<std::string>& object, rewrite::ExtraObject extra) {
  if (!object.ok()) {
    state->record.notes.emplace_back(object.status().message());
    return;
  }
  state->temporary_files.push_back(*object);
  extra.path = *object;
  state->extra.push_back(std::move(extra));
  state->AddInput(*object);
}

void AddRustArguments(LinkState* state, const std::string& symbol) {
  const std::string directory = state->GoDirectory();
  if (directory.empty()) return;
  AddCompiled(
      state, objects::CompileRustArguments(symbol, state->context.driver, directory),
      {.rule = "rust-arguments",
       .name = "cgo_ld_shim_rust.o",
       .because = "glibc hands a program's arguments to constructors, which Rust for glibc relies on, and musl does "
                  "not",
       .evidence = {{symbol, "", ""}}});
}

// The driver with the link's flags that choose the machine.
std::vector<std::string> DriverForMachine(const LinkState& state) {
  std::vector<std::string> driver = state.context.driver;
  for (const Argument& argument : state.call.arguments) {
    if (argument.type == ArgType::kDriver && absl::StartsWith(argument.value, "-m"))
      driver.insert(driver.end(), argument.words.begin(), argument.words.end());
  }
  return driver;
}

// A constructor of an archive for glibc may read the arguments that only glibc gives it.
void AddConstructorStart(LinkState* state, const std::string& unit) {
  const std::string directory = state->GoDirectory();
  if (directory.empty() || !state->resolution.simulation->units()[0].object->machine.is64) return;
  AddCompiled(
      state, objects::CompileConstructorStart(DriverForMachine(*state), directory),
      {.rule = "constructor-start",
       .name = "cgo_ld_shim_constructors.o",
       .because = "glibc hands a program's arguments to constructors and calls .preinit_array; musl does neither",
       .evidence = {{"", unit, ""}}});
}

bool IsolationAsked(const LinkState& state, const std::string& archive) {
  const std::vector<std::string>& names = state.context.settings.isolate;
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return name == archive || absl::EndsWith(archive, absl::StrCat("/", name)) || resolve::LibraryName(archive) == name;
  });
}

void Replace(LinkState* state, const std::string& archive, const std::string& other, const std::string& object,
             const isolate::Clash& clash) {
  rewrite::Replacement replacement;
  replacement.rewrite = {
      clash.runtime_only ? "isolate-runtime" : "isolate-asked",
      {},
      {object},
      absl::StrCat(archive, " and ", other, " both define ", clash.symbols[0],
                   clash.symbols.size() > 1 ? absl::StrCat(" and ", clash.symbols.size() - 1, " more") : "", "; ",
                   resolve::LibraryName(archive), " now has a copy of its own"),
      {{clash.symbols[0], "", archive}}};
  for (PlanInput& input : state->plan.inputs) {
    if (input.path != archive) continue;
    if (replacement.argument < 0) {
      replacement.argument = input.argument;
      replacement.rewrite.before = input.words;
      PlanInput with{.origin = Origin::kGiven, .argument = input.argument, .words = {object}};
      plan::ResolvePath(object, state->plan.all_dirs, &state->cache, &with);
      input = std::move(with);
    } else {
      input.files.clear();  // a repeat: the object may be there only once
    }
  }
  state->replacements.push_back(std::move(replacement));
}

// As people write it: udev, libudev, libudev.so.
std::string StubName(absl::string_view word) {
  absl::ConsumePrefix(&word, "lib");
  return std::string(word.substr(0, word.find(".so")));
}
bool NamedByStubs(const std::vector<std::string>& names, const std::string& library) {
  return !library.empty() &&
         std::any_of(names.begin(), names.end(), [&](const std::string& name) { return StubName(name) == library; });
}

objects::Stub StubOf(LinkState* state, const diagnose::Finding& finding, const std::string& library) {
  objects::Stub stub{.name = finding.symbol, .library = library};
  const absl::StatusOr<symbols::InputFile>& file = state->cache.Open(finding.shared_library);
  if (!file.ok() || file->object == nullptr) return stub;
  for (const symbols::Definition& definition : file->object->definitions) {
    if (definition.name != finding.symbol) continue;
    stub.tls = definition.tls;
    stub.size = definition.size;
    stub.function = definition.function || (!definition.tls && definition.size == 0);
  }
  return stub;
}

}  // namespace

bool AddGlibcCompat(LinkState* state) {
  if (!state->context.settings.compat || !absl::StartsWith(state->toolchain.libc, "musl") ||
      target::Infer(environ).arch != target::HostArch()) {
    return true;
  }
  const absl::StatusOr<std::string> path = objects::CompatArchive();
  if (!path.ok()) return true;
  const absl::StatusOr<symbols::InputFile>& compat = state->cache.Open(*path);
  if (!compat.ok() || compat->archive == nullptr) return true;
  diagnose::GlibcArchives found = diagnose::FindGlibcArchives(state->resolution, *compat->archive);
  state->record.missing = std::move(found.hazards);
  if (!state->record.missing.empty()) return false;
  // By the name that its author knows: what is renamed becomes a copy.
  std::string user;
  if (!found.supplied.empty()) user = found.supplied[0].wanted_by.substr(0, found.supplied[0].wanted_by.rfind('('));
  if (!found.renamed.empty()) user = found.renamed.begin()->first;
  if (RenameForMusl(state, found)) {
    state->Resolve();
    found.supplied = diagnose::FindGlibcArchives(state->resolution, *compat->archive).supplied;
  }
  if (!found.supplied.empty()) SupplyGlibcNames(state, *path, found.supplied, user);
  if (!found.rust_arguments.empty()) {
    AddRustArguments(state, found.rust_arguments);
  } else if (!found.constructors.empty()) {
    AddConstructorStart(state, found.constructors[0]);
  }
  state->record.notes.insert(state->record.notes.end(), found.notes.begin(), found.notes.end());
  return true;
}

std::string AddIfuncStart(LinkState* state) {
  if (!absl::StartsWith(state->toolchain.libc, "musl")) return "";
  const std::string unit = resolve::FindIfunc(state->resolution);
  if (unit.empty()) return "";
  const std::string directory = state->GoDirectory();
  if (rewrite::ModeOf(state->call) == toolchain::LinkMode::kStaticPie || directory.empty() ||
      !state->resolution.simulation->units()[0].object->machine.is64) {
    return absl::StrCat(unit, " chooses functions at start (IFUNC), which musl does not do");
  }
  AddCompiled(state, objects::CompileIfuncStart(DriverForMachine(*state), directory),
              {.rule = "ifunc-start",
               .name = "cgo_ld_shim_ifuncs.o",
               .because = absl::StrCat(unit, " chooses functions at start (IFUNC), which musl does not do"),
               .evidence = {{"", unit, ""}}});
  return "";
}

void AddArmAtomics(LinkState* state) {
  if (target::Infer(environ).arch != "arm") return;
  std::vector<symbols::Evidence> evidence;
  for (const resolve::Unresolved& missing : state->resolution.missing) {
    if (absl::StartsWith(missing.symbol, "__sync_"))
      evidence.push_back({missing.symbol, missing.wanted_by.empty() ? "" : missing.wanted_by[0], ""});
  }
  const std::string directory = state->GoDirectory();
  if (evidence.empty() || directory.empty()) return;
  evidence.resize(std::min<size_t>(3, evidence.size()));
  AddCompiled(state, objects::CompileArmAtomics(DriverForMachine(*state), directory),
              {.rule = "arm-atomics",
               .name = "cgo_ld_shim_arm_atomics.o",
               .because = "the compiler's own library has no atomic operations for this processor",
               .evidence = std::move(evidence)});
}

void IsolateClashes(LinkState* state) {
  const std::string directory = state->GoDirectory();
  if (directory.empty()) return;
  // Each round isolates one archive; the rest is looked at again in the new link.
  for (size_t round = 0; round < state->plan.inputs.size(); ++round) {
    bool isolated = false;
    for (const isolate::Clash& clash : isolate::FindClashes(state->resolution)) {
      const bool first_asked = IsolationAsked(*state, clash.first), second_asked = IsolationAsked(*state, clash.second);
      if (!clash.runtime_only && !first_asked && !second_asked) continue;
      const std::string& archive = first_asked && !second_asked ? clash.first : clash.second;
      const std::string& other = first_asked && !second_asked ? clash.second : clash.first;
      const std::string object = absl::StrCat(directory, "/lib", resolve::LibraryName(archive), ".isolated.o");
      const absl::Status status = isolate::Isolate(archive, state->resolution, state->toolchain, object);
      if (!status.ok()) {
        state->record.notes.emplace_back(status.message());
        continue;
      }
      state->temporary_files.push_back(object);
      Replace(state, archive, other, object, clash);
      isolated = true;
      break;
    }
    if (!isolated) return;
    state->Resolve();
  }
}

void KeepGnuChoices(LinkState* state) {
  if (state->GoDirectory().empty()) return;
  // What is no longer taken no longer wants anything: one round is nearly always enough.
  for (int round = 0; round < kGnuRounds && !state->resolution.otherwise.empty(); ++round) {
    bool any = false;
    for (const resolve::Otherwise& other : state->resolution.otherwise) {
      any |= ReplaceByCopy(
          state, other.archive, "as-gnu-ld", other.members, {},
          {"gnu-order",
           {},
           {},
           absl::StrCat(other.lld_takes, " stands before what needs it: GNU ld takes ", other.symbol,
                        other.gnu_takes.empty() ? " from nowhere" : absl::StrCat(" from ", other.gnu_takes)),
           {{other.symbol, other.wanted_by, other.archive}}});
    }
    if (!any) return;
    state->Resolve();
  }
}

void AddStubs(LinkState* state) {
  const std::vector<std::string>& names = state->context.settings.stubs;
  if (names.empty()) return;
  std::map<std::string, std::vector<std::string>> stubbed;  // shared library → its symbols
  std::vector<objects::Stub> stubs;
  if (!state->resolution.missing.empty()) {
    for (const diagnose::Finding& finding :
         diagnose::Diagnose(state->plan, state->resolution, state->toolchain, &state->cache).findings) {
      const std::string name = resolve::LibraryName(finding.shared_library);
      if (finding.cause != "only-shared" || !NamedByStubs(names, name)) continue;
      stubbed[finding.shared_library].push_back(finding.symbol);
      stubs.push_back(StubOf(state, finding, name));
    }
  }
  for (const std::string& name : names) {
    const bool used = std::any_of(stubbed.begin(), stubbed.end(), [&](const auto& entry) {
      return StubName(name) == resolve::LibraryName(entry.first);
    });
    if (!used) state->record.notes.push_back(absl::StrCat("CGO_LD_SHIM_STUBS=", name, ": nothing here needs it"));
  }
  const std::string directory = state->GoDirectory();
  if (stubs.empty() || directory.empty()) return;
  const absl::StatusOr<std::string> object = objects::CompileStubs(stubs, DriverForMachine(*state), directory);
  if (!object.ok()) {
    state->record.notes.emplace_back(object.status().message());
    return;
  }
  state->temporary_files.push_back(*object);
  for (const auto& [library, symbols] : stubbed) {
    rewrite::ExtraObject extra{
        .rule = "stub-library",
        .name = "cgo_ld_shim_stubs.o",
        .path = library == stubbed.begin()->first ? *object : "",
        .because = absl::StrCat(
            "CGO_LD_SHIM_STUBS: ", library, " has no archive; ",
            absl::StrJoin(symbols.begin(), symbols.begin() + std::min<ptrdiff_t>(5, std::ssize(symbols)), ", "),
            symbols.size() > 5 ? absl::StrCat(" and ", symbols.size() - 5, " more") : "",
            symbols.size() == 1 ? " ends the program when used" : " end the program when used")};
    for (const std::string& symbol : symbols) {
      for (const resolve::Unresolved& missing : state->resolution.missing) {
        if (missing.symbol == symbol) extra.evidence.push_back({symbol, missing.wanted_by[0], library});
      }
    }
    state->extra.push_back(std::move(extra));
  }
  state->AddInput(*object);
}

void AddNssObject(LinkState* state) {
  const resolve::Simulation& simulation = *state->resolution.simulation;
  const target::Target target = target::Infer(environ);
  if (!absl::StartsWith(state->toolchain.libc, "glibc") || state->context.settings.nss_host ||
      target.arch != target::HostArch() || simulation.Definer("__nss_configure_lookup") < 0) {
    return;
  }
  absl::StatusOr<std::string> object = objects::NssFilesObject();
  if (!object.ok()) {
    state->record.notes.emplace_back(object.status().message());
    return;
  }
  rewrite::ExtraObject extra{.rule = "nss-files",
                             .name = "nss_files.o",
                             .path = *object,
                             .because =
                                 "look-ups of users, groups and hosts use /etc files and DNS; CGO_LD_SHIM_NSS=host "
                                 "keeps the host's modules"};
  if (support::OlderThan(absl::StripPrefix(state->toolchain.libc, "glibc "), 2, 34)) {
    absl::StrAppend(&extra.because, "; ", state->toolchain.libc,
                    " reads them through libnss_files.so and libnss_dns.so of the same version, which must be where "
                    "the program runs");
  }
  for (const char* entry :
       {"getaddrinfo", "getpwnam_r", "getpwuid_r", "getgrnam_r", "getgrgid_r", "gethostbyname", "getnameinfo"}) {
    const int definer = simulation.Definer(entry);
    if (definer < 0 || extra.evidence.size() == 3) continue;
    const resolve::Unit& unit = simulation.units()[static_cast<size_t>(definer)];
    extra.evidence.push_back(
        {entry, unit.extracted_by >= 0 ? simulation.UnitName(unit.extracted_by) : "", simulation.UnitName(definer)});
  }
  state->extra.push_back(std::move(extra));
}

void AddPackageNote(LinkState* state) {
  std::string like;
  for (const PlanInput& input : state->plan.inputs) {
    if (input.origin == Origin::kGiven && like.empty() && !input.IsArchive() && !input.path.empty()) like = input.path;
  }
  std::vector<std::string> isolated;
  for (const rewrite::Replacement& replacement : state->replacements) {
    for (const symbols::Evidence& evidence : replacement.rewrite.evidence) isolated.push_back(evidence.provided_by);
  }
  const std::string architecture = state->toolchain.machine.substr(0, state->toolchain.machine.find('-'));
  const absl::StatusOr<std::string> object = objects::NoteObject(
      like, {.section = ".note.package",
             .owner = "FDO",
             .type = sbom::kPackageNoteType,
             .content = sbom::PackageNote(
                 sbom::Components(InputRecords(*state), isolated),
                 {.name = state->record.package, .architecture = architecture, .distribution = sbom::Distribution()})});
  if (!object.ok()) {
    state->record.notes.push_back(
        absl::StrCat("CGO_LD_SHIM_NOTE=1: no note is in the program: ", object.status().message()));
    return;
  }
  state->extra.push_back({.rule = "package-note",
                          .name = "package_note.o",
                          .path = *object,
                          .because = "the program carries the list of its libraries (CGO_LD_SHIM_NOTE=1)"});
}

}  // namespace cgo_ld_shim

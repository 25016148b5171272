#include "link/planning.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "doctor/zig_libraries.h"
#include "plan/variants.h"
#include "report/phases.h"
#include "search/library_files.h"
#include "target/target.h"
#include "toolchain/zig_libc.h"

namespace cgo_ld_shim::link {
namespace {

using invocation::ArgType;
using invocation::Argument;

// zig was asked for its link line without the flags of this link, so that one line serves all: the first flag by
// which the driver changes what it does in a link, and which is not among those that mean nothing to a static one.
std::string FlagForZig(const invocation::Invocation& call) {
  static constexpr absl::string_view kIrrelevantToStaticLinks[] = {"-m",
                                                                   "-pthread",
                                                                   "-static-lib",
                                                                   "-shared-libgcc",
                                                                   "-fno-sanitize",
                                                                   "-fstack-protector",
                                                                   "-ffast-math",
                                                                   "-funsafe-math-optimizations",
                                                                   "-Ofast",
                                                                   "-gz",
                                                                   "-stdlib=",
                                                                   "--stdlib=",
                                                                   "-rtlib=",
                                                                   "--rtlib=",
                                                                   "-unwindlib=",
                                                                   "--unwindlib=",
                                                                   "-target",
                                                                   "--target",
                                                                   "-flto",
                                                                   "-fno-lto",
                                                                   "-fuse-ld=",
                                                                   "-fuse-linker-plugin",
                                                                   "-fno-use-linker-plugin"};
  for (const Argument& argument : call.arguments) {
    if (argument.type != ArgType::kDriver) continue;
    const bool irrelevant = std::any_of(std::begin(kIrrelevantToStaticLinks), std::end(kIrrelevantToStaticLinks),
                                        [&](absl::string_view flag) { return absl::StartsWith(argument.value, flag); });
    if (!irrelevant) return argument.value;
  }
  return "";
}

absl::StatusOr<toolchain::Toolchain> LocateZigLibc(const Request& request, const Tools& tools, bool cxx, bool anew,
                                                   absl::FunctionRef<void(const char* name)> phase) {
  toolchain::ZigLibcRequest libc{
      .driver = request.driver, .mode = rules::ModeOf(request.call), .cxx = cxx, .anew = anew};
  for (const Argument& argument : request.call.arguments) {
    for (const char* prefix : {"-mcpu=", "-march=", "-mtune="}) {
      if (argument.type == ArgType::kDriver && absl::StartsWith(argument.value, prefix))
        libc.flags.push_back(argument.value);
    }
  }
  // What zig compiles once for all programs is no part of this link.
  const bool prepares = !toolchain::HasZigLibc(libc);
  absl::StatusOr<toolchain::Toolchain> found = tools.toolchains->LocateZigLibc(libc);
  if (prepares) phase(report::kPreparePhase);
  return found;
}

// Where this machine has libraries for the architecture of a musl link, of which its compiler knows nothing: Debian's
// directory of that architecture, and a cross compiler's. They were built for glibc, so that COMPAT=off forbids them,
// and what of them cannot work with musl is refused as in any other archive.
std::vector<std::string> DirectoriesForNamed(const Request& request, const toolchain::Toolchain& toolchain) {
  const target::Architecture* arch = target::FindArchitecture(target::Infer(request.environment).arch);
  if (!request.settings.compat || !toolchain.libc.IsMusl() || arch == nullptr) return {};
  return {absl::StrCat("/usr/lib/", arch->multiarch), absl::StrCat("/usr/", arch->multiarch, "/lib")};
}

// gcc reads LIBRARY_PATH by itself; zig does not. Behind its own directories, whose libc it must have.
void AddLibraryPath(const Request& request, toolchain::Toolchain* toolchain) {
  const char* value = support::FindVariable(request.environment, "LIBRARY_PATH");
  if (value == nullptr) return;
  for (absl::string_view directory : absl::StrSplit(value, ':', absl::SkipEmpty())) {
    if (absl::StartsWith(directory, "/")) search::AddOnce(std::string(directory), &toolchain->line.library_dirs);
  }
}

// zig's C++ library is built only for programs that have C++ in them. True when it has just become part of the
// toolchain.
bool AddZigCxx(const Request& request, const Tools& tools, Prepared* prepared,
               absl::FunctionRef<void(const char* name)> phase) {
  if (!prepared->toolchain.libcxx || prepared->toolchain.FindArchive("c++")) return false;
  const std::vector<resolve::Unresolved>& missing = prepared->link.resolution.missing;
  const bool wanted = std::any_of(missing.begin(), missing.end(), [](const resolve::Unresolved& symbol) {
    return absl::StartsWith(symbol.symbol, "_Z") || absl::StartsWith(symbol.symbol, "__cxa_") ||
           absl::StartsWith(symbol.symbol, "__gxx_personality");
  });
  const bool named =
      std::any_of(request.call.arguments.begin(), request.call.arguments.end(), [](const Argument& argument) {
        return argument.type == ArgType::kLibrary && (argument.value == "c++" || argument.value == "c++abi");
      });
  if (!wanted && !named) return false;
  doctor::AnnouncePreparation(request.environment, request.driver, /*cxx=*/true);
  absl::StatusOr<toolchain::Toolchain> with_cxx = LocateZigLibc(request, tools, /*cxx=*/true, prepared->anew, phase);
  if (!with_cxx.ok()) {
    prepared->notes.emplace_back(with_cxx.status().message());
    return false;
  }
  prepared->toolchain = *std::move(with_cxx);
  AddLibraryPath(request, &prepared->toolchain);
  return true;
}

std::string PackageOf(const Request& request) {
  const char* package = support::FindVariable(request.environment, "TOOLEXEC_IMPORTPATH");
  return package == nullptr ? "" : package;
}

}  // namespace

absl::StatusOr<toolchain::Toolchain> FindToolchain(const Request& request, const Tools& tools,
                                                   std::vector<std::string>* notes,
                                                   absl::FunctionRef<void(const char* name)> phase, bool anew) {
  if (request.driver.IsZigMusl() && request.settings.linker != "zig") {
    const std::string flag = FlagForZig(request.call);
    absl::StatusOr<toolchain::Toolchain> zig = flag.empty()
                                                   ? LocateZigLibc(request, tools, /*cxx=*/false, anew, phase)
                                                   : absl::UnavailableError(absl::StrCat(flag, " is asked for"));
    if (zig.ok()) {
      AddLibraryPath(request, &*zig);
      return zig;
    }
    notes->push_back(absl::StrCat("zig links by itself: ", zig.status().message()));
  }
  toolchain::LocateRequest locate{.driver = request.driver.words, .mode = rules::ModeOf(request.call), .anew = anew};
  for (const Argument& argument : request.call.arguments) {
    if (argument.type == ArgType::kDriver)
      locate.flags.insert(locate.flags.end(), argument.words.begin(), argument.words.end());
  }
  return tools.toolchains->Locate(locate);
}

Prepared::Prepared(const Request& request, toolchain::Toolchain found, plan::FileCache* files)
    : toolchain(std::move(found)),
      cache(files == nullptr ? own_files : *files),
      link{.settings = request.settings,
           .call = request.call,
           .driver = request.driver.words,
           .toolchain = toolchain,
           .cache = cache,
           .package = PackageOf(request)} {}

std::optional<Route> PlanAndResolve(const Request& request, const Tools& tools, Prepared* prepared,
                                    absl::FunctionRef<void(const char* name)> phase) {
  supply::Situation& link = prepared->link;
  link.plan = plan::Build(request.call, prepared->toolchain, &prepared->cache,
                          DirectoriesForNamed(request, prepared->toolchain));
  phase("plan");
  Facts facts{.request = request, .toolchain = &prepared->toolchain, .plan = &link.plan, .files = &prepared->cache};
  if (std::optional<Route> route = ChooseRoute(facts)) return route;
  for (plan::Variant& variant : plan::UseVariants(prepared->toolchain.libc, &link.plan, &prepared->cache)) {
    link.done.insert({rules::RuleId::kUseVariant, variant.from});
    link.supplied.push_back({.rule = rules::RuleId::kUseVariant,
                             .subject = variant.from,
                             .entries = {{.name = variant.to, .because = std::move(variant.because)}},
                             .replaces = variant.from,
                             .argument = variant.argument,
                             .path = variant.to});
  }
  link.resolution = resolve::Resolve(link.plan, prepared->toolchain, &prepared->cache);
  phase("resolve");
  if (AddZigCxx(request, tools, prepared, phase)) {
    link.supplied.clear();
    link.done.clear();
    return PlanAndResolve(request, tools, prepared, phase);
  }
  facts.resolution = &link.resolution;
  return ChooseRoute(facts);
}

}  // namespace cgo_ld_shim::link

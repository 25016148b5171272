// The final link, step by step: classify → toolchain → plan → resolve → rewrite → link → verify → record.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "backend/backend.h"
#include "capture/capture.h"
#include "diagnose/diagnose.h"
#include "diagnose/glibc_archives.h"
#include "diagnose/observe.h"
#include "doctor/prepare.h"
#include "fmt/format.h"
#include "isolate/isolate.h"
#include "llvm/Support/MemoryBuffer.h"
#include "objects/objects.h"
#include "plan/plan.h"
#include "plan/variants.h"
#include "report/record.h"
#include "report/text.h"
#include "resolve/candidates.h"
#include "resolve/resolve.h"
#include "rewrite/apply.h"
#include "sbom/sbom.h"
#include "shim/calls.h"
#include "shim/system_link.h"
#include "support/file.h"
#include "support/process.h"
#include "support/setting_rows.h"
#include "support/version.h"
#include "target/target.h"
#include "toolchain/toolchain.h"
#include "toolchain/zig.h"
#include "toolchain/zig_libc.h"

namespace cgo_ld_shim {
namespace {

using invocation::ArgType;
using invocation::Argument;
using plan::Origin;
using plan::PlanInput;

// Set by RestartOnFault: this process is the second try, and links through the driver.
constexpr char kFaultVariable[] = "CGO_LD_SHIM_INTERNAL_FAULT";

class FinalLinker {
 public:
  FinalLinker(const Context& context, const invocation::Invocation& call) : context_(context), call_(call) {
    record_.version = CGO_LD_SHIM_VERSION;
    record_.cwd = context.cwd;
    record_.argv = call.argv;
    record_.output = support::Absolute(call.output, context.cwd);
    // cmd/go sets it for the link as well; the output is called a.out until the link is done.
    if (const char* package = std::getenv("TOOLEXEC_IMPORTPATH")) record_.package = package;
  }

  int Run() {
    if (HasSystemLink(context_)) return LinkForSystem();
    if (const std::optional<std::string> reason = WhyNotStatic()) return LinkAsAsked(*reason);
    Phase("classify");
    if (const int status = LocateToolchain(); status != 0) return status;
    Phase("toolchain");
    if (toolchain_.opaque) return LinkThroughOpaqueDriver();
    PlanAndResolve();
    if (!not_static_.empty()) return LinkAsAsked(not_static_);
    if (const std::optional<std::string> reason = WhyNotStaticBySymbols()) return LinkAsAsked(*reason);
    if (!resolution_.not_found.empty()) return FailForInputs();
    if (HasMixedLibcs()) return FailForMixedLibcs();
    if (!AddGlibcCompat()) return FailForGlibcArchives();
    IsolateClashes();
    AddStubs();
    AddNssObject();
    for (std::string& note : diagnose::Observe(plan_, resolution_, toolchain_, &cache_)) {
      record_.notes.push_back(std::move(note));
    }
    if (context_.settings.note) AddPackageNote();
    link_ = rewrite::Apply(
        call_, plan_, rewrite::Decide(call_, plan_, resolution_, toolchain_, extra_, replacements_, context_.settings),
        resolution_);
    Phase("rewrite");
    return Link();
  }

 private:
  void PlanAndResolve() {
    plan_ = plan::Build(call_, toolchain_, &cache_);
    Phase("plan");
    if (const std::optional<std::string> reason = WhyNotStaticByInputs()) {
      not_static_ = *reason;
      return;
    }
    UseVariants();
    resolution_ = resolve::Resolve(plan_, toolchain_, &cache_);
    UseLibcVariants();
    Phase("resolve");
    if (NeedsZigCxx()) {
      replacements_.clear();
      PlanAndResolve();
    }
  }

  // zig's C++ library is built only for programs that have C++ in them. True when it has just become part of the
  // toolchain.
  bool NeedsZigCxx() {
    if (!toolchain_.libcxx || toolchain_.FindArchive("c++")) return false;
    const bool wanted = std::any_of(resolution_.missing.begin(), resolution_.missing.end(), [](const auto& missing) {
      return absl::StartsWith(missing.symbol, "_Z") || absl::StartsWith(missing.symbol, "__cxa_") ||
             absl::StartsWith(missing.symbol, "__gxx_personality");
    });
    const bool named = std::any_of(call_.arguments.begin(), call_.arguments.end(), [](const Argument& argument) {
      return argument.type == ArgType::kLibrary && (argument.value == "c++" || argument.value == "c++abi");
    });
    if (!wanted && !named) return false;
    doctor::AnnouncePreparation(environ, context_.driver, /*cxx=*/true);
    absl::StatusOr<toolchain::Toolchain> with_cxx = LocateZigLibc(/*cxx=*/true);
    if (!with_cxx.ok()) {
      record_.notes.emplace_back(with_cxx.status().message());
      return false;
    }
    toolchain_ = *std::move(with_cxx);
    return true;
  }

  absl::StatusOr<toolchain::Toolchain> LocateZigLibc(bool cxx) const {
    toolchain::ZigLibcRequest request{.driver = context_.driver, .mode = rewrite::ModeOf(call_), .cxx = cxx};
    for (const Argument& argument : call_.arguments) {
      for (const char* prefix : {"-mcpu=", "-march=", "-mtune="}) {
        if (argument.type == ArgType::kDriver && absl::StartsWith(argument.value, prefix))
          request.flags.push_back(argument.value);
      }
    }
    return toolchain::LocateZigLibc(request);
  }

  void Phase(const char* name) {
    const auto now = std::chrono::steady_clock::now();
    record_.phases_ms.emplace_back(name, std::chrono::duration<double, std::milli>(now - phase_start_).count());
    phase_start_ = now;
  }

  // Links that are not an executable, or that somebody wants dynamic: known from the command line alone.
  std::optional<std::string> WhyNotStatic() const {
    if (context_.settings.static_mode == support::StaticMode::kOff) return "CGO_LD_SHIM_STATIC=off";
    const target::Target target = target::Infer(environ);
    if (target.os != "linux") return absl::StrCat("the target is ", target.os);
    for (const Argument& argument : call_.arguments) {
      if (argument.type == ArgType::kShared) return "it makes a shared library (-shared)";
      if (argument.type == ArgType::kRelocatable) return "it makes an object (-r)";
      if (argument.type != ArgType::kDriver || !absl::StartsWith(argument.value, "-fsanitize=")) continue;
      for (const char* sanitizer : {"address", "memory", "thread", "leak"}) {
        if (absl::StrContains(argument.value, sanitizer)) {
          return absl::StrCat(argument.value, ": the sanitizer's run-time library needs a dynamic program");
        }
      }
    }
    return std::nullopt;
  }

  std::optional<std::string> WhyNotStaticByInputs() const {
    bool opens = false, looks_up = false;
    for (const PlanInput& input : plan_.inputs) {
      if (input.origin != Origin::kGiven || input.files.empty()) continue;
      const symbols::InputFile& file = input.files[0];
      if (file.kind == symbols::FileKind::kShared && input.library.empty()) {
        return absl::StrCat("the shared library ", input.path, " is named by its path");
      }
      if (file.object == nullptr) continue;
      // Package plugin's C functions (src/plugin/plugin_dlopen.go). Linked static, such a program starts with
      // "runtime: no plugin module data".
      for (const symbols::Definition& definition : file.object->definitions) {
        if (!absl::StartsWith(definition.name, "_cgo_")) continue;
        opens |= absl::EndsWith(definition.name, "_Cfunc_pluginOpen");
        looks_up |= absl::EndsWith(definition.name, "_Cfunc_pluginLookup");
      }
    }
    if (opens && looks_up) return "the program loads plugins (package plugin)";
    return std::nullopt;
  }

  std::optional<std::string> WhyNotStaticBySymbols() {
    for (const resolve::Unresolved& missing : resolution_.missing) {
      for (const char* init : {"__asan_init", "__msan_init", "__tsan_init", "__hwasan_init"}) {
        if (absl::StartsWith(missing.symbol, init)) {
          return absl::StrCat("C code is instrumented (", missing.symbol,
                              "): the sanitizer's run-time library needs a dynamic program");
        }
      }
    }
    // -linkshared: Go's own packages are in a shared library that has the runtime's symbols.
    for (const PlanInput& input : resolution_.left_out) {
      const absl::StatusOr<symbols::InputFile>& file = cache_.Open(input.shared);
      if (!file.ok() || file->object == nullptr) continue;
      for (const symbols::Definition& definition : file->object->definitions) {
        if (absl::StartsWith(definition.name, "runtime.")) {
          return absl::StrCat("Go packages are linked from a shared library (-linkshared, ", input.shared, ")");
        }
      }
    }
    return std::nullopt;
  }

  // The original argv, by the driver itself.
  int LinkAsAsked(const std::string& reason) {
    record_.outcome = "handed-on";
    record_.mode = "as asked";
    record_.compiler = absl::StrJoin(context_.driver, " ");
    record_.linker = "the underlying compiler's linker";
    record_.notes.push_back(absl::StrCat("linked as asked, not static: ", reason));
    const std::vector<std::string> args(call_.argv.begin() + 1, call_.argv.end());
    record_.driver_argv = context_.driver;
    record_.driver_argv.insert(record_.driver_argv.end(), args.begin(), args.end());
    const backend::Outcome outcome = backend::LinkThroughDriver(context_.driver, args);
    Phase("link");
    (void)!::write(2, outcome.messages.data(), outcome.messages.size());
    return Finish(outcome.exit_status);
  }

  // By zig alone: dynamic for what the system brings (macOS, Windows, …; Linux with another version of glibc).
  int LinkForSystem() {
    SystemLink link = PrepareSystemLink(context_, call_);
    record_.mode = link.mode;
    record_.target = toolchain::ZigTarget(context_.driver);
    record_.compiler = absl::StrJoin(context_.driver, " ");
    record_.linker = "zig's linker";
    record_.rewrites = std::move(link.rewrites);
    record_.notes = std::move(link.notes);
    Phase("rewrite");
    backend::Outcome outcome{.exit_status = 1};
    if (link.error.ok()) {
      record_.driver_argv = context_.driver;
      record_.driver_argv.insert(record_.driver_argv.end(), link.words.begin(), link.words.end());
      outcome = backend::LinkThroughDriver(context_.driver, link.words);
    }
    RemoveSystemLinkFiles(link);
    Phase("link");
    record_.outcome = outcome.exit_status == 0 ? "linked" : "failed";
    // zig's warnings of words that it leaves alone stay in the record: Go would print them at every build.
    if (outcome.exit_status == 0) {
      if (!outcome.messages.empty())
        record_.notes.push_back(
            absl::StrCat("the linker said: ", absl::StripTrailingAsciiWhitespace(outcome.messages)));
      return Finish(0);
    }
    record_.missing = std::move(link.missing);
    record_.ways_out = std::move(link.ways_out);
    // Before 1.22 cmd/link wrote relocations against addresses for macOS, of which zig's linker refuses those that
    // point to the end of a section.
    if (absl::StrContains(outcome.messages, ": bad relocation") && absl::StrContains(outcome.messages, "/go.o")) {
      record_.ways_out.emplace_back(
          "Go 1.22 or newer                 zig's linker does not read what older ones write");
    }
    if (link.error.ok()) {
      fmt::print(stderr, "{}{}", outcome.messages, report::FailureText(record_));
    } else {
      record_.notes.emplace_back(link.error.message());
      fmt::print(stderr, "cgo-ld-shim: cannot link for {}: {}\n", record_.target, std::string(link.error.message()));
    }
    return Finish(outcome.exit_status);
  }

  int LocateToolchain() {
    toolchain::LocateRequest request{.driver = context_.driver, .mode = rewrite::ModeOf(call_)};
    for (const Argument& argument : call_.arguments) {
      if (argument.type == ArgType::kDriver)
        request.flags.insert(request.flags.end(), argument.words.begin(), argument.words.end());
    }
    absl::StatusOr<toolchain::Toolchain> toolchain = absl::UnavailableError("");
    if (toolchain::IsZigMusl(context_.driver) && context_.settings.linker != "zig") {
      toolchain = LocateZigLibc(/*cxx=*/false);
      if (!toolchain.ok()) record_.notes.push_back(absl::StrCat("zig links by itself: ", toolchain.status().message()));
    }
    if (!toolchain.ok()) toolchain = toolchain::Locate(request);
    if (!toolchain.ok()) {
      fmt::print(stderr, "cgo-ld-shim: {}\n", std::string(toolchain.status().message()));
      record_.outcome = "failed";
      record_.notes.emplace_back(toolchain.status().message());
      return Finish(1);
    }
    toolchain_ = *std::move(toolchain);
    record_.mode = request.mode == toolchain::LinkMode::kStaticPie ? "static-pie" : "static";
    record_.target = toolchain_.machine;
    record_.libc = toolchain_.libc;
    record_.compiler = toolchain_.version;
    record_.fingerprint = toolchain::Fingerprint(toolchain_, environ);
    return 0;
  }

  // zig: it chooses libc, crt files and runtime libraries by itself; ours is to ask for a static program, and to check.
  int LinkThroughOpaqueDriver() {
    std::vector<std::string> words;
    const auto drop = [&](const Argument& argument, const char* rule, const char* because) {
      record_.rewrites.push_back({rule, argument.words, {}, because, {}});
    };
    bool has_static = false;
    for (const Argument& argument : call_.arguments) {
      has_static |= argument.type == ArgType::kStatic;
      if (argument.type == ArgType::kExportDynamic) {
        drop(argument, "drop-rdynamic", "a static program has no dynamic symbol table");
      } else if (argument.type == ArgType::kLibrary && argument.value == "resolv") {
        drop(argument, "drop-lresolv", "the C library of this target has it all");
      } else {
        words.insert(words.end(), argument.words.begin(), argument.words.end());
      }
    }
    if (!has_static) {
      words.push_back("-static");
      record_.rewrites.push_back({"force-static", {}, {"-static"}, "final link of an executable", {}});
    }
    record_.linker = absl::StrCat(context_.driver[0], " (its own)");
    if (context_.settings.note)
      record_.notes.emplace_back(
          "CGO_LD_SHIM_NOTE=1: no note is in the program: this compiler chooses its libraries itself");
    record_.driver_argv = context_.driver;
    record_.driver_argv.insert(record_.driver_argv.end(), words.begin(), words.end());
    const backend::Outcome outcome = backend::LinkThroughDriver(context_.driver, words);
    Phase("link");
    if (outcome.exit_status == 0) {
      if (const absl::Status is_static = backend::VerifyStatic(record_.output); !is_static.ok())
        return RejectDynamic(outcome, is_static);
      record_.outcome = "linked";
      return Finish(0);
    }
    record_.outcome = "failed";
    fmt::print(stderr, "{}{}", outcome.messages, report::FailureText(record_));
    return Finish(outcome.exit_status);
  }

  int RejectDynamic(const backend::Outcome& outcome, const absl::Status& is_static) {
    // Never a device: as root, `-o /dev/null` would take it from everybody.
    if (support::IsRegularFile(record_.output)) ::unlink(record_.output.c_str());
    fmt::print(stderr, "{}cgo-ld-shim: {}\n", outcome.messages, std::string(is_static.message()));
    record_.outcome = "failed";
    record_.notes.emplace_back(is_static.message());
    return Finish(1);
  }

  // A file that is not there, or cannot be read: said before any linker is started, all of them at once.
  int FailForInputs() {
    bool libc_missing = false;
    for (const PlanInput& input : resolution_.not_found) {
      const std::string name = absl::StrJoin(input.words, " ");
      if (input.origin == Origin::kToolchain) {
        libc_missing = true;
        record_.notes.push_back(absl::StrCat("the compiler's own ", name, " has no static archive here"));
        continue;
      }
      diagnose::Finding finding{.symbol = name, .demangled = name, .from_program = true, .named_by = name};
      if (!input.library.empty() && input.problem == "not found") {
        finding.cause = "library-not-found";
        finding.hint = absl::StrCat("no lib", input.library, ".a and no lib", input.library, ".so in ",
                                    plan_.all_dirs.size(), " directories: ", diagnose::InstallHint(input.library));
      } else {
        finding.cause = "unreadable";
        finding.hint = input.problem;
      }
      record_.missing.push_back(std::move(finding));
    }
    if (libc_missing) {
      if (context_.settings.static_mode == support::StaticMode::kPrefer)
        return LinkAsAsked("this machine has no static C library");
      record_.ways_out.push_back(
          "install the static C library: glibc-static and libstdc++-static (Fedora, RHEL), libc6-dev (Debian, Ubuntu), "
          "musl-dev (Alpine)");
      record_.ways_out.push_back("CGO_LD_SHIM_STATIC=prefer    this program becomes dynamic");
    }
    record_.searched = plan_.all_dirs;
    record_.outcome = "failed";
    fmt::print(stderr, "{}", report::FailureText(record_));
    return Finish(1);
  }

  // The C library for which an object of cgo says that it was compiled; empty for objects that do not say.
  static std::string LibcOf(const PlanInput& input) {
    if (input.origin != Origin::kGiven || !input.IsObject() || input.files[0].buffer == nullptr) return "";
    const llvm::StringRef bytes = input.files[0].buffer->getBuffer();
    // _cgo_export.c, which has the text, makes a small object; those that are large are the program's own C, or Go's.
    if (bytes.size() > (1 << 20)) return "";
    return std::string(toolchain::LibcOfIdent(absl::string_view(bytes.data(), bytes.size())));
  }

  // The package of the object of _cgo_export.c at `place`. That is mostly empty: the package's functions of C are in
  // the objects that follow it on Go's line, up to the next package's. Empty when it has none, as runtime/cgo.
  std::string PackageOfExports(size_t place) const {
    const std::string directory = GoDirectory();
    if (directory.empty()) return "";
    for (size_t i = place; i < plan_.inputs.size(); ++i) {
      const PlanInput& input = plan_.inputs[i];
      if (i > place && !LibcOf(input).empty()) break;
      if (input.origin != Origin::kGiven || !input.IsObject()) continue;
      std::string package = diagnose::GoPackageOf(*input.files[0].object, absl::StrCat(directory, "/go.o"));
      if (!package.empty()) return package;
    }
    return "";
  }

  // Packages whose objects say that they were compiled for another C library. cmd/go 1.19 keeps the standard library's
  // packages whatever their compiler was; later ones ask for the tool ID, and compile them again.
  bool HasMixedLibcs() {
    const std::string ours = toolchain_.libc.substr(0, toolchain_.libc.find(' '));
    if (ours.empty()) return false;
    std::vector<diagnose::Finding> unnamed;
    for (size_t i = 0; i < plan_.inputs.size(); ++i) {
      const std::string theirs = LibcOf(plan_.inputs[i]);
      if (theirs.empty() || theirs == "none" || theirs == ours) continue;
      const std::string& path = plan_.inputs[i].path;
      std::string package = PackageOfExports(i);
      std::vector<diagnose::Finding>& list = package.empty() ? unnamed : record_.missing;
      const std::string name = package.empty() ? "a package that does not say its name" : package;
      list.push_back({.symbol = name,
                      .demangled = name,
                      .from_program = true,
                      .wanted_by = {path},
                      .package = package,
                      .cause = "mixed-libc",
                      .hint = absl::StrCat("Go's cache has it as it was compiled for ", theirs,
                                           ", and this program links ", toolchain_.libc)});
    }
    if (record_.missing.empty()) record_.missing = std::move(unnamed);
    return !record_.missing.empty();
  }

  int FailForMixedLibcs() {
    record_.ways_out.push_back("go clean -cache                  then Go compiles it for the C library of today");
    record_.ways_out.push_back(
        "GOCACHE=DIRECTORY                a cache for each of the two, with Go 1.19 and earlier");
    record_.outcome = "failed";
    fmt::print(stderr, "{}", report::FailureText(record_));
    return Finish(1);
  }

  // Archives that were built for glibc, on musl: what they lack is supplied. False for one that cannot work so.
  bool AddGlibcCompat() {
    if (!context_.settings.compat || !absl::StartsWith(toolchain_.libc, "musl") ||
        target::Infer(environ).arch != target::HostArch()) {
      return true;
    }
    const absl::StatusOr<std::string> path = objects::CompatArchive();
    if (!path.ok()) return true;
    const absl::StatusOr<symbols::InputFile>& compat = cache_.Open(*path);
    if (!compat.ok() || compat->archive == nullptr) return true;
    diagnose::GlibcArchives found = diagnose::FindGlibcArchives(resolution_, *compat->archive);
    record_.missing = std::move(found.hazards);
    if (!record_.missing.empty()) return false;
    if (!found.supplied.empty()) SupplyGlibcNames(*path, found.supplied);
    if (!found.rust_arguments.empty()) AddRustArguments(found.rust_arguments);
    return true;
  }

  // One more object or archive of ours takes part in the link, which is resolved again.
  void AddInput(const std::string& path) {
    PlanInput input{.origin = Origin::kGiven, .words = {path}};
    plan::ResolvePath(path, plan_.all_dirs, &cache_, &input);
    plan_.inputs.push_back(std::move(input));
    resolution_ = resolve::Resolve(plan_, toolchain_, &cache_);
  }

  void SupplyGlibcNames(const std::string& archive, const std::vector<rewrite::Evidence>& supplied) {
    AddInput(archive);
    rewrite::ExtraObject extra{
        .rule = "glibc-compat",
        .name = "libglibc_compat.a",
        .path = archive,
        .because = absl::StrCat(supplied.size(), supplied.size() == 1 ? " name" : " names",
                                " of glibc that musl does not have; CGO_LD_SHIM_COMPAT=off makes it an error"),
        .evidence = {supplied.begin(), supplied.begin() + std::min<ptrdiff_t>(3, std::ssize(supplied))}};
    extra_.push_back(std::move(extra));
    const std::string& unit = supplied[0].wanted_by;
    record_.notes.push_back(
        absl::StrCat(unit.substr(0, unit.rfind('(')),
                     " was built for glibc and is linked with musl: a mutex that is initialised as "
                     "PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP, "
                     "and a constructor that reads its arguments, cannot be seen from here and would not work"));
  }

  void AddRustArguments(const std::string& symbol) {
    const std::string directory = GoDirectory();
    if (directory.empty()) return;
    const absl::StatusOr<std::string> object = objects::CompileRustArguments(symbol, context_.driver, directory);
    if (!object.ok()) {
      record_.notes.emplace_back(object.status().message());
      return;
    }
    temporary_files_.push_back(*object);
    extra_.push_back({.rule = "rust-arguments",
                      .name = "cgo_ld_shim_rust.o",
                      .path = *object,
                      .because =
                          "glibc hands a program's arguments to constructors, which Rust for glibc relies on, and "
                          "musl does not",
                      .evidence = {{symbol, "", ""}}});
    AddInput(*object);
  }

  int FailForGlibcArchives() {
    record_.ways_out.push_back("CGO_LD_SHIM_LIBC=glibc        static with the host's glibc");
    record_.ways_out.push_back("a build of the library for musl, named instead of this one");
    record_.outcome = "failed";
    fmt::print(stderr, "{}", report::FailureText(record_));
    return Finish(1);
  }

  // Go's own temporary directory for this link, which it deletes; empty when the call is not Go's.
  std::string GoDirectory() const {
    for (const PlanInput& input : plan_.inputs) {
      if (absl::EndsWith(input.path, "/go.o")) return input.path.substr(0, input.path.rfind('/'));
    }
    return "";
  }

  // Archives for another machine whose neighbours fit.
  void UseVariants() {
    for (const plan::Variant& variant : plan::UseVariants(toolchain_.libc, &plan_, &cache_)) RecordVariant(variant);
  }

  // Archives for another C library: what is missing then has names that only that one has.
  void UseLibcVariants() {
    bool any = false;
    for (const resolve::Unresolved& missing : resolution_.missing) {
      if (!diagnose::IsOfOtherLibc(missing.symbol, toolchain_.libc)) continue;
      for (const std::string& archive : missing.wanting_paths) {
        const std::string because =
            absl::StrCat(archive, " was built for another C library: it needs ", missing.symbol);
        const std::optional<plan::Variant> variant =
            plan::UseVariant(archive, toolchain_.libc, because, &plan_, &cache_);
        if (!variant) continue;
        RecordVariant(*variant);
        any = true;
      }
    }
    if (any) resolution_ = resolve::Resolve(plan_, toolchain_, &cache_);
  }

  void RecordVariant(const plan::Variant& variant) {
    replacements_.push_back({variant.argument, {"use-variant", variant.before, {variant.to}, variant.because, {}}});
  }

  // Archives that define the same names: where that is only a language runtime, or the user has asked for it, one of
  // them becomes an object that keeps its names to itself. The file lies in Go's own temporary directory, beside go.o.
  void IsolateClashes() {
    const std::string directory = GoDirectory();
    if (directory.empty()) return;
    // Each round isolates one archive; the rest is looked at again in the new link.
    for (size_t round = 0; round < plan_.inputs.size(); ++round) {
      bool isolated = false;
      for (const isolate::Clash& clash : isolate::FindClashes(resolution_)) {
        const bool first_asked = IsolationAsked(clash.first), second_asked = IsolationAsked(clash.second);
        if (!clash.runtime_only && !first_asked && !second_asked) continue;
        const std::string& archive = first_asked && !second_asked ? clash.first : clash.second;
        const std::string& other = first_asked && !second_asked ? clash.second : clash.first;
        const std::string object = absl::StrCat(directory, "/lib", resolve::LibraryName(archive), ".isolated.o");
        const absl::Status status = isolate::Isolate(archive, resolution_, toolchain_, object);
        if (!status.ok()) {
          record_.notes.emplace_back(status.message());
          continue;
        }
        temporary_files_.push_back(object);
        Replace(archive, other, object, clash);
        isolated = true;
        break;
      }
      if (!isolated) return;
      resolution_ = resolve::Resolve(plan_, toolchain_, &cache_);
    }
  }

  bool IsolationAsked(const std::string& archive) const {
    const std::vector<std::string>& names = context_.settings.isolate;
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return name == archive || absl::EndsWith(archive, absl::StrCat("/", name)) ||
             resolve::LibraryName(archive) == name;
    });
  }

  void Replace(const std::string& archive, const std::string& other, const std::string& object,
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
    for (PlanInput& input : plan_.inputs) {
      if (input.path != archive) continue;
      if (replacement.argument < 0) {
        replacement.argument = input.argument;
        replacement.rewrite.before = input.words;
        PlanInput with{.origin = Origin::kGiven, .argument = input.argument, .words = {object}};
        plan::ResolvePath(object, plan_.all_dirs, &cache_, &with);
        input = std::move(with);
      } else {
        input.files.clear();  // a repeat: the object may be there only once
      }
    }
    replacements_.push_back(std::move(replacement));
  }

  // CGO_LD_SHIM_STUBS: symbols that only a shared library of that list has get a function that says so and aborts.
  void AddStubs() {
    const std::vector<std::string>& names = context_.settings.stubs;
    if (names.empty()) return;
    std::map<std::string, std::vector<std::string>> stubbed;  // shared library → its symbols
    std::vector<objects::Stub> stubs;
    if (!resolution_.missing.empty()) {
      for (const diagnose::Finding& finding : diagnose::Diagnose(plan_, resolution_, toolchain_, &cache_).findings) {
        const std::string name = resolve::LibraryName(finding.shared_library);
        if (finding.cause != "only-shared" || !NamedByStubs(name)) continue;
        stubbed[finding.shared_library].push_back(finding.symbol);
        stubs.push_back(StubOf(finding, name));
      }
    }
    for (const std::string& name : names) {
      const bool used = std::any_of(stubbed.begin(), stubbed.end(), [&](const auto& entry) {
        return StubName(name) == resolve::LibraryName(entry.first);
      });
      if (!used) record_.notes.push_back(absl::StrCat("CGO_LD_SHIM_STUBS=", name, ": nothing here needs it"));
    }
    const std::string directory = GoDirectory();
    if (stubs.empty() || directory.empty()) return;
    std::vector<std::string> driver = context_.driver;
    for (const Argument& argument : call_.arguments) {
      if (argument.type == ArgType::kDriver && absl::StartsWith(argument.value, "-m"))
        driver.insert(driver.end(), argument.words.begin(), argument.words.end());
    }
    const absl::StatusOr<std::string> object = objects::CompileStubs(stubs, driver, directory);
    if (!object.ok()) {
      record_.notes.emplace_back(object.status().message());
      return;
    }
    temporary_files_.push_back(*object);
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
        for (const resolve::Unresolved& missing : resolution_.missing) {
          if (missing.symbol == symbol) extra.evidence.push_back({symbol, missing.wanted_by[0], library});
        }
      }
      extra_.push_back(std::move(extra));
    }
    AddInput(*object);
  }

  // As people write it: udev, libudev, libudev.so.
  static std::string StubName(absl::string_view word) {
    absl::ConsumePrefix(&word, "lib");
    return std::string(word.substr(0, word.find(".so")));
  }
  bool NamedByStubs(const std::string& library) const {
    const std::vector<std::string>& names = context_.settings.stubs;
    return !library.empty() &&
           std::any_of(names.begin(), names.end(), [&](const std::string& name) { return StubName(name) == library; });
  }

  objects::Stub StubOf(const diagnose::Finding& finding, const std::string& library) {
    objects::Stub stub{.name = finding.symbol, .library = library};
    const absl::StatusOr<symbols::InputFile>& file = cache_.Open(finding.shared_library);
    if (!file.ok() || file->object == nullptr) return stub;
    for (const symbols::Definition& definition : file->object->definitions) {
      if (definition.name != finding.symbol) continue;
      stub.tls = definition.tls;
      stub.size = definition.size;
      stub.function = definition.function || (!definition.tls && definition.size == 0);
    }
    return stub;
  }

  void AddNssObject() {
    const resolve::Simulation& link = *resolution_.simulation;
    const target::Target target = target::Infer(environ);
    if (!absl::StartsWith(toolchain_.libc, "glibc") || context_.settings.nss_host ||
        target.arch != target::HostArch() || link.Definer("__nss_configure_lookup") < 0) {
      return;
    }
    absl::StatusOr<std::string> object = objects::NssFilesObject();
    if (!object.ok()) {
      record_.notes.emplace_back(object.status().message());
      return;
    }
    rewrite::ExtraObject extra{.rule = "nss-files",
                               .name = "nss_files.o",
                               .path = *object,
                               .because =
                                   "look-ups of users, groups and hosts use /etc files and DNS; CGO_LD_SHIM_NSS=host "
                                   "keeps the host's modules"};
    if (support::OlderThan(absl::StripPrefix(toolchain_.libc, "glibc "), 2, 34)) {
      absl::StrAppend(&extra.because, "; ", toolchain_.libc,
                      " reads them through libnss_files.so and libnss_dns.so of the same version, which must be where "
                      "the program runs");
    }
    for (const char* entry :
         {"getaddrinfo", "getpwnam_r", "getpwuid_r", "getgrnam_r", "getgrgid_r", "gethostbyname", "getnameinfo"}) {
      const int definer = link.Definer(entry);
      if (definer < 0 || extra.evidence.size() == 3) continue;
      const resolve::Unit& unit = link.units()[static_cast<size_t>(definer)];
      extra.evidence.push_back(
          {entry, unit.extracted_by >= 0 ? link.UnitName(unit.extracted_by) : "", link.UnitName(definer)});
    }
    extra_.push_back(std::move(extra));
  }

  // The reasons for which the underlying driver's linker does the planned link.
  bool NeedsDriver() {
    const char* fault = std::getenv(kFaultVariable);
    if (fault != nullptr) {
      record_.notes.push_back("the embedded linker ended by a fault; the underlying compiler's linker took its place");
      return true;
    }
    if (!resolution_.simulation->lto().empty()) {
      link_.rewrites.push_back(
          {"lto-driver",
           {},
           {},
           absl::StrCat(resolution_.simulation->lto()[0], " holds code for a link-time optimiser only"),
           {}});
      return true;
    }
    if (!context_.settings.linker.empty() && context_.settings.linker != "lld") {
      link_.rewrites.push_back(
          {"linker-driver", {}, {}, absl::StrCat("CGO_LD_SHIM_LINKER=", context_.settings.linker), {}});
      return true;
    }
    std::vector<std::string> options;
    for (const rewrite::LinkWord& word : link_.line) {
      if (word.argument.type == ArgType::kDriver && absl::StartsWith(word.argument.value, "-fuse-ld=")) {
        link_.rewrites.push_back({"linker-driver", {}, {}, absl::StrCat(word.argument.value, " is asked for"), {}});
        return true;
      }
      if (word.argument.type == ArgType::kLinker && !FromGo(word.argument.value))
        options.push_back(word.argument.value);
    }
    std::string complaint;
    if (!options.empty() && !backend::LldAccepts(options, &complaint)) {
      link_.rewrites.push_back(
          {"linker-driver",
           {},
           {},
           absl::StrCat("the embedded linker does not take it: ", absl::StripTrailingAsciiWhitespace(complaint)),
           {}});
      return true;
    }
    return false;
  }

  // Options that cmd/link itself writes, which lld is known to take: no need to ask it.
  static bool FromGo(absl::string_view option) {
    static constexpr absl::string_view kPrefixes[] = {
        "--build-id=", "--compress-debug-sections=", "--export-dynamic-symbol=", "-z", "-S", "relro", "now"};
    for (absl::string_view prefix : kPrefixes) {
      if (absl::StartsWith(option, prefix)) return true;
    }
    return option == "--start-group" || option == "--end-group" || option == "-Bstatic" || option == "-Bdynamic";
  }

  int Link() {
    record_.rewrites.clear();
    const bool driver = NeedsDriver();
    record_.rewrites = link_.rewrites;
    record_.driver_argv = context_.driver;
    record_.driver_argv.insert(record_.driver_argv.end(), link_.words.begin(), link_.words.end());
    record_.inputs = Inputs();
    backend::Outcome outcome;
    if (driver) {
      outcome = LinkWithDriver(link_.words);
    } else {
      record_.linker = backend::EmbeddedLinkerName();
      record_.linker_argv = backend::LinkerLine(link_, toolchain_, record_.output);
      if (!context_.settings.strict) backend::RestartOnFault(call_.argv, absl::StrCat(kFaultVariable, "=1"));
      outcome = backend::LinkInProcess(record_.linker_argv);
      const bool explained = !resolution_.missing.empty() || !resolution_.duplicates.empty();
      if (outcome.exit_status != 0 && !explained && !context_.settings.strict && WorthAnotherTry(outcome.messages)) {
        const backend::Outcome second = LinkWithDriver(link_.words);
        if (second.exit_status == 0) {
          record_.outcome = "fell-back";
          record_.notes.push_back(
              absl::StrCat("the embedded linker said: ", absl::StripTrailingAsciiWhitespace(outcome.messages)));
          outcome = second;
        }
      }
    }
    Phase("link");
    if (outcome.exit_status != 0) return Fail(outcome);
    if (const absl::Status is_static = backend::VerifyStatic(record_.output); !is_static.ok()) {
      return RejectDynamic(outcome, is_static);
    }
    if (record_.outcome.empty()) record_.outcome = "linked";
    // Warnings of a link that went well stay in the record: Go would print them at every build.
    if (!outcome.messages.empty())
      record_.notes.push_back(absl::StrCat("the linker said: ", absl::StripTrailingAsciiWhitespace(outcome.messages)));
    return Finish(0);
  }

  // What a full disk, an unwritable directory or a signal spoils for lld, it spoils for the driver as well.
  static bool WorthAnotherTry(absl::string_view messages) {
    return !absl::StrContains(messages, "cannot open output file") &&
           !absl::StrContains(messages, "failed to write output") &&
           !absl::StrContains(messages, "No space left on device");
  }

  backend::Outcome LinkWithDriver(std::vector<std::string> words) {
    record_.linker = "the underlying compiler's linker";
    std::string directory;
    const std::string& linker = context_.settings.linker;
    if (absl::StrContains(linker, "/")) {
      // gcc finds a program called ld in a -B directory; -fuse-ld=PATH is clang's alone.
      const absl::StatusOr<std::string> made = support::MakeTemporaryDirectory();
      if (made.ok() && ::symlink(linker.c_str(), absl::StrCat(*made, "/ld").c_str()) == 0) {
        directory = *made;
        words.insert(words.begin(), absl::StrCat("-B", directory));
        record_.linker = linker;
      }
    }
    const backend::Outcome outcome = backend::LinkThroughDriver(context_.driver, words);
    if (!directory.empty()) {
      ::unlink(absl::StrCat(directory, "/ld").c_str());
      ::rmdir(directory.c_str());
    }
    return outcome;
  }

  int Fail(const backend::Outcome& outcome) {
    const diagnose::Diagnosis diagnosis = diagnose::Diagnose(plan_, resolution_, toolchain_, &cache_);
    if (context_.settings.static_mode == support::StaticMode::kPrefer && !resolution_.missing.empty()) {
      if (const std::optional<int> status = LinkPreferred(diagnosis)) return *status;
      if (const std::optional<int> status = LinkDynamic()) return *status;
    }
    record_.missing = diagnosis.findings;
    record_.ways_out = diagnosis.ways_out;
    if (!toolchain::ZigTarget(context_.driver).empty() && !HostDirectory(call_.expanded).empty())
      record_.ways_out.emplace_back(kPkgConfigWayOut);
    record_.searched = resolution_.searched;
    for (const std::string& problem : resolution_.problems) record_.notes.push_back(problem);
    record_.outcome = "failed";
    // The linker's own words first, complete; ours last, where the eye is.
    std::string text = outcome.messages;
    if (!text.empty() && text.back() != '\n') text += '\n';
    text += report::FailureText(record_);
    (void)!::write(2, text.data(), text.size());
    if (outcome.signal != 0) record_.notes.push_back(absl::StrCat("the linker was ended by signal ", outcome.signal));
    return Finish(outcome.exit_status);
  }

  // STATIC=prefer and a library that is only there as a shared one: dynamic for libc and that library, archives for the
  // rest.
  std::optional<int> LinkPreferred(const diagnose::Diagnosis& diagnosis) {
    std::vector<std::string> shared;
    for (const diagnose::Finding& finding : diagnosis.findings) {
      if (finding.shared_library.empty()) return std::nullopt;
      if (std::find(shared.begin(), shared.end(), finding.shared_library) == shared.end())
        shared.push_back(finding.shared_library);
    }
    resolve::Candidates candidates(plan_, toolchain_, &cache_);
    const std::vector<std::string>& runtime = candidates.Runtime(toolchain_.libcxx);
    std::vector<std::string> words;
    for (const rewrite::LinkWord& word : link_.line) {
      const Argument& argument = word.argument;
      const bool ours =
          std::any_of(extra_.begin(), extra_.end(), [&](const rewrite::ExtraObject& o) { return o.path == word.path; });
      if (argument.type == ArgType::kStatic || ours) continue;
      if (argument.type == ArgType::kStaticPie) {
        words.push_back("-pie");
      } else if (argument.type == ArgType::kLibrary && !word.path.empty() &&
                 (std::find(runtime.begin(), runtime.end(), word.path) == runtime.end() ||
                  absl::StrContains(word.path, "c++"))) {
        words.push_back(word.path);
      } else if (argument.type == ArgType::kLinker) {
        words.push_back(absl::StrCat("-Wl,", argument.value));
      } else {
        words.insert(words.end(), argument.words.begin(), argument.words.end());
      }
    }
    // By name where it has one: the program then asks for the library as any other does, not for a path.
    for (const std::string& path : shared) {
      const std::string name = resolve::LibraryName(path);
      // Not where only the versioned file is there: -lsystemd does not find libsystemd.so.0.
      if (name.empty() || !absl::EndsWith(path, absl::StrCat("/lib", name, ".so"))) {
        words.push_back(path);
      } else {
        words.push_back(absl::StrCat("-L", path.substr(0, path.rfind('/'))));
        words.push_back(absl::StrCat("-l", name));
      }
    }
    const backend::Outcome outcome = LinkWithDriver(words);
    Phase("link-dynamic");
    if (outcome.exit_status != 0) {
      record_.notes.push_back(absl::StrCat("CGO_LD_SHIM_STATIC=prefer: archives with ", absl::StrJoin(shared, ", "),
                                           " do not link: ", absl::StripTrailingAsciiWhitespace(outcome.messages)));
      return std::nullopt;
    }
    record_.mode = "dynamic";
    record_.outcome = "linked";
    record_.driver_argv = context_.driver;
    record_.driver_argv.insert(record_.driver_argv.end(), words.begin(), words.end());
    record_.notes.push_back(absl::StrCat("CGO_LD_SHIM_STATIC=prefer: dynamic for libc and ",
                                         absl::StrJoin(shared, ", "), "; all else is static"));
    return Finish(0);
  }

  // STATIC=prefer, and no archive serves: as Go asks, which takes libX.so where libX.a cannot be used.
  std::optional<int> LinkDynamic() {
    const std::vector<std::string> args(call_.argv.begin() + 1, call_.argv.end());
    const backend::Outcome outcome = backend::LinkThroughDriver(context_.driver, args);
    Phase("link-as-asked");
    if (outcome.exit_status != 0) return std::nullopt;
    record_.mode = "as asked";
    record_.outcome = "handed-on";
    record_.linker = "the underlying compiler's linker";
    record_.rewrites.clear();
    record_.driver_argv = context_.driver;
    record_.driver_argv.insert(record_.driver_argv.end(), args.begin(), args.end());
    record_.notes.emplace_back(
        "linked as asked, not static: CGO_LD_SHIM_STATIC=prefer, and a static link lacks symbols");
    return Finish(0);
  }

  // What the link reads, in its order.
  std::vector<report::InputRecord> Inputs() const {
    std::vector<report::InputRecord> inputs;
    const resolve::Simulation& link = *resolution_.simulation;
    std::vector<std::vector<std::string>> members(resolution_.inputs.size());
    std::vector<uint64_t> used_bytes(resolution_.inputs.size());
    std::vector<rewrite::Evidence> first_use(resolution_.inputs.size());
    for (size_t u = 0; u < link.units().size(); ++u) {
      const resolve::Unit& unit = link.units()[u];
      const auto input = static_cast<size_t>(unit.input);
      if (unit.object != nullptr) used_bytes[input] += unit.object->file_bytes;
      if (unit.member < 0) continue;
      const std::string name = link.UnitName(static_cast<int>(u));
      if (unit.extracted_by >= 0 && first_use[input].symbol.empty())
        first_use[input] = {std::string(unit.extracted_for), link.UnitName(unit.extracted_by), name};
      const size_t paren = name.rfind('(');
      members[input].push_back(name.substr(paren + 1, name.size() - paren - 2));
    }
    for (size_t i = 0; i < resolution_.inputs.size(); ++i) {
      const PlanInput& input = resolution_.inputs[i];
      report::InputRecord entry{.path = input.path,
                                .kind = input.IsArchive() ? "archive" : "object",
                                .origin = input.origin == Origin::kToolchain ? "toolchain"
                                          : input.origin == Origin::kAdded   ? "added"
                                                                             : "given",
                                .as = input.library.empty() ? "" : absl::StrJoin(input.words, " "),
                                .members = std::move(members[i]),
                                .used_bytes = used_bytes[i],
                                .first_use = std::move(first_use[i])};
      if (const auto identity = support::Identify(input.path)) entry.bytes = identity->size;
      inputs.push_back(std::move(entry));
    }
    return inputs;
  }

  // The list of components as a note in the program. It names no file of this machine, so that the bytes are the same
  // wherever the same archives are linked.
  void AddPackageNote() {
    std::string like;
    for (const PlanInput& input : plan_.inputs) {
      if (input.origin == Origin::kGiven && like.empty() && !input.IsArchive() && !input.path.empty())
        like = input.path;
    }
    std::vector<std::string> isolated;
    for (const rewrite::Replacement& replacement : replacements_) {
      for (const rewrite::Evidence& evidence : replacement.rewrite.evidence) isolated.push_back(evidence.provided_by);
    }
    const std::string architecture = toolchain_.machine.substr(0, toolchain_.machine.find('-'));
    const absl::StatusOr<std::string> object = objects::NoteObject(
        like, {.section = ".note.package",
               .owner = "FDO",
               .type = sbom::kPackageNoteType,
               .content = sbom::PackageNote(
                   sbom::Components(Inputs(), isolated),
                   {.name = record_.package, .architecture = architecture, .distribution = sbom::Distribution()})});
    if (!object.ok()) {
      record_.notes.push_back(
          absl::StrCat("CGO_LD_SHIM_NOTE=1: no note is in the program: ", object.status().message()));
      return;
    }
    extra_.push_back({.rule = "package-note",
                      .name = "package_note.o",
                      .path = *object,
                      .because = "the program carries the list of its libraries (CGO_LD_SHIM_NOTE=1)"});
  }

  int Finish(int exit_status) {
    record_.exit_status = exit_status;
    if (const char* stage = support::FindVariable(environ, capture::kRequestVariable)) TakeCapture(stage);
    for (const std::string& file : temporary_files_) ::unlink(file.c_str());
    fmt::print(stderr, "{}", report::AnnotationsFor(record_, environ));
    record_.time_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    if (exit_status == 0) {
      if (const auto identity = support::Identify(record_.output)) record_.output_size = identity->size;
      record_.build_id = report::ReadBuildId(record_.output);
    }
    // Nothing that goes wrong here is the link's fault.
    report::StoreRecord(record_).IgnoreError();
    if (context_.settings.verbose) fmt::print(stderr, "{}", report::VerboseText(record_));
    if (context_.settings.log == "stderr") {
      fmt::print(stderr, "{}\n", report::ToJson(record_));
    } else if (!context_.settings.log.empty()) {
      AppendLog(context_.settings.log);
    }
    return exit_status;
  }

  // For `cgo-ld-shim capture`: also of links that another linker did, as far as ours could have done them.
  void TakeCapture(const std::string& stage) const {
    std::vector<std::string> argv = record_.linker_argv;
    if (argv.empty() && !link_.line.empty() && resolution_.simulation->lto().empty())
      argv = backend::LinkerLine(link_, toolchain_, record_.output);
    capture::Take({record_, argv, context_.driver, environ}, stage);
  }

  void AppendLog(const std::string& path) {
    const std::string line = absl::StrCat(report::ToJson(record_), "\n");
    std::FILE* file = std::fopen(path.c_str(), "ae");
    const bool written = file != nullptr && std::fwrite(line.data(), 1, line.size(), file) == line.size();
    const bool closed = file != nullptr && std::fclose(file) == 0;
    if (!written || !closed) fmt::print(stderr, "cgo-ld-shim: cannot write the log {} (CGO_LD_SHIM_LOG)\n", path);
  }

  const Context& context_;
  const invocation::Invocation& call_;
  report::LinkRecord record_;
  toolchain::Toolchain toolchain_;
  plan::FileCache cache_;
  plan::LinkPlan plan_;
  resolve::Resolution resolution_;
  std::vector<rewrite::ExtraObject> extra_;
  std::vector<rewrite::Replacement> replacements_;
  std::vector<std::string> temporary_files_;
  std::string not_static_;  // a reason, found in the inputs
  rewrite::RewrittenLink link_;
  std::chrono::steady_clock::time_point phase_start_ = std::chrono::steady_clock::now();
};

}  // namespace

int FinalLink(const Context& context, const invocation::Invocation& call) {
  // Left to the kernel, as in main: taking the symbol tables apart would be the last thing that Go waits for.
  static auto* const linker = new FinalLinker(context, call);
  return linker->Run();
}

}  // namespace cgo_ld_shim

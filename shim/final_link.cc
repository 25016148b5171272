// The final link, step by step: classify → toolchain → plan → resolve → rewrite → link → verify → record.
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "backend/backend.h"
#include "capture/capture.h"
#include "diagnose/diagnose.h"
#include "diagnose/mixed_libcs.h"
#include "diagnose/observe.h"
#include "doctor/prepare.h"
#include "fmt/format.h"
#include "plan/plan.h"
#include "plan/variants.h"
#include "report/record.h"
#include "report/text.h"
#include "resolve/candidates.h"
#include "resolve/gnu_ld.h"
#include "resolve/resolve.h"
#include "rewrite/apply.h"
#include "shim/calls.h"
#include "shim/link_state.h"
#include "shim/own_objects.h"
#include "shim/system_link.h"
#include "shim/why_not_static.h"
#include "support/file.h"
#include "support/process.h"
#include "support/setting_rows.h"
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
  FinalLinker(const Context& context, const invocation::Invocation& call) : state_(context, call) {
    state_.record.version = CGO_LD_SHIM_VERSION;
    state_.record.cwd = context.cwd;
    state_.record.argv = call.argv;
    state_.record.output = support::Absolute(call.output, context.cwd);
    // cmd/go sets it for the link as well; the output is called a.out until the link is done.
    if (const char* package = std::getenv("TOOLEXEC_IMPORTPATH")) state_.record.package = package;
  }

  int Run() {
    if (HasSystemLink(state_.context)) return LinkForSystem();
    if (const std::optional<std::string> reason = WhyNotStatic(state_.context, state_.call))
      return LinkAsAsked(*reason);
    Phase("classify");
    if (const int status = LocateToolchain(); status != 0) return status;
    Phase("toolchain");
    if (state_.toolchain.opaque) return LinkThroughOpaqueDriver();
    PlanAndResolve();
    if (!not_static_.empty()) return LinkAsAsked(not_static_);
    if (const std::optional<std::string> reason = WhyNotStaticBySymbols(state_.resolution, &state_.cache))
      return LinkAsAsked(*reason);
    if (state_.context.settings.static_mode == support::StaticMode::kPrefer) {
      const std::string opens =
          diagnose::OpensLibraries(state_.plan, state_.resolution, state_.toolchain, &state_.cache);
      if (!opens.empty()) {
        return LinkAsAsked(
            absl::StrCat("CGO_LD_SHIM_STATIC=prefer, and ", opens, " opens shared libraries at run time (dlopen)"));
      }
    }
    if (!state_.resolution.not_found.empty()) return FailForInputs();
    state_.record.missing = diagnose::FindMixedLibcs(state_.plan, state_.toolchain.libc);
    if (!state_.record.missing.empty()) return FailForMixedLibcs();
    if (!AddGlibcCompat(&state_)) return FailForGlibcArchives();
    if (const std::string ifunc = AddIfuncStart(&state_); !ifunc.empty()) return FailForMusl(ifunc);
    AddArmAtomics(&state_);
    KeepGnuChoices(&state_);
    IsolateClashes(&state_);
    AddStubs(&state_);
    AddNssObject(&state_);
    for (std::string& note : diagnose::Observe(state_.plan, state_.resolution, state_.toolchain, &state_.cache)) {
      state_.record.notes.push_back(std::move(note));
    }
    if (state_.context.settings.note) AddPackageNote(&state_);
    link_ = rewrite::Apply(state_.call, state_.plan,
                           rewrite::Decide(state_.call, state_.plan, state_.resolution, state_.toolchain, state_.extra,
                                           state_.replacements, state_.context.settings),
                           state_.resolution);
    Phase("rewrite");
    // Whoever asks for lld gets lld.
    if (state_.context.settings.linker != "lld") {
      other_linker_ = resolve::NeedsGnuLd(state_.call, state_.plan, state_.resolution);
      if (other_linker_ && !toolchain::ZigTarget(state_.context.driver).empty()) return FailForGnuLd();
    }
    return Link();
  }

 private:
  void PlanAndResolve() {
    state_.plan = plan::Build(state_.call, state_.toolchain, &state_.cache);
    Phase("plan");
    if (const std::optional<std::string> reason = WhyNotStaticByInputs(state_.plan)) {
      not_static_ = *reason;
      return;
    }
    UseVariants();
    state_.Resolve();
    UseLibcVariants();
    Phase("resolve");
    if (NeedsZigCxx()) {
      state_.replacements.clear();
      PlanAndResolve();
    }
  }

  // zig's C++ library is built only for programs that have C++ in them. True when it has just become part of the
  // toolchain.
  bool NeedsZigCxx() {
    if (!state_.toolchain.libcxx || state_.toolchain.FindArchive("c++")) return false;
    const bool wanted =
        std::any_of(state_.resolution.missing.begin(), state_.resolution.missing.end(), [](const auto& missing) {
          return absl::StartsWith(missing.symbol, "_Z") || absl::StartsWith(missing.symbol, "__cxa_") ||
                 absl::StartsWith(missing.symbol, "__gxx_personality");
        });
    const bool named =
        std::any_of(state_.call.arguments.begin(), state_.call.arguments.end(), [](const Argument& argument) {
          return argument.type == ArgType::kLibrary && (argument.value == "c++" || argument.value == "c++abi");
        });
    if (!wanted && !named) return false;
    doctor::AnnouncePreparation(environ, state_.context.driver, /*cxx=*/true);
    absl::StatusOr<toolchain::Toolchain> with_cxx = LocateZigLibc(/*cxx=*/true);
    if (!with_cxx.ok()) {
      state_.record.notes.emplace_back(with_cxx.status().message());
      return false;
    }
    state_.toolchain = *std::move(with_cxx);
    return true;
  }

  absl::StatusOr<toolchain::Toolchain> LocateZigLibc(bool cxx) const {
    toolchain::ZigLibcRequest request{
        .driver = state_.context.driver, .mode = rewrite::ModeOf(state_.call), .cxx = cxx};
    for (const Argument& argument : state_.call.arguments) {
      for (const char* prefix : {"-mcpu=", "-march=", "-mtune="}) {
        if (argument.type == ArgType::kDriver && absl::StartsWith(argument.value, prefix))
          request.flags.push_back(argument.value);
      }
    }
    return toolchain::LocateZigLibc(request);
  }

  void Phase(const char* name) {
    const auto now = std::chrono::steady_clock::now();
    state_.record.phases_ms.emplace_back(name, std::chrono::duration<double, std::milli>(now - phase_start_).count());
    phase_start_ = now;
  }

  // The original argv, by the driver itself.
  int LinkAsAsked(const std::string& reason) {
    state_.record.outcome = "handed-on";
    state_.record.mode = "as asked";
    state_.record.compiler = absl::StrJoin(state_.context.driver, " ");
    state_.record.linker = "the underlying compiler's linker";
    state_.record.notes.push_back(absl::StrCat("linked as asked, not static: ", reason));
    const std::vector<std::string> args(state_.call.argv.begin() + 1, state_.call.argv.end());
    state_.record.driver_argv = state_.context.driver;
    state_.record.driver_argv.insert(state_.record.driver_argv.end(), args.begin(), args.end());
    const backend::Outcome outcome = backend::LinkThroughDriver(state_.context.driver, args);
    Phase("link");
    (void)!::write(2, outcome.messages.data(), outcome.messages.size());
    if (outcome.exit_status != 0) state_.record.outcome = "failed";
    return Finish(outcome.exit_status);
  }

  // By zig alone: dynamic for what the system brings (macOS, Windows, …; Linux with another version of glibc).
  int LinkForSystem() {
    SystemLink link = PrepareSystemLink(state_.context, state_.call);
    state_.record.mode = link.mode;
    state_.record.target = toolchain::ZigTarget(state_.context.driver);
    state_.record.compiler = absl::StrJoin(state_.context.driver, " ");
    state_.record.linker = "zig's linker";
    state_.record.rewrites = std::move(link.rewrites);
    state_.record.notes = std::move(link.notes);
    Phase("rewrite");
    backend::Outcome outcome{.exit_status = 1};
    if (link.error.ok()) {
      state_.record.driver_argv = state_.context.driver;
      state_.record.driver_argv.insert(state_.record.driver_argv.end(), link.words.begin(), link.words.end());
      outcome = backend::LinkThroughDriver(state_.context.driver, link.words);
    }
    RemoveSystemLinkFiles(link);
    Phase("link");
    state_.record.outcome = outcome.exit_status == 0 ? "linked" : "failed";
    // zig's warnings of words that it leaves alone stay in the record: Go would print them at every build.
    if (outcome.exit_status == 0) {
      if (!outcome.messages.empty())
        state_.record.notes.push_back(
            absl::StrCat("the linker said: ", absl::StripTrailingAsciiWhitespace(outcome.messages)));
      return Finish(0);
    }
    state_.record.missing = std::move(link.missing);
    state_.record.ways_out = std::move(link.ways_out);
    // Before 1.22 cmd/link wrote relocations against addresses for macOS, of which zig's linker refuses those that
    // point to the end of a section.
    if (absl::StrContains(outcome.messages, ": bad relocation") && absl::StrContains(outcome.messages, "/go.o")) {
      state_.record.ways_out.emplace_back(
          "Go 1.22 or newer                 zig's linker does not read what older ones write");
    }
    if (link.error.ok()) return FailWith(outcome);
    state_.record.notes.emplace_back(link.error.message());
    fmt::print(stderr, "cgo-ld-shim: cannot link for {}: {}\n", state_.record.target,
               std::string(link.error.message()));
    return Finish(outcome.exit_status);
  }

  // zig was asked for its link line without the flags of this link, so that one line serves all: the first flag by
  // which the driver changes what it does in a link, and which is not among those that mean nothing to a static one.
  std::string FlagForZig() const {
    static constexpr absl::string_view kNoMatter[] = {"-m",
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
    for (const Argument& argument : state_.call.arguments) {
      if (argument.type != ArgType::kDriver) continue;
      const bool no_matter = std::any_of(std::begin(kNoMatter), std::end(kNoMatter), [&](absl::string_view flag) {
        return absl::StartsWith(argument.value, flag);
      });
      if (!no_matter) return argument.value;
    }
    return "";
  }

  int LocateToolchain() {
    toolchain::LocateRequest request{.driver = state_.context.driver, .mode = rewrite::ModeOf(state_.call)};
    for (const Argument& argument : state_.call.arguments) {
      if (argument.type == ArgType::kDriver)
        request.flags.insert(request.flags.end(), argument.words.begin(), argument.words.end());
    }
    absl::StatusOr<toolchain::Toolchain> toolchain = absl::UnavailableError("");
    if (toolchain::IsZigMusl(state_.context.driver) && state_.context.settings.linker != "zig") {
      const std::string flag = FlagForZig();
      toolchain =
          flag.empty() ? LocateZigLibc(/*cxx=*/false) : absl::UnavailableError(absl::StrCat(flag, " is asked for"));
      if (!toolchain.ok())
        state_.record.notes.push_back(absl::StrCat("zig links by itself: ", toolchain.status().message()));
    }
    if (!toolchain.ok()) toolchain = toolchain::Locate(request);
    if (!toolchain.ok()) {
      state_.record.notes = {std::string(toolchain.status().message())};
      state_.record.ways_out.emplace_back("cgo-ld-shim doctor    says what the compilers of this machine can link");
      return FailWith({.exit_status = 1});
    }
    state_.toolchain = *std::move(toolchain);
    state_.record.mode = request.mode == toolchain::LinkMode::kStaticPie ? "static-pie" : "static";
    state_.record.target = state_.toolchain.machine;
    state_.record.libc = state_.toolchain.libc;
    state_.record.compiler = state_.toolchain.version;
    state_.record.fingerprint = toolchain::Fingerprint(state_.toolchain, environ);
    return 0;
  }

  // zig: it chooses libc, crt files and runtime libraries by itself; ours is to ask for a static program, and to check.
  int LinkThroughOpaqueDriver() {
    std::vector<std::string> words;
    const auto drop = [&](const Argument& argument, const char* rule, const char* because) {
      state_.record.rewrites.push_back({rule, argument.words, {}, because, {}});
    };
    bool has_static = false;
    for (const Argument& argument : state_.call.arguments) {
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
      state_.record.rewrites.push_back({"force-static", {}, {"-static"}, "final link of an executable", {}});
    }
    state_.record.linker = absl::StrCat(state_.context.driver[0], " (its own)");
    if (state_.context.settings.note)
      state_.record.notes.emplace_back(
          "CGO_LD_SHIM_NOTE=1: no note is in the program: this compiler chooses its libraries itself");
    state_.record.driver_argv = state_.context.driver;
    state_.record.driver_argv.insert(state_.record.driver_argv.end(), words.begin(), words.end());
    const backend::Outcome outcome = backend::LinkThroughDriver(state_.context.driver, words);
    Phase("link");
    if (outcome.exit_status == 0) {
      if (const absl::Status is_static = backend::VerifyStatic(state_.record.output); !is_static.ok())
        return RejectDynamic(outcome, is_static);
      state_.record.outcome = "linked";
      return Finish(0);
    }
    return FailWith(outcome);
  }

  // The linker's own words first, complete; ours last, where the eye is.
  int FailWith(const backend::Outcome& outcome) {
    state_.record.outcome = "failed";
    if (outcome.signal != 0) {
      state_.record.notes.push_back(absl::StrCat("the linker ", support::EndText(outcome.exit_status, outcome.signal)));
      if (outcome.signal == SIGKILL)
        state_.record.ways_out.emplace_back("go build -p 1    Linux ends programs so when memory runs out");
    }
    std::string text = outcome.messages;
    if (!text.empty() && text.back() != '\n') text += '\n';
    // With no explanation of ours, the first of the linker's.
    if (state_.record.missing.empty()) {
      for (const absl::string_view line : absl::StrSplit(text, '\n')) {
        const size_t error = line.find("error: ");
        if (error == absl::string_view::npos) continue;
        state_.record.notes.emplace(state_.record.notes.begin(), line.substr(error + 7));
        break;
      }
    }
    state_.record.exit_status = outcome.exit_status;
    text += report::FailureText(state_.record);
    (void)!::write(2, text.data(), text.size());
    return Finish(outcome.exit_status);
  }

  int RejectDynamic(const backend::Outcome& outcome, const absl::Status& is_static) {
    // Never a device: as root, `-o /dev/null` would take it from everybody.
    if (support::IsRegularFile(state_.record.output)) ::unlink(state_.record.output.c_str());
    fmt::print(stderr, "{}cgo-ld-shim: {}\n", outcome.messages, std::string(is_static.message()));
    state_.record.outcome = "failed";
    state_.record.notes.emplace_back(is_static.message());
    return Finish(1);
  }

  // A file that is not there, or cannot be read: said before any linker is started, all of them at once.
  int FailForInputs() {
    bool libc_missing = false;
    for (const PlanInput& input : state_.resolution.not_found) {
      const std::string name = absl::StrJoin(input.words, " ");
      if (input.origin == Origin::kToolchain) {
        libc_missing = true;
        state_.record.notes.push_back(absl::StrCat("the compiler's own ", name, " has no static archive here"));
        continue;
      }
      diagnose::Finding finding{.symbol = name, .demangled = name, .from_program = true, .named_by = name};
      if (!input.library.empty() && input.problem == "not found") {
        finding.cause = "library-not-found";
        finding.hint =
            absl::StrCat("no lib", input.library, ".a and no lib", input.library, ".so in ",
                         state_.plan.all_dirs.size(), " directories: ", diagnose::InstallHint(input.library));
      } else {
        finding.cause = "unreadable";
        finding.hint = input.problem;
      }
      state_.record.missing.push_back(std::move(finding));
    }
    if (libc_missing) {
      if (state_.context.settings.static_mode == support::StaticMode::kPrefer)
        return LinkAsAsked("this machine has no static C library");
      state_.record.ways_out.push_back(
          "install the static C library: glibc-static and libstdc++-static (Fedora, RHEL), libc6-dev (Debian, Ubuntu), "
          "musl-dev (Alpine)");
      state_.record.ways_out.push_back("CGO_LD_SHIM_STATIC=prefer    this program becomes dynamic");
    }
    state_.record.searched = state_.plan.all_dirs;
    return FailWith({.exit_status = 1});
  }

  int FailForMixedLibcs() {
    state_.record.ways_out.push_back("go clean -cache                  then Go compiles it for the C library of today");
    state_.record.ways_out.push_back(
        "GOCACHE=DIRECTORY                a cache for each of the two, with Go 1.19 and earlier");
    return FailWith({.exit_status = 1});
  }

  int FailForGlibcArchives() {
    state_.record.ways_out.push_back("CGO_LD_SHIM_LIBC=glibc        static with the host's glibc");
    state_.record.ways_out.push_back("a build of the library for musl, named instead of this one");
    return FailWith({.exit_status = 1});
  }

  // Code that musl's start does not serve.
  int FailForMusl(const std::string& reason) {
    state_.record.notes.insert(state_.record.notes.begin(), reason);
    state_.record.ways_out.emplace_back("CGO_LD_SHIM_LIBC=glibc    static with the host's glibc");
    if (rewrite::ModeOf(state_.call) == toolchain::LinkMode::kStaticPie)
      state_.record.ways_out.emplace_back("-buildmode=exe            then an object of ours does it at start");
    state_.record.ways_out.emplace_back("a build of the library without target_clones and IFUNC");
    return FailWith({.exit_status = 1});
  }

  // What lld would link into another program, and zig has no other linker.
  int FailForGnuLd() {
    state_.record.rewrites = link_.rewrites;
    state_.record.inputs = InputRecords(state_);
    state_.record.notes.insert(state_.record.notes.begin(),
                               absl::StrCat(other_linker_->because, "; zig has no GNU ld"));
    state_.record.ways_out.emplace_back("CGO_LD_SHIM_CC=COMPILER    a compiler for this target that links with GNU ld");
    return FailWith({.exit_status = 1});
  }

  // Archives for another machine whose neighbours fit.
  void UseVariants() {
    for (const plan::Variant& variant : plan::UseVariants(state_.toolchain.libc, &state_.plan, &state_.cache))
      RecordVariant(variant);
  }

  // Archives for another C library: what is missing then has names that only that one has.
  void UseLibcVariants() {
    bool any = false;
    for (const resolve::Unresolved& missing : state_.resolution.missing) {
      if (!diagnose::IsOfOtherLibc(missing.symbol, state_.toolchain.libc)) continue;
      for (const std::string& archive : missing.wanting_paths) {
        const std::string because =
            absl::StrCat(archive, " was built for another C library: it needs ", missing.symbol);
        const std::optional<plan::Variant> variant =
            plan::UseVariant(archive, state_.toolchain.libc, because, &state_.plan, &state_.cache);
        if (!variant) continue;
        RecordVariant(*variant);
        any = true;
      }
    }
    if (any) state_.Resolve();
  }

  void RecordVariant(const plan::Variant& variant) {
    state_.replacements.push_back(
        {variant.argument, {"use-variant", variant.before, {variant.to}, variant.because, {}}});
  }

  // The reasons for which the underlying driver's linker does the planned link.
  bool NeedsDriver() {
    const char* fault = std::getenv(kFaultVariable);
    if (fault != nullptr) {
      state_.record.notes.push_back(
          "the embedded linker ended by a fault; the underlying compiler's linker took its place");
      return true;
    }
    if (!state_.resolution.simulation->lto().empty()) {
      link_.rewrites.push_back(
          {"lto-driver",
           {},
           {},
           absl::StrCat(state_.resolution.simulation->lto()[0], " holds code for a link-time optimiser only"),
           {}});
      return true;
    }
    if (other_linker_) {
      link_.rewrites.push_back({other_linker_->rule, {}, {}, other_linker_->because, other_linker_->evidence});
      return true;
    }
    if (!state_.context.settings.linker.empty() && state_.context.settings.linker != "lld") {
      link_.rewrites.push_back(
          {"linker-driver", {}, {}, absl::StrCat("CGO_LD_SHIM_LINKER=", state_.context.settings.linker), {}});
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
    return option == "-s" || option == "--start-group" || option == "--end-group" || option == "-Bstatic" ||
           option == "-Bdynamic";
  }

  int Link() {
    state_.record.rewrites.clear();
    const bool driver = NeedsDriver();
    state_.record.rewrites = link_.rewrites;
    state_.record.driver_argv = state_.context.driver;
    state_.record.driver_argv.insert(state_.record.driver_argv.end(), link_.words.begin(), link_.words.end());
    state_.record.inputs = InputRecords(state_);
    backend::Outcome outcome;
    if (driver) {
      outcome = LinkWithDriver(link_.words);
    } else {
      state_.record.linker = backend::EmbeddedLinkerName();
      state_.record.linker_argv = backend::LinkerLine(link_, state_.toolchain, state_.record.output);
      if (!state_.context.settings.strict)
        backend::RestartOnFault(state_.call.argv, absl::StrCat(kFaultVariable, "=1"));
      outcome = backend::LinkInProcess(state_.record.linker_argv);
      const bool explained = !state_.resolution.missing.empty() || !state_.resolution.duplicates.empty();
      if (outcome.exit_status != 0 && !explained && !state_.context.settings.strict &&
          toolchain::ZigTarget(state_.context.driver).empty() && WorthAnotherTry(outcome.messages)) {
        const backend::Outcome second = LinkWithDriver(link_.words);
        if (second.exit_status == 0) {
          state_.record.outcome = "fell-back";
          state_.record.notes.push_back(
              absl::StrCat("the embedded linker said: ", absl::StripTrailingAsciiWhitespace(outcome.messages)));
          outcome = second;
        }
      }
    }
    Phase("link");
    if (outcome.exit_status != 0) return Fail(outcome);
    if (const absl::Status is_static = backend::VerifyStatic(state_.record.output); !is_static.ok()) {
      return RejectDynamic(outcome, is_static);
    }
    if (state_.record.outcome.empty()) state_.record.outcome = "linked";
    // Warnings of a link that went well stay in the record: Go would print them at every build.
    if (!outcome.messages.empty())
      state_.record.notes.push_back(
          absl::StrCat("the linker said: ", absl::StripTrailingAsciiWhitespace(outcome.messages)));
    return Finish(0);
  }

  // What a full disk, an unwritable directory or a signal spoils for lld, it spoils for the driver as well.
  static bool WorthAnotherTry(absl::string_view messages) {
    return !absl::StrContains(messages, "cannot open output file") &&
           !absl::StrContains(messages, "failed to write output") &&
           !absl::StrContains(messages, "No space left on device");
  }

  backend::Outcome LinkWithDriver(std::vector<std::string> words) {
    state_.record.linker = "the underlying compiler's linker";
    std::string directory;
    const std::string& linker = state_.context.settings.linker;
    if (absl::StrContains(linker, "/")) {
      // gcc finds a program called ld in a -B directory; -fuse-ld=PATH is clang's alone.
      const absl::StatusOr<std::string> made = support::MakeTemporaryDirectory();
      if (made.ok() && ::symlink(linker.c_str(), absl::StrCat(*made, "/ld").c_str()) == 0) {
        directory = *made;
        words.insert(words.begin(), absl::StrCat("-B", directory));
        state_.record.linker = linker;
      }
    }
    const backend::Outcome outcome = backend::LinkThroughDriver(state_.context.driver, words);
    if (!directory.empty()) {
      ::unlink(absl::StrCat(directory, "/ld").c_str());
      ::rmdir(directory.c_str());
    }
    return outcome;
  }

  int Fail(const backend::Outcome& outcome) {
    const diagnose::Diagnosis diagnosis =
        diagnose::Diagnose(state_.plan, state_.resolution, state_.toolchain, &state_.cache);
    if (state_.context.settings.static_mode == support::StaticMode::kPrefer && !state_.resolution.missing.empty()) {
      if (const std::optional<int> status = LinkPreferred(diagnosis)) return *status;
      if (const std::optional<int> status = LinkDynamic()) return *status;
    }
    state_.record.missing = diagnosis.findings;
    state_.record.ways_out = diagnosis.ways_out;
    if (!toolchain::ZigTarget(state_.context.driver).empty() && !HostDirectory(state_.call.expanded).empty())
      state_.record.ways_out.emplace_back(kPkgConfigWayOut);
    state_.record.searched = state_.resolution.searched;
    for (const std::string& problem : state_.resolution.problems) state_.record.notes.push_back(problem);
    return FailWith(outcome);
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
    resolve::Candidates candidates(state_.plan, state_.toolchain, &state_.cache);
    const std::vector<std::string>& runtime = candidates.Runtime(state_.toolchain.libcxx);
    std::vector<std::string> words;
    std::vector<rewrite::Rewrite> changes;
    for (const rewrite::LinkWord& word : link_.line) {
      const Argument& argument = word.argument;
      const bool ours = std::any_of(state_.extra.begin(), state_.extra.end(),
                                    [&](const rewrite::ExtraObject& o) { return o.path == word.path; });
      if (argument.type == ArgType::kStatic || ours) continue;
      if (argument.type == ArgType::kStaticPie) {
        words.push_back("-pie");
      } else if (argument.type == ArgType::kLibrary && !word.path.empty() &&
                 (std::find(runtime.begin(), runtime.end(), word.path) == runtime.end() ||
                  absl::StrContains(word.path, "c++"))) {
        words.push_back(word.path);
        changes.push_back(
            {"prefer-dynamic", argument.words, {word.path}, "by its path, or a shared library beside it is taken", {}});
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
      std::vector<std::string> named = {path};
      if (!name.empty() && absl::EndsWith(path, absl::StrCat("/lib", name, ".so")))
        named = {absl::StrCat("-L", path.substr(0, path.rfind('/'))), absl::StrCat("-l", name)};
      words.insert(words.end(), named.begin(), named.end());
      changes.push_back({"prefer-dynamic", {}, named, absl::StrCat("only ", path, " exists"), {}});
    }
    const backend::Outcome outcome = LinkWithDriver(words);
    Phase("link-dynamic");
    if (outcome.exit_status != 0) {
      state_.record.notes.push_back(
          absl::StrCat("CGO_LD_SHIM_STATIC=prefer: archives with ", absl::StrJoin(shared, ", "),
                       " do not link: ", absl::StripTrailingAsciiWhitespace(outcome.messages)));
      return std::nullopt;
    }
    KeepWhatHoldsOfPreferred(shared);
    state_.record.rewrites.insert(state_.record.rewrites.end(), changes.begin(), changes.end());
    state_.record.mode = "dynamic";
    state_.record.outcome = "linked";
    state_.record.driver_argv = state_.context.driver;
    state_.record.driver_argv.insert(state_.record.driver_argv.end(), words.begin(), words.end());
    state_.record.notes.push_back(absl::StrCat("CGO_LD_SHIM_STATIC=prefer: dynamic for libc and ",
                                               absl::StrJoin(shared, ", "), "; all else is static"));
    return Finish(0);
  }

  // The record tells of the static link that failed; this is what the partly dynamic one has in common with it.
  void KeepWhatHoldsOfPreferred(const std::vector<std::string>& shared) {
    std::vector<rewrite::Rewrite> kept;
    for (rewrite::Rewrite& rewrite : state_.record.rewrites) {
      const bool static_alone = rewrite.rule == "force-static" || rewrite.rule == "static-pie";
      const bool ours = std::any_of(state_.extra.begin(), state_.extra.end(),
                                    [&](const rewrite::ExtraObject& object) { return object.rule == rewrite.rule; });
      const bool linked_after_all =
          rewrite.rule == "drop-shared-only" && std::any_of(shared.begin(), shared.end(), [&](const std::string& path) {
            return std::find(rewrite.before.begin(), rewrite.before.end(),
                             absl::StrCat("-l", resolve::LibraryName(path))) != rewrite.before.end();
          });
      if (!static_alone && !ours && !linked_after_all) kept.push_back(std::move(rewrite));
    }
    state_.record.rewrites = std::move(kept);
    state_.record.linker_argv.clear();
    // The compiler's own libraries are the shared ones now; which, the driver alone knows.
    std::erase_if(state_.record.inputs, [](const report::InputRecord& input) { return input.origin == "toolchain"; });
  }

  // STATIC=prefer, and no archive serves: as Go asks, which takes libX.so where libX.a cannot be used.
  std::optional<int> LinkDynamic() {
    const std::vector<std::string> args(state_.call.argv.begin() + 1, state_.call.argv.end());
    const backend::Outcome outcome = backend::LinkThroughDriver(state_.context.driver, args);
    Phase("link-as-asked");
    if (outcome.exit_status != 0) return std::nullopt;
    state_.record.mode = "as asked";
    state_.record.outcome = "handed-on";
    state_.record.linker = "the underlying compiler's linker";
    state_.record.rewrites.clear();
    state_.record.inputs.clear();
    state_.record.linker_argv.clear();
    state_.record.driver_argv = state_.context.driver;
    state_.record.driver_argv.insert(state_.record.driver_argv.end(), args.begin(), args.end());
    state_.record.notes.emplace_back(
        "linked as asked, not static: CGO_LD_SHIM_STATIC=prefer, and a static link lacks symbols");
    return Finish(0);
  }

  int Finish(int exit_status) {
    state_.record.exit_status = exit_status;
    if (const char* stage = support::FindVariable(environ, capture::kRequestVariable)) TakeCapture(stage);
    for (const std::string& file : state_.temporary_files) ::unlink(file.c_str());
    fmt::print(stderr, "{}", report::AnnotationsFor(state_.record, environ));
    state_.record.time_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    if (exit_status == 0) {
      if (const auto identity = support::Identify(state_.record.output)) state_.record.output_size = identity->size;
      state_.record.build_id = report::ReadBuildId(state_.record.output);
    }
    // Nothing that goes wrong here is the link's fault.
    report::StoreRecord(state_.record).IgnoreError();
    if (state_.context.settings.verbose) fmt::print(stderr, "{}", report::VerboseText(state_.record));
    if (state_.context.settings.log == "stderr") {
      fmt::print(stderr, "{}\n", report::ToJson(state_.record));
    } else if (!state_.context.settings.log.empty()) {
      AppendLog(state_.context.settings.log);
    }
    return exit_status;
  }

  // For `cgo-ld-shim capture`: also of links that another linker did, as far as ours could have done them.
  void TakeCapture(const std::string& stage) const {
    std::vector<std::string> argv = state_.record.linker_argv;
    if (argv.empty() && !link_.line.empty() && state_.resolution.simulation->lto().empty())
      argv = backend::LinkerLine(link_, state_.toolchain, state_.record.output);
    capture::Take({state_.record, argv, state_.context.driver, environ}, stage);
  }

  void AppendLog(const std::string& path) {
    const std::string line = absl::StrCat(report::ToJson(state_.record), "\n");
    std::FILE* file = std::fopen(path.c_str(), "ae");
    const bool written = file != nullptr && std::fwrite(line.data(), 1, line.size(), file) == line.size();
    const bool closed = file != nullptr && std::fclose(file) == 0;
    if (!written || !closed) fmt::print(stderr, "cgo-ld-shim: cannot write the log {} (CGO_LD_SHIM_LOG)\n", path);
  }

  LinkState state_;
  std::string not_static_;  // a reason, found in the inputs
  rewrite::RewrittenLink link_;
  std::optional<resolve::OtherLinker> other_linker_;  // why the embedded one would make another program of it
  std::chrono::steady_clock::time_point phase_start_ = std::chrono::steady_clock::now();
};

}  // namespace

int FinalLink(const Context& context, const invocation::Invocation& call) {
  // Left to the kernel, as in main: taking the symbol tables apart would be the last thing that Go waits for.
  static auto* const linker = new FinalLinker(context, call);
  return linker->Run();
}

}  // namespace cgo_ld_shim

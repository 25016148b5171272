#include "link/link.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "diagnose/diagnose.h"
#include "diagnose/linker_words.h"
#include "diagnose/missing_library.h"
#include "diagnose/mixed_libcs.h"
#include "diagnose/observe.h"
#include "doctor/zig_libraries.h"
#include "link/attempt.h"
#include "link/conclusion.h"
#include "link/planning.h"
#include "link/route.h"
#include "link/system.h"
#include "link/ways.h"
#include "packages/contents.h"
#include "plan/variants.h"
#include "report/marks.h"
#include "report/screen.h"
#include "report/text.h"
#include "report/text_parts.h"
#include "resolve/candidates.h"
#include "search/library_files.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/printable.h"
#include "support/process.h"
#include "target/target.h"

namespace cgo_ld_shim::link {
namespace {

using plan::Origin;
using plan::PlanInput;
using support::StaticMode;

std::string LinkerSaid(absl::string_view who, absl::string_view messages) {
  return absl::StrCat(who, " said: ", absl::StripTrailingAsciiWhitespace(messages));
}

// One link on its way to its conclusion. Each function that ends a link fills the conclusion and is the last to be
// called.
class Run {
 public:
  // With `anew`, what the caches hold of the toolchain is not believed.
  Run(const Request& request, const Tools& tools, bool anew)
      : request_(request), tools_(tools), anew_(anew), output_(support::Absolute(request.call.output, request.cwd)) {
    phase_start_ = tools.clock->Milliseconds();
  }

  Conclusion Do() {
    const std::optional<Route> route = ChooseRoute({.request = request_});
    if (route && route->kind == RouteKind::kSystem) {
      ForSystem();
    } else if (route && route->kind == RouteKind::kUnplanned) {
      AfterFault(*route);
    } else if (route) {
      AsAsked(*route);
    } else {
      Static();
    }
    return std::move(conclusion_);
  }

  // What the embedded linker was given, or would be given for this link. Valid until RemoveTemporaryFiles.
  std::vector<std::string> CaptureLine(const report::LinkRecord& record) const {
    if (!record.linker_argv.empty()) return record.linker_argv;
    if (planned_ == nullptr || !planned_->resolution->simulation->lto().empty()) return {};
    return backend::LinkerLine(planned_->line.Line(), planned_->toolchain, planned_->output);
  }
  // True when this link went wrong with a toolchain out of the cache, and the compiler, asked again, says another one.
  // What lies in a cache can be a compiler's answer that was cut short, or files that a full disk has spoilt.
  bool WasMisled(const Conclusion& conclusion) const {
    const bool as_wished = conclusion.exit_status == 0 && (request_.settings.static_mode != StaticMode::kPrefer ||
                                                           conclusion.outcome == Outcome::kLinked);
    if (as_wished || anew_ || prepared_ == nullptr || !prepared_->toolchain.kept) return false;
    std::vector<std::string> ignored;
    const absl::StatusOr<toolchain::Toolchain> now =
        FindToolchain(request_, tools_, &ignored, [](const char*) {}, /*anew=*/true);
    if (!now.ok() || now->kept) return false;
    const toolchain::LinkLine &kept = prepared_->toolchain.line, &line = now->line;
    return request_.driver.IsZigMusl() || kept.options != line.options || kept.first_objects != line.first_objects ||
           kept.library_dirs != line.library_dirs || kept.last != line.last;
  }
  void RemoveTemporaryFiles() const {
    if (prepared_ == nullptr) return;
    for (const std::string& file : prepared_->temporary_files) ::unlink(file.c_str());
  }

 private:
  void Phase(const char* name) {
    const double now = tools_.clock->Milliseconds();
    conclusion_.phases_ms.emplace_back(name, now - phase_start_);
    phase_start_ = now;
  }

  void Note(std::string note) { conclusion_.notes.push_back(std::move(note)); }

  // Takes an attempt up: its time, and what it has to say.
  const Attempt& Keep(Attempt attempt) {
    Phase(attempt.phase.c_str());
    conclusion_.attempts.push_back(std::move(attempt));
    return conclusion_.attempts.back();
  }

  // The record tells of the newest attempt.
  void TellLast() {
    conclusion_.told = conclusion_.attempts.size() - 1;
    const Attempt& told = conclusion_.attempts.back();
    conclusion_.exit_status = told.outcome.exit_status;
    conclusion_.notes.insert(conclusion_.notes.end(), told.notes.begin(), told.notes.end());
  }

  // A setting that a link has no use for, and why.
  void NoteNoGc(absl::string_view because) {
    if (request_.settings.gc) Note(absl::StrCat("CGO_LD_SHIM_GC=on: nothing is left out: ", because));
  }

  // ---- links that are not ours to plan ------------------------------------------------------------------------------

  void AsAsked(const Route& route) {
    conclusion_.compiler = absl::StrJoin(request_.driver.words, " ");
    NoteNoGc("this link is done as Go asks for it");
    const Attempt& attempt = Keep(LinkAsAsked(request_, route, tools_));
    TellLast();
    if (!attempt.ok()) return Fail(backend::Outcome(attempt.outcome));
    conclusion_.outcome = Outcome::kHandedOn;
    conclusion_.screen_words = attempt.outcome.messages;
  }

  // By zig alone: dynamic for what the system brings (macOS, Windows, …; Linux with another version of glibc).
  void ForSystem() {
    SystemLink link = PrepareSystemLink(request_);
    conclusion_.target = request_.driver.target.text;
    conclusion_.compiler = absl::StrJoin(request_.driver.words, " ");
    conclusion_.notes = std::move(link.notes);
    NoteNoGc("zig's own link for this target is not told to");
    Phase("rewrite");
    backend::Outcome outcome = TrySystem(link).outcome;
    if (outcome.exit_status != 0 && link.error.ok() && AddSystemRuntimes(request_, outcome.messages, &link)) {
      doctor::AnnouncePreparation(request_.environment, request_.driver, /*cxx=*/true);
      outcome = TrySystem(link).outcome;
    }
    link.directory.reset();
    TellLast();
    if (outcome.exit_status == 0) {
      // zig's warnings of words that it leaves alone stay in the record: Go would print them at every build.
      if (!outcome.messages.empty()) Note(LinkerSaid("the linker", outcome.messages));
      // Not what was asked for in so many words, and no failure either.
      const std::vector<invocation::Argument>& asked = request_.call.arguments;
      if (link.mode == "dynamic" && std::any_of(asked.begin(), asked.end(), [](const invocation::Argument& argument) {
            return argument.type == invocation::ArgType::kStatic;
          })) {
        conclusion_.screen_words = absl::StrCat(
            "cgo-ld-shim: -static is left out, and the program is dynamic for glibc: zig has no static glibc for ",
            request_.driver.target.text, "; with CGO_LD_SHIM_LIBC=musl it would be static (not tried)\n");
      }
      return;
    }
    diagnose::Diagnosis diagnosis = ExplainSystemLink(request_, link, outcome.messages);
    conclusion_.findings = std::move(diagnosis.findings);
    conclusion_.ways_out = std::move(diagnosis.ways_out);
    // Before 1.22 cmd/link wrote relocations against addresses for macOS, of which zig's linker refuses those that
    // point to the end of a section.
    if (absl::StrContains(outcome.messages, ": bad relocation") && absl::StrContains(outcome.messages, "/go.o")) {
      conclusion_.ways_out.push_back({"Go 1.22 or newer", "zig's linker does not read what older ones write"});
    }
    if (!link.error.ok() && conclusion_.findings.empty()) Note(std::string(link.error.message()));
    Fail(outcome);
  }

  const Attempt& TrySystem(const SystemLink& link) {
    Attempt attempt{.route = {RouteKind::kSystem, std::nullopt, ""},
                    .mode = link.mode,
                    .linker = "zig's linker",
                    .edits = link.line.log(),
                    .outcome = {.exit_status = 1}};
    if (link.error.ok()) {
      const std::vector<std::string> words = link.line.Words();
      attempt.driver_argv = request_.driver.words;
      attempt.driver_argv.insert(attempt.driver_argv.end(), words.begin(), words.end());
      attempt.outcome = tools_.linker->ThroughDriver(request_.driver.words, words);
    }
    return Keep(std::move(attempt));
  }

  // zig: it chooses libc, crt files and runtime libraries by itself; ours is to ask for a static program, and to check.
  void ThroughOpaqueDriver(const Route& route) {
    if (request_.settings.note)
      Note("CGO_LD_SHIM_NOTE=1: no note is in the program: this compiler chooses its libraries itself");
    NoteNoGc("this compiler chooses its libraries itself");
    const Attempt& attempt = Keep(LinkUnplanned(request_, route, tools_));
    TellLast();
    if (attempt.ok()) return Verify();
    const backend::Outcome outcome = attempt.outcome;
    if (request_.driver.IsZig() && !request_.driver.target.empty()) {
      diagnose::Diagnosis diagnosis = ExplainSystemLink(request_, {}, outcome.messages);
      conclusion_.findings = std::move(diagnosis.findings);
      conclusion_.ways_out = std::move(diagnosis.ways_out);
    }
    Fail(outcome);
  }

  // The planning of this link has ended a process before this one.
  void AfterFault(const Route& route) {
    conclusion_.compiler = absl::StrJoin(request_.driver.words, " ");
    const std::string fault = absl::StrCat("an internal fault (", route.reason, ") while this link was planned");
    if (request_.settings.strict) {
      Note(absl::StrCat(fault, "; CGO_LD_SHIM_STRICT=1 makes it an error"));
      return Fail({.exit_status = 1});
    }
    Note(absl::StrCat(fault, "; the underlying compiler's linker did it, with -static and nothing added"));
    const Attempt& attempt = Keep(LinkUnplanned(request_, route, tools_));
    TellLast();
    if (!attempt.ok()) return Fail(attempt.outcome);
    conclusion_.outcome = Outcome::kFellBack;
    conclusion_.screen_words = absl::StrCat("cgo-ld-shim: ", conclusion_.notes[0],
                                            " (CGO_LD_SHIM_STRICT=1 makes it an error; please report it)\n");
    Verify();
  }

  // ---- static links ------------------------------------------------------------------------------------------------

  void Static() {
    Phase("classify");
    absl::StatusOr<toolchain::Toolchain> toolchain =
        FindToolchain(request_, tools_, &conclusion_.notes, [this](const char* name) { Phase(name); }, anew_);
    if (!toolchain.ok()) {
      conclusion_.notes = {std::string(toolchain.status().message())};
      conclusion_.ways_out.push_back({"cgo-ld-shim doctor", "says what the compilers of this machine can link"});
      return Fail({.exit_status = 1});
    }
    DescribeToolchain(*toolchain);
    Phase("toolchain");
    if (const auto route = ChooseRoute({.request = request_, .toolchain = &*toolchain}))
      return ThroughOpaqueDriver(*route);
    prepared_ = std::make_unique<Prepared>(request_, *std::move(toolchain));
    prepared_->anew = anew_;
    if (const auto route = PlanAndResolve(request_, tools_, prepared_.get(), [this](const char* name) { Phase(name); }))
      return AsAsked(*route);
    std::move(prepared_->notes.begin(), prepared_->notes.end(), std::back_inserter(conclusion_.notes));
    DescribeToolchain(prepared_->toolchain);
    supply::Situation& link = prepared_->link;
    if (!link.resolution.not_found.empty()) return FailForInputs();
    conclusion_.findings = diagnose::FindMixedLibcs(link.plan, link.toolchain.libc);
    if (!conclusion_.findings.empty()) return FailForMixedLibcs();
    supply::Supplied supplied = supply::SupplyAll(&link);
    prepared_->temporary_files = std::move(supplied.temporary_files);
    std::move(supplied.notes.begin(), supplied.notes.end(), std::back_inserter(conclusion_.notes));
    conclusion_.findings = std::move(supplied.refused);
    if (!conclusion_.findings.empty()) {
      conclusion_.ways_out = std::move(supplied.ways_out);
      return Fail({.exit_status = 1});
    }
    if (supplied.impossible) {
      conclusion_.notes.insert(conclusion_.notes.begin(), supplied.impossible->reason);
      conclusion_.ways_out = std::move(supplied.impossible->ways_out);
      return Fail({.exit_status = 1});
    }
    if (link.plan.allow_undefined && !link.resolution.missing.empty()) {
      if (request_.settings.unresolved_error) return FailForUnresolved();
      NoteUnresolved();
    }
    for (const diagnose::OtherCopy& copy :
         diagnose::FindOtherCopies(link.plan, link.resolution, link.toolchain, &link.cache)) {
      Note(absl::StrCat(copy.text, supply::CanBeIsolated(link, copy.archive)
                                       ? absl::StrCat("; CGO_LD_SHIM_ISOLATE=", support::BaseName(copy.archive),
                                                      " gives it its own back (tried)")
                                       : "; CGO_LD_SHIM_ISOLATE does not help here (tried)"));
    }
    for (std::string& note : diagnose::FindNotes(link.plan, link.resolution, link.toolchain, &link.cache))
      Note(std::move(note));
    planned_ = std::make_unique<Planned>(
        Planned{link.toolchain, std::make_shared<const resolve::Resolution>(link.resolution), supply::Copies(link),
                rules::EditLine({request_.call, link.plan, link.resolution, link.toolchain, request_.settings,
                                 request_.driver, supply::ExtraObjects(link), supply::Replacements(link)}),
                conclusion_.mode, output_});
    if (std::any_of(request_.call.arguments.begin(), request_.call.arguments.end(),
                    [](const invocation::Argument& word) {
                      return word.type == invocation::ArgType::kLinker && word.value == "--no-gc-sections";
                    })) {
      NoteNoGc("--no-gc-sections is asked for");
    }
    Phase("rewrite");
    TryPlanned();
  }

  // The user's options leave symbols open, perhaps to libraries that the program opens when it runs. A static program
  // has address 0 there for good.
  void NoteUnresolved() {
    std::vector<std::string>& names = conclusion_.unresolved;
    for (const resolve::Unresolved& missing : prepared_->link.resolution.missing) names.push_back(missing.symbol);
    constexpr size_t kNamed = 20;
    std::vector<std::string> named;
    for (size_t i = 0; i < std::min(kNamed, names.size()); ++i) named.push_back(symbols::Demangle(names[i]));
    Note(absl::StrCat(absl::StrJoin(named, ", "),
                      names.size() > kNamed ? absl::StrCat(" and ", names.size() - kNamed, " more") : "",
                      ": undefined, and address 0 for good, as an option of this link asks; a call ends the program. "
                      "CGO_LD_SHIM_STATIC=prefer makes it "
                      "dynamic, CGO_LD_SHIM_UNRESOLVED=error makes this an error"));
  }

  void DescribeToolchain(const toolchain::Toolchain& toolchain) {
    conclusion_.mode = rules::ModeOf(request_.call) == toolchain::LinkMode::kStaticPie ? "static-pie" : "static";
    conclusion_.target = toolchain.machine.text;
    conclusion_.libc = toolchain.libc;
    conclusion_.compiler = toolchain.version;
    conclusion_.fingerprint = toolchain::Fingerprint(toolchain, request_.environment);
  }

  void TryPlanned() {
    const supply::Situation& link = prepared_->link;
    const Route route = *ChooseRoute({.request = request_,
                                      .toolchain = &link.toolchain,
                                      .plan = &link.plan,
                                      .resolution = &link.resolution,
                                      .files = &link.cache,
                                      .line = &planned_->line,
                                      .linker = tools_.linker.get()});
    if (route.kind == RouteKind::kRefused) return FailForGnuLd(route);
    const bool embedded = route.kind == RouteKind::kEmbedded;
    Attempt first =
        embedded ? LinkEmbedded(request_, *planned_, tools_) : LinkThroughDriver(request_, *planned_, route, tools_);
    const backend::Outcome outcome = Keep(std::move(first)).outcome;
    TellLast();
    if (outcome.exit_status == 0) {
      // Warnings of a link that went well stay in the record: Go would print them at every build.
      if (!outcome.messages.empty()) Note(LinkerSaid("the linker", outcome.messages));
      return Verify();
    }
    if (embedded && WorthAnotherTry(outcome) && SaidBy(outcome).findings.empty()) {
      const std::string ended =
          outcome.signal != 0
              ? absl::StrCat("the embedded linker ", support::EndText(outcome.exit_status, outcome.signal))
              : "";
      Attempt again = LinkThroughDriver(request_, *planned_,
                                        {RouteKind::kDriver, std::nullopt, "the embedded linker failed"}, tools_);
      again.phase = "link-again";
      const Attempt& second = Keep(std::move(again));
      if (second.ok()) {
        TellLast();
        conclusion_.outcome = Outcome::kFellBack;
        if (!ended.empty()) {
          Note(absl::StrCat(ended, "; the underlying compiler's linker took its place"));
          conclusion_.screen_words =
              absl::StrCat("cgo-ld-shim: ", ended,
                           "; the underlying compiler's linker did this link (CGO_LD_SHIM_STRICT=1 makes it an error; "
                           "please report it)\n");
        }
        if (!outcome.messages.empty()) Note(LinkerSaid("the embedded linker", outcome.messages));
        // What one linker refuses may be wrong with the other as well: not without a word.
        if (ended.empty()) {
          absl::string_view said = absl::StripAsciiWhitespace(outcome.messages);
          said = said.substr(0, said.find('\n'));
          conclusion_.screen_words = absl::StrCat(
              "cgo-ld-shim: the underlying compiler's linker did this link; the embedded one refused it: ", said, "\n");
        }
        return Verify();
      }
      absl::string_view said = second.outcome.messages;
      said = said.substr(0, said.find('\n'));
      Note(absl::StrCat("the underlying compiler's linker failed as well",
                        said.empty() ? "" : absl::StrCat(": ", said)));
    }
    FailWithDiagnosis(outcome);
  }

  // A fault of the embedded linker's, or an input that it does not take, for which there is no explanation of ours.
  // What a full disk, an unwritable directory or a lack of memory spoils for it, it spoils for the driver as well.
  bool WorthAnotherTry(const backend::Outcome& outcome) const {
    // zig's driver is not given all words of a line, and links what must be refused.
    if (!request_.driver.target.empty()) return false;
    if (request_.settings.strict || outcome.signal == SIGKILL || outcome.signal == SIGTERM || outcome.signal == SIGINT)
      return false;
    if (outcome.signal != 0) return true;
    const resolve::Resolution& resolution = prepared_->link.resolution;
    return resolution.missing.empty() && resolution.duplicates.empty() &&
           !absl::StrContains(outcome.messages, "cannot open output file") &&
           !absl::StrContains(outcome.messages, "failed to write output") && !Lacks(outcome.messages);
  }

  // A link that lacks room on a disk, memory or files lacks them with another linker as well. One that says nothing had
  // no room for its words.
  static bool Lacks(absl::string_view words) {
    static constexpr int kErrors[] = {ENOSPC, EDQUOT, EFBIG, EMFILE, ENFILE, ENOMEM, EAGAIN, EIO, EROFS};
    return words.empty() || std::any_of(std::begin(kErrors), std::end(kErrors), [&](int error) {
             return absl::StrContains(words, std::generic_category().message(error));
           });
  }

  // What the linker's words tell, where the symbols tell nothing.
  diagnose::Diagnosis SaidBy(const backend::Outcome& outcome) const {
    diagnose::SpokenOf link{.plan = prepared_->link.plan,
                            .pie = rules::ModeOf(request_.call) == toolchain::LinkMode::kStaticPie};
    for (const invocation::Argument& argument : request_.call.arguments) {
      absl::string_view value = argument.value;
      if (argument.type == invocation::ArgType::kDriver && absl::ConsumePrefix(&value, "-fuse-ld="))
        link.fuse_ld = std::string(value);
    }
    return diagnose::ExplainWords(outcome.messages, link);
  }

  // Never a success that is not static.
  void Verify() {
    const absl::Status is_static = tools_.output->VerifyStatic(output_);
    if (is_static.ok()) return;
    // What merely cannot be read may be a good program: it stays, and is not called one.
    if (!absl::IsUnavailable(is_static)) tools_.output->Remove(output_);
    Note(absl::StrCat(is_static.message(), absl::IsUnavailable(is_static)
                                               ? "; whether it is static is not known, and it was left there"
                                               : ""));
    Fail({.exit_status = 1, .messages = conclusion_.attempts[conclusion_.told].outcome.messages});
  }

  // ---- failures ----------------------------------------------------------------------------------------------------

  void FailWithDiagnosis(const backend::Outcome& outcome) {
    const supply::Situation& link = prepared_->link;
    diagnose::Diagnosis diagnosis =
        diagnose::Diagnose(link.plan, link.resolution, link.toolchain, request_.settings, &link.cache);
    if (request_.settings.static_mode == StaticMode::kPrefer && !link.resolution.missing.empty()) {
      if (PartlyDynamic(diagnosis) || AllDynamic()) return;
    }
    if (diagnosis.findings.empty()) diagnosis = SaidBy(outcome);
    conclusion_.findings = std::move(diagnosis.findings);
    conclusion_.ways_out = std::move(diagnosis.ways_out);
    if (!request_.driver.target.empty() && !HostDirectory(request_.call.expanded).empty())
      conclusion_.ways_out.push_back(PkgConfigWayOut());
    conclusion_.searched = link.resolution.searched;
    for (const std::string& problem : link.resolution.problems) Note(problem);
    Fail(outcome);
  }

  // STATIC=prefer, and all that is missing is in libraries that are only there as shared ones.
  bool PartlyDynamic(const diagnose::Diagnosis& diagnosis) {
    std::vector<std::string> shared;
    for (const diagnose::Finding& finding : diagnosis.findings) {
      if (finding.shared_library.empty()) return false;
      if (std::find(shared.begin(), shared.end(), finding.shared_library) == shared.end())
        shared.push_back(finding.shared_library);
    }
    supply::Situation& link = prepared_->link;
    resolve::Candidates candidates(link.plan, link.toolchain, &link.cache);
    const Attempt& attempt =
        Keep(LinkPartlyDynamic(request_, *planned_, shared, candidates.Runtime(link.toolchain.libcxx), tools_));
    if (!attempt.ok()) {
      Note(attempt.notes[0]);
      return false;
    }
    TellLast();
    return true;
  }

  // STATIC=prefer, and no archive serves: as Go asks, which takes libX.so where libX.a cannot be used.
  bool AllDynamic() {
    Attempt attempt = LinkAsAsked(
        request_, {RouteKind::kAsAsked, std::nullopt, "CGO_LD_SHIM_STATIC=prefer, and a static link lacks symbols"},
        tools_);
    attempt.phase = "link-as-asked";
    if (!Keep(std::move(attempt)).ok()) return false;
    TellLast();
    conclusion_.outcome = Outcome::kHandedOn;
    return true;
  }

  // A file that is not there, or cannot be read: said before any linker is started, all of them at once.
  void FailForInputs() {
    const supply::Situation& link = prepared_->link;
    bool libc_missing = false;
    std::vector<std::string> directories;
    for (const invocation::Argument& argument : request_.call.arguments) {
      if (argument.type == invocation::ArgType::kLibraryDir)
        directories.push_back(support::Absolute(argument.value, request_.cwd));
    }
    const diagnose::LibraryPlaces places =
        diagnose::PlacesOf(directories, link.plan.all_dirs, link.toolchain, request_.settings.compat);
    std::vector<std::string> unknown;  // files that no package is known to have
    std::vector<PlanInput> not_found;  // each once, however often Go repeats it
    std::vector<packages::File> files;
    for (const PlanInput& input : link.resolution.not_found) {
      if (input.origin == Origin::kToolchain && input.absent) {
        libc_missing = true;
        Note(absl::StrCat("the compiler's own ", absl::StrJoin(input.words, " "), " has no static archive here"));
      } else if (std::none_of(not_found.begin(), not_found.end(),
                              [&](const PlanInput& other) { return other.words == input.words; })) {
        not_found.push_back(input);
        files.push_back({packages::FileKind::kArchive, diagnose::MeantLibrary(input.library)});
      }
    }
    const std::vector<packages::Bringers> bringers =
        places.packages ? packages::WhoBrings(files, *places.packages) : std::vector<packages::Bringers>(files.size());
    for (size_t i = 0; i < not_found.size(); ++i) {
      const PlanInput& input = not_found[i];
      const std::string name = absl::StrJoin(input.words, " ");
      diagnose::Finding finding{.symbol = name, .demangled = name, .from_program = true, .named_by = name};
      if (!input.library.empty() && input.problem == "not found") {
        finding.cause = diagnose::CauseId::kLibraryNotFound;
        if (const std::vector<std::string> builds = plan::SetAsideFor(link.plan, input.library); !builds.empty()) {
          finding.hint = absl::StrCat("several builds of it are there, and any of them may be meant: ",
                                      absl::StrJoin(builds, ", "), "; name one of them");
          conclusion_.findings.push_back(std::move(finding));
          continue;
        }
        diagnose::MissingLibrary why = diagnose::ExplainMissingLibrary(input.library, bringers[i], places);
        finding.hint = why.Text();
        if (why.unknown) search::AddOnce(absl::StrCat("lib", diagnose::MeantLibrary(input.library), ".a"), &unknown);
        for (diagnose::WayOut& way : why.ways_out) {
          if (std::find(conclusion_.ways_out.begin(), conclusion_.ways_out.end(), way) == conclusion_.ways_out.end())
            conclusion_.ways_out.push_back(std::move(way));
        }
      } else {
        finding.cause = diagnose::CauseId::kUnreadable;
        finding.hint = input.problem;
      }
      conclusion_.findings.push_back(std::move(finding));
    }
    if (!unknown.empty()) {
      conclusion_.ways_out.push_back(
          {absl::StrCat("get or build ", report::ListText(unknown, ", ", 3), ", and set CGO_LDFLAGS=-LDIR"),
           "DIR has them; whoever wrote the -l into #cgo LDFLAGS says where they come from"});
    }
    if (!libc_missing && !places.for_this_machine)
      conclusion_.ways_out.insert(conclusion_.ways_out.begin(), diagnose::LibcWay(target::LibcFamily::kGlibc));
    if (libc_missing) {
      if (request_.settings.static_mode == StaticMode::kPrefer) {
        conclusion_.findings.clear();
        return AsAsked({RouteKind::kAsAsked, std::nullopt, "this machine has no static C library"});
      }
      const target::Architecture* arch = target::FindArchitecture(link.toolchain.machine.arch);
      const bool cross = arch != nullptr && arch->go != target::HostArch();
      conclusion_.ways_out.push_back(
          {cross ? absl::StrCat("install the static C library for ", arch->go, ": libc6-dev-", arch->debian,
                                "-cross (Debian, Ubuntu)")
                 : "install the static C library: glibc-static and libstdc++-static (Fedora, RHEL), libc6-dev (Debian, "
                   "Ubuntu), "
                   "musl-dev (Alpine)"});
      conclusion_.ways_out.push_back(diagnose::SettingWay("CGO_LD_SHIM_STATIC", "prefer", ""));
    }
    conclusion_.searched = link.plan.all_dirs;
    Fail({.exit_status = 1});
  }

  void FailForMixedLibcs() {
    conclusion_.ways_out.push_back({"go clean -cache", "Go then compiles it again, for the C library of this build"});
    conclusion_.ways_out.push_back(
        {"GOCACHE=DIRECTORY", "a separate cache for each C library, with Go 1.19 and earlier"});
    Fail({.exit_status = 1});
  }

  // CGO_LD_SHIM_UNRESOLVED=error.
  void FailForUnresolved() {
    const supply::Situation& link = prepared_->link;
    diagnose::Diagnosis diagnosis =
        diagnose::Diagnose(link.plan, link.resolution, link.toolchain, request_.settings, &link.cache);
    conclusion_.findings = std::move(diagnosis.findings);
    conclusion_.ways_out = std::move(diagnosis.ways_out);
    const diagnose::WayOut prefer =
        diagnose::SettingWay("CGO_LD_SHIM_STATIC", "prefer", "a library that the program opens may define it");
    std::erase_if(conclusion_.ways_out, [&](const diagnose::WayOut& way) { return way.action == prefer.action; });
    conclusion_.ways_out.push_back(prefer);
    conclusion_.ways_out.push_back(
        diagnose::SettingWay("CGO_LD_SHIM_UNRESOLVED", "as-asked", "each missing symbol has address 0"));
    conclusion_.searched = link.resolution.searched;
    Fail({.exit_status = 1});
  }

  // What lld would link into another program, and zig has no other linker.
  void FailForGnuLd(const Route& route) {
    conclusion_.attempts.push_back({.route = route,
                                    .mode = planned_->mode,
                                    .edits = planned_->line.log(),
                                    .resolution = planned_->resolution,
                                    .copies = planned_->copies});
    conclusion_.notes.insert(conclusion_.notes.begin(), route.reason);
    if (!route.way_out.empty()) conclusion_.ways_out.push_back({route.way_out});
    conclusion_.ways_out.push_back(CrossCompilerWay(request_, "a compiler for this target that links with GNU ld"));
    Fail({.exit_status = 1});
  }

  void Fail(const backend::Outcome& outcome) {
    conclusion_.outcome = Outcome::kFailed;
    if (prepared_ != nullptr)
      conclusion_.ways_out = TryWays(request_, std::move(conclusion_.ways_out), tools_, prepared_.get());
    // A crash of the linker's is an error that is told, as gcc tells it; that somebody killed it, the status tells.
    const int signal = outcome.signal;
    const bool crashed = signal != 0 && signal != SIGKILL && signal != SIGTERM && signal != SIGINT;
    conclusion_.exit_status = crashed ? 1 : outcome.exit_status;
    if (signal != 0) {
      Note(absl::StrCat("the linker ", support::EndText(outcome.exit_status, signal)));
      if (signal == SIGKILL) conclusion_.ways_out.push_back({"go build -p 1", "probably killed for lack of memory"});
    }
    std::string& words = conclusion_.screen_words;
    words = outcome.messages;
    if (!words.empty() && words.back() != '\n') words += '\n';
    conclusion_.explained = true;
    // With no explanation of ours, the first of the linker's.
    if (!conclusion_.findings.empty()) return;
    if (std::string reason = diagnose::TheirReason(words); !reason.empty())
      conclusion_.notes.insert(conclusion_.notes.begin(), std::move(reason));
  }

  const Request& request_;
  const Tools& tools_;
  const bool anew_;
  const std::string output_;
  double phase_start_ = 0;
  Conclusion conclusion_;
  std::unique_ptr<Prepared> prepared_;
  std::unique_ptr<Planned> planned_;
};

}  // namespace

Result Refuse(const Request& request, const Tools& tools, const absl::Status& why, int exit_status) {
  const Conclusion conclusion{
      .outcome = Outcome::kFailed, .exit_status = exit_status, .notes = {std::string(why.message())}};
  Result result{.exit_status = exit_status, .screen = {}, .record = BuildRecord(request, conclusion)};
  result.record.time_ms = tools.clock->SinceEpoch();
  const std::string text = absl::StrCat("cgo-ld-shim: ", support::Printable(why.message()), "\n");
  result.screen =
      absl::StrCat(report::Marked(text, request.environment),
                   report::AnnotationsFor(result.record, request.environment), tools.records->Store(result.record));
  return result;
}

Result Link(const Request& request, const Tools& tools) {
  // Left to the kernel, as all else when this process ends: taking the symbol tables apart would be the last thing that
  // Go waits for. Within reach, so that nothing takes it for a leak.
  static auto* const kept = new std::vector<Run*>;
  Run* run = kept->emplace_back(new Run(request, tools, /*anew=*/false));
  Conclusion conclusion = run->Do();
  if (run->WasMisled(conclusion)) {
    run->RemoveTemporaryFiles();
    run = kept->emplace_back(new Run(request, tools, /*anew=*/true));
    conclusion = run->Do();
    conclusion.notes.emplace_back("what was kept of the compiler had gone bad, and was learned anew");
  }
  Result result{.exit_status = conclusion.exit_status,
                .screen = support::Printable(conclusion.screen_words),
                .record = BuildRecord(request, conclusion)};
  report::LinkRecord& record = result.record;
  // The linker's own words first, complete; ours last, where the eye is.
  if (conclusion.explained) {
    const std::string text = report::FailureText(record, report::ScreenOptions(request.environment));
    // Where there are findings, the linker's words say no more than ours; and where it has said nothing, there is
    // nothing but its command line.
    const bool alone = !conclusion.findings.empty() || conclusion.screen_words.empty();
    absl::StrAppend(&result.screen, alone ? report::Marked(text, request.environment) : text);
  }
  tools.records->Capture(record, run->CaptureLine(record));
  run->RemoveTemporaryFiles();
  absl::StrAppend(&result.screen, report::AnnotationsFor(record, request.environment));
  record.time_ms = tools.clock->SinceEpoch();
  if (result.exit_status == 0) {
    record.output_size = tools.output->Size(record.output).value_or(0);
    record.build_id = tools.output->BuildId(record.output);
  }
  const std::string complaint = tools.records->Store(record);
  if (request.settings.verbose) absl::StrAppend(&result.screen, report::VerboseText(record));
  if (request.settings.log == "stderr") absl::StrAppend(&result.screen, report::ToJson(record), "\n");
  absl::StrAppend(&result.screen, complaint);
  return result;
}

}  // namespace cgo_ld_shim::link

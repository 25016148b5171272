#include "link/attempt.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "support/file.h"
#include "support/temporary.h"

namespace cgo_ld_shim::link {
namespace {

constexpr char kDriversLinker[] = "the underlying compiler's linker";

// Runs the driver with these words, and says so in the attempt.
void RunDriver(const Request& request, const std::vector<std::string>& words, const Tools& tools, Attempt* attempt) {
  attempt->driver_argv = request.driver.words;
  attempt->driver_argv.insert(attempt->driver_argv.end(), words.begin(), words.end());
  support::OutputInProgress output(support::Absolute(request.call.output, request.cwd));
  attempt->outcome = tools.linker->ThroughDriver(request.driver.words, words);
  if (attempt->ok()) output.Succeed();
}

// The same with the linker that CGO_LD_SHIM_LINKER names: by its path, or the embedded one where `embedded_too`. gcc
// finds a program called ld or ld.lld in a -B directory; -fuse-ld=PATH is clang's alone. zig has a linker of its own.
void RunDriverWithLinker(const Request& request, const std::vector<std::string>& words, bool embedded_too,
                         const Tools& tools, Attempt* attempt) {
  attempt->linker = kDriversLinker;
  const std::string& named = request.settings.linker;
  const bool chosen = std::any_of(words.begin(), words.end(),
                                  [](const std::string& word) { return absl::StartsWith(word, "-fuse-ld="); });
  const bool embedded = embedded_too && named == "lld" && !request.driver.IsZig();
  if (chosen || !(embedded || absl::StrContains(named, "/"))) {
    RunDriver(request, words, tools, attempt);
    return;
  }
  const std::string linker = embedded ? support::RealPath("/proc/self/exe") : support::Absolute(named, request.cwd);
  const absl::StatusOr<support::TemporaryDirectory> directory = support::TemporaryDirectory::Make();
  if (!directory.ok()) {
    attempt->outcome.exit_status = 1;
    attempt->notes.emplace_back(directory.status().message());
    return;
  }
  const std::string link = absl::StrCat(directory->path(), "/", embedded ? kNameOfLld : "ld");
  std::string problem;
  if (support::IsDirectory(linker)) {
    problem = "it is a directory";
  } else if (::access(linker.c_str(), X_OK) != 0 || ::symlink(linker.c_str(), link.c_str()) != 0) {
    problem = support::ErrnoText(errno);
  }
  attempt->linker = embedded ? tools.linker->EmbeddedName() : linker;
  if (!problem.empty()) {
    attempt->outcome.exit_status = 1;
    attempt->notes.push_back(absl::StrCat("cannot use CGO_LD_SHIM_LINKER=", named, ": ", problem));
    return;
  }
  std::vector<std::string> with = {absl::StrCat("-B", directory->path())};
  if (embedded) with.emplace_back("-fuse-ld=lld");
  with.insert(with.end(), words.begin(), words.end());
  RunDriver(request, with, tools, attempt);
  // The directory is gone with the link; the record says what is equal to it.
  attempt->driver_argv.erase(attempt->driver_argv.begin() + static_cast<ptrdiff_t>(request.driver.words.size()));
}

Attempt FromPlan(const Planned& planned, Route route, const rules::Edits& line) {
  return {.route = std::move(route),
          .mode = planned.mode,
          .edits = line.log(),
          .resolution = planned.resolution,
          .copies = planned.copies};
}

}  // namespace

Attempt LinkAsAsked(const Request& request, const Route& route, const Tools& tools) {
  Attempt attempt{.route = route, .mode = "as asked"};
  attempt.notes.push_back(absl::StrCat("linked as asked, not static: ", route.reason));
  std::vector<std::string> words(request.call.argv.begin() + 1, request.call.argv.end());
  if (route.rule == rules::RuleId::kExportUnresolved) {
    const rules::Edits line = rules::ExportUnresolved(request.call, route.evidence[0]);
    attempt.edits = line.log();
    if (!attempt.edits.empty()) words = line.Words();
  } else if (request.driver.chosen_by == toolchain::ChosenBy::kTarget && request.driver.IsZig()) {
    const rules::Edits line = rules::EditSharedForZig(request.call);
    attempt.edits = line.log();
    if (!attempt.edits.empty()) words = line.Words();
  }
  RunDriverWithLinker(request, words, /*embedded_too=*/true, tools, &attempt);
  return attempt;
}

Attempt LinkUnplanned(const Request& request, const Route& route, const Tools& tools) {
  const bool pie = rules::ModeOf(request.call) == toolchain::LinkMode::kStaticPie;
  const bool opaque = route.kind == RouteKind::kOpaque;
  const rules::Edits line = opaque ? rules::EditForZig(request.call) : rules::EditUnplanned(request.call);
  Attempt attempt{.route = route,
                  .mode = pie ? "static-pie" : "static",
                  .linker = opaque ? absl::StrCat(request.driver.words[0], " (its own)") : kDriversLinker,
                  .edits = line.log()};
  RunDriver(request, line.Words(), tools, &attempt);
  return attempt;
}

Attempt LinkEmbedded(const Request& request, const Planned& planned, const Tools& tools) {
  Attempt attempt = FromPlan(planned, {RouteKind::kEmbedded, std::nullopt, ""}, planned.line);
  attempt.linker = tools.linker->EmbeddedName();
  const std::vector<std::string> words = planned.line.Words();
  attempt.driver_argv = request.driver.words;
  attempt.driver_argv.insert(attempt.driver_argv.end(), words.begin(), words.end());
  attempt.linker_argv = backend::LinkerLine(planned.line.Line(), planned.toolchain, planned.output);
  attempt.outcome = tools.linker->Embedded(attempt.linker_argv);
  return attempt;
}

Attempt LinkThroughDriver(const Request& request, const Planned& planned, const Route& route, const Tools& tools) {
  rules::Edits line = planned.line;
  if (route.rule) line.ByAnother(*route.rule, route.reason, route.evidence);
  Attempt attempt = FromPlan(planned, route, line);
  RunDriverWithLinker(request, line.Words(), /*embedded_too=*/false, tools, &attempt);
  return attempt;
}

Attempt LinkPartlyDynamic(const Request& request, const Planned& planned, const std::vector<std::string>& shared,
                          const std::vector<std::string>& runtime, const Tools& tools) {
  const rules::Edits line = rules::PreferDynamic(planned.line, shared, runtime);
  Attempt attempt{.route = {RouteKind::kDriver, rules::RuleId::kPreferDynamic, "STATIC=prefer"},
                  .phase = "link-dynamic",
                  .mode = "dynamic",
                  .edits = line.log(),
                  .resolution = planned.resolution,
                  .copies = planned.copies,
                  .own_runtime = true};
  RunDriverWithLinker(request, line.Words(), /*embedded_too=*/true, tools, &attempt);
  if (attempt.ok()) {
    attempt.notes.push_back(absl::StrCat("CGO_LD_SHIM_STATIC=prefer: dynamic for libc and ",
                                         absl::StrJoin(shared, ", "), "; all else is static"));
  } else {
    attempt.notes.push_back(
        absl::StrCat("CGO_LD_SHIM_STATIC=prefer: archives with ", absl::StrJoin(shared, ", "),
                     " do not link: ", absl::StripTrailingAsciiWhitespace(attempt.outcome.messages)));
  }
  return attempt;
}

}  // namespace cgo_ld_shim::link

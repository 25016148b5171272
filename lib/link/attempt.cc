#include "link/attempt.h"

#include <unistd.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "resolve/candidates.h"
#include "support/file.h"

namespace cgo_ld_shim::link {
namespace {

using invocation::ArgType;
using invocation::Argument;

constexpr char kDriversLinker[] = "the underlying compiler's linker";

template <class T>
bool Contains(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// Runs the driver with these words, and says so in the attempt.
void RunDriver(const Request& request, const std::vector<std::string>& words, const Tools& tools, Attempt* attempt) {
  attempt->driver_argv = request.driver.words;
  attempt->driver_argv.insert(attempt->driver_argv.end(), words.begin(), words.end());
  const double start = tools.clock->Milliseconds();
  attempt->outcome = tools.linker->ThroughDriver(request.driver.words, words);
  attempt->milliseconds = tools.clock->Milliseconds() - start;
}

// The same with the linker that CGO_LD_SHIM_LINKER names by its path. gcc finds a program called ld in a -B directory;
// -fuse-ld=PATH is clang's alone.
void RunDriverWithLinker(const Request& request, const std::vector<std::string>& words, const Tools& tools,
                         Attempt* attempt) {
  attempt->linker = kDriversLinker;
  const std::string& linker = request.settings.linker;
  if (!absl::StrContains(linker, "/")) {
    RunDriver(request, words, tools, attempt);
    return;
  }
  const absl::StatusOr<std::string> directory = support::MakeTemporaryDirectory();
  if (!directory.ok()) {
    attempt->outcome = {.exit_status = 1, .messages = absl::StrCat(directory.status().message(), "\n")};
    return;
  }
  const std::string link = absl::StrCat(*directory, "/ld");
  if (::access(linker.c_str(), X_OK) != 0 || ::symlink(linker.c_str(), link.c_str()) != 0) {
    attempt->outcome = {.exit_status = 1,
                        .messages = absl::StrCat("cgo-ld-shim: cannot use CGO_LD_SHIM_LINKER=", linker, ": ",
                                                 support::ErrnoText(errno), "\n")};
  } else {
    std::vector<std::string> with = {absl::StrCat("-B", *directory)};
    with.insert(with.end(), words.begin(), words.end());
    attempt->linker = linker;
    RunDriver(request, with, tools, attempt);
    // The directory is gone with the link; the record says what is equal to it.
    attempt->driver_argv.erase(attempt->driver_argv.begin() + static_cast<ptrdiff_t>(request.driver.words.size()));
    ::unlink(link.c_str());
  }
  ::rmdir(directory->c_str());
}

Attempt FromPlan(const Planned& planned, Route route) {
  Attempt attempt{.route = std::move(route),
                  .mode = planned.mode,
                  .rewrites = planned.line.rewrites,
                  .resolution = planned.resolution};
  if (!attempt.route.rule.empty()) attempt.rewrites.push_back({attempt.route.rule, {}, {}, attempt.route.reason, {}});
  return attempt;
}

}  // namespace

Attempt LinkAsAsked(const Request& request, const Route& route, const Tools& tools) {
  Attempt attempt{.route = route, .mode = "as asked", .linker = kDriversLinker};
  attempt.notes.push_back(absl::StrCat("linked as asked, not static: ", route.reason));
  RunDriver(request, {request.call.argv.begin() + 1, request.call.argv.end()}, tools, &attempt);
  return attempt;
}

Attempt LinkUnplanned(const Request& request, const Route& route, const Tools& tools) {
  Attempt attempt{.route = route, .mode = "static", .linker = kDriversLinker};
  if (route.kind == RouteKind::kOpaque) attempt.linker = absl::StrCat(request.driver.words[0], " (its own)");
  std::vector<std::string> words;
  const auto drop = [&](const Argument& argument, const char* rule, const char* because) {
    attempt.rewrites.push_back({rule, argument.words, {}, because, {}});
  };
  const bool pie = rewrite::ModeOf(request.call) == toolchain::LinkMode::kStaticPie;
  if (pie) attempt.mode = "static-pie";
  bool has_static = false;
  for (const Argument& argument : request.call.arguments) {
    has_static |= argument.type == ArgType::kStatic || argument.type == ArgType::kStaticPie;
    if (argument.type == ArgType::kPie && route.kind == RouteKind::kUnplanned) {
      has_static = true;
      words.push_back("-static-pie");
      attempt.rewrites.push_back(
          {"static-pie", argument.words, {"-static-pie"}, "final link of a position-independent executable", {}});
    } else if (argument.type == ArgType::kExportDynamic) {
      drop(argument, "drop-rdynamic", "a static program has no dynamic symbol table");
    } else if (argument.type == ArgType::kLibrary && argument.value == "resolv" && route.kind == RouteKind::kOpaque) {
      drop(argument, "drop-lresolv", "the C library of this target has it all");
    } else {
      words.insert(words.end(), argument.words.begin(), argument.words.end());
    }
  }
  if (!has_static) {
    words.push_back("-static");
    attempt.rewrites.push_back({"force-static", {}, {"-static"}, "final link of an executable", {}});
  }
  RunDriver(request, words, tools, &attempt);
  return attempt;
}

Attempt LinkEmbedded(const Request& request, const Planned& planned, const Tools& tools) {
  Attempt attempt = FromPlan(planned, {RouteKind::kEmbedded, "", ""});
  attempt.linker = tools.linker->EmbeddedName();
  attempt.driver_argv = request.driver.words;
  attempt.driver_argv.insert(attempt.driver_argv.end(), planned.line.words.begin(), planned.line.words.end());
  attempt.linker_argv = backend::LinkerLine(planned.line, planned.toolchain, planned.output);
  const double start = tools.clock->Milliseconds();
  attempt.outcome = tools.linker->Embedded(attempt.linker_argv);
  attempt.milliseconds = tools.clock->Milliseconds() - start;
  return attempt;
}

Attempt LinkThroughDriver(const Request& request, const Planned& planned, const Route& route, const Tools& tools) {
  Attempt attempt = FromPlan(planned, route);
  RunDriverWithLinker(request, planned.line.words, tools, &attempt);
  return attempt;
}

Attempt LinkPartlyDynamic(const Request& request, const Planned& planned, const std::vector<std::string>& shared,
                          const std::vector<std::string>& runtime, const std::vector<rewrite::ExtraObject>& ours,
                          const Tools& tools) {
  Attempt attempt{.route = {RouteKind::kDriver, "prefer-dynamic", "STATIC=prefer"},
                  .phase = "link-dynamic",
                  .mode = "dynamic",
                  .resolution = planned.resolution,
                  .own_runtime = true};
  // What holds of the static link that failed holds of this one, but for what makes a program static, for what is ours,
  // and for the libraries that it takes after all.
  for (const rewrite::Rewrite& rewrite : planned.line.rewrites) {
    const bool static_alone = rewrite.rule == "force-static" || rewrite.rule == "static-pie";
    const bool is_ours = std::any_of(ours.begin(), ours.end(),
                                     [&](const rewrite::ExtraObject& object) { return object.rule == rewrite.rule; });
    const bool linked_after_all =
        rewrite.rule == "drop-shared-only" && std::any_of(shared.begin(), shared.end(), [&](const std::string& path) {
          return Contains(rewrite.before, absl::StrCat("-l", resolve::LibraryName(path)));
        });
    if (!static_alone && !is_ours && !linked_after_all) attempt.rewrites.push_back(rewrite);
  }
  std::vector<std::string> words;
  for (const rewrite::LinkWord& word : planned.line.line) {
    const Argument& argument = word.argument;
    const bool is_ours = std::any_of(ours.begin(), ours.end(),
                                     [&](const rewrite::ExtraObject& object) { return object.path == word.path; });
    if (argument.type == ArgType::kStatic || (is_ours && !word.path.empty())) continue;
    if (argument.type == ArgType::kStaticPie) {
      words.push_back("-pie");
    } else if (argument.type == ArgType::kLibrary && !word.path.empty() &&
               (!Contains(runtime, word.path) || absl::StrContains(word.path, "c++"))) {
      words.push_back(word.path);
      attempt.rewrites.push_back(
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
    attempt.rewrites.push_back({"prefer-dynamic", {}, named, absl::StrCat("only ", path, " exists"), {}});
  }
  RunDriverWithLinker(request, words, tools, &attempt);
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

#include "tests/faults/small_link.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace cgo_ld_shim::faults {
namespace {

constexpr char kOld[] = "the old program";

std::string OldOrEmpty(const std::string& path) {
  struct stat st;
  return ::stat(path.c_str(), &st) == 0 ? e2e::ReadText(path) : "";
}

std::string Names(const std::string& directory) { return absl::StrJoin(e2e::ListFiles(directory), " "); }

}  // namespace

bool IsAllowed(const Ending& ending) {
  return ending.end == End::kRight || ending.end == End::kRefused || ending.end == End::kSignal;
}

SmallLink::SmallLink(const std::string& source, bool first) : directory_(e2e::MakeTempDirectory()) {
  for (const char* name : {"go", "out", "tmp", "cache", "state"}) ::mkdir(path(name).c_str(), 0700);
  e2e::Compile(path("go/go.o"), source, {"-c", "-O1"});
  e2e::Compile(path("go/000000.o"), "int other(void) { return 1; }\n", {"-c", "-O1"});
  if (!first) e2e::WriteText(output(), kOld);
}

e2e::Environment SmallLink::environment() const {
  return {absl::StrCat("XDG_CACHE_HOME=", path("cache")), absl::StrCat("XDG_STATE_HOME=", path("state")),
          absl::StrCat("TMPDIR=", scratch())};
}

e2e::ProcessResult SmallLink::Call(const std::vector<std::string>& words, const e2e::Environment& more,
                                   const std::string& directory) const {
  std::vector<std::string> argv = {e2e::Shim()};
  argv.insert(argv.end(), words.begin(), words.end());
  e2e::Environment all = environment();
  all.insert(all.end(), more.begin(), more.end());
  return e2e::RunProgram(argv, all, directory);
}

Ending SmallLink::Run(const RunOptions& options) const {
  std::vector<std::string> argv = options.before;
  argv.insert(argv.end(), {e2e::Shim(), "-o", output()});
  for (const std::string& object : objects()) argv.push_back(object);
  argv.insert(argv.end(), options.more.begin(), options.more.end());
  e2e::Environment all = environment();
  all.insert(all.end(), options.environment.begin(), options.environment.end());

  const std::string before = OldOrEmpty(output());
  Ending ending{.result = e2e::RunProgram(argv, all, path("go"))};
  const e2e::ProcessResult& result = ending.result;
  const std::string after = OldOrEmpty(output());
  const bool changed = after != before;
  std::string said = "nothing";
  if (changed && absl::StartsWith(after, "\177ELF")) said = e2e::RunProgram({output()}).output;
  const bool right = said == "right\n";
  ending.story = absl::StrCat(absl::StrJoin(argv, " "), "\nstatus ", result.exit_status, "\n", result.output,
                              result.error, "output: ", changed ? "another" : "the old one", ", it says ", said,
                              "\nthere: ", Names(path("out")), "; in TMPDIR: ", Names(scratch()), "\n");
  const bool signalled = options.signal != 0 && result.exit_status == 128 + options.signal;
  std::vector<std::string> there = e2e::ListFiles(path("out"));
  std::erase(there, "program");
  std::vector<std::string> in_scratch = e2e::ListFiles(scratch());
  if (options.compilers_leftovers_allowed) {
    std::erase_if(in_scratch, [](const std::string& name) {
      return absl::StartsWith(name, "cc") && name.find('.') == sizeof "ccXXXXXX" - 1;
    });
  }
  const bool leftovers = !options.leftovers_allowed && (!there.empty() || !in_scratch.empty());
  if (changed && !right) {
    ending.end = result.exit_status == 0 ? End::kWrong : End::kSpoilt;
  } else if (leftovers) {
    ending.end = End::kLeftover;
  } else if (signalled) {
    ending.end = End::kSignal;
  } else if (result.exit_status > 128) {
    ending.end = End::kCrash;
  } else if (result.exit_status == 0) {
    ending.end = right ? End::kRight : End::kWrong;
  } else if (result.error.empty() && result.output.empty()) {
    ending.end = End::kSilent;
  } else {
    // A right program beside an error: what failed came after the link.
    ending.end = End::kRefused;
  }
  // The next run begins as this one did.
  for (const std::string& name : there) ::unlink(path(absl::StrCat("out/", name)).c_str());
  for (const std::string& name : e2e::ListFiles(scratch()))
    (void)e2e::RunProgram({"rm", "-rf", absl::StrCat(scratch(), "/", name)});
  ::unlink(output().c_str());
  if (!before.empty()) e2e::WriteText(output(), before);
  return ending;
}

std::string WhyNoStrace() {
  static const std::string* const why = [] {
    if (e2e::FindProgram("strace").empty()) return new std::string("strace is not installed: apt-get install strace");
    const e2e::ProcessResult tried = e2e::RunProgram({"strace", "-f", "-qq", "-o", "/dev/null", "/bin/true"});
    return new std::string(tried.exit_status == 0 ? "" : absl::StrCat("strace may not trace here: ", tried.error));
  }();
  return *why;
}

}  // namespace cgo_ld_shim::faults

// `cgo-ld-shim replay DIR`: a captured link, done again.
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "backend/backend.h"
#include "capture/capture.h"
#include "fmt/format.h"
#include "report/text_parts.h"
#include "shim/commands/build_line.h"
#include "shim/commands/commands.h"
#include "shim/commands/options.h"
#include "support/file.h"
#include "support/interrupt.h"
#include "support/measured_process.h"
#include "support/printable.h"
#include "support/sha256.h"
#include "support/temporary.h"

namespace cgo_ld_shim::commands {
namespace {

int Complain(absl::string_view text) {
  fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(text));
  return kFailed;
}

std::string CommandLine(const std::string& directory) { return absl::StrCat("cgo-ld-shim replay ", directory); }

struct Replayed {
  int exit_status = 0;
  std::string messages;
  std::string linker;       // for people
  bool comparable = false;  // the same linker as the one that did the link
};

absl::StatusOr<Replayed> LinkWith(const std::string& linker, const capture::Capture& capture,
                                  const std::string& directory, const std::string& output,
                                  const std::vector<std::string>& allowed, const std::string& again) {
  const absl::StatusOr<support::Measured> version = support::RunMeasured({linker, "--version"});
  if (!version.ok()) return version.status();
  const std::string name(absl::StripAsciiWhitespace(version->messages.substr(0, version->messages.find('\n'))));
  const capture::LinkerKind kind = capture::KindOf(version->messages);
  if (absl::Status refused = capture::RefusalStatus(capture::FindRefusedBy(capture, kind, allowed), again);
      !refused.ok()) {
    return refused;
  }
  std::vector<std::string> argv = {linker};
  for (std::string& word : capture::LineFor(capture, kind)) argv.push_back(std::move(word));
  argv.insert(argv.end(), {"-o", output});
  const absl::StatusOr<support::Measured> run = support::RunMeasured(argv, {.directory = directory});
  if (!run.ok()) return run.status();
  if (run->interrupted != 0) {
    ::unlink(output.c_str());
    support::EndBySignal(run->interrupted);
  }
  return Replayed{.exit_status = run->exit_status, .messages = run->messages, .linker = name};
}

Replayed LinkHere(const capture::Capture& capture, const std::string& output) {
  std::vector<std::string> argv = {"ld.lld"};
  for (std::string& word : capture::LineFor(capture, capture::LinkerKind::kLld)) argv.push_back(std::move(word));
  argv.insert(argv.end(), {"-o", output});
  const backend::Outcome outcome = backend::LinkEmbedded(argv);
  return {.exit_status = outcome.exit_status,
          .messages = outcome.messages,
          .linker = backend::EmbeddedLinkerName(),
          .comparable = capture.linker == backend::EmbeddedLinkerName() && capture.zlib == CGO_LD_SHIM_ZLIB};
}

// For measuring: no more is read than the linker reads, but for the line itself and the first bytes of its inputs.
int LinkOnly(const std::string& directory, const std::string& output, const std::vector<std::string>& allowed,
             const std::vector<std::string>& more) {
  const absl::StatusOr<std::string> cwd = support::CurrentDirectory();
  if (!cwd.ok()) return Complain(cwd.status().message());
  const std::string absolute = support::Absolute(output, *cwd);
  const absl::StatusOr<std::vector<std::string>> words =
      capture::ResponseLine(support::RealPath(directory), allowed, CommandLine(directory));
  if (!words.ok()) return Complain(words.status().message());
  if (::chdir(directory.c_str()) != 0)
    return Complain(absl::StrCat("cannot enter ", directory, ": ", support::ErrnoText(errno)));
  // Not @response.txt: what was checked is what is linked.
  std::vector<std::string> argv = {"ld.lld"};
  argv.insert(argv.end(), words->begin(), words->end());
  argv.insert(argv.end(), {"--no-dependent-libraries", "-o", absolute});
  argv.insert(argv.end(), more.begin(), more.end());
  const backend::Outcome outcome = backend::LinkEmbedded(argv);
  fmt::print(stderr, "{}", support::Printable(outcome.messages));
  return outcome.exit_status;
}

}  // namespace

int ReplayCommand(const std::vector<std::string>& args) {
  static constexpr OptionRow kRows[] = {{"--linker", true}, {"--keep", false}, {"--only", true}, {"--allow", true}};
  const Options options = ParseOptions("replay", args, kRows);
  if (options.exit_status) return *options.exit_status;
  const std::vector<std::string> allowed = options.All("--allow");
  if (options.Has("--only") && !options.words.empty()) {
    return LinkOnly(options.words[0], options.values.at("--only"), allowed,
                    {options.words.begin() + 1, options.words.end()});
  }
  if (options.words.size() != 1) return UsageError("replay", "replay takes one directory that capture made");
  const std::string directory = support::RealPath(options.words[0]);
  if (support::IsRegularFile(directory)) {
    return Complain(absl::StrCat(options.words[0], " is a file; unpack it: tar xf ", options.words[0]));
  }
  const std::string again = CommandLine(options.words[0]);
  const absl::StatusOr<capture::Capture> capture = capture::LoadOfStranger(directory, allowed, again);
  if (!capture.ok()) return Complain(capture.status().message());

  const bool keep = options.Has("--keep");
  // A directory of our own: a name that others can foresee could be a link of theirs.
  const absl::StatusOr<support::TemporaryDirectory> scratch = support::TemporaryDirectory::Make();
  if (!keep && !scratch.ok()) return Complain(scratch.status().message());
  const std::string output = absl::StrCat(keep ? directory : scratch->path(), "/program");
  // For the same reason: linkers write through a link, and the directory may be a stranger's.
  ::unlink(output.c_str());
  Replayed replayed;
  if (options.Has("--linker")) {
    const std::string& asked = options.values.at("--linker");
    std::optional<std::string> linker = support::FindProgram(asked);
    if (!linker) linker = support::FindProgram(absl::StrCat("ld.", asked));  // bfd, gold: as bench calls them
    if (!linker) {
      const std::string near = Nearest(asked, {"bfd", "gold", "lld", "mold", "wild"});
      return Complain(absl::StrCat("there is no ", asked, " and no ld.", asked, " in PATH",
                                   near.empty() || near == asked ? "" : absl::StrCat("; did you mean ", near, "?")));
    }
    const absl::StatusOr<Replayed> run =
        LinkWith(support::RealPath(*linker), *capture, directory, output, allowed, again);
    if (!run.ok()) return Complain(run.status().message());
    replayed = *run;
  } else {
    if (::chdir(directory.c_str()) != 0)
      return Complain(absl::StrCat("cannot enter ", directory, ": ", support::ErrnoText(errno)));
    replayed = LinkHere(*capture, output);
  }
  fmt::print(stderr, "{}", support::Printable(replayed.messages));
  if (replayed.exit_status != 0) {
    return Complain(capture->exit_status != 0 ? absl::StrCat(replayed.linker, " fails, as the captured link did")
                                              : absl::StrCat(replayed.linker, " fails; the captured link went well"));
  }
  const absl::StatusOr<std::string> hash = support::Sha256OfFile(output);
  const auto identity = support::Identify(output);
  if (!hash.ok() || !identity) return Complain(absl::StrCat(replayed.linker, " left no program"));
  const bool same = *hash == capture->output_sha256;
  std::string verdict = "the same bytes as the captured link";
  if (!same && capture->exit_status != 0) {
    verdict = "the captured link failed";
  } else if (!same) {
    verdict = absl::StrCat(replayed.comparable ? "not the bytes of the captured link" : "the captured link", ", ",
                           report::SizeText(capture->output_bytes), " by ", capture->linker, " with ", capture->zlib);
  }
  fmt::print("{} by {}; {}\n", report::SizeText(identity->size), support::PrintableName(replayed.linker),
             support::PrintableName(verdict));
  if (keep) fmt::print("kept:  {}\n", output);
  return same || !replayed.comparable ? kOk : kFailed;
}

}  // namespace cgo_ld_shim::commands

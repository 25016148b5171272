#include "shim/calls.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "backend/backend.h"
#include "fmt/format.h"
#include "llvm/Support/xxhash.h"
#include "support/file.h"
#include "support/process.h"
#include "target/target.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim {
namespace {

using invocation::ArgType;
using invocation::Argument;

std::vector<std::string> Join(const std::vector<std::string>& driver, const std::vector<std::string>& args) {
  std::vector<std::string> argv = driver;
  argv.insert(argv.end(), args.begin(), args.end());
  return argv;
}

// The toolchain of a plain static link, whose fingerprint stands for all; nullopt when the driver will not say how it
// links: then the driver's own tool ID has to do, and the build goes on.
std::optional<toolchain::Toolchain> CurrentToolchain(const Context& context) {
  if (context.settings.static_mode == support::StaticMode::kOff) {
    return toolchain::Toolchain{.driver = context.driver.words};
  }
  absl::StatusOr<toolchain::Toolchain> toolchain = toolchain::Locate({.driver = context.driver.words});
  if (!toolchain.ok()) return std::nullopt;
  return *std::move(toolchain);
}

// The driver's answer to a question about flags, kept because Go asks anew in every build, and for every link. It
// depends on the driver alone.
class KeptAnswer {
 public:
  KeptAnswer(const Context& context, const std::vector<std::string>& words) {
    const std::optional<std::string> cache = support::CacheDirectory();
    if (!cache) return;
    std::string key = absl::StrCat(CGO_LD_SHIM_VERSION, "\n", absl::StrJoin(words, "\n"), "\n\n");
    for (const std::string& word : context.driver.words) {
      absl::StrAppend(&key, word, "\n");
      if (const auto id = support::Identify(word)) absl::StrAppend(&key, id->size, ",", id->mtime_ns, "\n");
    }
    if (const char* path = std::getenv("PATH")) absl::StrAppend(&key, path);
    path_ = absl::StrCat(*cache, "/answer-", absl::StrFormat("%016x", llvm::xxh3_64bits(llvm::StringRef(key))));
  }

  // Says what the driver said and returns its exit status, if that is known.
  std::optional<int> Give() const {
    const absl::StatusOr<std::string> kept = support::ReadOwnFile(path_);
    int status = 0;
    if (!kept.ok() || !absl::SimpleAtoi(kept->substr(0, kept->find('\n')), &status)) return std::nullopt;
    fmt::print(stderr, "{}", kept->substr(kept->find('\n') + 1));
    return status;
  }

  void Keep(int exit_status, absl::string_view output) const {
    if (!path_.empty())
      support::WriteFileAtomically(path_, absl::StrCat(exit_status, "\n", output), 0600).IgnoreError();
  }

 private:
  std::string path_;
};

}  // namespace

int HandOn(const Context& context, const std::vector<std::string>& args) {
  const absl::Status status = support::ExecProcess(Join(context.driver.words, args));
  fmt::print(stderr, "cgo-ld-shim: {}\n", std::string(status.message()));
  return absl::IsNotFound(status) ? 127 : 126;
}

int RunDriver(const Context& context, const std::vector<std::string>& args, std::string* messages) {
  const absl::StatusOr<support::ProcessResult> result = support::RunProcess(Join(context.driver.words, args));
  if (!result.ok()) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", std::string(result.status().message()));
    return 127;
  }
  std::fwrite(result->output.data(), 1, result->output.size(), stdout);
  std::fwrite(result->error.data(), 1, result->error.size(), stderr);
  *messages = result->error;
  return result->exit_status;
}

int AnswerToolId(const Context& context, const std::vector<std::string>& args) {
  const std::optional<toolchain::Toolchain> toolchain = CurrentToolchain(context);
  std::string line;
  // zig takes longer to start than all else here; what it says was learned with its libc.
  if (toolchain && context.driver.IsZig()) line = toolchain->version;
  if (line.empty()) {
    const absl::StatusOr<support::ProcessResult> result =
        support::RunProcess(Join(context.driver.words, args), {.merge_stderr = true});
    if (!result.ok()) {
      fmt::print(stderr, "cgo-ld-shim: {}\n", std::string(result.status().message()));
      return 127;
    }
    line = toolchain::VersionLine(result->output);
    if (result->exit_status != 0 || line.empty() || !toolchain) {
      (void)!::write(2, result->output.data(), result->output.size());
      return result->exit_status;
    }
  }
  fmt::print(stderr, "{} cgo-ld-shim {} {}\n", toolchain::StableVersionLine(line, context.driver.words),
             CGO_LD_SHIM_VERSION, toolchain::Fingerprint(*toolchain, environ));
  return 0;
}

int CompileExport(const Context& context, const std::vector<std::string>& args) {
  const std::optional<toolchain::Toolchain> toolchain = CurrentToolchain(context);
  if (!toolchain) return HandOn(context, args);
  // A header in the current directory, which for this file is Go's own temporary work directory: Go deletes it, its
  // path is mapped away by Go's own flags, and wrappers such as ccache, sccache and distcc understand it.
  const std::string header = "_cgo_ld_shim.h";
  const std::string ident = toolchain::Ident(*toolchain, environ);
  const bool elf = target::Infer(environ).os != "darwin" && target::Infer(environ).os != "windows";
  const std::string text =
      elf ? absl::StrCat("__asm__(\".ident \\\"", ident, "\\\"\");\n")
          : absl::StrCat("__attribute__((used)) static const char cgo_ld_shim_ident[] = \"", ident, "\";\n");
  if (!support::WriteFileAtomically(header, text, 0600).ok()) return HandOn(context, args);
  std::vector<std::string> with = {"-include", absl::StrCat("./", header)};
  with.insert(with.end(), args.begin(), args.end());
  return HandOn(context, with);
}

int AnswerFlagProbe(const Context& context, const std::vector<std::string>& args) {
  std::vector<std::string> words;
  for (size_t i = 0; i < args.size(); ++i) {
    // Places that are another's in every build, and say nothing of what the compiler knows.
    if (args[i] == "-I" || args[i] == "-o") {
      ++i;
    } else if (!absl::StartsWith(args[i], "-I")) {
      words.push_back(absl::StrContains(args[i], "-prefix-map=") ? args[i].substr(0, args[i].find('=')) : args[i]);
    }
  }
  const KeptAnswer kept(context, words);
  if (const std::optional<int> status = kept.Give()) return *status;
  const absl::StatusOr<support::ProcessResult> result =
      support::RunProcess(Join(context.driver.words, args), {.merge_stderr = true});
  if (!result.ok()) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", std::string(result.status().message()));
    return 127;
  }
  if (result->signal == 0) kept.Keep(result->exit_status, result->output);
  (void)!::write(2, result->output.data(), result->output.size());
  return result->exit_status;
}

int AnswerLinkFlagProbe(const Context& context, const invocation::Invocation& call) {
  // Everything but the source and the output; the question is about flags alone.
  std::vector<std::string> words, linker_words;
  for (const Argument& argument : call.arguments) {
    if (argument.type == ArgType::kInput || argument.type == ArgType::kOutput) continue;
    words.insert(words.end(), argument.words.begin(), argument.words.end());
    if (argument.type == ArgType::kLinker) linker_words.push_back(argument.value);
  }
  // An empty response file, which Go offers to learn whether it may use one, has been expanded to nothing.
  std::string complaint;
  if (!linker_words.empty() && !backend::LldAccepts(linker_words, &complaint)) {
    fmt::print(stderr, "{}", complaint);
    return 1;
  }
  const KeptAnswer kept(context, words);
  if (const std::optional<int> status = kept.Give()) return *status;
  // The driver checks its own flags, and starts its linker, which checks -Wl, words and then prints its version instead
  // of linking: no compilation, no output file.
  std::vector<std::string> argv = Join(context.driver.words, words);
  argv.push_back("-Wl,--version");
  absl::StatusOr<support::ProcessResult> result =
      support::RunProcess(argv, {.environment = {"LC_ALL=C"}, .merge_stderr = true});
  if (!result.ok()) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", std::string(result.status().message()));
    return 127;
  }
  // clang warns of a flag that it does not know in a link and goes on; Go reads the words.
  const bool complained =
      absl::StrContains(result->output, "unrecognized") || absl::StrContains(result->output, "unknown");
  const bool yes = result->exit_status == 0 && !complained;
  kept.Keep(yes ? 0 : 1, yes ? "" : result->output);
  if (yes) return 0;
  (void)!::write(2, result->output.data(), result->output.size());
  return result->exit_status == 0 ? 1 : result->exit_status;
}

}  // namespace cgo_ld_shim

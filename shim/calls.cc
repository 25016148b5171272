#include "shim/calls.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
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
    return toolchain::Toolchain{.driver = context.driver};
  }
  absl::StatusOr<toolchain::Toolchain> toolchain = toolchain::Locate({.driver = context.driver});
  if (!toolchain.ok()) return std::nullopt;
  return *std::move(toolchain);
}

}  // namespace

int HandOn(const Context& context, const std::vector<std::string>& args) {
  const absl::Status status = support::ExecProcess(Join(context.driver, args));
  fmt::print(stderr, "cgo-ld-shim: {}\n", std::string(status.message()));
  return absl::IsNotFound(status) ? 127 : 126;
}

int RunDriver(const Context& context, const std::vector<std::string>& args, std::string* messages) {
  const absl::StatusOr<support::ProcessResult> result = support::RunProcess(Join(context.driver, args));
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
  absl::StatusOr<support::ProcessResult> result =
      support::RunProcess(Join(context.driver, args), {.merge_stderr = true});
  if (!result.ok()) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", std::string(result.status().message()));
    return 127;
  }
  std::string line = toolchain::VersionLine(result->output);
  const std::optional<toolchain::Toolchain> toolchain = CurrentToolchain(context);
  if (result->exit_status != 0 || line.empty() || !toolchain) {
    (void)!::write(2, result->output.data(), result->output.size());
    return result->exit_status;
  }
  if (absl::StrContains(line, "experimental")) {
    // Go would hash the compiler proper instead of taking the line; the driver's state says as much.
    std::string state;
    for (const std::string& word : context.driver) {
      if (const auto id = support::Identify(word)) absl::StrAppend(&state, word, id->size, ",", id->mtime_ns, ";");
    }
    absl::StrReplaceAll({{"experimental", absl::StrFormat("%016x", llvm::xxh3_64bits(llvm::StringRef(state)))}}, &line);
  }
  fmt::print(stderr, "{} cgo-ld-shim {} {}\n", line, CGO_LD_SHIM_VERSION, toolchain::Fingerprint(*toolchain, environ));
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
  // The driver's own answer depends on the driver and its linker alone; it is kept, because Go asks anew for every
  // link.
  std::string key_text = absl::StrCat(CGO_LD_SHIM_VERSION, "\n", absl::StrJoin(words, "\n"), "\n\n");
  for (const std::string& word : context.driver) {
    absl::StrAppend(&key_text, word, "\n");
    if (const auto id = support::Identify(word)) absl::StrAppend(&key_text, id->size, ",", id->mtime_ns, "\n");
  }
  if (const char* path = std::getenv("PATH")) absl::StrAppend(&key_text, path);
  std::string kept;
  if (const auto cache = support::CacheDirectory()) {
    kept = absl::StrCat(*cache, "/probe-", absl::StrFormat("%016x", llvm::xxh3_64bits(llvm::StringRef(key_text))));
    if (absl::StatusOr<std::string> answer = support::ReadFile(kept); answer.ok() && !answer->empty()) {
      if ((*answer)[0] == '0') return 0;
      fmt::print(stderr, "{}", answer->substr(1));
      return 1;
    }
  }
  // The driver checks its own flags, and starts its linker, which checks -Wl, words and then prints its version instead
  // of linking: no compilation, no output file.
  std::vector<std::string> argv = Join(context.driver, words);
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
  if (!kept.empty())
    support::WriteFileAtomically(kept, yes ? "0" : absl::StrCat("1", result->output), 0600).IgnoreError();
  if (yes) return 0;
  (void)!::write(2, result->output.data(), result->output.size());
  return result->exit_status == 0 ? 1 : result->exit_status;
}

}  // namespace cgo_ld_shim

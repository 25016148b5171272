// Does the compiler, or the linker, know a flag? Go asks before every build, and reads the words of the answer.
#include <unistd.h>

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
#include "shim/calls.h"
#include "support/file.h"
#include "support/printable.h"
#include "support/process.h"
#include "support/sealed.h"

namespace cgo_ld_shim {
namespace {

using invocation::ArgType;
using invocation::Argument;

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
    const absl::StatusOr<std::string> kept = support::ReadSealed(path_);
    int status = 0;
    if (!kept.ok() || !absl::SimpleAtoi(kept->substr(0, kept->find('\n')), &status)) return std::nullopt;
    fmt::print(stderr, "{}", kept->substr(kept->find('\n') + 1));
    return status;
  }

  void Keep(int exit_status, absl::string_view output) const {
    if (!path_.empty()) support::WriteSealed(path_, absl::StrCat(exit_status, "\n", output)).IgnoreError();
  }

 private:
  std::string path_;
};

}  // namespace

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
      support::RunProcess(DriverCommand(context, args), {.merge_stderr = true});
  if (!result.ok()) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(result.status().message()));
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
  std::vector<std::string> argv = DriverCommand(context, words);
  argv.push_back("-Wl,--version");
  absl::StatusOr<support::ProcessResult> result =
      support::RunProcess(argv, {.environment = {"LC_ALL=C"}, .merge_stderr = true});
  if (!result.ok()) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(result.status().message()));
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

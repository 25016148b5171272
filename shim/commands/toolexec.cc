#include "shim/commands/toolexec.h"

#include <unistd.h>

#include <cstdio>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "fmt/format.h"
#include "llvm/Support/xxhash.h"
#include "report/archive_states.h"
#include "shim/tool_call.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/printable.h"
#include "support/process.h"
#include "support/words.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::commands {
namespace {

constexpr char kNone[] = "-";

// The user's own -toolexec, whose words Go would split.
std::vector<std::string> UsersToolexec() {
  const char* value = support::FindVariable(environ, support::kToolexecVariable);
  std::vector<std::string> words;
  if (value == nullptr || absl::string_view(value) == kNone) return words;
  std::string_view rest = value, word;
  while (support::NextWord(&rest, &word) == support::WordResult::kWord) words.emplace_back(word);
  return words;
}

std::string Word() {
  std::string text = toolchain::LinkFingerprint(environ);
  if (const char* module = support::FindVariable(environ, report::kModuleVariable))
    absl::StrAppend(&text, report::ArchivesWord(module));
  return text.empty() ? "" : fmt::format("{:016x}", llvm::xxh3_64bits(llvm::StringRef(text)));
}

}  // namespace

std::string WithWord(const std::string& answer, const std::string& word) {
  const std::string line(absl::StripTrailingAsciiWhitespace(answer));
  const std::vector<absl::string_view> fields = absl::StrSplit(line, ' ', absl::SkipEmpty());
  if (word.empty() || fields.size() < 3) return answer;
  const bool development = absl::StrContains(fields[2], "devel");
  return absl::StrCat(line, development ? "-" : " ", word, "\n");
}

int RunTool(const std::vector<std::string>& args) {
  std::vector<std::string> argv = UsersToolexec();
  argv.insert(argv.end(), args.begin(), args.end());
  const char* words[] = {"", args[0].c_str(), args.size() > 1 ? args[1].c_str() : ""};
  if (args.size() != 2 || !AsksLinker(3, words)) {
    const absl::Status status = support::ExecProcess(argv);
    fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(status.message()));
    return 127;
  }
  const absl::StatusOr<support::ProcessResult> result = support::RunProcess(argv);
  if (!result.ok()) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(result.status().message()));
    return 127;
  }
  std::fwrite(result->error.data(), 1, result->error.size(), stderr);
  fmt::print("{}", result->exit_status == 0 ? WithWord(result->output, Word()) : result->output);
  return result->exit_status;
}

bool AddToolexec(const std::string& self, std::string* go_flags, std::vector<std::string>* args, std::string* before) {
  if (self.find_first_of(" \t\n'\"") != std::string::npos) return false;
  *before = kNone;
  const auto take = [&](absl::string_view word) {
    if (!absl::ConsumePrefix(&word, "-toolexec=") && !absl::ConsumePrefix(&word, "--toolexec=")) return false;
    *before = word.empty() ? kNone : std::string(word);
    return true;
  };
  std::vector<std::string> flags;
  std::string_view rest = *go_flags, word;
  while (support::NextWord(&rest, &word) == support::WordResult::kWord) {
    const absl::string_view text(word.data(), word.size());
    // A flag with blanks in it was quoted, and is again.
    if (!take(text)) flags.push_back(absl::StrContains(text, " ") ? absl::StrCat("'", text, "'") : std::string(text));
  }
  const std::string ours = absl::StrCat("-toolexec=", self);
  flags.push_back(ours);
  *go_flags = absl::StrJoin(flags, " ");
  for (size_t i = 0; i < args->size(); ++i) {
    std::string& arg = (*args)[i];
    if (arg == "--" || arg == "-args" || arg == "--args") break;
    if ((arg == "-toolexec" || arg == "--toolexec") && i + 1 < args->size()) {
      take(absl::StrCat("-toolexec=", (*args)[i + 1]));
      (*args)[i + 1] = self;
    } else if (take(arg)) {
      arg = ours;
    }
  }
  return true;
}

std::string ModuleRoot(const std::string& directory) {
  std::string module;
  for (std::string at = directory; at != "." && at != "/"; at = support::DirectoryName(at)) {
    if (support::IsRegularFile(absl::StrCat(at, "/go.work"))) return at;
    if (module.empty() && support::IsRegularFile(absl::StrCat(at, "/go.mod"))) module = at;
  }
  return module.empty() ? directory : module;
}

}  // namespace cgo_ld_shim::commands

#include "doctor/machine.h"

#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "llvm/Support/JSON.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/process.h"
#include "support/words.h"
#include "target/target.h"
#include "toolchain/driver.h"
#include "toolchain/zig.h"

namespace cgo_ld_shim::doctor {
namespace {

// The first word that begins with a digit: "12.2.0" in "gcc (Debian 12.2.0-14) 12.2.0", but not a part of a word in
// brackets.
std::string VersionIn(absl::string_view text) {
  text = text.substr(0, text.find('\n'));
  bool bracket = false;
  for (absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (word[0] == '(') bracket = true;
    const bool inside = bracket;
    if (word.back() == ')') bracket = false;
    if (inside || !absl::ascii_isdigit(static_cast<unsigned char>(word[0]))) continue;
    return std::string(word);
  }
  return "";
}

std::string Ask(const std::vector<std::string>& argv) {
  const absl::StatusOr<support::ProcessResult> result = support::RunProcess(argv, {.environment = {"LC_ALL=C"}});
  return result.ok() && result->exit_status == 0 ? result->output : "";
}

void ObserveGo(Machine* machine) {
  const std::optional<std::string> go = support::FindProgram("go");
  if (!go) return;
  machine->go = Tool{.name = "go", .path = *go};
  const absl::StatusOr<support::ProcessResult> result = support::RunProcess({*go, "env", "-json"});
  if (!result.ok() || result->exit_status != 0) {
    machine->go_problem =
        result.ok() ? std::string(absl::StripAsciiWhitespace(result->error)) : std::string(result.status().message());
    return;
  }
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(result->output);
  if (!value) {
    llvm::consumeError(value.takeError());
    machine->go_problem = "the answer of `go env -json` is not JSON";
    return;
  }
  if (const llvm::json::Object* object = value->getAsObject()) {
    for (const auto& [key, text] : *object) machine->go_env[key.str()] = text.getAsString().value_or("").str();
  }
  absl::string_view version = machine->go_env["GOVERSION"];
  if (absl::StartsWith(version, "go")) version.remove_prefix(2);
  machine->go->version = std::string(version);
}

void ObserveCompilers(const char* const* envp, Machine* machine) {
  for (const bool cxx : {false, true}) {
    const absl::StatusOr<toolchain::Driver> driver = toolchain::HostDriver(envp, cxx);
    if (driver.ok()) {
      (cxx ? machine->cxx : machine->cc) = driver->words;
    } else {
      (cxx ? machine->cxx_problem : machine->cc_problem) = std::string(driver.status().message());
    }
  }
  if (!machine->cc.empty()) machine->toolchain = toolchain::Locate({.driver = machine->cc});
  for (const char* name : {"gcc", "clang"}) {
    const std::optional<std::string> path = support::FindProgram(name);
    // Not ourselves under a compiler's name.
    if (!path || support::RealPath(*path) == machine->self) continue;
    machine->compilers.push_back({name, *path, VersionIn(Ask({*path, "--version"}))});
  }
}

// Go's names of architectures and QEMU's.
struct EmulatorRow {
  const char* arch;
  const char* qemu;
};
constexpr EmulatorRow kEmulators[] = {
    {"amd64", "x86_64"},      {"arm64", "aarch64"},   {"arm", "arm"},     {"386", "i386"},
    {"riscv64", "riscv64"},   {"ppc64le", "ppc64le"}, {"s390x", "s390x"}, {"loong64", "loongarch64"},
    {"mips64le", "mips64el"}, {"mipsle", "mipsel"},
};

void ObserveEmulators(Machine* machine) {
  for (const EmulatorRow& row : kEmulators) {
    if (machine->host_arch == row.arch) continue;
    for (const std::string& name : {absl::StrCat("qemu-", row.qemu), absl::StrCat("qemu-", row.qemu, "-static")}) {
      const std::optional<std::string> path = support::FindProgram(name);
      if (!path) continue;
      machine->emulators.push_back({row.arch, *path, ""});
      break;
    }
  }
}

}  // namespace

std::string Machine::GoEnv(const std::string& name) const {
  const auto it = go_env.find(name);
  return it == go_env.end() ? "" : it->second;
}

Machine ObserveMachine(const support::Settings& settings, const char* const* envp) {
  Machine machine;
  machine.settings = settings;
  machine.self = support::RealPath("/proc/self/exe");
  machine.host_arch = std::string(target::HostArch());
  machine.distribution = packages::ThisDistribution();
  ObserveGo(&machine);
  ObserveCompilers(envp, &machine);
  // As the build would: no zig whose path is relative.
  if (const std::optional<std::string> zig = toolchain::FindZig(settings.zig); zig && absl::StartsWith(*zig, "/")) {
    const std::string version(absl::StripAsciiWhitespace(Ask({*zig, "version"})));
    if (!version.empty()) machine.zig = Tool{"zig", *zig, version};
  }
  ObserveEmulators(&machine);
  return machine;
}

std::string CompilerName(const toolchain::Toolchain& toolchain) {
  // "gcc version 12.2.0 (Debian 12.2.0-14)", "Debian clang version 19.1.7": the word before "version" is the name.
  const std::vector<std::string> words = absl::StrSplit(toolchain.version, ' ', absl::SkipEmpty());
  for (size_t i = 1; i + 1 < words.size(); ++i) {
    if (words[i] == "version") return absl::StrCat(words[i - 1], " ", words[i + 1]);
  }
  if (toolchain.driver.empty()) return "";
  const std::string& path = toolchain.driver[0];
  return support::BaseName(path);
}

bool IsSelf(const Machine& machine, const std::string& command) {
  std::string_view rest = command, word;
  if (support::NextWord(&rest, &word) != support::WordResult::kWord) return false;
  const std::optional<std::string> program = support::FindProgram(absl::string_view(word.data(), word.size()));
  return program && support::RealPath(*program) == machine.self;
}

}  // namespace cgo_ld_shim::doctor

#include "shim/commands/environment.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/process.h"
#include "support/setting_rows.h"
#include "support/words.h"
#include "target/target.h"

namespace cgo_ld_shim::commands {
namespace {

// As Go splits CC; a text that it could not split is one word, and the compiler's start will say so.
std::vector<std::string> SplitWords(const std::string& text) {
  std::vector<std::string> words;
  std::string_view rest = text, word;
  while (true) {
    switch (support::NextWord(&rest, &word)) {
      case support::WordResult::kWord:
        words.emplace_back(word);
        break;
      case support::WordResult::kEnd:
        return words;
      case support::WordResult::kUnterminated:
        return {text};
    }
  }
}

// One word of CC; Go has no escapes, so a path with both quotes cannot be said, and stays as it is.
std::string QuoteForGo(const std::string& path) {
  if (path.find_first_of(" \t\r\n") == std::string::npos) return path;
  return path.find('\'') == std::string::npos ? absl::StrCat("'", path, "'") : absl::StrCat("\"", path, "\"");
}

bool SameFile(const std::string& a, const std::string& b) {
  struct stat first, second;
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

// The same program, or the small one that starts it under its C++ name (shim/cxx_launcher.c).
bool IsOurs(const std::string& program, const std::string& self) {
  return SameFile(program, self) ||
         (absl::EndsWith(program, "++") && SameFile(program.substr(0, program.size() - 2), self));
}

class Chooser {
 public:
  explicit Chooser(const Surroundings& surroundings) : surroundings_(surroundings) {}

  GoVariables Choose() {
    Set("CC", QuoteForGo(surroundings_.self));
    if (surroundings_.self_cxx.empty()) {
      result_.warnings.push_back(absl::StrCat(
          "there is no ", surroundings_.self,
          "++: programs with C++ sources are linked without this program; make it a link to ", surroundings_.self));
    } else {
      Set("CXX", QuoteForGo(surroundings_.self_cxx));
    }
    const std::string cc = Underlying("CC");
    const std::string cxx = Underlying("CXX");
    if (surroundings_.go.Get("AR").empty()) Set("AR", Archiver(cc));
    if (Get("CGO_ENABLED") == "0") {
      result_.warnings.emplace_back(
          "CGO_ENABLED=0 is set, and stays: packages that use cgo are left out, and this program is not called");
    } else {
      Set("CGO_ENABLED", "1");
    }
    if (!surroundings_.pkg_config_libdir.empty() && Get("PKG_CONFIG_LIBDIR").empty() && Get("PKG_CONFIG").empty())
      Set("PKG_CONFIG_LIBDIR", surroundings_.pkg_config_libdir);
    WarnOfHostCompiler(cc);
    HandDown("CC", cc, support::kCcSource);
    HandDown("CXX", cxx, support::kCxxSource);
    return std::move(result_);
  }

 private:
  void Set(const char* name, const std::string& value) { result_.variables.push_back({name, value}); }

  std::string Get(const std::string& name) const {
    const std::map<std::string, std::string>& values = surroundings_.go.environment;
    const auto at = values.find(name);
    return at == values.end() ? "" : at->second;
  }

  // The compiler that the user wants to compile; empty when nobody chose one, or when it is this program.
  std::string Underlying(const char* name) const {
    std::string ours = Get(absl::StrCat(support::kSettingPrefix, name));
    if (!ours.empty()) return ours;
    std::string chosen = surroundings_.go.Get(name);
    const std::vector<std::string> words = SplitWords(chosen);
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return IsSelf(word); }) ? "" : chosen;
  }

  // gcc by that name makes programs for the machine that it stands on; for others its name begins with theirs.
  void WarnOfHostCompiler(const std::string& cc) {
    const std::vector<std::string> words = SplitWords(cc);
    if (words.size() != 1) return;
    const std::string name = support::BaseName(words[0]);
    if (name != "gcc" && name != "cc") return;
    std::string os = surroundings_.go.Get("GOOS"), arch = surroundings_.go.Get("GOARCH");
    if (os.empty()) os = "linux";
    if (arch.empty()) arch = std::string(target::HostArch());
    if (os == "linux" && (arch == target::HostArch() || (arch == "386" && target::HostArch() == "amd64"))) return;
    result_.warnings.push_back(absl::StrCat("CC=", cc, " makes programs for linux/", target::HostArch(),
                                            ", and this is for ", os, "/", arch,
                                            ": without CC zig serves it; or name a compiler for it in CC"));
  }

  // Go's compiler becomes ours.
  void HandDown(const char* name, const std::string& compiler, const char* source) {
    const std::string setting = absl::StrCat(support::kSettingPrefix, name);
    if (compiler.empty() || !Get(setting).empty()) return;
    result_.variables.push_back({setting, compiler});
    result_.sources.push_back({source, name});
  }

  bool IsSelf(const std::string& word) const {
    const std::optional<std::string> program = support::FindProgram(word, Get("PATH"));
    return program && IsOurs(*program, surroundings_.self);
  }

  // A cross compiler has an ar of its own.
  std::string Archiver(const std::string& cc) const {
    const std::vector<std::string> words = SplitWords(cc);
    if (words.empty()) return "ar";
    const std::string said = surroundings_.archiver_of(words);
    return !said.empty() && support::FindProgram(said, Get("PATH")) ? QuoteForGo(said) : "ar";
  }

  const Surroundings& surroundings_;
  GoVariables result_;
};

std::string AskArchiver(const std::vector<std::string>& compiler) {
  std::vector<std::string> argv = compiler;
  argv.emplace_back("--print-prog-name=ar");
  const absl::StatusOr<support::ProcessResult> result = support::RunProcess(argv);
  if (!result.ok() || result->exit_status != 0) return "";
  return std::string(absl::StripAsciiWhitespace(result->output));
}

// The files in which go keeps settings.
std::map<std::string, std::string> ReadGoFiles() {
  const std::string go = FindGo();
  if (go.empty()) return {};
  // `go env` prints a line a name. It fails for a broken go.mod, which the real go command will report.
  const absl::StatusOr<support::ProcessResult> result = support::RunProcess({go, "env", "GOENV", "GOROOT"});
  if (!result.ok() || result->exit_status != 0) return {};
  const std::vector<std::string> lines = absl::StrSplit(result->output, '\n');
  std::vector<std::string> files = {lines[0]};  // "off": there is none
  if (lines.size() > 1) files.push_back(absl::StrCat(lines[1], "/go.env"));
  std::map<std::string, std::string> settings;
  for (const std::string& file : files) {
    if (!absl::StartsWith(file, "/")) continue;
    if (const absl::StatusOr<std::string> text = support::ReadFile(file); text.ok())
      toolchain::ReadGoEnvFile(*text, &settings);
  }
  return settings;
}

// Debian's places of an architecture that is not this host's, where such libraries are installed.
std::string ForeignPkgConfig(const toolchain::GoSettings& go) {
  const std::string os = go.Get("GOOS"), arch = go.Get("GOARCH");
  const target::Architecture* row = target::FindArchitecture(arch);
  if ((!os.empty() && os != "linux") || row == nullptr || arch == target::HostArch()) return "";
  const std::string directory = absl::StrCat("/usr/lib/", row->multiarch, "/pkgconfig");
  return support::IsDirectory(directory) ? absl::StrCat(directory, ":/usr/share/pkgconfig") : "";
}

// This executable under its C++ name: beside it, or on PATH when it was installed as a link to elsewhere.
std::string FindSelfCxx(const std::string& self, const std::string& path_variable) {
  std::string beside = absl::StrCat(self, "++");
  if (support::IsRegularFile(beside) && IsOurs(beside, self)) return beside;
  const std::string name = absl::StrCat(support::BaseName(self), "++");
  const std::optional<std::string> on_path = support::FindProgram(name, path_variable);
  return on_path && IsOurs(*on_path, self) ? *on_path : "";
}

}  // namespace

std::string FindGo() { return support::FindProgram("go").value_or(""); }

Surroundings ObserveSurroundings() {
  Surroundings surroundings;
  surroundings.self = support::RealPath("/proc/self/exe");
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::pair<std::string, std::string> variable = absl::StrSplit(*entry, absl::MaxSplits('=', 1));
    surroundings.go.environment.insert(variable);  // as getenv: the first entry of a name counts
  }
  surroundings.self_cxx = FindSelfCxx(surroundings.self, surroundings.go.environment["PATH"]);
  surroundings.go.files = ReadGoFiles();
  surroundings.archiver_of = AskArchiver;
  surroundings.pkg_config_libdir = ForeignPkgConfig(surroundings.go);
  return surroundings;
}

GoVariables Variables(const Surroundings& surroundings) { return Chooser(surroundings).Choose(); }

}  // namespace cgo_ld_shim::commands

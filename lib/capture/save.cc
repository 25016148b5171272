// Takes a link: walks the linker's line word by word, copies each file that a word names, and writes the line anew.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "capture/capture.h"
#include "capture/files.h"
#include "llvm/Support/FileSystem.h"
#include "support/file.h"
#include "support/settings.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::capture {
namespace {

enum class Value { kText, kFile, kOutput };

// The linker options that take a value as a word of their own, or after "=".
struct OptionRow {
  const char* name;
  Value value;
};
constexpr OptionRow kOptions[] = {
    {"m", Value::kText},
    {"z", Value::kText},
    {"e", Value::kText},
    {"entry", Value::kText},
    {"u", Value::kText},
    {"undefined", Value::kText},
    {"defsym", Value::kText},
    {"wrap", Value::kText},
    {"y", Value::kText},
    {"trace-symbol", Value::kText},
    {"init", Value::kText},
    {"fini", Value::kText},
    {"dynamic-linker", Value::kText},
    {"I", Value::kText},
    {"soname", Value::kText},
    {"h", Value::kText},
    {"rpath", Value::kText},
    {"rpath-link", Value::kText},
    {"R", Value::kText},
    {"sysroot", Value::kText},
    {"require-defined", Value::kText},
    {"exclude-libs", Value::kText},
    {"section-start", Value::kText},
    {"plugin", Value::kText},
    {"T", Value::kFile},
    {"script", Value::kFile},
    {"version-script", Value::kFile},
    {"dynamic-list", Value::kFile},
    {"export-dynamic-symbol-list", Value::kFile},
    {"retain-symbols-file", Value::kFile},
    {"just-symbols", Value::kFile},
    {"symbol-ordering-file", Value::kFile},
    {"section-ordering-file", Value::kFile},
    {"call-graph-ordering-file", Value::kFile},
    {"default-script", Value::kFile},
    {"dT", Value::kFile},
    {"Map", Value::kOutput},
    {"cref-file", Value::kOutput},
    {"dependency-file", Value::kOutput},
    {"reproduce", Value::kOutput},
    {"why-extract", Value::kOutput},
    {"time-trace", Value::kOutput},
};

// "--script=x" → the row of "script" and "x"; "-T" → the row, and no value yet.
const OptionRow* FindOption(absl::string_view word, std::optional<absl::string_view>* value) {
  if (!absl::ConsumePrefix(&word, "-")) return nullptr;
  absl::ConsumePrefix(&word, "-");
  const size_t equals = word.find('=');
  *value = equals == absl::string_view::npos ? std::nullopt : std::make_optional(word.substr(equals + 1));
  const absl::string_view name = word.substr(0, equals);
  const auto* row = std::find_if(std::begin(kOptions), std::end(kOptions),
                                 [&](const OptionRow& candidate) { return name == candidate.name; });
  return row == std::end(kOptions) ? nullptr : row;
}

std::string DirectoryOf(const std::string& path) { return path.substr(0, path.rfind('/')); }
std::string NameOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// A name of any bytes as one that JSON, response files and people can hold.
std::string Plain(absl::string_view path) {
  std::string plain;
  for (const char c : path) {
    const bool safe = c > 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '\'' && c != '%';
    if (safe) {
      plain += c;
    } else {
      absl::StrAppendFormat(&plain, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return plain;
}

// Paths are plain already; values of options may be anything.
std::string ResponseWord(const std::string& word) {
  if (!word.empty() && word.find_first_of(" \t\n\"'\\") == std::string::npos) return word;
  std::string quoted = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

// "nss_files.o" for /proc/7/fd/4, which is a file in memory; empty for any other.
std::string NameInMemory(const std::string& path) {
  if (!absl::StartsWith(path, "/proc/")) return "";
  char target[256];
  const ssize_t size = ::readlink(path.c_str(), target, sizeof target);
  if (size <= 0) return "";
  absl::string_view name(target, static_cast<size_t>(size));
  if (!absl::ConsumePrefix(&name, "/memfd:")) return "";
  absl::ConsumeSuffix(&name, " (deleted)");
  return std::string(name);
}

class Taker {
 public:
  Taker(const TakeRequest& request, std::string directory) : request_(request), directory_(std::move(directory)) {}

  absl::Status Run() {
    const report::LinkRecord& record = request_.record;
    for (const std::string& word : request_.linker_argv) {
      if (NameOf(word) == "go.o") go_directory_ = DirectoryOf(support::Absolute(word, record.cwd));
    }
    for (const report::InputRecord& input : record.inputs) origins_.emplace(input.path, input.origin);
    if (absl::Status taken = TakeLine(); !taken.ok()) return taken;
    Describe();
    if (record.exit_status == 0) {
      absl::StatusOr<std::string> hash = HashFile(record.output);
      if (!hash.ok()) return hash.status();
      capture_.output_sha256 = *std::move(hash);
      if (const auto identity = support::Identify(record.output)) capture_.output_bytes = identity->size;
    }
    std::string response;
    for (const std::string& word : capture_.argv) absl::StrAppend(&response, ResponseWord(word), "\n");
    for (const auto& [name, text] : {std::pair<const char*, std::string>(kResponseName, response),
                                     {kRecordName, absl::StrCat(report::ToJson(record), "\n")},
                                     {kManifestName, ToJson(capture_)}}) {
      const absl::Status written = support::WriteFileAtomically(absl::StrCat(directory_, "/", name), text, 0644);
      if (!written.ok()) return written;
    }
    return absl::OkStatus();
  }

 private:
  absl::Status TakeLine() {
    const std::vector<std::string>& words = request_.linker_argv;
    // Scripts may name libraries by -l, which are looked for in all directories, those behind them as well.
    for (const std::string& word : words) {
      if (absl::StartsWith(word, "-L") && word.size() > 2) library_dirs_.push_back(Absolute(word.substr(2)));
    }
    for (size_t i = 1; i < words.size(); ++i) {
      const std::string& word = words[i];
      std::optional<absl::string_view> value;
      if (word == "-o") {
        ++i;
      } else if (absl::StartsWith(word, "-L")) {
        if (word == "-L") ++i;
      } else if (const OptionRow* row = FindOption(word, &value)) {
        const bool separate = !value.has_value();
        if (separate && i + 1 < words.size()) value = words[++i];
        if (!value) continue;
        if (row->value == Value::kOutput) {
          capture_.notes.push_back(absl::StrCat(word, " is left out: it names an output"));
          continue;
        }
        std::string text(*value);
        if (row->value == Value::kFile) {
          absl::StatusOr<std::string> file = TakeFile(Absolute(text), "option");
          if (!file.ok()) return file.status();
          text = *std::move(file);
        }
        if (separate) {
          capture_.argv.push_back(word);
          capture_.argv.push_back(text);
        } else {
          capture_.argv.push_back(absl::StrCat(word.substr(0, word.find('=') + 1), text));
        }
      } else if (absl::StartsWith(word, "-")) {
        capture_.argv.push_back(word);
      } else if (absl::Status taken = TakeInput(Absolute(word)); !taken.ok()) {
        return taken;
      }
    }
    return absl::OkStatus();
  }

  std::string Absolute(absl::string_view path) const { return support::Absolute(path, request_.record.cwd); }

  absl::Status TakeInput(const std::string& path, int depth = 0) {
    const auto known = origins_.find(path);
    const std::string origin = known != origins_.end() ? known->second : origin_of_script_;
    const absl::StatusOr<symbols::InputFile> file = symbols::OpenInput(path);
    if (!file.ok()) {
      // A link that failed for a missing file is captured without it, and fails in the same way.
      if (absl::IsNotFound(file.status())) {
        capture_.notes.push_back(absl::StrCat(path, " was not there"));
        capture_.argv.push_back(absl::StrCat("inputs", Plain(path)));
        return absl::OkStatus();
      }
      return file.status();
    }
    if (file->kind == symbols::FileKind::kLinkerScript && depth < 8) {
      const absl::StatusOr<symbols::LinkerScript> script = symbols::ParseLinkerScript(file->script);
      if (script.ok()) return TakeScript(path, *script, origin, depth);
    }
    absl::StatusOr<std::string> taken = TakeFile(path, origin);
    if (!taken.ok()) return taken.status();
    capture_.argv.push_back(*std::move(taken));
    return absl::OkStatus();
  }

  // The files that a script names stand in the line where it stood: the script itself names them by absolute paths.
  absl::Status TakeScript(const std::string& path, const symbols::LinkerScript& script, const std::string& origin,
                          int depth) {
    const bool grouped = std::any_of(script.items.begin(), script.items.end(),
                                     [](const symbols::ScriptItem& item) { return item.group >= 0; });
    if (grouped) capture_.argv.emplace_back("--start-group");
    for (const symbols::ScriptItem& item : script.items) {
      std::vector<std::string> candidates;
      if (absl::StartsWith(item.name, "-l")) {
        for (const std::string& dir : library_dirs_)
          candidates.push_back(absl::StrCat(dir, "/lib", item.name.substr(2), ".a"));
      } else if (absl::StartsWith(item.name, "/")) {
        candidates.push_back(item.name);
      } else {
        candidates = {absl::StrCat(DirectoryOf(path), "/", item.name), Absolute(item.name)};
        for (const std::string& dir : library_dirs_) candidates.push_back(absl::StrCat(dir, "/", item.name));
      }
      const auto found = std::find_if(candidates.begin(), candidates.end(), support::IsRegularFile);
      if (found == candidates.end()) {
        if (!item.as_needed)
          capture_.notes.push_back(absl::StrCat(path, " names ", item.name, ", which was not there"));
        continue;
      }
      origin_of_script_ = origin;
      if (absl::Status taken = TakeInput(*found, depth + 1); !taken.ok()) return taken;
    }
    origin_of_script_ = "toolchain";
    if (grouped) capture_.argv.emplace_back("--end-group");
    return absl::OkStatus();
  }

  // Copies a file once. Returns its path in the directory, which ends in the file's own name: linkers go by the names
  // of crtbegin.o and the like.
  absl::StatusOr<std::string> TakeFile(const std::string& path, const std::string& origin) {
    const auto known = taken_.find(path);
    if (known != taken_.end()) return known->second;
    const std::string directory = DirectoryOf(path), in_memory = NameInMemory(path);
    const bool of_go = !go_directory_.empty() && directory == go_directory_;
    Input input{.from = path, .origin = origin};
    if (!in_memory.empty()) {
      input.path = absl::StrCat("inputs/ours/", Plain(in_memory));
      input.from = in_memory;
    } else if (of_go) {
      input.path = absl::StrCat("inputs/go/", Plain(NameOf(path)));
    } else {
      input.path = absl::StrCat("inputs", Plain(absl::StrCat(support::RealPath(directory), "/", NameOf(path))));
    }
    const bool again = std::any_of(capture_.inputs.begin(), capture_.inputs.end(),
                                   [&](const Input& other) { return other.path == input.path; });
    const std::string to = absl::StrCat(directory_, "/", input.path);
    if (!again) {
      // Go removes its own directory after the link, so nobody writes to those files again.
      if (absl::Status copied = CopyInput(path, to, /*may_link=*/of_go); !copied.ok()) return copied;
      if (const auto identity = support::Identify(to)) input.bytes = identity->size;
      capture_.inputs.push_back(input);
    }
    taken_.emplace(path, input.path);
    return input.path;
  }

  void Describe() {
    const report::LinkRecord& record = request_.record;
    capture_.version = record.version;
    capture_.linker = record.linker;
    capture_.zlib = CGO_LD_SHIM_ZLIB;
    capture_.package = record.package;
    capture_.mode = record.mode;
    capture_.target = record.target;
    capture_.libc = record.libc;
    capture_.compiler = record.compiler;
    capture_.fingerprint = record.fingerprint;
    capture_.driver = request_.driver;
    capture_.phases_ms = record.phases_ms;
    capture_.exit_status = record.exit_status;
    static constexpr absl::string_view kVariables[] = {
        "GOOS",    "GOARCH",      "GOAMD64",       "GOARM",        "GOARM64",         "GOVERSION",
        "GOFLAGS", "CGO_ENABLED", "COMPILER_PATH", "LIBRARY_PATH", "GCC_EXEC_PREFIX", "SOURCE_DATE_EPOCH"};
    for (const char* const* entry = request_.envp; *entry != nullptr; ++entry) {
      const absl::string_view text = *entry;
      const size_t equals = text.find('=');
      if (equals == absl::string_view::npos) continue;
      const absl::string_view name = text.substr(0, equals);
      support::SettingVariable setting;
      if (support::ParseSettingVariable(*entry, &setting) ||
          std::find(std::begin(kVariables), std::end(kVariables), name) != std::end(kVariables)) {
        capture_.environment.emplace_back(name, text.substr(equals + 1));
      }
    }
    std::sort(capture_.environment.begin(), capture_.environment.end());
  }

  const TakeRequest& request_;
  const std::string directory_;
  std::string go_directory_;
  std::vector<std::string> library_dirs_;
  std::map<std::string, std::string> origins_, taken_;
  std::string origin_of_script_ = "toolchain";
  Capture capture_;
};

}  // namespace

absl::Status TakeInto(const TakeRequest& request, const std::string& directory) {
  if (const std::error_code error = llvm::sys::fs::create_directories(directory)) {
    return absl::UnknownError(absl::StrCat("cannot make the directory ", directory, ": ", error.message()));
  }
  if (request.linker_argv.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("this link was done by ", request.record.linker.empty() ? "another linker" : request.record.linker,
                     ", whose line is not known here",
                     request.record.notes.empty() ? "" : absl::StrCat(": ", request.record.notes[0])));
  }
  return Taker(request, directory).Run();
}

void Take(const TakeRequest& request, const std::string& stage) {
  const std::string directory = absl::StrCat(stage, "/", ::getpid());
  const absl::Status taken = TakeInto(request, directory);
  if (taken.ok()) return;
  support::WriteFileAtomically(absl::StrCat(directory, "/", kErrorName), absl::StrCat(taken.message(), "\n"), 0644)
      .IgnoreError();
}

}  // namespace cgo_ld_shim::capture

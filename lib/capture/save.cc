// Takes a link: walks the linker's line word by word, copies each file that a word names, and writes the line anew.
#include <algorithm>
#include <cerrno>
#include <iterator>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "capture/capture.h"
#include "capture/files.h"
#include "capture/linker_options.h"
#include "capture/privacy.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "support/file.h"
#include "support/map_file.h"
#include "support/path_parts.h"
#include "support/settings.h"
#include "support/sha256.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::capture {
namespace {

// Only where libraries are looked for; compilers for other machines say --sysroot in each link.
bool IsSearch(const Option& option) {
  const absl::string_view name = option.row == nullptr ? "" : option.row->name;
  return name == "sysroot" || name == "rpath-link" || name == "library-path";
}

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

class Taker {
 public:
  Taker(const TakeRequest& request, std::string directory)
      : request_(request), directory_(std::move(directory)), privacy_(request.envp) {}

  absl::Status Run() {
    const report::LinkRecord& record = request_.record;
    for (const std::string& word : request_.linker_argv) {
      if (support::BaseName(word) == "go.o")
        go_directory_ = support::DirectoryName(support::Absolute(word, record.cwd));
    }
    for (const report::InputRecord& input : record.inputs) origins_.emplace(input.path, input.origin);
    if (absl::Status taken = TakeLine(); !taken.ok()) return taken;
    Describe();
    if (record.exit_status == 0) {
      absl::StatusOr<std::string> hash = support::Sha256OfFile(record.output);
      if (!hash.ok()) return hash.status();
      capture_.output_sha256 = *std::move(hash);
      if (const auto identity = support::Identify(record.output)) capture_.output_bytes = identity->size;
    }
    const std::string record_text = privacy_.Clean(report::ToJson(record));
    if (privacy_.replaced()) {
      capture_.notes.emplace_back(
          "home directory and user name are left out: /home/user and user stand for them in all texts and paths");
    }
    if (with_home_ > 0) {
      capture_.notes.push_back(absl::StrCat("the home directory stands inside of ", with_home_, " of ",
                                            capture_.inputs.size(),
                                            " files, mostly as debug information, which is kept as it is"));
    }
    std::string response;
    for (const std::string& word : capture_.argv) absl::StrAppend(&response, ResponseWord(word), "\n");
    for (const auto& [name, text] : {std::pair<const char*, std::string>(kResponseName, response),
                                     {kRecordName, absl::StrCat(record_text, "\n")},
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
    for (size_t i = 1; i < words.size();) {
      const std::string& word = words[i];
      const Option option = ReadOption(words, i, /*exact=*/false);
      i += absl::StartsWith(word, "-") ? option.words : 1;
      if (!absl::StartsWith(word, "-")) {
        if (absl::Status taken = TakeInput(Absolute(word)); !taken.ok()) return taken;
      } else if (word == "-o" || absl::StartsWith(word, "-L") || IsSearch(option)) {
        // The place of the output is the reader's, and every library is named by its path.
      } else if (absl::StartsWith(word, "-l") && option.row == nullptr) {
        // It was not found, and the link failed for it: a file that is not there fails in the same way.
        capture_.notes.push_back(absl::StrCat(word, " was not found"));
        capture_.argv.push_back(absl::StrCat("inputs/not-found/lib", Plain(privacy_.Clean(word.substr(2))), ".a"));
      } else if (absl::StartsWith(word, "-T") && option.row == nullptr && word.find('=') == std::string::npos) {
        if (absl::Status taken = TakeOption({.row = nullptr, .name = "-T", .value = word.substr(2), .separate = true},
                                            word, Value::kLayout);
            !taken.ok()) {
          return taken;
        }
      } else if (absl::Status taken =
                     TakeOption(option, word, option.row == nullptr ? Value::kText : option.row->value);
                 !taken.ok()) {
        return taken;
      }
    }
    return absl::OkStatus();
  }

  absl::Status TakeOption(const Option& option, const std::string& word, Value kind) {
    if (kind == Value::kOutput) {
      capture_.notes.push_back(absl::StrCat(word, " is left out: it names an output"));
      return absl::OkStatus();
    }
    if (!option.value) {
      capture_.argv.push_back(privacy_.Clean(word));
      return absl::OkStatus();
    }
    std::string text = privacy_.Clean(*option.value);
    if (kind == Value::kList || kind == Value::kScript || kind == Value::kLayout || kind == Value::kObject) {
      absl::StatusOr<std::string> file = TakeFile(Absolute(*option.value), "option");
      if (!file.ok()) return file.status();
      text = *std::move(file);
    }
    if (option.separate) {
      capture_.argv.push_back(option.name);
      capture_.argv.push_back(text);
    } else if (option.name.size() < word.size() && word[option.name.size()] == '=') {
      capture_.argv.push_back(absl::StrCat(option.name, "=", text));
    } else {
      capture_.argv.push_back(absl::StrCat(option.name, text));  // -O2
    }
    return absl::OkStatus();
  }

  std::string Absolute(absl::string_view path) const { return support::Absolute(path, request_.record.cwd); }

  absl::Status TakeInput(const std::string& path, int depth = 0) {
    const std::string in_memory = support::NameInMemory(path);
    const auto known = origins_.find(in_memory.empty() ? path : in_memory);
    const std::string origin = known != origins_.end() ? known->second : origin_of_script_;
    const absl::StatusOr<symbols::InputFile> file = symbols::OpenInput(path);
    if (!file.ok()) {
      // A link that failed for a missing file is captured without it, and fails in the same way.
      if (absl::IsNotFound(file.status())) {
        capture_.notes.push_back(absl::StrCat(path, " was not there"));
        capture_.argv.push_back(absl::StrCat("inputs", Plain(privacy_.Clean(path))));
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
        candidates = {absl::StrCat(support::DirectoryName(path), "/", item.name), Absolute(item.name)};
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
    const std::string directory = support::DirectoryName(path), in_memory = support::NameInMemory(path);
    const bool of_go = !go_directory_.empty() && directory == go_directory_;
    Input input{.from = privacy_.Clean(path), .origin = origin};
    std::string real = path;
    if (!in_memory.empty()) {
      input.path = absl::StrCat("inputs/ours/", Plain(in_memory));
      input.from = in_memory;
    } else if (of_go) {
      input.path = absl::StrCat("inputs/go/", Plain(support::BaseName(path)));
    } else {
      real = absl::StrCat(support::RealPath(directory), "/", support::BaseName(path));
      input.path = absl::StrCat("inputs", Plain(privacy_.Clean(real)));
    }
    // Two users' files may have one name now; linkers go by the last part of it.
    const std::string first = input.path;
    for (int number = 2; sources_.contains(input.path) && sources_[input.path] != real; ++number)
      input.path = absl::StrCat("inputs/", number, first.substr(std::string("inputs").size()));
    const bool again = sources_.contains(input.path);
    const std::string to = absl::StrCat(directory_, "/", input.path);
    if (!again) {
      sources_.emplace(input.path, real);
      // Go removes its own directory after the link, so nobody writes to those files again.
      if (absl::Status copied = CopyInput(path, to, /*may_link=*/of_go); !copied.ok()) return copied;
      if (const auto identity = support::Identify(to)) input.bytes = identity->size;
      if (const auto buffer = support::MapFile(to); buffer.ok() && privacy_.IsIn(support::Bytes(**buffer)))
        ++with_home_;
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
    capture_.package = privacy_.Clean(record.package);
    capture_.mode = record.mode;
    capture_.target = record.target;
    capture_.libc = record.libc.ToString();
    capture_.compiler = record.compiler;
    capture_.fingerprint = record.fingerprint;
    for (const std::string& word : request_.driver) capture_.driver.push_back(privacy_.Clean(word));
    for (std::string& note : capture_.notes) note = privacy_.Clean(note);
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
        capture_.environment.emplace_back(name, privacy_.Clean(text.substr(equals + 1)));
      }
    }
    std::sort(capture_.environment.begin(), capture_.environment.end());
  }

  const TakeRequest& request_;
  const std::string directory_;
  std::string go_directory_;
  std::vector<std::string> library_dirs_;
  std::map<std::string, std::string> origins_, taken_;
  std::map<std::string, std::string> sources_;  // path in the directory, and whose it is
  Privacy privacy_;
  size_t with_home_ = 0;  // files that have the home directory in them
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

// What makes two builds the same is what their compiler, start files and libraries hold: not where those lie, which is
// another place on each machine of a CI, and not how old they are, which is another time in each container.
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "llvm/Support/xxhash.h"
#include "rescue/rescues.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/process.h"
#include "support/sealed.h"
#include "support/setting_rows.h"
#include "support/words.h"
#include "target/target.h"
#include "toolchain/driver.h"
#include "toolchain/toolchain.h"
#include "toolchain/zig.h"

namespace cgo_ld_shim::toolchain {
namespace {

constexpr absl::string_view kIdentBegin = "cgo-ld-shim ";
constexpr size_t kIdentMaximum = 100;  // bytes; longer than any

bool PlausibleVersion(absl::string_view field) { return !field.empty() && field[0] >= '0' && field[0] <= '9'; }

std::string Hash(absl::string_view text) {
  return absl::StrFormat("%016x", llvm::xxh3_64bits(llvm::StringRef(text.data(), text.size())));
}

// What each of some files holds, as lines of text. Files are read when one of them has changed its size or time, and
// what was found is kept in the cache directory.
class Contents {
 public:
  enum Kind {
    kFile,
    kArchive,  // a linker script in its place names files by their paths, and says nothing of them
    kProgram,  // a script is what it says; of a compiler itself the version line speaks: packagers write paths into it
  };
  void Add(Kind kind, const std::string& name, const std::string& path) {
    files_.push_back({kind, name, path});
    const auto identity = support::Identify(path);
    absl::StrAppend(&state_, static_cast<int>(kind), " ", name, " ", path, " ", identity ? identity->size : 0, " ",
                    identity ? identity->mtime_ns : 0, "\n");
  }

  std::string Text() const {
    const std::optional<std::string> cache = support::CacheDirectory();
    const std::string kept = cache ? absl::StrCat(*cache, "/contents-", Hash(state_)) : "";
    if (absl::StatusOr<std::string> text = support::ReadSealed(kept); text.ok()) return *std::move(text);
    std::string text;
    for (const File& file : files_) absl::StrAppend(&text, file.name, " ", Describe(file), "\n");
    // A cache that cannot be written costs time, never the build.
    if (cache) support::WriteSealed(kept, text).IgnoreError();
    return text;
  }

 private:
  struct File {
    Kind kind;
    std::string name, path;
  };

  static std::string Describe(const File& file) {
    const absl::StatusOr<std::string> bytes = support::ReadFile(file.path);
    if (!bytes.ok()) return "missing";
    if (file.kind == kArchive && !absl::StartsWith(*bytes, "!<")) return "script";
    if (file.kind == kProgram && !absl::StartsWith(*bytes, "#!")) return "program";
    return Hash(*bytes);
  }

  std::vector<File> files_;
  std::string state_;
};

// The driver's words, with its programs by what they are.
void AddDriver(const std::vector<std::string>& words, const char* const* envp, Contents* contents, std::string* text) {
  const char* sdk = support::FindVariable(envp, "SDKROOT");
  size_t first = 0;
  if (ReadDriver(words).IsZig()) {
    if (const absl::StatusOr<std::string> version = ZigVersion(words[0]); version.ok()) {
      absl::StrAppend(text, "zig ", *version, "\n");
      first = 1;
    }
  }
  for (size_t i = first; i < words.size(); ++i) {
    absl::string_view word = words[i];
    if (sdk != nullptr && absl::ConsumePrefix(&word, sdk)) {
      absl::StrAppend(text, "SDKROOT", word, "\n");
      continue;
    }
    const std::optional<std::string> program =
        first == 1 || word.empty() || word[0] == '-' ? std::nullopt : support::FindProgram(word);
    if (program) {
      contents->Add(Contents::kProgram, absl::StrCat("word ", i), *program);
    } else {
      absl::StrAppend(text, i == 0 ? "missing" : word, "\n");
    }
  }
  if (sdk != nullptr && ReadDriver(words).IsApple())
    contents->Add(Contents::kFile, "SDK", absl::StrCat(sdk, "/SDKSettings.json"));
}

// A setting whose value is a command: what its program holds, and its other words.
void AddCommand(const char* const* envp, const char* name, Contents* contents, std::string* text) {
  const char* value = support::FindVariable(envp, absl::StrCat(support::kSettingPrefix, name).c_str());
  if (value == nullptr) return;
  std::string_view rest = value, word;
  for (bool first = true; support::NextWord(&rest, &word) == support::WordResult::kWord; first = false) {
    const absl::string_view text_of_word(word.data(), word.size());
    const std::optional<std::string> program = first ? support::FindProgram(text_of_word) : std::nullopt;
    if (program) {
      contents->Add(Contents::kFile, name, *program);
    } else {
      absl::StrAppend(text, name, " ", text_of_word, "\n");
    }
  }
}

}  // namespace

std::string VersionLine(absl::string_view output) {
  for (absl::string_view line : absl::StrSplit(output, '\n')) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    for (size_t i = 0; i + 1 < fields.size(); ++i) {
      if (absl::EndsWith(fields[i], ":")) break;  // "Configured with: … --with-x=version 3"
      if (fields[i] == "version" && PlausibleVersion(fields[i + 1])) return std::string(line);
    }
  }
  return "";
}

std::string StableVersionLine(const std::string& line, const std::vector<std::string>& driver) {
  if (!absl::StrContains(line, "experimental")) return line;
  std::vector<std::string> ask = driver;
  ask.emplace_back("-print-prog-name=cc1");
  const absl::StatusOr<support::ProcessResult> said = support::RunProcess(ask, {.merge_stderr = true});
  Contents contents;
  contents.Add(Contents::kFile, "cc1",
               said.ok() ? std::string(absl::StripTrailingAsciiWhitespace(said->output)) : driver[0]);
  contents.Add(Contents::kFile, "driver", support::FindProgram(driver[0]).value_or(driver[0]));
  return absl::StrReplaceAll(line, {{"experimental", Hash(contents.Text())}});
}

std::string Fingerprint(const Toolchain& toolchain, const char* const* envp) {
  const target::Target target = target::Infer(envp);
  std::string text = absl::StrCat("cgo-ld-shim " CGO_LD_SHIM_VERSION " lld " CGO_LD_SHIM_LLVM " " CGO_LD_SHIM_ZLIB "\n",
                                  target.os, "/", target.arch, " ", toolchain.machine.text, " ",
                                  toolchain.libc.ToString(), "\n", toolchain.version, "\n");
  Contents contents;
  AddDriver(toolchain.driver, envp, &contents, &text);
  for (const std::string& object : toolchain.line.first_objects)
    contents.Add(Contents::kFile, support::BaseName(object), object);
  // glibc's libm.a is a script for libm-2.36.a.
  for (const std::string& library : {std::string("c"), std::string("gcc"), std::string("gcc_eh"), std::string("stdc++"),
                                     std::string("m"), absl::StrCat("m-", toolchain.libc.version)}) {
    contents.Add(Contents::kArchive, library, toolchain.FindArchive(library).value_or(""));
  }
  // CC and ZIG are the driver.
  AddCommand(envp, "CXX", &contents, &text);
  absl::StrAppend(&text, "rescue ", rescue::kTableVersion, "\n",
                  support::SettingsFingerprintText(envp, support::Affects::kObjects));
  if (!support::IsToolexec(envp)) absl::StrAppend(&text, LinkFingerprint(envp));
  absl::StrAppend(&text, contents.Text());
  return Hash(text);
}

std::string LinkFingerprint(const char* const* envp) {
  std::string text = support::SettingsFingerprintText(envp, support::Affects::kLink);
  if (support::FindVariable(envp, "CGO_LD_SHIM_LINKER") != nullptr) {
    Contents contents;
    AddCommand(envp, "LINKER", &contents, &text);
    absl::StrAppend(&text, contents.Text());
  }
  return text.empty() ? "" : Hash(text);
}

std::string Ident(const Toolchain& toolchain, const char* const* envp) {
  return absl::StrCat(kIdentBegin, CGO_LD_SHIM_VERSION, " ", Fingerprint(toolchain, envp), " ",
                      toolchain.libc ? toolchain.libc.Name() : "none");
}

std::optional<target::LibcFamily> LibcOfIdent(absl::string_view object) {
  const size_t begin = object.find(kIdentBegin);
  if (begin == absl::string_view::npos) return std::nullopt;
  // .comment is a row of texts, each ended by NUL; with -flto it is part of a text for an assembler, in quotes.
  absl::string_view ident = object.substr(begin, kIdentMaximum);
  ident = ident.substr(0, ident.find_first_of(absl::string_view("\0\"", 2)));
  const std::vector<absl::string_view> words = absl::StrSplit(ident, ' ');
  if (words.size() != 4) return std::nullopt;
  return target::ParseFamily(words[3]);
}

}  // namespace cgo_ld_shim::toolchain

#include "target/triple.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "target/target.h"

namespace cgo_ld_shim::target {
namespace {

// Spellings of a triple's first field beside those of FindArchitecture's rows.
constexpr struct {
  const char* spelling;
  const char* go;
} kCpuSpellings[] = {{"amd64", "amd64"}, {"i386", "386"},        {"i486", "386"},         {"i586", "386"},
                     {"x86", "386"},     {"arm64", "arm64"},     {"armv6l", "arm"},       {"armv7l", "arm"},
                     {"armv7", "arm"},   {"ppc64le", "ppc64le"}, {"riscv64gc", "riscv64"}};

// Systems, by the word without its version. mingw32 and win32 end in no version.
constexpr struct {
  const char* word;
  const char* go;
} kSystems[] = {{"linux", "linux"},     {"darwin", "darwin"},   {"macos", "darwin"},   {"macosx", "darwin"},
                {"windows", "windows"}, {"mingw32", "windows"}, {"win32", "windows"},  {"freebsd", "freebsd"},
                {"netbsd", "netbsd"},   {"openbsd", "openbsd"}, {"solaris", "solaris"}};

// C libraries, by the beginning of the last word, and what may follow before a version.
constexpr struct {
  const char* word;
  LibcFamily family;
} kLibcs[] = {{"gnu", LibcFamily::kGlibc}, {"musl", LibcFamily::kMusl}, {"android", LibcFamily::kBionic}};
constexpr const char* kAbis[] = {"eabihf", "eabi", "abi64", "abin32", "x32", "sf", "f32", "f64", "_ilp32"};

absl::string_view GoArch(absl::string_view cpu) {
  if (const Architecture* row = FindArchitectureByCpu(cpu)) return row->go;
  for (const auto& row : kCpuSpellings) {
    if (cpu == row.spelling) return row.go;
  }
  return "";
}

// "2.36" of ".2.36" and "2.36", "6.1" of "6.1...7.0"; false: `text` is no version.
bool IsVersion(absl::string_view text, std::string* version) {
  absl::ConsumePrefix(&text, ".");
  if (text.empty()) {
    version->clear();
    return true;
  }
  if (!absl::ascii_isdigit(static_cast<unsigned char>(text[0]))) return false;
  *version = std::string(text.substr(0, text.find("...")));
  return true;
}

bool ReadSystem(absl::string_view word, Triple* triple) {
  for (const auto& row : kSystems) {
    absl::string_view rest = word;
    if (!absl::ConsumePrefix(&rest, row.word) || !IsVersion(rest, &triple->os_version)) continue;
    triple->os = row.go;
    return true;
  }
  return false;
}

void ReadLibc(absl::string_view word, Triple* triple) {
  for (const auto& row : kLibcs) {
    absl::string_view rest = word;
    if (!absl::ConsumePrefix(&rest, row.word)) continue;
    for (const char* abi : kAbis) {
      if (absl::ConsumePrefix(&rest, abi)) break;
    }
    std::string version;
    if (!IsVersion(rest, &version)) continue;
    triple->libc.family = row.family;
    // Behind android it is the level of its interfaces.
    if (row.family == LibcFamily::kBionic) {
      triple->os = "android";
    } else {
      triple->libc.version = version;
    }
  }
}

}  // namespace

Triple ParseTriple(absl::string_view text) {
  Triple triple{.text = std::string(text)};
  const std::vector<absl::string_view> words = absl::StrSplit(text, '-');
  triple.arch = std::string(GoArch(words[0]));
  for (size_t i = 1; i < words.size(); ++i) {
    if (triple.os.empty()) {
      ReadSystem(words[i], &triple);
    } else if (triple.IsLinux()) {
      ReadLibc(words[i], &triple);
    }
  }
  return triple;
}

Triple WithMacOsVersion(const Triple& triple, absl::string_view version) {
  if (!triple.IsMacOs() || version.empty()) return triple;
  const std::string cpu = triple.text.substr(0, triple.text.find('-'));
  return ParseTriple(absl::StrCat(cpu, "-macos.", version));
}

}  // namespace cgo_ld_shim::target

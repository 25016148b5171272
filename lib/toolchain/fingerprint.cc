#include <cstdint>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "llvm/Support/xxhash.h"
#include "support/file.h"
#include "target/target.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::toolchain {
namespace {

constexpr absl::string_view kIdentBegin = "cgo-ld-shim ";
constexpr size_t kIdentMaximum = 100;  // bytes; longer than any

bool PlausibleVersion(absl::string_view field) { return !field.empty() && field[0] >= '0' && field[0] <= '9'; }

void AddFile(const std::string& path, std::string* text) {
  if (const auto identity = support::Identify(path)) {
    absl::StrAppend(text, path, " ", identity->size, " ", identity->mtime_ns, "\n");
  } else {
    absl::StrAppend(text, path, " missing\n");
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

std::string Fingerprint(const Toolchain& toolchain, const char* const* envp) {
  const target::Target target = target::Infer(envp);
  std::string text = absl::StrCat("cgo-ld-shim " CGO_LD_SHIM_VERSION " lld " CGO_LD_SHIM_LLVM " " CGO_LD_SHIM_ZLIB "\n",
                                  target.os, "/", target.arch, " ", toolchain.machine.text, " ",
                                  toolchain.libc.ToString(), "\n", toolchain.version, "\n");
  for (const std::string& word : toolchain.driver) absl::StrAppend(&text, word, "\n");
  AddFile(toolchain.driver[0], &text);
  for (const std::string& object : toolchain.line.first_objects) AddFile(object, &text);
  for (const char* library : {"c", "gcc", "gcc_eh", "stdc++", "m"}) {
    AddFile(toolchain.FindArchive(library).value_or(library), &text);
  }
  absl::StrAppend(&text, support::SettingsFingerprintText(envp));
  return absl::StrFormat("%016x", llvm::xxh3_64bits(llvm::StringRef(text)));
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

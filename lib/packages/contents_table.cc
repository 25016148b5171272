#include "packages/contents_table.h"

#include <cstdint>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Compression.h"
#include "llvm/Support/Error.h"

// debian_files.z, by embedded_table.S: its unpacked size in decimal digits, a line end, and a zlib stream. The text has
// the release on its first line, and then a line a file, sorted: "a z\tzlib1g-dev".
extern "C" const unsigned char cgo_ld_shim_package_table_begin[], cgo_ld_shim_package_table_end[];

namespace cgo_ld_shim::packages {
namespace {

std::string Unpack() {
  // As numbers: the two symbols are one array to the assembler alone.
  const auto begin = reinterpret_cast<uintptr_t>(cgo_ld_shim_package_table_begin);
  const auto end = reinterpret_cast<uintptr_t>(cgo_ld_shim_package_table_end);
  absl::string_view bytes(reinterpret_cast<const char*>(cgo_ld_shim_package_table_begin), end - begin);
  const size_t line = bytes.find('\n');
  uint64_t size = 0;
  if (line == absl::string_view::npos || !absl::SimpleAtoi(bytes.substr(0, line), &size)) return "";
  bytes.remove_prefix(line + 1);
  llvm::SmallVector<uint8_t, 0> text;
  llvm::Error error = llvm::compression::zlib::decompress(
      llvm::ArrayRef<uint8_t>(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()), text, size);
  if (error) {
    llvm::consumeError(std::move(error));
    return "";
  }
  return {reinterpret_cast<const char*>(text.data()), text.size()};
}

absl::string_view Text() {
  static const auto* text = new std::string(Unpack());
  return *text;
}

}  // namespace

std::string TableRelease() { return std::string(Text().substr(0, Text().find('\n'))); }

std::vector<std::string> FindInTable(char kind, absl::string_view name) {
  const absl::string_view text = Text();
  const std::string key = absl::StrCat("\n", absl::string_view(&kind, 1), " ", name, "\t");
  const size_t found = text.find(key);
  if (found == absl::string_view::npos) return {};
  absl::string_view packages = text.substr(found + key.size());
  packages = packages.substr(0, packages.find('\n'));
  return absl::StrSplit(packages, ' ', absl::SkipEmpty());
}

}  // namespace cgo_ld_shim::packages

// Any bytes as a .pc file: no crash, no endless loop, and no result that is out of proportion.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "symbols/symbols.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace symbols = cgo_ld_shim::symbols;
  const absl::StatusOr<symbols::PkgConfigFile> file =
      symbols::ParsePkgConfig(absl::string_view(reinterpret_cast<const char*>(data), size), "/nonexistent/fuzz.pc");
  if (!file.ok()) return 0;
  size_t total = 0;
  for (const std::string& word : file->libs) total += word.size();
  for (const std::string& word : file->libs_private) total += word.size();
  if (total > 2 * (64 * 1024 + size)) std::abort();
  return 0;
}

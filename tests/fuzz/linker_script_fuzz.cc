// Any bytes as a linker script: no crash, and no name that the text does not contain.
#include <cstdint>
#include <cstdlib>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "symbols/symbols.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace symbols = cgo_ld_shim::symbols;
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<symbols::LinkerScript> script = symbols::ParseLinkerScript(text);
  if (!script.ok()) {
    if (script.status().message().empty()) std::abort();
    return 0;
  }
  for (const symbols::ScriptItem& item : script->items) {
    if (text.find(item.name) == absl::string_view::npos || item.group < -1) std::abort();
  }
  return 0;
}

// Any bytes as an object file: no crash, and no name that points outside of them.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "symbols/symbols.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace symbols = cgo_ld_shim::symbols;
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<symbols::Object> object = symbols::ReadObject(bytes, "fuzz.o");
  if (!object.ok()) {
    if (object.status().code() != absl::StatusCode::kDataLoss) std::abort();
    return 0;
  }
  const auto check = [bytes](absl::string_view name) {
    if (name.empty()) return;
    if (name.data() < bytes.data() || name.data() + name.size() > bytes.data() + bytes.size()) std::abort();
  };
  for (const symbols::Definition& definition : object->definitions) {
    check(definition.name);
    if (definition.name.size() < 1000) symbols::Demangle(definition.name);
  }
  for (const symbols::Reference& reference : object->references) check(reference.name);
  for (const absl::string_view name : object->comdat_groups) check(name);
  for (const absl::string_view name : object->needed) check(name);
  check(object->soname);
  if (object->kind == symbols::ObjectKind::kUnknown && object->what.empty()) std::abort();
  object->machine.Name();
  return 0;
}

// Any bytes as a finished binary: no crash, and every answer can be judged, shown and written as JSON.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "inspect/inspect.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace inspect = cgo_ld_shim::inspect;
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  absl::StatusOr<std::vector<inspect::BinaryFacts>> all = inspect::ReadBinaryBytes(bytes, "fuzz");
  if (!all.ok()) {
    const absl::StatusCode code = all.status().code();
    if (code != absl::StatusCode::kDataLoss && code != absl::StatusCode::kInvalidArgument) std::abort();
    if (all.status().message().empty()) std::abort();
    return 0;
  }
  if (all->empty()) std::abort();
  inspect::Inspection inspection{.path = "fuzz"};
  for (inspect::BinaryFacts& facts : *all) {
    if (facts.format.empty() || facts.type.empty() || facts.architecture.empty()) std::abort();
    const inspect::Verdict verdict = inspect::Judge(facts);
    const std::string text = inspect::FactsText(facts, verdict, {});
    for (const char c : text) {
      if (static_cast<unsigned char>(c) < 0x20 && c != '\n') std::abort();
    }
    inspection.binaries.emplace_back(std::move(facts), verdict);
  }
  if (inspect::ToJson({inspection}).empty()) std::abort();
  return 0;
}

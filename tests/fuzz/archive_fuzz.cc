// Any bytes as an archive: no crash, the ways to ask for a symbol agree, and every answer is a member. Archives that
// are thin name files; these are opened, but there is nothing beside this one.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"
#include "symbols/symbols.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace symbols = cgo_ld_shim::symbols;
  // Absolute names lead out of the empty directory; what is there is not ours to read.
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.substr(0, 8) == "!<thin>\n" && bytes.find('/') != absl::string_view::npos) return 0;
  const absl::StatusOr<std::shared_ptr<symbols::Archive>> opened = symbols::Archive::FromBuffer(
      llvm::MemoryBuffer::getMemBufferCopy(llvm::StringRef(bytes.data(), bytes.size())), "/nonexistent/fuzz.a");
  if (!opened.ok()) return 0;
  const symbols::Archive& archive = **opened;
  std::vector<absl::string_view> wanted = {"main", "nowhere"};
  std::vector<std::pair<uint32_t, uint32_t>> hits;
  archive.FindDefining(wanted, &hits);
  const std::vector<symbols::Archive::IndexEntry>& index = archive.index();
  const size_t count = archive.member_count();
  if (archive.empty() != (count == 0)) std::abort();
  for (size_t i = 0; i < index.size() && i < 100; ++i) {
    if (index[i].member >= count) std::abort();
    const absl::Span<const uint32_t> members = archive.Defining(index[i].symbol);
    if (std::find(members.begin(), members.end(), index[i].member) == members.end()) std::abort();
    hits.clear();
    archive.FindDefining(absl::MakeConstSpan(&index[i].symbol, 1), &hits);
    if (hits.size() != members.size()) std::abort();
  }
  for (uint32_t i = 0; i < count; ++i) {
    const absl::StatusOr<const symbols::Object*> object = archive.Load(i);
    if (object.ok() != archive.Load(i).ok()) std::abort();
  }
  if (archive.Load(static_cast<uint32_t>(count)).ok()) std::abort();
  return 0;
}

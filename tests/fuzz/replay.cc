// Stands in for libFuzzer's main: runs a fuzz target once over each file that is named, as libFuzzer does with files.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "fmt/format.h"
#include "support/file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    fmt::print(stderr, "{}\n", argv[i]);  // first, so that the name of a file that crashes is the last line
    const absl::StatusOr<std::string> bytes = cgo_ld_shim::support::ReadFile(argv[i]);
    if (!bytes.ok()) {
      fmt::print(stderr, "{}\n", std::string(bytes.status().message()));
      return 1;
    }
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes->data()), bytes->size());
  }
  fmt::print("{} inputs\n", argc - 1);
  return 0;
}

// Any bytes as a response file: no crash, no word with a NUL byte in it, and words that are spelled again as they were.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "invocation/arguments.h"
#include "invocation/invocation.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace invocation = cgo_ld_shim::invocation;
  const absl::StatusOr<std::vector<std::string>> words =
      invocation::ParseResponseText(absl::string_view(reinterpret_cast<const char*>(data), size));
  if (!words.ok()) return 0;
  std::vector<const char*> argv = {"cc"};
  for (const std::string& word : *words) {
    if (word.find('\0') != std::string::npos) std::abort();
    argv.push_back(word.c_str());
  }
  invocation::QuickClassify(static_cast<int>(argv.size()), argv.data());
  if (invocation::Spell(invocation::TypeArguments(*words)) != *words) std::abort();
  return 0;
}

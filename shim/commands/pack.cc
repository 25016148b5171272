// `cgo-ld-shim pack DIR -o OUT`: prebuilt archives of several platforms as one layout to ship.
#include "pack/pack.h"

#include <unistd.h>

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "fmt/format.h"
#include "shim/commands/commands.h"
#include "shim/commands/options.h"
#include "shim/commands/terminal.h"
#include "support/printable.h"

namespace cgo_ld_shim::commands {

int PackCommand(const std::vector<std::string>& args) {
  static constexpr OptionRow kRows[] = {{"-o", true},          {"--keep", true},   {"--keep-header", true},
                                        {"--keep-list", true}, {"--whole", false}, {"--libc", true},
                                        {"--json", false},     {"-q", false}};
  const Options options = ParseOptions("pack", args, kRows);
  if (options.exit_status) return *options.exit_status;
  if (options.words.empty()) return UsageError("pack", "pack takes the archives, or a directory that has them");
  const std::vector<std::string> outputs = options.All("-o");
  if (outputs.size() != 1 || outputs[0].empty()) return UsageError("pack", "pack takes one -o: the directory to make");
  if (options.Has("-q") && options.Has("--json"))
    return UsageError("pack", "-q and --json are two different answers; take one");
  pack::Request request{.paths = options.words,
                        .output = outputs[0],
                        .keep = options.All("--keep"),
                        .lists = options.All("--keep-list"),
                        .headers = options.All("--keep-header"),
                        .whole = options.Has("--whole")};
  if (options.Has("--libc")) {
    const std::string name = options.values.at("--libc");
    request.libc = target::ParseFamily(name);
    if (request.libc != target::LibcFamily::kGlibc && request.libc != target::LibcFamily::kMusl)
      return UsageError("pack", absl::StrCat("--libc ", name, " is no C library that pack knows; take ",
                                             target::FamilyName(target::LibcFamily::kGlibc), " or ",
                                             target::FamilyName(target::LibcFamily::kMusl)));
  }
  const absl::StatusOr<pack::Packed> packed =
      pack::Pack(request, environ, [](const std::string& line) { fmt::print(stderr, "cgo-ld-shim: {}\n", line); });
  if (!packed.ok()) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(packed.status().message()));
    return absl::IsFailedPrecondition(packed.status()) ? kFailed : kUsage;
  }
  if (options.Has("--json")) {
    fmt::print("{}", pack::ManifestText(*packed));
  } else if (!options.Has("-q")) {
    fmt::print("{}", pack::PackText(*packed, OutputOptions()));
  }
  return kOk;
}

}  // namespace cgo_ld_shim::commands

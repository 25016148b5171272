#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "backend/backend.h"

namespace cgo_ld_shim::backend {
namespace {

using invocation::ArgType;

bool IsSearchMode(absl::string_view option) {
  static constexpr absl::string_view kModes[] = {"-Bstatic", "--Bstatic",   "-Bdynamic",    "--Bdynamic", "-dn",
                                                 "-dy",      "-non_shared", "-call_shared", "-static",    "-dynamic"};
  for (absl::string_view mode : kModes) {
    if (option == mode) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> LinkerLine(const std::vector<rules::LinkWord>& line, const toolchain::Toolchain& toolchain,
                                    const std::string& output) {
  std::vector<std::string> argv = {"ld.lld"};
  argv.insert(argv.end(), toolchain.line.options.begin(), toolchain.line.options.end());
  // All that is wrong at once; the default stops at 20.
  argv.push_back("--error-limit=0");
  // As GNU ld: a common symbol takes its definition from an archive, and --gc-sections keeps what __start_X tells of.
  argv.insert(argv.end(), {"--fortran-common", "-z", "nostart-stop-gc"});
  argv.insert(argv.end(), {"-o", output});
  argv.insert(argv.end(), toolchain.line.first_objects.begin(), toolchain.line.first_objects.end());
  for (const rules::LinkWord& word : line) {
    switch (word.argument.type) {
      case ArgType::kInput:
        argv.push_back(word.path.empty() ? word.argument.value : word.path);
        break;
      case ArgType::kLibrary:
        argv.push_back(word.path.empty() ? absl::StrCat("-l", word.argument.value) : word.path);
        break;
      case ArgType::kLibraryDir:
        argv.push_back(absl::StrCat("-L", word.argument.value));
        break;
      case ArgType::kLinker:
        if (!IsSearchMode(word.argument.value)) argv.push_back(word.argument.value);
        break;
      default:
        break;  // the driver's business: what it makes of these is in the toolchain's line already
    }
  }
  for (const std::string& word : toolchain.line.last) {
    const auto path = absl::StartsWith(word, "-l") ? toolchain.FindArchive(word.substr(2)) : std::nullopt;
    argv.push_back(path.value_or(word));
  }
  // For libraries that a linker script names by -l, and for what lld itself may search.
  for (const std::string& dir : toolchain.line.library_dirs) argv.push_back(absl::StrCat("-L", dir));
  return argv;
}

}  // namespace cgo_ld_shim::backend

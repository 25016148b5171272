// `cgo-ld-shim help` and `cgo-ld-shim version`.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "fmt/format.h"
#include "llvm/Support/JSON.h"
#include "report/text_parts.h"
#include "shim/commands/commands.h"
#include "shim/commands/help_text.h"
#include "shim/commands/options.h"
#include "shim/commands/target_table.h"
#include "shim/commands/terminal.h"

namespace cgo_ld_shim::commands {
namespace {

#ifdef CGO_LD_SHIM_WITH_LTO
constexpr bool kWithLto = true;
#else
constexpr bool kWithLto = false;
#endif

void PrintOverview() {
  report::Page page(OutputOptions());
  page.Paragraph(0, absl::StrCat("cgo-ld-shim ", CGO_LD_SHIM_VERSION,
                                 ": the C compiler and linker for Go that makes static executables"));
  page.Blank();
  page.Title("usage");
  page.Labelled(2, "cgo-ld-shim go build", 34, "one static executable, no flags");
  page.Labelled(2, "cgo-ld-shim COMMAND …", 34, "one of these:");
  page.Blank();
  page.Title("commands");
  size_t column = 0;
  for (size_t i = 0; i < kCommandCount; ++i) {
    if (kCommands[i].summary != nullptr) column = std::max(column, std::strlen(kCommands[i].name) + 4);
  }
  for (size_t i = 0; i < kCommandCount; ++i) {
    if (kCommands[i].summary != nullptr) page.Labelled(2, kCommands[i].name, column, kCommands[i].summary);
  }
  page.Blank();
  page.Line("An example of each:  cgo-ld-shim help COMMAND");
  page.Line("All settings:        cgo-ld-shim env --explain");
  page.Line("Anything else is for the underlying compiler (gcc, clang or cc; CGO_LD_SHIM_CC names another).");
  page.Line("Exit status: 0 done, 1 failed, 2 not understood.");
  fmt::print("{}", page.Take());
}

}  // namespace

int HelpCommand(const std::vector<std::string>& args) {
  static constexpr OptionRow kRows[] = {{"--man", false}};  // for the build, which installs the page
  const Options options = ParseOptions("help", args, kRows);
  if (options.exit_status) return *options.exit_status;
  if (options.Has("--man")) {
    fmt::print("{}", ManualPage());
    return kOk;
  }
  if (options.words.size() > 1) return UsageError("help", "help takes one command");
  if (options.words.empty()) {
    PrintOverview();
    return kOk;
  }
  const Command* command = Find(options.words[0]);
  if (command == nullptr) return Run(options.words);  // says so, and names the nearest
  fmt::print("{}", command->help);
  return kOk;
}

int VersionCommand(const std::vector<std::string>& args) {
  static constexpr OptionRow kRows[] = {{"--json", false}};
  const Options options = ParseOptions("version", args, kRows);
  if (options.exit_status) return *options.exit_status;
  if (!options.words.empty()) return UsageError("version", "version takes no words");
  if (options.Has("--json")) {
    fmt::print("{}\n", JsonText(llvm::json::Object{{"schema", 1},
                                                   {"version", CGO_LD_SHIM_VERSION},
                                                   {"lld", CGO_LD_SHIM_LLVM},
                                                   {"compression", CGO_LD_SHIM_ZLIB},
                                                   {"with_lto", kWithLto}}));
    return kOk;
  }
  fmt::print("{}", VersionText());
  return kOk;
}

std::string VersionText() {
  return absl::StrCat("cgo-ld-shim ", CGO_LD_SHIM_VERSION, " · lld ", CGO_LD_SHIM_LLVM, " · ", CGO_LD_SHIM_ZLIB,
                      kWithLto ? " · with LTO\n" : " · without LTO\n");
}

}  // namespace cgo_ld_shim::commands

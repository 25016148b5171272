#include "shim/apple_calls.h"

#include <unistd.h>

#include <cstdio>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "darwin/libraries.h"
#include "fmt/format.h"
#include "link/system.h"

namespace cgo_ld_shim {
namespace {

// "'CoreFoundation/CoreFoundation.h' file not found" → the header; empty: clang complains of something else.
std::string MissingHeader(absl::string_view messages) {
  const size_t end = messages.find("' file not found");
  if (end == absl::string_view::npos) return "";
  const size_t begin = messages.rfind('\'', end - 1);
  return begin == absl::string_view::npos ? "" : std::string(messages.substr(begin + 1, end - begin - 1));
}

}  // namespace

int RefuseDynimportLink(const Context& context, const std::vector<std::string>& args) {
  if (!link::AppleSdk(context.driver, environ).empty()) return ExecDriver(context, args);
  // Without an SDK it would fail at the first framework; Go then links through us, with stubs.
  fmt::print(stderr, "cgo-ld-shim: no dynamic imports: this program is linked without an SDK of Apple's\n");
  return 1;
}

int AnswerAppleQuestion(const Context& context, const std::vector<std::string>& args) {
  std::string tool;
  for (size_t i = 0; i < args.size(); ++i) {
    for (const char* option : {"--print-prog-name", "-print-prog-name"}) {
      if (args[i] == option && i + 1 < args.size()) tool = args[i + 1];
      if (absl::StartsWith(args[i], absl::StrCat(option, "="))) tool = args[i].substr(args[i].find('=') + 1);
    }
  }
  if (tool != "dsymutil" && tool != "strip") return ExecDriver(context, args);
  const darwin::AfterLink tools = link::AfterLinkTools(environ);
  fmt::print("{}\n", tool == "strip" ? tools.strip : tools.dsymutil);
  return 0;
}

int CompileForApple(const Context& context, const std::vector<std::string>& args) {
  if (!link::AppleSdk(context.driver, environ).empty()) return RunCompile(context, args, nullptr);
  std::string messages;
  const int exit_status = RunCompile(context, args, &messages);
  const std::string part = exit_status == 0 ? "" : darwin::SdkPartOfHeader(MissingHeader(messages));
  if (!part.empty()) {
    fmt::print(
        stderr,
        "cgo-ld-shim: {} is in Apple's SDK, which zig does not have; programs need it only when their own C code "
        "includes it\n"
        "  what you can do\n"
        "    SDKROOT=DIRECTORY     the SDK of Xcode, or of its Command Line Tools (MacOSX.sdk), copied from a Mac\n"
        "    declare the few functions that are needed in the C code itself; at the link they are found by name\n",
        part);
  }
  return exit_status;
}

}  // namespace cgo_ld_shim

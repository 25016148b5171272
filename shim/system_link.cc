#include "shim/system_link.h"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "darwin/libraries.h"
#include "darwin/prepare.h"
#include "fmt/format.h"
#include "rules/line.h"
#include "support/file.h"
#include "support/process.h"
#include "support/setting_rows.h"
#include "target/target.h"
#include "toolchain/zig.h"

namespace cgo_ld_shim {
namespace {

std::string Variable(const char* name) {
  const char* value = support::FindVariable(environ, name);
  return value == nullptr ? "" : value;
}

darwin::AfterLink AfterLinkTools() {
  const std::string path = Variable("PATH");
  return darwin::FindAfterLink(path.empty() ? "/usr/local/bin:/usr/bin:/bin" : path);
}

// "'CoreFoundation/CoreFoundation.h' file not found" → the header; empty: clang complains of something else.
std::string MissingHeader(absl::string_view messages) {
  const size_t end = messages.find("' file not found");
  if (end == absl::string_view::npos) return "";
  const size_t begin = messages.rfind('\'', end - 1);
  return begin == absl::string_view::npos ? "" : std::string(messages.substr(begin + 1, end - begin - 1));
}

void Take(const rules::Edits& edits, SystemLink* link) {
  link->words = edits.Words();
  link->edits = edits.log();
}

void PrepareApple(const Context& context, const invocation::Invocation& call, SystemLink* link) {
  darwin::Request request{.arguments = call.arguments,
                          .arch = AppleArch(context),
                          .cwd = context.cwd,
                          .sdk = AppleSdk(context),
                          .keep_stabs = AfterLinkTools().real};
  const absl::StatusOr<std::string> zig_library = toolchain::ZigLibraryDirectory(context.driver[0]);
  if (!zig_library.ok()) {
    link->error = zig_library.status();
    return;
  }
  request.libsystem = absl::StrCat(*zig_library, "/libc/darwin/libSystem.tbd");
  const absl::StatusOr<std::string> directory = support::MakeTemporaryDirectory();
  if (!directory.ok()) {
    link->error = directory.status();
    return;
  }
  link->directory = request.directory = *directory;
  absl::StatusOr<darwin::Preparation> prepared = darwin::Prepare(request);
  if (!prepared.ok()) {
    link->error = prepared.status();
    return;
  }
  Take(prepared->edits, link);
  for (const darwin::Unplaced& unplaced : prepared->unplaced) {
    link->missing.push_back({.symbol = unplaced.symbol,
                             .demangled = unplaced.symbol,
                             .wanted_by = {unplaced.wanted_by},
                             .cause = diagnose::CauseId::kNowhere,
                             .hint = "it is neither in libSystem nor, by its name, in a library that this link names"});
  }
  if (!link->missing.empty()) {
    link->ways_out.emplace_back("name the library or framework that has it (#cgo LDFLAGS: -framework X)");
    link->ways_out.emplace_back("SDKROOT=DIRECTORY                an SDK of Apple's knows all symbols of macOS");
    link->ways_out.emplace_back("-Wl,-U,SYMBOL                    it is looked up when the program starts");
  }
}

}  // namespace

std::string AppleArch(const Context& context) {
  const std::string triple = toolchain::ZigTarget(context.driver);
  return absl::StrContains(triple, "-macos") ? std::string(target::ArchOfTriple(triple)) : "";
}

std::string AppleSdk(const Context& context) { return AppleArch(context).empty() ? "" : Variable("SDKROOT"); }

bool HasSystemLink(const Context& context) {
  const std::string triple = toolchain::ZigTarget(context.driver);
  return !triple.empty() && (!absl::StrContains(triple, "-linux") || absl::StrContains(triple, "-gnu"));
}

std::string HostDirectory(const std::vector<std::string>& args) {
  for (size_t i = 0; i < args.size(); ++i) {
    absl::string_view word = args[i];
    const bool flag =
        absl::ConsumePrefix(&word, "-I") || absl::ConsumePrefix(&word, "-L") || absl::ConsumePrefix(&word, "-isystem");
    if (!flag) continue;
    if (word.empty() && i + 1 < args.size()) word = args[++i];
    while (absl::ConsumeSuffix(&word, "/")) {
    }
    for (const char* base : {"/usr/include", "/usr/lib", "/lib"}) {
      absl::string_view rest = word;
      if (!absl::ConsumePrefix(&rest, base)) continue;
      // /usr/include itself, and what belongs to this host's triple; not /usr/include/libxml2, whose headers fit any.
      const absl::string_view triple = rest.substr(0, rest.find('/', 1));
      if (rest.empty() || target::ArchOfTriple(absl::StripPrefix(triple, "/")) == target::HostArch()) return args[i];
    }
  }
  return "";
}

SystemLink PrepareSystemLink(const Context& context, const invocation::Invocation& call) {
  SystemLink link;
  const std::string triple = toolchain::ZigTarget(context.driver);
  if (absl::StrContains(triple, "-linux")) {
    link.mode = "dynamic";
    link.notes.push_back(absl::StrCat("dynamic for glibc alone: ", triple, " is asked for"));
    Take(rules::EditForFloor(call, context.cwd), &link);
  } else if (AppleArch(context).empty()) {
    Take(rules::EditForSystem(call), &link);
  } else {
    PrepareApple(context, call, &link);
  }
  return link;
}

void RemoveSystemLinkFiles(const SystemLink& link) {
  std::error_code ignored;
  if (!link.directory.empty()) std::filesystem::remove_all(link.directory, ignored);
}

int RefuseDynimportLink(const Context& context, const std::vector<std::string>& args) {
  if (!AppleSdk(context).empty()) return HandOn(context, args);
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
  if (tool != "dsymutil" && tool != "strip") return HandOn(context, args);
  const darwin::AfterLink tools = AfterLinkTools();
  fmt::print("{}\n", tool == "strip" ? tools.strip : tools.dsymutil);
  return 0;
}

int CompileForApple(const Context& context, const std::vector<std::string>& args) {
  if (!AppleSdk(context).empty()) return HandOn(context, args);
  std::string messages;
  const int exit_status = RunDriver(context, args, &messages);
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

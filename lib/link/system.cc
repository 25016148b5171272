#include "link/system.h"

#include <stdlib.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "darwin/libraries.h"
#include "darwin/prepare.h"
#include "rules/line.h"
#include "support/file.h"
#include "support/path.h"
#include "support/process.h"
#include "support/setting_rows.h"
#include "target/target.h"
#include "target/triple.h"
#include "toolchain/zig.h"

namespace cgo_ld_shim::link {
namespace {

std::string Variable(const char* const* environment, const char* name) {
  const char* value = support::FindVariable(environment, name);
  return value == nullptr ? "" : value;
}

void Take(const rules::Edits& edits, SystemLink* link) {
  link->words = edits.Words();
  link->edits = edits.log();
}

void PrepareApple(const Request& link_request, SystemLink* link) {
  darwin::Request request{.arguments = link_request.call.arguments,
                          .arch = link_request.driver.target.arch,
                          .cwd = link_request.cwd,
                          .sdk = AppleSdk(link_request.driver, link_request.environment),
                          .keep_stabs = AfterLinkTools(link_request.environment).real};
  const absl::StatusOr<std::string> zig_library = toolchain::ZigLibraryDirectory(link_request.driver.words[0]);
  if (!zig_library.ok()) {
    link->error = zig_library.status();
    return;
  }
  request.libsystem = absl::StrCat(*zig_library, "/libc/darwin/libSystem.tbd");
  absl::StatusOr<support::TemporaryDirectory> directory = support::TemporaryDirectory::Make();
  if (!directory.ok()) {
    link->error = directory.status();
    return;
  }
  link->directory = std::make_shared<support::TemporaryDirectory>(*std::move(directory));
  request.directory = link->directory->path();
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
    link->ways_out = {{"name the library or framework that has it (#cgo LDFLAGS: -framework X)"},
                      {"SDKROOT=DIRECTORY", "an SDK of Apple's knows all symbols of macOS"},
                      {"-Wl,-U,SYMBOL", "it is looked up when the program starts"}};
  }
}

}  // namespace

std::string AppleSdk(const toolchain::Driver& driver, const char* const* environment) {
  return driver.IsApple() ? Variable(environment, "SDKROOT") : "";
}

darwin::AfterLink AfterLinkTools(const char* const* environment) {
  const std::string path = Variable(environment, "PATH");
  return darwin::FindAfterLink(path.empty() ? support::kDefaultPath : path);
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
      if (rest.empty() || target::ParseTriple(absl::StripPrefix(triple, "/")).arch == target::HostArch())
        return args[i];
    }
  }
  return "";
}

diagnose::WayOut PkgConfigWayOut() {
  return {"PKG_CONFIG_LIBDIR=DIR/lib/pkgconfig",
          "DIR holds the libraries for that target; pkg-config then looks there alone"};
}

SystemLink PrepareSystemLink(const Request& request) {
  SystemLink link;
  if (request.driver.target.IsLinux()) {
    link.mode = "dynamic";
    link.notes.push_back(absl::StrCat("dynamic for glibc alone: ", request.driver.target.text, " is asked for"));
    Take(rules::EditForFloor(request.call, request.cwd), &link);
  } else if (request.driver.IsApple()) {
    PrepareApple(request, &link);
  } else {
    Take(rules::EditForSystem(request.call), &link);
  }
  return link;
}

}  // namespace cgo_ld_shim::link

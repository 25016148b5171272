#include "link/system.h"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "darwin/libraries.h"
#include "darwin/prepare.h"
#include "support/file.h"
#include "support/process.h"
#include "support/setting_rows.h"
#include "support/path.h"
#include "target/target.h"
#include "target/triple.h"
#include "toolchain/zig.h"

namespace cgo_ld_shim::link {
namespace {

using invocation::ArgType;
using invocation::Argument;

std::string Variable(const char* const* environment, const char* name) {
  const char* value = support::FindVariable(environment, name);
  return value == nullptr ? "" : value;
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
  link->words = std::move(prepared->words);
  link->rewrites = std::move(prepared->rewrites);
  for (const darwin::Unplaced& unplaced : prepared->unplaced) {
    link->missing.push_back({.symbol = unplaced.symbol,
                             .demangled = unplaced.symbol,
                             .wanted_by = {unplaced.wanted_by},
                             .cause = "nowhere",
                             .hint = "it is neither in libSystem nor, by its name, in a library that this link names"});
  }
  if (!link->missing.empty()) {
    link->ways_out.emplace_back("name the library or framework that has it (#cgo LDFLAGS: -framework X)");
    link->ways_out.emplace_back("SDKROOT=DIRECTORY                an SDK of Apple's knows all symbols of macOS");
    link->ways_out.emplace_back("-Wl,-U,SYMBOL                    it is looked up when the program starts");
  }
}

// Windows and the BSDs: net names libresolv on every Unix, and zig has none for these.
void PrepareOther(const invocation::Invocation& call, SystemLink* link) {
  std::vector<Argument> kept;
  for (const Argument& argument : call.arguments) {
    if (argument.type == ArgType::kLibrary && argument.value == "resolv") {
      link->rewrites.push_back({"drop-lresolv", argument.words, {}, "the C library of this system has it all", {}});
    } else {
      kept.push_back(argument);
    }
  }
  link->words = invocation::Spell(kept);
}

// Libraries of the user's that are there as archives are named by path, so that a shared one beside them is not taken.
void PrepareGlibcFloor(const Request& request, SystemLink* link) {
  link->mode = "dynamic";
  link->notes.push_back(
      absl::StrCat("dynamic for glibc alone: ", request.driver.target.text, " is asked for"));
  std::vector<std::string> directories;
  for (const Argument& argument : request.call.arguments) {
    if (argument.type == ArgType::kLibraryDir) directories.push_back(support::Absolute(argument.value, request.cwd));
  }
  std::vector<Argument> kept;
  for (const Argument& argument : request.call.arguments) {
    if (argument.type == ArgType::kStatic) {
      link->rewrites.push_back({"glibc-floor", argument.words, {}, "zig has no static glibc", {}});
      continue;
    }
    std::string archive;
    if (argument.type == ArgType::kLibrary) {
      for (const std::string& directory : directories) {
        const std::string path = absl::StrCat(directory, "/lib", argument.value, ".a");
        if (archive.empty() && support::IsRegularFile(path)) archive = path;
      }
    }
    if (archive.empty()) {
      kept.push_back(argument);
    } else {
      kept.push_back({.type = ArgType::kInput, .value = archive, .words = {archive}});
      link->rewrites.push_back({"glibc-floor", argument.words, {archive}, "only glibc is shared", {}});
    }
  }
  link->words = invocation::Spell(kept);
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
      if (rest.empty() || target::ParseTriple(absl::StripPrefix(triple, "/")).arch == target::HostArch()) return args[i];
    }
  }
  return "";
}

SystemLink PrepareSystemLink(const Request& request) {
  SystemLink link;
  if (request.driver.target.IsLinux()) {
    PrepareGlibcFloor(request, &link);
  } else if (request.driver.IsApple()) {
    PrepareApple(request, &link);
  } else {
    PrepareOther(request.call, &link);
  }
  return link;
}

void RemoveSystemLinkFiles(const SystemLink& link) {
  std::error_code ignored;
  if (!link.directory.empty()) std::filesystem::remove_all(link.directory, ignored);
}

}  // namespace cgo_ld_shim::link

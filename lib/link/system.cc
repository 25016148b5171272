#include "link/system.h"

#include <stdlib.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "darwin/libraries.h"
#include "darwin/prepare.h"
#include "diagnose/system_symbols.h"
#include "diagnose/zig_link.h"
#include "diagnose/zig_runtimes.h"
#include "diagnose/zig_words.h"
#include "plan/variants.h"
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

// Where this machine has libraries for the target beside those that the user names: zig looks in none of them.
std::vector<std::string> DirectoriesOfTarget(const Request& request) {
  std::vector<std::string> directories =
      absl::StrSplit(Variable(request.environment, "LIBRARY_PATH"), ':', absl::SkipEmpty());
  std::erase_if(directories, [](const std::string& directory) { return !directory.starts_with('/'); });
  if (const target::Architecture* arch = target::FindArchitecture(request.driver.target.arch))
    directories.push_back(absl::StrCat("/usr/lib/", arch->multiarch));
  return directories;
}

// What stands beside an archive that was made for another machine, or that is not there. A plan of the user's own words
// is enough to tell; of what zig adds nothing is known.
std::vector<rules::Replacement> VariantsFor(const Request& request) {
  plan::FileCache cache;
  plan::LinkPlan plan = plan::Build(request.call, {}, &cache);
  std::vector<rules::Replacement> variants;
  for (plan::Variant& variant : plan::UseVariants(request.driver.target.libc, &plan, &cache)) {
    variants.push_back({.rule = rules::RuleId::kUseVariant,
                        .argument = variant.argument,
                        .file = std::move(variant.to),
                        .because = std::move(variant.because)});
  }
  return variants;
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
  link->line = std::move(prepared->edits);
  link->unplaced = std::move(prepared->unplaced);
  link->absent = std::move(prepared->absent);
  if (!link->absent.empty()) link->error = absl::NotFoundError("a library is not there");
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
    link.line = rules::EditForFloor(request.call, request.cwd, DirectoriesOfTarget(request), VariantsFor(request));
  } else if (request.driver.IsApple()) {
    PrepareApple(request, &link);
  } else {
    link.line = rules::EditForSystem(request.call);
  }
  return link;
}

diagnose::Diagnosis ExplainSystemLink(const Request& request, const SystemLink& link, absl::string_view words) {
  using diagnose::ZigComplaint;
  const target::Triple& target = request.driver.target;
  const diagnose::ZigLink zig_link{.call = request.call,
                                   .target = target,
                                   .cwd = request.cwd,
                                   .zig_library = toolchain::ZigLibraryDirectory(request.driver.words[0]).value_or(""),
                                   .host_libc = target.IsLinux() ? diagnose::HostGlibc() : ""};
  std::vector<ZigComplaint> complaints = diagnose::ReadZigWords(words);
  if (!link.error.ok()) {
    for (const std::string& name : link.absent)
      complaints.push_back({.kind = ZigComplaint::Kind::kNoLibrary, .subject = name});
    if (link.absent.empty()) complaints = diagnose::ForeignInputs(zig_link);
  }
  // Who wants a symbol, zig does not always say.
  for (const darwin::Unplaced& unplaced : link.unplaced) {
    for (ZigComplaint& complaint : complaints) {
      if (complaint.kind == ZigComplaint::Kind::kUndefined && complaint.subject == unplaced.symbol &&
          complaint.uses.empty())
        complaint.uses.push_back({.unit = unplaced.wanted_by});
    }
  }
  diagnose::Diagnosis diagnosis = diagnose::ExplainZigLink(complaints, zig_link);
  if (!HostDirectory(request.call.expanded).empty()) diagnosis.ways_out.push_back(PkgConfigWayOut());
  return diagnosis;
}

bool AddSystemRuntimes(const Request& request, absl::string_view words, SystemLink* link) {
  const std::vector<diagnose::ZigRuntime> wanted =
      diagnose::RuntimesWanted(diagnose::ReadZigWords(words), request.call);
  for (const diagnose::ZigRuntime& runtime : wanted) {
    link->line.Append({absl::StrCat("-l", runtime.library)}, rules::RuleId::kAddRuntime,
                      "zig brings it, and the line does not name it", runtime.evidence);
  }
  return !wanted.empty();
}

}  // namespace cgo_ld_shim::link

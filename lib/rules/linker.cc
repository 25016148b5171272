// Who links: the linker in this program, unless something speaks for another one.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "resolve/simulation.h"
#include "rules/line.h"

namespace cgo_ld_shim::rules {
namespace {

using invocation::ArgType;

// Options that cmd/link or a rule of ours writes, which lld is known to take: no need to ask it.
bool IsKnown(absl::string_view option) {
  static constexpr absl::string_view kPrefixes[] = {
      "--build-id=", "--compress-debug-sections=", "--export-dynamic-symbol=", "-z", "-S", "relro", "now"};
  for (absl::string_view prefix : kPrefixes) {
    if (absl::StartsWith(option, prefix)) return true;
  }
  return option == "-s" || option == "--start-group" || option == "--end-group" || option == "-Bstatic" ||
         option == "-Bdynamic" || option == "--gc-sections";
}

}  // namespace

std::optional<AnotherLinker> LinkerBesideOurs(
    const resolve::Resolution& resolution, const support::Settings& settings, const Edits& edits,
    const std::function<bool(const std::vector<std::string>& options, std::string* complaint)>& accepts) {
  if (resolution.simulation != nullptr && !resolution.simulation->lto().empty()) {
    return AnotherLinker{RuleId::kLtoDriver,
                         absl::StrCat(resolution.simulation->lto()[0], " holds nothing but LTO bitcode")};
  }
  std::vector<std::string> options;
  for (const LinkWord& word : edits.Line()) {
    // The embedded linker is lld.
    if (word.argument.type == ArgType::kDriver && absl::StartsWith(word.argument.value, "-fuse-ld=") &&
        word.argument.value != "-fuse-ld=lld")
      return AnotherLinker{RuleId::kLinkerDriver, absl::StrCat(word.argument.value, " is asked for")};
    if (word.argument.type == ArgType::kLinker && !IsKnown(word.argument.value)) options.push_back(word.argument.value);
  }
  if (!settings.linker.empty() && settings.linker != "lld")
    return AnotherLinker{RuleId::kLinkerDriver, absl::StrCat("CGO_LD_SHIM_LINKER=", settings.linker)};
  std::string complaint;
  if (options.empty() || accepts(options, &complaint)) return std::nullopt;
  return AnotherLinker{RuleId::kLinkerDriver, absl::StrCat("the embedded linker does not take it: ",
                                                           absl::StripTrailingAsciiWhitespace(complaint))};
}

}  // namespace cgo_ld_shim::rules

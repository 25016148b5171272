// `cgo-ld-shim sbom BINARY`: the bill of materials of a program.
#include <cstdio>
#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "fmt/format.h"
#include "sbom/sbom.h"
#include "shim/commands/commands.h"
#include "shim/commands/options.h"
#include "support/file.h"
#include "support/printable.h"

namespace cgo_ld_shim::commands {
namespace {

// For a program without a record: what reproducible builds set, otherwise when the file was written.
int64_t TimeWithoutRecord(const std::string& binary) {
  int64_t seconds = 0;
  const char* epoch = std::getenv("SOURCE_DATE_EPOCH");
  if (epoch != nullptr && absl::SimpleAtoi(epoch, &seconds) && seconds >= 0) return seconds * 1000;
  const std::optional<support::FileIdentity> identity = support::Identify(binary);
  return identity ? identity->mtime_ns / 1000000 : 0;
}

}  // namespace

int SbomCommand(const std::vector<std::string>& args) {
  static constexpr OptionRow kRows[] = {{"--format", true}, {"-o", true}, {"--licences", true}};
  const Options options = ParseOptions("sbom", args, kRows);
  if (options.exit_status) return *options.exit_status;
  if (options.words.size() != 1) return UsageError("sbom", "sbom takes one binary");
  const std::string format = options.Has("--format") ? options.values.at("--format") : "cyclonedx";
  if (format != "cyclonedx" && format != "spdx")
    return UsageError("sbom", absl::StrCat(format, " is not a format; cyclonedx and spdx are"));

  const std::string& binary = options.words[0];
  const absl::StatusOr<sbom::Bill> bill = sbom::Collect(binary, TimeWithoutRecord(binary));
  if (!bill.ok()) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(bill.status().message()));
    return kFailed;
  }
  if (bill->source == "record" && bill->components.empty()) {
    fmt::print(stderr, "cgo-ld-shim: the record of this link names no archives ({}): only Go modules are listed\n",
               support::PrintableName(bill->linker));
  }
  for (const sbom::Component& component : bill->components) {
    if (component.sha256.empty() && component.role == sbom::Role::kLinked) {
      fmt::print(stderr, "cgo-ld-shim: {} is gone or changed since the link: listed without hash and package\n",
                 support::PrintableName(component.path.empty() ? component.name : component.path));
    }
  }
  if (options.Has("--licences")) {
    const std::string& directory = options.values.at("--licences");
    const absl::StatusOr<std::vector<std::string>> without = sbom::WriteLicenceTexts(*bill, directory);
    if (!without.ok()) {
      fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(without.status().message()));
      return kFailed;
    }
    for (const std::string& name : *without)
      fmt::print(stderr, "cgo-ld-shim: no licence text is here for {}\n", support::Printable(name));
    // The list itself is another question, unless it was asked as well.
    if (!options.Has("-o") && !options.Has("--format")) return kOk;
  }
  const std::string text = format == "spdx" ? sbom::Spdx(*bill) : sbom::CycloneDx(*bill);
  if (!options.Has("-o")) {
    fmt::print("{}", text);
    return kOk;
  }
  const absl::Status written = support::WriteFileAtomically(options.values.at("-o"), text, 0644);
  if (written.ok()) return kOk;
  fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(written.message()));
  return kFailed;
}

}  // namespace cgo_ld_shim::commands

// What each linker is given. The lines differ as little as can be, so that the linkers do the same work.
#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "capture/capture.h"

namespace cgo_ld_shim::capture {
namespace {

// Options of lld that others refuse; none changes what is linked.
bool OnlyLlds(absl::string_view word) {
  return absl::StartsWith(word, "--error-limit=") || word == "--no-mmap-output-file";
}

// What a driver of a compiler says by itself, or what is said of the libraries of a toolchain that is not used.
bool IsDriversOwn(absl::string_view word) {
  static constexpr absl::string_view kWords[] = {
      "-static", "--start-group", "--end-group",         "--as-needed",    "--no-as-needed",
      "-pie",    "-no-pie",       "--no-dynamic-linker", "--eh-frame-hdr", "--build-id"};
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords) ||
         absl::StartsWith(word, "--hash-style=") || absl::StartsWith(word, "-plugin") || OnlyLlds(word);
}

}  // namespace

LinkerKind KindOf(absl::string_view version_text) {
  // mold and wild name the linkers that they are compatible with as well.
  if (absl::StrContains(version_text, "mold ")) return LinkerKind::kMold;
  if (absl::StartsWithIgnoreCase(version_text, "wild ")) return LinkerKind::kWild;
  if (absl::StrContains(version_text, "LLD ")) return LinkerKind::kLld;
  if (absl::StartsWith(version_text, "GNU gold")) return LinkerKind::kGold;
  if (absl::StartsWith(version_text, "GNU ld")) return LinkerKind::kBfd;
  return LinkerKind::kUnknown;
}

std::vector<std::string> LineFor(const Capture& capture, LinkerKind kind) {
  std::vector<std::string> line;
  for (const std::string& word : capture.argv) {
    if (kind != LinkerKind::kLld && OnlyLlds(word)) continue;
    line.push_back(word);
  }
  if (kind == LinkerKind::kMold || kind == LinkerKind::kWild) line.emplace_back("--no-fork");
  return line;
}

std::vector<std::string> DriverLineFor(const Capture& capture) {
  std::vector<std::string> line = {capture.mode == "static-pie" ? "-static-pie" : "-static"};
  for (size_t i = 0; i < capture.argv.size(); ++i) {
    const std::string& word = capture.argv[i];
    if (word == "-m" || word == "-z" || word == "-dynamic-linker" || word == "--entry") {
      ++i;
    } else if (absl::StartsWith(word, "-")) {
      if (!IsDriversOwn(word)) line.push_back(absl::StrCat("-Wl,", word));
    } else {
      const auto input = std::find_if(capture.inputs.begin(), capture.inputs.end(),
                                      [&](const Input& candidate) { return candidate.path == word; });
      if (input == capture.inputs.end() || input->origin != "toolchain") line.push_back(word);
    }
  }
  return line;
}

}  // namespace cgo_ld_shim::capture

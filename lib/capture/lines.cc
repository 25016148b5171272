// What each linker is given. The lines differ as little as can be, so that the linkers do the same work.
#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "capture/capture.h"
#include "capture/linker_options.h"

namespace cgo_ld_shim::capture {
namespace {

// Options of lld that others refuse; none changes what is linked.
bool OnlyLlds(absl::string_view word) {
  return absl::StartsWith(word, "--error-limit=") || word == "--no-mmap-output-file" || word == "--fortran-common";
}
// -z words by which lld does what the others always do.
bool OnlyLldsZ(absl::string_view value) { return value == "nostart-stop-gc"; }

// What a driver of a compiler says by itself, or what is said of the libraries of a toolchain that is not used.
bool IsDriversOwn(absl::string_view word) {
  static constexpr absl::string_view kWords[] = {
      "-static", "--start-group", "--end-group",         "--as-needed",    "--no-as-needed",
      "-pie",    "-no-pie",       "--no-dynamic-linker", "--eh-frame-hdr", "--build-id"};
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords) ||
         absl::StartsWith(word, "--hash-style=") || absl::StartsWith(word, "-plugin") || OnlyLlds(word);
}

bool IsDriversOwnWithValue(absl::string_view name) {
  return name == "-m" || name == "-z" || name == "-dynamic-linker" || name == "--dynamic-linker" || name == "--entry" ||
         name == "-e";
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
  for (size_t i = 0; i < capture.argv.size(); ++i) {
    const std::string& word = capture.argv[i];
    const bool z = word == "-z" && i + 1 < capture.argv.size() && OnlyLldsZ(capture.argv[i + 1]);
    if (kind == LinkerKind::kLld || (!OnlyLlds(word) && !z)) {
      line.push_back(word);
    } else if (z) {
      ++i;
    }
  }
  // Objects may name libraries of their own (.deplibs), which lld would look for anywhere.
  if (kind == LinkerKind::kLld) line.emplace_back("--no-dependent-libraries");
  if (kind == LinkerKind::kMold || kind == LinkerKind::kWild) line.emplace_back("--no-fork");
  return line;
}

std::vector<std::string> DriverLineFor(const Capture& capture) {
  std::vector<std::string> line = {capture.mode == "static-pie" ? "-static-pie" : "-static"};
  for (size_t i = 0; i < capture.argv.size();) {
    const std::string& word = capture.argv[i];
    if (!absl::StartsWith(word, "-")) {
      const auto input = std::find_if(capture.inputs.begin(), capture.inputs.end(),
                                      [&](const Input& candidate) { return candidate.path == word; });
      if (input == capture.inputs.end() || input->origin != "toolchain") line.push_back(word);
      ++i;
      continue;
    }
    const Option option = ReadOption(capture.argv, i, /*exact=*/false);
    i += option.words;
    if (IsDriversOwn(word) || IsDriversOwnWithValue(option.name)) continue;
    // Not -Wl, which would take a word with a comma apart.
    line.insert(line.end(), {"-Xlinker", word});
    if (option.separate && option.value) line.insert(line.end(), {"-Xlinker", *option.value});
  }
  return line;
}

std::vector<std::string> ZigDriverFor(const Capture& capture, const std::string& zig) {
  const auto is_name = [](absl::string_view text) {
    return !text.empty() && text[0] != '-' && std::all_of(text.begin(), text.end(), [](char c) {
      return absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("-_.+", absl::string_view(&c, 1));
    });
  };
  std::string target = absl::StrCat(capture.target.substr(0, capture.target.find('-')), "-linux-musl"), processor;
  for (size_t i = 1; i < capture.driver.size(); ++i) {
    absl::string_view word = capture.driver[i];
    if (word == "-target" && i + 1 < capture.driver.size() && is_name(capture.driver[i + 1]))
      target = capture.driver[i + 1];
    if (absl::ConsumePrefix(&word, "-mcpu=") && is_name(word)) processor = std::string(word);
  }
  std::vector<std::string> driver = {zig, "cc"};
  if (is_name(target)) driver.insert(driver.end(), {"-target", target});
  if (!processor.empty()) driver.push_back(absl::StrCat("-mcpu=", processor));
  driver.emplace_back("-fno-sanitize=undefined");
  return driver;
}

}  // namespace cgo_ld_shim::capture

// `cgo-ld-shim explain`: finds the record of a link, and shows it.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fmt/format.h"
#include "inspect/inspect.h"
#include "inspect/needless.h"
#include "inspect/savings.h"
#include "llvm/ADT/Twine.h"
#include "llvm/BinaryFormat/Magic.h"
#include "report/archive_states.h"
#include "report/ids.h"
#include "report/record.h"
#include "report/text.h"
#include "shim/commands/commands.h"
#include "shim/commands/options.h"
#include "shim/commands/terminal.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/printable.h"

namespace cgo_ld_shim::commands {
namespace {

std::string TimeText(int64_t time_ms) {
  const std::time_t seconds = static_cast<std::time_t>(time_ms / 1000);
  std::tm parts;
  char text[64];
  if (::localtime_r(&seconds, &parts) == nullptr || std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts) == 0)
    return "?";
  return text;
}

int NoRecords() {
  const std::string directory = report::RecordDirectory();
  if (directory.empty()) {
    fmt::print(stderr,
               "cgo-ld-shim: no records are kept here: HOME is not set, not writable, or another user's. Set "
               "XDG_STATE_HOME to a directory "
               "of yours and build again\n");
  } else {
    fmt::print(stderr,
               "cgo-ld-shim: no link has been recorded yet in {}. Build something first: cgo-ld-shim go build\n",
               directory);
  }
  return kFailed;
}

// CC=cgo-ld-shim alone, and a package with C++ sources.
bool LinkedByAnotherCompiler(const std::string& binary) {
  const absl::StatusOr<std::vector<inspect::BinaryFacts>> read = inspect::ReadBinary(binary);
  if (!read.ok()) return false;
  const inspect::BinaryFacts& facts = read->front();
  const inspect::Verdict verdict = inspect::Judge(facts);
  return facts.compiled_by_us &&
         std::any_of(verdict.findings.begin(), verdict.findings.end(), [](const inspect::Finding& finding) {
           return finding.id == "bypassed" && absl::StrContains(finding.meaning, "Go takes CXX");
         });
}

// Go called no C linker: nothing of the program is C, but for what Go's own packages have.
bool LinkedByGoItself(const std::string& binary) {
  const absl::StatusOr<std::vector<inspect::BinaryFacts>> read = inspect::ReadBinary(binary);
  return read.ok() && read->front().go.present && !read->front().externally_linked;
}

int NoRecordOf(const std::string& binary) {
  const bool there = support::Identify(binary).has_value();
  if (there && LinkedByGoItself(binary)) {
    fmt::print(stderr,
               "cgo-ld-shim: there is no link to explain: Go linked {} by itself, as it does where a program has no C "
               "of its own. What it is: cgo-ld-shim check {}\n",
               support::PrintableName(binary), support::PrintableName(binary));
    return kFailed;
  }
  if (there && LinkedByAnotherCompiler(binary)) {
    fmt::print(stderr,
               "cgo-ld-shim: no record of a link fits {}. Its C code was compiled through this program, and g++ or "
               "clang++ linked it: Go takes CXX for programs with C++ in them. Build it so: cgo-ld-shim go build\n",
               support::PrintableName(binary));
    return kFailed;
  }
  if (!there) {
    const std::string nearest = Nearest(binary, report::Ids());
    if (nearest.empty() && !report::LastRecord().ok()) return NoRecords();
    fmt::print(stderr, "cgo-ld-shim: there is no file and no package {} with a link on record{}\n",
               support::PrintableName(binary),
               nearest.empty() ? "" : absl::StrCat("; did you mean the id ", nearest, "?"));
  } else if (!report::LastRecord().ok()) {
    return NoRecords();
  } else {
    fmt::print(stderr,
               "cgo-ld-shim: no record of a link fits {}. It was linked without this program, or its record has made "
               "room for newer ones ({} are kept). Delete it, and build it again: cgo-ld-shim go build\n",
               support::PrintableName(binary), report::kMaxRecords);
  }
  return kFailed;
}

// What Go does to a program for macOS after the link leaves neither its size nor its identifier as they were; the
// import path that it carries is that of the link.
std::optional<report::LinkRecord> RecordOfProgram(const std::string& binary) {
  const absl::StatusOr<std::vector<inspect::BinaryFacts>> facts = inspect::ReadBinary(binary);
  if (!facts.ok() || facts->empty() || (*facts)[0].format != "mach-o" || (*facts)[0].go.package.empty())
    return std::nullopt;
  absl::StatusOr<report::LinkRecord> record = report::RecordOfPackage((*facts)[0].go.package);
  if (!record.ok() || record->outcome == "failed") return std::nullopt;
  fmt::print(stderr, "cgo-ld-shim: shown is the newest link of package {}, of {}\n", (*facts)[0].go.package,
             TimeText(record->time_ms));
  return *std::move(record);
}

// The record without what differs between two runs of the same link.
std::string WhatItDid(report::LinkRecord record) {
  record.time_ms = 0;
  record.phases_ms.clear();
  record.output.clear();
  record.cwd.clear();
  for (std::vector<std::string>* words : {&record.argv, &record.driver_argv, &record.linker_argv}) words->clear();
  for (report::InputRecord& input : record.inputs) {
    // Go's own objects are in a new directory each time.
    if (absl::EndsWith(input.path, ".o")) input.path = support::BaseName(input.path);
  }
  const auto name = [](std::string* unit) { *unit = support::BaseName(*unit); };
  for (rules::Edit& edit : record.edits) {
    for (symbols::Evidence& evidence : edit.evidence) name(&evidence.wanted_by);
  }
  for (report::InputRecord& input : record.inputs) name(&input.first_use.wanted_by);
  return report::ToJson(record);
}

// What a person should know of how the record was found.
void SayHowItFits(const std::string& binary, const std::vector<report::FoundRecord>& found) {
  const report::Fit fit = found[0].fit;
  const auto equals =
      std::count_if(found.begin(), found.end(), [&](const report::FoundRecord& f) { return f.fit == fit; });
  // Go links a program again and again that is the same: then there is nothing to choose.
  const std::string newest = WhatItDid(found[0].record);
  const bool same = std::all_of(found.begin(), found.begin() + equals,
                                [&](const report::FoundRecord& f) { return WhatItDid(f.record) == newest; });
  if (equals > 1 && !same) {
    fmt::print(stderr, "cgo-ld-shim: {} links fit {} equally; this is the newest, of {}\n", equals,
               support::PrintableName(binary), TimeText(found[0].record.time_ms));
  }
  if (fit == report::Fit::kSizeAlone) {
    fmt::print(stderr,
               "cgo-ld-shim: {} carries no build ID (Go 1.22 and older); shown is the newest link of that size\n",
               support::PrintableName(binary));
  }
  if (fit == report::Fit::kPath && support::Identify(binary) && !report::ReadBuildId(binary).empty()) {
    fmt::print(stderr,
               "cgo-ld-shim: {} was made by another link than this one, the newest to that place that is on record\n",
               support::PrintableName(binary));
  }
}

// `program`: the file that was linked; empty: it is not known where that is.
std::string Answer(const Options& options, const report::LinkRecord& record, const std::string& program,
                   const report::TextOptions& text_options) {
  if (options.Has("--json")) return absl::StrCat(report::ToJson(record), "\n");
  if (options.Has("--flags")) return report::FlagsText(record);
  if (options.Has("--graph")) return report::GraphSvg(record);
  if (options.Has("--dot")) return report::GraphText(record);
  if (options.Has("--html")) return report::HtmlText(record, text_options);
  std::string text = report::ExplainText(record, text_options);
  if (!program.empty()) {
    if (const absl::StatusOr<inspect::Savings> savings = inspect::FindSavings(program, record); savings.ok())
      absl::StrAppend(&text, inspect::SavingsText(*savings, text_options));
    if (const absl::StatusOr<std::vector<inspect::BinaryFacts>> facts = inspect::ReadBinary(program);
        facts.ok() && facts->front().IsStatic()) {
      absl::StrAppend(&text, inspect::NeedlessText(inspect::FindNeedless(facts->front().go), text_options));
    }
  }
  for (const std::string& archive : report::ChangedArchives(record)) {
    absl::StrAppend(&text, "\n", archive,
                    " has changed since this link: cgo-ld-shim go build links again, plain go build does not see it\n");
  }
  return text;
}

// `explain --html ./kv` would put a page in the place of the program: what is a program, library, object or archive of
// any system stays.
bool IsBinary(const std::string& file) {
  llvm::file_magic magic;
  return !llvm::identify_magic(file, magic) && magic != llvm::file_magic::unknown;
}

int Write(const std::string& file, const std::string& answer) {
  if (IsBinary(file)) {
    fmt::print(stderr, "cgo-ld-shim: {} is a program or a library: it is not written over. Name another file\n", file);
    return kFailed;
  }
  const absl::Status written = support::WriteFileAtomically(file, answer, 0644);
  if (written.ok()) return kOk;
  fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(written.message()));
  return kFailed;
}

}  // namespace

int ExplainCommand(const std::vector<std::string>& args) {
  static constexpr OptionRow kRows[] = {{"--json", false}, {"--flags", false}, {"--graph", false},
                                        {"--dot", false},  {"--html", true},   {"-o", true}};
  const Options options = ParseOptions("explain", args, kRows);
  if (options.exit_status) return *options.exit_status;
  if (options.values.size() - (options.Has("-o") ? 1 : 0) > 1)
    return UsageError("explain", "--flags, --graph, --dot, --html and --json are different answers; take one");
  if (options.Has("--html") && options.Has("-o")) return UsageError("explain", "--html names the file already");
  if (options.words.size() > 1) return UsageError("explain", "explain takes one binary");
  std::string file;
  if (options.Has("-o")) file = options.values.at("-o");
  if (options.Has("--html")) file = options.values.at("--html");
  const bool to_screen = file.empty() || file == "-";
  if (file.empty() && options.Has("--graph") && ::isatty(STDOUT_FILENO) == 1)
    return UsageError("explain", "--graph draws an SVG picture, which a terminal does not show: add -o FILE");

  const std::string binary = options.words.empty() ? "last" : options.words[0];
  report::LinkRecord record;
  std::string program;
  report::TextOptions text_options = OutputOptions();
  if (binary == "last") {
    absl::StatusOr<report::LinkRecord> last = report::LastRecord();
    if (!last.ok()) return NoRecords();
    record = *std::move(last);
  } else {
    const std::vector<report::FoundRecord> found = report::FindFittingRecords(binary);
    if (!found.empty()) {
      SayHowItFits(binary, found);
      record = found[0].record;
      if (found[0].fit != report::Fit::kPath && record.outcome != "failed") program = binary;
      text_options.name = binary;
    } else if (absl::StatusOr<report::LinkRecord> of_package = report::RecordOfPackage(binary); of_package.ok()) {
      record = *std::move(of_package);
    } else if (const std::optional<report::LinkRecord> by_name = RecordOfProgram(binary)) {
      record = *by_name;
      text_options.name = binary;
    } else if (const std::string text = report::IdText(binary, text_options); !text.empty()) {
      if (!options.values.empty())
        return UsageError("explain", absl::StrCat(binary, " is an id, of which there is this text alone"));
      fmt::print("{}", text);
      return kOk;
    } else {
      return NoRecordOf(binary);
    }
  }
  if (to_screen) {
    fmt::print("{}", Answer(options, record, program, text_options));
    return kOk;
  }
  text_options.colour = false;
  return Write(file, Answer(options, record, program, text_options));
}

}  // namespace cgo_ld_shim::commands

// The same link without this program: a `go build` line for plain gcc or clang and GNU ld.
//
// cmd/link writes -extldflags after everything else, so what was added to the link can be said there, in the order in
// which it was added. When libraries of the user's had to move, they are named again there: the second mention stands
// after everything that needs them. What was left out cannot be taken back by a flag; a library without an archive gets
// an empty one.
//
// Three quotings lie inside one another. Go splits -ldflags, and cmd/link splits -extldflags, by
// cmd/internal/quoted.Split: '…' or "…" around a whole word, no escapes. The shell splits first, and can quote
// anything.
#include <algorithm>
#include <optional>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "report/text.h"
#include "report/text_parts.h"
#include "rules/table.h"
#include "support/path_parts.h"
#include "target/target.h"
#include "target/triple.h"
#include "toolchain/driver.h"

namespace cgo_ld_shim::report {
namespace {

using rules::Edit;
using rules::InFlags;

constexpr absl::string_view kStartGroup = "-Wl,--start-group";
constexpr absl::string_view kEndGroup = "-Wl,--end-group";
// Relative to the directory of the go command, which is also cmd/link's when it links an executable.
constexpr absl::string_view kEmptyArchives = "empty-archives";

// One word for quoted.Split; nullopt: it holds both kinds of quotes and a reason to quote it.
std::optional<std::string> QuoteForGo(const std::string& word) {
  const bool plain =
      !word.empty() && word[0] != '\'' && word[0] != '"' && word.find_first_of(" \t\r\n") == std::string::npos;
  if (plain) return word;
  for (const char quote : {'\'', '"'}) {
    if (!absl::StrContains(word, std::string(1, quote)))
      return absl::StrCat(std::string(1, quote), word, std::string(1, quote));
  }
  return std::nullopt;
}

std::string QuoteForShell(const std::string& word) {
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

bool IsZig(const LinkRecord& record) { return toolchain::ReadDriver(record.driver_argv).IsZig(); }

// What the line can say of an edit; of another version's rule nothing is known.
InFlags InFlagsOf(const Edit& edit) {
  const rules::RuleRow* row = rules::FindRow(edit.rule);
  return row == nullptr ? InFlags::kNot : row->in_flags;
}

bool Has(const LinkRecord& record, InFlags what) {
  return std::any_of(record.edits.begin(), record.edits.end(),
                     [&](const Edit& edit) { return InFlagsOf(edit) == what; });
}

// Words that edits have added, of which the line can say `what`.
std::set<std::string> AfterWords(const LinkRecord& record, InFlags what) {
  std::set<std::string> words;
  for (const Edit& edit : record.edits) {
    if (InFlagsOf(edit) == what) words.insert(edit.after.begin(), edit.after.end());
  }
  return words;
}

// Words of the driver's line that are in `wanted`, with the groups that they stand in.
std::vector<std::string> Sequence(const std::vector<std::string>& line, const std::set<std::string>& wanted) {
  std::vector<std::string> words;
  for (const std::string& word : line) {
    if (word == kEndGroup && !words.empty() && words.back() == kStartGroup) {
      words.pop_back();
    } else if (word == kStartGroup || word == kEndGroup || wanted.contains(word)) {
      words.push_back(word);
    }
  }
  return words;
}

// The driver as CC has to name it, with the target that it was given (zig cc -target TRIPLE). A line for a shell in
// which CC is this program must say so.
std::string Driver(const LinkRecord& record) {
  std::vector<std::string> words;
  for (size_t i = 0; i < record.driver_argv.size(); ++i) {
    const std::string& word = record.driver_argv[i];
    if (word == "-target" && i + 1 < record.driver_argv.size()) {
      words.insert(words.end(), {word, record.driver_argv[++i]});
      continue;
    }
    if (IsZig(record) && (absl::StartsWith(word, "-mcpu=") || absl::StartsWith(word, "-fno-sanitize="))) {
      words.push_back(word);
      continue;
    }
    if (absl::StartsWith(word, "-")) break;
    const std::string directory = support::DirectoryName(word);
    const bool on_every_path = directory == "/usr/bin" || directory == "/bin" || directory == "/usr/local/bin";
    words.push_back(on_every_path ? support::BaseName(word) : word);
  }
  return words.empty() ? "gcc" : absl::StrJoin(words, " ");
}

// "CGO_ENABLED=1 GOARCH=arm64 ", which Go needs for another architecture than its host's; empty: it is the host's, or
// not known.
std::string GoVariables(const LinkRecord& record) {
  const std::string arch = target::ParseTriple(record.target).arch;
  return arch.empty() || arch == target::HostArch() ? "" : absl::StrCat("CGO_ENABLED=1 GOARCH=", arch, " ");
}

std::string NotExpressible(absl::string_view reason) {
  return absl::StrCat("not expressible by flags: ", reason, "\n");
}

class Flags {
 public:
  explicit Flags(const LinkRecord& record) : record_(record) {}

  // A line to type, or why there is none. `*is_line` says which.
  std::string Run(bool* is_line) {
    *is_line = false;
    if (record_.outcome == "failed")
      return absl::StrCat("the link failed; there is no line that does the same. See: cgo-ld-shim explain ",
                          NameForExplain(record_), "\n");
    if (record_.edits.empty()) {
      return absl::StrCat("nothing was changed in this link: it is what plain ", DriverName(record_), " does\n");
    }
    const bool as_asked = record_.outcome == "handed-on";
    if (!as_asked && !IsStaticMode(record_) && IsZig(record_))
      return NotExpressible("zig links for this system, and flags of Go's cannot leave out what it does not take");
    if (!as_asked && !IsStaticMode(record_)) {
      return NotExpressible(
          "the link is dynamic for some libraries and static for the others, and Go names them all before -extldflags");
    }
    for (const Edit& edit : record_.edits) {
      if (InFlagsOf(edit) == InFlags::kNot)
        return NotExpressible(absl::StrCat(edit.because, " (rule ", edit.rule.text(), ")"));
    }
    const std::string preparation = Preparation();
    if (!problem_.empty()) return NotExpressible(problem_);
    const std::vector<std::string> libraries = Libraries();
    std::vector<std::string> words = LinkFlags();
    words.insert(words.end(), libraries.begin(), libraries.end());
    const std::optional<std::string> line = GoLine(words);
    if (!line) return NotExpressible("a word holds both kinds of quotes, which Go cannot split");
    *is_line = true;
    std::string text = absl::StrCat(preparation, *line, "\n");
    for (const Edit& edit : record_.edits) {
      if (InFlagsOf(edit) != InFlags::kDiffers) continue;
      absl::StrAppend(&text, "# Unlike the link explained here, ", rules::FindRow(edit.rule)->without, " (rule ",
                      edit.rule.text(), ").\n");
    }
    const bool plain = !libraries.empty() && !Reordered() &&
                       std::all_of(libraries.begin(), libraries.end(),
                                   [](const std::string& word) { return absl::StartsWith(word, "-l"); });
    if (plain) {
      absl::StrAppend(&text,
                      "\nor, after the #cgo LDFLAGS that are there,\n  #cgo LDFLAGS: ", absl::StrJoin(libraries, " "),
                      "\nwith\n", preparation, *GoLine(LinkFlags()), "\n");
    }
    return text;
  }

 private:
  bool Reordered() const { return Has(record_, InFlags::kMoves); }

  // What was added; and, when libraries moved, all of them again.
  std::vector<std::string> Libraries() const {
    std::set<std::string> wanted = AfterWords(record_, InFlags::kAdds);
    wanted.merge(AfterWords(record_, InFlags::kMoves));
    return Sequence(record_.driver_argv, wanted);
  }

  // The flags before the libraries: the mode, the user's own -extldflags, and those that rules set.
  std::vector<std::string> LinkFlags() const {
    std::vector<std::string> words;
    if (IsStaticMode(record_)) words.emplace_back(record_.mode == "static-pie" ? "-static-pie" : "-static");
    if (!empty_archives_.empty()) words.push_back(absl::StrCat("-L", kEmptyArchives));
    // cmd/link writes -no-pie (clang: -nopie) directly before -extldflags, for an executable that is no PIE.
    std::set<std::string> ours;
    for (const Edit& edit : record_.edits) ours.insert(edit.after.begin(), edit.after.end());
    ours.insert({"-static", "-static-pie", std::string(kStartGroup), std::string(kEndGroup)});
    const std::vector<std::string>& line = record_.driver_argv;
    const auto no_pie = std::find_if(line.rbegin(), line.rend(),
                                     [](const std::string& word) { return word == "-no-pie" || word == "-nopie"; });
    if (no_pie != line.rend()) {
      std::copy_if(no_pie.base(), line.end(), std::back_inserter(words),
                   [&](const std::string& word) { return !ours.contains(word); });
    }
    for (const Edit& edit : record_.edits) {
      if (InFlagsOf(edit) == InFlags::kRepeat) words.insert(words.end(), edit.after.begin(), edit.after.end());
    }
    return words;
  }

  // Empty archives for libraries that were left out because they have none.
  std::string Preparation() {
    std::set<std::string> archives;
    for (const Edit& edit : record_.edits) {
      if (InFlagsOf(edit) != InFlags::kEmpty) continue;
      for (const std::string& word : edit.before) {
        absl::string_view name = word;
        if (!absl::ConsumePrefix(&name, "-l") || name.empty() || name[0] == ':') {
          problem_ = absl::StrCat(word, " has no archive: take it out of #cgo LDFLAGS (rule ", edit.rule.text(), ")");
          return "";
        }
        archives.insert(absl::StrCat(kEmptyArchives, "/lib", name, ".a"));
      }
    }
    empty_archives_.assign(archives.begin(), archives.end());
    if (empty_archives_.empty()) return "";
    std::string text = absl::StrCat("mkdir -p ", kEmptyArchives);
    for (const std::string& archive : empty_archives_) absl::StrAppend(&text, " && ar rc ", ShellWord(archive));
    return absl::StrCat(text, "\n");
  }

  std::optional<std::string> GoLine(const std::vector<std::string>& words) const {
    std::vector<std::string> quoted;
    for (const std::string& word : words) {
      const std::optional<std::string> one = QuoteForGo(TidyPaths(word));
      if (!one) return std::nullopt;
      quoted.push_back(*one);
    }
    // "…" around it reads as people write it; '…' where a word within needs "…".
    const std::string inner = absl::StrJoin(quoted, " ");
    const bool has_double = absl::StrContains(inner, "\"");
    if (has_double && absl::StrContains(inner, "'")) return std::nullopt;
    const char* quote = has_double ? "'" : "\"";
    std::string flags;
    const auto asked = [&](const char* word) {
      return std::find(record_.driver_argv.begin(), record_.driver_argv.end(), word) != record_.driver_argv.end();
    };
    if (asked("-s")) flags += "-s ";
    if (asked("-Wl,-S")) flags += "-w ";
    absl::StrAppend(&flags, "-linkmode=external -extldflags ", quote, inner, quote);
    // With C++ sources the linking driver is CXX.
    const std::string driver = Driver(record_);
    const bool test = absl::EndsWith(record_.output, ".test");
    return absl::StrCat(GoVariables(record_), absl::EndsWith(driver, "++") ? "CXX=" : "CC=", ShellWord(driver),
                        test ? " go test -c" : " go build", record_.mode == "static-pie" ? " -buildmode=pie" : "",
                        " -ldflags=", QuoteForShell(flags));
  }

  static std::string ShellWord(const std::string& word) {
    const bool plain = std::all_of(word.begin(), word.end(), [](char c) {
      return absl::StrContains("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./+-",
                               std::string(1, c));
    });
    return plain ? word : QuoteForShell(word);
  }

  const LinkRecord& record_;
  std::vector<std::string> empty_archives_;
  std::string problem_;
};

}  // namespace

std::string FlagsText(const LinkRecord& record) {
  bool is_line = false;
  return Flags(record).Run(&is_line);
}

bool HasFlagsLine(const LinkRecord& record) {
  bool is_line = false;
  Flags(record).Run(&is_line);
  return is_line;
}

}  // namespace cgo_ld_shim::report

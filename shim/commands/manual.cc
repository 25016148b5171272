// cgo-ld-shim(1), made from the help texts and the table of settings when the program is built.
//
// The macros are those of man(7), which every man program knows. Characters beyond ASCII are written as \[uXXXX], so
// that the page needs no preprocessor.
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "fmt/format.h"
#include "llvm/Support/ConvertUTF.h"
#include "shim/commands/commands.h"
#include "shim/commands/help_text.h"
#include "support/settings.h"

namespace cgo_ld_shim::commands {
namespace {

// Text as roff takes it within a line.
std::string Roff(absl::string_view text) {
  std::string out;
  const auto* at = reinterpret_cast<const llvm::UTF8*>(text.data());
  const llvm::UTF8* const end = at + text.size();
  while (at < end) {
    if (*at == '\\') {
      out += "\\e";
    } else if (*at == '-') {
      out += "\\-";  // a plain - is typeset as a hyphen, which cannot be pasted into a shell
    } else if (*at == '\'') {
      out += "\\(aq";
    } else if (*at == '`') {
      out += "\\(ga";
    } else if (*at == '^') {
      out += "\\(ha";
    } else if (*at == '~') {
      out += "\\(ti";
    } else if (*at < 0x80) {
      out += static_cast<char>(*at);
    } else {
      llvm::UTF32 code = 0;
      if (llvm::convertUTF8Sequence(&at, end, &code, llvm::strictConversion) != llvm::conversionOK) {
        ++at;
        continue;
      }
      absl::StrAppend(&out, fmt::format("\\[u{:04X}]", code));
      continue;
    }
    ++at;
  }
  return out;
}

// A line of text: a leading dot or quote would be a request.
std::string Line(absl::string_view text) {
  const std::string roff = Roff(text);
  return absl::StrCat(absl::StartsWith(roff, ".") ? "\\&" : "", roff, "\n");
}

// Inside a macro's argument.
std::string Argument(absl::string_view text) {
  return absl::StrCat("\"", absl::StrReplaceAll(Roff(text), {{"\"", "\\(dq"}}), "\"");
}

class Manual {
 public:
  std::string Write() {
    absl::StrAppend(&text_, ".\\\" Made by `cgo-ld-shim help --man` from the program's own help texts.\n");
    absl::StrAppend(&text_, ".TH CGO\\-LD\\-SHIM 1 \"\" ", Argument(absl::StrCat("cgo-ld-shim ", CGO_LD_SHIM_VERSION)),
                    "\n");
    absl::StrAppend(&text_, ".ad l\n.nh\n");  // names and paths are neither stretched nor hyphenated
    Section("NAME");
    absl::StrAppend(&text_, Line("cgo-ld-shim - C compiler for Go that links cgo programs into one static executable"));
    Section("SYNOPSIS");
    Typed({"cgo-ld-shim go build", "CC=cgo-ld-shim go build", "cgo-ld-shim COMMAND …"});
    Section("DESCRIPTION");
    Paragraph(
        "Go calls its C compiler for each C file, and to link a program that uses C. cgo-ld-shim hands the compiles on "
        "to "
        "gcc, clang or cc as they are, and changes the link: it becomes static, the libraries that it lacks are added "
        "in "
        "an order that works, and each change is recorded with its reason. What cannot be linked is explained.");
    Paragraph(
        "Called as cgo-ld-shim++ it is the C++ compiler. Packages with C++ sources make Go link with CXX: set both, or "
        "use cgo-ld-shim go.");
    Paragraph(
        "A first word that is none of the commands below, and not a typo of one, is an argument for the "
        "underlying compiler.");
    Section("COMMANDS");
    for (size_t i = 0; i < kCommandCount; ++i) {
      if (kCommands[i].summary != nullptr) AddCommand(kCommands[i]);
    }
    Section("ENVIRONMENT");
    Paragraph("A wrong name or value of a setting is an error that names the right ones.");
    for (size_t i = 0; i < support::kSettingRowCount; ++i) AddSetting(support::kSettingRows[i]);
    Item("NO_COLOR, CLICOLOR, CLICOLOR_FORCE", "No colour; no colour when 0; colour also where no terminal is.");
    Item("XDG_STATE_HOME, XDG_CACHE_HOME", "Where the directories below are.");
    Section("FILES");
    Item("~/.local/state/cgo-ld-shim", "Records of the last links. They may be deleted at any time.");
    Item("~/.cache/cgo-ld-shim", "What was learned of compilers. It may be deleted at any time.");
    Section("EXIT STATUS");
    Paragraph(
        "Of a command: 0 done, 1 failed or answered no, 2 not understood; of cgo-ld-shim go, that of go. Of a compile "
        "or "
        "link: that of the underlying compiler or linker; 126 or 127 when it cannot be started or is not there.");
    Section("SEE ALSO");
    absl::StrAppend(&text_, ".BR go (1),\n.BR gcc (1),\n.BR ld.lld (1)\n");
    return std::move(text_);
  }

 private:
  void Section(absl::string_view title) {
    absl::StrAppend(&text_, ".SH ", Argument(title), "\n");
    begins_section_ = true;
  }
  void Paragraph(absl::string_view text) {
    absl::StrAppend(&text_, begins_section_ ? "" : ".PP\n", Line(text));
    begins_section_ = false;
  }
  void Item(absl::string_view term, absl::string_view meaning) {
    begins_section_ = false;
    absl::StrAppend(&text_, ".TP\n.B ", Argument(term), "\n", Line(meaning));
  }
  void Typed(const std::vector<std::string>& lines) {
    begins_section_ = false;
    absl::StrAppend(&text_, ".nf\n");
    for (const std::string& line : lines) absl::StrAppend(&text_, ".B ", Argument(line), "\n");
    absl::StrAppend(&text_, ".fi\n");
  }

  void AddCommand(const Command& command) {
    absl::StrAppend(&text_, ".SS ", Argument(absl::StrCat("cgo-ld-shim ", command.name)), "\n");
    absl::StrAppend(&text_, Line(absl::StrCat(Capitalised(command.summary), ".")));
    for (const HelpBlock& block : HelpBlocks(command.help)) AddBlock(block);
  }

  void AddBlock(const HelpBlock& block) {
    switch (block.kind) {
      case HelpBlock::Kind::kUsage:
        absl::StrAppend(&text_, ".PP\n");
        Typed(block.lines);
        break;
      case HelpBlock::Kind::kText:
        Paragraph(absl::StrJoin(block.lines, " "));
        break;
      case HelpBlock::Kind::kList:
        for (const auto& [term, meaning] : block.items) Item(term, meaning);
        break;
      case HelpBlock::Kind::kExample:
        absl::StrAppend(&text_, ".PP\nExample:\n.PP\n.RS 4\n.nf\n");
        for (const std::string& line : block.lines) absl::StrAppend(&text_, Line(line));
        absl::StrAppend(&text_, ".fi\n.RE\n");
        break;
    }
  }

  void AddSetting(const support::SettingRow& row) {
    std::string text = absl::StrCat(Capitalised(row.what), ".");
    if (row.values != nullptr) {
      absl::StrAppend(&text, " Values: ", absl::StrReplaceAll(row.values, {{"|", ", "}, {"PATH", "a path"}}));
      if (row.initial[0] != '\0') absl::StrAppend(&text, "; otherwise ", row.initial);
      absl::StrAppend(&text, ".");
    }
    Item(absl::StrCat(support::kSettingPrefix, row.name), text);
  }

  // A sentence begins with a capital, unless its first word is a value or a name.
  static std::string Capitalised(absl::string_view text) {
    std::string capital(text);
    const absl::string_view word = text.substr(0, text.find(' '));
    if (!word.empty() && !absl::EndsWith(word, ":")) {
      capital[0] = absl::ascii_toupper(static_cast<unsigned char>(capital[0]));
    }
    return capital;
  }

  std::string text_;
  bool begins_section_ = false;  // man(7) wants no paragraph macro right after a heading
};

}  // namespace

std::string ManualPage() { return Manual().Write(); }

}  // namespace cgo_ld_shim::commands

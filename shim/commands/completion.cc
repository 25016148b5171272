// `cgo-ld-shim completion`: commands and options for the Tab key, made from the help texts.
#include <cstdio>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "fmt/format.h"
#include "shim/commands/commands.h"
#include "shim/commands/help_text.h"
#include "shim/commands/options.h"

namespace cgo_ld_shim::commands {
namespace {

std::vector<const Command*> ShownCommands() {
  std::vector<const Command*> shown;
  for (size_t i = 0; i < kCommandCount; ++i) {
    if (kCommands[i].summary != nullptr) shown.push_back(&kCommands[i]);
  }
  return shown;
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const Command* command : ShownCommands()) names.emplace_back(command->name);
  return names;
}

std::vector<std::string> OptionNames(const HelpWords& words) {
  std::vector<std::string> names;
  for (const HelpOption& option : words.options) names.push_back(option.name);
  names.emplace_back("--help");
  return names;
}

// In '…', for bash and zsh.
std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

std::string Bash() {
  std::string text = absl::StrCat(R"(# Completion of cgo-ld-shim for bash, made by: cgo-ld-shim completion bash
_cgo_ld_shim() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words='' options='' files=''
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    mapfile -t COMPREPLY < <(compgen -W )",
                                  Quoted(absl::StrJoin(Names(), " ")), R"( -- "$current")
    return
  fi
  case "${COMP_WORDS[1]} $previous" in
)");
  for (const Command* command : ShownCommands()) {
    for (const HelpOption& option : WordsOf(*command).options) {
      if (option.value.empty()) continue;
      absl::StrAppend(&text, "    ", Quoted(absl::StrCat(command->name, " ", option.name)), ") ");
      if (option.values.empty()) {
        absl::StrAppend(&text, "return ;;\n");  // the shell's own completion of files
      } else {
        absl::StrAppend(&text, "mapfile -t COMPREPLY < <(compgen -W ", Quoted(absl::StrJoin(option.values, " ")),
                        " -- \"$current\"); return ;;\n");
      }
    }
  }
  absl::StrAppend(&text, R"(  esac
  case ${COMP_WORDS[1]} in
    go)
      # What the go command's own completion offers, where bash-completion is loaded.
      if declare -F _command_offset >/dev/null; then _command_offset 1; fi
      return ;;
)");
  for (const Command* command : ShownCommands()) {
    if (absl::string_view(command->name) == "go") continue;
    const HelpWords words = WordsOf(*command);
    absl::StrAppend(&text, "    ", command->name, ") words=", Quoted(absl::StrJoin(words.words, " ")),
                    " options=", Quoted(absl::StrJoin(OptionNames(words), " ")),
                    " files=", words.takes_files ? "1" : "''", " ;;\n");
  }
  absl::StrAppend(&text, R"(  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
    return
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [[ -n $files && -n $words ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current")
  fi
}
complete -o default -F _cgo_ld_shim cgo-ld-shim
)");
  return text;
}

// In _arguments and _describe a colon separates, and [ ] stand around the explanation.
std::string ZshText(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"\\", "\\\\"}, {":", "\\:"}, {"[", "\\["}, {"]", "\\]"}});
}

std::string ZshOption(const HelpOption& option) {
  std::string text = option.name;
  if (!option.meaning.empty()) absl::StrAppend(&text, "[", ZshText(option.meaning), "]");
  if (option.value.empty()) return Quoted(text);
  absl::StrAppend(&text, ":", ZshText(option.value), ":");
  absl::StrAppend(&text, option.values.empty() ? "_files" : absl::StrCat("(", absl::StrJoin(option.values, " "), ")"));
  return Quoted(text);
}

std::string Zsh() {
  std::string text = R"(#compdef cgo-ld-shim
# Completion of cgo-ld-shim for zsh, made by: cgo-ld-shim completion zsh
_cgo_ld_shim() {
  local -a commands
  commands=(
)";
  for (const Command* command : ShownCommands()) {
    absl::StrAppend(&text, "    ", Quoted(absl::StrCat(command->name, ":", ZshText(command->summary))), "\n");
  }
  absl::StrAppend(&text, R"(  )
  if (( CURRENT == 2 )); then
    _describe -t commands command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
)");
  for (const Command* command : ShownCommands()) {
    if (absl::string_view(command->name) == "go") {
      absl::StrAppend(&text, "    go) _normal ;;\n");
      continue;
    }
    const HelpWords words = WordsOf(*command);
    absl::StrAppend(&text, "    ", command->name, ") _arguments");
    for (const HelpOption& option : words.options) absl::StrAppend(&text, " ", ZshOption(option));
    absl::StrAppend(&text, " '--help[show its help]'");
    if (!words.words.empty()) {
      const std::string choice = absl::StrCat("words:word:(", absl::StrJoin(words.words, " "), ")");
      absl::StrAppend(&text, " ",
                      Quoted(absl::StrCat("*: :{_alternative \"", choice, "\"",
                                          words.takes_files ? " \"files:file:_files\"" : "", "}")));
    } else if (words.takes_files) {
      absl::StrAppend(&text, " '*:file:_files'");
    }
    absl::StrAppend(&text, " ;;\n");
  }
  // Found in fpath the file is the function's body; read by eval it defines it.
  return text + R"(  esac
}
if [ "${funcstack[1]}" = _cgo-ld-shim ]; then
  _cgo_ld_shim "$@"
else
  compdef _cgo_ld_shim cgo-ld-shim
fi
)";
}

std::string FishQuoted(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

std::string Fish() {
  std::string text = "# Completion of cgo-ld-shim for fish, made by: cgo-ld-shim completion fish\n";
  const std::string begin = "complete -c cgo-ld-shim";
  for (const Command* command : ShownCommands()) {
    absl::StrAppend(&text, begin, " -n __fish_use_subcommand -f -a ", command->name, " -d ",
                    FishQuoted(command->summary), "\n");
  }
  for (const Command* command : ShownCommands()) {
    const HelpWords words = WordsOf(*command);
    const std::string row =
        absl::StrCat(begin, " -n ", FishQuoted(absl::StrCat("__fish_seen_subcommand_from ", command->name)));
    for (const HelpOption& option : words.options) {
      absl::string_view name = option.name;
      const bool is_long = absl::StartsWith(name, "--");
      name.remove_prefix(is_long ? 2 : 1);
      absl::StrAppend(&text, row, is_long ? " -l " : name.size() > 1 ? " -o " : " -s ", std::string(name));
      if (!option.values.empty()) {
        absl::StrAppend(&text, " -x -a ", FishQuoted(absl::StrJoin(option.values, " ")));
      } else if (!option.value.empty()) {
        absl::StrAppend(&text, " -r");
      }
      if (!option.meaning.empty()) absl::StrAppend(&text, " -d ", FishQuoted(option.meaning));
      absl::StrAppend(&text, "\n");
    }
    if (!words.words.empty()) {
      absl::StrAppend(&text, row, words.takes_files ? "" : " -f", " -a ", FishQuoted(absl::StrJoin(words.words, " ")),
                      "\n");
    }
  }
  return text;
}

}  // namespace

std::string CompletionScript(absl::string_view shell) {
  if (shell == "bash") return Bash();
  if (shell == "zsh") return Zsh();
  if (shell == "fish") return Fish();
  return "";
}

int CompletionCommand(const std::vector<std::string>& args) {
  const Options options = ParseOptions("completion", args, {});
  if (options.exit_status) return *options.exit_status;
  if (options.words.size() != 1) return UsageError("completion", "completion takes one shell: bash, zsh or fish");
  const std::string script = CompletionScript(options.words[0]);
  if (script.empty()) return UsageError("completion", absl::StrCat(options.words[0], " is none of bash, zsh and fish"));
  fmt::print("{}", script);
  return kOk;
}

}  // namespace cgo_ld_shim::commands

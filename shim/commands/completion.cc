// `cgo-ld-shim completion`: commands and options for the Tab key, made from the help texts.
#include <algorithm>
#include <cstdio>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "doctor/targets.h"
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

// Words of the go command, for shells in which it has no completion of its own. Flags of build, of test where they
// differ, and the words that can be their value.
constexpr const char* kGoWords[] = {"build", "clean", "doc",     "env",  "fix", "fmt", "generate",
                                    "get",   "help",  "install", "list", "mod", "run", "telemetry",
                                    "test",  "tool",  "version", "vet",  "work"};
struct GoFlag {
  const char* name;
  const char* value;    // "FILE"; empty: it takes none
  const char* choices;  // words that can be the value; empty: anything
};
constexpr GoFlag kGoFlags[] = {
    {"-o", "FILE", ""},
    {"-C", "DIR", ""},
    {"-a", "", ""},
    {"-n", "", ""},
    {"-v", "", ""},
    {"-x", "", ""},
    {"-race", "", ""},
    {"-cover", "", ""},
    {"-trimpath", "", ""},
    {"-buildmode", "MODE", "default exe pie c-archive c-shared plugin"},
    {"-mod", "MODE", "readonly vendor mod"},
    {"-modfile", "FILE", ""},
    {"-overlay", "FILE", ""},
    {"-tags", "TAGS", ""},
    {"-ldflags", "FLAGS", ""},
    {"-gcflags", "FLAGS", ""},
    {"-run", "PATTERN", ""},
    {"-bench", "PATTERN", ""},
    {"-count", "N", ""},
};

std::string GoFlagNames() {
  std::vector<std::string> names;
  for (const GoFlag& flag : kGoFlags) names.emplace_back(flag.name);
  return absl::StrJoin(names, " ");
}

// "linux darwin …" or "amd64 arm64 …", each once.
std::string PartsOfTargets(size_t part) {
  std::vector<std::string> words;
  for (const std::string& name : doctor::MainTargetNames()) {
    const std::vector<std::string> parts = absl::StrSplit(name, '/');
    if (std::find(words.begin(), words.end(), parts[part]) == words.end()) words.push_back(parts[part]);
  }
  return absl::StrJoin(words, " ");
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
  # --format=x is three words here.
  if [[ $current == = ]]; then current=''; elif [[ $previous == = ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi
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
      # What a completion of the go command offers, where there is one.
      if declare -F _command_offset >/dev/null && complete -p go >/dev/null 2>&1; then _command_offset 1; return; fi
      case $previous in
)");
  const auto offer = [&](absl::string_view words) {
    return absl::StrCat("mapfile -t COMPREPLY < <(compgen -W ", Quoted(words), " -- \"$current\"); return ;;\n");
  };
  for (const GoFlag& flag : kGoFlags) {
    if (*flag.value == '\0') continue;
    absl::StrAppend(&text, "        ", flag.name, ") ", *flag.choices == '\0' ? "return ;;\n" : offer(flag.choices));
  }
  absl::StrAppend(&text, "        GOOS) ", offer(PartsOfTargets(0)), "        GOARCH) ", offer(PartsOfTargets(1)));
  absl::StrAppend(&text, R"(      esac
      [[ $COMP_CWORD -eq 2 ]] && words=)",
                  Quoted(absl::StrJoin(kGoWords, " ")),
                  " || words=\n      [[ $current == -* ]] && words=", Quoted(GoFlagNames()), R"(
      mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
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
      absl::StrAppend(&text, "    go)\n      if (( $+_comps[go] )); then _normal; return; fi\n",
                      "      if (( CURRENT == 2 )); then compadd ", absl::StrJoin(kGoWords, " "),
                      "; return; fi\n      _arguments");
      for (const GoFlag& flag : kGoFlags) {
        std::string option = flag.name;
        if (*flag.value != '\0') {
          // "=": the value may follow in the same word, or be the next one.
          absl::StrAppend(&option, option.size() > 2 ? "=:" : ":", flag.value, ":",
                          *flag.choices != '\0' ? absl::StrCat("(", flag.choices, ")") : "_files");
        }
        absl::StrAppend(&text, " ", Quoted(option));
      }
      absl::StrAppend(&text, " '*:package:_files' ;;\n");
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
  const std::string go = absl::StrCat(begin, " -n '__fish_seen_subcommand_from go");
  absl::StrAppend(&text, go, "; and not __fish_seen_subcommand_from ", absl::StrJoin(kGoWords, " "), "' -f -a ",
                  FishQuoted(absl::StrJoin(kGoWords, " ")), "\n");
  for (const GoFlag& flag : kGoFlags) {
    const absl::string_view name = absl::string_view(flag.name).substr(1);
    absl::StrAppend(&text, go, "'", name.size() > 1 ? " -o " : " -s ", name);
    if (*flag.choices != '\0') {
      absl::StrAppend(&text, " -x -a ", FishQuoted(flag.choices));
    } else if (*flag.value != '\0') {
      absl::StrAppend(&text, " -r");
    }
    absl::StrAppend(&text, "\n");
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

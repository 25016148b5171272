// The words after a command's name: options from a table, and the rest.
//
// Example:
//   constexpr OptionRow kRows[] = {{"--json", false}, {"--shell", true}};
//   Options options = ParseOptions("env", args, kRows);
//   if (options.exit_status) return *options.exit_status;     // --help was shown, or what is wrong was said
//   if (options.Has("--json")) …
#ifndef CGO_LD_SHIM_SHIM_COMMANDS_OPTIONS_H_
#define CGO_LD_SHIM_SHIM_COMMANDS_OPTIONS_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace cgo_ld_shim::commands {

struct OptionRow {
  const char* name;  // "--shell"
  bool has_value;    // --shell fish, --shell=fish
};

struct Options {
  std::optional<int> exit_status;             // set when the command is done: help was asked for, or a word is wrong
  std::map<std::string, std::string> values;  // of the options that were given; "" for one without a value
  std::vector<std::pair<std::string, std::string>> given;  // the same in their order, each as often as it was given
  std::vector<std::string> words;                          // the others, in order

  bool Has(const std::string& name) const { return values.contains(name); }
  std::vector<std::string> All(const std::string& name) const;  // the values of an option that may be repeated
};

// Takes options until "--". --help and -h print the command's help.
Options ParseOptions(absl::string_view command, const std::vector<std::string>& args, absl::Span<const OptionRow> rows);

// Says what is wrong with the words of a command, and how to see its help. Returns kUsage.
int UsageError(absl::string_view command, absl::string_view what);

// The candidate that `word` was probably meant to be; empty: none is near.
std::string Nearest(absl::string_view word, const std::vector<std::string>& candidates);

}  // namespace cgo_ld_shim::commands

#endif  // CGO_LD_SHIM_SHIM_COMMANDS_OPTIONS_H_

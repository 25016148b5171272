// `cgo-ld-shim env`: the variables for a shell, and the table of settings.
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "fmt/format.h"
#include "report/text_parts.h"
#include "shim/commands/commands.h"
#include "shim/commands/environment.h"
#include "shim/commands/options.h"
#include "shim/commands/terminal.h"
#include "support/printable.h"
#include "support/settings.h"

namespace cgo_ld_shim::commands {
namespace {

// In '…' a POSIX shell takes every character as it is; fish alone knows \\ and \' there.
std::string ShLine(const Variable& variable) {
  return absl::StrCat("export ", variable.name, "='", absl::StrReplaceAll(variable.value, {{"'", "'\\''"}}), "'\n");
}
std::string FishLine(const Variable& variable) {
  return absl::StrCat("set -gx ", variable.name, " '",
                      absl::StrReplaceAll(variable.value, {{"\\", "\\\\"}, {"'", "\\'"}}), "'\n");
}

const char* AffectsText(support::Affects affects) {
  switch (affects) {
    case support::Affects::kObjects:
      return "objects";
    case support::Affects::kLink:
      return "the link";
    case support::Affects::kNothing:
      return "neither";
  }
  return "";
}

std::string Padded(const std::string& text, size_t columns) {
  return text.size() < columns ? text + std::string(columns - text.size(), ' ') : text;
}

void PrintSettings() {
  struct Row {
    std::string name, now, initial, changes, text;
  };
  std::vector<Row> rows;
  for (size_t i = 0; i < support::kSettingRowCount; ++i) {
    const support::SettingRow& setting = support::kSettingRows[i];
    Row row;
    row.name = absl::StrCat(support::kSettingPrefix, setting.name);
    const char* value = support::FindVariable(environ, row.name.c_str());
    row.initial = setting.initial[0] != '\0' ? setting.initial : "-";
    row.now = value != nullptr ? value : row.initial;
    row.changes = AffectsText(setting.affects);
    if (setting.values != nullptr) {
      row.text = absl::StrCat(absl::StrReplaceAll(setting.values, {{"|", ", "}, {"PATH", "a path"}}), " · ");
    }
    absl::StrAppend(&row.text, setting.what);
    rows.push_back(std::move(row));
  }
  // A long value, such as a path, does not push the other columns away: its row goes on below it.
  constexpr size_t kMaxNow = 16;
  size_t name = 0, now = 0, initial = 0, changes = 0;
  rows.insert(rows.begin(), {"setting", "now", "default", "changes", "values · what it is"});
  for (const Row& row : rows) {
    name = std::max(name, row.name.size());
    now = std::max(now, std::min(row.now.size(), kMaxNow));
    initial = std::max(initial, row.initial.size());
    changes = std::max(changes, row.changes.size());
  }
  report::Page page(OutputOptions());
  const size_t column = name + now + initial + changes + 8;
  for (size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    const std::string rest = absl::StrCat(Padded(row.initial, initial), "  ", row.changes);
    const std::string label = absl::StrCat(Padded(row.name, name), "  ", Padded(row.now, now));
    if (i == 0) {
      page.Title(absl::StrCat(label, "  ", Padded(rest, initial + changes + 2), "  ", row.text));
    } else if (row.now.size() > now) {
      page.Line(label);
      page.Labelled(name + now + 4, rest, column, row.text);
    } else {
      page.Labelled(0, absl::StrCat(label, "  ", rest), column, row.text);
    }
  }
  fmt::print("{}", page.Take());
}

}  // namespace

int EnvCommand(const std::vector<std::string>& args) {
  static constexpr OptionRow kRows[] = {{"--explain", false}, {"--shell", true}};
  Options options = ParseOptions("env", args, kRows);
  if (options.exit_status) return *options.exit_status;
  if (!options.words.empty()) return UsageError("env", absl::StrCat("env takes no word ", options.words[0]));
  const std::string shell = options.Has("--shell") ? options.values["--shell"] : "sh";
  if (shell != "sh" && shell != "fish")
    return UsageError("env", absl::StrCat("--shell ", shell, " is neither sh (bash, zsh, …) nor fish"));
  const absl::StatusOr<support::Settings> settings = support::ReadSettings(environ);
  if (!settings.ok()) fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(settings.status().message()));
  // The table helps to see what is wrong with them.
  if (options.Has("--explain")) PrintSettings();
  if (!settings.ok()) return kUsage;
  if (options.Has("--explain")) return kOk;
  const GoVariables variables = Variables(ObserveSurroundings());
  for (const std::string& warning : variables.warnings)
    fmt::print(stderr, "cgo-ld-shim: warning: {}\n", support::Printable(warning));
  for (const Variable& variable : variables.variables)
    fmt::print("{}", shell == "fish" ? FishLine(variable) : ShLine(variable));
  return kOk;
}

}  // namespace cgo_ld_shim::commands

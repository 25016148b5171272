#include "shim/commands/options.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fmt/format.h"
#include "llvm/ADT/StringRef.h"
#include "shim/commands/commands.h"

namespace cgo_ld_shim::commands {

Options ParseOptions(absl::string_view command, const std::vector<std::string>& args,
                     absl::Span<const OptionRow> rows) {
  Options options;
  for (size_t i = 0; i < args.size(); ++i) {
    const std::string& arg = args[i];
    if (arg == "--") {
      options.words.insert(options.words.end(), args.begin() + static_cast<std::ptrdiff_t>(i) + 1, args.end());
      break;
    }
    if (arg == "--help" || arg == "-h") {
      fmt::print("{}", Find(command)->help);
      options.exit_status = kOk;
      return options;
    }
    if (arg.size() < 2 || arg[0] != '-') {
      options.words.push_back(arg);
      continue;
    }
    const size_t equals = arg.find('=');
    const std::string name = arg.substr(0, equals);
    const auto* row = std::find_if(rows.begin(), rows.end(), [&](const OptionRow& r) { return name == r.name; });
    if (row == rows.end()) {
      std::vector<std::string> names = {"--help"};
      for (const OptionRow& r : rows) names.emplace_back(r.name);
      const std::string nearest = Nearest(name, names);
      options.exit_status =
          UsageError(command, absl::StrCat(name, " is not an option",
                                           nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?")));
      return options;
    }
    if (!row->has_value && equals != std::string::npos) {
      options.exit_status = UsageError(command, absl::StrCat(name, " takes no value"));
      return options;
    }
    std::string value;
    if (row->has_value) {
      if (equals != std::string::npos) {
        value = arg.substr(equals + 1);
      } else if (i + 1 < args.size()) {
        value = args[++i];
      } else {
        options.exit_status = UsageError(command, absl::StrCat(name, " needs a value"));
        return options;
      }
    }
    options.values[name] = value;
    options.given.emplace_back(name, value);
  }
  return options;
}

std::vector<std::string> Options::All(const std::string& name) const {
  std::vector<std::string> all;
  for (const auto& [option, value] : given) {
    if (option == name) all.push_back(value);
  }
  return all;
}

int UsageError(absl::string_view command, absl::string_view what) {
  fmt::print(stderr, "cgo-ld-shim: {}{} See: cgo-ld-shim help {}\n", std::string(what),
             absl::EndsWith(what, "?") ? "" : ".", std::string(command));
  return kUsage;
}

std::string Nearest(absl::string_view word, const std::vector<std::string>& candidates) {
  const llvm::StringRef wanted(word.data(), word.size());
  const std::string* nearest = nullptr;
  // Two letters changed places are two edits.
  const size_t limit = word.size() < 4 ? 1 : std::max<size_t>(word.size() / 3, 2);
  unsigned best = static_cast<unsigned>(limit) + 1;
  const auto sorted = [](std::string letters) {
    std::sort(letters.begin(), letters.end());
    return letters;
  };
  const std::string letters = sorted(wanted.str());
  for (const std::string& candidate : candidates) {
    const unsigned distance = wanted.edit_distance(candidate, /*AllowReplacements=*/true, best);
    // Of two that are as near, the one of the same letters: --htlm is --html, not --help.
    const bool swapped = distance == best && distance <= limit && sorted(candidate) == letters;
    if (distance >= best && !swapped) continue;
    best = distance;
    nearest = &candidate;
  }
  return nearest == nullptr ? "" : *nearest;
}

}  // namespace cgo_ld_shim::commands

// STATIC=prefer. With a library that is only there as a shared one a static link becomes one that is dynamic for libc
// and that library, with archives for the rest; with symbols that are left to the time when the program runs, a dynamic
// one.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "resolve/candidates.h"
#include "rules/line.h"
#include "rules/table.h"
#include "support/path_parts.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::rules {
namespace {

using invocation::ArgType;
using invocation::Argument;

constexpr char kByPath[] = "by its path, or a shared library beside it is taken";

bool Contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "-lX" for /usr/lib/libX.so, where -lX finds it: -lsystemd does not find libsystemd.so.0. Empty: by its path.
std::string NameOf(const std::string& path) {
  const std::string name = resolve::LibraryName(path);
  return !name.empty() && absl::EndsWith(path, absl::StrCat("/lib", name, ".so")) ? absl::StrCat("-l", name) : "";
}

}  // namespace

Edits PreferDynamic(const Edits& static_link, const std::vector<std::string>& shared,
                    const std::vector<std::string>& runtime) {
  Edits common = static_link;
  common.TakeBack([&](const Edit& edit) {
    const RuleRow* row = FindRow(edit.rule);
    const bool linked_after_all =
        edit.rule == RuleId::kDropSharedOnly && std::any_of(shared.begin(), shared.end(), [&](const std::string& path) {
          return Contains(edit.before, absl::StrCat("-l", resolve::LibraryName(path)));
        });
    return linked_after_all || (row != nullptr && row->static_only);
  });
  Edits edits(common.Line(), common.log());
  for (size_t i = 0; i < edits.size(); ++i) {
    const Argument& argument = edits.argument(i);
    const std::string& path = edits.path(i);
    if (argument.type == ArgType::kStatic) {
      edits.Drop(i, RuleId::kPreferDynamic, "libc is a shared library");
    } else if (argument.type == ArgType::kStaticPie) {
      edits.Replace(i, {{.type = ArgType::kPie, .value = "-pie", .words = {"-pie"}}, ""}, RuleId::kPreferDynamic,
                    "libc is a shared library");
    } else if (argument.type == ArgType::kLibrary && !path.empty() &&
               (!Contains(runtime, path) || absl::StrContains(path, "c++"))) {
      edits.Replace(i, {{.type = ArgType::kInput, .value = path, .words = {path}}, path}, RuleId::kPreferDynamic,
                    kByPath);
    }
  }
  // By name where it has one: the program then asks for the library as any other does, not for a path.
  for (const std::string& path : shared) {
    const std::string because = absl::StrCat("only ", path, " exists");
    const std::string name = NameOf(path);
    for (size_t i = 0; i < edits.size(); ++i) {
      const Argument& argument = edits.argument(i);
      if (argument.type == ArgType::kLibrary && edits.path(i).empty() && argument.value == resolve::LibraryName(path))
        edits.Drop(i, RuleId::kPreferDynamic, because);
    }
    if (name.empty()) {
      edits.Append({path}, RuleId::kPreferDynamic, because);
    } else {
      edits.Append({absl::StrCat("-L", support::DirectoryName(path)), name}, RuleId::kPreferDynamic, because);
    }
  }
  return edits;
}

Edits ExportUnresolved(const invocation::Invocation& call, const symbols::Evidence& first) {
  Edits edits(call.arguments);
  const bool asked = std::any_of(call.arguments.begin(), call.arguments.end(), [](const Argument& argument) {
    return argument.type == ArgType::kExportDynamic || argument.value == "-E" || argument.value == "--export-dynamic";
  });
  if (!asked) {
    edits.Append({"-rdynamic"}, RuleId::kExportUnresolved,
                 absl::StrCat("without it GNU ld gives ", symbols::Demangle(first.symbol),
                              " address 0 in a dynamic program, too"),
                 {first});
  }
  return edits;
}

}  // namespace cgo_ld_shim::rules

#include "report/inputs.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "support/file.h"

namespace cgo_ld_shim::report {
namespace {

using plan::Origin;
using plan::PlanInput;

// What the link takes of one file.
struct Used {
  std::vector<std::string> members;
  uint64_t bytes = 0;
  symbols::Evidence first;
};

// The files of an input: itself, or those that a linker script names, for the script itself has nothing to link.
std::vector<std::pair<std::string, const char*>> FilesOf(const PlanInput& input) {
  const char* kind = input.IsArchive() ? "archive" : "object";
  if (input.files.empty() || input.files[0].path == input.path) return {{input.path, kind}};
  std::vector<std::pair<std::string, const char*>> files;
  for (const symbols::InputFile& file : input.files)
    files.emplace_back(file.path, file.kind == symbols::FileKind::kArchive ? "archive" : "object");
  return files;
}

// A path that means something when this process is gone.
std::string LastingPath(const std::string& path) {
  const std::string in_memory = support::NameInMemory(path);
  return in_memory.empty() ? path : in_memory;
}

}  // namespace

std::vector<InputRecord> InputRecords(const resolve::Resolution& resolution,
                                      const std::map<std::string, std::string>& copies) {
  // "/x/copy.a(m.o)" is "/x/libf.a(m.o)" to the user.
  const auto of_the_user = [&](const std::string& name) {
    const size_t paren = name.rfind('(');
    const auto copy = copies.find(name.substr(0, paren));
    return absl::StrCat(copy == copies.end() ? LastingPath(name.substr(0, paren)) : copy->second,
                        paren == std::string::npos ? "" : name.substr(paren));
  };
  const resolve::Simulation& link = *resolution.simulation;
  std::map<std::pair<int, std::string>, Used> used;
  for (size_t u = 0; u < link.units().size(); ++u) {
    const resolve::Unit& unit = link.units()[u];
    Used& of_file = used[{unit.input, unit.file->path}];
    if (unit.object != nullptr) of_file.bytes += unit.object->file_bytes;
    if (unit.member < 0) continue;
    const std::string name = link.UnitName(static_cast<int>(u));
    const size_t paren = name.rfind('(');
    if (unit.extracted_by >= 0 && of_file.first.symbol.empty()) {
      of_file.first = {std::string(unit.extracted_for), of_the_user(link.UnitName(unit.extracted_by)),
                       of_the_user(name)};
    }
    of_file.members.push_back(name.substr(paren + 1, name.size() - paren - 2));
  }
  std::vector<InputRecord> inputs;
  for (size_t i = 0; i < resolution.inputs.size(); ++i) {
    const PlanInput& input = resolution.inputs[i];
    for (const auto& [path, kind] : FilesOf(input)) {
      Used& of_file = used[{static_cast<int>(i), path}];
      // libm.a names libmvec.a for those who need it.
      if (path != input.path && of_file.members.empty() && std::string_view(kind) == "archive") continue;
      InputRecord entry{.path = of_the_user(path),
                        .kind = kind,
                        .origin = input.origin == Origin::kToolchain ? "toolchain"
                                  : input.origin == Origin::kAdded   ? "added"
                                                                     : "given",
                        .as = input.library.empty() ? "" : absl::StrJoin(input.words, " "),
                        .members = std::move(of_file.members),
                        .used_bytes = of_file.bytes,
                        .first_use = std::move(of_file.first)};
      if (const auto identity = support::Identify(entry.path.starts_with('/') ? entry.path : path))
        entry.bytes = identity->size;
      inputs.push_back(std::move(entry));
    }
  }
  return inputs;
}

std::vector<std::string> ProgramUses(const resolve::Resolution& resolution) {
  std::vector<std::string> names;
  const resolve::Simulation& link = *resolution.simulation;
  for (const resolve::Unit& unit : link.units()) {
    // Of archives of ours in memory nothing is left, either.
    if ((unit.member >= 0 && LastingPath(unit.file->path) == unit.file->path) || unit.object == nullptr ||
        resolution.inputs[static_cast<size_t>(unit.input)].origin == Origin::kToolchain)
      continue;
    for (const symbols::Reference& reference : unit.object->references) {
      const int definer = link.Definer(reference.name);
      if (definer >= 0 && link.units()[static_cast<size_t>(definer)].member >= 0) names.emplace_back(reference.name);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace cgo_ld_shim::report

#include "report/inputs.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "support/file.h"

namespace cgo_ld_shim::report {

using plan::Origin;
using plan::PlanInput;

std::vector<InputRecord> InputRecords(const resolve::Resolution& resolution,
                                      const std::map<std::string, std::string>& copies) {
  // "/x/copy.a(m.o)" is "/x/libf.a(m.o)" to the user.
  const auto of_the_user = [&](std::string name) {
    const size_t paren = name.rfind('(');
    const auto copy = copies.find(name.substr(0, paren));
    return copy == copies.end() ? name
                                : absl::StrCat(copy->second, paren == std::string::npos ? "" : name.substr(paren));
  };
  std::vector<InputRecord> inputs;
  const resolve::Simulation& link = *resolution.simulation;
  std::vector<std::vector<std::string>> members(resolution.inputs.size());
  std::vector<uint64_t> used_bytes(resolution.inputs.size());
  std::vector<symbols::Evidence> first_use(resolution.inputs.size());
  for (size_t u = 0; u < link.units().size(); ++u) {
    const resolve::Unit& unit = link.units()[u];
    const auto input = static_cast<size_t>(unit.input);
    if (unit.object != nullptr) used_bytes[input] += unit.object->file_bytes;
    if (unit.member < 0) continue;
    const std::string name = link.UnitName(static_cast<int>(u));
    if (unit.extracted_by >= 0 && first_use[input].symbol.empty())
      first_use[input] = {std::string(unit.extracted_for), of_the_user(link.UnitName(unit.extracted_by)),
                          of_the_user(name)};
    const size_t paren = name.rfind('(');
    members[input].push_back(name.substr(paren + 1, name.size() - paren - 2));
  }
  for (size_t i = 0; i < resolution.inputs.size(); ++i) {
    const PlanInput& input = resolution.inputs[i];
    InputRecord entry{.path = of_the_user(input.path),
                      .kind = input.IsArchive() ? "archive" : "object",
                      .origin = input.origin == Origin::kToolchain ? "toolchain"
                                : input.origin == Origin::kAdded   ? "added"
                                                                   : "given",
                      .as = input.library.empty() ? "" : absl::StrJoin(input.words, " "),
                      .members = std::move(members[i]),
                      .used_bytes = used_bytes[i],
                      .first_use = std::move(first_use[i])};
    if (const auto identity = support::Identify(entry.path)) entry.bytes = identity->size;
    inputs.push_back(std::move(entry));
  }
  return inputs;
}

}  // namespace cgo_ld_shim::report

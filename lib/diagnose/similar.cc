#include "diagnose/similar.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "llvm/ADT/StringRef.h"
#include "support/path_parts.h"

namespace cgo_ld_shim::diagnose {
namespace {

using plan::Origin;
using plan::PlanInput;

bool SameLetters(llvm::StringRef a, llvm::StringRef b) {
  std::string first = a.str(), second = b.str();
  std::sort(first.begin(), first.end());
  std::sort(second.begin(), second.end());
  return first == second;
}

// C's foo and C++'s _Z3foo…: the same function as far as a person can see.
bool SameFunction(absl::string_view a, absl::string_view b) {
  const bool a_cxx = absl::StartsWith(a, "_Z"), b_cxx = absl::StartsWith(b, "_Z");
  if (a_cxx == b_cxx) return false;
  const absl::string_view c = a_cxx ? b : a, cxx = a_cxx ? a : b;
  const std::string prefix = absl::StrCat("_Z", c.size(), c);
  return absl::StartsWith(cxx, prefix);
}

}  // namespace

bool FindSimilar(const resolve::Resolution& resolution, const std::string& go_object, symbols::Machine machine,
                 const resolve::Unresolved& unresolved, Written* written, Finding* finding) {
  const llvm::StringRef wanted(unresolved.symbol);
  const unsigned limit = wanted.size() < 6 ? 1 : wanted.size() < 12 ? 2 : 3;
  unsigned best = limit + 1;
  std::string best_name;
  const PlanInput* best_input = nullptr;
  const symbols::InputFile* best_file = nullptr;
  bool extern_c = false;
  for (const PlanInput& input : resolution.inputs) {
    const bool of_toolchain = input.origin == Origin::kToolchain;
    // A person's mistake may be in a name of the C library (prinft); a library was compiled with its header.
    if (of_toolchain && (!unresolved.from_program || wanted.size() < 5)) continue;
    for (const symbols::InputFile& file : input.files) {
      const auto consider = [&](absl::string_view symbol) {
        const llvm::StringRef name(symbol.data(), symbol.size());
        const bool other_language = !of_toolchain && SameFunction(unresolved.symbol, symbol);
        if (of_toolchain && name.substr(0, 1) != wanted.substr(0, 1)) return;
        const unsigned distance = other_language ? 0 : name.edit_distance(wanted, true, limit);
        // Of several that are as near, one of the same letters: two were swapped.
        const bool swapped = distance == best && SameLetters(name, wanted) && !SameLetters(best_name, wanted);
        if (distance >= best && !swapped) return;
        // A library's own mistakes are versions (f_v2 for f_v3), not typos; what begins otherwise
        // (c_strcasecmp for pg_strcasecmp) is another library's name for the same thing.
        if (!other_language && !unresolved.from_program && name.substr(0, 3) != wanted.substr(0, 3)) return;
        best = distance;
        best_name = name.str();
        best_input = &input;
        best_file = &file;
        extern_c = other_language;
      };
      if (file.archive != nullptr) {
        for (const symbols::Archive::IndexEntry& entry : file.archive->index()) consider(entry.symbol);
      } else if (file.object != nullptr && unresolved.from_program && !of_toolchain && file.path != go_object &&
                 file.object->machine == machine) {
        for (const symbols::Definition& definition : file.object->definitions) {
          if (!absl::StartsWith(definition.name, "_cgo_")) consider(definition.name);
        }
      }
    }
  }
  if (best_file == nullptr || best_input == nullptr) return false;
  const std::string file_name = support::BaseName(best_file->path);
  const std::string place =
      Written::Text(best_file->archive == nullptr ? written->Definition(best_file->path, best_name) : symbols::Place());
  const std::string where =
      best_file->archive == nullptr ? (place.empty() ? file_name : support::BaseName(place))
      : best_input->origin == Origin::kToolchain
          ? absl::StrCat(file_name, " of the compiler")
          : absl::StrCat(file_name, ", which you link with ", absl::StrJoin(best_input->words, " "));
  if (extern_c) {
    finding->cause = CauseId::kExternC;
    finding->hint = absl::StrCat(
        where, best_file->archive == nullptr ? " defines " : ", defines ", symbols::Demangle(best_name),
        absl::StartsWith(best_name, "_Z") ? " as a C++ function: its declaration there lacks extern \"C\""
                                          : " as a C function: its C++ declaration here lacks extern \"C\"");
  } else {
    finding->cause = CauseId::kMisspelt;
    finding->hint = absl::StrCat("did you mean ", symbols::Demangle(best_name), ", defined in ", where, "?");
  }
  return true;
}

}  // namespace cgo_ld_shim::diagnose

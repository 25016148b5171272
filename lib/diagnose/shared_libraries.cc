#include "diagnose/shared_libraries.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "support/file.h"

namespace cgo_ld_shim::diagnose {
namespace {

void AddPlace(const std::string& path, std::vector<std::string>* places) {
  if (std::find(places->begin(), places->end(), path) == places->end()) places->push_back(path);
}

}  // namespace

std::string SharedLibraries::Defining(const resolve::Unresolved& unresolved) {
  std::vector<std::string> places;
  for (const plan::PlanInput& input : resolution_.left_out) AddPlace(input.shared, &places);
  for (const std::string& path : unresolved.wanting_paths) AddWithNeeded(path, &places);
  for (const plan::PlanInput& input : resolution_.inputs) {
    if (input.IsArchive() && input.origin != plan::Origin::kToolchain) AddWithNeeded(input.path, &places);
  }
  // For the program's own references only what it names counts: any name is in some shared library.
  if (!unresolved.from_program) {
    for (const std::string& path : candidates_.WideShared()) AddPlace(path, &places);
  }
  const auto found = std::find_if(places.begin(), places.end(),
                                  [&](const std::string& path) { return Find(path, unresolved.symbol) != nullptr; });
  return found == places.end() ? "" : *found;
}

void SharedLibraries::AddWithNeeded(const std::string& archive, std::vector<std::string>* places) {
  if (!absl::EndsWith(archive, ".a")) return;
  std::vector<std::string> queue = {absl::StrCat(archive.substr(0, archive.size() - 2), ".so")};
  std::set<std::string> seen;
  for (size_t i = 0; i < queue.size() && i < 256; ++i) {
    const absl::StatusOr<symbols::InputFile>& file = cache_.Open(queue[i]);
    if (!file.ok() || file->object == nullptr || file->object->kind != symbols::ObjectKind::kElfShared) continue;
    AddPlace(queue[i], places);
    for (absl::string_view soname : file->object->needed) {
      if (!seen.insert(std::string(soname)).second) continue;
      for (const std::string& dir : plan_.all_dirs) {
        // The development link (libfoo.so) reads better than the versioned file.
        const std::string link = absl::StrCat(dir, "/lib", resolve::LibraryName(soname), ".so");
        const std::string exact = absl::StrCat(dir, "/", soname);
        if (support::IsRegularFile(link)) {
          queue.push_back(link);
          break;
        }
        if (support::IsRegularFile(exact)) {
          queue.push_back(exact);
          break;
        }
      }
    }
  }
}

const symbols::Definition* SharedLibraries::Find(const std::string& path, absl::string_view symbol) {
  auto [it, fresh] = defined_.try_emplace(path);
  if (fresh) {
    const absl::StatusOr<symbols::InputFile>& file = cache_.Open(path);
    if (file.ok() && file->object != nullptr) {
      for (const symbols::Definition& definition : file->object->definitions)
        it->second.try_emplace(definition.name, &definition);
    }
  }
  const auto at = it->second.find(symbol);
  return at == it->second.end() ? nullptr : at->second;
}

DataKind SharedLibraries::Data(const std::string& path, absl::string_view symbol) {
  const symbols::Definition* definition = Find(path, symbol);
  if (definition == nullptr) return DataKind::kNone;
  if (definition->tls) return DataKind::kThreadLocal;
  return !definition->function && definition->size != 0 ? DataKind::kData : DataKind::kNone;
}

}  // namespace cgo_ld_shim::diagnose

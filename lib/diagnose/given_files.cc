#include "diagnose/given_files.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "llvm/Support/MemoryBuffer.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "symbols/coff_directives.h"

namespace cgo_ld_shim::diagnose {
namespace {

using invocation::ArgType;
using invocation::Argument;

bool HasMember(const std::string& path, absl::string_view name) {
  const absl::StatusOr<symbols::InputFile> input = symbols::OpenInput(path);
  if (!input.ok() || input->archive == nullptr) return false;
  for (uint32_t i = 0; i < input->archive->member_count(); ++i) {
    const absl::StatusOr<const symbols::Member*> member = input->archive->GetMember(i);
    if (member.ok() && (*member)->name == name) return true;
  }
  return false;
}

}  // namespace

absl::string_view FileOf(absl::string_view unit) {
  return absl::EndsWith(unit, ")") ? unit.substr(0, unit.rfind('(')) : unit;
}

GivenFiles::GivenFiles(const invocation::Invocation& call, const std::string& cwd) {
  for (const Argument& argument : call.arguments) {
    if (argument.type != ArgType::kLibraryDir) continue;
    std::string directory = support::Absolute(argument.value, cwd);
    if (std::find(directories_.begin(), directories_.end(), directory) == directories_.end())
      directories_.push_back(std::move(directory));
  }
  for (const Argument& argument : call.arguments) {
    if (argument.type == ArgType::kLibrary) AddLibrary(argument.value);
    if (argument.type == ArgType::kInput) files_.push_back({support::Absolute(argument.value, cwd), ""});
  }
}

void GivenFiles::AddLibrary(const std::string& name) {
  for (const std::string& directory : directories_) {
    for (const std::string& file :
         {absl::StrCat("lib", name, ".a"), absl::StrCat(name, ".lib"), absl::StrCat("lib", name, ".lib")}) {
      const std::string path = absl::StrCat(directory, "/", file);
      if (support::IsRegularFile(path)) files_.push_back({path, absl::StrCat("-l", name)});
    }
  }
}

const GivenFile* GivenFiles::Find(absl::string_view unit) const {
  const std::string base = support::BaseName(FileOf(unit));
  const auto at = std::find_if(files_.begin(), files_.end(),
                               [&](const GivenFile& file) { return support::BaseName(file.path) == base; });
  return at == files_.end() ? nullptr : &*at;
}

const GivenFile* GivenFiles::WithMember(absl::string_view name) const {
  const auto at =
      std::find_if(files_.begin(), files_.end(), [&](const GivenFile& file) { return HasMember(file.path, name); });
  return at == files_.end() ? nullptr : &*at;
}

GivenFiles::Asking GivenFiles::AskingFor(absl::string_view library) const {
  const auto asks = [&](absl::string_view data) {
    const std::vector<std::string> wanted = symbols::DefaultLibraries(data);
    return std::any_of(wanted.begin(), wanted.end(),
                       [&](const std::string& name) { return absl::EqualsIgnoreCase(name, library); });
  };
  for (const GivenFile& file : files_) {
    const absl::StatusOr<symbols::InputFile> input = symbols::OpenInput(file.path);
    if (!input.ok()) continue;
    if (input->archive == nullptr && input->buffer != nullptr &&
        asks({input->buffer->getBufferStart(), input->buffer->getBufferSize()}))
      return {&file, file.path};
    for (uint32_t i = 0; input->archive != nullptr && i < input->archive->member_count(); ++i) {
      const absl::StatusOr<const symbols::Member*> member = input->archive->GetMember(i);
      if (member.ok() && asks((*member)->data))
        return {&file, absl::StrCat(file.path, "(", support::BaseName((*member)->name), ")")};
    }
  }
  return {};
}

std::optional<symbols::Object> GivenFiles::FirstObject(const std::string& path) {
  const auto is_system = [](const symbols::Object& object) {
    return object.kind == symbols::ObjectKind::kElfRelocatable || object.kind == symbols::ObjectKind::kElfShared ||
           object.kind == symbols::ObjectKind::kCoff || object.kind == symbols::ObjectKind::kMachO;
  };
  const absl::StatusOr<symbols::InputFile> input = symbols::OpenInput(path);
  if (!input.ok()) return std::nullopt;
  if (input->archive == nullptr) {
    if (input->object == nullptr || !is_system(*input->object)) return std::nullopt;
    return symbols::Object{.kind = input->object->kind, .machine = input->object->machine};
  }
  for (uint32_t i = 0; i < input->archive->member_count(); ++i) {
    const absl::StatusOr<const symbols::Member*> member = input->archive->GetMember(i);
    if (!member.ok()) continue;
    const absl::StatusOr<symbols::Object> object = symbols::ReadObject((*member)->data, (*member)->name);
    if (object.ok() && is_system(*object)) return symbols::Object{.kind = object->kind, .machine = object->machine};
  }
  return std::nullopt;
}

std::string GivenFiles::WhatIs(const std::string& path) {
  const std::optional<symbols::Object> object = FirstObject(path);
  if (!object) return "";
  const std::string machine = object->machine.Name();
  const std::string objects = absl::StrCat("objects", machine.empty() ? "" : absl::StrCat(" for ", machine), ", as ");
  switch (object->kind) {
    case symbols::ObjectKind::kCoff:
      return absl::StrCat("COFF ", objects, "Windows has them");
    case symbols::ObjectKind::kMachO:
      return absl::StrCat("Mach-O ", objects, "macOS has them");
    default:
      return absl::StrCat("ELF ", objects, "Linux and the BSDs have them");
  }
}

}  // namespace cgo_ld_shim::diagnose

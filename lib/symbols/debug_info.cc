#include "symbols/debug_info.h"

#include <utility>

#include "absl/strings/match.h"
#include "llvm/DebugInfo/DIContext.h"
#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/DebugInfo/DWARF/DWARFDie.h"
#include "llvm/DebugInfo/DWARF/DWARFUnit.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/MemoryBuffer.h"
#include "support/map_file.h"
#include "support/path_parts.h"

namespace cgo_ld_shim::symbols {
namespace {

using FileKind = llvm::DILineInfoSpecifier::FileLineInfoKind;

// cgo-gcc-prolog, cgo-generated-wrapper, cgo-builtin-prolog, …: the names that cgo gives to what it writes itself.
bool IsCgosOwn(absl::string_view file) {
  const std::string name = support::BaseName(file);
  return absl::StartsWith(name, "cgo-") && !absl::StrContains(name, '.');
}

// Damaged debug information is no error of ours: what cannot be read is not known.
void Ignore(llvm::Error error) { llvm::consumeError(std::move(error)); }

}  // namespace

struct DebugInfo::State {
  std::unique_ptr<llvm::MemoryBuffer> buffer;
  std::unique_ptr<llvm::object::ObjectFile> object;
  std::unique_ptr<llvm::DWARFContext> context;
};

DebugInfo::DebugInfo(std::unique_ptr<State> state) : state_(std::move(state)) {}
DebugInfo::DebugInfo(DebugInfo&&) noexcept = default;
DebugInfo& DebugInfo::operator=(DebugInfo&&) noexcept = default;
DebugInfo::~DebugInfo() = default;

std::optional<DebugInfo> DebugInfo::Read(const std::string& path) {
  auto buffer = support::MapFile(path);
  if (!buffer.ok()) return std::nullopt;
  std::optional<DebugInfo> info = FromBytes({(*buffer)->getBufferStart(), (*buffer)->getBufferSize()});
  if (info) info->state_->buffer = std::move(*buffer);
  return info;
}

std::optional<DebugInfo> DebugInfo::FromBytes(absl::string_view bytes) {
  auto object = llvm::object::ObjectFile::createObjectFile({llvm::StringRef(bytes.data(), bytes.size()), "object"});
  if (!object) {
    llvm::consumeError(object.takeError());
    return std::nullopt;
  }
  auto state = std::make_unique<State>();
  state->object = std::move(*object);
  state->context = llvm::DWARFContext::create(*state->object, llvm::DWARFContext::ProcessDebugRelocations::Process,
                                              nullptr, "", Ignore, Ignore);
  if (state->context == nullptr || state->context->getNumCompileUnits() == 0) return std::nullopt;
  return DebugInfo(std::move(state));
}

std::string DebugInfo::SourceFile() const {
  const char* name = state_->context->getUnitAtIndex(0)->getUnitDIE().getShortName();
  return name == nullptr ? "" : name;
}

std::optional<Place> DebugInfo::Use(absl::string_view symbol) const {
  for (const llvm::object::SectionRef& relocations : state_->object->sections()) {
    llvm::Expected<llvm::object::section_iterator> section = relocations.getRelocatedSection();
    if (!section) {
      llvm::consumeError(section.takeError());
      continue;
    }
    if (*section == state_->object->section_end() || !(*section)->isText()) continue;
    for (const llvm::object::RelocationRef& relocation : relocations.relocations()) {
      const llvm::object::symbol_iterator target = relocation.getSymbol();
      if (target == state_->object->symbol_end()) continue;
      llvm::Expected<llvm::StringRef> name = target->getName();
      if (!name) {
        llvm::consumeError(name.takeError());
        continue;
      }
      if (absl::string_view(name->data(), name->size()) != symbol) continue;
      const llvm::DIInliningInfo at = state_->context->getInliningInfoForAddress(
          {relocation.getOffset(), (*section)->getIndex()},
          {FileKind::AbsoluteFilePath, llvm::DILineInfoSpecifier::FunctionNameKind::ShortName});
      if (at.getNumberOfFrames() == 0) continue;
      const llvm::DILineInfo& frame = at.getFrame(0);
      Place place;
      if (frame.FunctionName != llvm::DILineInfo::BadString) place.function = frame.FunctionName;
      if (frame.FileName != llvm::DILineInfo::BadString && !IsCgosOwn(frame.FileName)) {
        place.file = frame.FileName;
        place.line = frame.Line;
      }
      if (!place.file.empty() || !place.function.empty()) return place;
    }
  }
  return std::nullopt;
}

std::optional<Place> DebugInfo::Declaration(absl::string_view name) const {
  const llvm::StringRef wanted(name.data(), name.size());
  for (const std::unique_ptr<llvm::DWARFUnit>& unit : state_->context->compile_units()) {
    for (const llvm::DWARFDie die : unit->getUnitDIE(/*ExtractUnitDIEOnly=*/false).children()) {
      if (die.getTag() != llvm::dwarf::DW_TAG_subprogram && die.getTag() != llvm::dwarf::DW_TAG_variable) continue;
      const char* plain = die.getShortName();
      const char* linkage = die.getLinkageName();
      if ((plain == nullptr || wanted != plain) && (linkage == nullptr || wanted != linkage)) continue;
      Place place{.file = die.getDeclFile(FileKind::AbsoluteFilePath),
                  .line = static_cast<uint32_t>(die.getDeclLine())};
      if (!place.file.empty() && !IsCgosOwn(place.file)) return place;
    }
  }
  return std::nullopt;
}

}  // namespace cgo_ld_shim::symbols

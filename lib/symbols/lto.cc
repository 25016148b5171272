#include "symbols/lto.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "llvm/Bitcode/LLVMBitCodes.h"
#include "llvm/Bitstream/BitstreamReader.h"
#include "llvm/Object/IRSymtab.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Error.h"

namespace cgo_ld_shim::symbols {
namespace {

using llvm::support::endian::read32le;
using llvm::support::endian::read64le;
using IrSymbol = llvm::irsymtab::storage::Symbol;
using IrHeader = llvm::irsymtab::storage::Header;

constexpr uint32_t kBitcodeWrapper = 0x0b17c0de;

struct SymbolTable {
  llvm::StringRef table, names;
};

#ifdef __clang_analyzer__
// It sees a shift by too much in LLVM's reader, for a read of no bits, which does not shift.
std::optional<SymbolTable> FindTable(llvm::StringRef /*bitcode*/) { return std::nullopt; }
#else
// The blob of a block that holds one: a symbol table or its names.
std::optional<llvm::StringRef> ReadBlob(llvm::BitstreamCursor* cursor, unsigned block, unsigned code) {
  if (llvm::Error error = cursor->EnterSubBlock(block)) {
    llvm::consumeError(std::move(error));
    return std::nullopt;
  }
  std::optional<llvm::StringRef> found;
  while (true) {
    llvm::Expected<llvm::BitstreamEntry> entry = cursor->advance();
    if (!entry) {
      llvm::consumeError(entry.takeError());
      return std::nullopt;
    }
    if (entry->Kind == llvm::BitstreamEntry::EndBlock) return found;
    if (entry->Kind != llvm::BitstreamEntry::Record) return std::nullopt;
    llvm::StringRef blob;
    llvm::SmallVector<uint64_t, 1> record;
    llvm::Expected<unsigned> read = cursor->readRecord(entry->ID, record, &blob);
    if (!read) {
      llvm::consumeError(read.takeError());
      return std::nullopt;
    }
    if (*read == code) found = blob;
  }
}

std::optional<SymbolTable> FindTable(llvm::StringRef bitcode) {
  llvm::BitstreamCursor cursor(bitcode);
  if (llvm::Expected<llvm::SimpleBitstreamCursor::word_t> magic = cursor.Read(32); !magic) {
    llvm::consumeError(magic.takeError());
    return std::nullopt;
  }
  SymbolTable found;
  while (!cursor.AtEndOfStream()) {
    llvm::Expected<llvm::BitstreamEntry> entry = cursor.advance();
    if (!entry) {
      llvm::consumeError(entry.takeError());
      return std::nullopt;
    }
    if (entry->Kind != llvm::BitstreamEntry::SubBlock) return std::nullopt;
    if (entry->ID == llvm::bitc::SYMTAB_BLOCK_ID || entry->ID == llvm::bitc::STRTAB_BLOCK_ID) {
      const bool table = entry->ID == llvm::bitc::SYMTAB_BLOCK_ID;
      const std::optional<llvm::StringRef> blob =
          ReadBlob(&cursor, entry->ID, table ? unsigned{llvm::bitc::SYMTAB_BLOB} : unsigned{llvm::bitc::STRTAB_BLOB});
      if (!blob) return std::nullopt;
      (table ? found.table : found.names) = *blob;
    } else if (llvm::Error error = cursor.SkipBlock()) {
      llvm::consumeError(std::move(error));
      return std::nullopt;
    }
  }
  if (found.table.empty()) return std::nullopt;
  return found;
}
#endif

}  // namespace

void ReadGccLtoSymbols(absl::string_view section, Object* object) {
  // Kinds and visibilities of GCC's include/plugin-api.h (enum ld_plugin_symbol_kind, ld_plugin_symbol_visibility).
  enum Kind : uint8_t { kDefined, kWeakDefined, kUndefined, kWeakUndefined, kCommon };
  constexpr uint8_t kInternal = 2, kHidden = 3;
  constexpr size_t kNumbers = 14;  // kind, visibility, size, slot
  const auto text = [&]() -> std::optional<absl::string_view> {
    const size_t end = section.find('\0');
    if (end == absl::string_view::npos) return std::nullopt;
    const absl::string_view found = section.substr(0, end);
    section.remove_prefix(end + 1);
    return found;
  };
  while (!section.empty()) {
    const std::optional<absl::string_view> name = text();
    const std::optional<absl::string_view> comdat = name ? text() : std::nullopt;
    if (!comdat || section.size() < kNumbers) return;
    const auto kind = static_cast<uint8_t>(section[0]), visibility = static_cast<uint8_t>(section[1]);
    const uint64_t size = read64le(section.data() + 2);
    section.remove_prefix(kNumbers);
    if (kind > kCommon || name->empty()) return;
    const bool hidden = visibility == kInternal || visibility == kHidden;
    if (kind == kUndefined || kind == kWeakUndefined) {
      object->references.push_back({.name = LinkName(*name), .weak = kind == kWeakUndefined, .hidden = hidden});
    } else {
      object->definitions.push_back({.name = LinkName(*name),
                                     .weak = kind == kWeakDefined,
                                     .common = kind == kCommon,
                                     .comdat = !comdat->empty(),
                                     .hidden = hidden,
                                     .size = size});
    }
  }
}

void ReadBitcodeSymbols(absl::string_view data, Object* object) {
  llvm::StringRef bitcode(data.data(), data.size());
  if (bitcode.size() >= 20 && read32le(bitcode.data()) == kBitcodeWrapper) {
    const uint64_t offset = read32le(bitcode.data() + 8), size = read32le(bitcode.data() + 12);
    if (offset + size > bitcode.size()) return;
    bitcode = bitcode.substr(offset, size);
  }
  // The stream is made of words.
  const std::optional<SymbolTable> table = FindTable(bitcode.take_front(bitcode.size() / 4 * 4));
  if (!table || table->table.size() < sizeof(IrHeader)) return;
  const auto* header = reinterpret_cast<const IrHeader*>(table->table.data());
  if (header->Version == 0 || header->Version > IrHeader::kCurrentVersion) return;
  const uint64_t offset = header->Symbols.Offset, count = header->Symbols.Size;
  if (offset + count * sizeof(IrSymbol) > table->table.size()) return;
  const auto* symbols = reinterpret_cast<const IrSymbol*>(table->table.data() + offset);
  for (uint64_t i = 0; i < count; ++i) {
    const IrSymbol& symbol = symbols[i];
    const uint64_t name_offset = symbol.Name.Offset, name_size = symbol.Name.Size;
    if (name_offset + name_size > table->names.size()) return;
    const absl::string_view name = LinkName({table->names.data() + name_offset, name_size});
    const uint32_t flags = symbol.Flags;
    const auto has = [flags](IrSymbol::FlagBits bit) { return (flags >> bit & 1) != 0; };
    if (name.empty() || !has(IrSymbol::FB_global) || has(IrSymbol::FB_format_specific)) continue;
    const bool hidden = (flags >> IrSymbol::FB_visibility & 3) == 1;  // GlobalValue::HiddenVisibility
    if (has(IrSymbol::FB_undefined)) {
      object->references.push_back(
          {.name = name, .weak = has(IrSymbol::FB_weak), .tls = has(IrSymbol::FB_tls), .hidden = hidden});
    } else {
      object->definitions.push_back({.name = name,
                                     .weak = has(IrSymbol::FB_weak),
                                     .common = has(IrSymbol::FB_common),
                                     .comdat = symbol.ComdatIndex != ~uint32_t{0},
                                     .tls = has(IrSymbol::FB_tls),
                                     .hidden = hidden,
                                     .function = has(IrSymbol::FB_executable)});
    }
  }
}

}  // namespace cgo_ld_shim::symbols

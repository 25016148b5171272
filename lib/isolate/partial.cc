#include "isolate/partial.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "backend/backend.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/ObjCopy/CommonConfig.h"
#include "llvm/ObjCopy/ELF/ELFConfig.h"
#include "llvm/ObjCopy/ELF/ELFObjcopy.h"
#include "llvm/Object/ELF.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Object/ELFTypes.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

namespace cgo_ld_shim::isolate {
namespace {

namespace elf = llvm::ELF;

std::string ToText(llvm::Error error) { return llvm::toString(std::move(error)); }

absl::Status AddPattern(absl::string_view text, llvm::objcopy::MatchStyle style, llvm::objcopy::NameMatcher* matcher) {
  llvm::Expected<llvm::objcopy::NameOrPattern> pattern = llvm::objcopy::NameOrPattern::create(
      llvm::StringRef(text.data(), text.size()), style, [](llvm::Error error) { return error; });
  if (llvm::Error error = matcher->addMatcher(std::move(pattern))) return absl::InternalError(ToText(std::move(error)));
  return absl::OkStatus();
}

absl::StatusOr<std::string> Copy(absl::string_view object, const llvm::objcopy::CommonConfig& config) {
  llvm::Expected<std::unique_ptr<llvm::object::ObjectFile>> file = llvm::object::ObjectFile::createELFObjectFile(
      llvm::MemoryBufferRef(llvm::StringRef(object.data(), object.size()), "the object of a partial link"));
  if (!file) return absl::DataLossError(ToText(file.takeError()));
  std::string result;
  llvm::raw_string_ostream out(result);
  if (llvm::Error error = llvm::objcopy::elf::executeObjcopyOnBinary(
          config, llvm::objcopy::ELFConfig(), *llvm::cast<llvm::object::ELFObjectFileBase>(file->get()), out)) {
    return absl::InternalError(ToText(std::move(error)));
  }
  return result;
}

// Gives tentative definitions that are to be local a place. lld -r leaves them as they are, beside a section COMMON
// that is as large as all of them.
template <class ELFT>
absl::Status PlaceCommons(const absl::flat_hash_set<absl::string_view>& global, std::string* object) {
  using Symbol = typename ELFT::Sym;
  using Section = typename ELFT::Shdr;
  const auto damaged = [](llvm::Error error) { return absl::DataLossError(ToText(std::move(error))); };
  auto file = llvm::object::ELFFile<ELFT>::create(*object);
  if (!file) return damaged(file.takeError());
  auto sections = file->sections();
  if (!sections) return damaged(sections.takeError());
  const Section* table = nullptr;
  Section* place = nullptr;
  uint32_t number = 0;
  for (size_t i = 0; i < sections->size(); ++i) {
    const Section& section = (*sections)[i];
    if (section.sh_type == elf::SHT_SYMTAB) table = &section;
    auto name = file->getSectionName(section);
    if (!name) return damaged(name.takeError());
    if (*name != "COMMON" || section.sh_type != elf::SHT_NOBITS || place != nullptr) continue;
    place = const_cast<Section*>(&section);  // the bytes are ours
    number = static_cast<uint32_t>(i);
  }
  if (table == nullptr) return absl::OkStatus();
  auto symbols = file->symbols(table);
  if (!symbols) return damaged(symbols.takeError());
  auto names = file->getStringTableForSymtab(*table);
  if (!names) return damaged(names.takeError());
  uint64_t end = 0, alignment = 1;
  for (const Symbol& symbol : *symbols) {
    if (symbol.st_shndx != elf::SHN_COMMON) continue;
    auto name = symbol.getName(*names);
    if (!name) return damaged(name.takeError());
    if (global.contains(absl::string_view(name->data(), name->size()))) continue;
    if (place == nullptr || number >= elf::SHN_LORESERVE)
      return absl::DataLossError(absl::StrCat("no section has room for ", name->str()));
    const uint64_t own = std::max<uint64_t>(symbol.st_value, 1);
    end = llvm::alignTo(end, own);
    Symbol& placed = const_cast<Symbol&>(symbol);
    placed.st_shndx = static_cast<uint16_t>(number);
    placed.st_value = static_cast<typename ELFT::uint>(end);
    end += symbol.st_size;
    alignment = std::max(alignment, own);
  }
  if (place == nullptr) return absl::OkStatus();
  place->sh_size = static_cast<typename ELFT::uint>(end);
  place->sh_addralign = static_cast<typename ELFT::uint>(alignment);
  return absl::OkStatus();
}

absl::Status PlaceCommons(const absl::flat_hash_set<absl::string_view>& global, std::string* object) {
  const auto [width, order] = llvm::object::getElfArchType(*object);
  const bool little = order == elf::ELFDATA2LSB;
  if (width == elf::ELFCLASS64) {
    return little ? PlaceCommons<llvm::object::ELF64LE>(global, object)
                  : PlaceCommons<llvm::object::ELF64BE>(global, object);
  }
  if (width == elf::ELFCLASS32) {
    return little ? PlaceCommons<llvm::object::ELF32LE>(global, object)
                  : PlaceCommons<llvm::object::ELF32BE>(global, object);
  }
  return absl::DataLossError("the partial link made no ELF file");
}

}  // namespace

absl::StatusOr<std::vector<std::string>> LinkPartially(const PartialLink& link, const std::string& output) {
  std::vector<std::string> argv = {"ld.lld", "-r", "--trace"};
  argv.insert(argv.end(), link.emulation.begin(), link.emulation.end());
  argv.insert(argv.end(), {"-o", output});
  if (link.sections_apart) argv.emplace_back("--unique");
  // Whatever the names need is extracted; the archive's own references find its own members.
  for (const std::string& name : link.names) argv.insert(argv.end(), {"-u", name});
  if (link.whole) argv.emplace_back("--whole-archive");
  argv.push_back(link.archive);
  const backend::Outcome linked = backend::LinkEmbedded(argv);
  if (linked.exit_status != 0) {
    return absl::InternalError(absl::StrCat("the partial link of ", link.archive,
                                            " failed: ", absl::StripTrailingAsciiWhitespace(linked.messages)));
  }
  std::vector<std::string> taken;
  for (absl::string_view line : absl::StrSplit(linked.messages, '\n')) {
    // "libslim.a(net.o)", and warnings between.
    if (absl::ConsumePrefix(&line, absl::StrCat(link.archive, "(")) && absl::ConsumeSuffix(&line, ")"))
      taken.emplace_back(line);
  }
  return taken;
}

absl::StatusOr<std::string> KeepGlobal(std::string object, const std::vector<std::string>& names) {
  const absl::flat_hash_set<absl::string_view> global(names.begin(), names.end());
  if (absl::Status status = PlaceCommons(global, &object); !status.ok()) return status;
  llvm::objcopy::CommonConfig config;
  for (const std::string& name : names) {
    absl::Status status = AddPattern(name, llvm::objcopy::MatchStyle::Literal, &config.SymbolsToKeepGlobal);
    if (!status.ok()) return status;
  }
  for (absl::string_view section : {".gnu.lto_*", ".gnu.debuglto_*", ".llvm.lto"}) {
    absl::Status status = AddPattern(section, llvm::objcopy::MatchStyle::Wildcard, &config.ToRemove);
    if (!status.ok()) return status;
  }
  return Copy(object, config);
}

absl::StatusOr<std::string> WithoutDebugInfo(absl::string_view object) {
  llvm::objcopy::CommonConfig config;
  config.StripDebug = true;
  return Copy(object, config);
}

}  // namespace cgo_ld_shim::isolate

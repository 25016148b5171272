// An object file with one ELF note and nothing else, written by hand: its parts are a header, the note, and a table of
// four sections. What machine it is for is taken from an object of the program, so that it fits into any link.
#include <unistd.h>

#include <cstring>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "llvm/BinaryFormat/ELF.h"
#include "objects/objects.h"
#include "support/file.h"

namespace cgo_ld_shim::objects {
namespace {

namespace elf = llvm::ELF;

// Numbers in the byte order and width of the object.
class Bytes {
 public:
  Bytes(bool is64, bool little) : is64_(is64), little_(little) {}

  void Number(uint64_t value, int size) {
    for (int i = 0; i < size; ++i) text_ += static_cast<char>(value >> (8 * (little_ ? i : size - 1 - i)));
  }
  void Half(uint16_t value) { Number(value, 2); }
  void Word(uint32_t value) { Number(value, 4); }
  void Address(uint64_t value) { Number(value, is64_ ? 8 : 4); }
  void Append(absl::string_view bytes) { absl::StrAppend(&text_, bytes); }
  void Align(size_t to) { text_.resize((text_.size() + to - 1) / to * to, '\0'); }

  // name, type, flags, offset, size, alignment; address, link, info and entry size are 0
  void SectionHeader(uint32_t name, uint32_t type, uint64_t flags, uint64_t offset, uint64_t size, uint64_t align) {
    Word(name);
    Word(type);
    Address(flags);
    Address(0);
    Address(offset);
    Address(size);
    Word(0);
    Word(0);
    Address(align);
    Address(0);
  }

  size_t size() const { return text_.size(); }
  const std::string& text() const { return text_; }

 private:
  bool is64_, little_;
  std::string text_;
};

uint64_t ReadNumber(absl::string_view bytes, size_t at, size_t size, bool little) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + (little ? size - 1 - i : i)]);
  }
  return value;
}

}  // namespace

absl::StatusOr<std::string> MakeNote(absl::string_view like, const Note& note) {
  if (like.size() < 64 || !absl::StartsWith(like,
                                            "\x7f"
                                            "ELF"))
    return absl::InvalidArgumentError("the object to take the machine from is not an ELF file");
  const bool is64 = like[elf::EI_CLASS] == elf::ELFCLASS64, little = like[elf::EI_DATA] == elf::ELFDATA2LSB;
  const uint16_t machine = static_cast<uint16_t>(ReadNumber(like, 18, 2, little));
  const uint32_t flags = static_cast<uint32_t>(ReadNumber(like, is64 ? 48 : 36, 4, little));
  const size_t header_size = is64 ? 64 : 52;

  Bytes content(is64, little);
  content.Word(static_cast<uint32_t>(note.owner.size() + 1));
  content.Word(static_cast<uint32_t>(note.content.size() + 1));
  content.Word(note.type);
  content.Append(absl::StrCat(note.owner, absl::string_view("\0", 1)));
  content.Align(4);
  content.Append(absl::StrCat(note.content, absl::string_view("\0", 1)));
  content.Align(4);

  // The names of the sections: offsets 1, then behind each other.
  const std::string names =
      absl::StrCat(absl::string_view("\0", 1), note.section, absl::string_view("\0", 1), ".note.GNU-stack",
                   absl::string_view("\0", 1), ".shstrtab", absl::string_view("\0", 1));
  const auto stack_name = static_cast<uint32_t>(1 + note.section.size() + 1);
  const uint32_t names_name = stack_name + sizeof ".note.GNU-stack";

  Bytes file(is64, little);
  file.Append(like.substr(0, elf::EI_NIDENT));
  file.Half(elf::ET_REL);
  file.Half(machine);
  file.Word(elf::EV_CURRENT);
  file.Address(0);  // entry
  file.Address(0);  // program headers
  const size_t note_at = header_size, names_at = note_at + content.size();
  const size_t sections_at = (names_at + names.size() + 7) / 8 * 8;
  file.Address(sections_at);
  file.Word(flags);
  file.Half(static_cast<uint16_t>(header_size));
  file.Half(0);
  file.Half(0);
  file.Half(is64 ? 64 : 40);
  file.Half(4);  // sections
  file.Half(3);  // the one with the names
  file.Append(content.text());
  file.Append(names);
  file.Align(8);
  file.SectionHeader(0, elf::SHT_NULL, 0, 0, 0, 0);
  file.SectionHeader(1, elf::SHT_NOTE, elf::SHF_ALLOC, note_at, content.size(), 4);
  // Without this section an object asks for an executable stack.
  file.SectionHeader(stack_name, elf::SHT_PROGBITS, 0, names_at, 0, 1);
  file.SectionHeader(names_name, elf::SHT_STRTAB, 0, names_at, names.size(), 1);
  return file.text();
}

absl::StatusOr<std::string> NoteObject(const std::string& like, const Note& note) {
  const absl::StatusOr<std::string> bytes = support::ReadFile(like);
  if (!bytes.ok()) return bytes.status();
  const absl::StatusOr<std::string> object = MakeNote(*bytes, note);
  if (!object.ok()) return object.status();
  return InMemory("package_note.o", *object);
}

}  // namespace cgo_ld_shim::objects

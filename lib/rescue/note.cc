#include "rescue/note.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "llvm/Object/ObjectFile.h"

namespace cgo_ld_shim::rescue {
namespace {

// A name that is the same everywhere does not fit: a section's name in PE has eight letters, Mach-O's has a segment.
constexpr absl::string_view kElfSection = ".cgo_ld_shim.rescue", kMachOSection = "__cgo_rescue",
                            kPeSection = ".cgoresc";
constexpr absl::string_view kBegin = "cgo-ld-shim-rescue ";

// A word of the note: a header's name may hold anything, and what stands here is text for an assembler.
std::string Word(absl::string_view text) {
  std::string word(text);
  for (char& c : word) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) &&
        absl::string_view("._+-/:~").find(c) == absl::string_view::npos)
      c = '_';
  }
  return word.empty() ? "-" : word;
}

std::string Text(const Note& note) {
  return absl::StrCat(kBegin, Word(note.row), " ", Word(note.subject), " ", Word(note.package), " ", Word(note.version),
                      " ", Word(note.go_package));
}

bool Parse(absl::string_view text, Note* note) {
  if (!absl::ConsumePrefix(&text, kBegin)) return false;
  const std::vector<absl::string_view> words = absl::StrSplit(text, ' ');
  if (words.size() != 5) return false;
  const auto word = [&](size_t i) { return words[i] == "-" ? std::string() : std::string(words[i]); };
  *note = {.row = word(0), .subject = word(1), .package = word(2), .version = word(3), .go_package = word(4)};
  return true;
}

bool IsNoteSection(absl::string_view name) {
  return name == kElfSection || name == kMachOSection || name == kPeSection;
}

}  // namespace

std::string NoteSource(const std::vector<Note>& notes) {
  // Strings that the linker may merge. Only the compiler knows the format: one source for all.
  std::string assembler = absl::StrCat(".pushsection ", kElfSection, ",\\\"MS\\\",%progbits,1;");
  std::string plain, whole;
  for (const Note& note : notes) {
    const std::string text = Text(note);
    absl::StrAppend(&assembler, ".asciz \\\"", text, "\\\";");
    absl::StrAppend(&plain, "    .asciz \"", text, "\"\n");
    absl::StrAppend(&whole, text, "\\0");
  }
  absl::StrAppend(&assembler, ".popsection");
  return absl::StrCat("#if defined __ASSEMBLER__\n#if defined __ELF__\n    .pushsection ", kElfSection,
                      ",\"MS\",%progbits,1\n", plain, "    .popsection\n#endif\n#elif defined __ELF__\n__asm__(\"",
                      assembler, "\");\n#else\n#if defined __APPLE__\n#define CGO_LD_SHIM_RESCUE_SECTION \"__TEXT,",
                      kMachOSection, "\"\n#else\n#define CGO_LD_SHIM_RESCUE_SECTION \"", kPeSection,
                      "\"\n#endif\n__attribute__((used, section(CGO_LD_SHIM_RESCUE_SECTION))) static const char "
                      "cgo_ld_shim_rescue[] = \"",
                      whole, "\";\n#undef CGO_LD_SHIM_RESCUE_SECTION\n#endif\n");
}

std::vector<Note> ReadNotes(const std::string& path) {
  std::vector<Note> notes;
  llvm::Expected<llvm::object::OwningBinary<llvm::object::ObjectFile>> file =
      llvm::object::ObjectFile::createObjectFile(path);
  if (!file) {
    llvm::consumeError(file.takeError());
    return notes;
  }
  for (const llvm::object::SectionRef& section : file->getBinary()->sections()) {
    llvm::Expected<llvm::StringRef> name = section.getName();
    if (!name) {
      llvm::consumeError(name.takeError());
      continue;
    }
    if (!IsNoteSection(absl::string_view(name->data(), name->size()))) continue;
    llvm::Expected<llvm::StringRef> contents = section.getContents();
    if (!contents) {
      llvm::consumeError(contents.takeError());
      continue;
    }
    const absl::string_view texts(contents->data(), contents->size());
    for (absl::string_view text : absl::StrSplit(texts, '\0', absl::SkipEmpty())) {
      if (Note note; Parse(text, &note)) notes.push_back(std::move(note));
    }
  }
  const auto key = [](const Note& n) { return std::tie(n.go_package, n.row, n.subject, n.package, n.version); };
  std::sort(notes.begin(), notes.end(), [&](const Note& a, const Note& b) { return key(a) < key(b); });
  notes.erase(std::unique(notes.begin(), notes.end()), notes.end());
  return notes;
}

std::string NoteText(const Note& note) {
  if (note.package.empty()) return absl::StrCat(note.subject, " (", note.row, ")");
  return absl::StrCat(note.subject, " of ", note.package, note.version.empty() ? "" : " ", note.version);
}

std::vector<std::string> Sentences(const std::vector<Note>& notes) {
  std::map<std::string, std::vector<std::string>> by_package;
  for (const Note& note : notes) by_package[note.go_package].push_back(NoteText(note));
  std::vector<std::string> sentences;
  for (const auto& [package, texts] : by_package) {
    sentences.push_back(absl::StrCat("C code of ", package.empty() ? "a package" : package, " was compiled with ",
                                     absl::StrJoin(texts, ", "),
                                     ", without which it does not compile for this target; CGO_LD_SHIM_RESCUE=off "
                                     "leaves it so"));
  }
  return sentences;
}

}  // namespace cgo_ld_shim::rescue

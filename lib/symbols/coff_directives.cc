#include "symbols/coff_directives.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Object/COFF.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/Support/StringSaver.h"

namespace cgo_ld_shim::symbols {
namespace {

// The words of .drectve sections: separated by blanks, quoted as on Windows.
std::vector<std::string> Words(const llvm::object::COFFObjectFile& object) {
  std::vector<std::string> words;
  for (const llvm::object::SectionRef& section : object.sections()) {
    llvm::Expected<llvm::StringRef> name = section.getName();
    if (!name) {
      llvm::consumeError(name.takeError());
      continue;
    }
    if (*name != ".drectve") continue;
    llvm::ArrayRef<uint8_t> bytes;
    if (llvm::Error error = object.getSectionContents(object.getCOFFSection(section), bytes)) {
      llvm::consumeError(std::move(error));
      continue;
    }
    llvm::StringRef text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    text.consume_front("\xEF\xBB\xBF");  // the mark of UTF-8, which Visual C++ may write
    llvm::BumpPtrAllocator memory;
    llvm::StringSaver saver(memory);
    llvm::SmallVector<const char*, 16> found;
    llvm::cl::TokenizeWindowsCommandLine(text, saver, found);
    words.insert(words.end(), found.begin(), found.end());
  }
  return words;
}

}  // namespace

std::vector<std::string> DefaultLibraries(absl::string_view data) {
  auto object =
      llvm::object::COFFObjectFile::create(llvm::MemoryBufferRef(llvm::StringRef(data.data(), data.size()), ""));
  if (!object) {
    llvm::consumeError(object.takeError());
    return {};
  }
  std::vector<std::string> libraries;
  for (const std::string& text : Words(**object)) {
    llvm::StringRef word = text;
    if (!word.consume_front("/") && !word.consume_front("-")) continue;
    if (!word.consume_front_insensitive("defaultlib:")) continue;
    word.consume_back_insensitive(".lib");
    if (!word.empty()) libraries.push_back(word.str());
  }
  return libraries;
}

}  // namespace cgo_ld_shim::symbols

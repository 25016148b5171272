// lld without link-time optimisation. lld's ELF driver calls these on every link, so they must do nothing rather than
// fail; with them defined here the linker takes none of LLVM's code generators into the executable (11 MB instead of
// 126 MB). Inputs that hold LTO code never come this far: the plan sees them and sends the link to the underlying
// compiler.
#include <memory>
#include <vector>

#include "llvm/ADT/SmallVector.h"
#include "llvm/CodeGen/CommandFlags.h"
#include "llvm/LTO/LTO.h"

extern "C" {
#include "llvm_targets.inc"
}

namespace lld::elf {

struct Ctx;
class BitcodeFile;
class InputFile;

// Declared in lld/ELF/LTO.h, which is not installed: lld allocates it by its own size, and calls these four.
#if LLVM_MAJOR >= 20
using CompiledFiles = llvm::SmallVector<std::unique_ptr<char>, 0>;
#else
using CompiledFiles = std::vector<InputFile*>;
#endif

class BitcodeCompiler {
 public:
#if LLVM_MAJOR >= 20
  explicit BitcodeCompiler(Ctx& ctx);
#else
  BitcodeCompiler();
#endif
  ~BitcodeCompiler();
  void add(BitcodeFile& file);
  CompiledFiles compile();
};

#if LLVM_MAJOR >= 20
BitcodeCompiler::BitcodeCompiler(Ctx& /*ctx*/) {}
#else
BitcodeCompiler::BitcodeCompiler() {}
#endif
BitcodeCompiler::~BitcodeCompiler() {}
void BitcodeCompiler::add(BitcodeFile& /*file*/) {}
CompiledFiles BitcodeCompiler::compile() { return {}; }

}  // namespace lld::elf

namespace llvm {

namespace lto {
InputFile::~InputFile() {}
Expected<std::unique_ptr<InputFile>> InputFile::create(MemoryBufferRef /*buffer*/) {
  return createStringError(inconvertibleErrorCode(), "this linker was built without link-time optimisation");
}
using RuntimeSymbols = decltype(LTO::getRuntimeLibcallSymbols(std::declval<const Triple&>()));
RuntimeSymbols LTO::getRuntimeLibcallSymbols(const Triple& /*triple*/) { return {}; }
}  // namespace lto

codegen::RegisterCodeGenFlags::RegisterCodeGenFlags() {}

}  // namespace llvm

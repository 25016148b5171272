#include "invocation/flags.h"

#include <algorithm>
#include <array>

namespace cgo_ld_shim::invocation {
namespace {

using enum Form;
using enum CallEffect;

// In groups for the reader; the order means nothing, since the longest flag wins.
//
// kCompileOnly is a promise that no link line changes by the flag, and is given only where gcc's specs and clang's
// driver keep it. The exceptions stand out as longer rows: -gz (compresses debug sections at link time), -ffast-math
// (links crtfastm.o), -fstack-protector (links libssp on musl), and so on.
constexpr FlagRow kFlags[] = {
    // What is linked, and into what.
    {"-o", kJoinedOrSeparate, ArgType::kOutput, kNone},
    {"--output", kSeparate, ArgType::kOutput, kNone},
    {"--output=", kJoined, ArgType::kOutput, kNone},
    {"-l", kJoinedOrSeparate, ArgType::kLibrary, kNone},
    {"-L", kJoinedOrSeparate, ArgType::kLibraryDir, kNone},
    {"--library-directory", kSeparate, ArgType::kLibraryDir, kNone},
    {"--library-directory=", kJoined, ArgType::kLibraryDir, kNone},
    {"-static", kExact, ArgType::kStatic, kNone},
    {"--static", kExact, ArgType::kStatic, kNone},
    {"-static-pie", kExact, ArgType::kStaticPie, kNone},
    {"--static-pie", kExact, ArgType::kStaticPie, kNone},
    {"-pie", kExact, ArgType::kPie, kNone},
    {"--pie", kExact, ArgType::kPie, kNone},
    {"-no-pie", kExact, ArgType::kNoPie, kNone},
    {"--no-pie", kExact, ArgType::kNoPie, kNone},
    {"-nopie", kExact, ArgType::kNoPie, kNone},
    {"-shared", kExact, ArgType::kShared, kNone},
    {"--shared", kExact, ArgType::kShared, kNone},
    {"-r", kExact, ArgType::kRelocatable, kNone},
    {"-rdynamic", kExact, ArgType::kExportDynamic, kGoHint},
    {"-export-dynamic", kExact, ArgType::kExportDynamic, kNone},

    // Words for the linker.
    {"-Wl,", kCommas, ArgType::kLinker, kNone},
    {"-Wl,--version", kCommas, ArgType::kLinker, kAsks},
    {"-Wl,--version-script", kCommas, ArgType::kLinker, kNone},
    {"-Wl,-v", kCommas, ArgType::kLinker, kAsks},
    {"-Wl,--help", kCommas, ArgType::kLinker, kAsks},
    {"-Wl,--build-id=0x", kCommas, ArgType::kLinker, kGoHint},
    {"-Wl,-z,nocopyreloc", kCommas, ArgType::kLinker, kGoHint},
    {"-Wl,-znocopyreloc", kCommas, ArgType::kLinker, kGoHint},
    {"-Wl,--export-dynamic-symbol=", kCommas, ArgType::kLinker, kGoHint},
    {"-Wl,--compress-debug-sections=zlib", kCommas, ArgType::kLinker, kGoHint},
    {"-Xlinker", kSeparate, ArgType::kLinker, kNone},
    {"--for-linker", kSeparate, ArgType::kLinker, kNone},
    {"--for-linker=", kJoined, ArgType::kLinker, kNone},
    // Driver flags that are handed to the linker under the same name.
    {"-u", kJoinedOrSeparate, ArgType::kLinker, kNone},
    {"--force-link", kSeparate, ArgType::kLinker, kNone},
    {"--force-link=", kJoined, ArgType::kLinker, kNone},
    {"-z", kJoinedOrSeparate, ArgType::kLinker, kNone},
    {"-e", kJoinedOrSeparate, ArgType::kLinker, kNone},
    {"--entry", kSeparate, ArgType::kLinker, kNone},
    {"--entry=", kJoined, ArgType::kLinker, kNone},
    {"-T", kJoinedOrSeparate, ArgType::kLinker, kNone},
    {"-Tbss", kSeparate, ArgType::kLinker, kNone},
    {"-Tdata", kSeparate, ArgType::kLinker, kNone},
    {"-Ttext", kSeparate, ArgType::kLinker, kNone},
    {"-rpath", kSeparate, ArgType::kLinker, kNone},
    {"-s", kExact, ArgType::kLinker, kNone},

    // Flags that change what the driver does in a link.
    {"-B", kJoinedOrSeparate, ArgType::kDriver, kNone},
    {"--prefix", kSeparate, ArgType::kDriver, kNone},
    {"--prefix=", kJoined, ArgType::kDriver, kNone},
    {"--sysroot", kSeparate, ArgType::kDriver, kNone},
    {"--sysroot=", kJoined, ArgType::kDriver, kNone},
    {"-isysroot", kJoinedOrSeparate, ArgType::kDriver, kNone},
    {"--gcc-toolchain", kSeparate, ArgType::kDriver, kNone},
    {"--gcc-toolchain=", kJoined, ArgType::kDriver, kNone},
    {"--gcc-install-dir=", kJoined, ArgType::kDriver, kNone},
    {"-target", kSeparate, ArgType::kDriver, kNone},
    {"--target", kSeparate, ArgType::kDriver, kNone},
    {"--target=", kJoined, ArgType::kDriver, kNone},
    {"-arch", kSeparate, ArgType::kDriver, kNone},
    {"-b", kJoinedOrSeparate, ArgType::kDriver, kNone},
    {"-m", kJoined, ArgType::kDriver, kNone},
    {"-mllvm", kSeparate, ArgType::kDriver, kNone},
    {"-specs", kSeparate, ArgType::kDriver, kNone},
    {"--specs", kSeparate, ArgType::kDriver, kNone},
    {"-specs=", kJoined, ArgType::kDriver, kNone},
    {"--specs=", kJoined, ArgType::kDriver, kNone},
    {"--config", kSeparate, ArgType::kDriver, kNone},
    {"--config=", kJoined, ArgType::kDriver, kNone},
    {"-fuse-ld=", kJoined, ArgType::kDriver, kNone},
    {"--ld-path=", kJoined, ArgType::kDriver, kNone},
    {"-fsanitize", kJoined, ArgType::kDriver, kNone},
    {"-fno-sanitize", kJoined, ArgType::kDriver, kNone},
    {"-flto", kJoined, ArgType::kDriver, kNone},
    {"-fno-lto", kExact, ArgType::kDriver, kNone},
    {"-fuse-linker-plugin", kExact, ArgType::kDriver, kNone},
    {"-fno-use-linker-plugin", kExact, ArgType::kDriver, kNone},
    {"-fopenmp", kJoined, ArgType::kDriver, kNone},
    {"-fopenacc", kJoined, ArgType::kDriver, kNone},
    {"-foffload", kJoined, ArgType::kDriver, kNone},
    {"-ftree-parallelize-loops=", kJoined, ArgType::kDriver, kNone},
    {"-fgnu-tm", kExact, ArgType::kDriver, kNone},
    {"-fprofile", kJoined, ArgType::kDriver, kNone},
    {"-fcs-profile", kJoined, ArgType::kDriver, kNone},
    {"-fcoverage-mapping", kExact, ArgType::kDriver, kNone},
    {"-coverage", kExact, ArgType::kDriver, kNone},
    {"--coverage", kExact, ArgType::kDriver, kNone},
    {"-fxray", kJoined, ArgType::kDriver, kNone},
    {"-fsplit-stack", kExact, ArgType::kDriver, kNone},
    {"-fstack-protector", kJoined, ArgType::kDriver, kNone},
    {"-fvtable-verify=", kJoined, ArgType::kDriver, kNone},
    {"-fembed-bitcode", kJoined, ArgType::kDriver, kNone},
    {"-ffast-math", kExact, ArgType::kDriver, kNone},
    {"-funsafe-math-optimizations", kExact, ArgType::kDriver, kNone},
    {"-Ofast", kExact, ArgType::kDriver, kNone},
    {"-gz", kJoined, ArgType::kDriver, kNone},
    {"-p", kExact, ArgType::kDriver, kNone},
    {"-pg", kExact, ArgType::kDriver, kNone},
    {"--profile", kExact, ArgType::kDriver, kNone},
    {"-pthread", kExact, ArgType::kDriver, kNone},
    {"-pthreads", kExact, ArgType::kDriver, kNone},
    {"-t", kExact, ArgType::kDriver, kNone},
    {"-n", kExact, ArgType::kDriver, kNone},
    {"-N", kExact, ArgType::kDriver, kNone},
    {"-Z", kExact, ArgType::kDriver, kNone},
    {"-h", kJoinedOrSeparate, ArgType::kDriver, kNone},
    {"-R", kJoinedOrSeparate, ArgType::kDriver, kNone},
    {"-G", kJoinedOrSeparate, ArgType::kDriver, kNone},
    {"-symbolic", kExact, ArgType::kDriver, kNone},
    {"-dynamic", kExact, ArgType::kDriver, kNone},
    {"-static-libgcc", kExact, ArgType::kDriver, kNone},
    {"-static-libstdc++", kExact, ArgType::kDriver, kNone},
    {"-shared-libgcc", kExact, ArgType::kDriver, kNone},
    {"-nostdlib", kJoined, ArgType::kDriver, kNone},
    {"--no-standard-libraries", kExact, ArgType::kDriver, kNone},
    {"-nodefaultlibs", kExact, ArgType::kDriver, kNone},
    {"-nostartfiles", kExact, ArgType::kDriver, kNone},
    {"-nolibc", kExact, ArgType::kDriver, kNone},
    {"-stdlib=", kJoined, ArgType::kDriver, kNone},
    {"--stdlib=", kJoined, ArgType::kDriver, kNone},
    {"-rtlib=", kJoined, ArgType::kDriver, kNone},
    {"--rtlib=", kJoined, ArgType::kDriver, kNone},
    {"-unwindlib=", kJoined, ArgType::kDriver, kNone},
    {"--unwindlib=", kJoined, ArgType::kDriver, kNone},
    {"-wrapper", kSeparate, ArgType::kDriver, kNone},
    {"-x", kJoinedOrSeparate, ArgType::kDriver, kNone},
    {"--language", kSeparate, ArgType::kDriver, kNone},
    {"--language=", kJoined, ArgType::kDriver, kNone},
    {"-ObjC", kJoined, ArgType::kDriver, kNone},
    {"-Xarch_", kJoinedAndSeparate, ArgType::kDriver, kNone},
    {"-Xoffload-linker", kJoinedAndSeparate, ArgType::kDriver, kNone},
    {"-Xopenmp-target", kSeparate, ArgType::kDriver, kNone},
    {"-Xopenmp-target=", kJoinedAndSeparate, ArgType::kDriver, kNone},
    // Apple's linker, through clang.
    {"-F", kJoinedOrSeparate, ArgType::kDriver, kNone},
    {"-framework", kSeparate, ArgType::kDriver, kNone},
    {"-weak_framework", kSeparate, ArgType::kDriver, kNone},
    {"-weak_library", kSeparate, ArgType::kDriver, kNone},
    {"-weak-l", kJoined, ArgType::kDriver, kNone},
    {"-force_load", kSeparate, ArgType::kDriver, kNone},
    {"-bundle", kExact, ArgType::kDriver, kNone},
    {"-bundle_loader", kSeparate, ArgType::kDriver, kNone},
    {"-exported_symbols_list", kSeparate, ArgType::kDriver, kNone},
    {"-unexported_symbols_list", kSeparate, ArgType::kDriver, kNone},
    {"-undefined", kSeparate, ArgType::kDriver, kNone},
    {"-install_name", kSeparate, ArgType::kDriver, kNone},
    {"-current_version", kSeparate, ArgType::kDriver, kNone},
    {"-compatibility_version", kSeparate, ArgType::kDriver, kNone},
    {"-dylib_file", kSeparate, ArgType::kDriver, kNone},
    {"-image_base", kSeparate, ArgType::kDriver, kNone},
    {"-headerpad_max_install_names", kExact, ArgType::kDriver, kNone},
    {"-sectcreate", kThreeSeparate, ArgType::kDriver, kNone},

    // Flags that end the work before a link.
    {"-c", kExact, ArgType::kCompileOnly, kCompiles},
    {"--compile", kExact, ArgType::kCompileOnly, kCompiles},
    {"-E", kExact, ArgType::kCompileOnly, kStops},
    {"--preprocess", kExact, ArgType::kCompileOnly, kStops},
    {"-S", kExact, ArgType::kCompileOnly, kStops},
    {"--assemble", kExact, ArgType::kCompileOnly, kStops},
    {"-M", kExact, ArgType::kCompileOnly, kStops},
    {"-MM", kExact, ArgType::kCompileOnly, kStops},
    {"--dependencies", kExact, ArgType::kCompileOnly, kStops},
    {"--user-dependencies", kExact, ArgType::kCompileOnly, kStops},
    {"-fsyntax-only", kExact, ArgType::kCompileOnly, kStops},
    {"--analyze", kExact, ArgType::kCompileOnly, kStops},
    {"--precompile", kExact, ArgType::kCompileOnly, kStops},
    {"-emit-ast", kExact, ArgType::kCompileOnly, kStops},
    {"-rewrite-objc", kExact, ArgType::kCompileOnly, kStops},

    // Questions.
    {"-###", kExact, ArgType::kDriver, kAsks},
    {"-v", kExact, ArgType::kDriver, kAsks},
    {"--verbose", kExact, ArgType::kDriver, kAsks},
    {"--version", kExact, ArgType::kDriver, kAsks},
    {"-dumpversion", kExact, ArgType::kDriver, kAsks},
    {"-dumpfullversion", kExact, ArgType::kDriver, kAsks},
    {"-dumpmachine", kExact, ArgType::kDriver, kAsks},
    {"-dumpspecs", kExact, ArgType::kDriver, kAsks},
    {"-print-", kJoined, ArgType::kDriver, kAsks},
    {"--print-", kJoined, ArgType::kDriver, kAsks},
    {"--print-file-name", kSeparate, ArgType::kDriver, kAsks},
    {"--print-prog-name", kSeparate, ArgType::kDriver, kAsks},
    {"--help", kJoined, ArgType::kDriver, kAsks},
    {"-help", kExact, ArgType::kDriver, kAsks},
    {"--target-help", kExact, ArgType::kDriver, kAsks},

    // The compiler proper, the preprocessor and the assembler.
    {"-O", kJoined, ArgType::kCompileOnly, kNone},
    {"--optimize", kJoined, ArgType::kCompileOnly, kNone},
    {"-g", kJoined, ArgType::kCompileOnly, kNone},
    {"--debug", kJoined, ArgType::kCompileOnly, kNone},
    {"-f", kJoined, ArgType::kCompileOnly, kNone},
    {"-W", kJoined, ArgType::kCompileOnly, kNone},
    {"--all-warnings", kExact, ArgType::kCompileOnly, kNone},
    {"--extra-warnings", kExact, ArgType::kCompileOnly, kNone},
    {"-w", kExact, ArgType::kCompileOnly, kNone},
    {"-pedantic", kJoined, ArgType::kCompileOnly, kNone},
    {"--pedantic", kJoined, ArgType::kCompileOnly, kNone},
    {"-Q", kJoined, ArgType::kCompileOnly, kNone},
    {"-Rpass", kJoined, ArgType::kCompileOnly, kNone},
    {"-pipe", kExact, ArgType::kCompileOnly, kNone},
    {"--pipe", kExact, ArgType::kCompileOnly, kNone},
    {"-ansi", kExact, ArgType::kCompileOnly, kNone},
    {"-std=", kJoined, ArgType::kCompileOnly, kNone},
    {"--std=", kJoined, ArgType::kCompileOnly, kNone},
    {"--std", kSeparate, ArgType::kCompileOnly, kNone},
    {"-trigraphs", kExact, ArgType::kCompileOnly, kNone},
    {"-undef", kExact, ArgType::kCompileOnly, kNone},
    {"-remap", kExact, ArgType::kCompileOnly, kNone},
    {"-traditional", kJoined, ArgType::kCompileOnly, kNone},
    {"-emit-llvm", kExact, ArgType::kCompileOnly, kNone},
    {"-C", kExact, ArgType::kCompileOnly, kNone},
    {"-CC", kExact, ArgType::kCompileOnly, kNone},
    {"-P", kExact, ArgType::kCompileOnly, kNone},
    {"-H", kExact, ArgType::kCompileOnly, kNone},
    {"-A", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-D", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"--define-macro", kSeparate, ArgType::kCompileOnly, kNone},
    {"--define-macro=", kJoined, ArgType::kCompileOnly, kNone},
    {"-U", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"--undefine-macro", kSeparate, ArgType::kCompileOnly, kNone},
    {"--undefine-macro=", kJoined, ArgType::kCompileOnly, kNone},
    {"-I", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"--include-directory", kSeparate, ArgType::kCompileOnly, kNone},
    {"--include-directory=", kJoined, ArgType::kCompileOnly, kNone},
    {"-include", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"--include", kSeparate, ArgType::kCompileOnly, kNone},
    {"--include=", kJoined, ArgType::kCompileOnly, kNone},
    {"-include-pch", kSeparate, ArgType::kCompileOnly, kNone},
    {"-imacros", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"--imacros", kSeparate, ArgType::kCompileOnly, kNone},
    {"--imacros=", kJoined, ArgType::kCompileOnly, kNone},
    {"-isystem", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-isystem-after", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-cxx-isystem", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-iquote", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-idirafter", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-iframework", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-iprefix", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-iwithprefix", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-iwithprefixbefore", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-iwithsysroot", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-iframeworkwithsysroot", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-imultilib", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-imultiarch", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-ivfsoverlay", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-nostdinc", kJoined, ArgType::kCompileOnly, kNone},
    {"-MD", kExact, ArgType::kCompileOnly, kNone},
    {"-MMD", kExact, ArgType::kCompileOnly, kNone},
    {"-MG", kExact, ArgType::kCompileOnly, kNone},
    {"-MP", kExact, ArgType::kCompileOnly, kNone},
    {"-MV", kExact, ArgType::kCompileOnly, kNone},
    {"-MF", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-MJ", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-MT", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-MQ", kJoinedOrSeparate, ArgType::kCompileOnly, kNone},
    {"-d", kJoined, ArgType::kCompileOnly, kNone},
    {"-dumpdir", kSeparate, ArgType::kCompileOnly, kNone},
    {"-dumpbase", kSeparate, ArgType::kCompileOnly, kNone},
    {"-dumpbase-ext", kSeparate, ArgType::kCompileOnly, kNone},
    {"-aux-info", kSeparate, ArgType::kCompileOnly, kNone},
    {"--param", kSeparate, ArgType::kCompileOnly, kNone},
    {"--param=", kJoined, ArgType::kCompileOnly, kNone},
    {"-save-temps", kJoined, ArgType::kCompileOnly, kNone},
    {"--save-temps", kJoined, ArgType::kCompileOnly, kNone},
    {"-time", kJoined, ArgType::kCompileOnly, kNone},
    {"-Xclang", kSeparate, ArgType::kCompileOnly, kNone},
    {"-Xanalyzer", kSeparate, ArgType::kCompileOnly, kNone},
    {"-Xassembler", kSeparate, ArgType::kCompileOnly, kNone},
    {"--for-assembler", kSeparate, ArgType::kCompileOnly, kNone},
    {"-Xpreprocessor", kSeparate, ArgType::kCompileOnly, kNone},
};

constexpr FlagRow kOtherFlag = {"-", kExact, ArgType::kDriver, kNone};

// The same rows by the letter after the dash, and of one letter the longest first: the first match is the longest.
constexpr size_t kLetters = 128;
struct Index {
  std::array<FlagRow, std::size(kFlags)> rows;
  std::array<uint16_t, kLetters + 1> begin;  // of each letter; the end is where the next letter begins
};
constexpr Index kIndex = [] {
  Index index{};
  std::copy(std::begin(kFlags), std::end(kFlags), index.rows.begin());
  std::sort(index.rows.begin(), index.rows.end(), [](const FlagRow& a, const FlagRow& b) {
    if (a.flag[1] != b.flag[1]) return a.flag[1] < b.flag[1];
    return a.flag.size() > b.flag.size();
  });
  uint16_t row = 0;
  for (size_t letter = 0; letter <= kLetters; ++letter) {
    while (row < index.rows.size() && static_cast<size_t>(index.rows[row].flag[1]) < letter) ++row;
    index.begin[letter] = row;
  }
  return index;
}();

bool Matches(const FlagRow& row, std::string_view word) {
  if (word.size() < row.flag.size()) return false;
  // By hand: most rows differ in the first letters, and a call of memcmp would cost more than the loop.
  for (size_t i = 2; i < row.flag.size(); ++i) {
    if (word[i] != row.flag[i]) return false;
  }
  const bool whole_word = row.form == kExact || row.form == kSeparate || row.form == kThreeSeparate;
  return !whole_word || word.size() == row.flag.size();
}

}  // namespace

const FlagRow& FindFlag(std::string_view word) {
  const unsigned char letter = static_cast<unsigned char>(word[1]);
  if (letter >= kLetters) return kOtherFlag;
  for (size_t i = kIndex.begin[letter]; i < kIndex.begin[letter + 1]; ++i) {
    if (Matches(kIndex.rows[i], word)) return kIndex.rows[i];
  }
  return kOtherFlag;
}

size_t SeparateWords(const FlagRow& row, std::string_view word) {
  switch (row.form) {
    case kExact:
    case kJoined:
    case kCommas:
      return 0;
    case kSeparate:
    case kJoinedAndSeparate:
      return 1;
    case kJoinedOrSeparate:
      return word.size() == row.flag.size() ? 1 : 0;
    case kThreeSeparate:
      return 3;
  }
  return 0;
}

}  // namespace cgo_ld_shim::invocation

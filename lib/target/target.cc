#include "target/target.h"

#include "llvm/BinaryFormat/ELF.h"
#include "support/settings.h"

namespace cgo_ld_shim::target {
namespace {

constexpr Architecture kArchitectures[] = {
    {"amd64", llvm::ELF::EM_X86_64, true, "x86_64"},   {"386", llvm::ELF::EM_386, false, "i686"},
    {"arm64", llvm::ELF::EM_AARCH64, true, "aarch64"}, {"arm", llvm::ELF::EM_ARM, false, "arm"},
    {"riscv64", llvm::ELF::EM_RISCV, true, "riscv64"}, {"ppc64le", llvm::ELF::EM_PPC64, true, "powerpc64le"},
    {"s390x", llvm::ELF::EM_S390, true, "s390x"},      {"loong64", llvm::ELF::EM_LOONGARCH, true, "loongarch64"},
    {"mips", llvm::ELF::EM_MIPS, false, "mips"},       {"mipsle", llvm::ELF::EM_MIPS, false, "mipsel"},
    {"mips64", llvm::ELF::EM_MIPS, true, "mips64"},    {"mips64le", llvm::ELF::EM_MIPS, true, "mips64el"},
};

// Other spellings of a triple's first field.
constexpr struct {
  const char* spelling;
  const char* go;
} kCpuSpellings[] = {{"amd64", "amd64"}, {"i386", "386"},        {"i486", "386"},         {"i586", "386"},
                     {"x86", "386"},     {"arm64", "arm64"},     {"armv6l", "arm"},       {"armv7l", "arm"},
                     {"armv7", "arm"},   {"ppc64le", "ppc64le"}, {"riscv64gc", "riscv64"}};

}  // namespace

absl::string_view HostArch() {
#if defined(__x86_64__)
  return "amd64";
#elif defined(__aarch64__)
  return "arm64";
#else
#error "hosts are linux/amd64 and linux/arm64"
#endif
}

Target Infer(const char* const* envp) {
  const char* os = support::FindVariable(envp, "GOOS");
  const char* arch = support::FindVariable(envp, "GOARCH");
  Target target;
  target.os = os != nullptr ? os : "linux";
  target.arch = arch != nullptr ? arch : std::string(HostArch());
  // An amd64 host's gcc makes 386 programs with -m32, which Go passes.
  target.native = target.os == "linux" &&
                  (target.arch == HostArch() || (target.arch == "386" && HostArch() == absl::string_view("amd64")));
  return target;
}

const Architecture* FindArchitecture(absl::string_view go_name) {
  for (const Architecture& row : kArchitectures) {
    if (go_name == row.go) return &row;
  }
  return nullptr;
}

absl::string_view ArchOfTriple(absl::string_view triple) {
  const absl::string_view cpu = triple.substr(0, triple.find('-'));
  for (const Architecture& row : kArchitectures) {
    if (cpu == row.triple_cpu) return row.go;
  }
  for (const auto& row : kCpuSpellings) {
    if (cpu == row.spelling) return row.go;
  }
  return "";
}

}  // namespace cgo_ld_shim::target

#include "target/target.h"

#include "absl/strings/match.h"
#include "llvm/BinaryFormat/ELF.h"
#include "support/settings.h"

namespace cgo_ld_shim::target {
namespace {

constexpr Architecture kArchitectures[] = {
    {"amd64", llvm::ELF::EM_X86_64, true, "x86_64", "amd64", "x86_64-linux-gnu"},
    {"386", llvm::ELF::EM_386, false, "i686", "i386", "i386-linux-gnu"},
    {"arm64", llvm::ELF::EM_AARCH64, true, "aarch64", "arm64", "aarch64-linux-gnu"},
    {"arm", llvm::ELF::EM_ARM, false, "arm", "armhf", "arm-linux-gnueabihf"},
    {"riscv64", llvm::ELF::EM_RISCV, true, "riscv64", "riscv64", "riscv64-linux-gnu"},
    {"ppc64le", llvm::ELF::EM_PPC64, true, "powerpc64le", "ppc64el", "powerpc64le-linux-gnu"},
    {"s390x", llvm::ELF::EM_S390, true, "s390x", "s390x", "s390x-linux-gnu"},
    {"loong64", llvm::ELF::EM_LOONGARCH, true, "loongarch64", "loong64", "loongarch64-linux-gnu"},
    {"mips", llvm::ELF::EM_MIPS, false, "mips", "mips", "mips-linux-gnu"},
    {"mipsle", llvm::ELF::EM_MIPS, false, "mipsel", "mipsel", "mipsel-linux-gnu"},
    {"mips64", llvm::ELF::EM_MIPS, true, "mips64", "mips64", "mips64-linux-gnuabi64"},
    {"mips64le", llvm::ELF::EM_MIPS, true, "mips64el", "mips64el", "mips64el-linux-gnuabi64"},
};

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
  target.other_width = target.os == "linux" && target.arch == "386" && HostArch() == absl::string_view("amd64");
  target.native = target.other_width || (target.os == "linux" && target.arch == HostArch());
  return target;
}

const Architecture* FindArchitecture(absl::string_view go_name) {
  for (const Architecture& row : kArchitectures) {
    if (go_name == row.go) return &row;
  }
  return nullptr;
}

const Architecture* FindArchitectureByCpu(absl::string_view triple_cpu) {
  for (const Architecture& row : kArchitectures) {
    if (triple_cpu == row.triple_cpu) return &row;
  }
  return nullptr;
}

const Architecture* FindArchitectureByElf(uint16_t e_machine, bool is64, bool little) {
  for (const Architecture& row : kArchitectures) {
    // Go's names of what exists in both orders end in "le" for the little one.
    const bool both = row.e_machine == llvm::ELF::EM_MIPS;
    const bool row_is_little = both ? absl::EndsWith(row.go, "le") : row.e_machine != llvm::ELF::EM_S390;
    if (row.e_machine == e_machine && row.is64 == is64 && row_is_little == little) return &row;
  }
  return nullptr;
}

}  // namespace cgo_ld_shim::target

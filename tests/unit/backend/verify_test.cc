// Whether a program is static is read from its headers alone.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "backend/backend.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "llvm/BinaryFormat/ELF.h"
#include "support/file.h"
#include "support/temporary.h"

namespace cgo_ld_shim::backend {
namespace {

using ::testing::HasSubstr;

class VerifyStaticTest : public testing::Test {
 protected:
  // An executable of these program headers, with a dynamic section of `tags` behind them.
  std::string Write(const std::vector<unsigned>& types, const std::vector<unsigned>& tags) const {
    llvm::ELF::Elf64_Ehdr header = {};
    std::copy_n(llvm::ELF::ElfMagic, 4, header.e_ident);
    header.e_ident[llvm::ELF::EI_CLASS] = llvm::ELF::ELFCLASS64;
    header.e_ident[llvm::ELF::EI_DATA] = llvm::ELF::ELFDATA2LSB;
    header.e_phoff = sizeof header;
    header.e_phnum = static_cast<uint16_t>(types.size());
    header.e_phentsize = sizeof(llvm::ELF::Elf64_Phdr);
    std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
    const size_t dynamic = sizeof header + types.size() * sizeof(llvm::ELF::Elf64_Phdr);
    for (const unsigned type : types) {
      llvm::ELF::Elf64_Phdr segment = {};
      segment.p_type = type;
      segment.p_offset = dynamic;
      segment.p_filesz = tags.size() * sizeof(llvm::ELF::Elf64_Dyn);
      bytes.append(reinterpret_cast<const char*>(&segment), sizeof segment);
    }
    for (const unsigned tag : tags) {
      llvm::ELF::Elf64_Dyn entry = {};
      entry.d_tag = tag;
      bytes.append(reinterpret_cast<const char*>(&entry), sizeof entry);
    }
    const std::string path = absl::StrCat(place_->path(), "/program");
    EXPECT_TRUE(support::WriteFileAtomically(path, bytes, 0700).ok());
    return path;
  }
  const absl::StatusOr<support::TemporaryDirectory> place_ = support::TemporaryDirectory::Make();
};

TEST_F(VerifyStaticTest, AnInterpreterAndNeededLibrariesMakeItDynamic) {
  using llvm::ELF::DT_FLAGS, llvm::ELF::DT_NEEDED, llvm::ELF::DT_NULL;
  using llvm::ELF::PT_DYNAMIC, llvm::ELF::PT_INTERP, llvm::ELF::PT_LOAD;
  EXPECT_TRUE(VerifyStatic(Write({PT_LOAD}, {})).ok());
  EXPECT_TRUE(VerifyStatic(Write({PT_LOAD, PT_DYNAMIC}, {DT_FLAGS, DT_NULL, DT_NEEDED})).ok()) << "static-pie";
  const absl::Status interpreter = VerifyStatic(Write({PT_LOAD, PT_INTERP}, {}));
  EXPECT_TRUE(absl::IsFailedPrecondition(interpreter));
  EXPECT_THAT(std::string(interpreter.message()), HasSubstr("PT_INTERP"));
  const absl::Status needed = VerifyStatic(Write({PT_DYNAMIC}, {DT_NEEDED, DT_NEEDED, DT_NULL}));
  EXPECT_THAT(std::string(needed.message()), HasSubstr("2 shared libraries"));
}

TEST_F(VerifyStaticTest, TellsWhatIsNoProgramFromWhatIsNotThere) {
  EXPECT_TRUE(absl::IsNotFound(VerifyStatic(absl::StrCat(place_->path(), "/none"))));
  EXPECT_TRUE(VerifyStatic("/dev/null").ok()) << "nobody runs it";
  EXPECT_TRUE(absl::IsUnavailable(VerifyStatic(place_->path())));
  const std::string path = Write({llvm::ELF::PT_LOAD, llvm::ELF::PT_LOAD}, {});
  for (const off_t size : {0, 3, 20, 63, 100}) {
    ASSERT_EQ(::truncate(path.c_str(), size), 0);
    EXPECT_TRUE(absl::IsDataLoss(VerifyStatic(path))) << size;
  }
}

// Mapping it would fail.
TEST_F(VerifyStaticTest, NeedsNoRoomForTheWholeProgram) {
#if defined(__SANITIZE_ADDRESS__) || (defined(__has_feature) && __has_feature(address_sanitizer))
  GTEST_SKIP() << "AddressSanitizer itself needs the address space";
#endif
  const std::string path = Write({llvm::ELF::PT_LOAD}, {});
  ASSERT_EQ(::truncate(path.c_str(), off_t{1} << 34), 0);
  rlimit before = {};
  ::getrlimit(RLIMIT_AS, &before);
  const rlimit limit = {.rlim_cur = rlim_t{1} << 33, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_AS, &limit);
  const absl::Status verified = VerifyStatic(path);
  ::setrlimit(RLIMIT_AS, &before);
  EXPECT_TRUE(verified.ok()) << verified;
}

}  // namespace
}  // namespace cgo_ld_shim::backend

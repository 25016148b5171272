// Functions that glibc and musl have under one name, and that an archive for glibc must not call on some machines.
#include "diagnose/glibc_archives.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "llvm/BinaryFormat/ELF.h"
#include "tests/support/archive.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::diagnose {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;
using testing::AllOf;
using testing::HasSubstr;

// For one of the machines; what the first object is for, all others have to be.
ObjectBuilder For(uint16_t machine) {
  ObjectBuilder object;
  object.Machine(machine);
  if (machine == llvm::ELF::EM_386 || machine == llvm::ELF::EM_ARM) object.Class32();
  if (machine == llvm::ELF::EM_S390) object.BigEndian();
  return object;
}

// Why an archive that was built for glibc, and calls this, cannot be linked; empty: it can. `text` is among its bytes.
std::string Hazard(uint16_t machine, const std::string& function, const std::string& text = "") {
  LinkFixture files;
  files.Object("sys/crt1.o", For(machine).Define("_start"));
  files.Object("main.o", For(machine).Define("main").Reference("f"));
  ObjectBuilder member = For(machine).Define("f").Reference("fopen64").Reference(function);
  if (!text.empty()) member.Comment(text);
  files.Archive("lib/libf.a", {{"f.o", member}});
  const plan::LinkPlan plan = files.Plan("main.o " + files.Path("lib/libf.a"));
  const resolve::Resolution resolution = resolve::Resolve(plan, files.toolchain(), files.cache());
  const GlibcArchives found = FindGlibcArchives(resolution, nullptr);
  EXPECT_EQ(found.archives.size(), 1U) << "it is seen that the archive was built for glibc";
  return found.hazards.empty() ? "" : found.hazards[0].hint;
}

TEST(GlibcArchivesTest, OffsetsAndStructuresOf32BitsAreRefusedWhereTheyHave32Bits) {
  for (const uint16_t machine : {llvm::ELF::EM_386, llvm::ELF::EM_ARM}) {
    EXPECT_THAT(Hazard(machine, "lseek"), AllOf(HasSubstr("it uses lseek"), HasSubstr("-D_FILE_OFFSET_BITS=64")));
    EXPECT_THAT(Hazard(machine, "stat"), HasSubstr("-D_FILE_OFFSET_BITS=64"));
    EXPECT_EQ(Hazard(machine, "lseek64"), "");
    EXPECT_EQ(Hazard(machine, "gettimeofday"), "") << "musl keeps the function for time_t of 32 bits under this name";
  }
  EXPECT_EQ(Hazard(llvm::ELF::EM_X86_64, "lseek"), "");
  EXPECT_EQ(Hazard(llvm::ELF::EM_AARCH64, "stat"), "");
}

TEST(GlibcArchivesTest, WhatIsLaidOutInAnotherWayOnOneMachineIsRefusedThere) {
  EXPECT_THAT(Hazard(llvm::ELF::EM_S390, "sigaction"), HasSubstr("layout differs"));
  EXPECT_THAT(Hazard(llvm::ELF::EM_S390, "fetestexcept"), HasSubstr("other numbers"));
  EXPECT_THAT(Hazard(llvm::ELF::EM_PPC64, "tcgetattr"), HasSubstr("layout differs"));
  for (const char* function : {"sigaction", "fetestexcept", "tcgetattr"})
    EXPECT_EQ(Hazard(llvm::ELF::EM_RISCV, function), "") << function;
}

TEST(GlibcArchivesTest, LongDoubleIsRefusedWhereItIsAnotherType) {
  EXPECT_THAT(Hazard(llvm::ELF::EM_PPC64, "sinl"), HasSubstr("16 bytes in glibc and 8 in musl"));
  EXPECT_EQ(Hazard(llvm::ELF::EM_PPC64, "sin"), "");
  EXPECT_EQ(Hazard(llvm::ELF::EM_AARCH64, "sinl"), "");
  EXPECT_THAT(Hazard(llvm::ELF::EM_PPC64, "__snprintfieee128"), HasSubstr("16 bytes in glibc"));
  // A format shows it.
  EXPECT_THAT(Hazard(llvm::ELF::EM_PPC64, "printf", "x %-10.3Lf"), HasSubstr("it uses printf, whose long double"));
  EXPECT_EQ(Hazard(llvm::ELF::EM_PPC64, "printf", "x %lf, 100% Lake, 5%%Lg, %d Lg"), "");
  EXPECT_EQ(Hazard(llvm::ELF::EM_PPC64, "puts", "x %Lf"), "");
  EXPECT_EQ(Hazard(llvm::ELF::EM_AARCH64, "printf", "x %Lf"), "");
}

}  // namespace
}  // namespace cgo_ld_shim::diagnose

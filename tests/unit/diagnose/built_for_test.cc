// For which C library an archive was built: names, files of its debug information, its compiler.
#include "diagnose/built_for.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/archive.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::diagnose {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;

constexpr char kDebian[] = "GCC: (Debian 12.2.0-14) 12.2.0";
constexpr char kRedHat[] = "GCC: (GNU) 8.5.0 20210514 (Red Hat 8.5.0-4)";
constexpr char kAlpine[] = "GCC: (Alpine 12.2.1_git20220924-r10) 12.2.1 20220924";
constexpr char kZig[] = "clang version 21.1.0 (https://github.com/ziglang/zig-bootstrap 1234)";

// What is found of lib/libf.a, whose only member defines f, in a program that zig compiled.
class BuiltForTest : public testing::Test {
 protected:
  std::string Of(const std::string& member, const std::string& archive = "lib/libf.a") {
    return Of(std::vector<test_support::ArchiveMember>{{"f.o", member}}, archive);
  }
  std::string Of(const std::vector<test_support::ArchiveMember>& members, const std::string& archive = "lib/libf.a") {
    files_.Object("main.o", ObjectBuilder().Define("main").Reference("f").Comment(own_));
    files_.File(archive, test_support::MakeArchive(members));
    const plan::LinkPlan plan = files_.Plan(absl::StrCat("main.o ", files_.Path(archive)));
    const resolve::Resolution resolution = resolve::Resolve(plan, files_.toolchain(), files_.cache());
    const std::map<int, BuiltForGlibc> found = FindBuiltForGlibc(resolution);
    if (found.empty()) return "no";
    const BuiltForGlibc& built = found.begin()->second;
    return built.known == BuiltForGlibc::Known::kSurely    ? "yes"
           : built.known == BuiltForGlibc::Known::kPerhaps ? "perhaps"
                                                           : built.compiler;
  }
  std::string Of(const ObjectBuilder& member) { return Of(member.Build()); }

  LinkFixture files_;
  std::string own_ = kZig;
};

TEST_F(BuiltForTest, ANameThatOnlyGlibcHasShowsIt) {
  EXPECT_EQ(Of(ObjectBuilder().Define("f").Reference("fopen64")), "yes");
}

TEST_F(BuiltForTest, AWeakReferenceToOneShowsNothing) {
  EXPECT_EQ(Of(ObjectBuilder().Define("f").ReferenceWeak("__cxa_thread_atexit_impl")), "no");
}

TEST_F(BuiltForTest, ANameThatGlibcsHeadersAloneWriteShowsItInC) {
  EXPECT_EQ(Of(ObjectBuilder().Define("f").Reference("__ctype_b_loc").Comment(kAlpine)), "yes");
}

// Rust's archives for musl have musl's libc.a in them, whose objects use its own names of this kind.
TEST_F(BuiltForTest, ANameThatTheArchiveDefinesItselfShowsNothing) {
  EXPECT_EQ(Of({{"f.o", ObjectBuilder().Define("f").Reference("__overflow").Comment("GCC: (GNU) 9.4.0").Build()},
                {"overflow.o", ObjectBuilder().Define("__overflow").Comment("GCC: (GNU) 9.4.0").Build()}}),
            "no");
}

// Rust's libc crate says __xpg_strerror_r and __isoc99_sscanf on musl, too.
TEST_F(BuiltForTest, InRustSuchANameShowsNothing) {
  EXPECT_EQ(Of(ObjectBuilder().Define("f").Reference("__xpg_strerror_r").Comment("rustc version 1.79.0 (129f3b996)")),
            "no");
}

TEST_F(BuiltForTest, OtherwiseItsCompilersDistributionIsTold) {
  EXPECT_EQ(Of(ObjectBuilder().Define("f").Reference("regexec").Comment(kDebian)), kDebian);
}

TEST_F(BuiltForTest, RedHatsCompilerNamesItselfLater) {
  EXPECT_EQ(Of(ObjectBuilder().Define("f").Comment(kRedHat)), kRedHat);
}

TEST_F(BuiltForTest, OfOtherCompilersNothingIsTold) {
  EXPECT_EQ(Of(ObjectBuilder().Define("f").Reference("regexec").Comment(kAlpine)), "no");
}

TEST_F(BuiltForTest, AnObjectWithoutAWordSaysNothing) {
  EXPECT_EQ(Of(ObjectBuilder().Define("f").Reference("regexec")), "no");
}

// musl-gcc is Debian's gcc as well.
TEST_F(BuiltForTest, TheProgramsOwnCompilerSaysNothing) {
  own_ = kDebian;
  EXPECT_EQ(Of(ObjectBuilder().Define("f").Reference("regexec").Comment(kDebian)), "perhaps");
}

TEST_F(BuiltForTest, APlaceForMuslSaysMoreThanTheCompiler) {
  EXPECT_EQ(Of(ObjectBuilder().Define("f").Comment(kDebian).Build(), "lib/x86_64-linux-musl/libf.a"), "no");
}

std::string WithDebugFile(const std::string& file) {
  return test_support::MakeObject(absl::StrCat(R"(--- !ELF
FileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }
Sections:
  - { Name: .text, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], Content: 'c3' }
  - { Name: .debug_line_str, Type: SHT_PROGBITS, Content: ')",
                                               absl::BytesToHexString(file), R"(00' }
  - { Name: .comment, Type: SHT_PROGBITS, Content: '00)",
                                               absl::BytesToHexString(kDebian), R"(00' }
Symbols:
  - { Name: f, Binding: STB_GLOBAL, Type: STT_FUNC, Section: .text }
)"));
}

TEST_F(BuiltForTest, HeadersInItsDebugInformationDecide) {
  EXPECT_EQ(Of(WithDebugFile("/usr/include/x86_64-linux-musl/bits/alltypes.h")), "no");
  EXPECT_EQ(Of(WithDebugFile("f.c"), "lib/libg.a"), kDebian);
  own_ = kDebian;
  EXPECT_EQ(Of(WithDebugFile("/usr/include/x86_64-linux-gnu/bits/types.h"), "lib/libh.a"), "yes");
}

}  // namespace
}  // namespace cgo_ld_shim::diagnose

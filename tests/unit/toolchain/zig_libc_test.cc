// What zig prints of its own links, taken apart.
#include "toolchain/zig_libc.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cgo_ld_shim::toolchain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// zig 0.17, shortened; the first line is a crt file that zig made on the way.
constexpr char kStatic[] =
    "ar rcs /c/o/1/libunwind.a /c/o/2/libunwind.o\n"
    "ld.lld -r --error-limit=0 --build-id=none -m elf64_s390 -static -o /c/o/3/crt1.o /c/o/4/crt1.o\n"
    "ld.lld --error-limit=0 -mllvm -float-abi=hard -O3 --entry _start -z stack-size=16777216 --build-id=none "
    "--image-base=16777216 --gc-sections --eh-frame-hdr -znow -m elf64_s390 -static -o out /c/o/3/crt1.o in.o "
    "--as-needed -L/ /c/o/1/libunwind.a /c/o/5/libc.a /c/o/6/libcompiler_rt.a\n";

TEST(ParseZigLinkLineTest, TakesTheLineWithTheInput) {
  const absl::StatusOr<LinkLine> line = ParseZigLinkLine(kStatic, "in.o");
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_THAT(line->options, ElementsAre("--entry", "_start", "-z", "stack-size=16777216", "--eh-frame-hdr", "-znow",
                                         "-m", "elf64_s390", "-static"));
  EXPECT_THAT(line->first_objects, ElementsAre("/c/o/3/crt1.o"));
  EXPECT_THAT(line->last, ElementsAre("/c/o/1/libunwind.a", "/c/o/5/libc.a", "/c/o/6/libcompiler_rt.a"));
}

TEST(ParseZigLinkLineTest, RefusesWhatItDoesNotUnderstand) {
  EXPECT_THAT(ParseZigLinkLine("", "in.o").status().message(), HasSubstr("no linker line"));
  EXPECT_THAT(ParseZigLinkLine("ld.lld -o out other.o libc.a\n", "in.o").status().message(),
              HasSubstr("no linker line"));
  EXPECT_THAT(ParseZigLinkLine("ld.lld -o out crt1.o in.o libc.a last.o\n", "in.o").status().message(),
              HasSubstr("last.o"));
  EXPECT_THAT(ParseZigLinkLine("ld.lld -o out crt1.o in.o libc.a strange\n", "in.o").status().message(),
              HasSubstr("strange"));
  EXPECT_THAT(ParseZigLinkLine("ld.lld -o out in.o libc.a\n", "in.o").status().message(), HasSubstr("no crt file"));
}

}  // namespace
}  // namespace cgo_ld_shim::toolchain

// What drivers print for -###, and what is taken from it.
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::toolchain {
namespace {

using testing::ElementsAre;

TEST(LinkLineTest, ReadsGccsStaticLine) {
  const absl::StatusOr<LinkLine> line = ParseLinkLine(R"(Using built-in specs.
COLLECT_GCC=gcc
COLLECT_GCC_OPTIONS='-static' '-o' 'CGO_LD_SHIM_OUT' '-mtune=generic'
 /usr/lib/gcc/x86_64-linux-gnu/12/collect2 -plugin /usr/lib/gcc/x86_64-linux-gnu/12/liblto_plugin.so "-plugin-opt=-fresolution=/tmp/ccX.res" "-plugin-opt=-pass-through=-lc" --build-id -m elf_x86_64 "--hash-style=gnu" --as-needed -static -z relro -o CGO_LD_SHIM_OUT -s /usr/lib/gcc/x86_64-linux-gnu/12/../../../x86_64-linux-gnu/crt1.o /usr/lib/gcc/x86_64-linux-gnu/12/crtbeginT.o -L/usr/lib/gcc/x86_64-linux-gnu/12 -L/usr/lib/gcc/x86_64-linux-gnu/12/../../../x86_64-linux-gnu -L/usr/lib/x86_64-linux-gnu /dev/null --start-group -lgcc -lgcc_eh -lc --end-group /usr/lib/gcc/x86_64-linux-gnu/12/crtend.o
COLLECT_GCC_OPTIONS='-static' '-o' 'CGO_LD_SHIM_OUT'
)");
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_THAT(line->options, ElementsAre("--build-id", "-m", "elf_x86_64", "--hash-style=gnu", "--as-needed", "-static",
                                         "-z", "relro", "-s"));
  EXPECT_THAT(line->first_objects,
              ElementsAre("/usr/lib/x86_64-linux-gnu/crt1.o", "/usr/lib/gcc/x86_64-linux-gnu/12/crtbeginT.o"));
  EXPECT_THAT(line->library_dirs, ElementsAre("/usr/lib/gcc/x86_64-linux-gnu/12", "/usr/lib/x86_64-linux-gnu"));
  EXPECT_THAT(line->last, ElementsAre("--start-group", "-lgcc", "-lgcc_eh", "-lc", "--end-group",
                                      "/usr/lib/gcc/x86_64-linux-gnu/12/crtend.o"));
}

TEST(LinkLineTest, ReadsClangsQuotedLine) {
  const absl::StatusOr<LinkLine> line = ParseLinkLine(
      "Debian clang version 22.1.8\nTarget: x86_64-pc-linux-gnu\n"
      " \"/usr/bin/ld\" \"--hash-style=gnu\" \"-m\" \"elf_x86_64\" \"-static\" \"-pie\" \"--no-dynamic-linker\" \"-z\" "
      "\"text\" "
      "\"-o\" \"CGO_LD_SHIM_OUT\" \"/lib/x86_64-linux-gnu/rcrt1.o\" \"-L/opt/a b\" \"/dev/null\" \"-lc\"\n");
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_THAT(line->options, ElementsAre("--hash-style=gnu", "-m", "elf_x86_64", "-static", "-pie",
                                         "--no-dynamic-linker", "-z", "text"));
  EXPECT_THAT(line->library_dirs, ElementsAre("/opt/a b"));
  EXPECT_THAT(line->last, ElementsAre("-lc"));
}

TEST(LinkLineTest, SaysWhenThereIsNone) {
  EXPECT_EQ(ParseLinkLine("gcc: error: unrecognized option\n").status().message(), "the driver printed no link line");
}

TEST(VersionLineTest, TakesWhatGoTakes) {
  EXPECT_EQ(VersionLine("Using built-in specs.\nConfigured with: ../src --with-pkgversion='x version 3' version 4\n"
                        "Thread model: posix\ngcc version 12.2.0 (Debian 12.2.0-14) \n"),
            "gcc version 12.2.0 (Debian 12.2.0-14) ");
  EXPECT_EQ(VersionLine("Debian clang version 22.1.8\nTarget: x\n"), "Debian clang version 22.1.8");
  EXPECT_EQ(VersionLine("a version of something\n"), "");
}

TEST(IdentTest, TellsTheFamilyOfTheCLibrary) {
  const char* empty[] = {nullptr};
  Toolchain toolchain{.driver = {"/nonexistent/gcc"}, .libc = {target::LibcFamily::kGlibc, "2.36"}};
  EXPECT_EQ(LibcOfIdent(Ident(toolchain, empty)), target::LibcFamily::kGlibc);
  // In .comment, among others.
  EXPECT_EQ(
      LibcOfIdent(absl::StrCat("GCC 12", std::string(1, '\0'), Ident(toolchain, empty), std::string(1, '\0'), "x")),
      target::LibcFamily::kGlibc);
  toolchain.libc = {};
  EXPECT_THAT(Ident(toolchain, empty), testing::EndsWith(" none"));
  EXPECT_EQ(LibcOfIdent(Ident(toolchain, empty)), target::LibcFamily::kNone);
  EXPECT_EQ(LibcOfIdent("GCC: (Debian 12.2.0) 12.2.0"), std::nullopt);
}

}  // namespace
}  // namespace cgo_ld_shim::toolchain

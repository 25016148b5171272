// C libraries and targets as other programs write them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "target/libc.h"
#include "target/target.h"
#include "target/triple.h"

namespace cgo_ld_shim::target {
namespace {

TEST(LibcTest, IsTheTextThatRecordsAndCachesHold) {
  EXPECT_EQ(ParseLibc("glibc 2.36"), (Libc{LibcFamily::kGlibc, "2.36"}));
  EXPECT_EQ(ParseLibc("glibc"), Libc{LibcFamily::kGlibc});
  EXPECT_EQ(ParseLibc("musl"), Libc{LibcFamily::kMusl});
  for (const char* text : {"glibc 2.36", "glibc", "musl", "musl 1.2.5", "bionic", "libSystem", "msvcrt", "ucrt",
                           "musl (CGO_LD_SHIM_LIBC=musl)", ""}) {
    EXPECT_EQ(ParseLibc(text).ToString(), text);
  }
}

TEST(LibcTest, KnowsNothingOfAnotherFamily) {
  for (const char* text : {"", "none", "uclibc 1.0", "Glibc 2.36", "glibc-2.36", " musl"}) {
    EXPECT_FALSE(ParseLibc(text)) << text;
    EXPECT_EQ(ParseLibc(text).ToString(), "") << text;
  }
}

TEST(LibcTest, EveryFamilyHasOneName) {
  for (int i = 0; i <= static_cast<int>(LibcFamily::kUcrt); ++i) {
    const auto family = static_cast<LibcFamily>(i);
    EXPECT_EQ(ParseFamily(FamilyName(family)), family) << i;
    EXPECT_EQ(FamilyName(family).empty(), family == LibcFamily::kNone) << i;
  }
}

// Who takes words out of a name takes the first that fits.
TEST(LibcTest, AWordOfNamesNeverHidesALongerOne) {
  for (const LibcFamily family : {LibcFamily::kGlibc, LibcFamily::kMusl}) {
    const absl::Span<const absl::string_view> words = WordsInNames(family);
    EXPECT_EQ(words.back(), family == LibcFamily::kMusl ? "musl" : "gnu");
    for (size_t i = 0; i < words.size(); ++i) {
      for (size_t later = i + 1; later < words.size(); ++later)
        EXPECT_FALSE(absl::StartsWith(words[later], words[i])) << words[later];
    }
  }
  EXPECT_TRUE(WordsInNames(LibcFamily::kNone).empty());
}

TEST(LibcTest, ComparesVersionsOfGlibcAlone) {
  EXPECT_TRUE(ParseLibc("glibc 2.31").IsGlibcBefore(2, 34));
  EXPECT_TRUE(ParseLibc("glibc 2.9").IsGlibcBefore(2, 34));
  EXPECT_FALSE(ParseLibc("glibc 2.34").IsGlibcBefore(2, 34));
  EXPECT_FALSE(ParseLibc("glibc").IsGlibcBefore(2, 34)) << "nothing is known of it";
  EXPECT_FALSE(ParseLibc("musl 1.2").IsGlibcBefore(2, 34));
}

struct TripleCase {
  const char* text;
  const char* arch;
  const char* os;
  const char* os_version;
  const char* libc;
};
constexpr TripleCase kTriples[] = {
    // gcc's, as -dumpmachine prints them.
    {"x86_64-linux-gnu", "amd64", "linux", "", "glibc"},
    {"aarch64-linux-gnu", "arm64", "linux", "", "glibc"},
    {"arm-linux-gnueabihf", "arm", "linux", "", "glibc"},
    {"mips64el-linux-gnuabi64", "mips64le", "linux", "", "glibc"},
    {"x86_64-linux-gnux32", "amd64", "linux", "", "glibc"},
    {"x86_64-pc-linux-gnu", "amd64", "linux", "", "glibc"},
    {"x86_64-alpine-linux-musl", "amd64", "linux", "", "musl"},
    {"x86_64-redhat-linux", "amd64", "linux", "", ""},
    {"i686-w64-mingw32", "386", "windows", "", ""},
    {"x86_64-w64-mingw32", "amd64", "windows", "", ""},
    {"x86_64-portbld-freebsd13.2", "amd64", "freebsd", "13.2", ""},
    {"arm64-apple-darwin22.1.0", "arm64", "darwin", "22.1.0", ""},
    // LLVM's.
    {"x86_64-unknown-linux-musl", "amd64", "linux", "", "musl"},
    {"i386-unknown-linux-gnu", "386", "linux", "", "glibc"},
    {"armv7l-unknown-linux-musleabihf", "arm", "linux", "", "musl"},
    {"powerpc64le-unknown-linux-gnu", "ppc64le", "linux", "", "glibc"},
    {"x86_64-pc-windows-msvc", "amd64", "windows", "", ""},
    {"x86_64-pc-win32", "amd64", "windows", "", ""},
    {"arm64-apple-macosx12.0.0", "arm64", "darwin", "12.0.0", ""},
    {"aarch64-linux-android21", "arm64", "android", "", "bionic"},
    {"armv7l-linux-androideabi", "arm", "android", "", "bionic"},
    // zig's, and what its clang says of them.
    {"aarch64-linux-musl", "arm64", "linux", "", "musl"},
    {"arm-linux-musleabihf", "arm", "linux", "", "musl"},
    {"mips64el-linux-muslabi64", "mips64le", "linux", "", "musl"},
    {"loongarch64-linux-musl", "loong64", "linux", "", "musl"},
    {"s390x-linux-musl", "s390x", "linux", "", "musl"},
    {"x86-linux-musl", "386", "linux", "", "musl"},
    {"x86_64-linux-gnu.2.28", "amd64", "linux", "", "glibc 2.28"},
    {"arm-linux-gnueabihf.2.31", "arm", "linux", "", "glibc 2.31"},
    {"x86_64-linux.4.4...6.1-gnu.2.28", "amd64", "linux", "4.4", "glibc 2.28"},
    {"x86_64-linux6.1-gnu2.36", "amd64", "linux", "6.1", "glibc 2.36"},
    {"x86_64-unknown-linux6.1.0-musl1.2.5", "amd64", "linux", "6.1.0", "musl 1.2.5"},
    {"x86_64-linux", "amd64", "linux", "", ""},
    {"x86_64-windows-gnu", "amd64", "windows", "", ""},
    {"x86_64-freebsd-none", "amd64", "freebsd", "", ""},
    {"x86_64-freebsd", "amd64", "freebsd", "", ""},
    {"x86_64-netbsd-none", "amd64", "netbsd", "", ""},
    {"aarch64-macos.11.0-none", "arm64", "darwin", "11.0", ""},
    {"x86_64-macos.12.0", "amd64", "darwin", "12.0", ""},
    // What names no target of Go's.
    {"native", "", "", "", ""},
    {"native-linux-musl", "", "linux", "", "musl"},
    {"riscv32-linux-gnu", "", "linux", "", "glibc"},
    {"pdp11-unix", "", "", "", ""},
    {"arm-none-eabi", "arm", "", "", ""},
    {"x86_64", "amd64", "", "", ""},
    {"", "", "", "", ""},
    {"-", "", "", "", ""},
    {"linux-gnu", "", "", "", ""},
    {"x86_64-linuxy-gnu", "amd64", "", "", ""},
    {"x86_64-linux-gnus", "amd64", "linux", "", ""},
};

TEST(TripleTest, SaysWhatItsWordsSay) {
  for (const TripleCase& c : kTriples) {
    const Triple triple = ParseTriple(c.text);
    EXPECT_EQ(triple.text, c.text);
    EXPECT_EQ(triple.arch, c.arch) << c.text;
    EXPECT_EQ(triple.os, c.os) << c.text;
    EXPECT_EQ(triple.os_version, c.os_version) << c.text;
    EXPECT_EQ(triple.libc.ToString(), c.libc) << c.text;
  }
}

// Whatever stands between the processor and the system is a vendor, and changes nothing.
TEST(TripleTest, AVendorChangesNothing) {
  for (const TripleCase& c : kTriples) {
    const std::string text = c.text;
    const size_t dash = text.find('-');
    if (dash == std::string::npos || c.os[0] == '\0') continue;
    for (const char* vendor : {"-pc", "-unknown", "-alpine"}) {
      Triple with = ParseTriple(text.substr(0, dash) + vendor + text.substr(dash));
      with.text = text;
      EXPECT_EQ(with, ParseTriple(text)) << text << vendor;
    }
  }
}

// Every prefix of a triple, and every triple with a byte changed, is read to its end.
TEST(TripleTest, ReadsAnyText) {
  for (const TripleCase& c : kTriples) {
    std::string text = c.text;
    for (size_t i = 0; i <= text.size(); ++i) EXPECT_EQ(ParseTriple(text.substr(0, i)).text, text.substr(0, i));
    for (size_t i = 0; i < text.size(); ++i) {
      for (const char byte : {'-', '.', '\0', '\xff', '9'}) {
        std::string changed = text;
        changed[i] = byte;
        EXPECT_EQ(ParseTriple(changed).text, changed);
      }
    }
  }
}

TEST(TripleTest, EveryArchitectureOfGoIsReadFromItsProcessor) {
  for (const char* arch : {"amd64", "386", "arm64", "arm", "riscv64", "ppc64le", "s390x", "loong64", "mips", "mipsle",
                           "mips64", "mips64le"}) {
    const Architecture* row = FindArchitecture(arch);
    ASSERT_NE(row, nullptr) << arch;
    EXPECT_EQ(ParseTriple(std::string(row->triple_cpu) + "-linux-musl").arch, arch);
  }
}

TEST(TripleTest, TakesAnotherVersionOfMacOsAlone) {
  const Triple mac = ParseTriple("aarch64-macos.12.0");
  EXPECT_EQ(WithMacOsVersion(mac, "11.0").text, "aarch64-macos.11.0");
  EXPECT_EQ(WithMacOsVersion(mac, "11.0").os_version, "11.0");
  EXPECT_EQ(WithMacOsVersion(mac, ""), mac);
  const Triple linux_one = ParseTriple("aarch64-linux-musl");
  EXPECT_EQ(WithMacOsVersion(linux_one, "11.0"), linux_one);
}

TEST(TargetTest, IsThisHostWithoutGosVariables) {
  const char* const none[] = {"PATH=/bin", nullptr};
  const Target host = Infer(none);
  EXPECT_EQ(host.os, "linux");
  EXPECT_EQ(host.arch, HostArch());
  EXPECT_TRUE(host.native);
  EXPECT_FALSE(host.other_width);
  const char* const darwin[] = {"GOOS=darwin", "GOARCH=arm64", nullptr};
  EXPECT_FALSE(Infer(darwin).native);
  const char* const narrow[] = {"GOARCH=386", nullptr};
  EXPECT_EQ(Infer(narrow).native, HostArch() == absl::string_view("amd64"));
  EXPECT_EQ(Infer(narrow).other_width, Infer(narrow).native);
}

}  // namespace
}  // namespace cgo_ld_shim::target

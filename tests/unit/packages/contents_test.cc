// Who would bring a file. Package managers are scripts here; the table is the one that the executable carries.
#include "packages/contents.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "packages/contents_table.h"
#include "tests/unit/packages/fake_programs.h"

namespace cgo_ld_shim::packages {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

File Archive(const char* name) { return {FileKind::kArchive, name}; }
File PkgConfig(const char* name) { return {FileKind::kPkgConfig, name}; }

// On a distribution of which the table is not.
std::string Text(const File& file) { return InstallText(file, WhoBrings({file}, Distribution())[0]); }

// apt-cache with lists, in which `known` are.
std::string AptCache(const std::string& known) {
  return absl::StrCat("test \"$1\" = policy || exit 1\nshift\n",
                      "test $# = 0 && { echo ' 500 http://example.org bookworm/main amd64 Packages'; exit; }\n",
                      "for name; do case ' ", known,
                      " ' in *\" $name \"*) printf '%s:\\n  Candidate: 1\\n' \"$name\" ;; esac; done");
}

// Names that a pattern gets wrong.
TEST(TableTest, KnowsNamesThatNoPatternGives) {
  EXPECT_THAT(FindInTable('a', "z"), ElementsAre("zlib1g-dev"));
  EXPECT_THAT(FindInTable('a', "portaudio"), ElementsAre("portaudio19-dev"));
  EXPECT_THAT(FindInTable('p', "alsa"), ElementsAre("libasound2-dev"));
  EXPECT_THAT(FindInTable('p', "gtk+-3.0"), ElementsAre("libgtk-3-dev"));
  EXPECT_THAT(FindInTable('h', "zlib.h"), ElementsAre("zlib1g-dev"));
  EXPECT_THAT(FindInTable('h', "X11/Xlib.h"), ElementsAre("libx11-dev"));
  EXPECT_THAT(FindInTable('s', "systemd"), ElementsAre("libsystemd-dev"));
  EXPECT_THAT(FindInTable('a', "systemd"), IsEmpty());
  EXPECT_THAT(FindInTable('a', "ole32"), IsEmpty());
  EXPECT_THAT(FindInTable('a', ""), IsEmpty());
}

TEST(TableTest, OfSeveralPackagesTheUsualOneComesFirst) {
  const std::vector<std::string> curl = FindInTable('a', "curl");
  ASSERT_GT(curl.size(), 1U);
  EXPECT_EQ(curl.back(), "libcurl4-nss-dev") << "on which hardly anything builds";
}

TEST(WhoBringsTest, ANameOfTheTableIsHeldAgainstAptsLists) {
  const FakePrograms programs;
  programs.Add("dpkg-query", "exit 1");
  EXPECT_EQ(Text(Archive("z")),
            absl::StrCat("apt-get install zlib1g-dev (name for ", TableRelease(), ", not checked here)"));
  programs.Add("apt-cache", AptCache("zlib1g-dev libcurl4-nss-dev libsystemd-dev"));
  EXPECT_EQ(Text(Archive("z")), "apt-get install zlib1g-dev");
  EXPECT_EQ(Text(Archive("curl")), "apt-get install libcurl4-nss-dev") << "the one that apt knows";
  EXPECT_THAT(Text(Archive("systemd")), HasSubstr("package libsystemd-dev has only the shared library"));
  EXPECT_EQ(Text(Archive("portaudio")), absl::StrCat("no package of ", TableRelease(), " has libportaudio.a"))
      << "apt does not know the name";
  EXPECT_EQ(Text(PkgConfig("nosuchthing")), absl::StrCat("no package of ", TableRelease(), " has nosuchthing.pc"));
}

TEST(WhoBringsTest, AnotherArchitecturesPackagesAreNamedWithIt) {
  const FakePrograms programs;
  programs.Add("dpkg-query", "exit 1");
  const auto text = [](const File& file) { return InstallText(file, WhoBrings({file}, Distribution(), "arm64")[0]); };
  // dpkg is not told of the architecture, and apt cannot know its packages.
  programs.Add("dpkg", "[ $1 = --print-architecture ] && echo amd64");
  programs.Add("apt-cache", AptCache("zlib1g-dev"));
  EXPECT_EQ(text(Archive("z")),
            "dpkg --add-architecture arm64 && apt-get update && apt-get install zlib1g-dev:arm64 (not checked: apt's "
            "lists here do not have it for arm64)");
  // It is told, and the lists have it, or lack it.
  programs.Add("dpkg", "[ $1 = --print-architecture ] && echo amd64 || echo arm64");
  EXPECT_EQ(text(Archive("z")),
            "apt-get install zlib1g-dev:arm64 (not checked: apt's lists here do not have it for arm64)");
  programs.Add("apt-cache", AptCache("zlib1g-dev zlib1g-dev:arm64"));
  EXPECT_EQ(text(Archive("z")), "apt-get install zlib1g-dev:arm64");
  EXPECT_EQ(text(Archive("portaudio")), absl::StrCat("no package of ", TableRelease(), " has libportaudio.a"));
  // This machine's own.
  programs.Add("dpkg", "echo arm64");
  EXPECT_EQ(text(Archive("z")), "apt-get install zlib1g-dev");
}

TEST(WhoBringsTest, AptFileKnowsMoreThanTheTable) {
  const FakePrograms programs;
  programs.Add("dpkg-query", "exit 1");
  programs.Add("apt-file", R"(printf '%s\n' \
  'libnew-dev: /usr/lib/x86_64-linux-gnu/libnew.a' \
  'libnew-cross-dev: /usr/aarch64-linux-gnu/lib/libnew.a' \
  'libnew-plugin: /usr/lib/x86_64-linux-gnu/plugins/libnew.a' \
  'libcurl4-nss-dev: /usr/lib/x86_64-linux-gnu/libcurl.a' \
  'libcurl4-openssl-dev: /usr/lib/x86_64-linux-gnu/libcurl.a' \
  'new-dev: /usr/share/pkgconfig/new.pc')");
  EXPECT_EQ(Text(Archive("new")), "apt-get install libnew-dev");
  EXPECT_EQ(Text(PkgConfig("new")), "apt-get install new-dev");
  EXPECT_EQ(Text(Archive("curl")), "apt-get install libcurl4-openssl-dev (or libcurl4-nss-dev)") << "the usual one";
  EXPECT_EQ(Text(Archive("z")), "no package of apt-file's lists has libz.a");
  // It is slow, and the table of this very release says the same.
  const Distribution debian{.name = "", .id = "debian", .version = "12", .manager = Manager::kApt};
  EXPECT_THAT(WhoBrings({Archive("z")}, debian)[0].packages, ElementsAre("zlib1g-dev"));
  EXPECT_THAT(WhoBrings({Archive("new")}, debian)[0].packages, ElementsAre("libnew-dev"));
  // Without lists it cannot answer, and the table does.
  programs.Add("apt-file", "exit 3");
  EXPECT_THAT(Text(Archive("z")), HasSubstr("apt-get install zlib1g-dev"));
}

TEST(WhoBringsTest, OtherManagersAreAskedForTheFile) {
  {
    const FakePrograms programs;
    programs.Add("dnf", R"sh(for word; do last=$word; done
case $last in /usr/lib64/libz.a) echo zlib-static ;; "pkgconfig(zlib)") echo zlib-devel ;; esac)sh");
    EXPECT_EQ(Text(Archive("z")), "dnf install zlib-static");
    EXPECT_EQ(Text(PkgConfig("zlib")), "dnf install zlib-devel");
    EXPECT_EQ(Text(Archive("no")), "no package of dnf has libno.a");
  }
  {
    const FakePrograms programs;
    programs.Add("pacman", R"(test "$3" = usr/lib/libz.a && echo core/zlib)");
    EXPECT_EQ(Text(Archive("z")), "pacman -S zlib");
  }
  {
    const FakePrograms programs;
    programs.Add("apk", R"(test "$4" = pc:zlib && echo zlib-dev)");
    EXPECT_EQ(Text(PkgConfig("zlib")), "apk add zlib-dev");
    EXPECT_EQ(Text(Archive("z")), "install the development package that has libz.a");
  }
  const FakePrograms none;
  EXPECT_EQ(Text(Archive("z")), "install the development package that has libz.a");
}

TEST(AptCacheTest, ListsAndCandidatesAreRead) {
  EXPECT_FALSE(HasAptLists("Package files:\n 100 /var/lib/dpkg/status\n     release a=now\nPinned packages:\n"));
  EXPECT_TRUE(HasAptLists("Package files:\n 500 http://example.org bookworm/main amd64 Packages\n"));
  EXPECT_THAT(InstallableByApt("a:\n  Installed: (none)\n  Candidate: 1.2\n  Version table:\n     1.2 500\n"
                               "b:\n  Installed: (none)\n  Candidate: (none)\n"),
              ElementsAre("a"));
}

}  // namespace
}  // namespace cgo_ld_shim::packages

// What Go learns of its linker under `cgo-ld-shim go`.
#include "shim/commands/toolexec.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "shim/tool_call.h"

namespace cgo_ld_shim::commands {
namespace {

using testing::ElementsAre;

TEST(ToolCallTest, IsAToolOfGosByItsPath) {
  const char* with[] = {"CGO_LD_SHIM_INTERNAL_TOOLEXEC=-", nullptr};
  const char* without[] = {"A=b", nullptr};
  const char* link[] = {"cgo-ld-shim", "/go/pkg/tool/linux_amd64/link", "-V=full"};
  const char* object[] = {"cgo-ld-shim", "/tmp/x.y/main.o", "-o"};
  const char* flag[] = {"cgo-ld-shim", "-c", "x.c"};
  EXPECT_TRUE(IsToolCall(3, link, with));
  EXPECT_FALSE(IsToolCall(3, link, without));
  EXPECT_FALSE(IsToolCall(3, object, with));
  EXPECT_FALSE(IsToolCall(3, flag, with));
  EXPECT_FALSE(IsToolCall(1, link, with));
  EXPECT_TRUE(AsksLinker(3, link));
  const char* compile[] = {"cgo-ld-shim", "/go/pkg/tool/linux_amd64/compile", "-V=full"};
  EXPECT_FALSE(AsksLinker(3, compile));
}

TEST(WithWordTest, StandsWhereGoReadsIt) {
  EXPECT_EQ(WithWord("link version go1.26.8\n", "0123"), "link version go1.26.8 0123\n");
  EXPECT_EQ(WithWord("link version go1.26.8\n", ""), "link version go1.26.8\n");
  EXPECT_EQ(WithWord("link version devel go1.27-abc buildID=a/b/c/d\n", "0123"),
            "link version devel go1.27-abc buildID=a/b/c/d-0123\n");
  EXPECT_EQ(WithWord("what?\n", "0123"), "what?\n");
}

struct Result {
  std::string flags, before;
  std::vector<std::string> args;
};
Result Add(const std::string& flags, const std::vector<std::string>& args) {
  Result result{.flags = flags, .before = "", .args = args};
  EXPECT_TRUE(AddToolexec("/usr/bin/cgo-ld-shim", &result.flags, &result.args, &result.before));
  return result;
}

TEST(AddToolexecTest, TheUsersOwnIsKeptBehindOurs) {
  const Result plain = Add("", {"go", "build"});
  EXPECT_EQ(plain.flags, "-toolexec=/usr/bin/cgo-ld-shim");
  EXPECT_EQ(plain.before, "-");
  EXPECT_THAT(plain.args, ElementsAre("go", "build"));

  const Result flags = Add("-v '-ldflags=-s -w' -toolexec=/x/garble", {"go", "build"});
  EXPECT_EQ(flags.flags, "-v '-ldflags=-s -w' -toolexec=/usr/bin/cgo-ld-shim");
  EXPECT_EQ(flags.before, "/x/garble");

  const Result line = Add("-toolexec=/x/lost", {"go", "build", "-toolexec", "garble -seed=1", "."});
  EXPECT_EQ(line.before, "garble -seed=1");
  EXPECT_THAT(line.args, ElementsAre("go", "build", "-toolexec", "/usr/bin/cgo-ld-shim", "."));

  const Result joined = Add("", {"go", "test", "--toolexec=x", ".", "-args", "-toolexec=mine"});
  EXPECT_EQ(joined.before, "x");
  EXPECT_THAT(joined.args, ElementsAre("go", "test", "-toolexec=/usr/bin/cgo-ld-shim", ".", "-args", "-toolexec=mine"));
}

TEST(AddToolexecTest, APathWithBlanksCannotBeSaid) {
  std::string flags, before;
  std::vector<std::string> args;
  EXPECT_FALSE(AddToolexec("/my programs/cgo-ld-shim", &flags, &args, &before));
  EXPECT_EQ(flags, "");
}

}  // namespace
}  // namespace cgo_ld_shim::commands

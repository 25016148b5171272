// A static program where nothing else is: a root directory with the program and five files of /etc, and a network of
// its own in which only the program answers.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kExpected[] = R"(hosts [10.9.8.7]
reverse [printer]
dns [10.1.2.3]
dns nosuch true
port 80
user 4242 /home/alice alice
group 4300 crew
groups [4242 4300]
user nosuch user: unknown user nosuch
http hello web.test
tls hello web.test
sql 42
)";

// The C library must do the look-ups: Go's own resolver would work anywhere.
const std::vector<std::string>& WithCLookUps() {
  static const auto* args = new std::vector<std::string>{"-tags", "netcgo"};
  return *args;
}

// A root directory with the program as /app.
std::string MakeRoot(const std::string& binary, const std::string& nsswitch) {
  const std::string root = MakeTempDirectory();
  WriteFiles(root, {{"etc/hosts", "127.0.0.1 localhost\n10.9.8.7 printer\n"},
                    {"etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"},
                    {"etc/passwd", "root:x:0:0:root:/root:/bin/sh\nalice:x:4242:4242:Alice:/home/alice:/bin/sh\n"},
                    {"etc/group", "root:x:0:\nalice:x:4242:\ncrew:x:4300:alice\n"}});
  if (!nsswitch.empty()) WriteText(absl::StrCat(root, "/etc/nsswitch.conf"), nsswitch);
  WriteProgram(absl::StrCat(root, "/app"), ReadText(binary));
  return root;
}

ProcessResult RunInContainer(const std::string& root) {
  return RunProgram({"unshare", "--user", "--map-root-user", "--net", "--root", root, "/app"},
                    {"GODEBUG=netdns=cgo+2", "HOME", "USER"});
}

std::string WhyNoContainer() {
  if (FindProgram("unshare").empty()) return "there is no unshare(1) here";
  const ProcessResult probe = RunProgram({"unshare", "--user", "--map-root-user", "--net", "--root", "/", "true"});
  return probe.exit_status == 0 ? "" : absl::StrCat("this machine allows no user namespaces: ", probe.error);
}

void ExpectAllWorks(const GoBuild& build, const std::string& nsswitch) {
  const ProcessResult run = RunInContainer(MakeRoot(build.binary, nsswitch));
  EXPECT_TRUE(Succeeded(run)) << "with nsswitch.conf: " << nsswitch;
  EXPECT_EQ(run.output, kExpected) << run.error;
  // net says who looked names up.
  EXPECT_THAT(run.error, HasSubstr("hostLookupOrder(db.test) = cgo"));
}

void ExpectItRunsAlone(const Environment& environment, std::vector<std::string> args) {
  if (const std::string why = WhyNoContainer(); !why.empty()) GTEST_SKIP() << why;
  args.insert(args.end(), WithCLookUps().begin(), WithCLookUps().end());
  const GoBuild build = BuildGo("container", environment, args);
  ASSERT_TRUE(Succeeded(build.go));
  EXPECT_TRUE(IsStatic(build.binary));
  ExpectAllWorks(build, "");
  ExpectAllWorks(build,
                 "passwd: files systemd\ngroup: files systemd\nhosts: files mdns4_minimal [NOTFOUND=return] dns\n");
  const ProcessResult check = RunProgram({Shim(), "check", build.binary});
  EXPECT_TRUE(Succeeded(check)) << check.output;
  EXPECT_THAT(check.output, HasSubstr("are looked up in /etc files and DNS"));
}

TEST(ContainerTest, Glibc) { ExpectItRunsAlone({}, {}); }

// The compiler works for a minute each: everything is compiled anew.
TEST(SlowContainerTest, GlibcStaticPie) { ExpectItRunsAlone({}, {"-buildmode=pie"}); }

TEST(SlowContainerTest, Musl) {
  SKIP_WITHOUT_ZIG();
  ExpectItRunsAlone({"CGO_LD_SHIM_LIBC=musl"}, {});
}

}  // namespace
}  // namespace cgo_ld_shim::e2e

// As Bazel and others run compilers: no HOME, no network, everything read-only but the output (where gcc has its
// temporary files, too), another directory each time.
#include <sys/stat.h>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/faults/small_link.h"

namespace cgo_ld_shim::faults {
namespace {

TEST(SandboxTest, WithNothingToWriteToButTheOutputTheBytesAreTheSame) {
  const SmallLink first, second;
  std::vector<std::string> programs;
  for (const SmallLink* link : {&first, &second}) {
    const std::string command =
        absl::StrCat("exec env -i PATH=/usr/bin:/bin TMPDIR=out ", e2e::Shim(), " -o out/program go/go.o go/000000.o");
    const std::string script =
        absl::StrCat("mount --make-rprivate / && mount --bind ", link->path("out"), " ", link->path("out"),
                     " && mount -o remount,bind,ro / 2>/dev/null; cd ", link->directory(), " && ", command);
    e2e::ProcessResult result = e2e::RunProgram({"unshare", "--mount", "--net", "sh", "-c", script});
    // Without the right to mount it is still without HOME, caches and TMPDIR.
    if (result.exit_status != 0 && result.error.find("unshare") != std::string::npos)
      result = e2e::RunProgram({"sh", "-c", command}, {}, link->directory());
    EXPECT_TRUE(Succeeded(result));
    EXPECT_EQ(result.error, "");
    EXPECT_EQ(e2e::RunProgram({link->output()}).output, "right\n");
    programs.push_back(e2e::ReadText(link->output()));
    EXPECT_THAT(e2e::ListFiles(link->path("out")), testing::ElementsAre("program"));
  }
  EXPECT_TRUE(programs[0] == programs[1]) << "another directory makes other bytes";
}

}  // namespace
}  // namespace cgo_ld_shim::faults

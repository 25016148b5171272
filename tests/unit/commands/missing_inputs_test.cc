// Which words of compilers and of pkg-config say that something is missing.
#include "shim/commands/missing_inputs.h"

#include <stdlib.h>

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/packages/fake_programs.h"

namespace cgo_ld_shim::commands {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Missing(const std::vector<std::string>& lines) {
  MissingInputs missing;
  for (const std::string& line : lines) missing.Read(line);
  std::vector<std::string> names;
  for (const packages::File& file : missing.files()) names.push_back(file.FileName());
  return names;
}

TEST(MissingInputsTest, ReadsHeadersThatACompilerDidNotFind) {
  EXPECT_THAT(Missing({"./main.go:4:11: fatal error: curl/curl.h: No such file or directory\n",
                       "    4 | // #include <curl/curl.h>\n", "compilation terminated.\n",
                       "./other.go:9:10: fatal error: 'seccomp.h' file not found\n",
                       "./main.go:4:11: fatal error: curl/curl.h: No such file or directory\n"}),
              ElementsAre("curl/curl.h", "seccomp.h"));
}

TEST(MissingInputsTest, ReadsPackagesThatPkgConfigDoesNotKnow) {
  EXPECT_THAT(
      Missing({"# [pkg-config --cflags  -- libfoo]\n", "Package libfoo was not found in the pkg-config search path.\n",
               "Perhaps you should add the directory containing `libfoo.pc'\n",
               "Package 'libfoo', required by 'virtual:world', not found\n",
               "Package 'inner', required by 'libfoo', not found\n"}),
      ElementsAre("libfoo.pc", "inner.pc"));
}

TEST(MissingInputsTest, NamesThePackageOfTheArchitectureThatIsBuiltFor) {
  const packages::FakePrograms programs;
  programs.Add("dpkg-query", "exit 1");
  programs.Add("dpkg", "[ $1 = --print-architecture ] && echo amd64");
  ::setenv("GOARCH", "riscv64", 1);
  MissingInputs missing;
  missing.Read("Package zlib was not found in the pkg-config search path.\n");
  EXPECT_THAT(missing.Text(), testing::HasSubstr("apt-get install zlib1g-dev:riscv64"));
  ::unsetenv("GOARCH");
  EXPECT_THAT(missing.Text(), testing::HasSubstr("apt-get install zlib1g-dev ("));
}

TEST(MissingInputsTest, TakesNothingElse) {
  MissingInputs missing;
  for (const char* line : {"open x.txt: No such file or directory\n", "./main.go:3: undefined: f\n", "\n",
                           "fatal error: all goroutines are asleep - deadlock!\n"}) {
    missing.Read(line);
  }
  EXPECT_THAT(missing.files(), IsEmpty());
  EXPECT_EQ(missing.Text(), "");
}

}  // namespace
}  // namespace cgo_ld_shim::commands

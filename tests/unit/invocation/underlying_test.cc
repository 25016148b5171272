// Which compiler a call is handed on to. Programs are empty executable files in a directory of the test's own.
#include "invocation/underlying.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace cgo_ld_shim::invocation {
namespace {

class UnderlyingTest : public testing::Test {
 protected:
  void SetUp() override {
    bin_ = testing::TempDir() + "/underlying_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(bin_);
    std::filesystem::create_directories(bin_ + "/second");
    std::filesystem::create_directories(bin_ + "/a b");
  }

  std::string Program(const std::string& name) {
    const std::string path = bin_ + "/" + name;
    std::ofstream(path) << "";
    ::chmod(path.c_str(), 0755);
    return path;
  }
  // Another name for this test's own executable.
  void Ourselves(const std::string& name) {
    char self[4096] = {};
    ASSERT_GT(::readlink("/proc/self/exe", self, sizeof self - 1), 0);
    ASSERT_EQ(::symlink(self, (bin_ + "/" + name).c_str()), 0);
  }

  // The compiler's words, with $ for the test's directory; or "error: …".
  std::vector<std::string> Find(std::vector<std::string> environment, bool cxx = false) {
    environment.push_back("PATH=relative:" + bin_ + ":" + bin_ + "/second");
    std::vector<const char*> envp;
    envp.reserve(environment.size() + 1);
    for (const std::string& entry : environment) envp.push_back(entry.c_str());
    envp.push_back(nullptr);
    UnderlyingCompiler compiler;
    if (!FindUnderlyingCompiler(envp.data(), cxx, &compiler)) return {std::string("error: ") + compiler.error};
    EXPECT_EQ(compiler.error, nullptr);
    EXPECT_EQ(compiler.words[compiler.count], nullptr);
    std::vector<std::string> words;
    for (size_t i = 0; i < compiler.count; ++i) {
      const std::string word = compiler.words[i];
      words.push_back(word.rfind(bin_, 0) == 0 ? absl::StrCat("$", word.substr(bin_.size())) : word);
    }
    return words;
  }
  std::vector<std::string> FindCxx(std::vector<std::string> environment) { return Find(std::move(environment), true); }

  std::string bin_;
};

using Strings = std::vector<std::string>;

TEST_F(UnderlyingTest, PrefersGccThenClangThenCcWhereverOnPathTheyAre) {
  Program("cc");
  EXPECT_EQ(Find({}), (Strings{"$/cc"}));
  Program("clang");
  EXPECT_EQ(Find({}), (Strings{"$/clang"}));
  Program("second/gcc");
  EXPECT_EQ(Find({}), (Strings{"$/second/gcc"}));
}

TEST_F(UnderlyingTest, PassesOverFilesThatCannotRun) {
  std::ofstream(bin_ + "/gcc") << "";
  ASSERT_EQ(::mkdir((bin_ + "/clang").c_str(), 0755), 0);
  Program("second/gcc");
  EXPECT_EQ(Find({}), (Strings{"$/second/gcc"}));
}

TEST_F(UnderlyingTest, NeverTakesItselfUnderAnotherName) {
  Ourselves("gcc");
  EXPECT_EQ(Find({})[0].rfind("error: no C compiler was found", 0), 0u);
  Program("second/gcc");
  EXPECT_EQ(Find({}), (Strings{"$/second/gcc"}));
  EXPECT_EQ(Find({"CGO_LD_SHIM_CC=gcc"}), (Strings{"$/second/gcc"}));
  EXPECT_NE(Find({"CGO_LD_SHIM_CC=" + bin_ + "/gcc"})[0].find("cgo-ld-shim itself"), std::string::npos);
}

TEST_F(UnderlyingTest, KeepsAllWordsOfCc) {
  Program("ccache");
  Program("gcc");
  EXPECT_EQ(Find({"CGO_LD_SHIM_CC=ccache gcc -m64"}), (Strings{"$/ccache", "gcc", "-m64"}));
  Program("a b/gcc");
  EXPECT_EQ(Find({"CGO_LD_SHIM_CC='" + bin_ + "/a b/gcc' -O1"}), (Strings{"$/a b/gcc", "-O1"}));
}

TEST_F(UnderlyingTest, CxxIsItsOwnSettingFirst) {
  Program("gcc");
  Program("g++");
  Program("myxx");
  EXPECT_EQ(FindCxx({"CGO_LD_SHIM_CXX=myxx", "CGO_LD_SHIM_CC=gcc"}), (Strings{"$/myxx"}));
  EXPECT_EQ(FindCxx({}), (Strings{"$/g++"}));
  EXPECT_EQ(Find({"CGO_LD_SHIM_CXX=myxx"}), (Strings{"$/gcc"}));
}

TEST_F(UnderlyingTest, CxxIsThePartnerOfCc) {
  for (const char* name : {"gcc", "g++", "ccache", "x-gcc-12", "x-g++-12", "clang-19", "clang++-19", "cc", "c++",
                           "gcc12", "g++12", "musl-gcc", "tcc", "zig", "distcc", "w-gcc-posix", "w-g++-posix"}) {
    Program(name);
  }
  struct {
    const char* cc;
    Strings cxx;
  } const kCases[] = {
      {"gcc", {"$/g++"}},
      {"x-gcc-12", {"$/x-g++-12"}},
      {"clang-19", {"$/clang++-19"}},
      {"cc", {"$/c++"}},
      {"gcc12", {"$/g++12"}},
      {"w-gcc-posix", {"$/w-g++-posix"}},
      {"ccache gcc", {"$/ccache", "g++"}},
      {"distcc x-gcc-12 -m64", {"$/distcc", "x-g++-12", "-m64"}},
      {"zig cc -target x", {"$/zig", "c++", "-target", "x"}},
      // Without a partner.
      {"musl-gcc", {"$/musl-gcc"}},
      {"tcc", {"$/tcc"}},
  };
  for (const auto& c : kCases) EXPECT_EQ(FindCxx({std::string("CGO_LD_SHIM_CC=") + c.cc}), c.cxx) << c.cc;
  EXPECT_EQ(FindCxx({"CGO_LD_SHIM_CC=" + bin_ + "/x-gcc-12"}), (Strings{"$/x-g++-12"}));
}

TEST_F(UnderlyingTest, BlankIsTheSameAsUnset) {
  Program("gcc");
  EXPECT_EQ(Find({"CGO_LD_SHIM_CC=  "}), (Strings{"$/gcc"}));
  EXPECT_EQ(Find({"CGO_LD_SHIM_CC="}), (Strings{"$/gcc"}));
}

TEST_F(UnderlyingTest, SaysWhatIsWrong) {
  struct {
    Strings environment;
    const char* message;
  } const kCases[] = {
      {{}, "none of gcc, clang, cc is in PATH"},
      {{"CGO_LD_SHIM_CC=gcc-99"}, "gcc-99, which CGO_LD_SHIM_CC names, is not in PATH"},
      {{"CGO_LD_SHIM_CC=/no/such/gcc"}, "/no/such/gcc, which CGO_LD_SHIM_CC names, is not there"},
      {{"CGO_LD_SHIM_CC=./gcc"}, "is a relative path"},
      {{"CGO_LD_SHIM_CC='gcc"}, "nothing closes the quote"},
      {{"CGO_LD_SHIM_CC=/" + std::string(9000, 'x')}, "CGO_LD_SHIM_CC is too long"},
  };
  for (const auto& c : kCases) {
    EXPECT_NE(Find(c.environment)[0].find(c.message), std::string::npos) << Find(c.environment)[0];
  }
  EXPECT_NE(FindCxx({})[0].find("set CGO_LD_SHIM_CXX"), std::string::npos);
}

TEST_F(UnderlyingTest, RefusesMoreWordsThanItHolds) {
  Program("gcc");
  std::string command = "CGO_LD_SHIM_CC=gcc";
  for (int i = 0; i < 70; ++i) command += " -g";
  EXPECT_NE(Find({command})[0].find("too long"), std::string::npos);
}

TEST(CallDepthTest, IsTheVariablesNumber) {
  const auto depth = [](const char* entry) {
    const char* const envp[] = {"PATH=/bin", entry, nullptr};
    return CallDepth(envp);
  };
  EXPECT_EQ(depth("X=1"), 0);
  EXPECT_EQ(depth("CGO_LD_SHIM_DEPTH="), 0);
  EXPECT_EQ(depth("CGO_LD_SHIM_DEPTH=0"), 0);
  EXPECT_EQ(depth("CGO_LD_SHIM_DEPTH=2"), 2);
  EXPECT_EQ(depth("CGO_LD_SHIM_DEPTH=x"), 0);
  EXPECT_GE(depth("CGO_LD_SHIM_DEPTH=99999999999999999999"), kMaxDepth);
}

}  // namespace
}  // namespace cgo_ld_shim::invocation

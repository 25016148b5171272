// Which compiler serves a build, on machines that have clang, gcc alone, or neither. Such a machine is a directory of
// links, which is all of PATH.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct Machine {
  std::string bin;
  std::string log;  // a line for each call of clang
};

// go, zig and the compilers that are named. clang is gcc in disguise, which tells when it is called.
Machine MachineWith(const std::vector<std::string>& compilers, bool zig = true) {
  Machine machine{.bin = MakeTempDirectory(), .log = MakeTempDirectory() + "/log"};
  WriteText(machine.log, "");
  const auto link = [&](const std::string& from, const std::string& name) {
    EXPECT_EQ(::symlink(from.c_str(), absl::StrCat(machine.bin, "/", name).c_str()), 0) << from << " " << name;
  };
  link(Shim(), "cgo-ld-shim");
  link(ShimCxx(), "cgo-ld-shim++");
  link(FindProgram("go"), "go");
  if (zig) link(FindProgram("zig"), "zig");
  for (const std::string& compiler : compilers) {
    if (absl::StartsWith(compiler, "g")) {
      link(FindProgram(compiler), compiler);
    } else {
      const char* real = absl::EndsWith(compiler, "++") ? "g++" : "gcc";
      WriteProgram(absl::StrCat(machine.bin, "/", compiler),
                   absl::StrCat("#!/bin/sh\necho x >> '", machine.log, "'\nexec ", FindProgram(real), " \"$@\"\n"));
    }
  }
  // Of gcc's own.
  if (!compilers.empty()) {
    for (const char* tool : {"as", "ld", "ar"}) link(FindProgram(tool), tool);
  }
  return machine;
}

ProcessResult GoBuildOn(const Machine& machine, const std::string& module, const Environment& more) {
  Environment environment = {absl::StrCat("PATH=", machine.bin)};
  environment.insert(environment.end(), more.begin(), more.end());
  return RunProgram({machine.bin + "/cgo-ld-shim", "go", "build", "-o", "program"}, environment, module);
}

// The variables of README's lines for other targets: `GOOS=darwin GOARCH=arm64 cgo-ld-shim go build` and its like.
std::vector<Environment> Targets() {
  std::vector<Environment> targets;
  const std::string readme = ReadText(absl::StrCat(CGO_LD_SHIM_SOURCE, "/README.md"));
  const std::vector<absl::string_view> pieces = absl::StrSplit(readme, '`');
  for (size_t i = 1; i < pieces.size(); i += 2) {
    absl::string_view line = pieces[i];
    if (!absl::ConsumeSuffix(&line, " cgo-ld-shim go build")) continue;
    const bool target = absl::StartsWith(line, "GO") || absl::StartsWith(line, "CGO_LD_SHIM_TARGET=");
    if (target) targets.push_back(absl::StrSplit(line, ' '));
  }
  EXPECT_GE(targets.size(), 5u)
      << "arm64, an older glibc, Windows, and macOS and FreeBSD, for which Go's own default is clang";
  return targets;
}

// The first bytes of a program for these variables.
std::string Magic(const Environment& target) {
  for (const std::string& variable : target) {
    if (variable == "GOOS=darwin") return "\xcf\xfa\xed\xfe";
    if (variable == "GOOS=windows") return "MZ";
  }
  return "\x7f"
         "ELF";
}

void BuildAllTargets(const Machine& machine) {
  const std::string module = CopyModule("hello");
  for (const Environment& target : Targets()) {
    const std::string name = absl::StrJoin(target, " ");
    ::unlink((module + "/program").c_str());
    ASSERT_TRUE(Succeeded(GoBuildOn(machine, module, target))) << name;
    EXPECT_TRUE(absl::StartsWith(ReadText(module + "/program"), Magic(target))) << name;
  }
  EXPECT_EQ(ReadText(machine.log), "") << "clang is Go's choice for macOS and FreeBSD, and nobody's here";
}

TEST(DriverTest, OtherTargetsWhereClangIsInstalled) {
  if (FindProgram("zig").empty()) GTEST_SKIP() << "no zig on PATH";
  const Machine machine = MachineWith({"clang", "clang++", "gcc", "g++"});
  BuildAllTargets(machine);
}

TEST(DriverTest, OtherTargetsWhereOnlyGccIsInstalled) {
  if (FindProgram("zig").empty()) GTEST_SKIP() << "no zig on PATH";
  BuildAllTargets(MachineWith({"gcc", "g++"}));
}

TEST(DriverTest, OtherTargetsWithoutAnyCompiler) {
  if (FindProgram("zig").empty()) GTEST_SKIP() << "no zig on PATH";
  BuildAllTargets(MachineWith({}));
}

TEST(DriverTest, ClangServesThisHostWhereItIsAloneOrSet) {
  const std::string module = CopyModule("hello");
  const Environment fresh = {absl::StrCat("GOCACHE=", MakeTempDirectory())};
  const Machine alone = MachineWith({"clang", "clang++"}, /*zig=*/false);
  ASSERT_TRUE(Succeeded(GoBuildOn(alone, module, fresh)));
  EXPECT_TRUE(IsStatic(module + "/program"));
  EXPECT_NE(ReadText(alone.log), "");
  const Machine both = MachineWith({"clang", "clang++", "gcc", "g++"}, /*zig=*/false);
  ::unlink((module + "/program").c_str());
  ASSERT_TRUE(Succeeded(GoBuildOn(both, module, fresh)));
  EXPECT_EQ(ReadText(both.log), "");
  // What go env -w keeps is a choice, too.
  const std::string go_env = MakeTempDirectory() + "/env";
  const Environment kept = {absl::StrCat("GOENV=", go_env), absl::StrCat("GOCACHE=", MakeTempDirectory())};
  ASSERT_TRUE(Succeeded(RunProgram({"go", "env", "-w", "CC=clang"}, kept)));
  ::unlink((module + "/program").c_str());
  ASSERT_TRUE(Succeeded(GoBuildOn(both, module, kept)));
  EXPECT_NE(ReadText(both.log), "");
}

TEST(DriverTest, WhatIsMissingIsNamedAsTheUserNamesIt) {
  const std::string module = CopyModule("hello");
  const Environment fresh = {absl::StrCat("GOCACHE=", MakeTempDirectory())};
  const auto said = [&](const Machine& machine, Environment environment) {
    environment.push_back(fresh[0]);
    const ProcessResult build = GoBuildOn(machine, module, environment);
    EXPECT_TRUE(Refused(build));
    return build.error;
  };
  const Machine nothing = MachineWith({}, /*zig=*/false);
  EXPECT_THAT(said(nothing, {}), AllOf(HasSubstr("no C compiler was found: none of gcc, clang, cc is in PATH"),
                                       Not(HasSubstr("CGO_LD_SHIM_CC names"))));
  EXPECT_THAT(said(nothing, {"GOOS=darwin", "GOARCH=arm64"}),
              AllOf(HasSubstr("GOOS=darwin GOARCH=arm64 needs zig"), Not(HasSubstr("clang"))));
  EXPECT_THAT(said(nothing, {"CC=clang-99"}),
              AllOf(HasSubstr("clang-99, which CC names, is not in PATH"), Not(HasSubstr("CGO_LD_SHIM_CC"))));
  EXPECT_THAT(said(nothing, {"CGO_LD_SHIM_CC=clang-99"}),
              HasSubstr("clang-99, which CGO_LD_SHIM_CC names, is not in PATH"));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e

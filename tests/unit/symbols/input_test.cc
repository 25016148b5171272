// Files are what they contain, whatever they are called.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "llvm/BinaryFormat/ELF.h"
#include "symbols/symbols.h"
#include "tests/support/archive.h"
#include "tests/support/elf.h"

namespace cgo_ld_shim::symbols {
namespace {

using ::cgo_ld_shim::test_support::MakeArchive;
using ::cgo_ld_shim::test_support::MakeObject;
using ::cgo_ld_shim::test_support::ObjectBuilder;
using ::cgo_ld_shim::test_support::SharedBuilder;
using ::testing::HasSubstr;

class InputTest : public ::testing::Test {
 protected:
  InputTest() {
    std::string pattern = ::testing::TempDir() + "/inputXXXXXX";
    directory_ = mkdtemp(pattern.data());
  }
  ~InputTest() override { std::filesystem::remove_all(directory_); }

  absl::StatusOr<InputFile> Open(const std::string& bytes) {
    const std::string path = directory_ + "/libfile.a";
    std::ofstream(path, std::ios::binary) << bytes;
    return OpenInput(path);
  }
  InputFile MustOpen(const std::string& bytes) {
    absl::StatusOr<InputFile> file = Open(bytes);
    EXPECT_TRUE(file.ok()) << file.status();
    return file.ok() ? *std::move(file) : InputFile();
  }

  std::string directory_;
};

TEST_F(InputTest, Object) {
  const InputFile file = MustOpen(ObjectBuilder().Define("f").Build());
  EXPECT_EQ(file.kind, FileKind::kObject);
  EXPECT_EQ(file.path, directory_ + "/libfile.a");
  ASSERT_NE(file.object, nullptr);
  EXPECT_EQ(file.object->definitions[0].name, "f");
}

// Above 16 KB the file is mapped, below it is read; names point into either.
TEST_F(InputTest, LargeObjectOutlivesItsFile) {
  ObjectBuilder builder;
  for (int i = 0; i < 2000; ++i) builder.Define("function_" + std::to_string(i));
  const InputFile file = MustOpen(builder.Build());
  std::filesystem::remove(file.path);
  EXPECT_EQ(file.object->definitions.back().name, "function_1999");
}

TEST_F(InputTest, Archive) {
  const InputFile file = MustOpen(MakeArchive({{"a.o", ObjectBuilder().Define("f").Build()}}));
  EXPECT_EQ(file.kind, FileKind::kArchive);
  ASSERT_NE(file.archive, nullptr);
  EXPECT_EQ(file.archive->path(), file.path);
  EXPECT_EQ(file.archive->Defining("f").size(), 1u);
  EXPECT_EQ(MustOpen("!<arch>\n").kind, FileKind::kArchive);
  EXPECT_EQ(MustOpen("!<thin>\n").kind, FileKind::kArchive);
}

TEST_F(InputTest, Shared) {
  const InputFile file = MustOpen(SharedBuilder().Soname("libx.so.1").Build());
  EXPECT_EQ(file.kind, FileKind::kShared);
  EXPECT_EQ(file.object->soname, "libx.so.1");
}

TEST_F(InputTest, LinkerScript) {
  const std::string text = "/* GNU ld script */\n# and\nGROUP ( libm-2.36.a )\n";
  EXPECT_EQ(MustOpen(text).kind, FileKind::kLinkerScript);
  EXPECT_EQ(MustOpen(text).script, text);
  EXPECT_EQ(MustOpen("SECTIONS { }").kind, FileKind::kLinkerScript) << "to be refused with a reason";
}

TEST_F(InputTest, TextThatIsNoLinkerScript) {
  for (const char* text : {"hello\n", "HELLO world\n", "/* GROUP(a)", "#!/bin/sh\nINPUT(a)\n", "<html>",
                           "{ local: *; };", "version https://git-lfs.github.com/spec/v1\n", "A(x)"}) {
    const InputFile file = MustOpen(text);
    EXPECT_EQ(file.kind, FileKind::kUnknown) << text;
    ASSERT_NE(file.object, nullptr);
    EXPECT_FALSE(file.object->what.empty());
  }
}

TEST_F(InputTest, EmptyFile) { EXPECT_EQ(MustOpen("").kind, FileKind::kEmpty); }

TEST_F(InputTest, Bitcode) { EXPECT_EQ(MustOpen(std::string("BC\xc0\xde\0\0\0\0", 8)).kind, FileKind::kBitcode); }

TEST_F(InputTest, Executable) {
  const InputFile file = MustOpen(MakeObject(
      "--- !ELF\nFileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_EXEC, Machine: EM_X86_64 }\n"));
  EXPECT_EQ(file.kind, FileKind::kUnknown);
  EXPECT_EQ(file.object->what, "an executable");
}

TEST_F(InputTest, DamageIsAnErrorWithThePath) {
  const absl::Status status = Open(ObjectBuilder().Define("f").Build().substr(0, 100)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr(directory_ + "/libfile.a: "));
}

TEST_F(InputTest, UnreadableFilesSayWhy) {
  const absl::Status missing = OpenInput(directory_ + "/none.a").status();
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(missing.message(), "cannot read " + directory_ + "/none.a: no such file or directory");
  EXPECT_THAT(std::string(OpenInput(directory_).status().message()), HasSubstr("is a directory"));
  EXPECT_EQ(OpenInput(directory_ + "/none.a/x").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace cgo_ld_shim::symbols

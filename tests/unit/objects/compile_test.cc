// Code of ours is C, whatever the program's driver takes a .c file for.
#include "objects/compile.h"

#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "objects/objects.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::objects {
namespace {

TEST(CompileTest, StubsAreCWhereTheDriverIsThatOfCxx) {
  const std::string directory = testing::TempDir() + "compile_test";
  std::filesystem::create_directories(directory);
  for (const char* driver : {"gcc", "g++"}) {
    const absl::StatusOr<std::string> object =
        CompileStubs({{.name = "udev_new", .library = "udev"}}, "stubs", {driver}, directory);
    ASSERT_TRUE(object.ok()) << object.status();
    const absl::StatusOr<symbols::InputFile> file = symbols::OpenInput(*object);
    ASSERT_TRUE(file.ok() && file->object != nullptr);
    std::vector<std::string> needs;
    for (const symbols::Reference& reference : file->object->references) needs.emplace_back(reference.name);
    EXPECT_THAT(needs, testing::UnorderedElementsAre("write", "abort")) << driver;
    ASSERT_EQ(file->object->definitions.size(), 1U);
    EXPECT_EQ(file->object->definitions[0].name, "udev_new");
  }
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace cgo_ld_shim::objects

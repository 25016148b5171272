#include "tests/e2e/gcc_tree.h"

#include <chrono>
#include <filesystem>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

namespace fs = std::filesystem;

std::string Ask(const std::string& question) {
  const std::string answer = RunProgram({"gcc", question}).output;
  return std::string(absl::StripTrailingAsciiWhitespace(answer));
}

// A C program's: neither the other languages' compilers nor sanitizers.
bool IsNeeded(const std::string& name) {
  for (const char* part : {"cc1", "collect2", "lto-wrapper", "liblto_plugin.so", "include", "include-fixed"}) {
    if (name == part) return true;
  }
  return (absl::StartsWith(name, "crt") && absl::EndsWith(name, ".o")) || absl::StartsWith(name, "libgcc") ||
         name == "libstdc++.a" || name == "libatomic.a";
}

// What of a compiler's directory is needed, to the same place below another root than /usr.
void CopyParts(const fs::path& from, const std::string& root) {
  const fs::path to = root / from.lexically_relative("/usr");
  fs::create_directories(to);
  for (const fs::directory_entry& entry : fs::directory_iterator(from)) {
    const std::string name = entry.path().filename().string();
    if (IsNeeded(name))
      fs::copy(entry.path(), to / name, fs::copy_options::recursive | fs::copy_options::skip_existing);
  }
}

}  // namespace

GccTree::GccTree() : root_(MakeTempDirectory() + "/gcc") {
  fs::create_directories(root_ + "/bin");
  fs::copy_file(fs::canonical(FindProgram("gcc")), gcc());
  const fs::path libraries = fs::path(Ask("-print-file-name=libgcc.a")).parent_path();
  CopyParts(fs::canonical(libraries), root_);
  CopyParts(fs::canonical(fs::path(Ask("-print-prog-name=cc1")).parent_path()), root_);  // libexec, or the same
  parts_ = fs::canonical(libraries).lexically_relative("/usr").string();
  fs::copy_file(Ask("-print-file-name=libc.a"), Part("libc.a"));
  AddMember("libc.a", root_);
}

std::string GccTree::Part(absl::string_view name) const { return absl::StrCat(root_, "/", parts_, "/", name); }

void GccTree::Touch() const {
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root_)) {
    if (entry.is_regular_file()) fs::last_write_time(entry.path(), entry.last_write_time() - std::chrono::hours(100));
  }
}

void GccTree::Move() {
  std::string elsewhere = MakeTempDirectory() + "/elsewhere";
  fs::rename(root_, elsewhere);
  root_ = std::move(elsewhere);
}

void GccTree::AddMember(absl::string_view archive, absl::string_view text) const {
  const std::string object = MakeTempDirectory() + "/more.o";
  Compile(object, absl::StrCat("const char cgo_ld_shim_test_member[] = \"", text, "\";\n"), {"-c"});
  EXPECT_TRUE(Succeeded(RunProgram({"ar", "q", Part(archive), object})));
}

void GccTree::AddSection(absl::string_view object) const {
  EXPECT_TRUE(
      Succeeded(RunProgram({"objcopy", "--add-section", absl::StrCat(".comment.test=", Part(object)), Part(object)})));
}

void GccTree::ChangeVersion() const {
  const std::string said = RunProgram({gcc(), "-v"}, {"LC_ALL=C"}).error;  // "gcc version 12.2.0 (Debian 12.2.0-14) "
  const size_t begin = said.find(" (", said.find("gcc version ")), end = said.find(')', begin);
  ASSERT_TRUE(begin != std::string::npos && end != std::string::npos) << said;
  std::string bytes = ReadText(gcc());
  const size_t packager = bytes.find(said.substr(begin + 1, end - begin));
  ASSERT_NE(packager, std::string::npos) << said;
  bytes[packager + end - begin - 2] = 'X';
  const fs::perms permissions = fs::status(gcc()).permissions();
  fs::remove(gcc());
  WriteText(gcc(), bytes);
  fs::permissions(gcc(), permissions);
}

}  // namespace cgo_ld_shim::e2e

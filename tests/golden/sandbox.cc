#include "tests/golden/sandbox.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"

namespace cgo_ld_shim::golden {
namespace {

namespace fs = std::filesystem;

std::vector<char*> Pointers(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

Sandbox::Sandbox() : root_("/tmp/XXXXXX") {
  static_assert(sizeof kSandbox == sizeof "/tmp/XXXXXX");
  if (::mkdtemp(root_.data()) == nullptr) {
    std::perror(root_.c_str());
    std::abort();
  }
  for (const char* directory : {"bin", "tools", "src", "tmp", "home", "b001/exe"}) {
    std::error_code error;
    fs::create_directories(Path(directory), error);
  }
}

Sandbox::~Sandbox() {
  std::error_code error;
  if (std::getenv("GOLDEN_KEEP") != nullptr) {
    std::printf("kept: %s\n", root_.c_str());
  } else {
    fs::remove_all(root_, error);
  }
}

void Sandbox::Write(const std::string& name, const File& file) const {
  const std::string path = Path(name);
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  fs::remove(path, error);
  if (!file.link.empty()) {
    fs::create_symlink(Show(file.link), path, error);
    EXPECT_FALSE(error) << path;
    return;
  }
  std::ofstream(path, std::ios::binary) << Show(file.bytes);
  if (file.executable) fs::permissions(path, fs::perms::owner_all, error);
  EXPECT_FALSE(error) << path;
}

std::string Sandbox::Read(const std::string& name) const {
  std::ifstream file(Path(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> Sandbox::List(const std::string& name) const {
  std::vector<std::string> names;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(Path(name), error))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

Run Sandbox::Execute(const std::vector<std::string>& argv, const std::vector<std::string>& environment) const {
  const std::string screen = Path("screen"), directory = Path("src");
  std::vector<std::string> all = environment;
  // Where ./dev coverage counts.
  if (const char* profile = std::getenv("LLVM_PROFILE_FILE"))
    all.push_back(std::string("LLVM_PROFILE_FILE=") + profile);
  const std::vector<char*> arguments = Pointers(argv), variables = Pointers(all);
  const pid_t child = ::fork();
  if (child == 0) {
    const int out = ::open(screen.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    if (::chdir(directory.c_str()) == 0) ::execve(arguments[0], arguments.data(), variables.data());
    ::_exit(127);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return {.screen = Read("screen"),
          .exit_status = WEXITSTATUS(status),
          .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0};
}

std::string Sandbox::Show(std::string text) const {
  absl::StrReplaceAll({{kSandbox, root_}}, &text);
  return text;
}

std::string Sandbox::Hide(std::string text) const {
  absl::StrReplaceAll({{root_, kSandbox}}, &text);
  return text;
}

}  // namespace cgo_ld_shim::golden

#include "doctor/zig_libraries.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "support/file.h"
#include "support/process.h"
#include "support/settings.h"
#include "support/temporary.h"
#include "symbols/symbols.h"
#include "target/target.h"
#include "toolchain/zig_libc.h"

namespace cgo_ld_shim::doctor {
namespace {

using toolchain::Driver;

// The file of a target that takes longest to build.
struct LibraryRow {
  const char* os;  // Go's name
  const char* file;
  const char* name;  // for people; nullptr: the C library is called as its family is
  const char* cxx;   // the C++ library's file
};
constexpr LibraryRow kLibraries[] = {
    {"linux", "libc.a", nullptr, "libc++.a"},
    {"windows", "libmingw32.lib", "mingw-w64", "c++.lib"},
    {"freebsd", "libc.so.7", "libc", "libc++.a"},
    {"netbsd", "libc.so.12", "libc", "libc++.a"},
    {"darwin", "libcompiler_rt.a", "the compiler's own library", "libc++.a"},
};

const LibraryRow* FindLibrary(const target::Triple& triple) {
  if (triple.IsLinux() && !triple.libc.IsMusl()) return nullptr;
  const auto* row = std::find_if(std::begin(kLibraries), std::end(kLibraries),
                                 [&](const LibraryRow& r) { return triple.os == r.os; });
  return row == std::end(kLibraries) ? nullptr : row;
}

std::string ZigCache() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
  };
  if (std::string cache = variable("ZIG_GLOBAL_CACHE_DIR"); !cache.empty()) return cache;
  if (const std::string cache = variable("XDG_CACHE_HOME"); !cache.empty()) return absl::StrCat(cache, "/zig");
  if (const std::string home = variable("HOME"); !home.empty()) return absl::StrCat(home, "/.cache/zig");
  return "";
}

// The libraries of all targets lie beside one another under names that are hashes: their own bytes tell.
bool IsFor(const std::string& path, const target::Triple& triple) {
  const std::string& arch = triple.arch;
  const target::Architecture* wanted = target::FindArchitecture(arch);
  if (wanted == nullptr) return false;
  const absl::StatusOr<symbols::InputFile> file = symbols::OpenInput(path);
  if (!file.ok()) return false;
  symbols::Machine machine;
  symbols::ObjectKind kind = symbols::ObjectKind::kUnknown;
  const auto take = [&](const symbols::Object& object) {
    machine = object.machine;
    kind = object.kind;
  };
  if (file->object != nullptr) take(*file->object);
  // The first member may be an index of another kind.
  const size_t members = file->archive == nullptr ? 0 : std::min<size_t>(file->archive->member_count(), 8);
  for (size_t i = 0; i < members && machine.e_machine == 0; ++i) {
    const absl::StatusOr<const symbols::Object*> object = file->archive->Load(static_cast<uint32_t>(i));
    if (object.ok()) take(**object);
  }
  const bool mach_o = kind == symbols::ObjectKind::kMachO;
  const bool big = arch == "s390x" || arch == "mips" || arch == "mips64";
  return machine.e_machine == wanted->e_machine && machine.is64 == wanted->is64 && machine.little == !big &&
         mach_o == triple.IsMacOs();
}

// zig's own cache has `file` for this target.
bool IsInZigCache(const std::string& zig, const target::Triple& triple, const char* file) {
  const std::string cache = ZigCache();
  const auto zig_identity = support::Identify(zig);
  if (cache.empty() || !zig_identity) return false;
  const std::string objects = absl::StrCat(cache, "/o");
  for (const std::string& name : support::ListDirectory(objects)) {
    const std::string path = absl::StrCat(objects, "/", name, "/", file);
    const auto identity = support::Identify(path);
    // One that is older than zig was made by another zig.
    if (identity && identity->mtime_ns >= zig_identity->mtime_ns && IsFor(path, triple)) return true;
  }
  return false;
}

// A program of one line, in a temporary directory that is removed.
absl::Status LinkTrivialProgram(const Driver& driver, bool cxx) {
  const absl::StatusOr<support::TemporaryDirectory> directory = support::TemporaryDirectory::Make();
  if (!directory.ok()) return directory.status();
  const std::string source = absl::StrCat(directory->path(), cxx ? "/main.cc" : "/main.c");
  absl::Status status = support::WriteFileAtomically(source, "int main() { return 0; }\n", 0600);
  if (status.ok()) {
    std::vector<std::string> argv = driver.words;
    argv[1] = cxx ? "c++" : "cc";
    argv.insert(argv.end(), {"-O2", source, "-o", absl::StrCat(directory->path(), "/main")});
    const absl::StatusOr<support::ProcessResult> result = support::RunProcess(argv, {.merge_stderr = true});
    if (!result.ok()) {
      status = result.status();
    } else if (result->exit_status != 0) {
      status = absl::FailedPreconditionError(absl::StrCat("zig cannot make a program for ", driver.target.text, ": it ",
                                                          support::EndText(result->exit_status, result->signal),
                                                          result->output.empty() ? "" : "\n", result->output));
    }
  }
  return status;
}

}  // namespace

bool IsPrepared(const Driver& driver, bool cxx) {
  if (driver.IsZigMusl() && toolchain::HasZigLibc({.driver = driver, .cxx = cxx})) return true;
  const LibraryRow* row = FindLibrary(driver.target);
  return row != nullptr && IsInZigCache(driver.words[0], driver.target, row->file) &&
         (!cxx || IsInZigCache(driver.words[0], driver.target, row->cxx));
}

absl::Status Prepare(const Driver& driver, bool cxx) {
  if (!driver.IsZigMusl()) return LinkTrivialProgram(driver, cxx);
  for (const bool with_cxx : {false, true}) {
    if (with_cxx && !cxx) break;
    const absl::StatusOr<toolchain::Toolchain> located = toolchain::LocateZigLibc({.driver = driver, .cxx = with_cxx});
    // Where we can keep nothing, zig links by itself, from its own cache.
    if (!located.ok()) return LinkTrivialProgram(driver, cxx);
  }
  return absl::OkStatus();
}

std::string PreparingText(const Driver& driver, const std::string& os, const std::string& arch, bool cxx) {
  const LibraryRow* row = FindLibrary(driver.target);
  std::string name = "the C library";
  if (row != nullptr) name = row->name != nullptr ? row->name : std::string(driver.target.libc.Name());
  return absl::StrCat("preparing ", cxx ? "libc++" : name, " for ", os, "/", arch, " with zig, about a minute, once");
}

void SayProgress(const char* const* envp, const std::string& line) {
  const char* pipe = support::FindVariable(envp, kProgressVariable);
  if (pipe == nullptr) return;
  // The pipe of a process that is still there; one that has gone wants no news.
  const int file = ::open(pipe, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return;
  const std::string whole = absl::StrCat(line, "\n");
  (void)!::write(file, whole.data(), whole.size());
  ::close(file);
}

void AnnouncePreparation(const char* const* envp, const Driver& driver, bool cxx) {
  if (support::FindVariable(envp, kProgressVariable) == nullptr || FindLibrary(driver.target) == nullptr ||
      IsPrepared(driver, cxx))
    return;
  const target::Target target = target::Infer(envp);
  SayProgress(envp, PreparingText(driver, target.os, target.arch, cxx));
}

}  // namespace cgo_ld_shim::doctor

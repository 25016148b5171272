#include "doctor/zig_libc.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "support/file.h"
#include "support/process.h"
#include "support/settings.h"
#include "symbols/symbols.h"
#include "target/target.h"

namespace cgo_ld_shim::doctor {
namespace {

// The file of a target that takes longest to build, by what the triple says of the system.
struct LibraryRow {
  const char* system;  // a part of the triple
  const char* file;
  const char* name;  // for people
};
constexpr LibraryRow kLibraries[] = {
    {"-musl", "libc.a", "musl"},
    {"-windows", "libmingw32.lib", "mingw-w64"},
    {"-freebsd", "libc.so.7", "libc"},
    {"-netbsd", "libc.so.12", "libc"},
    {"-macos", "libcompiler_rt.a", "the compiler's own library"},
};

const LibraryRow* FindLibrary(const std::string& triple) {
  const auto* row = std::find_if(std::begin(kLibraries), std::end(kLibraries),
                                 [&](const LibraryRow& r) { return absl::StrContains(triple, r.system); });
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
bool IsFor(const std::string& path, const std::string& triple) {
  const std::string arch(target::ArchOfTriple(triple));
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
         mach_o == absl::StrContains(triple, "-macos");
}

}  // namespace

std::string ZigLibcName(const std::string& triple) {
  const LibraryRow* row = FindLibrary(triple);
  return row == nullptr ? "the C library" : row->name;
}

bool ZigLibcBuilt(const std::string& zig, const std::string& triple) {
  const LibraryRow* row = FindLibrary(triple);
  const std::string cache = ZigCache();
  const auto zig_identity = support::Identify(zig);
  if (row == nullptr || cache.empty() || !zig_identity) return false;
  const std::string objects = absl::StrCat(cache, "/o");
  for (const std::string& name : support::ListDirectory(objects)) {
    const std::string path = absl::StrCat(objects, "/", name, "/", row->file);
    const auto identity = support::Identify(path);
    // One that is older than zig was made by another zig.
    if (identity && identity->mtime_ns >= zig_identity->mtime_ns && IsFor(path, triple)) return true;
  }
  return false;
}

absl::Status PrepareZigLibc(const std::string& zig, const std::string& triple) {
  const char* base = std::getenv("TMPDIR");
  std::string directory = absl::StrCat(base != nullptr && base[0] == '/' ? base : "/tmp", "/cgo-ld-shim-XXXXXX");
  if (::mkdtemp(directory.data()) == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot make a temporary directory ", directory, ": ", support::ErrnoText(errno)));
  }
  const std::string source = absl::StrCat(directory, "/main.c"), output = absl::StrCat(directory, "/main");
  absl::Status status = support::WriteFileAtomically(source, "int main(void) { return 0; }\n", 0600);
  if (status.ok()) {
    std::vector<std::string> argv = {zig, "cc", "-target", triple, "-O2", "-fno-sanitize=undefined"};
    // As a link of ours is: the library of a static program may be another than that of a dynamic one.
    if (absl::StrContains(triple, "-linux-")) argv.emplace_back("-static");
    argv.insert(argv.end(), {source, "-o", output});
    const absl::StatusOr<support::ProcessResult> result = support::RunProcess(argv, {.merge_stderr = true});
    if (!result.ok()) {
      status = result.status();
    } else if (result->exit_status != 0) {
      status =
          absl::FailedPreconditionError(absl::StrCat("zig cannot make a program for ", triple, ":\n", result->output));
    }
  }
  for (const std::string& name : support::ListDirectory(directory))
    ::unlink(absl::StrCat(directory, "/", name).c_str());
  ::rmdir(directory.c_str());
  return status;
}

std::string PreparingText(const std::string& triple, const std::string& os, const std::string& arch) {
  return absl::StrCat("preparing ", ZigLibcName(triple), " for ", os, "/", arch, " with zig, about a minute, once");
}

void AnnouncePreparation(const char* const* envp, const std::vector<std::string>& argv) {
  const char* pipe = support::FindVariable(envp, kProgressVariable);
  if (pipe == nullptr) return;
  const auto option = std::find(argv.begin(), argv.end(), "-target");
  if (option == argv.end() || option + 1 == argv.end()) return;
  const std::string& triple = *(option + 1);
  if (FindLibrary(triple) == nullptr || ZigLibcBuilt(argv[0], triple)) return;
  const target::Target target = target::Infer(envp);
  const std::string line = absl::StrCat(PreparingText(triple, target.os, target.arch), "\n");
  // The pipe of a process that is still there; one that has gone wants no news.
  const int file = ::open(pipe, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return;
  (void)!::write(file, line.data(), line.size());
  ::close(file);
}

}  // namespace cgo_ld_shim::doctor

#include "toolchain/zig_libc.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "llvm/Support/xxhash.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/process.h"
#include "support/sealed.h"
#include "support/temporary.h"
#include "toolchain/cache.h"
#include "toolchain/runtime_libraries.h"
#include "toolchain/version_question.h"

namespace cgo_ld_shim::toolchain {
namespace {

// Raise it when what a directory holds changes.
constexpr int kFormat = 7;
constexpr char kInput[] = "cgo_ld_shim_input.o";
constexpr char kToolchain[] = "toolchain.json", kSums[] = "sums", kPlace[] = "place";
constexpr char kOutput[] = "cgo_ld_shim_output";
// Stands in kToolchain for the directory itself, which may be moved: to another machine, say.
constexpr char kHere[] = "{directory}";

// The same line with its files in another directory.
LinkLine Moved(LinkLine line, const std::string& from, const std::string& to) {
  for (std::vector<std::string>* words : {&line.first_objects, &line.last, &line.library_dirs}) {
    for (std::string& word : *words) {
      if (absl::StartsWith(word, from)) word.replace(0, from.size(), to);
    }
  }
  return line;
}

// Which zig it is, whatever its path and its time are: a release's executables differ in their size and their ends. A
// script that starts one is known by its place and time alone.
std::string ZigIdentity(const std::string& path) {
  constexpr uint64_t kPart = 65536;
  const std::optional<support::FileIdentity> id = support::Identify(path);
  if (!id) return path;
  const auto part = [&](uint64_t from) {
    std::string bytes(kPart, '\0');
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const ssize_t size = fd < 0 ? 0 : ::pread(fd, bytes.data(), kPart, static_cast<off_t>(from));
    if (fd >= 0) ::close(fd);
    bytes.resize(static_cast<size_t>(std::max<ssize_t>(size, 0)));
    return bytes;
  };
  const std::string first = part(0);
  if (!absl::StartsWith(first, "\177ELF")) return absl::StrCat(path, " ", id->size, ",", id->mtime_ns);
  const std::string last = part(id->size > kPart ? id->size - kPart : 0);
  return absl::StrFormat("%d %016x %016x", id->size, llvm::xxh3_64bits(llvm::StringRef(first)),
                         llvm::xxh3_64bits(llvm::StringRef(last)));
}

std::string CacheKey(const ZigLibcRequest& request) {
  std::string text =
      absl::StrCat(kFormat, " ", CGO_LD_SHIM_VERSION, "\n", request.cxx, request.mode == LinkMode::kStaticPie, "\n");
  // "cc" or "c++" is all the same: what is asked for is said by `cxx`.
  for (size_t i = 2; i < request.driver.words.size(); ++i) absl::StrAppend(&text, request.driver.words[i], "\n");
  absl::StrAppend(&text, absl::StrJoin(request.flags, "\n"), "\n", ZigIdentity(request.driver.words[0]));
  return absl::StrFormat("%016x", llvm::xxh3_64bits(llvm::StringRef(text)));
}

// Parallel first builds: one asks zig, the others wait for it. The kernel lets go when the process ends, however it
// ends.
class Lock {
 public:
  explicit Lock(const std::string& path) : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    while (fd_ >= 0 && ::flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~Lock() {
    if (fd_ >= 0) ::close(fd_);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  int fd_;
};

// What a process that was killed has left, with zig's cache perhaps some hundred megabytes.
void RemoveLeftovers(const std::string& parent) {
  for (const std::string& name : support::ListDirectory(parent)) {
    const std::string path = absl::StrCat(parent, "/", name);
    struct stat status;
    if (!absl::StartsWith(name, "cgo-ld-shim-") || ::stat(path.c_str(), &status) != 0) continue;
    constexpr time_t kDay = 24 * 60 * 60;
    std::error_code ignored;
    if (::time(nullptr) - status.st_mtime > kDay) std::filesystem::remove_all(path, ignored);
  }
}

absl::Status Copy(const std::string& from, const std::string& to) {
  std::error_code error;
  std::filesystem::copy_file(from, to, error);
  if (error) return absl::FailedPreconditionError(absl::StrCat("cannot copy ", from, ": ", error.message()));
  // Not zig's own mode: a umask of 002 leaves files that a group may write to, and those are not read back.
  // And its content reaches the disk before its directory gets the name under which it is read.
  const int fd = ::open(to.c_str(), O_RDONLY | O_CLOEXEC);
  const bool changed = fd >= 0 && ::fchmod(fd, 0600) == 0 && (::fdatasync(fd) == 0 || errno == EINVAL);
  const int reason = errno;
  if (fd >= 0) ::close(fd);
  if (changed) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("cannot write ", to, ": ", support::ErrnoText(reason)));
}

// One link of an empty object by zig, in a directory of its own: zig writes paths relative to the working directory
// when its cache lies below it.
absl::StatusOr<LinkLine> AskZig(const ZigLibcRequest& request, const std::string& directory, bool private_cache) {
  std::vector<std::string> compiler = request.driver.words;
  compiler[1] = request.cxx ? "c++" : "cc";
  compiler.insert(compiler.end(), request.flags.begin(), request.flags.end());
  std::vector<std::string> environment = {"ZIG_VERBOSE_LINK=1", "LC_ALL=C"};
  if (private_cache) environment.push_back(absl::StrCat("ZIG_GLOBAL_CACHE_DIR=", directory, "/zig-cache"));
  const support::ProcessOptions options{
      .environment = environment, .working_directory = directory, .merge_stderr = true};
  if (absl::Status written =
          support::WriteFileAtomically(absl::StrCat(directory, "/input.c"), "int main(void) { return 0; }\n", 0600);
      !written.ok()) {
    return written;
  }
  std::string said;
  const auto run = [&](std::vector<std::string> more) -> absl::Status {
    std::vector<std::string> argv = compiler;
    argv.insert(argv.end(), more.begin(), more.end());
    const absl::StatusOr<support::ProcessResult> result = support::RunProcess(argv, options);
    if (!result.ok()) return result.status();
    said = result->output;
    if (result->exit_status == 0) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat("zig ", support::EndText(result->exit_status, result->signal),
                                                      ": ", absl::StrJoin(argv, " "),
                                                      result->output.empty() ? "" : "\n", result->output));
  };
  if (absl::Status status = run({"-x", "c", "-c", "-O2", "-o", kInput, "input.c"}); !status.ok()) return status;
  // -O2 and no sanitizer: the libraries of an optimised build, without zig's own UBSan runtime.
  std::vector<std::string> link = {"-O2", "-fno-sanitize=undefined", "-lunwind", "-o", kOutput, kInput, "-static"};
  if (request.mode == LinkMode::kStaticPie) link.push_back("-pie");
  if (absl::Status status = run(link); !status.ok()) return status;
  return ParseZigLinkLine(said, kInput);
}

// Asks zig, and copies what its line names to `directory`/files.
absl::StatusOr<Toolchain> Learn(const ZigLibcRequest& request, const std::string& directory) {
  absl::StatusOr<LinkLine> asked = AskZig(request, directory, /*private_cache=*/false);
  // zig does not recover when its own cache has lost a file; a fresh one beside it works.
  if (!asked.ok()) asked = AskZig(request, directory, /*private_cache=*/true);
  if (!asked.ok()) return asked.status();
  Toolchain toolchain{.driver = request.driver.words,
                      .machine = request.driver.target,
                      .libc = {.family = target::LibcFamily::kMusl},
                      .line = *std::move(asked),
                      .libcxx = true};
  const std::string files = absl::StrCat(directory, "/files");
  if (::mkdir(files.c_str(), 0700) != 0) {
    return absl::FailedPreconditionError(absl::StrCat("cannot make ", files, ": ", support::ErrnoText(errno)));
  }
  const auto take = [&](std::vector<std::string>* paths, bool keep) -> absl::Status {
    for (std::string& path : *paths) {
      const std::string copy = absl::StrCat(files, "/", support::BaseName(path));
      if (absl::Status copied = Copy(support::Absolute(path, directory), copy); !copied.ok()) return copied;
      path = copy;
    }
    if (!keep) paths->clear();
    return absl::OkStatus();
  };
  if (absl::Status status = take(&toolchain.line.first_objects, true); !status.ok()) return status;
  if (absl::Status status = take(&toolchain.line.last, true); !status.ok()) return status;
  // What C++ and unwinding need is added by the resolver, where symbols ask for it, and said so.
  std::erase_if(toolchain.line.last, [](const std::string& path) {
    return absl::EndsWith(path, "/libc++.a") || absl::EndsWith(path, "/libc++abi.a") ||
           absl::EndsWith(path, "/libunwind.a");
  });
  // They need one another: musl's libc calls compiler_rt, which calls memcpy.
  toolchain.line.last.insert(toolchain.line.last.begin(), "--start-group");
  toolchain.line.last.emplace_back("--end-group");
  // musl has these in libc.a, zig in compiler_rt and libunwind, and libc++ stands for libstdc++: an empty archive
  // answers the name, as in musl's own installation, and the resolver brings what symbols need.
  for (const RuntimeLibrary& library : RuntimeLibraries()) {
    if (!library.IsEmptyForMusl()) continue;
    if (absl::Status status =
            support::WriteFileAtomically(absl::StrCat(files, "/lib", library.name, ".a"), "!<arch>\n", 0600);
        !status.ok()) {
      return status;
    }
  }
  toolchain.line.library_dirs = {files};
  std::vector<std::string> ask = request.driver.words;
  ask.insert(ask.end(), {"-###", "-x", "c", "-c", "-"});
  if (const auto version = AskForVersion(ask, {"LC_ALL=C"}); version.ok()) {
    toolchain.version = VersionLine(version->output);
  }
  return toolchain;
}

// A line for each file of `directory` that a link may read: a hash of its bytes, and its name.
std::string Sums(const std::string& directory) {
  std::string sums;
  for (const std::string& name : support::ListDirectory(directory)) {
    if (name == kSums || name == kPlace) continue;
    const absl::StatusOr<std::string> bytes = support::ReadFile(absl::StrCat(directory, "/", name));
    absl::StrAppend(&sums, bytes.ok() ? absl::StrFormat("%016x", llvm::xxh3_64bits(llvm::StringRef(*bytes))) : "", " ",
                    name, "\n");
  }
  return sums;
}

bool IsAsWritten(const std::string& directory) {
  const absl::StatusOr<std::string> sums = support::ReadSealed(absl::StrCat(directory, "/", kSums));
  return sums.ok() && *sums == Sums(directory);
}

// Where the directory is, so that one that has been moved or copied is known, and its files' sizes and times. The inode
// counts too: an archive of it is unpacked at the same path elsewhere.
std::string Place(const std::string& directory) {
  struct stat status;
  if (::stat(directory.c_str(), &status) != 0) return "";
  std::string place = absl::StrCat(directory, " ", status.st_dev, " ", status.st_ino, "\n");
  for (const std::string& name : support::ListDirectory(directory)) {
    const auto id = support::Identify(absl::StrCat(directory, "/", name));
    if (name != kPlace && id) absl::StrAppend(&place, name, " ", id->size, ",", id->mtime_ns, "\n");
  }
  return place;
}

// True for one that was made here, or whose every byte has arrived. Where that cannot be noted, the next one asks
// again.
bool HasArrived(const std::string& directory) {
  const std::string note = absl::StrCat(directory, "/", kPlace), place = Place(directory);
  const absl::StatusOr<std::string> noted = support::ReadSealed(note);
  if (noted.ok() && *noted == place) return true;
  if (!IsAsWritten(directory)) return false;
  support::WriteSealed(note, place).IgnoreError();
  return true;
}

std::optional<Toolchain> ReadKept(const std::string& directory) {
  if (!support::IsOurs(support::DirectoryName(directory)) || !support::IsOurs(directory)) return std::nullopt;
  const absl::StatusOr<std::string> text = support::ReadSealed(absl::StrCat(directory, "/", kToolchain));
  if (!text.ok()) return std::nullopt;
  std::optional<Toolchain> kept = Deserialize(*text, KeptFiles::kCheckedByOther);
  if (!kept) return std::nullopt;
  kept->line = Moved(std::move(kept->line), kHere, directory);
  // Somebody may have deleted a part of the cache.
  const auto is_there = [](const std::string& word) { return absl::StartsWith(word, "-") || support::IsOurs(word); };
  for (const std::vector<std::string>* words : {&kept->line.first_objects, &kept->line.last}) {
    if (!std::all_of(words->begin(), words->end(), is_there)) return std::nullopt;
  }
  if (!HasArrived(directory)) return std::nullopt;
  kept->kept = true;
  return kept;
}

}  // namespace

absl::StatusOr<LinkLine> ParseZigLinkLine(absl::string_view output, absl::string_view input) {
  std::vector<std::string> words;
  // zig links crt files of its own first (-r); ours is the last line that has the input.
  for (absl::string_view text : absl::StrSplit(output, '\n')) {
    std::vector<std::string> line = absl::StrSplit(text, ' ', absl::SkipEmpty());
    if (line.empty() || line[0] != "ld.lld") continue;
    const bool has_input = std::any_of(line.begin(), line.end(), [&](const std::string& word) {
      return word == input || absl::EndsWith(word, absl::StrCat("/", input));
    });
    if (has_input) words = std::move(line);
  }
  if (words.empty()) return absl::FailedPreconditionError("zig printed no linker line (ZIG_VERBOSE_LINK)");
  LinkLine parsed;
  bool behind_input = false;
  for (size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == input || absl::EndsWith(word, absl::StrCat("/", input))) {
      behind_input = true;
    } else if (word == "-o" || word == "-mllvm") {
      ++i;
    } else if (absl::EndsWith(word, ".o") && !absl::StartsWith(word, "-")) {
      if (!behind_input) parsed.first_objects.push_back(word);
      if (behind_input) return absl::FailedPreconditionError(absl::StrCat("zig links ", word, " after the inputs"));
    } else if (absl::EndsWith(word, ".a") && !absl::StartsWith(word, "-")) {
      parsed.last.push_back(word);
    } else if (word == "--as-needed" || word == "-L/" || word == "--gc-sections" || absl::StartsWith(word, "-O") ||
               absl::StartsWith(word, "--error-limit") || absl::StartsWith(word, "--image-base=") ||
               absl::StartsWith(word, "--build-id")) {
      // Defaults of zig's that are Go's to choose, or mean nothing without shared libraries.
    } else if (absl::StartsWith(word, "-") ||
               (!parsed.options.empty() && (parsed.options.back() == "-m" || parsed.options.back() == "-z" ||
                                            parsed.options.back() == "--entry"))) {
      parsed.options.push_back(word);
    } else {
      return absl::FailedPreconditionError(absl::StrCat("zig's linker line has a word of unknown meaning: ", word));
    }
  }
  if (parsed.first_objects.empty() || parsed.last.empty()) {
    return absl::FailedPreconditionError("zig's linker line has no crt file or no libraries");
  }
  return parsed;
}

bool HasZigLibc(const ZigLibcRequest& request) {
  const std::optional<std::string> cache = support::CacheDirectory();
  return cache && ReadKept(absl::StrCat(*cache, "/zig/", CacheKey(request))).has_value();
}

absl::StatusOr<Toolchain> LocateZigLibc(const ZigLibcRequest& request) {
  const std::optional<std::string> cache = support::CacheDirectory();
  if (!cache) return absl::FailedPreconditionError("there is no writable cache directory");
  const std::string key = CacheKey(request), parent = absl::StrCat(*cache, "/zig");
  const std::string directory = absl::StrCat(parent, "/", key);
  const auto find_kept = [&] {
    std::optional<Toolchain> kept = ReadKept(directory);
    if (kept && request.anew && !IsAsWritten(directory)) kept.reset();
    if (kept) kept->driver = request.driver.words;
    return kept;
  };
  if (std::optional<Toolchain> kept = find_kept()) return *std::move(kept);
  if (::mkdir(parent.c_str(), 0700) != 0 && errno != EEXIST) {
    return absl::FailedPreconditionError(absl::StrCat("cannot make ", parent, ": ", support::ErrnoText(errno)));
  }
  const Lock lock(absl::StrCat(parent, "/.lock-", key));
  if (std::optional<Toolchain> kept = find_kept()) return *std::move(kept);
  RemoveLeftovers(parent);
  const absl::StatusOr<support::TemporaryDirectory> work = support::TemporaryDirectory::Make(parent);
  if (!work.ok()) return work.status();
  absl::StatusOr<Toolchain> learned = Learn(request, work->path());
  if (!learned.ok()) return learned;
  // Complete before it gets its name, under which others read it without the lock.
  const std::string files = absl::StrCat(work->path(), "/files");
  learned->line = Moved(std::move(learned->line), files, kHere);
  if (absl::Status written = support::WriteSealed(absl::StrCat(files, "/", kToolchain), Serialize(*learned));
      !written.ok()) {
    return written;
  }
  if (absl::Status written = support::WriteSealed(absl::StrCat(files, "/", kSums), Sums(files)); !written.ok())
    return written;
  std::error_code ignored;
  std::filesystem::remove_all(directory, ignored);  // what is left of one that lost files
  if (::rename(files.c_str(), directory.c_str()) != 0) {
    return absl::FailedPreconditionError(absl::StrCat("cannot make ", directory, ": ", support::ErrnoText(errno)));
  }
  support::WriteSealed(absl::StrCat(directory, "/", kPlace), Place(directory)).IgnoreError();
  std::optional<Toolchain> kept = ReadKept(directory);
  if (!kept) return absl::FailedPreconditionError(absl::StrCat(directory, " was changed while it was made"));
  kept->driver = request.driver.words;
  kept->kept = false;
  return *std::move(kept);
}

}  // namespace cgo_ld_shim::toolchain

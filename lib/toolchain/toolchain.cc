#include "toolchain/toolchain.h"

#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/xxhash.h"
#include "support/file.h"
#include "support/process.h"
#include "support/sealed.h"
#include "toolchain/cache.h"
#include "toolchain/version_question.h"

namespace cgo_ld_shim::toolchain {
namespace {

using target::LibcFamily;

// Raised whenever what is kept changes its meaning.
constexpr int kCacheFormat = 5;

// Variables that gcc, clang and the wrappers of Nix and conda read when they make a link line.
constexpr const char* kDriverVariables[] = {
    "LIBRARY_PATH", "COMPILER_PATH",   "GCC_EXEC_PREFIX",      "SYSROOT", "CONDA_PREFIX", "NIX_LDFLAGS",
    "NIX_CC",       "NIX_CFLAGS_LINK", "CCC_OVERRIDE_OPTIONS", "REALGCC"};

std::string CacheKey(const LocateRequest& request) {
  std::string text =
      absl::StrCat(kCacheFormat, "\n", CGO_LD_SHIM_VERSION, "\n", static_cast<int>(request.mode), "\n",
                   absl::StrJoin(request.driver, "\n"), "\n\n", absl::StrJoin(request.flags, "\n"), "\n");
  // Every word of the driver that is a file: in `ccache /opt/gcc` the second one decides.
  for (const std::string& word : request.driver) {
    if (const auto identity = support::Identify(word))
      absl::StrAppend(&text, identity->size, " ", identity->mtime_ns, "\n");
  }
  for (const char* name : kDriverVariables) {
    if (const char* value = std::getenv(name)) absl::StrAppend(&text, name, "=", value, "\n");
  }
  return absl::StrFormat("%016x", llvm::xxh3_64bits(llvm::StringRef(text)));
}

llvm::json::Array ToArray(const std::vector<std::string>& words) {
  llvm::json::Array array;
  for (const std::string& word : words) array.push_back(llvm::json::fixUTF8(word));
  return array;
}

bool FromArray(const llvm::json::Object& object, llvm::StringRef key, std::vector<std::string>* words) {
  const llvm::json::Array* array = object.getArray(key);
  if (array == nullptr) return false;
  for (const llvm::json::Value& value : *array) {
    const auto text = value.getAsString();
    if (!text) return false;
    words->push_back(text->str());
  }
  return true;
}

// Where a word of a link line leads: the file itself, or the archive of -lNAME in the line's directories. Empty: an
// option, or a library that is not there.
std::string FileOf(const std::string& word, const LinkLine& line) {
  if (!absl::StartsWith(word, "-")) return word;
  if (!absl::StartsWith(word, "-l") || word.size() == 2) return "";
  for (const std::string& directory : line.library_dirs) {
    std::string path = absl::StrCat(directory, "/lib", word.substr(2), ".a");
    if (support::IsRegularFile(path)) return path;
  }
  return "";
}

// Sizes and times of all files that a kept link line names: when one changes, comes or goes, the line is learned again.
std::string FilesState(const LinkLine& line) {
  std::string state;
  for (const std::vector<std::string>* words : {&line.first_objects, &line.last}) {
    for (const std::string& word : *words) {
      const std::string path = FileOf(word, line);
      const auto identity = path.empty() ? std::nullopt : support::Identify(path);
      absl::StrAppend(&state, identity ? identity->size : 0, ",", identity ? identity->mtime_ns : 0, ";");
    }
  }
  return state;
}

// An answer that was given in a bad moment: gcc names a start file that is not there by its bare name, and says nothing
// of what is wrong. It is good for this call, whose link will say what is missing, and for no later one.
bool IsWhole(const Toolchain& toolchain) {
  if (toolchain.version.empty() || toolchain.machine.empty()) return false;
  for (const std::vector<std::string>* words : {&toolchain.line.first_objects, &toolchain.line.last}) {
    for (const std::string& word : *words) {
      if (!absl::StartsWith(word, "-") && !support::IsRegularFile(word)) return false;
    }
  }
  return true;
}

}  // namespace

std::string Serialize(const Toolchain& toolchain) {
  llvm::json::Object object{{"version", llvm::json::fixUTF8(toolchain.version)},
                            {"machine", toolchain.machine.text},
                            {"libc", toolchain.libc.ToString()},
                            {"opaque", toolchain.opaque},
                            {"libcxx", toolchain.libcxx},
                            {"files", FilesState(toolchain.line)},
                            {"options", ToArray(toolchain.line.options)},
                            {"first_objects", ToArray(toolchain.line.first_objects)},
                            {"library_dirs", ToArray(toolchain.line.library_dirs)},
                            {"last", ToArray(toolchain.line.last)}};
  std::string text;
  llvm::raw_string_ostream(text) << llvm::json::Value(std::move(object));
  return text;
}

std::optional<Toolchain> Deserialize(const std::string& text, KeptFiles files) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (!value) {
    llvm::consumeError(value.takeError());
    return std::nullopt;
  }
  const llvm::json::Object* object = value->getAsObject();
  if (object == nullptr) return std::nullopt;
  Toolchain toolchain;
  toolchain.version = object->getString("version").value_or("").str();
  toolchain.machine = target::ParseTriple(object->getString("machine").value_or("").str());
  toolchain.libc = target::ParseLibc(object->getString("libc").value_or("").str());
  toolchain.opaque = object->getBoolean("opaque").value_or(false);
  toolchain.libcxx = object->getBoolean("libcxx").value_or(false);
  if (!FromArray(*object, "options", &toolchain.line.options) ||
      !FromArray(*object, "first_objects", &toolchain.line.first_objects) ||
      !FromArray(*object, "library_dirs", &toolchain.line.library_dirs) ||
      !FromArray(*object, "last", &toolchain.line.last) ||
      (files == KeptFiles::kAsTheyWere &&
       object->getString("files").value_or("") != llvm::StringRef(FilesState(toolchain.line)))) {
    return std::nullopt;
  }
  return toolchain;
}

namespace {

// The version of glibc from the banner that glibc puts into libc.a ("GNU C Library (Debian …) stable release
// version 2.36"); musl has none.
target::Libc DescribeLibc(const std::string& libc_a) {
  absl::StatusOr<std::string> bytes = support::ReadFile(libc_a);
  if (!bytes.ok()) return {};
  static constexpr char kBanner[] = "GNU C Library ";
  static constexpr char kVersion[] = "version ";
  const size_t banner = bytes->find(kBanner);
  if (banner == std::string::npos) return {.family = LibcFamily::kMusl};
  const size_t version = bytes->find(kVersion, banner);
  if (version == std::string::npos || version > banner + 200) return {.family = LibcFamily::kGlibc};
  size_t end = version + sizeof kVersion - 1;
  std::string number;
  while (end < bytes->size() && ((*bytes)[end] == '.' || ((*bytes)[end] >= '0' && (*bytes)[end] <= '9'))) {
    number += (*bytes)[end++];
  }
  while (absl::EndsWith(number, ".")) number.pop_back();
  return {.family = LibcFamily::kGlibc, .version = number};
}

// True when the libc that the link line found cannot be the one of the machine that the driver names. zig writes
// versions into its triples ("x86_64-linux6.1-gnu2.36").
bool IsOpaque(const Toolchain& toolchain) {
  const target::Triple& machine = toolchain.machine;
  if (machine.libc.IsMusl() && !toolchain.libc.IsMusl()) return true;
  return machine.IsLinux() && (!machine.os_version.empty() || !machine.libc.version.empty());
}

// A position-independent program without a loader relocates itself: that is what rcrt1.o is for. musl-gcc's specs name
// the start file of dynamic programs for it, and say neither that there is no loader nor that code is not written.
absl::Status StartWithoutLoader(LinkLine* line) {
  constexpr absl::string_view kDynamic = "/Scrt1.o", kStatic = "/rcrt1.o";
  for (std::string& object : line->first_objects) {
    if (!absl::EndsWith(object, kDynamic)) continue;
    const std::string start = absl::StrCat(object.substr(0, object.size() - kDynamic.size()), kStatic);
    if (!support::IsRegularFile(start)) {
      return absl::FailedPreconditionError(
          absl::StrCat("this compiler has no start file for a position-independent static program: there is no ", start,
                       "; without -buildmode=pie it needs none"));
    }
    object = start;
    for (const char* option : {"-static", "--no-dynamic-linker", "-ztext"}) line->options.emplace_back(option);
  }
  return absl::OkStatus();
}

// Of what a compiler prints under -###, which is two screens, the lines that say what it does not like; all of it where
// no line says so.
std::string Errors(absl::string_view output) {
  std::vector<absl::string_view> lines = absl::StrSplit(output, '\n');
  std::erase_if(lines, [](absl::string_view line) { return !absl::StrContains(line, "error: "); });
  return lines.empty() ? std::string(output) : absl::StrJoin(lines, "\n");
}

absl::StatusOr<Toolchain> Learn(const LocateRequest& request) {
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> argv = request.driver;
    argv.insert(argv.end(), more.begin(), more.end());
    return argv;
  };
  const support::ProcessOptions plain{.environment = {"LC_ALL=C"}, .merge_stderr = true};
  Toolchain toolchain;

  std::vector<std::string> ask = with(request.flags);
  ask.push_back(request.mode == LinkMode::kStaticPie ? "-static-pie" : "-static");
  for (const char* word : {"-###", "-o", "CGO_LD_SHIM_OUT", "/dev/null"}) ask.push_back(word);
  absl::StatusOr<support::ProcessResult> line = support::RunProcess(ask, plain);
  if (!line.ok()) return line.status();
  if (line->exit_status != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("the compiler was asked how it links and ", support::EndText(line->exit_status, line->signal),
                     ": ", absl::StrJoin(ask, " "), line->output.empty() ? "" : "\n", Errors(line->output)));
  }
  absl::StatusOr<LinkLine> parsed = ParseLinkLine(line->output);
  if (!parsed.ok()) return parsed.status();
  toolchain.line = *std::move(parsed);
  if (request.mode == LinkMode::kStaticPie) {
    if (absl::Status start = StartWithoutLoader(&toolchain.line); !start.ok()) return start;
  }

  absl::StatusOr<support::ProcessResult> version =
      AskForVersion(with({"-###", "-x", "c", "-c", "-"}), plain.environment);
  if (version.ok()) toolchain.version = VersionLine(version->output);
  absl::StatusOr<support::ProcessResult> machine = support::RunProcess(with({"-dumpmachine"}), plain);
  if (machine.ok() && machine->exit_status == 0) {
    toolchain.machine = target::ParseTriple(absl::StripTrailingAsciiWhitespace(machine->output));
  }
  if (const auto libc_a = toolchain.FindArchive("c")) toolchain.libc = DescribeLibc(*libc_a);
  toolchain.opaque = IsOpaque(toolchain);
  if (toolchain.opaque) {
    toolchain.line = {};
    toolchain.libc = {.family = toolchain.machine.libc.IsMusl() ? LibcFamily::kMusl : LibcFamily::kNone};
  }
  return toolchain;
}

std::optional<std::string> Find(const std::vector<std::string>& directories, absl::string_view file) {
  for (const std::string& directory : directories) {
    std::string path = absl::StrCat(directory, "/", file);
    if (support::MayBeRegularFile(path)) return path;
  }
  return std::nullopt;
}

}  // namespace

bool Has32BitLibc(const std::vector<std::string>& driver) {
  const absl::StatusOr<Toolchain> toolchain = Locate({.driver = driver, .flags = {"-m32"}});
  if (!toolchain.ok() || toolchain->line.first_objects.empty()) return false;
  const absl::StatusOr<std::string> object = support::ReadFile(toolchain->line.first_objects[0]);
  return object.ok() && object->size() > llvm::ELF::EI_CLASS &&
         (*object)[llvm::ELF::EI_CLASS] == llvm::ELF::ELFCLASS32 && toolchain->FindArchive("c").has_value();
}

std::optional<std::string> Toolchain::FindArchive(absl::string_view name) const {
  return Find(line.library_dirs, absl::StrCat("lib", name, ".a"));
}

std::optional<std::string> Toolchain::FindShared(absl::string_view name) const {
  return Find(line.library_dirs, absl::StrCat("lib", name, ".so"));
}

absl::StatusOr<Toolchain> Locate(const LocateRequest& request) {
  const std::optional<std::string> cache = support::CacheDirectory();
  std::string path;
  if (cache) {
    path = absl::StrCat(*cache, "/toolchain-", CacheKey(request), ".json");
    const absl::StatusOr<std::string> text = request.anew ? absl::NotFoundError("") : support::ReadSealed(path);
    if (text.ok()) {
      if (std::optional<Toolchain> kept = Deserialize(*text)) {
        kept->kept = true;
        kept->driver = request.driver;
        return *std::move(kept);
      }
    }
  }
  absl::StatusOr<Toolchain> learned = Learn(request);
  if (!learned.ok()) return learned;
  learned->driver = request.driver;
  // A cache that cannot be written costs time, never the build.
  if (cache && IsWhole(*learned)) support::WriteSealed(path, Serialize(*learned)).IgnoreError();
  return learned;
}

}  // namespace cgo_ld_shim::toolchain

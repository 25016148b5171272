// What of a capture could run a program, or read or write outside its directory. All of it is a stranger's: the line in
// capture.json, the same in response.txt, and the files.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "capture/capture.h"
#include "capture/linker_options.h"
#include "invocation/invocation.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/Archive.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include "support/file.h"
#include "support/map_file.h"
#include "support/printable.h"

namespace cgo_ld_shim::capture {
namespace {

// Empty for a path of a regular file below DIRECTORY/inputs that no link leads to, or for one that is not there;
// otherwise what is wrong with it.
std::string PathProblem(const std::string& directory, absl::string_view path) {
  if (path.empty() || path[0] == '/') return "an input is a relative path below inputs/";
  const std::vector<absl::string_view> parts = absl::StrSplit(path, '/');
  if (parts.size() < 2 || parts[0] != "inputs") return "an input is a relative path below inputs/";
  std::string whole = directory;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty() || parts[i] == "." || parts[i] == "..") return "an input's path has no . and no ..";
    absl::StrAppend(&whole, "/", parts[i]);
    struct stat st;
    if (::lstat(whole.c_str(), &st) != 0) return errno == ENOENT ? "" : support::ErrnoText(errno);
    if (S_ISLNK(st.st_mode)) return "it is, or lies behind, a symbolic link";
    if (i + 1 < parts.size() ? !S_ISDIR(st.st_mode) : !S_ISREG(st.st_mode)) return "it is not a regular file";
  }
  return "";
}

// The first bytes of a file; fewer when it is shorter, or cannot be read.
std::string Head(const std::string& path, size_t size) {
  std::string head(size, '\0');
  const int fd = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  const ssize_t got = fd < 0 ? 0 : ::pread(fd, head.data(), size, 0);
  if (fd >= 0) ::close(fd);
  head.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return head;
}

// Empty for a relocatable ELF object, by its first bytes. A linker looks elsewhere for what a shared library names, and
// compiles bitcode, whose assembly can include any file.
std::string ElfProblem(absl::string_view head) {
  if (!absl::StartsWith(head, llvm::ELF::ElfMagic) || head.size() < 20) return "it is not an ELF object";
  const bool little = head[llvm::ELF::EI_DATA] == llvm::ELF::ELFDATA2LSB;
  const int type = static_cast<unsigned char>(head[little ? 16 : 17]);
  if (type == llvm::ELF::ET_REL) return "";
  return type == llvm::ELF::ET_DYN ? "it is a shared library, which names others that lie elsewhere"
                                   : "it is not a relocatable object";
}

std::string ArchiveProblem(const std::string& path) {
  const auto buffer = support::MapFile(path);
  if (!buffer.ok()) return std::string(buffer.status().message());
  llvm::Error error = llvm::Error::success();
  const auto damaged = [](llvm::Error why) {
    return absl::StrCat("it is a damaged archive: ", llvm::toString(std::move(why)));
  };
  const llvm::object::Archive archive((*buffer)->getMemBufferRef(), error);
  if (error) return damaged(std::move(error));
  std::string problem;
  for (const llvm::object::Archive::Child& child : archive.children(error)) {
    llvm::Expected<llvm::StringRef> content = child.getBuffer();
    if (!content) {
      problem = damaged(content.takeError());
      break;
    }
    problem = ElfProblem({content->data(), std::min<size_t>(content->size(), 20)});
    if (problem.empty()) continue;
    llvm::Expected<llvm::StringRef> name = child.getName();
    problem = absl::StrCat("its member ", name ? name->str() : "without a name", ": ", problem);
    if (!name) llvm::consumeError(name.takeError());
    break;
  }
  // Also where the loop was left early, an Error has to be looked at.
  if (error) problem = damaged(std::move(error));
  return problem;
}

// Empty for an object or an archive of objects.
std::string ObjectProblem(const std::string& path) {
  struct stat st;
  if (::lstat(path.c_str(), &st) != 0) return "";
  const std::string head = Head(path, 20);
  if (absl::StartsWith(head, "!<arch>\n")) return ArchiveProblem(path);
  if (absl::StartsWith(head, "!<thin>\n")) return "it is a thin archive, whose members lie elsewhere";
  if (!absl::StartsWith(head, llvm::ELF::ElfMagic) || head.size() < 20) {
    return "it is neither object nor archive, and linkers read anything else as a script";
  }
  return ElfProblem(head);
}

// Words of scripts by which a linker reads further files, or writes another one. In comments and quotes as well: what
// those are differs between linkers.
std::string ScriptProblem(const std::string& path) {
  const absl::StatusOr<std::string> content = support::ReadFile(path);
  if (!content.ok()) return "";
  const absl::string_view text = *content;
  static constexpr absl::string_view kWords[] = {"INCLUDE", "INPUT",  "SEARCH_DIR", "GROUP", "AS_NEEDED",
                                                 "STARTUP", "OUTPUT", "HLL",        "SYSLIB"};
  const auto is_part = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '$';
  };
  for (absl::string_view word : kWords) {
    for (size_t at = text.find(word); at != absl::string_view::npos; at = text.find(word, at + 1)) {
      const size_t end = at + word.size();
      if ((at > 0 && is_part(text[at - 1])) || (end < text.size() && is_part(text[end]))) continue;
      return absl::StrCat("it has ", word, ", by which a script names other files");
    }
  }
  return "";
}

// A stranger's text for a terminal, without what moves its cursor.
std::string Printable(absl::string_view text) {
  constexpr size_t kMost = 200;
  std::string printable = support::PrintableName(text.substr(0, kMost));
  if (text.size() > kMost) absl::StrAppend(&printable, "…");
  return printable;
}

bool IsPlain(absl::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::StrContains("-_./=+:,@", absl::string_view(&c, 1));
  });
}

class Checker {
 public:
  Checker(const std::string& directory, absl::Span<const std::string> allowed)
      : directory_(directory), allowed_(allowed) {}

  void Line(const std::vector<std::string>& words, absl::string_view where) {
    for (size_t i = 0; i < words.size();) {
      const std::string& word = words[i];
      if (word.empty() || word[0] != '-') {
        File(word, where, Value::kObject);
        ++i;
        continue;
      }
      const Option option = ReadOption(words, i, /*exact=*/true);
      TakeOption(option, where);
      i += option.words;
    }
  }

  void File(const std::string& path, absl::string_view where, Value value) {
    if (absl::StartsWith(path, "@")) return Refuse(path, where, "a linker would read its line from that file");
    std::string problem = PathProblem(directory_, path);
    const std::string whole = absl::StrCat(directory_, "/", path);
    if (problem.empty() && value == Value::kObject) problem = ObjectProblem(whole);
    if (problem.empty() && (value == Value::kScript || value == Value::kLayout)) problem = ScriptProblem(whole);
    if (!problem.empty()) Refuse(path, where, problem);
  }

  void Refuse(const std::string& name, absl::string_view where, absl::string_view why) {
    if (std::find(allowed_.begin(), allowed_.end(), name) != allowed_.end()) return;
    const bool again =
        std::any_of(refused_.begin(), refused_.end(), [&](const Refusal& other) { return other.name == name; });
    if (!again) refused_.push_back({name, std::string(where), std::string(why)});
  }

  std::vector<Refusal> Take() { return std::move(refused_); }

 private:
  bool Allowed(absl::string_view name) const {
    return std::find(allowed_.begin(), allowed_.end(), name) != allowed_.end();
  }

  void TakeOption(const Option& option, absl::string_view where) {
    // By the reader's decision with its value.
    if (Allowed(option.name)) return;
    if (option.row == nullptr) {
      return Refuse(option.name, where, "no option, in this spelling, that a link of a capture needs");
    }
    if (!option.row->replayed) {
      return Refuse(
          option.name, where,
          option.row->value == Value::kOutput ? "it writes a file" : "it runs a program, or looks outside the capture");
    }
    if (!option.value) {
      if (option.separate) Refuse(option.name, where, "it has no value");
      return;
    }
    const std::string& value = *option.value;
    if (option.row->value != Value::kText) return File(value, where, option.row->value);
    // A word of its own could be an option or a file for a linker that reads the one before it otherwise.
    const bool loader = absl::StrContains(option.name, "dynamic-linker") || option.name == "-I";
    if (option.separate &&
        (value.empty() || value[0] == '-' || value[0] == '@' || (!loader && absl::StrContains(value, "/")))) {
      Refuse(option.name, where, absl::StrCat("its value could be a file: ", value));
    }
  }

  const std::string& directory_;
  const absl::Span<const std::string> allowed_;
  std::vector<Refusal> refused_;
};

// Nothing of a capture is read through a link: it may lead to any file of the reader's.
bool IsPlainFile(const std::string& path) {
  struct stat st;
  return ::lstat(path.c_str(), &st) == 0 && S_ISREG(st.st_mode);
}

}  // namespace

std::vector<Refusal> FindRefused(const Capture& capture, const std::string& directory,
                                 absl::Span<const std::string> allowed) {
  Checker checker(directory, allowed);
  for (const Input& input : capture.inputs) {
    if (const std::string problem = PathProblem(directory, input.path); !problem.empty())
      checker.Refuse(input.path, kManifestName, problem);
  }
  checker.Line(capture.argv, kManifestName);
  const std::string response = absl::StrCat(directory, "/", kResponseName);
  if (const absl::StatusOr<std::string> text = support::ReadFile(response); text.ok()) {
    const absl::StatusOr<std::vector<std::string>> words = invocation::ParseResponseText(*text);
    if (words.ok()) {
      checker.Line(*words, kResponseName);
    } else {
      checker.Refuse(kResponseName, kResponseName, words.status().message());
    }
  }
  return checker.Take();
}

std::vector<Refusal> FindRefusedBy(const Capture& capture, LinkerKind kind, absl::Span<const std::string> allowed) {
  std::vector<Refusal> refused;
  if (kind == LinkerKind::kLld) return refused;
  for (size_t i = 0; i < capture.argv.size();) {
    const Option option = ReadOption(capture.argv, i, /*exact=*/true);
    const bool is_option = absl::StartsWith(capture.argv[i], "-");
    i += is_option ? option.words : 1;
    if (!is_option || option.row == nullptr || option.row->value != Value::kLayout) continue;
    if (std::find(allowed.begin(), allowed.end(), option.name) != allowed.end()) continue;
    refused.push_back({option.name, kManifestName, "this linker opens the files that a script's SECTIONS name"});
  }
  return refused;
}

absl::Status RefusalStatus(absl::Span<const Refusal> refused, absl::string_view again) {
  if (refused.empty()) return absl::OkStatus();
  std::string text = "this capture is not linked: it could run a program, or read or write outside its directory\n\n";
  std::vector<std::string> names;
  bool all_plain = true;
  for (const Refusal& refusal : refused) {
    absl::StrAppend(&text, "  ", Printable(refusal.name), "\n      in ", refusal.where, ": ", Printable(refusal.why),
                    "\n");
    all_plain = all_plain && IsPlain(refusal.name);
    names.push_back(absl::StrCat("--allow=", refusal.name));
  }
  absl::StrAppend(&text, "\n  what you can do\n    look at it: a plain link of Go needs none of this\n");
  // A line that people copy into a shell holds no text of a stranger's that a shell would take apart.
  absl::StrAppend(&text, "    ", again, " ", all_plain ? absl::StrJoin(names, " ") : "--allow=WORD",
                  "\n        does it all the same, if you trust whoever made the capture");
  return absl::PermissionDeniedError(text);
}

absl::StatusOr<Capture> LoadOfStranger(const std::string& directory, absl::Span<const std::string> allowed,
                                       absl::string_view again) {
  for (const char* name : {kManifestName, kResponseName, kRecordName}) {
    const std::string path = absl::StrCat(directory, "/", name);
    struct stat st;
    if (::lstat(path.c_str(), &st) == 0 && !IsPlainFile(path))
      return absl::PermissionDeniedError(absl::StrCat(path, " is not a regular file, and is not read"));
  }
  absl::StatusOr<Capture> capture = LoadManifest(directory);
  if (!capture.ok()) return capture;
  if (absl::Status refused = RefusalStatus(FindRefused(*capture, directory, allowed), again); !refused.ok()) {
    return refused;
  }
  if (absl::Status complete = CheckComplete(*capture, directory); !complete.ok()) return complete;
  return capture;
}

absl::StatusOr<std::vector<std::string>> ResponseLine(const std::string& directory,
                                                      absl::Span<const std::string> allowed, absl::string_view again) {
  const std::string path = absl::StrCat(directory, "/", kResponseName);
  if (!IsPlainFile(path)) return absl::NotFoundError(absl::StrCat(path, " is not there, or is not a regular file"));
  const absl::StatusOr<std::string> text = support::ReadFile(path);
  if (!text.ok()) return text.status();
  absl::StatusOr<std::vector<std::string>> words = invocation::ParseResponseText(*text);
  if (!words.ok()) return absl::DataLossError(absl::StrCat(path, ": ", words.status().message()));
  Checker checker(directory, allowed);
  checker.Line(*words, kResponseName);
  if (absl::Status refused = RefusalStatus(checker.Take(), again); !refused.ok()) return refused;
  return words;
}

}  // namespace cgo_ld_shim::capture

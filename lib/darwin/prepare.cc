#include "darwin/prepare.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "darwin/libraries.h"
#include "darwin/mach_o.h"
#include "darwin/text_stub.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/process.h"

namespace cgo_ld_shim::darwin {
namespace {

using invocation::ArgType;
using invocation::Argument;
using rules::RuleId;

// Words of Apple's linker that zig's ends at.
struct RefusedRow {
  const char* word;
  const char* because;
};
constexpr char kNotThere[] = "zig's linker does not have it";
constexpr RefusedRow kRefused[] = {
    {"-no_pie", "programs for macOS are position-independent, and zig's linker has no other kind"},
    {"-no_uuid", "zig's linker always writes an identifier, which depends on the content alone"},
    {"-flat_namespace", kNotThere},
    {"-bind_at_load", kNotThere},
    {"-dead_strip_dylibs", kNotThere},
};

const RefusedRow* FindRefused(const std::string& word) {
  const auto* row =
      std::find_if(std::begin(kRefused), std::end(kRefused), [&](const RefusedRow& r) { return word == r.word; });
  return row == std::end(kRefused) ? nullptr : row;
}

// Symbols that a linker makes itself.
bool IsMadeByLinker(absl::string_view symbol) {
  for (const char* name :
       {"__mh_execute_header", "__mh_dylib_header", "__mh_bundle_header", "___dso_handle", "dyld_stub_binder"}) {
    if (symbol == name) return true;
  }
  return absl::StrContains(symbol, "$start$") || absl::StrContains(symbol, "$end$") ||
         absl::StartsWith(symbol, "_objc_msgSend$");
}

// llvm-strip 14 leaves the symbols for debuggers in what zig writes; 19 and 22 were seen to remove them.
constexpr int kNewestLlvm = 30, kOldestLlvm = 19;

// 22 for a program that says "LLVM version 22.1.8"; 0 for any other.
int LlvmVersion(const std::string& program) {
  const absl::StatusOr<support::ProcessResult> said =
      support::RunProcess({program, "--version"}, {.merge_stderr = true});
  if (!said.ok()) return 0;
  static constexpr absl::string_view kWords = "LLVM version ";
  const absl::string_view output = said->output;
  const size_t at = output.find(kWords);
  if (at == absl::string_view::npos) return 0;
  const absl::string_view rest = output.substr(at + kWords.size());
  int version = 0;
  return absl::SimpleAtoi(rest.substr(0, rest.find('.')), &version) ? version : 0;
}

class Preparer {
 public:
  explicit Preparer(const Request& request) : request_(request), edits_(request.arguments) {}

  absl::StatusOr<Preparation> Run() {
    ReadArguments();
    if (!request_.sdk.empty()) {
      UseSdk();
      return Result();
    }
    for (const Library& library : requested_) Find(library);
    if (!absent_.empty()) return Preparation{.absent = std::move(absent_)};
    const absl::StatusOr<std::set<std::string>> libsystem = ReadTextStub(request_.libsystem, request_.arch);
    if (!libsystem.ok()) return libsystem.status();
    absl::StatusOr<Undefined> undefined = FindUndefined(files_, request_.arch);
    if (!undefined.ok()) return undefined.status();
    for (const auto& [symbol, wanted_by] : undefined->symbols) {
      if (!libsystem->contains(symbol) && !IsMadeByLinker(symbol)) Place(symbol, wanted_by);
    }
    DropUnused();
    if (absl::Status status = WriteStubs(); !status.ok()) return status;
    Finish();
    return Result();
  }

 private:
  Preparation Result() { return {.edits = std::move(edits_), .unplaced = std::move(unplaced_)}; }

  void ReadArguments() {
    for (size_t i = 0; i < request_.arguments.size(); ++i) {
      const Argument& argument = request_.arguments[i];
      if (argument.type == ArgType::kLinker) {
        if (const RefusedRow* row = FindRefused(argument.value)) {
          edits_.Drop(i, RuleId::kDropRefused, row->because);
          continue;
        }
        if (argument.value == "-U" && i + 1 < request_.arguments.size()) {
          allowed_[request_.arguments[i + 1].value].push_back(i);
          ++i;
          continue;
        }
      }
      // zig's linker writes a library as often as it is named.
      if (argument.words[0] == "-framework" && argument.words.size() == 2 && IsRepeated(argument.words[1])) {
        edits_.Drop(i, RuleId::kDropRepeat, "named before");
        continue;
      }
      ReadOne(argument);
    }
  }

  // runtime/cgo names CoreFoundation for every program on arm64, and hardly any needs it. What is asked for otherwise
  // stays without a symbol of it, too: it may be wanted for what it does when it is loaded.
  void DropUnused() {
    const Library library = {"CoreFoundation", true};
    const auto stub = std::find(stubs_.begin(), stubs_.end(), library);
    if (stub == stubs_.end() || symbols_.contains(NameOf(library))) return;
    stubs_.erase(stub);
    const std::vector<std::string> words = {"-framework", library.name};
    for (size_t i = 0; i < edits_.size(); ++i) {
      if (edits_.argument(i).words == words) edits_.Drop(i, RuleId::kDropUnused, "nothing needs it");
    }
  }

  bool IsRepeated(const std::string& framework) const {
    return std::find(requested_.begin(), requested_.end(), Library{framework, true}) != requested_.end();
  }

  void ReadOne(const Argument& argument) {
    switch (argument.type) {
      case ArgType::kInput:
        files_.push_back(support::Absolute(argument.value, request_.cwd));
        return;
      case ArgType::kLibraryDir:
        directories_.push_back(support::Absolute(argument.value, request_.cwd));
        return;
      case ArgType::kLibrary:
        Request({argument.value, false});
        return;
      case ArgType::kDriver:
        if ((argument.words[0] == "-framework" || argument.words[0] == "-weak_framework") &&
            argument.words.size() == 2) {
          Request({argument.words[1], true});
        } else if (argument.words[0] == "-F" && argument.words.size() == 2) {
          framework_directories_.push_back(support::Absolute(argument.words[1], request_.cwd));
        } else if (absl::StartsWith(argument.words[0], "-F") && argument.words[0].size() > 2) {
          framework_directories_.push_back(support::Absolute(argument.words[0].substr(2), request_.cwd));
        } else if (argument.words[0] == "-undefined" && argument.words.size() == 2) {
          any_allowed_ |= argument.words[1] == "dynamic_lookup";
        }
        return;
      case ArgType::kLinker:
        any_allowed_ |= argument.value == "dynamic_lookup";
        return;
      default:
        return;
    }
  }

  void Request(const Library& library) {
    if (!library.framework && (IsPartOfLibSystem(library.name) || IsZigs(library.name))) return;
    if (std::find(requested_.begin(), requested_.end(), library) == requested_.end()) requested_.push_back(library);
  }

  // C++ and unwinding come from zig, under these names.
  static bool IsZigs(const std::string& name) {
    return name == "c++" || name == "stdc++" || name == "c++abi" || name == "unwind" || name == "gcc_s";
  }

  // A file of the user's serves the library; otherwise it becomes a stub, if macOS has it.
  void Find(const Library& library) {
    if (library.framework) {
      for (const std::string& directory : framework_directories_) {
        const std::string base = absl::StrCat(directory, "/", library.name, ".framework/", library.name);
        for (const std::string& path : {base + ".tbd", base}) {
          if (!support::IsRegularFile(path)) continue;
          files_.push_back(path);
          return;
        }
      }
    } else {
      for (const std::string& directory : directories_) {
        for (const char* suffix : {".tbd", ".dylib", ".a"}) {
          const std::string path = absl::StrCat(directory, "/lib", library.name, suffix);
          if (!support::IsRegularFile(path)) continue;
          files_.push_back(path);
          return;
        }
      }
    }
    if (InstallName(library)) {
      stubs_.push_back(library);
    } else {
      absent_.push_back(library.name);
    }
  }

  void Place(const std::string& symbol, const std::string& wanted_by) {
    if (const std::optional<Library> home = HomeOf(symbol, stubs_)) {
      symbols_[NameOf(*home)].push_back(symbol);
      evidence_[NameOf(*home)].push_back({symbol, wanted_by, *InstallName(*home)});
    } else if (any_allowed_ || allowed_.contains(symbol)) {
      looked_up_.push_back(symbol);
    } else {
      unplaced_.push_back({symbol, wanted_by});
    }
  }

  static std::string NameOf(const Library& library) {
    return absl::StrCat(library.framework ? "-framework " : "-l", library.name);
  }

  absl::Status WriteStubs() {
    // Behind the user's own directories, so that a file of his comes first.
    std::vector<std::string> words = {"-F", request_.directory, absl::StrCat("-L", request_.directory)};
    for (const Library& library : stubs_) {
      std::string path = absl::StrCat(request_.directory, "/lib", library.name, ".tbd");
      if (library.framework) {
        const std::string directory = absl::StrCat(request_.directory, "/", library.name, ".framework");
        if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
          return absl::FailedPreconditionError(
              absl::StrCat("cannot make ", directory, ": ", support::ErrnoText(errno)));
        }
        path = absl::StrCat(directory, "/", library.name, ".tbd");
      }
      const std::vector<std::string>& symbols = symbols_[NameOf(library)];
      if (absl::Status written =
              support::WriteFileAtomically(path, WriteTextStub({*InstallName(library), symbols}, request_.arch), 0600);
          !written.ok()) {
        return written;
      }
      std::vector<symbols::Evidence> evidence = evidence_[NameOf(library)];
      if (evidence.size() > 3) evidence.resize(3);
      edits_.Append(words, RuleId::kTextStub,
                    absl::StrCat(*InstallName(library), " is on every Mac; ", symbols.size(),
                                 symbols.size() == 1 ? " symbol" : " symbols", " of it"),
                    evidence, support::BaseName(path));
      words.clear();  // the others are found by the same
    }
    return absl::OkStatus();
  }

  void Finish() {
    AddCommon();
    DropAllowed();
    // Everything else has been placed, so that this is about these symbols alone.
    if (!looked_up_.empty() && !any_allowed_)
      edits_.Append({"-Wl,-undefined,dynamic_lookup"}, RuleId::kTranslateRefused, FoundAtStart());
  }

  // -Wl,-U,SYMBOL, for which zig's linker has no word.
  void DropAllowed() {
    for (const auto& [symbol, arguments] : allowed_) {
      const bool translated =
          !any_allowed_ && std::find(looked_up_.begin(), looked_up_.end(), symbol) != looked_up_.end();
      for (const size_t argument : arguments) {
        edits_.DropPair(argument, absl::StrCat("-Wl,-U,", symbol),
                        translated ? RuleId::kTranslateRefused : RuleId::kDropRefused,
                        translated ? FoundAtStart() : kNotThere);
      }
    }
  }

  void UseSdk() {
    edits_.Append(
        {absl::StrCat("-F", request_.sdk, "/System/Library/Frameworks"), absl::StrCat("-L", request_.sdk, "/usr/lib")},
        RuleId::kSdkLibraries, "SDKROOT names an SDK of Apple's", {}, request_.sdk);
    AddCommon();
    DropAllowed();
  }

  void AddCommon() {
    edits_.Append({"-Wl,--no-gc-sections"}, RuleId::kAppleDefaults,
                  "zig's linker would remove what nothing refers to, Go's tables among it");
    if (!request_.keep_stabs)
      edits_.Append({"-Wl,-S"}, RuleId::kAppleDefaults, "nothing here reads the map for debuggers");
  }

  std::string FoundAtStart() const {
    constexpr size_t kNamed = 10;
    const size_t named = std::min(kNamed, looked_up_.size());
    return absl::StrCat(
        "found when the program starts: ",
        absl::StrJoin(looked_up_.begin(), looked_up_.begin() + static_cast<std::ptrdiff_t>(named), ", "),
        named < looked_up_.size() ? absl::StrCat(" and ", looked_up_.size() - named, " more") : "");
  }

  const darwin::Request& request_;
  rules::Edits edits_;
  std::vector<Unplaced> unplaced_;
  std::vector<std::string> files_, directories_, framework_directories_, absent_, looked_up_;
  std::vector<Library> requested_, stubs_;
  std::map<std::string, std::vector<size_t>> allowed_;  // by -U; the places of its words
  bool any_allowed_ = false;
  std::map<std::string, std::vector<std::string>> symbols_;
  std::map<std::string, std::vector<symbols::Evidence>> evidence_;
};

}  // namespace

absl::StatusOr<Preparation> Prepare(const Request& request) { return Preparer(request).Run(); }

AfterLink FindAfterLink(absl::string_view path_variable) {
  const std::string nothing = support::FindProgram("true", path_variable).value_or("/bin/true");
  AfterLink tools{.dsymutil = nothing, .strip = nothing};
  const auto take = [&](const std::string& dsymutil, const std::string& strip) {
    tools.real = support::IsRegularFile(dsymutil) && support::IsRegularFile(strip);
    if (tools.real) tools.dsymutil = dsymutil;
    if (tools.real) tools.strip = strip;
    return tools.real;
  };
  // Debian keeps each version in a directory of its own, the newest first.
  for (int version = kNewestLlvm; version >= kOldestLlvm; --version) {
    const std::string directory = absl::StrCat("/usr/lib/llvm-", version, "/bin");
    if (take(directory + "/dsymutil", directory + "/llvm-strip")) return tools;
  }
  const auto on_path = [&](const char* name) { return support::FindProgram(name, path_variable).value_or(""); };
  const std::string strip = on_path("llvm-strip");
  if (!strip.empty() && LlvmVersion(strip) >= kOldestLlvm) {
    for (const char* name : {"dsymutil", "llvm-dsymutil"}) {
      if (take(on_path(name), strip)) return tools;
    }
  }
  return tools;
}

}  // namespace cgo_ld_shim::darwin

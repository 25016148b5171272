// `cgo-ld-shim which SYMBOL…`: which archives on this machine define a symbol, and which shared libraries alone do.
#include <cstdio>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fmt/format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "shim/commands/commands.h"
#include "shim/commands/options.h"
#include "support/file.h"
#include "support/printable.h"
#include "symbols/symbols.h"
#include "toolchain/driver.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::commands {
namespace {

struct Place {
  std::string file;    // "/usr/lib/x86_64-linux-gnu/libz.a"
  std::string member;  // "deflate.o"; empty for a shared library
  const char* kind;    // "strong", "weak", "copy" (COMDAT), "shared"
};

// Where each wanted symbol is defined, archives before shared libraries, in the order of the directories.
class Search {
 public:
  explicit Search(const std::vector<std::string>& symbols) : symbols_(symbols.begin(), symbols.end()) {}

  void Directory(const std::string& dir) {
    if (!seen_.insert(support::RealPath(dir)).second) return;
    std::vector<std::string> shared;
    for (const std::string& name : support::ListDirectory(dir)) {
      const std::string path = absl::StrCat(dir, "/", name);
      if (absl::EndsWith(name, ".a")) Archive(path);
      if (absl::EndsWith(name, ".so")) shared.push_back(path);
    }
    for (const std::string& path : shared) Shared(path);
  }

  const std::map<std::string, std::vector<Place>>& found() const { return found_; }

 private:
  void Archive(const std::string& path) {
    const absl::StatusOr<symbols::InputFile> file = symbols::OpenInput(path);
    if (!file.ok() || file->archive == nullptr) return;
    for (const std::string& symbol : symbols_) {
      for (const uint32_t number : file->archive->Defining(symbol)) {
        const absl::StatusOr<const symbols::Object*> object = file->archive->Load(number);
        const absl::StatusOr<const symbols::Member*> member = file->archive->GetMember(number);
        if (!object.ok() || !member.ok()) continue;
        for (const symbols::Definition& definition : (*object)->definitions) {
          if (definition.name != symbol) continue;
          const char* kind = definition.comdat ? "copy" : definition.weak ? "weak" : "strong";
          found_[symbol].push_back({path, (*member)->name, kind});
        }
      }
    }
  }

  void Shared(const std::string& path) {
    const absl::StatusOr<symbols::InputFile> file = symbols::OpenInput(path);
    if (!file.ok() || file->object == nullptr) return;
    for (const symbols::Definition& definition : file->object->definitions) {
      if (symbols_.contains(std::string(definition.name))) {
        found_[std::string(definition.name)].push_back({path, "", "shared"});
      }
    }
  }

  std::set<std::string> symbols_, seen_;
  std::map<std::string, std::vector<Place>> found_;
};

void PrintJson(const std::vector<std::string>& symbols, const Search& search) {
  llvm::json::Object all;
  for (const std::string& symbol : symbols) {
    llvm::json::Array places;
    if (const auto it = search.found().find(symbol); it != search.found().end()) {
      for (const Place& place : it->second) {
        places.push_back(llvm::json::Object{{"file", place.file}, {"member", place.member}, {"kind", place.kind}});
      }
    }
    all[symbol] = std::move(places);
  }
  std::string text;
  llvm::raw_string_ostream(text) << llvm::json::Value(std::move(all));
  fmt::print("{}\n", text);
}

}  // namespace

int WhichCommand(const std::vector<std::string>& args) {
  static constexpr OptionRow kRows[] = {{"--json", false}, {"-L", true}};
  const Options options = ParseOptions("which", args, kRows);
  if (options.exit_status) return *options.exit_status;
  if (options.words.empty()) return UsageError("which", "name a symbol, as the linker prints it: deflateInit2_");

  const absl::StatusOr<toolchain::Driver> driver = toolchain::HostDriver(environ, /*cxx=*/false);
  if (!driver.ok()) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(driver.status().message()));
    return kFailed;
  }
  const absl::StatusOr<toolchain::Toolchain> toolchain = toolchain::Locate({.driver = driver->words});
  if (!toolchain.ok()) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(toolchain.status().message()));
    return kFailed;
  }
  Search search(options.words);
  if (options.Has("-L")) search.Directory(options.values.at("-L"));
  for (const std::string& dir : toolchain->line.library_dirs) search.Directory(dir);
  if (options.Has("--json")) {
    PrintJson(options.words, search);
  }
  int status = kOk;
  for (const std::string& symbol : options.words) {
    const auto it = search.found().find(symbol);
    if (it == search.found().end()) status = kFailed;
    if (options.Has("--json")) continue;
    const std::string name = symbols::Demangle(symbol);
    fmt::print("{}\n", support::Printable(name == symbol ? symbol : absl::StrCat(symbol, "  ", name)));
    if (it == search.found().end()) {
      fmt::print("  no library in {} directories of the compiler defines it (-L DIR searches one more)\n",
                 toolchain->line.library_dirs.size());
      continue;
    }
    for (const Place& place : it->second) {
      const char* note = std::string_view(place.kind) == "weak"     ? "  (weak)"
                         : std::string_view(place.kind) == "copy"   ? "  (a copy of an inline function)"
                         : std::string_view(place.kind) == "shared" ? "  (shared library)"
                                                                    : "";
      const std::string member = place.member.empty() ? "" : absl::StrCat("(", place.member, ")");
      fmt::print("  {}{}\n", support::PrintableName(absl::StrCat(place.file, member)), note);
    }
  }
  return status;
}

}  // namespace cgo_ld_shim::commands

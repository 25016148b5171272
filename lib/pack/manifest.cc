// manifest.json, and the lines for a Go file: docs/prebuilt.md has both in words. Fields stand in the order of the
// struct and are always there; what does not apply is empty or 0.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "pack/pack.h"
#include "search/library_files.h"
#include "support/printable.h"

namespace cgo_ld_shim::pack {
namespace {

constexpr int kSchema = 1;

class Writer {
 public:
  explicit Writer(llvm::raw_ostream& out) : json_(out, /*IndentSize=*/2) {}

  void Write(const Packed& packed) {
    json_.object([&] {
      json_.attribute("schema", kSchema);
      Text("made_by", "cgo-ld-shim pack");
      Text("version", CGO_LD_SHIM_VERSION);
      Text("chosen_by", packed.chosen_by);
      json_.attributeArray("archives", [&] {
        for (const PackedArchive& archive : packed.archives) json_.object([&] { Archive(archive); });
      });
      Texts("cgo", packed.cgo_lines);
    });
  }

 private:
  void Text(llvm::StringRef name, absl::string_view value) { json_.attribute(name, support::Utf8(value)); }
  void Texts(llvm::StringRef name, const std::vector<std::string>& values) {
    json_.attributeArray(name, [&] {
      for (const std::string& value : values) json_.value(support::Utf8(value));
    });
  }
  void Number(llvm::StringRef name, uint64_t value) { json_.attribute(name, value); }

  void Archive(const PackedArchive& archive) {
    Text("library", archive.library);
    Text("platform", archive.platform);
    Text("os", archive.trial.os);
    Text("arch", archive.trial.arch);
    Text("machine", archive.after.machines.empty() ? "" : archive.after.machines[0].Name());
    Text("libc", target::FamilyName(archive.libc));
    Text("least_glibc", archive.libc == target::LibcFamily::kGlibc ? archive.after.least_glibc : "");
    Text("path", archive.path);
    Number("bytes", archive.after.bytes);
    Text("sha256", archive.sha256);
    Text("debug_path", archive.debug_path);
    Number("debug_bytes", archive.debug_bytes);
    Text("debug_sha256", archive.debug_sha256);
    Number("input_bytes", archive.before.bytes);
    Number("members", archive.members);
    Number("input_members", archive.before.objects);
    Texts("kept", archive.kept);
    Texts("lacks", archive.lacks);
    json_.attributeArray("made_local", [&] {
      for (const MadeLocal& local : archive.made_local) {
        json_.object([&] {
          Text("library", local.library);
          Number("names", local.names);
        });
      }
    });
    Text("outcome", lint::NameOf(archive.trial.outcome));
    Texts("libraries", archive.trial.libraries);
  }

  llvm::json::OStream json_;
};

// "-lslim", or the path of what is not called as a library.
std::string Named(const PackedArchive& archive, const std::string& directory) {
  const std::string name = search::LibraryName(archive.library);
  return name.empty() ? absl::StrCat(directory, "/", archive.path) : absl::StrCat("-l", name);
}

std::string LineFor(const std::string& arch, const std::vector<const PackedArchive*>& archives,
                    const std::string& directory) {
  std::vector<std::string> directories, words;
  bool cycle = false;
  for (const PackedArchive* archive : archives) {
    const std::string option = absl::StrCat("-L", directory, "/", archive->platform);
    if (std::find(directories.begin(), directories.end(), option) == directories.end()) directories.push_back(option);
    words.push_back(Named(*archive, directory));
    words.insert(words.end(), archive->trial.libraries.begin(), archive->trial.libraries.end());
    cycle |= archive->trial.cycle;
  }
  // What several need stands behind all of them.
  std::vector<std::string> ordered;
  for (size_t i = 0; i < words.size(); ++i) {
    const auto later = words.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    if (std::find(later, words.end(), words[i]) == words.end()) ordered.push_back(words[i]);
  }
  std::string libraries = absl::StrJoin(ordered, " ");
  if (cycle) libraries = absl::StrCat("-Wl,--start-group ", libraries, " -Wl,--end-group");
  return absl::StrCat("linux,", arch, " LDFLAGS: ", absl::StrJoin(directories, " "), " ", libraries);
}

}  // namespace

std::vector<std::string> CgoLines(const std::vector<PackedArchive>& archives, const std::string& directory) {
  std::map<std::string, std::map<std::string, const PackedArchive*>> by_arch;
  for (const PackedArchive& archive : archives) {
    const PackedArchive*& chosen = by_arch[archive.trial.arch][archive.library];
    if (chosen == nullptr || (archive.libc == target::LibcFamily::kGlibc && chosen->libc != archive.libc))
      chosen = &archive;
  }
  std::vector<std::string> lines;
  for (const auto& [arch, by_library] : by_arch) {
    std::vector<const PackedArchive*> chosen;
    for (const auto& [library, archive] : by_library) chosen.push_back(archive);
    lines.push_back(LineFor(arch, chosen, absl::StrCat("${SRCDIR}/", directory)));
  }
  return lines;
}

std::string ManifestText(const Packed& packed) {
  std::string text;
  llvm::raw_string_ostream out(text);
  Writer(out).Write(packed);
  return text + "\n";
}

}  // namespace cgo_ld_shim::pack

// From the record of a link, or the note in the binary, to the bill.
#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "packages/distribution.h"
#include "packages/owner.h"
#include "report/text_parts.h"
#include "rescue/note.h"
#include "rules/table.h"
#include "sbom/sbom.h"
#include "search/pkg_config.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/sha256.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::sbom {
namespace {

// "libz.a" → "z"; empty: another name.
absl::string_view LibraryOf(absl::string_view name) {
  if (!absl::ConsumePrefix(&name, "lib") || !absl::ConsumeSuffix(&name, ".a")) return "";
  return name;
}

// The pkg-config file that speaks of an archive: in the pkgconfig directory beside it, that of its own package.
void FindPkgConfig(Component* component) {
  const std::string library = absl::StrCat("-l", LibraryOf(component->name));
  if (library == "-l") return;
  const std::string directory = absl::StrCat(support::DirectoryName(component->path), "/pkgconfig");
  for (const std::string& name : support::ListDirectory(directory)) {
    if (!absl::EndsWith(name, ".pc")) continue;
    const std::string path = absl::StrCat(directory, "/", name);
    const absl::StatusOr<std::string> text = support::ReadFile(path);
    if (!text.ok() || !absl::StrContains(*text, library)) continue;
    const absl::StatusOr<symbols::PkgConfigFile> file = symbols::ParsePkgConfig(*text, path);
    if (!file.ok()) continue;
    const std::vector<std::string> own = search::OwnWords(*file);
    if (std::find(own.begin(), own.end(), library) == own.end()) continue;
    component->pc_name = std::string(absl::StripSuffix(name, ".pc"));
    component->pc_version = file->version;
    return;
  }
}

// How many global symbols the used members define.
size_t CountSymbols(const std::string& path, const std::vector<std::string>& members) {
  const absl::StatusOr<std::shared_ptr<symbols::Archive>> archive = symbols::Archive::Open(path);
  if (!archive.ok()) return 0;
  std::map<std::string, int> wanted;
  for (const std::string& member : members) ++wanted[member];
  size_t count = 0;
  for (uint32_t number = 0; number < (*archive)->member_count(); ++number) {
    const absl::StatusOr<const symbols::Member*> member = (*archive)->GetMember(number);
    if (!member.ok()) continue;
    const auto it = wanted.find((*member)->name);
    if (it == wanted.end() || it->second-- <= 0) continue;
    const absl::StatusOr<const symbols::Object*> object = (*archive)->Load(number);
    if (object.ok()) count += (*object)->definitions.size();
  }
  return count;
}

Component Make(const std::string& path, uint64_t bytes, const std::vector<std::string>& members) {
  Component component{.name = support::BaseName(path), .path = path, .bytes = bytes, .members = members.size()};
  const std::optional<support::FileIdentity> now = support::Identify(path);
  // Another file is there now, or none: what it says is not of this program.
  if (!now || (bytes != 0 && now->size != bytes)) return component;
  component.bytes = now->size;
  component.sha256 = Sha256OfFile(path);
  component.symbols = CountSymbols(path, members);
  component.package = packages::DescribeOwner(path);
  FindPkgConfig(&component);
  return component;
}

// Packages of which the program has no library, and whose headers it was compiled with (rescue/note.h).
void AddHeaders(const std::vector<rescue::Note>& rescued, std::vector<Component>* components) {
  for (const rescue::Note& note : rescued) {
    const bool known = std::any_of(components->begin(), components->end(),
                                   [&](const Component& c) { return c.package.name == note.package; });
    if (note.package.empty() || known) continue;
    const std::string path = absl::StrCat("/usr/include/", note.subject);
    Component component{.name = note.subject, .path = path};
    component.package = packages::DescribeOwner(path);
    // Another version is installed now, or none.
    if (component.package.name != note.package || component.package.version != note.version)
      component.package = {.type = "deb", .name = note.package, .version = note.version};
    components->push_back(std::move(component));
  }
}

}  // namespace

std::string Sha256OfFile(const std::string& path) { return support::Sha256OfFile(path).value_or(""); }

std::vector<Component> Components(const std::vector<report::InputRecord>& inputs,
                                  const std::vector<std::string>& isolated) {
  std::vector<Component> components;
  const auto known = [&](const std::string& path) {
    return std::any_of(components.begin(), components.end(), [&](const Component& c) { return c.path == path; });
  };
  for (const report::InputRecord& input : inputs) {
    if (input.kind == "archive" && !input.members.empty() && !known(input.path))
      components.push_back(Make(input.path, input.bytes, input.members));
  }
  for (const std::string& path : isolated) {
    if (path.empty() || known(path)) continue;
    components.push_back(Make(path, 0, {}));
    components.back().isolated = true;
  }
  return components;
}

absl::StatusOr<Bill> Collect(const std::string& binary, int64_t time_ms) {
  absl::StatusOr<std::vector<inspect::BinaryFacts>> read = inspect::ReadBinary(binary);
  if (!read.ok()) return read.status();
  const inspect::BinaryFacts& facts = read->front();
  const std::optional<report::LinkRecord> record = inspect::FindRecord(binary);
  Bill bill{.name = support::BaseName(binary),
            .sha256 = Sha256OfFile(binary),
            .bytes = facts.bytes,
            .time_ms = time_ms,
            .build_id = facts.build_id,
            .libc = facts.libc.ToString(),
            .target = facts.architecture,
            .go = facts.go};
  if (record) {
    std::vector<std::string> isolated;
    for (const rules::Edit& edit : record->edits) {
      if (!rules::Isolates(edit)) continue;
      for (const symbols::Evidence& evidence : edit.evidence) isolated.push_back(evidence.provided_by);
    }
    std::vector<report::InputRecord> inputs = record->inputs;
    // Of the compiler's own libraries a dynamic program has the shared ones.
    if (!facts.IsStatic())
      std::erase_if(inputs, [](const report::InputRecord& input) { return input.origin == "toolchain"; });
    bill.components = Components(inputs, isolated);
    AddHeaders(facts.rescued, &bill.components);
    bill.distribution = packages::ThisDistribution().id;
    bill.time_ms = record->time_ms;
    bill.libc = record->libc.ToString();
    bill.compiler = record->compiler;
    bill.linker = record->linker;
    bill.target = record->target;
    bill.source = "record";
    return bill;
  }
  if (!facts.package_note.empty()) {
    NoteHeader header;
    bill.components = PackageNoteComponents(facts.package_note, &header);
    bill.distribution = header.distribution;
    bill.source = "note";
    if (!bill.components.empty()) return bill;
  }
  // A program of Go alone has no C libraries that could be missed.
  if (facts.go.present && !facts.externally_linked && facts.IsStatic()) {
    bill.source = "go";
    return bill;
  }
  return absl::NotFoundError(absl::StrCat(
      "what is in ", binary, " is not known: no record of its link is here (the last ", report::kMaxRecords,
      " are kept), and it has no package note. Build it again: cgo-ld-shim go build -a; with "
      "CGO_LD_SHIM_NOTE=1 it carries the list itself"));
}

}  // namespace cgo_ld_shim::sbom

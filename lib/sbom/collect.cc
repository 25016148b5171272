// From the record of a link, or the note in the binary, to the bill.
#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "packages/copyright.h"
#include "packages/distribution.h"
#include "packages/owner.h"
#include "report/needs.h"
#include "rescue/note.h"
#include "rules/table.h"
#include "sbom/sbom.h"
#include "search/pkg_config.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/sha256.h"
#include "symbols/symbols.h"
#include "target/libc.h"
#include "toolchain/runtime_libraries.h"
#include "toolchain/zig.h"

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

// The directories of a toolchain's own archives: what lies there and belongs to no package is the compiler's.
std::vector<std::string> ToolchainDirectories(const std::vector<report::InputRecord>& inputs) {
  std::vector<std::string> directories;
  for (const report::InputRecord& input : inputs) {
    if (input.origin == "toolchain" && input.kind == "archive")
      directories.push_back(support::DirectoryName(input.path));
  }
  return directories;
}

// The row of "libm-2.36.a" is that of m: glibc's libm.a is a text that names it.
const toolchain::RuntimeLibrary* RuntimeRow(const std::string& file) {
  const absl::string_view name = LibraryOf(file);
  const size_t hyphen = name.find_last_not_of("0123456789.");
  const bool versioned = hyphen != absl::string_view::npos && hyphen + 1 < name.size() && name[hyphen] == '-';
  return toolchain::FindRuntimeLibrary(versioned ? name.substr(0, hyphen) : name);
}

std::string LicenceOfLibc(const target::Libc& libc) {
  switch (libc.family) {
    case target::LibcFamily::kGlibc:
      return "LGPL-2.1-or-later";
    case target::LibcFamily::kMusl:
      return "MIT";
    default:
      return "";
  }
}

// The version of the musl that a zig brings, as its sources have it; empty: not known.
std::string MuslOf(const std::string& zig) {
  const absl::StatusOr<std::string> directory = toolchain::ZigLibraryDirectory(zig);
  if (!directory.ok()) return "";
  const std::string text =
      support::ReadFile(absl::StrCat(*directory, "/libc/musl/src/internal/version.h")).value_or("");
  const std::vector<std::string> parts = absl::StrSplit(text, '"');
  return parts.size() == 3 ? parts[1] : "";
}

// A library that zig has compiled from sources that it brings: its C library, or a part of its own or LLVM's.
packages::Package OfZig(const toolchain::RuntimeLibrary* row, const Origin& origin) {
  packages::Package package{.type = kGenericPackage};
  if (row != nullptr && row->licence == nullptr) {
    package.name = std::string(origin.libc.Name());
    package.version = origin.libc.IsMusl() ? MuslOf(origin.zig) : origin.libc.version;
    package.licence = LicenceOfLibc(origin.libc);
    return package;
  }
  package.name = "zig";
  package.version = toolchain::ZigVersion(origin.zig).value_or("");
  package.licence = row != nullptr ? row->licence : "MIT";
  return package;
}

// What the members that are linked have: a package's licence is mostly that of its sources as a whole, and of what a
// compiler brings some distributions say nothing that is about one library.
void RefineLicence(const std::vector<std::string>& members, bool of_toolchain, const Origin& origin,
                   Component* component) {
  packages::Package& package = component->package;
  const toolchain::RuntimeLibrary* row = RuntimeRow(component->name);
  if (package.type.empty()) {
    if (of_toolchain && !origin.zig.empty()) package = OfZig(row, origin);
    return;
  }
  if (!package.copyright.empty()) {
    const std::string text = support::ReadFile(package.copyright).value_or("");
    if (const std::optional<packages::Copyright> copyright = packages::ParseCopyright(text)) {
      if (std::string licence = packages::LicenceOf(*copyright, members); !licence.empty())
        package.licence = std::move(licence);
    }
  }
  if (row != nullptr && SpdxLicence(package.licence).empty()) {
    const std::string licence = row->licence != nullptr ? row->licence : LicenceOfLibc(origin.libc);
    if (!licence.empty()) package.licence = licence;
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

Component Make(const std::string& path, uint64_t bytes, const std::vector<std::string>& members, bool of_toolchain,
               const Origin& origin) {
  Component component{.name = support::BaseName(path), .path = path, .bytes = bytes, .members = members.size()};
  const std::optional<support::FileIdentity> now = support::Identify(path);
  // Another file is there now, or none: what it says is not of this program.
  if (!now || (bytes != 0 && now->size != bytes)) return component;
  component.bytes = now->size;
  component.sha256 = Sha256OfFile(path);
  component.symbols = CountSymbols(path, members);
  component.package = packages::DescribeOwner(path);
  RefineLicence(members, of_toolchain, origin, &component);
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
    Component component{.name = note.subject, .path = path, .role = Role::kHeader};
    component.package = packages::DescribeOwner(path);
    // Another version is installed now, or none.
    if (component.package.name != note.package || component.package.version != note.version)
      component.package = {.type = "deb", .name = note.package, .version = note.version};
    components->push_back(std::move(component));
  }
}

// Shared libraries that the program names and does not have, in whose place functions stand that end it.
void AddStubs(const std::vector<rules::Edit>& edits, std::vector<Component>* components) {
  for (const rules::Edit& edit : edits) {
    if (edit.rule != rules::RuleId::kStubLibrary) continue;
    for (const symbols::Evidence& evidence : edit.evidence) {
      const std::string& path = evidence.provided_by;
      const bool known = std::any_of(components->begin(), components->end(),
                                     [&](const Component& component) { return component.path == path; });
      if (path.empty() || known) continue;
      components->push_back({.name = support::BaseName(path), .path = path, .role = Role::kStub});
      components->back().package = packages::DescribeOwner(path);
    }
  }
}

// Who needs whom among the components, as far as the record says for which symbol an archive was taken.
void AddNeeds(const report::LinkRecord& record, Bill* bill) {
  const report::Needs needs = report::FindNeeds(record);
  bill->needs.resize(bill->components.size());
  // The component of each node; that of the program and of what is no component is none.
  std::vector<std::optional<size_t>> component(needs.nodes.size());
  for (size_t node = 0; node < needs.nodes.size(); ++node) {
    for (size_t i = 0; i < bill->components.size(); ++i) {
      if (!needs.nodes[node].path.empty() && needs.nodes[node].path == bill->components[i].path) component[node] = i;
    }
  }
  std::vector<bool> needed(bill->components.size());
  for (const report::NeedEdge& edge : needs.edges) {
    if (!component[edge.to]) continue;
    const size_t to = *component[edge.to];
    std::vector<size_t>& from = component[edge.from] ? bill->needs[*component[edge.from]] : bill->program_needs;
    if (std::find(from.begin(), from.end(), to) == from.end()) from.push_back(to);
    needed[to] = true;
  }
  for (size_t i = 0; i < needed.size(); ++i) {
    if (!needed[i]) bill->program_needs.push_back(i);
  }
  for (std::vector<size_t>& list : bill->needs) std::sort(list.begin(), list.end());
  std::sort(bill->program_needs.begin(), bill->program_needs.end());
}

}  // namespace

std::string Bill::StandardLibrary() const {
  const std::string version = go.version.substr(0, go.version.find(' '));
  return absl::StartsWith(version, "go") ? version.substr(2) : "";
}

std::string ZigOf(const std::vector<std::string>& driver) {
  if (driver.size() < 2 || !absl::StartsWith(support::BaseName(driver[0]), "zig")) return "";
  return driver[1] == "cc" || driver[1] == "c++" ? driver[0] : "";
}

std::string Sha256OfFile(const std::string& path) { return support::Sha256OfFile(path).value_or(""); }

std::vector<Component> Components(const std::vector<report::InputRecord>& inputs,
                                  const std::vector<std::string>& isolated, const Origin& origin) {
  std::vector<Component> components;
  const std::vector<std::string> toolchain = ToolchainDirectories(inputs);
  const auto of_toolchain = [&](const std::string& path) {
    return std::find(toolchain.begin(), toolchain.end(), support::DirectoryName(path)) != toolchain.end();
  };
  const auto known = [&](const std::string& path) {
    return std::any_of(components.begin(), components.end(), [&](const Component& c) { return c.path == path; });
  };
  for (const report::InputRecord& input : inputs) {
    if (input.kind == "archive" && !input.members.empty() && !known(input.path))
      components.push_back(Make(input.path, input.bytes, input.members, of_toolchain(input.path), origin));
  }
  for (const std::string& path : isolated) {
    if (path.empty() || known(path)) continue;
    components.push_back(Make(path, 0, {}, of_toolchain(path), origin));
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
    bill.zig = ZigOf(record->driver_argv);
    bill.components = Components(inputs, isolated, {.libc = record->libc, .zig = bill.zig});
    AddStubs(record->edits, &bill.components);
    AddHeaders(facts.rescued, &bill.components);
    AddNeeds(*record, &bill);
    const packages::Distribution distribution = packages::ThisDistribution();
    bill.distribution = distribution.id;
    bill.distribution_version = distribution.version;
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
    bill.distribution_version = header.distribution_version;
    bill.needs.resize(bill.components.size());
    for (size_t i = 0; i < bill.components.size(); ++i) bill.program_needs.push_back(i);
    bill.source = "note";
    if (!bill.components.empty()) return bill;
  }
  // A program that Go linked by itself has no C libraries that could be missed.
  if (facts.go.present && !facts.externally_linked) {
    bill.source = "go";
    return bill;
  }
  return absl::NotFoundError(absl::StrCat(
      "what is in ", binary, " is not known: no record of its link is here (the last ", report::kMaxRecords,
      " are kept), and it has no package note. Delete it, and build it again: cgo-ld-shim go build; with "
      "CGO_LD_SHIM_NOTE=1 it carries the list itself"));
}

}  // namespace cgo_ld_shim::sbom

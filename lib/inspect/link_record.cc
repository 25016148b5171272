// What the record of a link adds to a binary's own facts: the archives that went in, how much of each, and which of
// their members use what a static C library does differently.
//
// Archives are read again for that. One whose size is no longer the recorded one is another archive now, and is left
// unread: no number is better than a wrong one.
#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "inspect/inspect.h"
#include "inspect/read_parts.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELFObjectFile.h"
#include "report/archive_states.h"
#include "report/text_parts.h"
#include "rules/table.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::inspect {
namespace {

constexpr size_t kMaxUsers = 5;

// What of a member is loaded when the program runs.
std::optional<uint64_t> LoadedBytes(absl::string_view data) {
  auto object = llvm::object::ObjectFile::createELFObjectFile(
      llvm::MemoryBufferRef(llvm::StringRef(data.data(), data.size()), ""), /*InitContent=*/false);
  if (!object) {
    llvm::consumeError(object.takeError());
    return std::nullopt;
  }
  uint64_t bytes = 0;
  for (const llvm::object::ELFSectionRef section : (*object)->sections()) {
    if ((section.getFlags() & llvm::ELF::SHF_ALLOC) != 0) bytes += section.getSize();
  }
  return bytes;
}

class RecordAdder {
 public:
  RecordAdder(const report::LinkRecord& record, BinaryFacts* facts) : record_(record), facts_(*facts) {}

  void Run() {
    facts_.has_record = true;
    facts_.record_output = record_.output;
    facts_.unresolved = record_.unresolved;
    facts_.changed = report::ChangedArchives(record_);
    if (facts_.libc.version.empty() && facts_.IsStatic()) {
      if (!facts_.libc && (!facts_.go.present || facts_.externally_linked)) facts_.libc.family = record_.libc.family;
      if (facts_.libc.family == record_.libc.family) facts_.libc.version = record_.libc.version;
    }
    for (const rules::Edit& edit : record_.edits) {
      // What the record says of the compiler's own libraries holds of a program that has them in it.
      if (edit.rule == rules::RuleId::kNssFiles && facts_.IsStatic()) facts_.nss_files = true;
      if (edit.rule == rules::RuleId::kStubLibrary) {
        for (const symbols::Evidence& evidence : edit.evidence) AddStub(evidence.symbol);
      }
      if (rules::Isolates(edit)) {
        facts_.isolated.push_back(edit.because);
        for (const symbols::Evidence& evidence : edit.evidence) isolated_.insert(evidence.provided_by);
      }
    }
    for (const report::InputRecord& input : record_.inputs) {
      if (input.kind != "archive" || input.members.empty()) continue;
      if (facts_.IsStatic() || input.origin != "toolchain") AddArchive(input);
    }
    for (const std::string& path : isolated_) {
      const bool known = std::any_of(facts_.archives.begin(), facts_.archives.end(),
                                     [&](const ArchiveUse& archive) { return archive.path == path; });
      // The link saw an object that was made of it: which members are in there is not recorded.
      if (!known && !path.empty()) facts_.archives.push_back({.path = path, .origin = "given", .isolated = true});
    }
    AddNotes();
    std::stable_sort(facts_.archives.begin(), facts_.archives.end(), [](const ArchiveUse& a, const ArchiveUse& b) {
      return a.member_bytes.value_or(0) > b.member_bytes.value_or(0);
    });
  }

 private:
  // A stripped program has lost the names of its stubs.
  void AddStub(const std::string& symbol) {
    const auto at = std::lower_bound(facts_.stubs.begin(), facts_.stubs.end(), symbol);
    if (at == facts_.stubs.end() || *at != symbol) facts_.stubs.insert(at, symbol);
  }

  void AddArchive(const report::InputRecord& input) {
    // A library that is named twice is read once.
    for (const ArchiveUse& known : facts_.archives) {
      if (known.path == input.path && known.members == input.members) return;
    }
    ArchiveUse use{.path = input.path,
                   .origin = input.origin,
                   .as = input.as,
                   .members = input.members,
                   .file_bytes = input.bytes,
                   .isolated = isolated_.contains(input.path)};
    const bool libc = input.origin == "toolchain";
    const std::optional<support::FileIdentity> now = support::Identify(input.path);
    if (now && now->size == input.bytes) {
      absl::StatusOr<std::shared_ptr<symbols::Archive>> archive = symbols::Archive::Open(input.path);
      if (archive.ok()) use.member_bytes = ReadMembers(**archive, input, !libc);
    }
    // Ours was in memory, and is part of this program; the link itself has measured it.
    if (!absl::StrContains(input.path, "/")) use.member_bytes = input.used_bytes;
    if (libc) AddLibcMembers(input.members);
    facts_.archives.push_back(std::move(use));
  }

  // Adds up the members that the link used. Two members of one name are told apart by their order alone.
  std::optional<uint64_t> ReadMembers(const symbols::Archive& archive, const report::InputRecord& input, bool look_at) {
    std::map<std::string, int> wanted;
    for (const std::string& member : input.members) ++wanted[member];
    uint64_t bytes = 0;
    size_t found = 0;
    for (uint32_t number = 0; number < archive.member_count() && found < input.members.size(); ++number) {
      const absl::StatusOr<const symbols::Member*> member = archive.GetMember(number);
      if (!member.ok()) return std::nullopt;
      const auto it = wanted.find((*member)->name);
      if (it == wanted.end() || it->second == 0) continue;
      --it->second;
      ++found;
      const std::optional<uint64_t> loaded = LoadedBytes((*member)->data);
      if (!loaded) return std::nullopt;
      bytes += *loaded;
      if (look_at)
        LookAtReferences(archive, number, absl::StrCat(support::BaseName(input.path), "(", (*member)->name, ")"));
    }
    return found == input.members.size() ? std::optional<uint64_t>(bytes) : std::nullopt;
  }

  void LookAtReferences(const symbols::Archive& archive, uint32_t number, const std::string& user) {
    const absl::StatusOr<const symbols::Object*> object = archive.Load(number);
    if (!object.ok()) return;
    for (const symbols::Reference& reference : (*object)->references) {
      const UseRow* row = UseOf(reference.name);
      // The C++ library's own (iconv and locales of its streams) is used only by who asks the streams for it.
      if (row == nullptr || absl::StartsWith(user, "libstdc++.a(") || absl::StartsWith(user, "libc++.a(")) continue;
      AddUser(row->what, std::string(reference.name), user);
    }
  }

  void AddUser(absl::string_view what, const std::string& symbol, const std::string& user) {
    for (Use& use : facts_.uses) {
      if (use.what != what) continue;
      use.certainty = Certainty::kUsed;
      AddSymbol(symbol, &use);
      if (use.users.size() < kMaxUsers && std::find(use.users.begin(), use.users.end(), user) == use.users.end())
        use.users.push_back(user);
    }
  }

  // libc.a has a member for each of these functions, which tells even of a stripped program that it has them.
  void AddLibcMembers(const std::vector<std::string>& members) {
    for (const std::string& member : members) {
      const absl::string_view name = absl::string_view(member).substr(0, member.rfind('.'));
      const UseRow* row = UseOf(name);
      if (row == nullptr) continue;
      for (Use& use : facts_.uses) {
        if (use.what != row->what) continue;
        AddSymbol(name, &use);
        if (use.certainty == Certainty::kNo) use.certainty = Certainty::kPresent;
        if (use.what == "names") use.certainty = Certainty::kUsed;
      }
    }
  }

  // "dlopen: main.o opens shared libraries …": the link saw which object asks for it; objects of Go's are gone by now.
  void AddNotes() {
    for (const std::string& note : record_.notes) {
      absl::string_view reason = note;
      if (absl::ConsumePrefix(&reason, "linked as asked, not static: ") ||
          absl::StartsWith(reason, "CGO_LD_SHIM_STATIC=prefer"))
        facts_.dynamic_reason = std::string(reason);
      if (const size_t end = note.find(" has no .note.GNU-stack"); end != std::string::npos)
        facts_.no_stack_note = report::UnitName(note.substr(0, end));
      const size_t colon = note.find(": ");
      if (colon == std::string::npos) continue;
      const UseRow* row = UseOf(absl::string_view(note).substr(0, colon));
      if (row == nullptr) continue;
      const std::string user = note.substr(colon + 2, note.find(' ', colon + 2) - colon - 2);
      // Go's temporary objects have names that say nothing: 000012.o.
      const std::string name = report::UnitName(user);
      AddUser(row->what, note.substr(0, colon), absl::StrContains(name, "(") ? name : "the program's own code");
    }
  }

  const report::LinkRecord& record_;
  BinaryFacts& facts_;
  std::set<std::string> isolated_;
};

}  // namespace

void AddRecord(const report::LinkRecord& record, BinaryFacts* facts) { RecordAdder(record, facts).Run(); }

std::optional<report::LinkRecord> FindRecord(const std::string& path) {
  const std::vector<report::FoundRecord> found = report::FindFittingRecords(path);
  const std::optional<support::FileIdentity> identity = support::Identify(path);
  const std::string build_id = report::ReadBuildId(path);
  const report::FoundRecord* best = nullptr;
  for (const report::FoundRecord& candidate : found) {
    const report::LinkRecord& record = candidate.record;
    if (record.exit_status != 0 || record.outcome == "failed") continue;
    const bool same_size = identity && identity->size == record.output_size;
    // A newer link to the same place is not this binary.
    if (candidate.fit == report::Fit::kPath && (!build_id.empty() || !same_size)) continue;
    // The build ID is Go's: the same program with another .a has the same one, and then the size decides.
    if (best == nullptr) best = &candidate;
    if (same_size) return record;
  }
  if (best == nullptr) return std::nullopt;
  return best->record;
}

}  // namespace cgo_ld_shim::inspect

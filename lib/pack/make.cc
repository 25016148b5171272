// One archive: linked to one object, its names made local but for those that stay, with debug information and without.
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "isolate/members.h"
#include "isolate/partial.h"
#include "pack/steps.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/sha256.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::pack {
namespace {

constexpr int kFileMode = 0644;

absl::Status MakeDirectory(const std::string& path) {
  if (::mkdir(path.c_str(), 0755) == 0 || (errno == EEXIST && support::IsDirectory(path))) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot make ", path, ": ", support::ErrnoText(errno)));
}

// Writes the archive of one object, and says what it hashes to.
absl::StatusOr<std::string> WriteArchive(const std::string& path, const std::string& member, absl::string_view object) {
  const absl::StatusOr<std::string> bytes = isolate::ArchiveOf(member, object);
  if (!bytes.ok()) return bytes.status();
  if (absl::Status status = MakeDirectory(support::DirectoryName(path)); !status.ok()) return status;
  if (absl::Status status = support::WriteFileAtomically(path, *bytes, kFileMode); !status.ok()) return status;
  return support::Sha256OfText(*bytes);
}

// Others rely on it: nothing is global but what stays, and all of that is.
absl::Status CheckNames(absl::string_view object, const PackedArchive& archive) {
  const absl::StatusOr<symbols::Object> read = symbols::ReadObject(object, archive.library);
  if (!read.ok()) return read.status();
  absl::flat_hash_set<absl::string_view> global;
  for (const symbols::Definition& definition : read->definitions) global.insert(definition.name);
  for (const std::string& name : archive.kept) {
    if (global.erase(name) == 0)
      return absl::InternalError(absl::StrCat(archive.input, ": ", name, " did not stay global in its object"));
  }
  if (global.empty()) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(archive.input, ": ", *global.begin(), " stayed global in its object"));
}

}  // namespace

absl::StatusOr<Contents> ReadContents(const std::string& path) {
  const absl::StatusOr<std::shared_ptr<symbols::Archive>> archive = symbols::Archive::Open(path);
  if (!archive.ok()) return archive.status();
  Contents contents;
  for (uint32_t number = 0; number < (*archive)->member_count(); ++number) {
    const absl::StatusOr<const symbols::Member*> member = (*archive)->GetMember(number);
    if (!member.ok()) return member.status();
    const absl::StatusOr<const symbols::Object*> object = (*archive)->Load(number);
    if (!object.ok()) return object.status();
    if ((*object)->kind != symbols::ObjectKind::kElfRelocatable) continue;
    if ((*object)->constructors || (*object)->old_constructors || (*object)->preinit)
      contents.with_constructors.push_back((*member)->name);
    for (const symbols::Definition& definition : (*object)->definitions) {
      Offer& offer = contents.offers[std::string(definition.name)];
      offer.hidden = offer.strong ? offer.hidden : definition.hidden;
      offer.tls |= definition.tls;
      offer.strong |= definition.strong() && !definition.comdat && !definition.unique;
    }
  }
  return contents;
}

absl::Status Make(const std::string& layout, const std::string& scratch, bool whole, const Contents& contents,
                  PackedArchive* archive) {
  // A path that begins with - or @ would be something else to a linker.
  const absl::StatusOr<std::string> cwd = support::CurrentDirectory();
  if (!cwd.ok()) return cwd.status();
  const std::string input = support::Absolute(archive->input, *cwd);
  const std::string linked = absl::StrCat(scratch, "/linked.o");
  const absl::StatusOr<std::vector<std::string>> members = isolate::LinkPartially(
      {.archive = input, .names = archive->kept, .whole = whole, .sections_apart = true}, linked);
  if (!members.ok()) return members.status();
  archive->members = members->size();
  std::copy_if(contents.with_constructors.begin(), contents.with_constructors.end(),
               std::back_inserter(archive->left_constructors), [&](const std::string& name) {
                 return std::find(members->begin(), members->end(), name) == members->end();
               });
  absl::StatusOr<std::string> object = support::ReadFile(linked);
  if (!object.ok()) return object.status();
  std::vector<std::string> others;
  {
    const absl::StatusOr<symbols::Object> read = symbols::ReadObject(*object, archive->input);
    if (!read.ok()) return read.status();
    for (const symbols::Definition& definition : read->definitions) {
      if (!std::binary_search(archive->kept.begin(), archive->kept.end(), definition.name))
        others.emplace_back(definition.name);
    }
  }
  archive->made_local = WhoseNames(archive->library, others);
  object = isolate::KeepGlobal(*std::move(object), archive->kept);
  if (!object.ok()) return object.status();
  const absl::StatusOr<std::string> plain = isolate::WithoutDebugInfo(*object);
  if (!plain.ok()) return plain.status();
  if (absl::Status status = CheckNames(*plain, *archive); !status.ok()) return status;

  const std::string member = absl::StrCat(absl::StripSuffix(archive->library, ".a"), ".o");
  archive->path = absl::StrCat(archive->platform, "/", archive->library);
  absl::StatusOr<std::string> hash = WriteArchive(absl::StrCat(layout, "/", archive->path), member, *plain);
  if (!hash.ok()) return hash.status();
  archive->sha256 = *std::move(hash);
  // Stripping takes the names of source files away as well, for which nobody needs a second archive.
  if (archive->before.debug_bytes == 0 || *plain == *object) return absl::OkStatus();
  if (absl::Status status = MakeDirectory(absl::StrCat(layout, "/debug")); !status.ok()) return status;
  archive->debug_path = absl::StrCat("debug/", archive->path);
  const std::string with = absl::StrCat(layout, "/", archive->debug_path);
  hash = WriteArchive(with, member, *object);
  if (!hash.ok()) return hash.status();
  archive->debug_sha256 = *std::move(hash);
  if (const auto identity = support::Identify(with)) archive->debug_bytes = identity->size;
  return absl::OkStatus();
}

}  // namespace cgo_ld_shim::pack

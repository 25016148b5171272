// Reads archives: the index from symbol to member at once, the members when they are wanted.
//
// An archive is "!<arch>\n" followed by members, each a header of 60 bytes of text (name, date, owner, size) and its
// bytes, padded to an even length. In a thin archive ("!<thin>\n") the members' bytes are elsewhere: the name is a path
// relative to the archive, and header follows header. The first members are not files but tables:
//
//   "/"          GNU: the number of symbols, the offset of the member's header for each (32 bits, big-endian), then the
//                names in the same order, each with a NUL. On Windows a second "/" says the same in another way.
//   "/SYM64/"    GNU, for archives beyond 4 GB: the same with 64 bits
//   "__.SYMDEF"  BSD and Apple: pairs (offset of the name, offset of the member), then the names, little-endian; also
//                "__.SYMDEF SORTED", and "__.SYMDEF_64" with 64 bits
//   "//"         GNU: names longer than 15 characters; a member called "/123" has its name at 123 there
//
// BSD writes a long name in front of the member's bytes and its length into the header ("#1/20").
//
// Why not llvm::object::Archive: it trusts the index (no offset or name is checked against the table's end), reaches a
// member only through an allocation for each header, and cannot tell a member's number. Here an archive is opened in
// time that does not depend on its members, and one that has nothing to offer (of four hundred in a library directory,
// nearly all) is never read beyond its index: the names are scanned once for all wanted ones, and nothing is built or
// kept.
#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/xxhash.h"
#include "support/file.h"
#include "support/map_file.h"
#include "support/path_parts.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::symbols {
namespace {

using ::llvm::support::endian::read16be;
using ::llvm::support::endian::read16le;
using ::llvm::support::endian::read32be;
using ::llvm::support::endian::read32le;
using ::llvm::support::endian::read64be;
using ::llvm::support::endian::read64le;

constexpr absl::string_view kMagic = "!<arch>\n";
constexpr absl::string_view kThinMagic = "!<thin>\n";

// After so many single look-ups a hash table of all names pays; before, reading through the names is cheaper.
constexpr int kScansBeforeTable = 3;

// The header of a member: 16 bytes name, 12 date, 6 user, 6 group, 8 mode, 10 size, 2 end mark.
constexpr uint64_t kHeaderSize = 60;
constexpr uint64_t kNameSize = 16;
constexpr uint64_t kSizeAt = 48;
constexpr uint64_t kSizeSize = 10;
constexpr absl::string_view kHeaderEnd = "`\n";

struct Header {
  absl::string_view name;  // as it stands there, without the spaces that fill it up
  uint64_t size = 0;       // of what follows, or of the file that a thin archive names
};

// The size in a header: decimal digits, then blanks. False: something else stands there.
bool ParseSize(const char* header, uint64_t* size) {
  const char* digit = header + kSizeAt;
  const char* const end = digit + kSizeSize;
  uint64_t value = 0;
  for (; digit != end && *digit >= '0' && *digit <= '9'; ++digit) value = value * 10 + (*digit - '0');
  if (digit == header + kSizeAt) return false;
  for (; digit != end; ++digit) {
    if (*digit != ' ') return false;
  }
  *size = value;
  return true;
}

absl::StatusOr<Header> ReadHeader(absl::string_view data, uint64_t offset) {
  if (offset > data.size() || data.size() - offset < kHeaderSize) {
    return absl::DataLossError(absl::StrCat("truncated: no room for a member's header at ", offset));
  }
  const absl::string_view text = data.substr(offset, kHeaderSize);
  if (!absl::EndsWith(text, kHeaderEnd)) {
    return absl::DataLossError(absl::StrCat("no member's header at ", offset));
  }
  Header header;
  header.name = text.substr(0, kNameSize);
  header.name = header.name.substr(0, header.name.find_last_not_of(' ') + 1);
  if (!ParseSize(text.data(), &header.size)) {
    return absl::DataLossError(absl::StrCat("the member at ", offset, " has a size that is not a number"));
  }
  return header;
}

// How the index is written.
enum class Index {
  kNone,
  kGnu,
  kGnu64,
  kBsd,
  kBsd64,
  kCoff,
};

// A cheap fingerprint that tells most names apart: length, end and middle, where mangled names differ.
uint64_t Fingerprint(const char* name, size_t size) {
  uint64_t mixed = size * 0x9e3779b97f4a7c15u;
  if (size >= 8) {
    uint64_t end, middle;
    std::memcpy(&end, name + size - 8, 8);
    std::memcpy(&middle, name + (size - 8) / 2, 8);
    mixed ^= end ^ (middle << 23 | middle >> 41);
  } else {
    uint64_t all = 0;
    for (size_t i = 0; i < size; ++i) all = all << 8 | static_cast<unsigned char>(name[i]);
    mixed ^= all;
  }
  return (mixed * 0xff51afd7ed558ccdu) >> 40;
}

// The few names that are looked for, prepared for asking millions of others whether they are among them. 4096 bits
// answer nearly all of these; the rest is compared.
class Wanted {
 public:
  explicit Wanted(absl::Span<const absl::string_view> symbols) : symbols_(symbols) {
    size_t slots = 16;
    while (slots < symbols.size() * 2) slots *= 2;
    slots_.assign(slots, 0);
    for (uint32_t i = 0; i < symbols.size(); ++i) {
      const uint64_t fingerprint = Fingerprint(symbols[i].data(), symbols[i].size());
      bits_[fingerprint / 64 % kWords] |= uint64_t{1} << fingerprint % 64;
      size_t slot = fingerprint & (slots - 1);
      while (slots_[slot] != 0) slot = (slot + 1) & (slots - 1);
      slots_[slot] = i + 1;
    }
  }

  // Calls found(place in the span) for each wanted symbol that is `name`; a caller may ask for one twice.
  template <typename Found>
  void Match(const char* name, size_t size, Found found) const {
    const uint64_t fingerprint = Fingerprint(name, size);
    if (!(bits_[fingerprint / 64 % kWords] >> fingerprint % 64 & 1)) return;
    for (size_t slot = fingerprint & (slots_.size() - 1); slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
      const uint32_t place = slots_[slot] - 1;
      if (symbols_[place] == absl::string_view(name, size)) found(place);
    }
  }

 private:
  static constexpr size_t kWords = 64;
  absl::Span<const absl::string_view> symbols_;
  uint64_t bits_[kWords] = {};
  std::vector<uint32_t> slots_;  // place + 1; 0: free
};

// std::count in steps that fit a byte, which compilers turn into vector instructions without widening: the names of a
// big C++ archive are a megabyte, and this is all that opening one does with them.
uint64_t CountNuls(absl::string_view text) {
  constexpr size_t kStep = 128;
  uint64_t count = 0;
  size_t at = 0;
  for (; text.size() - at >= kStep; at += kStep) {
    uint8_t some = 0;
    for (size_t i = 0; i < kStep; ++i) some += text.data()[at + i] == '\0';
    count += some;
  }
  for (; at < text.size(); ++at) count += text[at] == '\0';
  return count;
}

uint64_t Hash(absl::string_view name) { return llvm::xxh3_64bits(llvm::StringRef(name.data(), name.size())); }

}  // namespace

// A member that was asked for.
struct LoadedMember {
  Member member;
  std::unique_ptr<llvm::MemoryBuffer> file;  // thin archives: the member itself
  std::optional<absl::StatusOr<Object>> object;
};

namespace {

// What the ELF header of an object file says (ELF gABI, chapter 4); nullopt: it is none.
std::optional<Machine> ElfRelocatableMachine(absl::string_view bytes) {
  constexpr size_t kClass = 4, kData = 5, kType = 16, kMachine = 18, kEnd = 20;
  if (bytes.size() < kEnd || !absl::StartsWith(bytes,
                                               "\x7f"
                                               "ELF"))
    return std::nullopt;
  const bool little = bytes[kData] == 1;
  const auto half = [&](size_t at) { return little ? read16le(bytes.data() + at) : read16be(bytes.data() + at); };
  if (half(kType) != 1) return std::nullopt;  // ET_REL
  return Machine{.e_machine = half(kMachine), .is64 = bytes[kClass] == 2, .little = little};
}

}  // namespace

struct Archive::State {
  std::string path;
  std::unique_ptr<llvm::MemoryBuffer> buffer;
  absl::string_view data;
  bool thin = false;
  absl::string_view long_names;  // "//"
  uint64_t first_member = 0;     // offset of the first header behind the tables

  // The index as it stands in the file. All of it has been checked once, names apart from their ends in kBsd*.
  Index index = Index::kNone;
  uint32_t symbol_count = 0;
  const char* entries = nullptr;  // kGnu*: offsets. kBsd*: pairs. kCoff: numbers (16 bits) into `coff_offsets`
  const char* coff_offsets = nullptr;
  absl::string_view names;
  bool versioned = false;  // some of `names` have a version; see LinkName

  // Made when first needed.
  bool walked = false;
  std::vector<uint64_t> offsets;  // of each member's header, in archive order
  absl::Status damage;            // why there is one more member than `offsets` has
  std::vector<std::unique_ptr<LoadedMember>> loaded;
  bool named = false, numbered = false;
  std::vector<IndexEntry> list;  // the index as a list: names once `named`, member numbers once `numbered`
  int scans = 0;
  std::vector<std::pair<uint32_t, uint32_t>> table;              // (half a hash, place in `list` + 1); open addressing
  std::vector<uint32_t> next;                                    // by place in `list`: the next of the same name, or 0
  absl::flat_hash_map<uint32_t, std::vector<uint32_t>> answers;  // by first place in `list`; see Defining

  absl::Status Error(absl::string_view what) const { return absl::DataLossError(absl::StrCat(path, ": ", what)); }

  absl::Status ReadTables();
  absl::Status ReadIndex(absl::string_view table);
  absl::Status CheckIndex();
  absl::Status IndexFromMembers();
  absl::StatusOr<std::string> DecodeName(const Header& header, uint64_t offset) const;
  // Offset and size of a member's bytes in the archive itself.
  absl::StatusOr<absl::string_view> InlineData(const Header& header, uint64_t offset) const;

  uint64_t EntryOffset(uint32_t i) const {
    switch (index) {
      case Index::kGnu:
        return read32be(entries + uint64_t{i} * 4);
      case Index::kGnu64:
        return read64be(entries + uint64_t{i} * 8);
      case Index::kBsd:
        return read32le(entries + uint64_t{i} * 8 + 4);
      case Index::kBsd64:
        return read64le(entries + uint64_t{i} * 16 + 8);
      case Index::kCoff:
        return read32le(coff_offsets + uint64_t{read16le(entries + uint64_t{i} * 2)} * 4 - 4);
      case Index::kNone:
        break;
    }
    return 0;
  }

  // visit(place in the index, name, length) for each, in order.
  template <typename Visit>
  void ForEachName(Visit visit) const {
    if (index == Index::kNone) {
      for (uint32_t i = 0; i < list.size(); ++i) visit(i, list[i].symbol.data(), list[i].symbol.size());
      return;
    }
    const char* const begin = names.data();
    const char* const end = begin + names.size();
    const char* name = begin;
    for (uint32_t i = 0; i < symbol_count; ++i) {
      if (index == Index::kBsd) name = begin + read32le(entries + uint64_t{i} * 8);
      if (index == Index::kBsd64) name = begin + read64le(entries + uint64_t{i} * 16);
      const char* stop = static_cast<const char*>(std::memchr(name, '\0', end - name));
      if (stop == nullptr) stop = end;
      const size_t size = static_cast<size_t>(stop - name);
      visit(i, name, versioned ? LinkName(absl::string_view(name, size)).size() : size);
      name = stop == end ? end : stop + 1;
    }
  }

  void Walk();
  std::string PathOf(absl::string_view member) const;
  absl::Status CheckThinMembers();
  void NameAll();
  void NumberAll();
  void BuildTable();
  uint32_t NumberOf(uint32_t place) const;
  size_t MemberCount() {
    Walk();
    return offsets.size() + (damage.ok() ? 0 : 1);
  }
};

absl::StatusOr<absl::string_view> Archive::State::InlineData(const Header& header, uint64_t offset) const {
  const uint64_t begin = offset + kHeaderSize;
  if (header.size > data.size() - begin) {
    return absl::DataLossError(absl::StrCat("truncated: the member at ", offset, " has ", header.size,
                                            " bytes, of which ", data.size() - begin, " are there"));
  }
  return data.substr(begin, header.size);
}

absl::StatusOr<std::string> Archive::State::DecodeName(const Header& header, uint64_t offset) const {
  absl::string_view name = header.name;
  uint64_t number;
  if (absl::ConsumePrefix(&name, "#1/")) {
    absl::StatusOr<absl::string_view> bytes = InlineData(header, offset);
    if (!bytes.ok()) return bytes.status();
    if (!absl::SimpleAtoi(name, &number) || number > bytes->size()) {
      return absl::DataLossError(absl::StrCat("the member at ", offset, " has a name of \"", name, "\" bytes"));
    }
    name = bytes->substr(0, number);
    return std::string(name.substr(0, name.find('\0')));
  }
  if (name.size() > 1 && name[0] == '/') {
    if (!absl::SimpleAtoi(name.substr(1), &number) || number >= long_names.size()) {
      return absl::DataLossError(absl::StrCat("the member at ", offset, " has its name at \"", name.substr(1),
                                              "\" of a table of ", long_names.size(), " bytes"));
    }
    name = long_names.substr(number);
    name = name.substr(0, name.find_first_of(absl::string_view("\n\0", 2)));
  }
  absl::ConsumeSuffix(&name, "/");
  return std::string(name);
}

// Finds the tables that the archive begins with.
absl::Status Archive::State::ReadTables() {
  uint64_t offset = kMagic.size();
  int symbol_tables = 0;
  while (offset < data.size()) {
    absl::StatusOr<Header> header = ReadHeader(data, offset);
    if (!header.ok()) return Error(header.status().message());
    absl::string_view name = header->name;
    std::string bsd_name;
    uint64_t name_size = 0;
    if (absl::StartsWith(name, "#1/")) {
      absl::StatusOr<std::string> decoded = DecodeName(*header, offset);
      if (!decoded.ok()) return Error(decoded.status().message());
      bsd_name = *std::move(decoded);
      // DecodeName has found a number there; the name is followed by NULs up to it.
      if (!absl::SimpleAtoi(name.substr(3), &name_size)) name_size = 0;
      name = bsd_name;
    }
    Index found = Index::kNone;
    if (name == "/") {
      found = symbol_tables == 0 ? Index::kGnu : Index::kCoff;
    } else if (name == "/SYM64/") {
      found = Index::kGnu64;
    } else if (name == "__.SYMDEF" || name == "__.SYMDEF SORTED") {
      found = Index::kBsd;
    } else if (name == "__.SYMDEF_64" || name == "__.SYMDEF_64 SORTED") {
      found = Index::kBsd64;
    } else if (name != "//" && !absl::StartsWith(name, "/<")) {
      break;
    }
    absl::StatusOr<absl::string_view> table = InlineData(*header, offset);
    if (!table.ok()) return Error(table.status().message());
    if (name == "//") long_names = *table;
    if (found != Index::kNone) {
      ++symbol_tables;
      index = found;
      if (absl::Status status = ReadIndex(table->substr(name_size)); !status.ok()) return status;
    }
    offset += kHeaderSize + table->size();
    offset += offset & 1;
  }
  first_member = std::min<uint64_t>(offset, data.size());
  return absl::OkStatus();
}

// Takes an index apart into `entries` and `names`, and checks that all of it is there.
absl::Status Archive::State::ReadIndex(absl::string_view table) {
  const auto truncated = [&] { return Error("truncated: the index is shorter than it says"); };
  uint64_t count = 0;
  switch (index) {
    case Index::kGnu:
    case Index::kGnu64: {
      const uint64_t width = index == Index::kGnu ? 4 : 8;
      if (table.size() < width) return truncated();
      count = width == 4 ? read32be(table.data()) : read64be(table.data());
      if (count > (table.size() - width) / width) return truncated();
      entries = table.data() + width;
      names = table.substr(width + count * width);
      break;
    }
    case Index::kBsd:
    case Index::kBsd64: {
      const uint64_t width = index == Index::kBsd ? 4 : 8;
      // No symbols at all: Apple's ranlib writes an empty table.
      if (table.empty()) return absl::OkStatus();
      const auto word = [&](uint64_t at) {
        return width == 4 ? uint64_t{read32le(table.data() + at)} : read64le(table.data() + at);
      };
      if (table.size() < 2 * width) return truncated();
      const uint64_t pairs = word(0);
      if (pairs > table.size() - 2 * width || pairs % (2 * width) != 0) return truncated();
      count = pairs / (2 * width);
      entries = table.data() + width;
      names = table.substr(2 * width + pairs);
      const uint64_t size = word(width + pairs);
      if (size > names.size()) return truncated();
      names = names.substr(0, size);
      break;
    }
    case Index::kCoff: {
      if (table.size() < 4) return truncated();
      const uint64_t members = read32le(table.data());
      if (members > (table.size() - 4) / 4) return truncated();
      coff_offsets = table.data() + 4;
      table.remove_prefix(4 + members * 4);
      if (table.size() < 4) return truncated();
      count = read32le(table.data());
      if (count > (table.size() - 4) / 2) return truncated();
      entries = table.data() + 4;
      names = table.substr(4 + count * 2);
      for (uint64_t i = 0; i < count; ++i) {
        const uint16_t number = read16le(entries + i * 2);
        if (number == 0 || number > members) {
          return Error(absl::StrCat("the index names member ", number, " of ", members));
        }
      }
      break;
    }
    case Index::kNone:
      break;
  }
  if (count > UINT32_MAX - 1) return Error("the index has more symbols than can be");
  symbol_count = static_cast<uint32_t>(count);
  return absl::OkStatus();
}

// Checks the index against the file: every name ends inside the table, every offset lies where a member may begin, and
// the last of these members is complete, which is where a file that was cut off shows.
absl::Status Archive::State::CheckIndex() {
  if (symbol_count == 0) return absl::OkStatus();
  versioned = absl::StrContains(names, "@@");
  if (index == Index::kBsd || index == Index::kBsd64) {
    for (uint32_t i = 0; i < symbol_count; ++i) {
      const uint64_t at =
          index == Index::kBsd ? read32le(entries + uint64_t{i} * 8) : read64le(entries + uint64_t{i} * 16);
      if (at >= names.size()) {
        return Error(absl::StrCat("symbol ", i, " of the index has its name at ", at, " of ", names.size()));
      }
    }
  } else if (CountNuls(names) < symbol_count) {
    return Error(absl::StrCat("the index has fewer names than its ", symbol_count, " symbols"));
  }
  uint64_t lowest = UINT64_MAX, highest = 0;
  for (uint32_t i = 0; i < symbol_count; ++i) {
    const uint64_t offset = EntryOffset(i);
    lowest = std::min(lowest, offset);
    highest = std::max(highest, offset);
  }
  if (lowest < first_member) {
    return Error(absl::StrCat("the index has a member at ", lowest, ", but the first is at ", first_member));
  }
  absl::StatusOr<Header> header = ReadHeader(data, highest);
  if (!header.ok()) return Error(absl::StrCat("bad index: ", header.status().message()));
  if (!thin) {
    if (absl::StatusOr<absl::string_view> bytes = InlineData(*header, highest); !bytes.ok()) {
      return Error(bytes.status().message());
    }
  }
  return absl::OkStatus();
}

// Where a thin archive's member lies.
std::string Archive::State::PathOf(absl::string_view member) const {
  if (absl::StartsWith(member, "/") || !absl::StrContains(path, '/')) return std::string(member);
  return absl::StrCat(support::DirectoryName(path), "/", member);
}

// A linker opens each by its name, and would wait for a pipe, or read a device to its end. What is missing is said by
// whoever needs it.
absl::Status Archive::State::CheckThinMembers() {
  Walk();
  for (const uint64_t offset : offsets) {
    const absl::StatusOr<Header> header = ReadHeader(data, offset);
    if (!header.ok()) break;
    const absl::StatusOr<std::string> name = DecodeName(*header, offset);
    const std::string file = name.ok() ? PathOf(*name) : "";
    if (support::Identify(file) && !support::IsRegularFile(file)) {
      return absl::FailedPreconditionError(
          absl::StrCat(path, ": its member ", file, " is a device, a pipe or a directory, not a file"));
    }
  }
  return absl::OkStatus();
}

// Goes from header to header. Damage ends the walk; index entries that were not met are damage as well.
void Archive::State::Walk() {
  if (walked) return;
  walked = true;
  uint64_t offset = first_member;
  while (offset < data.size()) {
    // libc.a has two thousand members, so the good case goes without a Status; the bad one is read again for its
    // reason.
    const char* const header = data.data() + offset;
    const uint64_t room = data.size() - offset;
    uint64_t size = 0;
    if (room < kHeaderSize || header[kHeaderSize - 2] != kHeaderEnd[0] || header[kHeaderSize - 1] != kHeaderEnd[1] ||
        !ParseSize(header, &size) || (!thin && size > room - kHeaderSize)) {
      const absl::StatusOr<Header> read = ReadHeader(data, offset);
      damage = Error((read.ok() ? InlineData(*read, offset).status() : read.status()).message());
      break;
    }
    offsets.push_back(offset);
    offset += kHeaderSize + (thin ? 0 : size);
    offset += offset & 1;
  }
  if (index == Index::kNone || !damage.ok()) return;
  size_t at = 0;
  for (uint32_t i = 0; i < symbol_count; ++i) {
    const uint64_t wanted = EntryOffset(i);
    // An index is usually in the members' order: the member is the last one again, or the next.
    if (at < offsets.size() && offsets[at] == wanted) continue;
    if (at + 1 < offsets.size() && offsets[at + 1] == wanted) {
      ++at;
      continue;
    }
    at = std::lower_bound(offsets.begin(), offsets.end(), wanted) - offsets.begin();
    if (at == offsets.size() || offsets[at] != wanted) {
      ForEachName([&](uint32_t place, const char* name, size_t size) {
        if (place != i) return;
        damage = Error(absl::StrCat("the index has a member for ", absl::string_view(name, size), " at ", wanted,
                                    ", where there is none"));
      });
      return;
    }
  }
}

uint32_t Archive::State::NumberOf(uint32_t place) const {
  if (index == Index::kNone) return list[place].member;
  const uint64_t wanted = EntryOffset(place);
  const auto found = std::lower_bound(offsets.begin(), offsets.end(), wanted);
  if (found == offsets.end() || *found != wanted) return static_cast<uint32_t>(offsets.size());
  return static_cast<uint32_t>(found - offsets.begin());
}

void Archive::State::NameAll() {
  if (named) return;
  named = true;
  list.reserve(symbol_count);
  ForEachName([this](uint32_t, const char* name, size_t size) { list.push_back({absl::string_view(name, size), 0}); });
}

void Archive::State::NumberAll() {
  if (numbered) return;
  numbered = true;
  NameAll();
  Walk();
  uint64_t last_offset = 0;
  uint32_t last_number = 0;
  for (uint32_t i = 0; i < list.size(); ++i) {
    const uint64_t offset = EntryOffset(i);
    if (offset != last_offset) {
      last_offset = offset;
      last_number = NumberOf(i);
    }
    list[i].member = last_number;
  }
}

void Archive::State::BuildTable() {
  NameAll();
  size_t size = 16;
  while (size < list.size() * 2) size *= 2;
  table.assign(size, {0, 0});
  for (uint32_t i = 0; i < list.size(); ++i) {
    const uint64_t hash = Hash(list[i].symbol);
    const auto half = static_cast<uint32_t>(hash >> 32);
    size_t slot = hash & (size - 1);
    while (table[slot].second != 0) {
      if (table[slot].first == half && list[table[slot].second - 1].symbol == list[i].symbol) break;
      slot = (slot + 1) & (size - 1);
    }
    if (table[slot].second == 0) {
      table[slot] = {half, i + 1};
      continue;
    }
    // Several members have the name: a list from the first, whose second becomes the newest; Defining sorts.
    if (next.empty()) next.assign(list.size(), 0);
    const uint32_t first = table[slot].second - 1;
    next[i] = next[first];
    next[first] = i;
  }
}

// For archives that have no index: each member's definitions in turn.
absl::Status Archive::State::IndexFromMembers() {
  named = numbered = true;
  Walk();
  return damage;
}

Archive::Archive() : state_(std::make_unique<State>()) {}
Archive::~Archive() = default;

absl::StatusOr<std::shared_ptr<Archive>> Archive::Open(const std::string& path) {
  absl::StatusOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = support::MapFile(path);
  if (!buffer.ok()) return buffer.status();
  return FromBuffer(*std::move(buffer), path);
}

absl::StatusOr<std::shared_ptr<Archive>> Archive::FromBuffer(std::unique_ptr<llvm::MemoryBuffer> buffer,
                                                             const std::string& path) {
  const absl::string_view data = support::Bytes(*buffer);
  const bool thin = absl::StartsWith(data, kThinMagic);
  if (!thin && !absl::StartsWith(data, kMagic))
    return absl::InvalidArgumentError(absl::StrCat(path, ": not an archive"));
  std::shared_ptr<Archive> archive(new Archive);
  State& state = *archive->state_;
  state.path = path;
  state.buffer = std::move(buffer);
  state.data = data;
  state.thin = thin;
  if (absl::Status status = state.ReadTables(); !status.ok()) return status;
  if (state.index != Index::kNone) {
    if (absl::Status status = state.CheckIndex(); !status.ok()) return status;
    if (thin) {
      if (absl::Status status = state.CheckThinMembers(); !status.ok()) return status;
    }
    return archive;
  }
  if (absl::Status status = state.IndexFromMembers(); !status.ok()) return status;
  for (uint32_t i = 0; i < state.offsets.size(); ++i) {
    absl::StatusOr<const Object*> object = archive->Load(i);
    if (!object.ok()) return object.status();
    for (const Definition& definition : (*object)->definitions) state.list.push_back({definition.name, i});
  }
  state.symbol_count = static_cast<uint32_t>(state.list.size());
  return archive;
}

const std::string& Archive::path() const { return state_->path; }
bool Archive::thin() const { return state_->thin; }
bool Archive::has_index() const { return state_->index != Index::kNone; }
size_t Archive::member_count() const { return state_->MemberCount(); }

std::optional<Machine> Archive::FirstMachine() const {
  // A handful: bitcode and metadata members come between objects, not hundreds of them.
  uint64_t offset = state_->first_member;
  for (uint32_t i = 0; i < 8 && offset < state_->data.size(); ++i) {
    absl::string_view bytes;
    if (thin()) {
      const absl::StatusOr<const Member*> member = i < member_count() ? GetMember(i) : absl::NotFoundError("");
      if (!member.ok()) return std::nullopt;
      bytes = (*member)->data;
    } else {
      const absl::StatusOr<Header> header = ReadHeader(state_->data, offset);
      if (!header.ok()) return std::nullopt;
      const absl::StatusOr<absl::string_view> data = state_->InlineData(*header, offset);
      if (!data.ok()) return std::nullopt;
      bytes = *data;
      offset += kHeaderSize + bytes.size();
      offset += offset & 1;
      // A BSD member's name stands before its bytes.
      uint64_t name_size = 0;
      absl::string_view name = header->name;
      if (absl::ConsumePrefix(&name, "#1/") && absl::SimpleAtoi(name, &name_size) && name_size <= bytes.size()) {
        bytes.remove_prefix(name_size);
      }
    }
    if (const std::optional<Machine> machine = ElfRelocatableMachine(bytes)) return machine;
  }
  return std::nullopt;
}

bool Archive::empty() const { return state_->first_member == state_->data.size(); }

const std::vector<Archive::IndexEntry>& Archive::index() const {
  state_->NumberAll();
  return state_->list;
}

void Archive::FindDefining(absl::Span<const absl::string_view> symbols,
                           std::vector<std::pair<uint32_t, uint32_t>>* hits) const {
  if (symbols.empty() || state_->symbol_count == 0) return;
  const size_t before = hits->size();
  const Wanted wanted(symbols);
  state_->ForEachName([&](uint32_t i, const char* name, size_t size) {
    wanted.Match(name, size, [&](uint32_t place) { hits->emplace_back(place, i); });
  });
  if (hits->size() == before) return;
  state_->Walk();
  for (size_t i = before; i < hits->size(); ++i) (*hits)[i].second = state_->NumberOf((*hits)[i].second);
  std::sort(hits->begin() + before, hits->end());
  hits->erase(std::unique(hits->begin() + before, hits->end()), hits->end());
}

void Archive::ExpectLookups() const { state_->scans = kScansBeforeTable; }

absl::Span<const uint32_t> Archive::Defining(absl::string_view symbol) const {
  State& state = *state_;
  if (state.symbol_count == 0) return {};
  // Places of the symbol in the index, lowest first.
  std::vector<uint32_t> places;
  if (state.table.empty() && ++state.scans > kScansBeforeTable) state.BuildTable();
  if (state.table.empty()) {
    const Wanted wanted(absl::MakeConstSpan(&symbol, 1));
    state.ForEachName([&](uint32_t i, const char* name, size_t size) {
      wanted.Match(name, size, [&](uint32_t) { places.push_back(i); });
    });
  } else {
    const uint64_t hash = Hash(symbol);
    const size_t mask = state.table.size() - 1;
    for (size_t slot = hash & mask; state.table[slot].second != 0; slot = (slot + 1) & mask) {
      const uint32_t first = state.table[slot].second - 1;
      if (state.table[slot].first != hash >> 32 || state.list[first].symbol != symbol) continue;
      places.push_back(first);
      if (state.next.empty()) break;
      for (uint32_t i = state.next[first]; i != 0; i = state.next[i]) places.push_back(i);
      break;
    }
  }
  if (places.empty()) return {};
  // Kept, because the span that is handed out has to point somewhere. A vector's elements stay where they are when the
  // map grows, since only the vector's head moves.
  auto [answer, is_new] = state.answers.try_emplace(places.front());
  if (is_new) {
    state.Walk();
    for (const uint32_t place : places) answer->second.push_back(state.NumberOf(place));
    std::sort(answer->second.begin(), answer->second.end());
    answer->second.erase(std::unique(answer->second.begin(), answer->second.end()), answer->second.end());
  }
  return answer->second;
}

absl::StatusOr<const Member*> Archive::GetMember(uint32_t number) const {
  State& state = *state_;
  const size_t count = state.MemberCount();
  if (number >= count) {
    return absl::InvalidArgumentError(absl::StrCat(state.path, ": no member ", number, " of ", count));
  }
  if (number >= state.offsets.size()) return state.damage;
  if (state.loaded.empty()) state.loaded.resize(state.offsets.size());
  if (state.loaded[number] != nullptr) return &state.loaded[number]->member;

  const uint64_t offset = state.offsets[number];
  const absl::StatusOr<Header> header = ReadHeader(state.data, offset);
  if (!header.ok()) return state.Error(header.status().message());
  absl::StatusOr<std::string> name = state.DecodeName(*header, offset);
  if (!name.ok()) return state.Error(name.status().message());
  auto loaded = std::make_unique<LoadedMember>();
  loaded->member.name = *std::move(name);
  loaded->member.offset = offset;
  if (state.thin) {
    absl::StatusOr<std::unique_ptr<llvm::MemoryBuffer>> file = support::MapFile(state.PathOf(loaded->member.name));
    if (!file.ok()) {
      return absl::Status(file.status().code(),
                          absl::StrCat(state.path, ": a thin archive's member: ", file.status().message()));
    }
    loaded->file = *std::move(file);
    loaded->member.data = support::Bytes(*loaded->file);
  } else {
    absl::StatusOr<absl::string_view> bytes = state.InlineData(*header, offset);
    if (!bytes.ok()) return state.Error(bytes.status().message());
    uint64_t name_size = 0;
    if (absl::StartsWith(header->name, "#1/") && !absl::SimpleAtoi(header->name.substr(3), &name_size)) name_size = 0;
    loaded->member.data = bytes->substr(name_size);
  }
  state.loaded[number] = std::move(loaded);
  return &state.loaded[number]->member;
}

absl::StatusOr<const Object*> Archive::Load(uint32_t number) const {
  absl::StatusOr<const Member*> member = GetMember(number);
  if (!member.ok()) return member.status();
  LoadedMember& loaded = *state_->loaded[number];
  if (!loaded.object.has_value()) {
    loaded.object = ReadObject((*member)->data, "");
    // Only a message needs the name; hundreds of members are read in every link.
    if (!loaded.object->ok())
      loaded.object = ReadObject((*member)->data, absl::StrCat(state_->path, "(", (*member)->name, ")"));
  }
  if (!loaded.object->ok()) return loaded.object->status();
  return &**loaded.object;
}

}  // namespace cgo_ld_shim::symbols

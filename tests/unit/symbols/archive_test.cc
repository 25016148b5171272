// Archives of every format, sound and damaged. They are written by LLVM (tests/support/archive.h), so that our idea of
// the format is held against another's.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MemoryBuffer.h"
#include "symbols/symbols.h"
#include "tests/support/archive.h"
#include "tests/support/elf.h"

namespace cgo_ld_shim::symbols {
namespace {

using ::cgo_ld_shim::test_support::ArchiveFormat;
using ::cgo_ld_shim::test_support::ArchiveMember;
using ::cgo_ld_shim::test_support::ArchiveOptions;
using ::cgo_ld_shim::test_support::MakeArchive;
using ::cgo_ld_shim::test_support::ObjectBuilder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

// A copy in a buffer of exactly its size, so that a sanitizer sees each byte that is read behind the end.
absl::StatusOr<std::shared_ptr<Archive>> TryOpen(const std::string& bytes, const std::string& path = "dir/libtest.a") {
  return Archive::FromBuffer(llvm::MemoryBuffer::getMemBufferCopy(bytes, path), path);
}

std::shared_ptr<Archive> Open(const std::string& bytes) {
  absl::StatusOr<std::shared_ptr<Archive>> archive = TryOpen(bytes);
  EXPECT_TRUE(archive.ok()) << archive.status();
  if (!archive.ok()) std::abort();
  return *std::move(archive);
}

// Asks for everything that can be asked for. Returns the number of errors, all of which have to be kDataLoss.
int Exercise(const Archive& archive) {
  int errors = 0;
  const size_t count = archive.member_count();
  EXPECT_EQ(archive.empty(), count == 0);
  for (const Archive::IndexEntry& entry : archive.index()) {
    EXPECT_LT(entry.member, count);
    EXPECT_THAT(archive.Defining(entry.symbol), ::testing::Contains(entry.member));
  }
  std::vector<std::pair<uint32_t, uint32_t>> hits;
  const absl::string_view wanted[] = {"a", "b", "nowhere"};
  archive.FindDefining(wanted, &hits);
  for (uint32_t i = 0; i < count; ++i) {
    absl::StatusOr<const Object*> object = archive.Load(i);
    if (object.ok()) continue;
    EXPECT_EQ(object.status().code(), absl::StatusCode::kDataLoss) << object.status();
    ++errors;
  }
  return errors;
}

std::vector<std::string> Names(const Archive& archive) {
  std::vector<std::string> names;
  for (uint32_t i = 0; i < archive.member_count(); ++i) {
    absl::StatusOr<const Member*> member = archive.GetMember(i);
    names.push_back(member.ok() ? (*member)->name : std::string(member.status().message()));
  }
  return names;
}

const char kLongName[] = "a_member_with_a_name_of_more_than_fifteen_bytes.o";

std::vector<ArchiveMember> ThreeMembers() {
  return {{"a.o", ObjectBuilder().Define("a").Reference("b").Build()},
          {kLongName, ObjectBuilder().Define("b").DefineWeak("shared").Build()},
          {"c.o", ObjectBuilder().Define("c").Comdat("shared", "shared").Build()}};
}

class FormatTest : public ::testing::TestWithParam<ArchiveFormat> {};
INSTANTIATE_TEST_SUITE_P(Formats, FormatTest,
                         ::testing::Values(ArchiveFormat::kGnu, ArchiveFormat::kGnu64, ArchiveFormat::kBsd,
                                           ArchiveFormat::kDarwin, ArchiveFormat::kDarwin64, ArchiveFormat::kCoff));

TEST_P(FormatTest, IndexNamesMembers) {
  const std::vector<ArchiveMember> members = ThreeMembers();
  const std::shared_ptr<Archive> archive = Open(MakeArchive(members, {.format = GetParam()}));
  EXPECT_TRUE(archive->has_index());
  EXPECT_FALSE(archive->thin());
  EXPECT_FALSE(archive->empty());
  EXPECT_EQ(archive->member_count(), 3u);
  EXPECT_THAT(Names(*archive), ElementsAre("a.o", kLongName, "c.o"));
  EXPECT_THAT(archive->Defining("a"), ElementsAre(0));
  EXPECT_THAT(archive->Defining("b"), ElementsAre(1));
  EXPECT_THAT(archive->Defining("shared"), ::testing::Contains(1));
  EXPECT_THAT(archive->Defining("nowhere"), IsEmpty());
  EXPECT_EQ(Exercise(*archive), 0);
  uint64_t last = 0;
  for (uint32_t i = 0; i < 3; ++i) {
    absl::StatusOr<const Member*> member = archive->GetMember(i);
    ASSERT_TRUE(member.ok()) << member.status();
    // Darwin pads members to eight bytes.
    EXPECT_EQ((*member)->data.substr(0, members[i].bytes.size()), members[i].bytes);
    EXPECT_GT((*member)->offset, last);
    last = (*member)->offset;
    absl::StatusOr<const Object*> object = archive->Load(i);
    ASSERT_TRUE(object.ok()) << object.status();
    EXPECT_EQ(*object, *archive->Load(i)) << "read once and kept";
  }
  EXPECT_EQ((*archive->Load(0))->references[0].name, "b");
}

TEST_P(FormatTest, EveryPrefixIsAnErrorOrSmaller) {
  const std::string whole = MakeArchive(ThreeMembers(), {.format = GetParam()});
  for (size_t size = 0; size < whole.size(); ++size) {
    absl::StatusOr<std::shared_ptr<Archive>> archive = TryOpen(whole.substr(0, size));
    if (archive.ok()) {
      // Nothing but the file's first bytes, or the padding behind the last member is gone.
      EXPECT_TRUE(size == 8 || size + 8 > whole.size()) << size << " of " << whole.size();
      Exercise(**archive);
    } else {
      EXPECT_EQ(archive.status().code(), size < 8 ? absl::StatusCode::kInvalidArgument : absl::StatusCode::kDataLoss);
    }
  }
}

TEST_P(FormatTest, NoDamagedByteCrashes) {
  const std::string whole = MakeArchive(ThreeMembers(), {.format = GetParam()});
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const int value : {0x00, 0x20, 0x30, 0x39, 0xff}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(value);
      absl::StatusOr<std::shared_ptr<Archive>> archive = TryOpen(damaged);
      if (archive.ok()) Exercise(**archive);
    }
  }
}

TEST(ArchiveTest, WithoutIndexMembersAreRead) {
  const std::shared_ptr<Archive> archive = Open(MakeArchive(ThreeMembers(), {.index = false}));
  EXPECT_FALSE(archive->has_index());
  EXPECT_EQ(archive->member_count(), 3u);
  EXPECT_THAT(archive->Defining("b"), ElementsAre(1));
  EXPECT_THAT(archive->Defining("shared"), ElementsAre(1, 2));
  EXPECT_EQ(archive->index().size(), 5u);
  EXPECT_EQ(Exercise(*archive), 0);
}

TEST(ArchiveTest, WithoutIndexADamagedMemberIsNamed) {
  std::string object = ObjectBuilder().Define("f").Build();
  object.resize(object.size() - 10);
  const absl::Status status = TryOpen(MakeArchive({{"cut.o", object}}, {.index = false})).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("dir/libtest.a(cut.o): "));
}

// glibc's libpthread.a, libdl.a and others are these eight bytes.
TEST(ArchiveTest, EmptyArchiveIsEmpty) {
  const std::shared_ptr<Archive> archive = Open("!<arch>\n");
  EXPECT_TRUE(archive->empty());
  EXPECT_EQ(archive->member_count(), 0u);
  EXPECT_THAT(archive->Defining("pthread_create"), IsEmpty());
  EXPECT_THAT(archive->index(), IsEmpty());
  EXPECT_EQ(archive->GetMember(0).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(ArchiveTest, DuplicateMemberNamesAreTwoMembers) {
  const std::shared_ptr<Archive> archive = Open(MakeArchive(
      {{"util.o", ObjectBuilder().Define("first").Build()}, {"util.o", ObjectBuilder().Define("second").Build()}}));
  EXPECT_THAT(Names(*archive), ElementsAre("util.o", "util.o"));
  EXPECT_THAT(archive->Defining("first"), ElementsAre(0));
  EXPECT_THAT(archive->Defining("second"), ElementsAre(1));
  EXPECT_NE((*archive->GetMember(0))->offset, (*archive->GetMember(1))->offset);
}

TEST(ArchiveTest, SymbolInSeveralMembersNamesAll) {
  std::vector<ArchiveMember> members;
  for (int i = 0; i < 4; ++i)
    members.push_back({"m.o", ObjectBuilder().Define("same").Define(absl::StrCat("f", i)).Build()});
  const std::shared_ptr<Archive> archive = Open(MakeArchive(members));
  // The first answers come from a scan of the names, later ones from a table.
  const absl::Span<const uint32_t> first = archive->Defining("same");
  for (int i = 0; i < 6; ++i) EXPECT_THAT(archive->Defining("same"), ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(first.data(), archive->Defining("same").data()) << "a span stays good";
}

// libnuma.a and libfuse3.a are so: what .symver made the default version is found by the plain name, as linkers do.
TEST(ArchiveTest, DefaultVersionOfASymbolHasThePlainName) {
  const std::vector<ArchiveMember> members = {
      {"old.o", ObjectBuilder().Define("f@V1").Build()},
      {"new.o", ObjectBuilder().Define("f@@V2").Reference("g@@V2").Reference("h@V1").Build()}};
  for (const bool index : {true, false}) {
    ArchiveOptions options;
    options.index = index;
    const std::shared_ptr<Archive> archive = Open(MakeArchive(members, options));
    EXPECT_THAT(archive->Defining("f"), ElementsAre(1)) << index;
    EXPECT_THAT(archive->Defining("f@@V2"), IsEmpty()) << index;
    EXPECT_THAT(archive->Defining("f@V1"), ElementsAre(0)) << index;
    std::vector<std::pair<uint32_t, uint32_t>> hits;
    const absl::string_view wanted[] = {"f", "nowhere"};
    archive->FindDefining(wanted, &hits);
    EXPECT_THAT(hits, ElementsAre(Pair(0, 1))) << index;
    const absl::StatusOr<const Object*> object = archive->Load(1);
    ASSERT_TRUE(object.ok()) << object.status();
    EXPECT_EQ((*object)->definitions[0].name, "f");
    EXPECT_EQ((*object)->references[0].name, "g");
    EXPECT_EQ((*object)->references[1].name, "h@V1");
  }
}

TEST(ArchiveTest, ManyNamesAreFoundOneByOneAndAtOnce) {
  std::vector<ArchiveMember> members;
  std::vector<std::string> names;
  for (int i = 0; i < 50; ++i) {
    ObjectBuilder builder;
    for (int j = 0; j < 20; ++j) {
      // Of all lengths from one byte on, many of one length.
      names.push_back(absl::StrCat(std::string(j, 'x'), "_", i));
      builder.Define(names.back());
    }
    members.push_back({absl::StrCat(i, ".o"), builder.Build()});
  }
  const std::shared_ptr<Archive> archive = Open(MakeArchive(members));
  std::vector<absl::string_view> wanted;
  std::vector<std::pair<uint32_t, uint32_t>> expected;
  for (uint32_t i = 0; i < names.size(); i += 7) {
    expected.push_back({static_cast<uint32_t>(wanted.size()), i / 20});
    wanted.push_back(names[i]);
    wanted.push_back("nowhere");
  }
  std::vector<std::pair<uint32_t, uint32_t>> hits;
  archive->FindDefining(wanted, &hits);
  EXPECT_EQ(hits, expected);
  for (uint32_t i = 0; i < names.size(); ++i) EXPECT_THAT(archive->Defining(names[i]), ElementsAre(i / 20)) << names[i];
  EXPECT_THAT(archive->Defining(""), IsEmpty());
  EXPECT_THAT(archive->Defining("x_1000"), IsEmpty());
}

TEST(ArchiveTest, FindDefiningAppendsAndTakesRepeatedNames) {
  const std::shared_ptr<Archive> archive = Open(MakeArchive(ThreeMembers()));
  std::vector<std::pair<uint32_t, uint32_t>> hits = {{9, 9}};
  const absl::string_view wanted[] = {"c", "", "a", "c"};
  archive->FindDefining(wanted, &hits);
  EXPECT_THAT(hits, ElementsAre(Pair(9, 9), Pair(0, 2), Pair(2, 0), Pair(3, 2)));
  archive->FindDefining({}, &hits);
  EXPECT_EQ(hits.size(), 4u);
}

// Rust's .rlib and .a files have lib.rmeta in them.
TEST(ArchiveTest, MembersThatAreNoObjectsAreNoError) {
  const std::shared_ptr<Archive> archive =
      Open(MakeArchive({{"lib.rmeta", std::string("rust\0\0\0\x09", 8)}, {"empty.o", ""}, {"readme", "text\n"}}));
  EXPECT_EQ((*archive->Load(0))->what, "Rust metadata");
  EXPECT_EQ((*archive->Load(1))->what, "empty");
  EXPECT_EQ((*archive->Load(2))->what, "a text file");
}

TEST(ArchiveTest, BitcodeMembersAreNamed) {
  const std::shared_ptr<Archive> archive = Open(
      MakeArchive({{"lto.o", std::string("BC\xc0\xde\x35\x14\0\0", 8)}, {"a.o", ObjectBuilder().Define("a").Build()}},
                  {.index = false}));
  EXPECT_EQ((*archive->Load(0))->kind, ObjectKind::kBitcode);
  EXPECT_THAT(archive->Defining("a"), ElementsAre(1));
}

TEST(ArchiveTest, OtherFilesAreNoArchives) {
  EXPECT_EQ(TryOpen("").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(TryOpen("GROUP ( libm-2.36.a )\n").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Archive::Open("/nonexistent/libx.a").status().code(), absl::StatusCode::kNotFound);
}

// The offsets in a GNU index begin 8 (magic) + 60 (header) + 4 (their number) bytes into the file.
constexpr size_t kFirstOffset = 72;

TEST(ArchiveTest, IndexThatPointsOutsideIsAnError) {
  std::string bytes = MakeArchive(ThreeMembers());
  llvm::support::endian::write32be(&bytes[kFirstOffset], 0x00ffffff);
  const absl::Status status = TryOpen(bytes).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("dir/libtest.a: bad index: truncated: no room"));
  llvm::support::endian::write32be(&bytes[kFirstOffset], 3);
  EXPECT_THAT(std::string(TryOpen(bytes).status().message()), HasSubstr("the index has a member at 3"));
}

TEST(ArchiveTest, IndexThatPointsBetweenMembersIsAnErrorWhenItIsUsed) {
  std::string bytes = MakeArchive(ThreeMembers());
  const uint32_t offset = llvm::support::endian::read32be(&bytes[kFirstOffset]);
  llvm::support::endian::write32be(&bytes[kFirstOffset], offset + 2);
  const std::shared_ptr<Archive> archive = Open(bytes);
  ASSERT_EQ(archive->member_count(), 4u) << "three, and one that stands for the damage";
  ASSERT_THAT(archive->Defining("a"), ElementsAre(3));
  const absl::Status status = archive->Load(3).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr(absl::StrCat("the index has a member for a at ", offset + 2)));
  EXPECT_TRUE(archive->Load(archive->Defining("b")[0]).ok()) << "the rest is still good";
}

TEST(ArchiveTest, IndexThatIsLongerThanItsMemberIsAnError) {
  std::string bytes = MakeArchive(ThreeMembers());
  llvm::support::endian::write32be(&bytes[kFirstOffset - 4], 0x7fffffff);
  EXPECT_THAT(std::string(TryOpen(bytes).status().message()), HasSubstr("the index is shorter than it says"));
}

TEST(ArchiveTest, IndexWithTooFewNamesIsAnError) {
  std::string bytes = MakeArchive(ThreeMembers());
  const size_t names = bytes.find(absl::string_view("a\0b\0", 4).data(), kFirstOffset, 4);
  ASSERT_NE(names, std::string::npos);
  bytes[names + 1] = 'x';
  bytes[names + 3] = 'x';
  EXPECT_THAT(std::string(TryOpen(bytes).status().message()), HasSubstr("fewer names than its 5 symbols"));
}

TEST(ArchiveTest, MemberSizeThatIsNoNumberIsAnError) {
  std::string bytes = MakeArchive(ThreeMembers());
  const size_t header = bytes.find("c.o/ ");
  bytes[header + 48] = 'x';
  EXPECT_THAT(std::string(TryOpen(bytes).status().message()), HasSubstr("has a size that is not a number"));
}

// Members of a thin archive are files; these need a directory.
class ThinArchiveTest : public ::testing::Test {
 protected:
  ThinArchiveTest() {
    std::string pattern = ::testing::TempDir() + "/thinXXXXXX";
    directory_ = mkdtemp(pattern.data());
  }
  ~ThinArchiveTest() override { std::filesystem::remove_all(directory_); }
  void Write(const std::string& name, const std::string& bytes) {
    const std::filesystem::path path = std::filesystem::path(directory_) / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
  }
  std::string directory_;
};

TEST_F(ThinArchiveTest, MembersAreFilesBesideIt) {
  const std::vector<ArchiveMember> members = {{"a.o", ObjectBuilder().Define("a").Build()},
                                              {"sub/b.o", ObjectBuilder().Define("b").Build()}};
  for (const ArchiveMember& member : members) Write(member.name, member.bytes);
  for (const bool index : {true, false}) {
    Write("libthin.a", MakeArchive(members, {.thin = true, .index = index}));
    absl::StatusOr<std::shared_ptr<Archive>> archive = Archive::Open(directory_ + "/libthin.a");
    ASSERT_TRUE(archive.ok()) << archive.status();
    EXPECT_TRUE((*archive)->thin());
    EXPECT_EQ((*archive)->has_index(), index);
    EXPECT_EQ((*archive)->member_count(), 2u);
    EXPECT_THAT((*archive)->Defining("b"), ElementsAre(1));
    EXPECT_EQ((*(*archive)->GetMember(1))->name, "sub/b.o");
    EXPECT_EQ((*(*archive)->GetMember(1))->data, members[1].bytes);
    EXPECT_EQ((*(*archive)->Load(1))->definitions[0].name, "b");
  }
}

TEST_F(ThinArchiveTest, MissingMemberNamesArchiveAndFile) {
  Write("libthin.a", MakeArchive({{"gone.o", ObjectBuilder().Define("gone").Build()}}, {.thin = true}));
  absl::StatusOr<std::shared_ptr<Archive>> archive = Archive::Open(directory_ + "/libthin.a");
  ASSERT_TRUE(archive.ok()) << archive.status();
  const absl::Status status = (*archive)->Load(0).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr(directory_ + "/libthin.a: a thin archive's member: "));
  EXPECT_THAT(std::string(status.message()), HasSubstr(directory_ + "/gone.o: no such file"));
}

TEST_F(ThinArchiveTest, EveryPrefixIsAnErrorOrValid) {
  const std::vector<ArchiveMember> members = {{"a.o", ObjectBuilder().Define("a").Build()},
                                              {"sub/b.o", ObjectBuilder().Define("b").Build()}};
  const std::string whole = MakeArchive(members, {.thin = true});
  for (size_t size = 8; size < whole.size(); ++size) {
    absl::StatusOr<std::shared_ptr<Archive>> archive = TryOpen(whole.substr(0, size), directory_ + "/libthin.a");
    if (!archive.ok()) {
      EXPECT_EQ(archive.status().code(), absl::StatusCode::kDataLoss);
      continue;
    }
    for (uint32_t i = 0; i < (*archive)->member_count(); ++i) EXPECT_FALSE((*archive)->Load(i).ok());
  }
}

}  // namespace
}  // namespace cgo_ld_shim::symbols

// Archives that change under a module's programs.
#include "report/archive_states.h"

#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cgo_ld_shim::report {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class ArchiveStatesTest : public testing::Test {
 protected:
  ArchiveStatesTest() : directory_(fs::temp_directory_path() / absl::StrCat("archive-states-", ::getpid())) {
    fs::create_directories(directory_ / "state");
    ::setenv("XDG_STATE_HOME", (directory_ / "state").c_str(), 1);
  }
  ~ArchiveStatesTest() override { fs::remove_all(directory_); }

  std::string Archive(const std::string& name, const std::string& content = "1") const {
    const std::string path = (directory_ / name).string();
    std::ofstream(path) << content;
    return path;
  }
  static LinkRecord Link(const std::string& package, const std::string& archive, const std::string& origin = "given") {
    LinkRecord record;
    record.package = package;
    record.time_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count() +
        1000;
    record.inputs = {{.path = archive, .kind = "archive", .origin = origin, .bytes = 1, .members = {"x.o"}}};
    return record;
  }

  const fs::path directory_;
};

TEST_F(ArchiveStatesTest, TheWordChangesWithAnArchiveAndOnlyThen) {
  EXPECT_EQ(ArchivesWord("/m"), "");
  const std::string a = Archive("liba.a"), b = Archive("libb.a");
  NoteArchives("/m", Link("m/a", a));
  NoteArchives("/m", Link("m/b", b));
  EXPECT_EQ(ArchivesWord("/m"), "") << "an unchanged build links nothing";
  Archive("liba.a", "22");
  const std::string changed = ArchivesWord("/m");
  EXPECT_NE(changed, "");
  EXPECT_EQ(ArchivesWord("/m"), changed);
  NoteArchives("/m", Link("m/a", a));
  EXPECT_EQ(ArchivesWord("/m"), changed) << "that link has it";
  fs::remove(b);
  EXPECT_NE(ArchivesWord("/m"), changed);
  EXPECT_EQ(ArchivesWord("/other"), "");
}

TEST_F(ArchiveStatesTest, WhatAProgramNoLongerReadsAndTheCompilersOwnDoNotCount) {
  const std::string a = Archive("liba.a"), c = Archive("libc.a");
  NoteArchives("/m", Link("m/a", a));
  NoteArchives("/m", Link("m/a", c, "toolchain"));
  Archive("liba.a", "22");
  Archive("libc.a", "22");
  EXPECT_EQ(ArchivesWord("/m"), "");
}

TEST_F(ArchiveStatesTest, ArchivesThatAreNewerThanTheLinkAreNamed) {
  const std::string a = Archive("liba.a");
  LinkRecord record = Link("m/a", a);
  EXPECT_THAT(ChangedArchives(record), IsEmpty());
  record.time_ms -= 1000000;
  EXPECT_THAT(ChangedArchives(record), ElementsAre(a));
  record.time_ms += 1000000;
  Archive("liba.a", "22");
  EXPECT_THAT(ChangedArchives(record), ElementsAre(a));
}

}  // namespace
}  // namespace cgo_ld_shim::report

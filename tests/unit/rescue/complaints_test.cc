#include "rescue/complaints.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cgo_ld_shim::rescue {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(ComplaintsTest, AHeaderThatIsNotFoundIsNamedByClangAndByGcc) {
  for (const char* words :
       {"./sqlite-vec.h:10:10: fatal error: 'sqlite3.h' file not found\n   10 | #include \"sqlite3.h\"\n",
        "vec.c:1:10: fatal error: sqlite3.h: No such file or directory\ncompilation terminated.\n"}) {
    const Complaints complaints = ReadComplaints(words);
    ASSERT_EQ(complaints.errors.size(), 1U) << words;
    EXPECT_EQ(complaints.errors[0].header, "sqlite3.h");
    EXPECT_THAT(complaints.errors[0].names, IsEmpty());
  }
}

TEST(ComplaintsTest, NamesThatAreNotDeclaredStandInQuotes) {
  const Complaints complaints = ReadComplaints(
      "a.c:60:9: error: unknown type name 'u_int8_t'; did you mean 'uint8_t'?\n"
      "a.c:61:9: warning: 'not_an_error' is unused\n"
      "a.c:62:9: error: storage size of 's' isn't known\n"
      "a.c:63:9: error: invalid application of 'sizeof' to incomplete type 'struct stat64'\n");
  ASSERT_EQ(complaints.errors.size(), 3U);
  EXPECT_THAT(complaints.errors[0].names, Contains("u_int8_t"));
  EXPECT_THAT(complaints.errors[2].names, ElementsAre("sizeof", "stat64"));
}

// cmd/cgo asks what a name is by lines that cannot compile; what the compiler says of those is its answer.
TEST(ComplaintsTest, WhatCgoAsksByErrorsIsAnAnswerAndNoComplaint) {
  const Complaints answered = ReadComplaints(
      "not-declared:1:35: error: use of undeclared identifier 'u_int8_t'\n"
      "not-type:1:32: error: type name requires a specifier\n"
      "completed:1:13: error: use of undeclared identifier '__cgo__2'\n");
  EXPECT_TRUE(answered.answered_cgo);
  EXPECT_THAT(answered.errors, IsEmpty());
  EXPECT_FALSE(ReadComplaints("cgo-gcc-input-1.c:3:10: fatal error: 'x.h' file not found\n").answered_cgo);
}

TEST(ComplaintsTest, SilenceIsNoComplaint) { EXPECT_THAT(ReadComplaints("").errors, IsEmpty()); }

}  // namespace
}  // namespace cgo_ld_shim::rescue

// The settings: values, messages, combinations, the front's check, and the fingerprint.
#include "support/settings.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "support/words.h"

namespace cgo_ld_shim::support {
namespace {

// A null-terminated environment; "LIBC=musl" stands for "CGO_LD_SHIM_LIBC=musl", a word with a leading ! for itself.
class Environment {
 public:
  Environment(std::initializer_list<const char*> entries) {
    for (absl::string_view entry : entries) {
      storage_.push_back(entry[0] == '!' ? std::string(entry.substr(1)) : kSettingPrefix + std::string(entry));
    }
    for (const std::string& entry : storage_) pointers_.push_back(entry.c_str());
    pointers_.push_back(nullptr);
  }
  operator const char* const*() const { return pointers_.data(); }  // NOLINT(google-explicit-constructor)

 private:
  std::vector<std::string> storage_;
  std::vector<const char*> pointers_;
};

std::string Error(const Environment& environment) { return std::string(ReadSettings(environment).status().message()); }

TEST(SettingsTest, AreTheInitialValuesWhenNothingOrEmptyIsSet) {
  for (const Environment& environment :
       {Environment{}, Environment{"LIBC=", "STATIC=", "VERBOSE=", "CC=", "!PATH=/bin"}}) {
    const absl::StatusOr<Settings> settings = ReadSettings(environment);
    ASSERT_TRUE(settings.ok()) << settings.status();
    EXPECT_EQ(settings->libc, Libc::kAuto);
    EXPECT_EQ(settings->static_mode, StaticMode::kFull);
    EXPECT_EQ(settings->linker, "");
    EXPECT_TRUE(settings->cc.empty());
    EXPECT_FALSE(settings->nss_host);
    EXPECT_TRUE(settings->compat);
    EXPECT_EQ(settings->debug_sections, DebugSections::kAsAsked);
    EXPECT_FALSE(settings->verbose);
    EXPECT_FALSE(settings->strict);
    EXPECT_TRUE(SettingsLookValid(environment));
  }
}

TEST(SettingsTest, AreRead) {
  const Environment environment = {"LIBC=glibc",
                                   "STATIC=prefer",
                                   "LINKER=/opt/mold",
                                   "CC=ccache '/a b/gcc' -m64",
                                   "CXX=g++",
                                   "ZIG=/opt/zig",
                                   "TARGET=x86_64-linux-gnu",
                                   "NSS=host",
                                   "COMPAT=off",
                                   "STUBS=gssapi_krb5, z",
                                   "ISOLATE=libssl.a",
                                   "GC=on",
                                   "DEBUG_SECTIONS=zstd",
                                   "NOTE=1",
                                   "LOG=stderr",
                                   "VERBOSE=1",
                                   "STRICT=1"};
  EXPECT_TRUE(SettingsLookValid(environment));
  const absl::StatusOr<Settings> settings = ReadSettings(environment);
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_TRUE(settings->note);
  EXPECT_EQ(settings->libc, Libc::kGlibc);
  EXPECT_EQ(settings->static_mode, StaticMode::kPrefer);
  EXPECT_EQ(settings->linker, "/opt/mold");
  EXPECT_EQ(settings->cc, (std::vector<std::string>{"ccache", "/a b/gcc", "-m64"}));
  EXPECT_EQ(settings->cxx, (std::vector<std::string>{"g++"}));
  EXPECT_EQ(settings->zig, "/opt/zig");
  EXPECT_EQ(settings->target, "x86_64-linux-gnu");
  EXPECT_TRUE(settings->nss_host);
  EXPECT_FALSE(settings->compat);
  EXPECT_EQ(settings->stubs, (std::vector<std::string>{"gssapi_krb5", "z"}));
  EXPECT_EQ(settings->isolate, (std::vector<std::string>{"libssl.a"}));
  EXPECT_TRUE(settings->gc);
  EXPECT_EQ(settings->debug_sections, DebugSections::kZstd);
  EXPECT_EQ(settings->log, "stderr");
  EXPECT_TRUE(settings->verbose);
  EXPECT_TRUE(settings->strict);
}

TEST(SettingsTest, EveryRowTakesEachOfItsValuesAndNoOther) {
  for (size_t i = 0; i < kSettingRowCount; ++i) {
    const SettingRow& row = kSettingRows[i];
    if (row.values == nullptr) continue;
    const std::string name = row.name;
    std::string values = row.values;
    for (size_t bar; !values.empty(); values.erase(0, bar == std::string::npos ? bar : bar + 1)) {
      bar = values.find('|');
      const std::string value = values.substr(0, bar);
      const std::string entry = name + "=" + (value == "PATH" ? "/opt/ld" : value);
      EXPECT_TRUE(SettingsLookValid(Environment{entry.c_str()})) << entry;
      EXPECT_TRUE(ReadSettings(Environment{entry.c_str()}).ok()) << entry;
    }
    const std::string wrong = name + "=nonsense";
    EXPECT_FALSE(SettingsLookValid(Environment{wrong.c_str()}));
    EXPECT_TRUE(absl::StrContains(Error(Environment{wrong.c_str()}), "CGO_LD_SHIM_" + wrong));
  }
}

TEST(SettingsTest, AWrongValueIsToldTheRightOnes) {
  EXPECT_EQ(Error({"LIBC=gnu"}), "CGO_LD_SHIM_LIBC=gnu is not one of its values: auto, glibc, musl");
  EXPECT_EQ(Error({"LINKER=bfd"}), "CGO_LD_SHIM_LINKER=bfd is not one of its values: lld, zig, or a path");
  EXPECT_FALSE(SettingsLookValid(Environment{"LIBC=Musl"}));
  EXPECT_FALSE(SettingsLookValid(Environment{"LINKER=PATH"}));
  EXPECT_FALSE(SettingsLookValid(Environment{"LIBC=auto|glibc"}));
}

TEST(SettingsTest, AWrongNameIsToldTheNearestAndAll) {
  struct {
    const char* entry;
    const char* nearest;
  } const kCases[] = {
      {"LIBS=musl", "LIBC"},  {"STATICS=off", "STATIC"}, {"static=off", "STATIC"}, {"DEBUG=none", "DEBUG_SECTIONS"},
      {"LINK=lld", "LINKER"}, {"CCX=g++", "CC"},         {"VERBOS=1", "VERBOSE"},  {"TRAGET=x", "TARGET"}};
  for (const auto& c : kCases) {
    const std::string error = Error({c.entry});
    EXPECT_TRUE(absl::StrContains(error, std::string("did you mean CGO_LD_SHIM_") + c.nearest + "?")) << error;
    for (size_t i = 0; i < kSettingRowCount; ++i) EXPECT_TRUE(absl::StrContains(error, kSettingRows[i].name)) << error;
    EXPECT_FALSE(SettingsLookValid(Environment{c.entry}));
  }
  EXPECT_FALSE(SettingsLookValid(Environment{"=x"}));
  EXPECT_FALSE(ReadSettings(Environment{"=x"}).ok());
}

TEST(SettingsTest, OurOwnVariablesAreNotSettings) {
  const Environment environment = {"DEPTH=1", "INTERNAL_X=y", "!CGO_LD_SHIMMY=1", "!CGO_LDFLAGS=-lm", "!NO_EQUALS"};
  EXPECT_TRUE(SettingsLookValid(environment));
  EXPECT_TRUE(ReadSettings(environment).ok());
}

TEST(SettingsTest, CombinationsThatCannotBeAreNamed) {
  struct {
    Environment environment;
    std::vector<const char*> named;
  } const kCases[] = {
      {{"LINKER=zig", "LIBC=glibc"}, {"LINKER=zig", "LIBC=glibc"}},
      {{"NSS=host", "LIBC=musl"}, {"NSS", "LIBC=musl"}},
      {{"NSS=files", "LIBC=musl"}, {"NSS", "LIBC=musl"}},
      {{"NSS=files", "TARGET=aarch64-linux-musl"}, {"NSS", "TARGET"}},
      {{"LIBC=glibc", "TARGET=aarch64-linux-musl"}, {"LIBC=glibc", "TARGET"}},
      {{"LIBC=glibc", "TARGET=arm-linux-musleabihf"}, {"LIBC=glibc", "TARGET"}},
      {{"LIBC=musl", "TARGET=x86_64-linux-gnu"}, {"LIBC=musl", "TARGET"}},
      {{"LIBC=musl", "TARGET=x86_64-windows-gnu"}, {"LIBC", "TARGET"}},
      {{"LIBC=glibc", "TARGET=aarch64-macos"}, {"LIBC", "TARGET"}},
  };
  for (const auto& c : kCases) {
    const absl::Status status = ReadSettings(c.environment).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    for (const char* name : c.named) EXPECT_TRUE(absl::StrContains(status.message(), name)) << status;
  }
}

TEST(SettingsTest, CombinationsThatCanBeAreTaken) {
  for (const Environment& environment :
       {Environment{"LINKER=zig", "LIBC=musl"}, Environment{"LINKER=zig"}, Environment{"LIBC=glibc", "NSS=host"},
        Environment{"LIBC=musl", "TARGET=x86_64-linux-musl"}, Environment{"LIBC=glibc", "TARGET=arm-linux-gnueabihf"},
        Environment{"TARGET=x86_64-windows-gnu"}, Environment{"LIBC=auto", "TARGET=aarch64-macos"}}) {
    EXPECT_TRUE(ReadSettings(environment).ok()) << ReadSettings(environment).status();
  }
}

TEST(SettingsTest, AnOpenQuoteIsAnError) {
  EXPECT_EQ(Error({"CC='/a b/gcc"}), "CGO_LD_SHIM_CC: nothing closes the quote ' in '/a b/gcc");
  EXPECT_TRUE(absl::StrContains(Error({"CXX=ccache \"g++"}), "CGO_LD_SHIM_CXX"));
}

// A flag probe's answer is "no" when such a word is in its output.
TEST(SettingsTest, NoMessageHoldsAWordThatGoTakesForAnAnswer) {
  for (const Environment& environment :
       {Environment{"X=1"}, Environment{"LIBC=x"}, Environment{"CC='x"}, Environment{"LINKER=zig", "LIBC=glibc"},
        Environment{"NSS=host", "LIBC=musl"}, Environment{"LIBC=glibc", "TARGET=a-macos"}}) {
    for (const char* word :
         {"unknown", "unsupported", "unrecognized", "unrecognised", "not supported", "not recognized"}) {
      EXPECT_FALSE(absl::StrContains(Error(environment), word)) << Error(environment);
    }
  }
}

TEST(FindVariableTest, TakesTheFirstEntryAndNoLongerName) {
  const Environment environment = {"!GOOSE=x", "!GOOS=linux", "!GOOS=darwin", "!EMPTY=", "!NOTHING"};
  EXPECT_STREQ(FindVariable(environment, "GOOS"), "linux");
  EXPECT_EQ(FindVariable(environment, "GOO"), nullptr);
  EXPECT_EQ(FindVariable(environment, "EMPTY"), nullptr);
  EXPECT_EQ(FindVariable(environment, "NOTHING"), nullptr);
  EXPECT_EQ(FindVariable(environment, "MISSING"), nullptr);
}

TEST(FingerprintTest, HoldsWhatCanChangeBytesInTheTablesOrder) {
  const Environment environment{"NSS=host", "VERBOSE=1", "LOG=/x", "STRICT=1", "LIBC=glibc", "NOTE=1"};
  EXPECT_EQ(SettingsFingerprintText(environment, Affects::kObjects), "LIBC=glibc\n");
  EXPECT_EQ(SettingsFingerprintText(environment, Affects::kLink), "NSS=host\nNOTE=1\n");
}

TEST(FingerprintTest, LeavesOutWhereProgramsLie) {
  const Environment environment{"CC=/a/gcc", "CXX=/a/g++", "ZIG=/a/zig", "LINKER=/a/ld"};
  EXPECT_EQ(SettingsFingerprintText(environment, Affects::kObjects), "");
  EXPECT_EQ(SettingsFingerprintText(environment, Affects::kLink), "");
}

TEST(FingerprintTest, DoesNotTellAnInitialValueFromNone) {
  const Environment environment{"LIBC=auto", "STATIC=full", "COMPAT=on", "CC="};
  EXPECT_EQ(SettingsFingerprintText(environment, Affects::kObjects), "");
  EXPECT_EQ(SettingsFingerprintText(environment, Affects::kLink), "");
}

TEST(ToolexecTest, HoldsWhileGoflagsNameThisProgram) {
  EXPECT_TRUE(IsToolexec(Environment{"INTERNAL_TOOLEXEC=-", "!GOFLAGS=-v -toolexec=/usr/bin/cgo-ld-shim -x"}));
  EXPECT_FALSE(IsToolexec(Environment{"!GOFLAGS=-toolexec=/usr/bin/cgo-ld-shim"}));
  EXPECT_FALSE(IsToolexec(Environment{"INTERNAL_TOOLEXEC=-", "!GOFLAGS=-toolexec=/cgo-ld-shim/other"}));
  EXPECT_FALSE(IsToolexec(Environment{"INTERNAL_TOOLEXEC=-"})) << "a go command inside go test that sets its own";
}

TEST(WordsTest, AreSplitAsGoSplitsCc) {
  struct {
    const char* text;
    std::vector<std::string> words;
    WordResult end;
  } const kCases[] = {
      {"", {}, WordResult::kEnd},
      {" \t\n\r ", {}, WordResult::kEnd},
      {"gcc", {"gcc"}, WordResult::kEnd},
      {"  ccache\tgcc\n-m64 ", {"ccache", "gcc", "-m64"}, WordResult::kEnd},
      {"'/a b/cc' \"c d\"", {"/a b/cc", "c d"}, WordResult::kEnd},
      {"'' x", {"", "x"}, WordResult::kEnd},
      {"'a'b", {"a", "b"}, WordResult::kEnd},
      {"a'b c'd", {"a'b", "c'd"}, WordResult::kEnd},
      {"'it\"s' \"it's\"", {"it\"s", "it's"}, WordResult::kEnd},
      {"a\\ b", {"a\\", "b"}, WordResult::kEnd},
      {"gcc 'x", {"gcc"}, WordResult::kUnterminated},
      {"\"", {}, WordResult::kUnterminated},
  };
  for (const auto& c : kCases) {
    std::string_view rest = c.text, word;
    std::vector<std::string> words;
    WordResult result;
    while ((result = NextWord(&rest, &word)) == WordResult::kWord) words.emplace_back(word);
    EXPECT_EQ(words, c.words) << c.text;
    EXPECT_EQ(result, c.end) << c.text;
  }
}

}  // namespace
}  // namespace cgo_ld_shim::support

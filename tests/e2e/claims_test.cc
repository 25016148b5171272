// What `check` and `sbom` say of programs, each sentence held against the file itself: NEEDED, the loader, symbols,
// sections, and the archives that are said to be in it. Read by binutils and LLVM, and not by this program.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "llvm/Support/JSON.h"
#include "tests/e2e/elf_file.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> Texts(const llvm::json::Object& object, const char* field) {
  std::vector<std::string> texts;
  const llvm::json::Array* array = object.getArray(field);
  if (array == nullptr) ADD_FAILURE() << "no " << field;
  for (size_t i = 0; array != nullptr && i < array->size(); ++i)
    texts.push_back((*array)[i].getAsString().value_or("").str());
  return texts;
}

std::string Text(const llvm::json::Object& object, const char* field) {
  return object.getString(field).value_or("").str();
}

bool Is(const llvm::json::Object& object, const char* field) { return object.getBoolean(field).value_or(false); }

llvm::json::Object Parse(const std::string& text) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (value && value->getAsObject() != nullptr) return *value->getAsObject();
  ADD_FAILURE() << "no JSON: " << text;
  if (!value) llvm::consumeError(value.takeError());
  return {};
}

// Names as nm lists them, versions left out: "U getpwnam@GLIBC_2.2.5".
std::set<std::string> Symbols(const std::vector<std::string>& nm) {
  std::set<std::string> names;
  for (absl::string_view line : absl::StrSplit(RunProgram(nm).output, '\n')) {
    const std::vector<std::string> fields = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (fields.size() >= 2) names.insert(fields.back().substr(0, fields.back().find('@')));
  }
  return names;
}

// What each member of an archive defines, and how much of it is loaded. Of members of one name all count.
struct MemberFacts {
  std::set<std::string> symbols;
  uint64_t bytes = 0;
};
std::map<std::string, MemberFacts> Members(const std::string& archive) {
  std::map<std::string, MemberFacts> members;
  for (absl::string_view line : absl::StrSplit(RunProgram({"nm", "-A", "--defined-only", archive}).output, '\n')) {
    // "/x/libown.a:own.o:0000000000000000 T own"
    const std::vector<std::string> fields = absl::StrSplit(line, ' ', absl::SkipEmpty());
    const std::vector<std::string> places =
        fields.empty() ? std::vector<std::string>() : absl::StrSplit(fields[0], ':');
    if (fields.size() == 3 && places.size() == 3) members[places[1]].symbols.insert(fields[2]);
  }
  for (absl::string_view line : absl::StrSplit(RunProgram({"size", archive}).output, '\n')) {
    // "     17       0       0      17      11 own.o (ex /x/libown.a)"
    const std::vector<std::string> fields = absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
    uint64_t bytes = 0;
    if (fields.size() > 5 && absl::SimpleAtoi(fields[3], &bytes)) members[fields[5]].bytes += bytes;
  }
  return members;
}

// A program and all that is said of it.
struct Claims {
  std::string path;
  ElfFile file;
  std::set<std::string> defined, imported;
  llvm::json::Object check;
  std::string text;  // on one line a sentence
  ProcessResult sbom;
};

Claims ClaimsOf(const std::string& path) {
  Claims claims{.path = path, .file = ReadElf(path)};
  claims.defined = Symbols({"nm", "--defined-only", path});
  claims.imported = Symbols({"nm", "-D", "--undefined-only", path});
  const llvm::json::Object all = Parse(RunProgram({Shim(), "check", "--json", path}).output);
  if (const llvm::json::Array* binaries = all.getArray("binaries"); binaries != nullptr && binaries->size() == 1)
    claims.check = *(*binaries)[0].getAsObject();
  claims.text = RunProgram({Shim(), "check", path}, {"COLUMNS=2000"}).output;
  claims.sbom = RunProgram({Shim(), "sbom", path});
  return claims;
}

const llvm::json::Object* Finding(const Claims& claims, const std::string& id) {
  for (const llvm::json::Value& value : *claims.check.getArray("findings")) {
    if (Text(*value.getAsObject(), "id") == id) return value.getAsObject();
  }
  return nullptr;
}

// A row "  label    text" of the text.
std::string Row(const Claims& claims, const std::string& label) {
  for (absl::string_view line : absl::StrSplit(claims.text, '\n')) {
    if (absl::ConsumePrefix(&line, absl::StrCat("  ", label, " ")))
      return std::string(absl::StripAsciiWhitespace(line));
  }
  return "";
}

// The oldest glibc that has every version of a symbol that a dynamic program asks for: "2.34" of "environ@GLIBC_2.2.5".
std::string LeastGlibc(const std::string& path) {
  std::pair<int, int> least;
  for (absl::string_view line : absl::StrSplit(RunProgram({"nm", "-D", "--undefined-only", path}).output, '\n')) {
    const size_t at = line.find("@GLIBC_");
    if (at == absl::string_view::npos) continue;
    const std::vector<std::string> parts = absl::StrSplit(line.substr(at + 7), '.');
    std::pair<int, int> version;
    if (parts.size() >= 2 && absl::SimpleAtoi(parts[0], &version.first) && absl::SimpleAtoi(parts[1], &version.second))
      least = std::max(least, version);
  }
  return absl::StrCat(least.first, ".", least.second);
}

// What is said of segments, notes, and of who made it.
void ExpectNotesHold(const Claims& claims) {
  const std::string segments = RunProgram({"readelf", "-lW", claims.path}).output;
  EXPECT_EQ(Text(claims.check, "relro") != "none", absl::StrContains(segments, "GNU_RELRO"));
  EXPECT_THAT(Row(claims, "hardening"), HasSubstr(absl::StrCat("RELRO ", Text(claims.check, "relro"))));
  for (absl::string_view line : absl::StrSplit(segments, '\n')) {
    if (!absl::StrContains(line, "GNU_STACK")) continue;
    EXPECT_EQ(Text(claims.check, "stack"), absl::StrContains(line, "RWE") ? "executable" : "not executable");
  }
  const std::string id = Text(claims.check, "build_id");
  EXPECT_EQ(Row(claims, "build ID"), id);
  const std::string notes = RunProgram({"readelf", "-nW", claims.path}).output;
  EXPECT_EQ(absl::StrContains(notes, "Build ID: "), !id.empty());
  EXPECT_THAT(notes, HasSubstr(id));
  const std::string comment = RunProgram({"readelf", "-p", ".comment", claims.path}).output;
  for (const std::string& compiler : Texts(claims.check, "compilers")) {
    EXPECT_THAT(comment, HasSubstr(compiler));
    EXPECT_THAT(Row(claims, "made with"), HasSubstr(compiler));
  }
  if (!claims.file.needed.empty()) {
    EXPECT_EQ(Text(claims.check, "libc_version"), LeastGlibc(claims.path));
    EXPECT_THAT(claims.text, HasSubstr(absl::StrCat("glibc ", LeastGlibc(claims.path), " or newer")));
  }
}

void ExpectFormHolds(const Claims& claims) {
  const bool is_static = claims.file.interpreter.empty() && claims.file.needed.empty();
  EXPECT_EQ(Text(claims.check, "type"),
            absl::StrCat(is_static ? "static" : "dynamic", claims.file.position_independent ? "-pie" : ""));
  EXPECT_THAT(claims.text, HasSubstr(absl::StrCat(": ", is_static ? "static" : "dynamic", " executable",
                                                  claims.file.position_independent ? " (PIE)" : "", ", ")));
  EXPECT_EQ(Is(claims.check, "static"), is_static);
  EXPECT_EQ(Text(claims.check, "interpreter"), claims.file.interpreter);
  EXPECT_EQ(Row(claims, "loader"), claims.file.interpreter);
  EXPECT_EQ(Texts(claims.check, "needed"), claims.file.needed);
  EXPECT_EQ(Row(claims, "needs"), absl::StrJoin(claims.file.needed, ", "));
  EXPECT_EQ(Is(claims.check, "stripped"), !claims.file.has_symbols);
  EXPECT_EQ(absl::StrContains(Row(claims, "hardening"), "stripped"), !claims.file.has_symbols);
  ExpectNotesHold(claims);
  EXPECT_EQ(claims.check.getInteger("exit_status").value_or(-1), is_static ? 0 : 1);
  EXPECT_EQ(Finding(claims, "static") != nullptr, is_static);
  ASSERT_EQ(Finding(claims, "dynamic") != nullptr, !is_static);
  if (is_static) return;
  EXPECT_THAT(Row(claims, "not static"), HasSubstr(claims.file.interpreter));
  for (const std::string& library : claims.file.needed) EXPECT_THAT(Row(claims, "not static"), HasSubstr(library));
}

// Functions of the C library, how names are looked up, stubs, and what is address 0.
void ExpectFunctionsHold(const Claims& claims) {
  const bool is_static = Is(claims.check, "static");
  for (const llvm::json::Value& value : *claims.check.getArray("uses")) {
    const llvm::json::Object& use = *value.getAsObject();
    const std::vector<std::string> symbols = Texts(use, "symbols");
    EXPECT_EQ(symbols.empty(), Text(use, "certainty") == "no") << Text(use, "what");
    for (const std::string& symbol : symbols)
      EXPECT_TRUE((is_static ? claims.defined : claims.imported).contains(symbol)) << symbol;
  }
  EXPECT_EQ(Is(claims.check, "nss_files"), claims.defined.contains("cgo_ld_shim_nss_files"));
  EXPECT_EQ(absl::StrContains(claims.text, "are looked up in /etc files and DNS"),
            is_static && claims.defined.contains("cgo_ld_shim_nss_files"));
  std::vector<std::string> stubs;
  for (absl::string_view name : claims.defined) {
    if (absl::ConsumePrefix(&name, "__cgo_ld_shim_stub_")) stubs.emplace_back(name);
  }
  EXPECT_EQ(Texts(claims.check, "stubs"), stubs);
  for (const std::string& stub : stubs) EXPECT_THAT(Row(claims, "stubs"), HasSubstr(stub));
  for (const std::string& symbol : Texts(claims.check, "unresolved")) EXPECT_FALSE(claims.defined.contains(symbol));
}

// Whether a member left anything in the program; the linker drops what nothing refers to.
bool IsIn(const MemberFacts& member, const std::set<std::string>& defined) {
  return std::any_of(member.symbols.begin(), member.symbols.end(),
                     [&](const std::string& symbol) { return defined.contains(symbol); });
}

void ExpectArchivesHold(const Claims& claims) {
  std::set<std::string> paths;
  for (const llvm::json::Value& value : *claims.check.getArray("archives")) {
    const llvm::json::Object& archive = *value.getAsObject();
    const std::string path = Text(archive, "path");
    SCOPED_TRACE(path);
    EXPECT_TRUE(paths.insert(path).second) << "named twice";
    // libX.a is not in a program that asks for libX.so.
    const std::string library = path.substr(path.rfind('/') + 1, path.rfind('.') - path.rfind('/') - 1);
    EXPECT_THAT(claims.file.needed, Not(Contains(HasSubstr(library + ".so"))));
    const std::map<std::string, MemberFacts> members = Members(path);
    uint64_t bytes = 0;
    bool any = false;
    for (const std::string& name : Texts(archive, "members")) {
      const auto member = members.find(name);
      ASSERT_TRUE(member != members.end()) << name;
      bytes += member->second.bytes;
      any |= IsIn(member->second, claims.defined);
    }
    EXPECT_TRUE(any || claims.defined.empty()) << "nothing of it is in the program";
    EXPECT_EQ(archive.getInteger("member_bytes").value_or(-1), static_cast<int64_t>(bytes));
    const size_t count = Texts(archive, "members").size();
    if (claims.check.getArray("archives")->size() <= 8) {
      EXPECT_THAT(Row(claims, path.substr(path.rfind('/') + 1)),
                  HasSubstr(count == 1 ? "1 member" : absl::StrCat(count, " members")));
    }
  }
  // The bill: the same archives, each as it is.
  if (!Is(claims.check, "has_record")) {
    EXPECT_EQ(claims.sbom.exit_status, 1);
    EXPECT_THAT(claims.sbom.error, HasSubstr("is not known"));
    return;
  }
  ASSERT_TRUE(Succeeded(claims.sbom));
  std::set<std::string> listed;
  const llvm::json::Object bill = Parse(claims.sbom.output);
  for (const std::string& path : paths) {
    const std::string sum = RunProgram({"sha256sum", path}).output;
    EXPECT_THAT(claims.sbom.output, AllOf(HasSubstr(sum.substr(0, 64)), HasSubstr(path.substr(path.rfind('/') + 1))));
  }
  size_t archives = 0;
  for (const llvm::json::Value& value : *bill.getArray("components"))
    archives += absl::EndsWith(Text(*value.getAsObject(), "name"), ".a") ? 1 : 0;
  EXPECT_EQ(archives, paths.size());
}

void ExpectAllHolds(const Claims& claims) {
  ASSERT_NE(claims.check.getArray("findings"), nullptr);
  ExpectFormHolds(claims);
  ExpectFunctionsHold(claims);
  ExpectArchivesHold(claims);
}

// Looks a user up in C, by an archive of its own.
std::string ModuleThatLooksUp(const std::string& more_flags) {
  std::string module = MakeModule({{"main.go", absl::StrCat(R"(package main

// #cgo LDFLAGS: -L${SRCDIR} -lown )",
                                                            more_flags, R"(
// int own(const char *name);
// int open_it(int really);
import "C"

func main() { println(C.own(C.CString("root"))) }
)")}});
  MakeArchive(module + "/libown.a",
              {{"own.c", "#include <pwd.h>\nint own(const char *name) { return getpwnam(name) != 0; }\n"},
               {"open.c", "int dyn_open(void);\nint open_it(int really) { return really ? dyn_open() : 1; }\n"},
               {"left.c", "int left_behind(void) { return 2; }\n"}});
  return module;
}

// … and may call a library that is only there as a shared one.
std::string ModuleWithASharedLibrary() {
  std::string module = ModuleThatLooksUp("-ldyn");
  WriteText(module + "/more.go",
            "package main\n\n// int open_it(int really);\nimport \"C\"\n\nfunc init() { C.open_it(0) }\n");
  Compile(module + "/libdyn.so", "int dyn_open(void) { return 42; }\n", {"-shared", "-fPIC"});
  return module;
}

TEST(ClaimsTest, OfAStaticProgramHold) {
  for (const std::vector<std::string>& args : {std::vector<std::string>{}, {"-buildmode=pie"}, {"-ldflags=-s -w"}}) {
    const GoBuild build = BuildIn(ModuleThatLooksUp(""), {}, args);
    EXPECT_EQ(RunStatic(build).error, "1\n");
    const Claims claims = ClaimsOf(build.binary);
    if (args == std::vector<std::string>{"-ldflags=-s -w"}) {
      ExpectFormHolds(claims);
      ExpectArchivesHold(claims);
      continue;
    }
    ExpectAllHolds(claims);
    EXPECT_TRUE(Is(claims.check, "nss_files"));
    EXPECT_THAT(Row(claims, "libown.a"), HasSubstr("1 member"));
  }
}

TEST(ClaimsTest, OfAPartlyDynamicProgramHold) {
  const GoBuild build = BuildIn(ModuleWithASharedLibrary(), {"CGO_LD_SHIM_STATIC=prefer"});
  ASSERT_TRUE(Succeeded(build.go));
  const Claims claims = ClaimsOf(build.binary);
  ExpectAllHolds(claims);
  EXPECT_THAT(claims.file.needed, AllOf(Contains("libdyn.so"), Contains("libc.so.6")));
  EXPECT_FALSE(Is(claims.check, "nss_files"));
  EXPECT_THAT(Row(claims, "libown.a"), HasSubstr("2 members"));
  EXPECT_EQ(claims.check.getArray("archives")->size(), 1U) << claims.text;
}

TEST(ClaimsTest, OfADynamicProgramHold) {
  for (const char* how : {"CGO_LD_SHIM_STATIC=off", "CC=gcc"}) {
    SCOPED_TRACE(how);
    const GoBuild build = BuildIn(ModuleThatLooksUp(""), {how});
    ASSERT_TRUE(Succeeded(build.go));
    const Claims claims = ClaimsOf(build.binary);
    ExpectAllHolds(claims);
    EXPECT_THAT(claims.file.needed, Contains("libc.so.6"));
  }
}

TEST(ClaimsTest, OfAProgramWithStubsHold) {
  const GoBuild build = BuildIn(ModuleWithASharedLibrary(), {"CGO_LD_SHIM_STUBS=dyn"});
  EXPECT_EQ(RunStatic(build).error, "1\n");
  const Claims claims = ClaimsOf(build.binary);
  ExpectAllHolds(claims);
  EXPECT_EQ(Texts(claims.check, "stubs"), std::vector<std::string>{"dyn_open"});
}

// An option left it to the time when the program runs, where a static one finds nothing.
TEST(ClaimsTest, OfAProgramWithAnAddressOfZeroHold) {
  const GoBuild build = BuildIn(ModuleThatLooksUp(""), {"CGO_LDFLAGS=-Wl,-u,open_it,--unresolved-symbols=ignore-all"});
  EXPECT_EQ(RunStatic(build).error, "1\n");
  const Claims claims = ClaimsOf(build.binary);
  ExpectAllHolds(claims);
  EXPECT_EQ(Texts(claims.check, "unresolved"), std::vector<std::string>{"dyn_open"});
  EXPECT_THAT(Row(claims, "undefined"), HasSubstr("dyn_open"));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e

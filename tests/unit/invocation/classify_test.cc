// What kind of call it is, and what each of its arguments means.
//
// The Go lines were logged from real builds (go build, test, vet; every -buildmode; net, go-sqlite3, C++, assembler,
// -race, -asan) with Go 1.20.14, 1.22.12 and 1.26.8, one of each shape, with the machine's directories replaced: /w is
// go's work directory, /l cmd/link's temporary one.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "invocation/arguments.h"
#include "invocation/invocation.h"

namespace cgo_ld_shim::invocation {
namespace {

// Words between single spaces.
std::vector<std::string> Words(absl::string_view line) { return absl::StrSplit(line, ' ', absl::SkipEmpty()); }

CallKind Quick(const std::vector<std::string>& args) {
  std::vector<const char*> argv = {"cgo-ld-shim"};
  for (const std::string& arg : args) argv.push_back(arg.c_str());
  return QuickClassify(static_cast<int>(argv.size()), argv.data());
}

std::string Kind(absl::string_view line) { return CallKindName(Quick(Words(line))); }

struct Call {
  const char* kind;
  const char* line;
};

class GoCall : public testing::TestWithParam<Call> {};

TEST_P(GoCall, IsRecognised) {
  EXPECT_EQ(Kind(GetParam().line), GetParam().kind) << GetParam().line;
  EXPECT_EQ(absl::StrJoin(Spell(TypeArguments(Words(GetParam().line))), " "), GetParam().line);
}

constexpr Call kGoCalls[] = {
    // cmd/go: what compiler is this, and which flags does it know?
    {"tool-id", "-### -x c -c -"},
    {"tool-id", "-### -x c++ -c -"},
    {"question", "--version"},
    {"question", "-v"},
    {"flag-probe", "-Qunused-arguments -O2 -g -c -x c - -o /dev/null"},
    {"flag-probe", "-Wl,--no-gc-sections -O2 -g -x c - -o /dev/null"},
    {"flag-probe", "-gno-record-gcc-switches -O2 -g -c -x c - -o /dev/null"},
    {"flag-probe",
     "-I /p -fPIC -m64 -pthread -Wl,--no-gc-sections -fmessage-length=0 -ffile-prefix-map=/w/b3=/tmp/go-build "
     "-gno-record-gcc-switches -frandom-seed=1 -O2 -g -c -x c - -o /dev/null"},
    // cmd/cgo: definitions, errors, DWARF.
    {"compile",
     "-E -dM -m64 -I /w/b3/ -O2 -Wall -Werror -fno-stack-protector -Wdeclaration-after-statement -I . "
     "/t/cgo-gcc-input-1.c"},
    {"compile",
     "-w -Wno-error -o/w/b1/_cgo_1.o -gdwarf-2 -c -I /w/b1/ -m64 -fno-lto -O0 -fdiagnostics-color=never -I . "
     "/t/cgo-gcc-input-1.c"},
    {"compile", "-w -Wno-error -o/w/b1/_cgo_2.o -gdwarf-2 -c -I /w/b1/ -O2 -m64 -fno-lto -I . /t/cgo-gcc-input-2.c"},
    {"compile", "-w -Wno-error -o/w/b1/_cgo_.o -gdwarf-2 -c -xc -m64 -O0 -fdiagnostics-color=never - -O0"},
    // Compiles: C, cgo's own, C++, assembler, Fortran, SWIG.
    {"compile",
     "-I /p -fPIC -m64 -pthread -Wl,--no-gc-sections -fmessage-length=0 -ffile-prefix-map=/w/b1=/tmp/go-build "
     "-gno-record-gcc-switches -I /w/b1/ -O2 -g -frandom-seed=S -o /w/b1/_x002.o -c main.cgo2.c"},
    {"compile",
     "-I /p -fPIC -m64 -pthread -I /w/b1/ -O2 -g -fsanitize=address -frandom-seed=S -o /w/b1/_x003.o -c t.cc"},
    {"compile", "-I /p -fPIC -m64 -pthread -I /w/b1/ -O2 -g -frandom-seed=S -o /w/b1/_x004.o -c a.S"},
    {"compile", "-I /p -fPIC -m64 -pthread -I /w/b1/ -O2 -g -frandom-seed=S -o /w/b1/_x005.o -c f.f90"},
    {"compile", "-I /p -fPIC -m64 -pthread -I /w/b1/ -O2 -g -frandom-seed=S -o /w/b1/_x006.o -c x_wrap.cxx"},
    {"compile", "-I /p -fPIC -m64 -pthread -I /w/b1/ -O2 -g -o /w/b1/_cgo_main.o -c /w/b1/_cgo_main.c"},
    {"export-compile",
     "-I /p -fPIC -m64 -pthread -Wl,--no-gc-sections -fmessage-length=0 -ffile-prefix-map=/w/b1=/tmp/go-build "
     "-gno-record-gcc-switches -I /w/b1/ -O2 -g -frandom-seed=S -o /w/b1/_x001.o -c _cgo_export.c"},
    {"export-compile", "-I /p -fPIC -m64 -O2 -g -frandom-seed=S -o /w/b1/_x001.o -c /w/b1/_cgo_export.c"},
    // The link that finds dynamic imports.
    {"dynimport-link",
     "-I /p -fPIC -m64 -pthread -Wl,--no-gc-sections -fmessage-length=0 -ffile-prefix-map=/w/b1=/tmp/go-build "
     "-gno-record-gcc-switches -o /w/b1/_cgo_.o /w/b1/_cgo_main.o /w/b1/_x001.o /w/b1/_x002.o -O2 -g -lm"},
    {"dynimport-link",
     "-I /p -fPIC -m64 -pthread -fdebug-prefix-map=/w/b3=/tmp/go-build -o /w/b3/_cgo_.o /w/b3/_cgo_main.o "
     "/w/b3/_x001.o "
     "/go/src/runtime/race/internal/amd64v1/race_linux.syso -O2 -g -lpthread"},
    // cmd/link's flag probes; up to Go 1.20 without -o, inside the directory.
    {"link-flag-probe", "-m64 -o /l/a.out -Wl,--build-id=0x1234567890abcdef /l/trivial.c"},
    {"link-flag-probe", "-m64 -o /l/a.out -Wl,--export-dynamic-symbol=main /l/trivial.c"},
    {"link-flag-probe", "-m64 -fsanitize=address -o /l/a.out -Qunused-arguments /l/trivial.c"},
    {"link-flag-probe", "-m64 -Wl,-rpath,/opt/x -Wl,--as-needed -pthread -o /l/a.out -no-pie /l/trivial.c"},
    {"link-flag-probe", "-m64 -o /l/a.out @/l/response /l/trivial.c"},
    {"link-flag-probe", "-m64 -o /l/a.out --print-prog-name=ar /l/trivial.c"},
    {"link-flag-probe", "-m64 -o a.out -no-pie trivial.c"},
    {"link-flag-probe", "-m64 -no-pie trivial.c"},
    {"link-flag-probe", "-m64 -Wl,--gc-sections -Wl,--compress-debug-sections=zlib trivial.c"},
    // cmd/link's questions.
    {"question", "-m64 --print-prog-name ar"},
    {"question", "-m64 --print-libgcc-file-name"},
    {"question", "-m64 --print-file-name=libcompiler_rt.a"},
    {"question", "-Wl,--version"},
    {"question", "-fuse-ld=gold -Wl,--version"},
    {"question", "-target x86_64-pc-windows-msvc --version"},
    // Final links: exe, pie, c-shared, plugin, -s, -static, -tmpdir, long lines, without host objects.
    {"final-link",
     "-m64 -Wl,--build-id=0x1c8f9b6b -o /w/b1/exe/a.out -Wl,--export-dynamic-symbol=Callback "
     "-Wl,--export-dynamic-symbol=crosscall2 -Wl,--compress-debug-sections=zlib /l/go.o /l/000000.o /l/000001.o -O2 -g "
     "-lm "
     "-O2 -g -lpthread -no-pie"},
    {"final-link",
     "-m64 -Wl,-z,relro -pie -Wl,--build-id=0x1c8f -o /w/b1/exe/a.out -Wl,--export-dynamic-symbol=crosscall2 /l/go.o "
     "/l/000000.o -O2 -g -lpthread"},
    {"final-link",
     "-m64 -Wl,-z,relro -shared -Wl,-z,nodelete -Wl,-Bsymbolic -Wl,--build-id=0xfe8a -o a.out -rdynamic "
     "-Wl,--compress-debug-sections=zlib /l/go.o /l/000000.o -O2 -g"},
    {"final-link",
     "-m64 -Wl,-z,relro -shared -Wl,-z,now -Wl,-z,nocopyreloc -Wl,--build-id=0x43b9 -o a.out.so -rdynamic /l/go.o "
     "/l/000000.o"},
    {"final-link", "-m64 -s -o /w/b1/exe/a.out -rdynamic /l/go.o /l/000000.o /l/000001.o -O2 -g -lpthread -no-pie"},
    {"final-link",
     "-m64 -o /w/b1/exe/a.out -static -Wl,--compress-debug-sections=zlib /l/go.o /l/000000.o -static "
     "-Wl,--gc-sections"},
    {"final-link", "-m64 -o /w/b1/exe/a.out -rdynamic go.o 000000.o -O2 -g"},
    {"final-link", "@/l/response"},
    {"final-link",
     "-m64 -Wl,-z,now -Wl,-z,nocopyreloc -Wl,--build-id=0x77 -o /w/b1/exe/a.out -rdynamic /l/go.o -L/d -Wl,-rpath=/d "
     "-lstd"},
    {"final-link", "-m64 -o /w/b1/exe/a.out -rdynamic -Wl,--compress-debug-sections=zlib /l/go.o -no-pie"},
    {"final-link",
     "-arch arm64 -Wl,-headerpad,1144 -o /w/b1/exe/a.out -Qunused-arguments /l/go.o /l/000000.o -O2 -g -lpthread "
     "-framework "
     "CoreFoundation"},
};
INSTANTIATE_TEST_SUITE_P(Logged, GoCall, testing::ValuesIn(kGoCalls));

class OtherCall : public testing::TestWithParam<Call> {};

TEST_P(OtherCall, IsNotTakenForGos) { EXPECT_EQ(Kind(GetParam().line), GetParam().kind) << GetParam().line; }

constexpr Call kOtherCalls[] = {
    {"other", ""},
    {"other", "foo.o -o foo"},
    {"other", "conftest.c -o conftest -lm"},
    {"other", "-std=gnu11 -o prog main.c util.c -lz"},
    // A user's own go.o, 000000.o and trivial.c.
    {"other", "-o go go.o main.o"},
    {"other", "-o x a/go.o b/000000.o"},
    {"other", "-o go.o x.o"},
    {"other", "-include go.o -include 000000.o x.c"},
    {"other", "-o trivial trivial.c"},
    {"other", "trivial.c"},
    {"other", "-o b/a.out -O2 a/trivial.c"},
    {"other", "-o out -O2 trivial.c"},
    {"other", "-O2 src/trivial.c"},
    {"compile", "-c go.o 000000.o"},
    {"compile", "-c -o a.out -O2 trivial.c"},
    {"other", "@flags -o x"},
    {"other", "@/l/other"},
    {"other", "@/l/response x.o"},
    {"compile", "@/l/response -c"},
    // Names that are a flag's value, not an input.
    {"compile", "-c -MF _cgo_export.c x.c"},
    {"compile", "-c x.c -o _cgo_export.c"},
    {"compile", "-E _cgo_export.c"},
    {"compile", "-S -c _cgo_export.c"},
    {"other", "-L go.o -L 000000.o"},
    // What stops before a link.
    {"compile", "-M x.c"},
    {"compile", "-MM x.c"},
    {"compile", "-fsyntax-only x.c"},
    {"compile", "-S x.c -o x.s"},
    {"compile", "-E - -o out"},
    {"compile", "-o /w/_cgo_.o -c x.c"},
    {"other", "-MD -MF x.d x.c -o x"},
    // -o: the last one counts.
    {"other", "-o _cgo_.o x.o -o y"},
    {"dynimport-link", "-o y x.o -o _cgo_.o"},
    {"dynimport-link", "-o_cgo_.o x.o"},
    {"dynimport-link", "-o _cgo_.o x.o -lfoo.so /w/libx.sock"},
    {"other", "-o _cgo_.o x.o /w/libx.so"},
    {"other", "-o _cgo_.o x.o libx.so.1"},
    {"other", "x.o -o"},
    // Questions have no input.
    {"question", "-dumpmachine"},
    {"question", "-dumpversion"},
    {"question", "-print-search-dirs"},
    {"question", "-print-prog-name=as"},
    {"question", "-### -m64"},
    {"question", "--help"},
    {"other", "-v x.o -o x"},
    {"other", "-### x.o"},
    {"other", "-Wl,--version-script=x.map x.o"},
    // After -- everything is an input.
    {"other", "-o x -- -c"},
    {"compile", "-### -x c -c - -O2"},
    {"compile", "-### -x f95 -c -"},
    {"other", "- -o x"},
};
INSTANTIATE_TEST_SUITE_P(Written, OtherCall, testing::ValuesIn(kOtherCalls));

// One argument as "type value [words]", with the group where there is one.
const char* TypeName(ArgType type) {
  switch (type) {
    case ArgType::kInput:
      return "input";
    case ArgType::kLibrary:
      return "library";
    case ArgType::kLibraryDir:
      return "directory";
    case ArgType::kLinker:
      return "linker";
    case ArgType::kOutput:
      return "output";
    case ArgType::kStatic:
      return "static";
    case ArgType::kStaticPie:
      return "static-pie";
    case ArgType::kPie:
      return "pie";
    case ArgType::kNoPie:
      return "no-pie";
    case ArgType::kShared:
      return "shared";
    case ArgType::kRelocatable:
      return "relocatable";
    case ArgType::kExportDynamic:
      return "export-dynamic";
    case ArgType::kCompileOnly:
      return "compile-only";
    case ArgType::kDriver:
      return "driver";
  }
  return "?";
}

std::string Typed(absl::string_view line) {
  return absl::StrJoin(TypeArguments(Words(line)), "; ", [](std::string* out, const Argument& argument) {
    absl::StrAppend(out, TypeName(argument.type), " ", argument.value);
    if (argument.group >= 0) absl::StrAppend(out, " #", argument.group);
  });
}

struct Typing {
  const char* line;
  const char* typed;
};
class ArgumentTyping : public testing::TestWithParam<Typing> {};

TEST_P(ArgumentTyping, GivesTypeAndValueAndKeepsTheSpelling) {
  EXPECT_EQ(Typed(GetParam().line), GetParam().typed);
  EXPECT_EQ(Spell(TypeArguments(Words(GetParam().line))), Words(GetParam().line));
}

constexpr Typing kTypings[] = {
    {"a.o b.a c.so d.c -", "input a.o; input b.a; input c.so; input d.c; input -"},
    {"-o x -ox --output x --output=x", "output x; output x; output x; output x"},
    {"-lm -l m -l:libm.a", "library m; library m; library :libm.a"},
    {"-L/d -L /d --library-directory=/d", "directory /d; directory /d; directory /d"},
    {"-static -static-pie -pie -no-pie -nopie -shared -r -rdynamic",
     "static -static; static-pie -static-pie; pie -pie; no-pie -no-pie; no-pie -nopie; shared -shared; relocatable -r; "
     "export-dynamic -rdynamic"},
    {"-Wl,-rpath,/x -Wl,--as-needed", "linker -rpath #0; linker /x #0; linker --as-needed #1"},
    {"-Wl, -Wl,,a", "linker  #0; linker  #1; linker a #1"},
    {"-Wl,--version-script=v", "linker --version-script=v #0"},
    {"-Xlinker -z -Xlinker now", "linker -z; linker now"},
    {"-z now -znow -u sym -usym -e main -emain",
     "linker -znow; linker -znow; linker -usym; linker -usym; linker -emain; linker -emain"},
    {"-T x.ld -Ttext=0x1000 -Ttext 0x1000 -rpath /x",
     "linker -Tx.ld; linker -Ttext=0x1000; linker -Ttext=0x1000; linker -rpath=/x"},
    {"--entry main --entry=main --for-linker=-x", "linker --entry=main; linker --entry=main; linker -x"},
    {"-m64 -pthread -s -t -v -pipe",
     "driver -m64; driver -pthread; linker -s; driver -t; driver -v; compile-only -pipe"},
    {"-B /x -B/x --sysroot=/s --sysroot /s -isysroot /s",
     "driver -B; driver -B/x; driver --sysroot=/s; driver --sysroot; driver -isysroot"},
    {"-target x86_64-linux-gnu --target=y -arch arm64", "driver -target; driver --target=y; driver -arch"},
    {"-nostdlib -nostdlib++ -nodefaultlibs -nostartfiles -nolibc",
     "driver -nostdlib; driver -nostdlib++; driver -nodefaultlibs; driver -nostartfiles; driver -nolibc"},
    {"-static-libgcc -static-libstdc++ -shared-libgcc",
     "driver -static-libgcc; driver -static-libstdc++; driver -shared-libgcc"},
    {"-fuse-ld=lld -fsanitize=address -flto=thin -fno-lto -fopenmp",
     "driver -fuse-ld=lld; driver -fsanitize=address; driver -flto=thin; driver -fno-lto; driver -fopenmp"},
    {"-O2 -g -ggdb3 -Wall -w -fPIC -std=c11 -DX -D X -I/i -I /i -MD",
     "compile-only -O2; compile-only -g; compile-only -ggdb3; compile-only -Wall; compile-only -w; compile-only -fPIC; "
     "compile-only -std=c11; compile-only -DX; compile-only -D; compile-only -I/i; compile-only -I; compile-only -MD"},
    {"-gz -Ofast -ffast-math -fstack-protector-strong",
     "driver -gz; driver -Ofast; driver -ffast-math; driver -fstack-protector-strong"},
    {"-Wa,--noexecstack -Wp,-DX -Xassembler -x -Xpreprocessor -y -Xclang -z",
     "compile-only -Wa,--noexecstack; compile-only -Wp,-DX; compile-only -Xassembler; compile-only -Xpreprocessor; "
     "compile-only -Xclang"},
    {"-x c -xc++ -include h -isystem /i -iquote /i -idirafter /i",
     "driver -x; driver -xc++; compile-only -include; compile-only -isystem; compile-only -iquote; compile-only "
     "-idirafter"},
    {"-MF d -MT t -MQ q --param a=b --param=a=b -mllvm -x",
     "compile-only -MF; compile-only -MT; compile-only -MQ; compile-only --param; compile-only --param=a=b; driver "
     "-mllvm"},
    {"-framework Cocoa -F /f -Xarch_arm64 -O2 -sectcreate A B f x.o",
     "driver -framework; driver -F; driver -Xarch_arm64; driver -sectcreate; input x.o"},
    {"-specs=x -specs x -Qunused-arguments -fplugin=x.so",
     "driver -specs=x; driver -specs; compile-only -Qunused-arguments; compile-only -fplugin=x.so"},
    {"--brand-new -Yx -9", "driver --brand-new; driver -Yx; driver -9"},
    {"a.o -- -lm @x", "input a.o; driver --; input -lm; input @x"},
    // The value that should follow is missing.
    {"x.o -o", "input x.o; output "},
    {"x.o -Xlinker", "input x.o; linker "},
    {"x.o -sectcreate A", "input x.o; driver -sectcreate"},
};
INSTANTIATE_TEST_SUITE_P(Flags, ArgumentTyping, testing::ValuesIn(kTypings));

TEST(SpellTest, JoinsWhatIsLeftOfAGroup) {
  std::vector<Argument> arguments = TypeArguments(Words("-Wl,-a,-b,-c x.o -Wl,-d"));
  arguments.erase(arguments.begin() + 1);
  EXPECT_EQ(Spell(arguments), Words("-Wl,-a,-c x.o -Wl,-d"));
}

TEST(SpellTest, StartsAnotherWordWhereAGroupIsInterrupted) {
  std::vector<Argument> arguments = TypeArguments(Words("-Wl,-a,-b"));
  arguments.insert(arguments.begin() + 1, {ArgType::kInput, "x.o", {"x.o"}});
  EXPECT_EQ(Spell(arguments), Words("-Wl,-a x.o -Wl,-b"));
}

TEST(SpellTest, KeepsEmptyAndOddWords) {
  const std::vector<std::string> words = {"", "-", "--", "", "-Wl,", "-\xff"};
  EXPECT_EQ(Spell(TypeArguments(words)), words);
  const std::vector<std::string> high = {"-\xff", "-\x01", "-l", ""};
  EXPECT_EQ(Spell(TypeArguments(high)), high);
}

// Classify also looks at files.
class ClassifyTest : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = testing::TempDir() + "/classify_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  void Write(const std::string& name, const std::string& text) { std::ofstream(directory_ + "/" + name) << text; }
  absl::StatusOr<Invocation> Call(absl::string_view line) {
    std::vector<std::string> argv = Words(line);
    argv.insert(argv.begin(), "cgo-ld-shim");
    return Classify(argv, directory_);
  }

  std::string directory_;
};

TEST_F(ClassifyTest, ReadsAFinalLinkFromGosResponseFile) {
  Write("response", "\"-m64\"\n\"-o\"\n\"/w/a b\"\n\"/l/go.o\"\n\"/l/000000.o\"\n\"-Wl,-rpath,/x\"\n");
  const absl::StatusOr<Invocation> call = Call("@response");
  ASSERT_TRUE(call.ok()) << call.status();
  EXPECT_EQ(call->kind, CallKind::kFinalLink);
  EXPECT_EQ(call->output, "/w/a b");
  EXPECT_EQ(call->response_file, "response");
  EXPECT_EQ(call->argv, (std::vector<std::string>{"cgo-ld-shim", "@response"}));
  EXPECT_EQ(call->expanded.size(), 6u);
  EXPECT_EQ(call->arguments.size(), 6u);  // -o and its value are one, -Wl,-rpath,/x are two
  EXPECT_EQ(call->cwd, directory_);
}

TEST_F(ClassifyTest, TakesAResponseFileOfAnotherProgramForWhatItHolds) {
  Write("response", "-c x.c");
  EXPECT_EQ(Call("@response")->kind, CallKind::kCompile);
}

TEST_F(ClassifyTest, NamesAResponseFileThatIsGone) {
  const absl::StatusOr<Invocation> call = Call("@gone/response");
  EXPECT_EQ(call.status().code(), absl::StatusCode::kNotFound);
  EXPECT_NE(call.status().message().find("gone/response"), absl::string_view::npos) << call.status();
}

TEST_F(ClassifyTest, AnswersOnlyGosOwnTrivialProgram) {
  Write("trivial.c", "int main() { return 0; }");
  EXPECT_EQ(Call("-m64 -no-pie trivial.c")->kind, CallKind::kOther) << "no go.o beside it";
  Write("go.o", "");
  EXPECT_EQ(Call("-m64 -no-pie trivial.c")->kind, CallKind::kLinkFlagProbe);
  Write("response", "");
  EXPECT_EQ(Call("-m64 -o a.out @response trivial.c")->kind, CallKind::kLinkFlagProbe);
  Write("trivial.c", "int main() { return 1; }");
  EXPECT_EQ(Call("-m64 -no-pie trivial.c")->kind, CallKind::kOther);
}

TEST_F(ClassifyTest, LooksIntoAGoObjectWithoutHostObjects) {
  const char* line = "-m64 -o out -rdynamic go.o -no-pie";
  Write("go.o", "somebody's object");
  EXPECT_EQ(Call(line)->kind, CallKind::kOther);
  Write("go.o", std::string("\x7f"
                            "ELF\0 .gopclntab\0",
                            17));
  EXPECT_EQ(Call(line)->kind, CallKind::kFinalLink);
  EXPECT_EQ(Call("-o out go.o main.o")->kind, CallKind::kOther);
}

TEST_F(ClassifyTest, KnowsCxxByItsName) {
  EXPECT_TRUE(Classify({"/opt/cgo-ld-shim++", "x.o"}, directory_)->cxx);
  EXPECT_FALSE(Classify({"/opt/c++/cgo-ld-shim", "x.o"}, directory_)->cxx);
}

TEST_F(ClassifyTest, TakesTheLastOutputAndOtherwiseTheDefault) {
  EXPECT_EQ(Call("-o x a.o -oy")->output, "y");
  EXPECT_EQ(Call("a.o")->output, "a.out");
}

TEST(CallKindNameTest, IsWrittenWithDashes) {
  EXPECT_STREQ(CallKindName(CallKind::kFinalLink), "final-link");
  EXPECT_STREQ(CallKindName(CallKind::kDynimportLink), "dynimport-link");
}

}  // namespace
}  // namespace cgo_ld_shim::invocation

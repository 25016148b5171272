// The commonest mistakes in a cgo package: what the screen says of each is enough to mend it, with the file and the
// line that a person wrote and not the names of Go's temporary objects.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// What we say of a build that fails.
std::string WordsOf(const std::string& module) {
  const GoBuild build = BuildIn(module, {"COLUMNS=80", "CXX=cgo-ld-shim++"});
  EXPECT_TRUE(Refused(build.go));
  std::string words = OurWords(build.go.error);
  EXPECT_THAT(words, Not(HasSubstr("00000"))) << "an object's temporary name";
  EXPECT_THAT(words, Not(HasSubstr("go-link-"))) << "a temporary directory";
  return words;
}

TEST(MistakesTest, ADefinitionInThePreambleOfAFileWithExport) {
  const std::string words = WordsOf(MakeModule({{"main.go", R"(package main

/*
int helper(int x) { return x + 1; }
*/
import "C"

//export goThing
func goThing() {}

func main() { println(C.helper(1)) }
)"}}));
  EXPECT_THAT(words, AllOf(HasSubstr("helper"), HasSubstr("defined in  main.go:4\n"), HasSubstr("compiled twice"),
                           HasSubstr("`static inline` in main.go")));
}

// One definition, compiled in each preamble that includes it; the paths by which they do so differ.
TEST(MistakesTest, AFunctionInAHeaderThatTwoFilesInclude) {
  const std::string words = WordsOf(MakeModule({{"h.h", "int helper(void) { return 1; }\n"},
                                                {"a/a.go", R"(package a

// #include "../h.h"
import "C"

func A() int { return int(C.helper()) }
)"},
                                                {"main.go", R"(package main

// #include "h.h"
import "C"
import "example.com/program/a"

func main() { println(C.helper(), a.A()) }
)"}}));
  EXPECT_THAT(words, AllOf(HasSubstr("  helper\n"), HasSubstr("defined in  h.h:1\n"), Not(HasSubstr("and in")),
                           HasSubstr("includes h.h compiles"), HasSubstr("`static inline` in h.h"),
                           HasSubstr("then it links")));
}

TEST(MistakesTest, TwoObjectsOfOneSource) {
  const std::string module = MakeModule({{"main.go", R"(package main

// #cgo LDFLAGS: ${SRCDIR}/f.o ${SRCDIR}/sub/../f.o ${SRCDIR}/copy.o
// int f(void);
import "C"

func main() { println(C.f()) }
)"},
                                         {"sub/README", "a directory\n"}});
  Compile(module + "/f.o", "int f(void) { return 1; }\n", {"-c", "-g"});
  WriteText(module + "/copy.o", ReadText(module + "/f.o"));
  const std::string words = WordsOf(module);
  EXPECT_THAT(words, AllOf(HasSubstr("1 symbol is defined twice"), HasSubstr("defined in  f.o\n"),
                           HasSubstr("and in      copy.o\n"), HasSubstr("name only one of f.o and copy.o")));
}

TEST(MistakesTest, ATypoInThePreamble) {
  const std::string words = WordsOf(MakeModule({{"main.go", R"(package main

// int prinft(const char*, ...);
// static void hi(void) { prinft("hi\n"); }
import "C"

func main() { C.hi() }
)"}}));
  EXPECT_THAT(words,
              AllOf(HasSubstr("undefined: prinft\n"), HasSubstr("main.go:4, in hi (package example.com/program)"),
                    HasSubstr("did you mean printf")));
}

TEST(MistakesTest, ATypoInACFile) {
  const std::string words = WordsOf(MakeModule({{"main.go", R"(package main

// void hi(void);
import "C"

func main() { C.hi() }
)"},
                                                {"hi.c",
                                                 "int snprintff(char*, unsigned long, const char*, ...);\n"
                                                 "void hi(void) {\n"
                                                 "  char text[9];\n"
                                                 "  snprintff(text, 9, \"hi\");\n"
                                                 "}\n"}}));
  EXPECT_THAT(words, AllOf(HasSubstr("undefined: snprintff\n"), HasSubstr("hi.c:4, in hi"),
                           HasSubstr("did you mean snprintf,")));
}

TEST(MistakesTest, AForgottenExternC) {
  const std::string words = WordsOf(MakeModule({{"main.go", R"(package main

// int size_of(int);
import "C"

func main() { println(C.size_of(1)) }
)"},
                                                {"size.cc", "int size_of(int x) { return x; }\n"}}));
  EXPECT_THAT(words, AllOf(HasSubstr("undefined: size_of\n"), HasSubstr("C.size_of, which main.go:3 declares"),
                           HasSubstr("size.cc:1 defines size_of(int) as a C++ function")));
}

TEST(MistakesTest, AFunctionThatIsDeclaredAndDefinedInNoFile) {
  const std::string words = WordsOf(MakeModule({{"main.go", R"(package main

// int frobnicate_nothing(int);
import "C"

func main() { println(C.frobnicate_nothing(1)) }
)"}}));
  EXPECT_THAT(words, AllOf(HasSubstr("undefined: frobnicate_nothing\n"),
                           HasSubstr("C.frobnicate_nothing, which main.go:3 declares"),
                           HasSubstr("no C file of the package defines it"),
                           HasSubstr("define it in a .c file of the package"), Not(HasSubstr("SYMBOL"))));
}

TEST(MistakesTest, AMainInACFile) {
  const std::string words =
      WordsOf(MakeModule({{"main.go", R"(package main

// int f(int);
import "C"

func main() { println(C.f(1)) }
)"},
                          {"tool.c", "int f(int x) { return x; }\n\nint main(void) { return 0; }\n"}}));
  EXPECT_THAT(words, AllOf(HasSubstr("  main\n"), HasSubstr("tool.c:3"), HasSubstr("a C function main of its own"),
                           HasSubstr("rename main in tool.c")));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e

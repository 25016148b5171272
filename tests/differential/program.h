// A small program, linked from one line by gcc with GNU ld and by cgo-ld-shim, and run.
//
// Example:
//   Program program{.name = "weak", .objects = {{"main.c", "int f(void); int main(void) { return f(); }"}},
//                   .libraries = {{"a", {{"f.c", "int f(void) { return 3; }"}}}}, .words = {"-la"}};
//   EXPECT_EQ(Difference(program, Libc::kGlibc), "");
//
// The line is one as Go's linker writes it: the first object is called go.o, the others 000000.o and so on. Objects are
// kept below the build directory by their content, so that the archives of a thousand lines are compiled once.
#ifndef CGO_LD_SHIM_TESTS_DIFFERENTIAL_PROGRAM_H_
#define CGO_LD_SHIM_TESTS_DIFFERENTIAL_PROGRAM_H_

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace cgo_ld_shim::differential {

// kForeign: archives that were compiled for glibc, in a program for musl that zig compiles; what GNU ld makes of all of
// it with glibc is what is right. kMuslArchives: archives by musl-gcc in such a program; musl-gcc's is right.
enum class Libc { kGlibc, kMusl, kForeign, kMuslArchives };

struct Source {
  std::string name;  // the suffix says the language: .c, .cc, .f90, .s
  std::string text;
  std::vector<std::string> flags = {"-O1"};
};
struct Library {
  std::string name;
  std::vector<Source> members;
};
struct Program {
  std::string name;
  std::vector<Source> objects;
  std::vector<Library> libraries;                          // libNAME.a each, in a directory that -L names
  std::vector<std::pair<std::string, std::string>> files;  // name, text; in the directory of the link
  std::vector<std::string> words;                          // after the objects
  std::vector<std::string> before;                         // before them
  bool partial = false;                                    // all objects but the first become one by `ld -r`
  // Where the outcome differs from GNU ld's, the record of the link or what is printed holds these words; empty: it
  // must not differ. The second one is for musl.
  std::string said, said_on_musl;
  // kForeign, kMuslArchives; false: the objects hold what zig makes no code of, and musl-gcc compiles them.
  bool zig_compiles = true;
  bool c_alone = true;  // false: C++ has a part in it, and there is no C++ for musl-gcc
};

// Empty when both make the same of it, or the difference was said; otherwise what differs.
std::string Difference(const Program& program, Libc libc);

// A choice that is the same everywhere: distributions of the standard library are not.
class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  int Below(int n) { return static_cast<int>(engine_() % static_cast<unsigned>(n)); }
  bool Chance(int percent) { return Below(100) < percent; }
  template <class T>
  void Shuffle(std::vector<T>* list) {
    for (size_t i = list->size(); i > 1; --i)
      std::swap((*list)[i - 1], (*list)[static_cast<size_t>(Below(static_cast<int>(i)))]);
  }

 private:
  std::mt19937 engine_;
};

// The kinds of programs, each a table or a generator.
struct Kind {
  const char* name;
  std::vector<Program> (*programs)();
};
extern const std::vector<Kind> kKinds;             // for glibc, and, where c_alone says so, for musl
extern const std::vector<Kind> kForeignKinds;      // Libc::kForeign
extern const std::vector<Kind> kMuslArchiveKinds;  // Libc::kMuslArchives

}  // namespace cgo_ld_shim::differential

#endif  // CGO_LD_SHIM_TESTS_DIFFERENTIAL_PROGRAM_H_

#include "tests/support/random_link.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace cgo_ld_shim::test_support {
namespace {

constexpr int kSharedLibraries = 3;
constexpr int kSharedSymbols = 6;

class Maker {
 public:
  Maker(const RandomLinkOptions& options, std::mt19937* random, LinkFixture* link)
      : options_(options), random_(*random), link_(*link), symbols_(4 + UpTo(12)) {}

  std::string Make() {
    ObjectBuilder program;
    program.Define(options_.clashes || options_.shared ? "main" : "program");
    program.Reference(AnySymbol());
    AddReferences(&program, 2);
    link_.Object(options_.program, program);
    std::string line = absl::StrCat(options_.program, " -Llib");
    const int archives = 1 + UpTo(5);
    for (int a = 0; a < archives; ++a) {
      MakeArchive(a);
      // Some archives are not named: the resolver has to find them beside the others.
      if (a == 0 || UpTo(2) > 0) absl::StrAppend(&line, " -l", a);
    }
    if (options_.shared) MakeSharedLibraries(&line);
    return line;
  }

 private:
  int UpTo(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n + 1)); }
  std::string AnySymbol() { return absl::StrCat("s", UpTo(symbols_)); }

  void AddReferences(ObjectBuilder* object, int most) {
    for (int i = UpTo(most); i > 0; --i) {
      if (UpTo(4) == 0) {
        object->ReferenceWeak(AnySymbol());
      } else {
        object->Reference(AnySymbol());
      }
    }
    if (options_.shared && UpTo(2) == 0) object->Reference(absl::StrCat("t", UpTo(kSharedSymbols - 1)));
  }

  void MakeArchive(int a) {
    std::vector<std::pair<std::string, ObjectBuilder>> members;
    const int count = 1 + UpTo(3);
    for (int m = 0; m < count; ++m) {
      ObjectBuilder object;
      object.Define(absl::StrCat("own_", a, "_", m));
      const std::string name = AnySymbol();
      switch (UpTo(5)) {
        case 0:
          object.DefineWeak(name);
          break;
        case 1:
          object.Comdat(name, name);
          break;
        default:
          object.Define(name);
      }
      if (options_.clashes && UpTo(2) == 0) object.Define(absl::StrCat("twice", UpTo(1)));
      AddReferences(&object, 3);
      members.emplace_back(absl::StrCat("m", m, ".o"), object);
    }
    link_.Archive(absl::StrCat("lib/lib", a, ".a"), members);
  }

  // Symbols t0, t1, … of which each is in one shared library, or in none; so are some of s0, s1, …, beside archives.
  void MakeSharedLibraries(std::string* line) {
    std::vector<SharedBuilder> libraries(kSharedLibraries);
    std::vector<int> sizes(kSharedLibraries, 0);
    const auto add = [&](const std::string& name) {
      const size_t library = static_cast<size_t>(UpTo(kSharedLibraries - 1));
      if (UpTo(7) == 0) {
        libraries[library].DefineData(name);
      } else {
        libraries[library].Define(name);
      }
      ++sizes[library];
    };
    for (int t = 0; t < kSharedSymbols; ++t) {
      if (UpTo(9) > 0) add(absl::StrCat("t", t));
    }
    for (int s = 0; s <= symbols_; ++s) {
      if (UpTo(2) > 0) add(absl::StrCat("s", s));
    }
    for (size_t i = 0; i < libraries.size(); ++i) {
      if (sizes[i] == 0) continue;
      libraries[i].Soname(absl::StrCat("libso", i, ".so.1"));
      link_.Shared(absl::StrCat("lib/libso", i, ".so"), libraries[i]);
      absl::StrAppend(line, " -lso", i);
    }
  }

  const RandomLinkOptions& options_;
  std::mt19937& random_;
  LinkFixture& link_;
  const int symbols_;
};

}  // namespace

std::string MakeRandomLink(const RandomLinkOptions& options, std::mt19937* random, LinkFixture* link) {
  return Maker(options, random, link).Make();
}

}  // namespace cgo_ld_shim::test_support

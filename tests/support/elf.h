// Object files made in memory, in sight of the test that needs them.
//
// Example:
//   std::string object = ObjectBuilder().Define("foo").DefineWeak("bar").Reference("baz").Build();
//   std::string shared = SharedBuilder().Soname("libx.so.1").Needed("libc.so.6").Define("x_open").Build();
//
// What comes out is real: each function has a body that returns, each reference is a relocation, so that linkers can be
// asked about it. For what the builders do not offer there is MakeObject with YAML for LLVM's yaml2obj; builders go
// through it as well, and Yaml() shows what they say. A mistake in the YAML ends the test program with LLVM's message.
//
// Source of the YAML format: llvm/include/llvm/ObjectYAML/ELFYAML.h; examples are llvm/test/tools/yaml2obj/ELF.
#ifndef CGO_LD_SHIM_TESTS_SUPPORT_ELF_H_
#define CGO_LD_SHIM_TESTS_SUPPORT_ELF_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "llvm/BinaryFormat/ELF.h"

namespace cgo_ld_shim::test_support {

// The bytes that a YAML document describes (its first line is "--- !ELF", "!COFF", "!mach-o", …).
std::string MakeObject(absl::string_view yaml);

// A relocatable ELF object; x86-64 unless told otherwise.
class ObjectBuilder {
 public:
  // Definitions: functions in .text, unless the name says something else.
  ObjectBuilder& Define(absl::string_view name);
  ObjectBuilder& DefineWeak(absl::string_view name);
  ObjectBuilder& DefineHidden(absl::string_view name);
  ObjectBuilder& DefineUnique(absl::string_view name);  // STB_GNU_UNIQUE data, as inline variables of C++ are with GCC
  ObjectBuilder& DefineIfunc(absl::string_view name);
  ObjectBuilder& DefineData(absl::string_view name);
  ObjectBuilder& DefineTls(absl::string_view name);
  ObjectBuilder& DefineCommon(absl::string_view name, uint64_t size = 8);
  ObjectBuilder& DefineAbsolute(absl::string_view name, uint64_t value);
  ObjectBuilder& Local(absl::string_view name);  // a static function
  // A weak function in a section of its own, which is in the COMDAT group `signature`: an inline function of C++ when
  // both names are the same. StrongComdat: a strong one, which the format allows as well.
  ObjectBuilder& Comdat(absl::string_view signature, absl::string_view name);
  ObjectBuilder& StrongComdat(absl::string_view signature, absl::string_view name);

  // References: a pointer in .data (a TLS offset for the last), which needs the symbol's address.
  ObjectBuilder& Reference(absl::string_view name);
  ObjectBuilder& ReferenceWeak(absl::string_view name);
  ObjectBuilder& ReferenceHidden(absl::string_view name);
  ObjectBuilder& ReferenceTls(absl::string_view name);

  ObjectBuilder& SplitStack();                     // .note.GNU-split-stack
  ObjectBuilder& Section(absl::string_view name);  // an empty section that is not loaded
  ObjectBuilder& Comment(absl::string_view text);  // .comment: who compiled it
  ObjectBuilder& Machine(uint16_t e_machine);      // EM_*; relocations are written for the machines that Go knows
  ObjectBuilder& Class32();                        // ELF32, as for EM_386 and EM_ARM
  ObjectBuilder& BigEndian();

  std::string Yaml() const;
  std::string Build() const;

 private:
  enum class Place { kText, kData, kTls, kComdat, kCommon, kAbsolute, kUndefined };
  struct Symbol {
    std::string name;
    Place place = Place::kText;
    llvm::StringRef binding = "STB_GLOBAL";
    llvm::StringRef type = "STT_FUNC";
    bool hidden = false;
    uint64_t value = 0;  // kCommon: the size; kAbsolute: the value
    std::string group;   // kComdat
  };
  ObjectBuilder& Add(Symbol symbol);
  bool IsKnown(const Symbol& symbol) const;

  std::vector<Symbol> symbols_;
  std::vector<std::string> sections_;
  std::string comment_;
  uint16_t machine_ = llvm::ELF::EM_X86_64;
  bool is64_ = true;
  bool little_ = true;
};

// A shared object for linking against (64 bit, little-endian); not for running.
class SharedBuilder {
 public:
  SharedBuilder& Soname(absl::string_view name);
  SharedBuilder& Needed(absl::string_view name);
  SharedBuilder& Define(absl::string_view name);
  SharedBuilder& DefineWeak(absl::string_view name);
  SharedBuilder& DefineData(absl::string_view name);
  SharedBuilder& DefineTls(absl::string_view name);
  SharedBuilder& Reference(absl::string_view name);
  SharedBuilder& Machine(uint16_t e_machine);

  std::string Yaml() const;
  std::string Build() const;

 private:
  struct Symbol {
    std::string name;
    bool weak = false;
    bool defined = true;
    llvm::StringRef type = "STT_FUNC";
  };
  std::string soname_;
  std::vector<std::string> needed_;
  std::vector<Symbol> symbols_;
  uint16_t machine_ = llvm::ELF::EM_X86_64;
};

}  // namespace cgo_ld_shim::test_support

#endif  // CGO_LD_SHIM_TESTS_SUPPORT_ELF_H_

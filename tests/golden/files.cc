#include "tests/golden/files.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "llvm/BinaryFormat/ELF.h"
#include "tests/support/archive.h"
#include "tests/support/elf.h"

namespace cgo_ld_shim::golden {
namespace {

using test_support::ObjectBuilder;
using test_support::SharedBuilder;

[[noreturn]] void Refuse(const std::string& path, const std::string& what) {
  std::fprintf(stderr, "%s: %s\n", path.c_str(), what.c_str());
  std::abort();
}

struct MachineRow {
  absl::string_view name;
  uint16_t machine;
  bool is64;
};
constexpr MachineRow kMachines[] = {
    {"x86-64", llvm::ELF::EM_X86_64, true}, {"386", llvm::ELF::EM_386, false},
    {"arm64", llvm::ELF::EM_AARCH64, true}, {"arm", llvm::ELF::EM_ARM, false},
    {"mipsle", llvm::ELF::EM_MIPS, false},  {"riscv64", llvm::ELF::EM_RISCV, true},
    {"ppc64le", llvm::ELF::EM_PPC64, true},
};

// "weak tls f" → {"weak", "tls"} and "f".
std::pair<std::string, std::string> SplitSymbol(const std::string& text) {
  const size_t space = text.rfind(' ');
  if (space == std::string::npos) return {"", text};
  return {text.substr(0, space), text.substr(space + 1)};
}

void Define(const std::string& path, const std::string& text, ObjectBuilder* object) {
  const auto [kind, name] = SplitSymbol(text);
  if (kind.empty()) {
    object->Define(name);
  } else if (kind == "weak") {
    object->DefineWeak(name);
  } else if (kind == "hidden") {
    object->DefineHidden(name);
  } else if (kind == "data") {
    object->DefineData(name);
  } else if (kind == "tls") {
    object->DefineTls(name);
  } else if (kind == "common") {
    object->DefineCommon(name);
  } else if (kind == "ifunc") {
    object->DefineIfunc(name);
  } else if (kind == "unique") {
    object->DefineUnique(name);
  } else if (kind == "local") {
    object->Local(name);
  } else if (kind == "comdat") {
    object->Comdat(name, name);
  } else {
    Refuse(path, absl::StrCat("no definition is '", kind, "'"));
  }
}

void Refer(const std::string& path, const std::string& text, ObjectBuilder* object) {
  const auto [kind, name] = SplitSymbol(text);
  if (kind.empty()) {
    object->Reference(name);
  } else if (kind == "weak") {
    object->ReferenceWeak(name);
  } else if (kind == "hidden") {
    object->ReferenceHidden(name);
  } else if (kind == "tls") {
    object->ReferenceTls(name);
  } else {
    Refuse(path, absl::StrCat("no reference is '", kind, "'"));
  }
}

std::string Hex(absl::string_view text) {
  std::string hex;
  for (const char c : text) absl::StrAppend(&hex, absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
  return hex;
}

std::string MakeMachO(const Value& description) {
  const bool amd64 = description.Text("mach-o") == "amd64";
  std::string names, strings = "    - ''\n";
  size_t at = 1, count = 0;
  const auto add = [&](const std::string& name, int type, int section) {
    absl::StrAppend(&names, "    - { n_strx: ", at, ", n_type: ", type, ", n_sect: ", section,
                    ", n_desc: 0, n_value: 0 }\n");
    absl::StrAppend(&strings, "    - ", name, "\n");
    at += name.size() + 1;
    ++count;
  };
  for (const std::string& name : description.Texts("defines")) add(name, 0x0f, 1);
  for (const std::string& name : description.Texts("needs")) add(name, 0x01, 0);
  return test_support::MakeObject(absl::StrCat(
      "--- !mach-o\nFileHeader: { magic: 0xFEEDFACF, cputype: ", amd64 ? "0x01000007" : "0x0100000C",
      ", cpusubtype: ", amd64 ? 3 : 0,
      ", filetype: 1, ncmds: 2, sizeofcmds: 176, flags: 0, reserved: 0 }\n"
      "LoadCommands:\n"
      "  - { cmd: LC_SEGMENT_64, cmdsize: 152, segname: '', vmaddr: 0, vmsize: 4, fileoff: 208, filesize: 4, maxprot: "
      "7, initprot: 7, nsects: 1, flags: 0, Sections: [ { sectname: __text, segname: __TEXT, addr: 0, size: 4,"
      " offset: 208, align: 2, reloff: 0, nreloc: 0, flags: 0x80000400, reserved1: 0, reserved2: 0, reserved3: 0,"
      " content: C0035FD6 } ] }\n"
      "  - { cmd: LC_SYMTAB, cmdsize: 24, symoff: 212, nsyms: ",
      count, ", stroff: ", 212 + 16 * count, ", strsize: ", at, " }\nLinkEditData:\n  NameList:\n", names,
      "  StringTable:\n", strings, "...\n"));
}

std::string MakeElfObject(const std::string& path, const Value& description) {
  ObjectBuilder object;
  if (const std::string name = description.Text("machine"); !name.empty()) {
    const MachineRow* found = nullptr;
    for (const MachineRow& row : kMachines) {
      if (row.name == name) found = &row;
    }
    if (found == nullptr) Refuse(path, absl::StrCat("there is no machine '", name, "'"));
    object.Machine(found->machine);
    if (!found->is64) object.Class32();
  }
  for (const std::string& text : description.Texts("defines")) Define(path, text, &object);
  for (const std::string& text : description.Texts("needs")) Refer(path, text, &object);
  for (const std::string& name : description.Texts("sections")) object.Section(name);
  std::string yaml = object.Yaml();
  if (const std::string comment = description.Text("comment"); !comment.empty()) {
    // A row of texts, each ended by NUL.
    absl::StrReplaceAll({{"Symbols:", absl::StrCat("  - { Name: .comment, Type: SHT_PROGBITS, Content: '", Hex(comment),
                                                   "00' }\nSymbols:")}},
                        &yaml);
  }
  return test_support::MakeObject(yaml);
}

std::string MakeFile(const std::string& path, const Value& description);

std::string MakeArchive(const std::string& path, const Value& members) {
  std::vector<test_support::ArchiveMember> list;
  bool mach_o = false;
  for (const auto& [name, member] : members.fields) {
    list.push_back({name, MakeFile(absl::StrCat(path, "(", name, ")"), member)});
    mach_o |= member.Find("mach-o") != nullptr;
  }
  return test_support::MakeArchive(
      list, {.format = mach_o ? test_support::ArchiveFormat::kDarwin : test_support::ArchiveFormat::kGnu});
}

std::string MakeShared(const Value& description) {
  SharedBuilder shared;
  shared.Soname(description.Text("shared"));
  for (const std::string& name : description.Texts("needed")) shared.Needed(name);
  for (const std::string& text : description.Texts("defines")) {
    absl::string_view name = text;
    if (absl::ConsumePrefix(&name, "data ")) {
      shared.DefineData(name);
    } else {
      shared.Define(name);
    }
  }
  return shared.Build();
}

std::string MakeFile(const std::string& path, const Value& description) {
  static constexpr absl::string_view kKeys[] = {"defines", "needs",  "machine", "sections", "comment", "mach-o", "yaml",
                                                "shared",  "needed", "members", "text",     "script",  "cut"};
  for (const auto& [key, value] : description.fields) {
    if (std::find(std::begin(kKeys), std::end(kKeys), key) == std::end(kKeys))
      Refuse(path, absl::StrCat("no file has '", key, "'"));
  }
  if (const Value* members = description.Find("members")) {
    std::string bytes = MakeArchive(path, *members);
    int cut = 0;
    if (absl::SimpleAtoi(description.Text("cut"), &cut)) bytes.resize(bytes.size() - static_cast<size_t>(cut));
    return bytes;
  }
  if (description.Find("shared") != nullptr) return MakeShared(description);
  if (description.Find("mach-o") != nullptr) return MakeMachO(description);
  if (const Value* yaml = description.Find("yaml")) return test_support::MakeObject(yaml->text);
  for (const char* key : {"text", "script"}) {
    if (const Value* text = description.Find(key)) return text->text;
  }
  return MakeElfObject(path, description);
}

}  // namespace

void AddFiles(const Value& description, std::map<std::string, File>* files) {
  for (const auto& [path, value] : description.fields) {
    if (value.Find("absent") != nullptr) {
      files->erase(path);
    } else if (value.Find("link") != nullptr) {
      (*files)[path] = {.bytes = "", .link = value.Text("link")};
    } else {
      (*files)[path] = {.bytes = MakeFile(path, value), .link = "", .executable = value.Find("script") != nullptr};
    }
  }
}

std::string MakeProgram(absl::string_view mode) {
  const bool dynamic = mode == "dynamic";
  std::string headers =
      "  - { Type: PT_LOAD, Flags: [ PF_R, PF_X ], FirstSec: .text, LastSec: .dynstr, VAddr: 0x401000 }\n";
  if (dynamic) {
    absl::StrAppend(&headers, "  - { Type: PT_INTERP, FirstSec: .interp, LastSec: .interp, VAddr: 0x402000 }\n",
                    "  - { Type: PT_DYNAMIC, FirstSec: .dynamic, LastSec: .dynamic, VAddr: 0x403000 }\n");
  }
  std::string sections = "  - { Name: .text, Type: SHT_PROGBITS, Address: 0x401000, Content: 'c3' }\n";
  absl::StrAppend(&sections, "  - { Name: .dynstr, Type: SHT_STRTAB, Flags: [ SHF_ALLOC ], Content: '00",
                  Hex("libc.so.6"), "00' }\n");
  if (dynamic) {
    absl::StrAppend(&sections, "  - { Name: .interp, Type: SHT_PROGBITS, Address: 0x402000, Content: '",
                    Hex("/lib64/ld-linux-x86-64.so.2"), "00' }\n",
                    "  - { Name: .dynamic, Type: SHT_DYNAMIC, Flags: [ SHF_ALLOC ], Address: 0x403000, Link: .dynstr, "
                    "Entries: [ { Tag: DT_NEEDED, Value: 1 }, { Tag: DT_NULL, Value: 0 } ] }\n");
  }
  return test_support::MakeObject(absl::StrCat(
      "--- !ELF\nFileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ", mode == "static" ? "ET_EXEC" : "ET_DYN",
      ", Machine: EM_X86_64 }\nProgramHeaders:\n", headers, "Sections:\n", sections));
}

}  // namespace cgo_ld_shim::golden

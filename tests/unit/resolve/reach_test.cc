// Who may reach a symbol: through sections, data and other units; and never more than that is said.
#include "resolve/reach.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "symbols/section_links.h"
#include "tests/support/archive.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::resolve {
namespace {

using test_support::LinkFixture;
using test_support::MakeObject;
using test_support::ObjectBuilder;
using testing::ElementsAre;
using testing::IsEmpty;

// usb.o: usb_init's section refers to the table `backend` in data, which has the address of op_open in another section,
// which calls udev_new. usb_version stands alone.
constexpr char kUsb[] = R"(--- !ELF
FileHeader: { Class: ELFCLASS64, Data: ELFDATA2LSB, Type: ET_REL, Machine: EM_X86_64 }
Sections:
  - { Name: .text.init, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], Size: 16 }
  - { Name: .text.open, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], Size: 16 }
  - { Name: .text.version, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_EXECINSTR ], Size: 16 }
  - { Name: .data.backend, Type: SHT_PROGBITS, Flags: [ SHF_ALLOC, SHF_WRITE ], Size: 16 }
  - { Name: .debug_info, Type: SHT_PROGBITS, Size: 32 }
  - { Name: .init_array, Type: SHT_INIT_ARRAY, Flags: [ SHF_ALLOC, SHF_WRITE ], Size: 8 }
  - Name: .rela.text.init
    Type: SHT_RELA
    Info: .text.init
    Relocations: [ { Offset: 0, Symbol: backend, Type: R_X86_64_PC32 } ]
  - Name: .rela.data.backend
    Type: SHT_RELA
    Info: .data.backend
    Relocations: [ { Offset: 0, Symbol: op_open, Type: R_X86_64_64 } ]
  - Name: .rela.text.open
    Type: SHT_RELA
    Info: .text.open
    Relocations: [ { Offset: 0, Symbol: udev_new, Type: R_X86_64_PLT32 } ]
  - Name: .rela.debug_info
    Type: SHT_RELA
    Info: .debug_info
    Relocations: [ { Offset: 0, Symbol: udev_new, Type: R_X86_64_64 } ]
  - Name: .rela.init_array
    Type: SHT_RELA
    Info: .init_array
    Relocations: [ { Offset: 0, Symbol: CONSTRUCTOR, Type: R_X86_64_64 } ]
Symbols:
  - { Name: backend, Type: STT_OBJECT, Section: .data.backend }
  - { Name: op_open, Type: STT_FUNC, Section: .text.open }
  - { Name: usb_init, Type: STT_FUNC, Section: .text.init, Binding: STB_GLOBAL }
  - { Name: usb_version, Type: STT_FUNC, Section: .text.version, Binding: STB_GLOBAL }
  - { Name: udev_new, Binding: STB_GLOBAL }
)";

std::string Usb(const std::string& constructor) {
  std::string yaml = kUsb;
  return MakeObject(yaml.replace(yaml.find("CONSTRUCTOR"), sizeof "CONSTRUCTOR" - 1, constructor));
}

std::vector<std::string> Texts(LinkFixture* link, const std::string& line) {
  std::vector<std::string> texts;
  for (const Reach& reach : FindReach(link->Resolve(line), {"udev_new"})) texts.push_back(ReachText(reach));
  return texts;
}

TEST(ReachTest, GoesThroughSectionsAndData) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("usb_init").Reference("usb_version"));
  link.File("sys/libusb.a", test_support::MakeArchive({{"usb.o", Usb("usb_version")}}));
  EXPECT_THAT(Texts(&link, "go.o -lusb"), ElementsAre("usb_init may reach udev_new"));
}

TEST(ReachTest, GoesThroughOtherUnits) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("scan"));
  link.File("sys/libusb.a", test_support::MakeArchive({{"usb.o", Usb("usb_version")}}));
  link.Archive("sys/libscan.a", {{"s.o", ObjectBuilder().DefineData("scan").Reference("usb_init")}});
  EXPECT_THAT(Texts(&link, "go.o -lscan -lusb"), ElementsAre("scan may reach udev_new"));
  EXPECT_EQ(ReachText({{"udev_new"}, {"udev_new"}}), "the program's own code calls udev_new");
}

TEST(ReachTest, OfWhatIsNotReachedNothingIsSaid) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("usb_version"));
  link.File("sys/libusb.a", test_support::MakeArchive({{"usb.o", Usb("usb_version")}}));
  EXPECT_THAT(Texts(&link, "go.o -lusb"), IsEmpty());
}

TEST(ReachTest, AConstructorIsRunUncalled) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("usb_version"));
  link.File("sys/libusb.a", test_support::MakeArchive({{"usb.o", Usb("usb_init")}}));
  EXPECT_THAT(Texts(&link, "go.o -lusb"),
              ElementsAre(absl::StrCat("a constructor of ", link.Path("sys/libusb.a(usb.o)"), " may reach udev_new")));
}

TEST(ReachTest, CountsWhatIsMany) {
  EXPECT_EQ(ReachText({{"a", "b", "c"}, {"x", "y"}}), "a and 2 more may reach x and 1 more");
}

TEST(SectionLinksTest, WhatIsNoObjectOrDamagedIsAnError) {
  EXPECT_FALSE(symbols::ReadSectionLinks("", "x").ok());
  EXPECT_FALSE(symbols::ReadSectionLinks("!<arch>\n", "x").ok());
  std::string object = Usb("usb_init");
  for (size_t cut = 1; cut < object.size(); cut += 7)
    (void)symbols::ReadSectionLinks(absl::string_view(object).substr(0, cut), "x");
}

}  // namespace
}  // namespace cgo_ld_shim::resolve

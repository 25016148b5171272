// Names as their authors wrote them.
#include <string>

#include "gtest/gtest.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::symbols {
namespace {

TEST(DemangleTest, Cxx) {
  EXPECT_EQ(Demangle("_ZNKSt3__112basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEE5c_strEv"),
            "std::__1::basic_string<char, std::__1::char_traits<char>, std::__1::allocator<char>>::c_str() const");
  EXPECT_EQ(Demangle("_ZTV5Shape"), "vtable for Shape");
}

TEST(DemangleTest, RustV0) { EXPECT_EQ(Demangle("_RNvCskwGfYPst2Cb_3foo3bar"), "foo::bar"); }

TEST(DemangleTest, RustLegacy) {
  EXPECT_EQ(Demangle("_ZN4core3fmt5write17h0123456789abcdefE"), "core::fmt::write");
  EXPECT_EQ(Demangle("_ZN50_$LT$T$u20$as$u20$core..convert..Into$LT$U$GT$$GT$4into17h0123456789abcdefE"),
            "<T as core::convert::Into<U>>::into");
  EXPECT_EQ(Demangle("_ZN3std2rt10lang_start28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE"),
            "std::rt::lang_start::{{closure}}");
}

TEST(DemangleTest, D) { EXPECT_EQ(Demangle("_D8demangle4testi"), "demangle.test"); }

TEST(DemangleTest, VersionStays) { EXPECT_EQ(Demangle("_ZTV5Shape@SHAPES_1"), "vtable for Shape@SHAPES_1"); }

TEST(DemangleTest, OtherNamesStay) {
  for (const char* name : {"deflateInit2_", "", "_", "_Z", "_ZN", "main.main", "memcpy@GLIBC_2.14", "@", "$LT$"}) {
    EXPECT_EQ(Demangle(name), name);
  }
  const std::string endless = "_Z" + std::string(100'000, 'P');
  EXPECT_EQ(Demangle(endless), endless);
}

}  // namespace
}  // namespace cgo_ld_shim::symbols

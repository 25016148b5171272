// Why a link failed, where no golden shows it.
#include "diagnose/diagnose.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/archive.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::diagnose {
namespace {

using test_support::LinkFixture;
using test_support::ObjectBuilder;
using testing::HasSubstr;

// lib/libvendor.a with one member of bitcode that nobody can read; the index has its function.
std::string HintFor(const std::string& member) {
  LinkFixture link;
  link.Object("go.o", ObjectBuilder().Reference("vendor_init"));
  std::string archive = test_support::MakeArchive({{member, ObjectBuilder().Define("vendor_init").Build()}});
  archive.replace(archive.find("\177ELF"), 8, std::string("BC\xc0\xde\x35\x14\0\0", 8));
  link.File("lib/libvendor.a", archive);
  const plan::LinkPlan plan = link.Plan("go.o -Llib -lvendor");
  const resolve::Resolution resolution = resolve::Resolve(plan, link.toolchain(), link.cache());
  const Diagnosis diagnosis = Diagnose(plan, resolution, link.toolchain(), {}, link.cache());
  EXPECT_EQ(diagnosis.findings.size(), 1U);
  if (diagnosis.findings.size() != 1) return "";
  EXPECT_EQ(diagnosis.findings[0].cause, CauseId::kLto);
  return diagnosis.findings[0].hint;
}

TEST(DiagnoseTest, CodeForAnOptimiserIsNamedWithTheOptionThatMadeIt) {
  EXPECT_THAT(HintFor("vendor-0123.vendor.4567-cgu.0.rcgu.o"),
              HasSubstr("built with -C linker-plugin-lto; ask for a build without it"));
  EXPECT_THAT(HintFor("vendor.o"), HasSubstr("ask for a build without -flto"));
}

}  // namespace
}  // namespace cgo_ld_shim::diagnose

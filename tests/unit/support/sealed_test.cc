#include "support/sealed.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "support/file.h"
#include "support/temporary.h"

namespace cgo_ld_shim::support {
namespace {

TEST(SealedTest, IsReadBackAsItWasWrittenOrNotAtAll) {
  const absl::StatusOr<TemporaryDirectory> place = TemporaryDirectory::Make();
  ASSERT_TRUE(place.ok());
  const std::string path = absl::StrCat(place->path(), "/kept");
  for (const std::string& text : {std::string(), std::string("one\ntwo"), std::string("ends in a line\n")}) {
    ASSERT_TRUE(WriteSealed(path, text).ok());
    EXPECT_EQ(*ReadSealed(path), text);
    const std::string whole = *ReadFile(path);
    for (size_t i = 0; i < whole.size(); ++i) {
      std::string changed = whole;
      changed[i] ^= 4;
      ASSERT_TRUE(WriteFileAtomically(path, changed, 0600).ok());
      EXPECT_TRUE(absl::IsDataLoss(ReadSealed(path).status())) << i;
      ASSERT_TRUE(WriteFileAtomically(path, whole.substr(0, i), 0600).ok());
      EXPECT_TRUE(absl::IsDataLoss(ReadSealed(path).status())) << i;
    }
  }
  EXPECT_TRUE(absl::IsNotFound(ReadSealed(absl::StrCat(path, "-none")).status()));
}

}  // namespace
}  // namespace cgo_ld_shim::support

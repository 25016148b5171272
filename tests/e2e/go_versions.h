// The versions of Go that this tool is held against beside the one on PATH: as toolchains out of the module proxy
// (GOTOOLCHAIN); 1.19, which cannot be had so, is Debian's golang-1.19-go.
//
// Example:
//   class MyTest : public testing::TestWithParam<const char*> {};
//   INSTANTIATE_TEST_SUITE_P(Versions, MyTest, testing::ValuesIn(kGoVersions), GoVersionName);
//   TEST_P(MyTest, Builds) {
//     const std::optional<Environment> go = EnvironmentOfGo(GetParam());
//     if (!go) GTEST_SKIP() << GetParam() << " is not to be had";
#ifndef CGO_LD_SHIM_TESTS_E2E_GO_VERSIONS_H_
#define CGO_LD_SHIM_TESTS_E2E_GO_VERSIONS_H_

#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {

inline constexpr const char* kGoVersions[] = {"go1.19", "go1.20.14", "go1.22.12", "go1.24.13", "go1.27.3"};

// "go1_20_14"
std::string GoVersionName(const testing::TestParamInfo<const char*>& test);

// What makes `go` that version; nullopt where it is not installed and cannot be fetched.
std::optional<Environment> EnvironmentOfGo(const std::string& version);

// `go env NAME`
std::string GoEnv(const char* name, const Environment& environment);

}  // namespace cgo_ld_shim::e2e

#endif  // CGO_LD_SHIM_TESTS_E2E_GO_VERSIONS_H_

// A PATH that holds shell scripts of a test's own, and nothing else, as long as it lives.
#ifndef CGO_LD_SHIM_TESTS_UNIT_PACKAGES_FAKE_PROGRAMS_H_
#define CGO_LD_SHIM_TESTS_UNIT_PACKAGES_FAKE_PROGRAMS_H_

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace cgo_ld_shim::packages {

class FakePrograms {
 public:
  FakePrograms() : directory_(absl::StrCat(testing::TempDir(), "/programs-XXXXXX")), before_(std::getenv("PATH")) {
    if (::mkdtemp(directory_.data()) == nullptr) std::abort();
    ::setenv("PATH", directory_.c_str(), 1);
  }
  ~FakePrograms() {
    ::setenv("PATH", before_.c_str(), 1);
    std::error_code error;
    std::filesystem::remove_all(directory_, error);
  }
  FakePrograms(const FakePrograms&) = delete;
  FakePrograms& operator=(const FakePrograms&) = delete;

  void Add(const std::string& name, const std::string& script) const {
    const std::string path = absl::StrCat(directory_, "/", name);
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    std::error_code error;
    std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
  }

 private:
  std::string directory_;
  const std::string before_;
};

}  // namespace cgo_ld_shim::packages

#endif  // CGO_LD_SHIM_TESTS_UNIT_PACKAGES_FAKE_PROGRAMS_H_

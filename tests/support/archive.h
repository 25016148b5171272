// Archives made in memory, of every format that is met.
//
// Example:
//   std::string archive = MakeArchive({{"a.o", ObjectBuilder().Define("a").Build()}, {"b.o", …}});
//   std::string bsd = MakeArchive(members, {.index = false, .format = ArchiveFormat::kBsd});
//
// They are written by LLVM's archive writer (llvm-ar), so that our reader is tested against another's idea of the
// format.
#ifndef CGO_LD_SHIM_TESTS_SUPPORT_ARCHIVE_H_
#define CGO_LD_SHIM_TESTS_SUPPORT_ARCHIVE_H_

#include <string>
#include <vector>

namespace cgo_ld_shim::test_support {

struct ArchiveMember {
  std::string name;  // in a thin archive, the path of its file relative to the archive
  std::string bytes;
};

enum class ArchiveFormat { kGnu, kGnu64, kBsd, kDarwin, kDarwin64, kCoff };

struct ArchiveOptions {
  bool thin = false;  // the bytes then serve only to make the index; write them to the members' files
  bool index = true;
  ArchiveFormat format = ArchiveFormat::kGnu;
};

// Ends the test program when LLVM refuses.
std::string MakeArchive(const std::vector<ArchiveMember>& members, ArchiveOptions options = {});

}  // namespace cgo_ld_shim::test_support

#endif  // CGO_LD_SHIM_TESTS_SUPPORT_ARCHIVE_H_

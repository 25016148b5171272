#include "tests/support/link_fixture.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "support/file.h"
#include "tests/support/archive.h"

namespace cgo_ld_shim::test_support {

LinkFixture::LinkFixture() {
  const char* base = std::getenv("TMPDIR");
  dir_ = absl::StrCat(base != nullptr ? base : "/tmp", "/link-XXXXXX");
  if (::mkdtemp(dir_.data()) == nullptr) std::abort();
  // The test's own libraries only: the machine's .pc files are no evidence here.
  ::setenv("PKG_CONFIG_LIBDIR", Path("sys/pkgconfig").c_str(), 1);
  ::unsetenv("PKG_CONFIG_PATH");
  Object("sys/crt1.o", ObjectBuilder().Define("_start"));
  Archive("sys/libc.a", {{"malloc.o", ObjectBuilder().Define("malloc")}, {"write.o", ObjectBuilder().Define("write")}});
  toolchain_.line.first_objects = {Path("sys/crt1.o")};
  toolchain_.line.library_dirs = {Path("sys")};
  toolchain_.line.last = {"--start-group", "-lc", "--end-group"};
}

LinkFixture::~LinkFixture() {
  std::error_code ignored;
  std::filesystem::remove_all(dir_, ignored);
}

void LinkFixture::File(const std::string& name, const std::string& bytes) {
  const std::string path = Path(name);
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  const absl::Status written = support::WriteFileAtomically(path, bytes, 0644);
  if (!written.ok()) {
    std::fprintf(stderr, "%s\n", std::string(written.message()).c_str());
    std::abort();
  }
}

void LinkFixture::Archive(const std::string& name, const std::vector<std::pair<std::string, ObjectBuilder>>& members) {
  std::vector<ArchiveMember> bytes;
  for (const auto& [member, object] : members) bytes.push_back({member, object.Build()});
  File(name, MakeArchive(bytes));
}

invocation::Invocation LinkFixture::Call(const std::string& line) const {
  std::vector<std::string> argv = {"cc"};
  for (absl::string_view word : absl::StrSplit(line, ' ', absl::SkipEmpty())) argv.emplace_back(word);
  absl::StatusOr<invocation::Invocation> call = invocation::Classify(argv, dir_);
  if (!call.ok()) std::abort();
  return *std::move(call);
}

plan::LinkPlan LinkFixture::Plan(const std::string& line) { return plan::Build(Call(line), toolchain_, &cache_); }

resolve::Resolution LinkFixture::Resolve(const std::string& line) {
  plan_ = Plan(line);
  return resolve::Resolve(plan_, toolchain_, &cache_);
}

std::string AddedWords(const resolve::Resolution& resolution) {
  std::vector<std::string> words;
  for (const resolve::Added& added : resolution.added) {
    words.push_back(absl::StrJoin(resolution.inputs[added.input].words, " "));
  }
  return absl::StrJoin(words, " ");
}

std::string LineOf(const resolve::Resolution& resolution) {
  std::string line;
  int group = -1;
  for (const plan::PlanInput& input : resolution.inputs) {
    if (input.origin == plan::Origin::kToolchain) continue;
    const int own = input.group >= resolve::kCycleGroup ? input.group : -1;
    if (own != group && group >= 0) absl::StrAppend(&line, " ]");
    if (own != group && own >= 0) absl::StrAppend(&line, " [");
    group = own;
    absl::StrAppend(&line, line.empty() ? "" : " ", absl::StrJoin(input.words, " "));
  }
  if (group >= 0) absl::StrAppend(&line, " ]");
  return line;
}

std::string MissingSymbols(const resolve::Resolution& resolution) {
  return absl::StrJoin(resolution.missing, " ", [](std::string* out, const resolve::Unresolved& missing) {
    absl::StrAppend(out, missing.symbol);
  });
}

}  // namespace cgo_ld_shim::test_support

#include "packages/distribution.h"

#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "support/file.h"
#include "support/python.h"

namespace cgo_ld_shim::packages {
namespace {

struct IdRow {
  const char* id;
  Manager manager;
};
constexpr IdRow kIds[] = {
    {"debian", Manager::kApt},  {"ubuntu", Manager::kApt},      {"fedora", Manager::kDnf},  {"rhel", Manager::kDnf},
    {"centos", Manager::kDnf},  {"amzn", Manager::kDnf},        {"alpine", Manager::kApk},  {"wolfi", Manager::kApk},
    {"arch", Manager::kPacman}, {"opensuse", Manager::kZypper}, {"suse", Manager::kZypper},
};

// One row a need: the packages of each distribution, in Manager's order, and what it is in words. nullptr: not
// packaged there, so the words have to do.
struct NeedRow {
  Need need;
  const char* packages[5];
  const char* words;
};
constexpr NeedRow kNeeds[] = {
    {Need::kCCompiler,
     {"gcc libc6-dev", "gcc glibc-static", "gcc musl-dev", "gcc", "gcc glibc-devel-static"},
     "install gcc and the static C library"},
    {Need::kCxxCompiler, {"g++", "gcc-c++ libstdc++-static", "g++", "gcc", "gcc-c++"}, "install g++"},
    {Need::kStaticLibc,
     {"libc6-dev", "glibc-static", "musl-dev", "glibc", "glibc-devel-static"},
     "install the static C library (libc.a)"},
    {Need::kStaticCxx,
     {"g++", "libstdc++-static", "libstdc++-dev", "gcc", "gcc-c++"},
     "install the static C++ library (libstdc++.a)"},
    {Need::k32Bit,
     {"gcc-multilib", "glibc-static.i686 libgcc.i686", nullptr, "lib32-glibc lib32-gcc-libs", "gcc-32bit"},
     "install the 32-bit libraries of gcc"},
    {Need::kGo, {"golang-go", "golang", "go", "go", "go"}, "see go.dev/dl"},
    {Need::kQemuUser,
     {"qemu-user", "qemu-user", nullptr, "qemu-user", "qemu-linux-user"},
     "install QEMU's user-mode emulators (qemu-aarch64, …)"},
    {Need::kPkgConfig, {"pkg-config", "pkgconf-pkg-config", "pkgconf", "pkgconf", "pkg-config"}, "install pkg-config"},
};

// In Manager's order.
constexpr absl::string_view kCommands[] = {"apt-get install ", "dnf install ",    "apk add ",
                                           "pacman -S ",       "zypper install ", ""};

// The value of a NAME=value line, which may be quoted as a shell would.
std::string Unquoted(absl::string_view value) {
  value = absl::StripTrailingAsciiWhitespace(value);
  if (value.size() >= 2 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0]) {
    value = value.substr(1, value.size() - 2);
  }
  return std::string(value);
}

}  // namespace

absl::string_view InstallPrefix(Manager manager) { return kCommands[static_cast<size_t>(manager)]; }

Distribution ParseOsRelease(absl::string_view text) {
  std::map<std::string, std::string> values;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    const size_t equals = line.find('=');
    if (equals == absl::string_view::npos) continue;
    values[std::string(line.substr(0, equals))] = Unquoted(line.substr(equals + 1));
  }
  Distribution distribution;
  distribution.name = values["PRETTY_NAME"].empty() ? values["NAME"] : values["PRETTY_NAME"];
  distribution.id = values["ID"];
  distribution.version = values["VERSION_ID"];
  std::vector<std::string> ids = {values["ID"]};
  for (absl::string_view id : absl::StrSplit(values["ID_LIKE"], ' ', absl::SkipEmpty())) ids.emplace_back(id);
  for (const std::string& id : ids) {
    for (const IdRow& row : kIds) {
      // opensuse-leap and opensuse-tumbleweed are ids of their own.
      if (id != row.id && id.substr(0, id.find('-')) != row.id) continue;
      distribution.manager = row.manager;
      return distribution;
    }
  }
  return distribution;
}

Distribution ThisDistribution() {
  for (const char* path : {"/etc/os-release", "/usr/lib/os-release"}) {
    const absl::StatusOr<std::string> text = support::ReadFile(path);
    if (text.ok()) return ParseOsRelease(*text);
  }
  return {};
}

std::string InstallCommand(const Distribution& distribution, Need need) {
  // The package of PyPI is the same everywhere, and newer than what most distributions have.
  if (need == Need::kZig) return support::PipInstall("ziglang");
  for (const NeedRow& row : kNeeds) {
    if (row.need != need) continue;
    if (distribution.manager == Manager::kOther) return row.words;
    const char* packages = row.packages[static_cast<size_t>(distribution.manager)];
    return packages == nullptr ? row.words : absl::StrCat(InstallPrefix(distribution.manager), packages);
  }
  return "";
}

}  // namespace cgo_ld_shim::packages

#include "target/libc.h"

#include "absl/strings/str_cat.h"
#include "support/version.h"

namespace cgo_ld_shim::target {
namespace {

constexpr struct {
  LibcFamily family;
  const char* name;
} kFamilies[] = {
    {LibcFamily::kGlibc, "glibc"},         {LibcFamily::kMusl, "musl"},     {LibcFamily::kBionic, "bionic"},
    {LibcFamily::kLibSystem, "libSystem"}, {LibcFamily::kMsvcrt, "msvcrt"}, {LibcFamily::kUcrt, "ucrt"},
};

constexpr absl::string_view kGlibcWords[] = {"glibc", "gnueabihf", "gnueabi", "gnuabi64", "gnu"};
constexpr absl::string_view kMuslWords[] = {"musleabihf", "musleabi", "muslabi64", "musl"};

}  // namespace

absl::string_view FamilyName(LibcFamily family) {
  for (const auto& row : kFamilies) {
    if (row.family == family) return row.name;
  }
  return "";
}

LibcFamily ParseFamily(absl::string_view name) {
  for (const auto& row : kFamilies) {
    if (name == row.name) return row.family;
  }
  return LibcFamily::kNone;
}

absl::Span<const absl::string_view> WordsInNames(LibcFamily family) {
  if (family == LibcFamily::kGlibc) return kGlibcWords;
  if (family == LibcFamily::kMusl) return kMuslWords;
  return {};
}

bool Libc::IsGlibcBefore(int major, int minor) const { return IsGlibc() && support::OlderThan(version, major, minor); }

std::string Libc::ToString() const {
  return version.empty() || !*this ? std::string(Name()) : absl::StrCat(Name(), " ", version);
}

Libc ParseLibc(absl::string_view text) {
  const size_t blank = text.find(' ');
  Libc libc{.family = ParseFamily(text.substr(0, blank))};
  if (libc && blank != absl::string_view::npos) libc.version = std::string(text.substr(blank + 1));
  return libc;
}

}  // namespace cgo_ld_shim::target

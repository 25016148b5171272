#include "capture/privacy.h"

#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/setting_rows.h"

namespace cgo_ld_shim::capture {
namespace {

constexpr char kHome[] = "/home/user";
constexpr char kName[] = "/user";

// `text` with each `from` that ends where a name ends replaced.
std::string Replaced(absl::string_view text, absl::string_view from, absl::string_view to, bool* any) {
  std::string result;
  size_t done = 0;
  for (size_t at = text.find(from); at != absl::string_view::npos; at = text.find(from, at)) {
    const size_t end = at + from.size();
    const bool ends =
        end == text.size() || (!absl::ascii_isalnum(static_cast<unsigned char>(text[end])) && text[end] != '_');
    if (ends) {
      absl::StrAppend(&result, text.substr(done, at - done), to);
      done = end;
      *any = true;
    }
    at = end;
  }
  return absl::StrCat(result, text.substr(done));
}

}  // namespace

Privacy::Privacy(const char* const* envp) {
  for (const char* variable : {"USER", "LOGNAME", "SUDO_USER"}) {
    if (const char* name = support::FindVariable(envp, variable)) AddName(name);
  }
  if (const char* home = support::FindVariable(envp, "HOME")) AddHome(home);
  // Not getpwuid: in a static program it would load the host's modules.
  if (const absl::StatusOr<std::string> users = support::ReadFile("/etc/passwd"); users.ok()) {
    for (absl::string_view line : absl::StrSplit(*users, '\n')) {
      const std::vector<absl::string_view> fields = absl::StrSplit(line, ':');
      if (fields.size() < 6 || fields[2] != absl::StrCat(::geteuid())) continue;
      AddName(fields[0]);
      AddHome(std::string(fields[5]));
    }
  }
}

void Privacy::AddHome(std::string home) {
  while (home.size() > 1 && home.back() == '/') home.pop_back();
  for (const std::string& path : {home, support::RealPath(home)}) {
    static constexpr absl::string_view kNobodys[] = {"/", "/root", "/nonexistent", kHome};
    if (!absl::StartsWith(path, "/") || std::find(std::begin(kNobodys), std::end(kNobodys), path) != std::end(kNobodys))
      continue;
    if (std::find(homes_.begin(), homes_.end(), path) == homes_.end()) homes_.push_back(path);
    AddName(support::BaseName(path));
  }
  std::stable_sort(homes_.begin(), homes_.end(),
                   [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

void Privacy::AddName(absl::string_view name) {
  static constexpr absl::string_view kNobodys[] = {"root",  "user",  "nobody", "home", "go",  "lib",
                                                   "bin",   "usr",   "local",  "src",  "opt", "include",
                                                   "build", "share", "tmp",    "var"};
  if (name.size() < 2 || std::find(std::begin(kNobodys), std::end(kNobodys), name) != std::end(kNobodys)) return;
  const std::string part = absl::StrCat("/", name);
  if (std::find(names_.begin(), names_.end(), part) == names_.end()) names_.push_back(part);
}

std::string Privacy::Clean(absl::string_view text) {
  std::string clean(text);
  for (const std::string& home : homes_) clean = Replaced(clean, home, kHome, &replaced_);
  for (const std::string& name : names_) clean = Replaced(clean, name, kName, &replaced_);
  return clean;
}

bool Privacy::IsIn(absl::string_view content) const {
  return std::any_of(homes_.begin(), homes_.end(),
                     [&](const std::string& home) { return absl::StrContains(content, home); });
}

}  // namespace cgo_ld_shim::capture

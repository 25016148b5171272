#include "link/ways.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "link/trial.h"
#include "support/file.h"
#include "support/path.h"
#include "support/setting_rows.h"
#include "target/target.h"

namespace cgo_ld_shim::link {
namespace {

using diagnose::WayOut;

// What comes of it, before what the proposal says of it.
std::string OutcomeText(const Prospect& prospect) {
  switch (prospect.kind) {
    case ProspectKind::kFails:
    case ProspectKind::kStatic:
      return "links";
    case ProspectKind::kPartlyDynamic:
      return absl::StrCat("links, dynamic for libc and ", absl::StrJoin(prospect.shared, ", "),
                          "; all else stays static");
    case ProspectKind::kDynamic:
      return absl::StrCat("links, dynamic for libc",
                          prospect.shared.empty() ? "" : absl::StrCat(" and ", absl::StrJoin(prospect.shared, ", ")),
                          ": ", absl::StripPrefix(prospect.because, "CGO_LD_SHIM_STATIC=prefer, and "));
    case ProspectKind::kNotTried:
      return absl::StrCat("not tried: ", prospect.because);
  }
  return "";
}

// Two changes as one; false where both set the same.
bool Combine(const WayOut& a, const WayOut& b, WayOut* both) {
  for (const auto& [name, value] : a.change->settings) {
    for (const auto& [other, unused] : b.change->settings) {
      if (name == other) return false;
    }
  }
  // What is typed in different places is no one line.
  if (a.change->settings.empty() || b.change->settings.empty()) return false;
  *both = {.action = absl::StrCat(a.action, " ", b.action), .meaning = a.meaning, .change = a.change};
  if (!b.meaning.empty()) absl::StrAppend(&both->meaning, both->meaning.empty() ? "" : "; ", b.meaning);
  both->change->settings.insert(both->change->settings.end(), b.change->settings.begin(), b.change->settings.end());
  return true;
}

// Whether this machine's own compiler cannot make the program, so that its C library is no way out.
bool IsForOtherMachine(const Request& request) {
  const target::Target target = target::Infer(request.environment);
  return request.driver.IsZig() && !request.driver.target.empty() && !target.native;
}

bool AsksForGlibc(const WayOut& way) {
  return way.change && way.change->settings == diagnose::LibcWay(target::LibcFamily::kGlibc).change->settings;
}

}  // namespace

WayOut CrossCompilerWay(const Request& request, std::string meaning) {
  const target::Architecture* arch = target::FindArchitecture(target::Infer(request.environment).arch);
  if (arch == nullptr || !IsForOtherMachine(request)) return {"CGO_LD_SHIM_CC=COMPILER", std::move(meaning)};
  const std::string cc = absl::StrCat(arch->multiarch, "-gcc"), cxx = absl::StrCat(arch->multiarch, "-g++");
  diagnose::Change change{.settings = {{"CGO_LD_SHIM_CC", cc}}};
  const char* path = support::FindVariable(request.environment, "PATH");
  const auto is_here = [&](const std::string& name) {
    return support::FindProgram(name, path == nullptr ? support::kDefaultPath : path).has_value();
  };
  if (is_here(cxx)) change.settings.emplace_back("CGO_LD_SHIM_CXX", cxx);
  // What speaks for zig would be in its way.
  for (const auto& [name, plain] : {std::pair("CGO_LD_SHIM_LIBC", "auto"), std::pair("CGO_LD_SHIM_TARGET", "")}) {
    const char* value = support::FindVariable(request.environment, name);
    if (value != nullptr && *value != 0) change.settings.emplace_back(name, plain);
  }
  WayOut way{.action = absl::StrJoin(change.settings, " ", absl::PairFormatter("=")), .meaning = std::move(meaning)};
  if (is_here(cc)) {
    way.change = std::move(change);
  } else {
    way.meaning = absl::StrCat("not tried, as there is no such program here; ", way.meaning);
  }
  return way;
}

std::vector<WayOut> TryWays(const Request& request, std::vector<WayOut> ways, const Tools& tools, Prepared* failed) {
  if (IsForOtherMachine(request)) {
    for (WayOut& way : ways) {
      if (AsksForGlibc(way)) way = CrossCompilerWay(request, "the program is static with that compiler's C library");
    }
  }
  bool any = false;  // setting that is sure to help
  const auto helps = [&](WayOut* way) {
    const Prospect prospect = Foresee(request, *way->change, tools, failed);
    if (prospect.kind == ProspectKind::kFails) return false;
    const bool tried = prospect.kind != ProspectKind::kNotTried;
    any |= tried && !way->change->settings.empty();
    // What somebody else has to do first.
    const bool first = tried && way->change->settings.empty() && way->change->drop.empty() && way->change->add.empty();
    const std::string outcome = absl::StrCat(first ? "then it " : "", OutcomeText(prospect));
    way->meaning = way->meaning.empty() ? outcome : absl::StrCat(outcome, "; ", way->meaning);
    return true;
  };
  std::vector<WayOut> tried, lost;
  size_t first_lost = 0;
  for (WayOut& way : ways) {
    if (!way.change) {
      tried.push_back(std::move(way));
    } else if (WayOut copy = way; helps(&copy)) {
      tried.push_back(std::move(copy));
    } else if (way.step) {
      tried.push_back(std::move(way));
    } else {
      if (lost.empty()) first_lost = tried.size();
      lost.push_back(std::move(way));
    }
  }
  if (any) return tried;
  constexpr size_t kMostTried = 12;
  size_t pairs = 0;
  for (size_t i = 0; i < lost.size(); ++i) {
    for (size_t j = i + 1; j < lost.size() && pairs < kMostTried; ++j) {
      WayOut both;
      if (!Combine(lost[i], lost[j], &both)) continue;
      ++pairs;
      if (!helps(&both)) continue;
      tried.insert(tried.begin() + static_cast<std::ptrdiff_t>(first_lost++), std::move(both));
    }
  }
  return tried;
}

}  // namespace cgo_ld_shim::link

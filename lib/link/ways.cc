#include "link/ways.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "link/trial.h"

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

}  // namespace

std::vector<WayOut> TryWays(const Request& request, std::vector<WayOut> ways, const Tools& tools, Prepared* failed) {
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

#include "supply/copies.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "isolate/members.h"
#include "resolve/candidates.h"

namespace cgo_ld_shim::supply {

bool CanBeCopied(const Situation& link, const std::string& archive) {
  if (link.GoDirectory().empty()) return false;
  const absl::StatusOr<symbols::InputFile>& file = link.cache.Open(archive);
  return file.ok() && file->archive != nullptr &&
         std::any_of(link.plan.inputs.begin(), link.plan.inputs.end(), [&](const plan::PlanInput& input) {
           return input.path == archive && input.argument >= 0 && !input.whole_archive;
         });
}

Supply CopyOf(const Situation& link, rules::RuleId rule, const std::string& archive, const std::string& purpose,
              std::vector<uint32_t> members, std::map<std::string, std::string> renamed, Entry entry) {
  const std::string name =
      absl::StrCat("lib", resolve::LibraryName(archive), ".", purpose, "-", link.supplied.size(), ".a");
  return {.rule = rule,
          .subject = archive,
          .entries = {std::move(entry)},
          .replaces = archive,
          .recipe = [&link, archive, name, members = std::move(members),
                     renamed = std::move(renamed)](const std::string& directory) -> absl::StatusOr<std::string> {
            const absl::StatusOr<symbols::InputFile>& file = link.cache.Open(archive);
            if (!file.ok()) return file.status();
            const std::string copy = absl::StrCat(directory, "/", name);
            if (absl::Status written = isolate::CopyMembers(*file->archive, members, copy, renamed); !written.ok())
              return written;
            return copy;
          },
          // The symbols of an archive say what it offers, and not which of its members are taken.
          .at_once = true};
}

}  // namespace cgo_ld_shim::supply

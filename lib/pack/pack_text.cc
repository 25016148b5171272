// What was made, as the library's author reads it: an archive a line, then what to know, then what consumers write.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "pack/pack.h"
#include "report/text_parts.h"
#include "support/printable.h"

namespace cgo_ld_shim::pack {
namespace {

constexpr size_t kColumn = 14;

std::string Shown(absl::string_view text) { return support::PrintableName(text); }

std::string Sizes(const PackedArchive& archive) {
  std::vector<std::string> parts = {
      absl::StrCat(report::SizeText(archive.before.bytes), " → ", report::SizeText(archive.after.bytes))};
  if (!archive.debug_path.empty())
    parts.push_back(absl::StrCat("with debug information ", report::SizeText(archive.debug_bytes)));
  if (archive.libc == target::LibcFamily::kGlibc && !archive.after.least_glibc.empty())
    parts.push_back(absl::StrCat(target::FamilyName(archive.libc), " ", archive.after.least_glibc, " or newer"));
  parts.push_back(report::Count(archive.kept.size(), "name", "names"));
  return absl::StrJoin(parts, ", ");
}

// The libraries whose names became local, with the most that one archive had of each.
std::vector<std::string> Local(const std::vector<PackedArchive>& archives) {
  std::vector<std::string> order;
  std::map<std::string, size_t> most;
  for (const PackedArchive& archive : archives) {
    for (const MadeLocal& local : archive.made_local) {
      if (!most.contains(local.library)) order.push_back(local.library);
      most[local.library] = std::max(most[local.library], local.names);
    }
  }
  std::stable_partition(order.begin(), order.end(), [](const std::string& library) { return !library.empty(); });
  std::vector<std::string> shown;
  for (const std::string& library : order) {
    shown.push_back(library.empty() ? report::Count(most[library], "other", "others")
                                    : absl::StrCat(library, " (", most[library], ")"));
  }
  return shown;
}

}  // namespace

std::string PackText(const Packed& packed, const report::TextOptions& options) {
  report::Page page(options);
  for (const PackedArchive& archive : packed.archives)
    page.Heading(Shown(absl::StrCat(packed.output, "/", archive.path, ": ", Sizes(archive))));
  std::vector<std::string> libraries;
  for (const PackedArchive& archive : packed.archives) {
    if (std::find(libraries.begin(), libraries.end(), archive.library) == libraries.end())
      libraries.push_back(archive.library);
  }
  for (const std::string& library : libraries) {
    const auto of_it = [&](const PackedArchive& archive) { return archive.library == library; };
    const auto archive = std::find_if(packed.archives.begin(), packed.archives.end(), of_it);
    page.Labelled(2, "global", kColumn,
                  Shown(absl::StrCat(library, ": ", report::ListText(archive->kept, ", ", 4), "; ", packed.chosen_by)));
  }
  if (const std::vector<std::string> local = Local(packed.archives); !local.empty())
    page.Labelled(2, "made local", kColumn, Shown(absl::StrJoin(local, ", ")));
  for (const std::string& note : packed.notes) page.Labelled(2, "note", kColumn, Shown(note));
  for (const std::string& line : packed.cgo_lines) page.Labelled(2, "#cgo", kColumn, Shown(line));
  return page.Take();
}

}  // namespace cgo_ld_shim::pack

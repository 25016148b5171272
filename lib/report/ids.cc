#include "report/ids.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "diagnose/causes.h"
#include "report/text_parts.h"
#include "rescue/rescues.h"
#include "rules/table.h"
#include "support/setting_rows.h"

namespace cgo_ld_shim::report {
namespace {

constexpr size_t kColumn = 16;

class Writer {
 public:
  explicit Writer(const TextOptions& options) : page_(options) {}

  void Title(absl::string_view id, absl::string_view what) { page_.Title(absl::StrCat(id, ": ", what)); }
  void Row(absl::string_view label, absl::string_view text) {
    if (!text.empty()) page_.Labelled(2, label, kColumn, text);
  }
  std::string Take() { return page_.Take(); }

 private:
  Page page_;
};

std::string SettingName(absl::string_view name) { return absl::StrCat(support::kSettingPrefix, name); }

void Describe(const rules::RuleRow& row, Writer* writer) {
  writer->Title(Name(row.id), "a rule by which links are changed");
  writer->Row("when", row.when);
  writer->Row("what", row.what);
  writer->Row("why", row.why);
  if (rules::Says(row.at_run_time)) writer->Row("at run time", row.at_run_time);
  if (rules::Says(row.setting)) writer->Row("setting", SettingName(row.setting));
}

void Describe(const diagnose::CauseRow& row, Writer* writer) {
  writer->Title(Name(row.id), "a cause of failed links");
  writer->Row("it means", row.means);
  writer->Row("shown as", absl::StrCat("1 ", row.one, ", 2 ", row.many));
}

void Describe(const rescue::Row& row, Writer* writer) {
  writer->Title(row.id, "a reason to run a compile for another target again");
  writer->Row("why", row.why);
  writer->Row("since", row.since);
  writer->Row("setting", SettingName("RESCUE"));
}

void Describe(const support::SettingRow& row, Writer* writer) {
  writer->Title(SettingName(row.name), "a setting, which is an environment variable");
  writer->Row("what", row.what);
  if (row.values != nullptr) writer->Row("values", row.values);
  writer->Row("unset", row.initial);
}

}  // namespace

std::vector<std::string> Ids() {
  std::vector<std::string> ids;
  for (const rules::RuleRow& row : rules::Table()) ids.emplace_back(Name(row.id));
  for (const diagnose::CauseRow& row : diagnose::Causes()) ids.emplace_back(Name(row.id));
  for (const rescue::Row& row : rescue::Rows()) ids.emplace_back(row.id);
  for (size_t i = 0; i < support::kSettingRowCount; ++i) ids.push_back(SettingName(support::kSettingRows[i].name));
  return ids;
}

std::string IdText(absl::string_view id, const TextOptions& options) {
  Writer writer(options);
  // A rule and a cause may share a name; then both are told.
  if (const rules::RuleRow* row = rules::FindRow(rules::RuleRef::FromText(id))) Describe(*row, &writer);
  if (const auto cause = diagnose::FindId(diagnose::CauseId{}, id)) Describe(diagnose::RowOf(*cause), &writer);
  if (const rescue::Row* row = rescue::FindRow(id)) Describe(*row, &writer);
  if (absl::StartsWith(id, support::kSettingPrefix)) {
    if (const support::SettingRow* row = support::FindSettingRow({id.data(), id.size()})) Describe(*row, &writer);
  }
  return writer.Take();
}

}  // namespace cgo_ld_shim::report

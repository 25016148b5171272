// A failed link in a GitHub Actions job, as a workflow command: the runner takes a line that begins with "::error" out
// of the log, and shows its text at the top of the job and beside the pull request.
//
// Go prints what its C compiler says as it is, without anything before a line, so a command of ours arrives as one.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "report/text.h"
#include "support/settings.h"

namespace cgo_ld_shim::report {
namespace {

// The page that shows it breaks lines itself.
constexpr int kUnwrapped = 400;

std::string EscapeMessage(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"%", "%25"}, {"\r", "%0D"}, {"\n", "%0A"}});
}
// A property ends at a colon or a comma as well.
std::string EscapeProperty(absl::string_view text) {
  return absl::StrReplaceAll(EscapeMessage(text), {{":", "%3A"}, {",", "%2C"}});
}

}  // namespace

std::string AnnotationText(const LinkRecord& record) {
  if (record.outcome != "failed") return "";
  const std::string text = FailureText(record, {.width = kUnwrapped});
  absl::string_view body = text;
  const size_t end = std::min(body.find('\n'), body.size());
  absl::string_view title = body.substr(0, end);
  absl::ConsumePrefix(&title, "cgo-ld-shim: ");
  body.remove_prefix(std::min(end + 1, body.size()));
  absl::ConsumePrefix(&body, "\n");
  // The last line names a command that only works where the job ran.
  body = body.substr(0, body.rfind("\n  details: "));
  body = absl::StripTrailingAsciiWhitespace(body);
  return absl::StrCat("::error title=", EscapeProperty(title), "::", EscapeMessage(body.empty() ? title : body), "\n");
}

std::string AnnotationsFor(const LinkRecord& record, const char* const* envp) {
  const char* actions = support::FindVariable(envp, "GITHUB_ACTIONS");
  return actions != nullptr && absl::string_view(actions) == "true" ? AnnotationText(record) : "";
}

}  // namespace cgo_ld_shim::report

// Records as people read them: `explain`, the one-line log of CGO_LD_SHIM_VERBOSE=1, and the summary of a failed link,
// which comes last on the screen. Plain text without colour unless asked for; at most `width` columns where words can
// be broken.
#ifndef CGO_LD_SHIM_REPORT_TEXT_H_
#define CGO_LD_SHIM_REPORT_TEXT_H_

#include <string>

#include "report/record.h"

namespace cgo_ld_shim::report {

struct TextOptions {
  bool colour = false;
  int width = 100;   // columns
  std::string name;  // what to call the program, and how to name it to `explain`: "./kv"; empty: what the record says
};

// What was changed in the link and why: the transcript `explain ./kv` of the README.
std::string ExplainText(const LinkRecord& record, const TextOptions& options = {});
// What CGO_LD_SHIM_VERBOSE=1 prints after a link: a line an edit.
std::string VerboseText(const LinkRecord& record);
// Where nobody says how wide the screen is.
inline TextOptions NarrowScreen() { return {.colour = false, .width = 80, .name = {}}; }
// Why a link failed: symbols grouped by the object that wants them and by cause, and what to do. Ends with the way to
// the details. At most 23 lines, for which it is shortened: with the line that names the file with the linker's own
// words they fill the smallest terminal.
std::string FailureText(const LinkRecord& record, const TextOptions& options = NarrowScreen());
// A failed link as one workflow command of GitHub Actions ("::error title=…::…" and a line end); empty for any other
// link.
std::string AnnotationText(const LinkRecord& record);
// The same where GITHUB_ACTIONS is true in the environment; empty elsewhere.
std::string AnnotationsFor(const LinkRecord& record, const char* const* envp);
// A complete go build line for plain gcc or clang that gives the same link; or the reason why flags cannot say it.
std::string FlagsText(const LinkRecord& record);
// Whether that is a line to type, and not the reason why there is none.
bool HasFlagsLine(const LinkRecord& record);
// The graph of what needs what, as DOT.
std::string GraphText(const LinkRecord& record);
// The same drawn, by files instead of objects: SVG that needs nothing else, for light and dark screens.
std::string GraphSvg(const LinkRecord& record);
// Everything about a link on one HTML page that loads nothing: what was changed, why each library is in the program and
// how much it brings, what to know at run time; of a failed link, why it failed. The same record gives the same bytes.
std::string HtmlText(const LinkRecord& record, const TextOptions& options = {});

// docs/reference.md: all rules, causes and settings, as their tables have them.
std::string ReferenceText();

}  // namespace cgo_ld_shim::report

#endif  // CGO_LD_SHIM_REPORT_TEXT_H_

// What the texts about a record have in common: names, sizes, paths and wrapped paragraphs as people read them. For
// this folder, and for commands that print tables.
//
// Example:
//   Page page(options);
//   page.Title("left out");
//   page.Labelled(2, "-lresolv", 18, "nothing needs it");
//
// Names of symbols and files come from object files that others made: everything that is shown goes through Printable
// first, so that no control character of theirs reaches a terminal.
#ifndef CGO_LD_SHIM_REPORT_TEXT_PARTS_H_
#define CGO_LD_SHIM_REPORT_TEXT_PARTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "report/record.h"
#include "report/text.h"

namespace cgo_ld_shim::report {

// The record with what a terminal would act on shown as \xNN (support/printable.h), and tidy paths; line ends stay in
// `notes`.
LinkRecord Printable(LinkRecord record);

// A text with the paths in it as short as they can be said: "/pkg/mod/x@v1/../../lib" is "/pkg/lib". By its words
// alone, as a record of another machine has to be read; a directory with blanks before "/.." stays.
std::string TidyPaths(absl::string_view text);

// "a, b and 697 more": at most `most` of them. `explain --json` has all.
std::string ListText(const std::vector<std::string>& names, absl::string_view separator = ", ", size_t most = 12);

std::string SizeText(uint64_t bytes);  // "41.2 MB": decimal, as file managers say it
std::string SecondsText(double ms);    // "0.31 s"

// "librocksdb.a(db_impl.o)" for "/usr/lib/librocksdb.a(db_impl.o)".
std::string UnitName(absl::string_view unit);
// The file of a unit: "/usr/lib/librocksdb.a".
std::string UnitFile(absl::string_view unit);
// A directory as short as it can be said: relative to the link's own directory, or its end after "…/".
std::string ShortDirectory(const std::string& directory, const LinkRecord& record);

// A demangled name, cut in its middle when it is longer than a line is wide.
std::string SymbolText(const std::string& symbol, size_t columns);

// A demangled function without its parameters: "snappy::RawCompress". Anything else as it is.
std::string WithoutParameters(const std::string& demangled);

// What to call the linked program: options.name's base name, the output's, the Go package's last word, or "this
// program".
std::string ProgramName(const LinkRecord& record, const TextOptions& options);
// "gcc" or "clang": what a person would type for the underlying driver.
std::string DriverName(const LinkRecord& record);

bool IsStaticMode(const LinkRecord& record);
std::string ModeText(const LinkRecord& record);  // "static executable"
// "librocksdb.a(compression.o) needs ZSTD_compress (and 2 more)"; without evidence the rule's own words.
std::string ReasonText(const rules::Edit& edit);
// What the rules that were used mean to the running program, one sentence each.
std::vector<std::string> RunTimeTexts(const LinkRecord& record);
double LinkMilliseconds(const LinkRecord& record);     // all phases but that one:
double PrepareMilliseconds(const LinkRecord& record);  // in which zig compiled its libraries

// "1 symbol", "3 symbols".
std::string Count(size_t number, absl::string_view one, absl::string_view many);

// How many columns a text takes on a terminal.
size_t Columns(absl::string_view text);

// Text being laid out: wrapped at the width, with coloured titles where that is wanted.
class Page {
 public:
  explicit Page(const TextOptions& options);

  // A line as it is.
  void Line(absl::string_view text);
  void Blank();
  // A heading: bold where colour is wanted.
  void Title(absl::string_view text);
  // The same of several lines where it is longer than the page is wide.
  void Heading(absl::string_view text);
  // The same, indented.
  void Subject(size_t indent, absl::string_view text);
  // Words of `text` after `indent` columns, wrapped to the same indent.
  void Paragraph(size_t indent, absl::string_view text);
  // A label at `indent`, and the text in a column of its own at `column`, wrapped there. A label that reaches into the
  // column stands on a line of its own.
  void Labelled(size_t indent, absl::string_view label, size_t column, absl::string_view text);

  size_t width() const { return width_; }
  std::string Take();

 private:
  void Append(absl::string_view text);
  std::string Bold(absl::string_view text) const;

  bool colour_;
  size_t width_;
  std::string text_;
};

// The body of FailureText as `explain` shows it: all of it, without the way to the details. `prefix` stands before each
// heading: "cgo-ld-shim: ".
void AddFailure(const LinkRecord& printable, const TextOptions& options, absl::string_view prefix, Page* page);

}  // namespace cgo_ld_shim::report

#endif  // CGO_LD_SHIM_REPORT_TEXT_PARTS_H_

// The texts that a case holds: made the same on every machine, laid out so that a difference reads well, and compared.
//
// Example:
//   Expect("testdata/links/hello/screen", SteadyText(run.screen));
//
// With UPDATE_GOLDEN=1 in the environment Expect writes the file instead, says what has changed, and never fails.
#ifndef CGO_LD_SHIM_TESTS_GOLDEN_TEXTS_H_
#define CGO_LD_SHIM_TESTS_GOLDEN_TEXTS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::golden {

// Without what differs from one build, machine or run to the next: versions of this program and of lld, times, sizes of
// programs, names of temporary files. Of what lld says of an error, only the first line, which LLVM 19 to 22 have in
// common; its errors are sorted, for its threads find them in any order.
std::string SteadyText(std::string text);

// A record (docs/record.md) with a field a line, in its own order, without what is empty, and without what stands in
// `line` and `call` or differs from run to run: argv, driver_argv, linker_argv, program_uses, versions, times, sizes of
// files.
std::string LayOutRecord(absl::string_view json);

// A command line with an argument a line; an option and its value stand together.
std::string LayOutWords(const std::vector<std::string>& words);

// The texts of a record's field, such as argv; none: it has no such field.
std::vector<std::string> RecordTexts(absl::string_view json, absl::string_view field);

// Lines that differ, with - and + before them, among three that do not; empty: none.
std::string Difference(absl::string_view expected, absl::string_view actual);

bool Updating();
// A failed expectation of the running test when the file does not hold this text.
void Expect(const std::string& path, const std::string& actual);
std::string ReadText(const std::string& path);  // empty: there is no such file

}  // namespace cgo_ld_shim::golden

#endif  // CGO_LD_SHIM_TESTS_GOLDEN_TEXTS_H_

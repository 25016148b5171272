#include "rescue/complaints.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace cgo_ld_shim::rescue {
namespace {

// cmd/cgo/gcc.go, guessKinds: the names that it gives to the lines of its question.
constexpr absl::string_view kLastLine = "completed";
constexpr absl::string_view kQuestions[] = {kLastLine,       "not-declared",  "not-type",
                                            "not-int-const", "not-num-const", "not-str-lit"};

std::vector<std::string> Quoted(absl::string_view message) {
  std::vector<std::string> names;
  while (true) {
    const size_t begin = message.find('\'');
    const size_t end = begin == absl::string_view::npos ? begin : message.find('\'', begin + 1);
    if (end == absl::string_view::npos) return names;
    absl::string_view name = message.substr(begin + 1, end - begin - 1);
    absl::ConsumePrefix(&name, "struct ");
    names.emplace_back(name);
    message.remove_prefix(end + 1);
  }
}

// "sqlite3.h" of "'sqlite3.h' file not found" (clang) and "sqlite3.h: No such file or directory" (gcc).
std::string MissingHeader(absl::string_view message) {
  constexpr absl::string_view kClang = "' file not found", kGcc = ": No such file or directory";
  if (message.size() > 1 && message[0] == '\'') {
    const size_t end = message.find(kClang, 1);
    return end == absl::string_view::npos ? "" : std::string(message.substr(1, end - 1));
  }
  return absl::ConsumeSuffix(&message, kGcc) ? std::string(message) : "";
}

}  // namespace

Complaints ReadComplaints(absl::string_view output) {
  Complaints complaints;
  for (absl::string_view line : absl::StrSplit(output, '\n')) {
    constexpr absl::string_view kError = "error: ";
    const size_t error = line.find(kError);
    // "file:line:column: error: ", "… fatal error: "; without a place it is the driver's.
    if (error == absl::string_view::npos || error == 0) continue;
    const absl::string_view file = line.substr(0, line.find(':'));
    const absl::string_view message = absl::StripTrailingAsciiWhitespace(line.substr(error + kError.size()));
    if (file == kLastLine) complaints.answered_cgo = true;
    if (std::find(std::begin(kQuestions), std::end(kQuestions), file) != std::end(kQuestions)) continue;
    Error found{.header = MissingHeader(message)};
    if (found.header.empty()) found.names = Quoted(message);
    complaints.errors.push_back(std::move(found));
  }
  return complaints;
}

}  // namespace cgo_ld_shim::rescue

#include "capture/linker_options.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace cgo_ld_shim::capture {
namespace {

// What a stranger's capture may have is what a link of objects and archives needs; each was looked up in the manuals of
// GNU ld, gold, lld, mold and wild, and reads and writes nothing but the inputs in every one that has it. kAny only for
// what GNU ld and gold know as a whole word: what they do not know they take apart, letter by letter.
constexpr OptionRow kRows[] = {
    {"Bdynamic", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"Bno-symbolic", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"Bstatic", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"Bsymbolic", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"Bsymbolic-functions", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"allow-multiple-definition", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"allow-shlib-undefined", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"as-needed", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"check-sections", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"copy-dt-needed-entries", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"cref", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"demangle", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"discard-all", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"discard-locals", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"discard-none", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"eh-frame-hdr", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"emit-relocs", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"end-group", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"error-unresolved-symbols", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"export-dynamic", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"fatal-warnings", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"fix-cortex-a53-835769", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"fix-cortex-a53-843419", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"fix-cortex-a8", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"fortran-common", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"gc-sections", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"ld-generated-unwind-info", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"nmagic", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"no-allow-shlib-undefined", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"no-as-needed", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"no-check-sections", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"no-copy-dt-needed-entries", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"no-demangle", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"no-dynamic-linker", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"no-eh-frame-hdr", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"no-export-dynamic", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"no-fatal-warnings", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"no-gc-sections", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"no-ld-generated-unwind-info", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"no-pie", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"no-print-gc-sections", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"no-relax", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"no-undefined", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"no-undefined-version", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"no-warn-mismatch", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"no-whole-archive", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"noinhibit-exec", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"nostdlib", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"pie", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"print-gc-sections", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"pop-state", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"print-map", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"push-state", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"relax", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"start-group", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"static", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"stats", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"strip-all", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"strip-debug", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"trace", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"undefined-version", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"warn-common", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"warn-unresolved-symbols", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"whole-archive", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"pic-executable", Dashes::kAny, Form::kFlag, Value::kText, true},
    {"apply-dynamic-relocs", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"end-lib", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"no-apply-dynamic-relocs", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"no-color-diagnostics", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"no-dependent-libraries", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"no-merge-exidx-entries", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"no-mmap-output-file", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"no-rosegment", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"no-warn-execstack", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"no-warn-rwx-segments", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"mmap-output-file", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"omagic", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"no-omagic", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"rosegment", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"start-lib", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"warn-execstack", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"no-fork", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"no-threads", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"use-android-relr-tags", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"no-warn-symbol-ordering", Dashes::kTwo, Form::kFlag, Value::kText, true},
    {"(", Dashes::kOne, Form::kFlag, Value::kText, true},
    {")", Dashes::kOne, Form::kFlag, Value::kText, true},
    {"E", Dashes::kOne, Form::kFlag, Value::kText, true},
    {"EB", Dashes::kOne, Form::kFlag, Value::kText, true},
    {"EL", Dashes::kOne, Form::kFlag, Value::kText, true},
    {"M", Dashes::kOne, Form::kFlag, Value::kText, true},
    {"N", Dashes::kOne, Form::kFlag, Value::kText, true},
    {"S", Dashes::kOne, Form::kFlag, Value::kText, true},
    {"X", Dashes::kOne, Form::kFlag, Value::kText, true},
    {"maarch64linux", Dashes::kOne, Form::kFlag, Value::kText, true},
    {"maarch64linuxb", Dashes::kOne, Form::kFlag, Value::kText, true},
    {"melf32lriscv", Dashes::kOne, Form::kFlag, Value::kText, true},
    {"melf64lriscv", Dashes::kOne, Form::kFlag, Value::kText, true},
    {"n", Dashes::kOne, Form::kFlag, Value::kText, true},
    {"q", Dashes::kOne, Form::kFlag, Value::kText, true},
    {"s", Dashes::kOne, Form::kFlag, Value::kText, true},
    {"t", Dashes::kOne, Form::kFlag, Value::kText, true},
    {"x", Dashes::kOne, Form::kFlag, Value::kText, true},
    {"defsym", Dashes::kAny, Form::kSeparate, Value::kText, true},
    {"dynamic-linker", Dashes::kAny, Form::kSeparate, Value::kText, true},
    {"entry", Dashes::kAny, Form::kSeparate, Value::kText, true},
    {"exclude-libs", Dashes::kAny, Form::kSeparate, Value::kText, true},
    {"export-dynamic-symbol", Dashes::kAny, Form::kSeparate, Value::kText, true},
    {"fini", Dashes::kAny, Form::kSeparate, Value::kText, true},
    {"init", Dashes::kAny, Form::kSeparate, Value::kText, true},
    {"require-defined", Dashes::kTwo, Form::kSeparate, Value::kText, true},
    {"section-start", Dashes::kAny, Form::kSeparate, Value::kText, true},
    {"soname", Dashes::kAny, Form::kSeparate, Value::kText, true},
    {"trace-symbol", Dashes::kAny, Form::kSeparate, Value::kText, true},
    {"undefined", Dashes::kAny, Form::kSeparate, Value::kText, true},
    {"wrap", Dashes::kAny, Form::kSeparate, Value::kText, true},
    {"I", Dashes::kOne, Form::kSeparate, Value::kText, true},
    {"e", Dashes::kOne, Form::kSeparate, Value::kText, true},
    {"h", Dashes::kOne, Form::kSeparate, Value::kText, true},
    {"m", Dashes::kOne, Form::kSeparate, Value::kText, true},
    {"u", Dashes::kOne, Form::kSeparate, Value::kText, true},
    {"y", Dashes::kOne, Form::kSeparate, Value::kText, true},
    {"z", Dashes::kOne, Form::kSeparate, Value::kText, true},
    {"compress-debug-sections", Dashes::kAny, Form::kEquals, Value::kText, true},
    {"hash-style", Dashes::kAny, Form::kEquals, Value::kText, true},
    {"sort-section", Dashes::kAny, Form::kEquals, Value::kText, true},
    {"unresolved-symbols", Dashes::kAny, Form::kEquals, Value::kText, true},
    {"color-diagnostics", Dashes::kTwo, Form::kOptional, Value::kText, true},
    {"error-limit", Dashes::kTwo, Form::kEquals, Value::kText, true},
    {"icf", Dashes::kTwo, Form::kEquals, Value::kText, true},
    {"image-base", Dashes::kTwo, Form::kEquals, Value::kText, true},
    {"orphan-handling", Dashes::kTwo, Form::kEquals, Value::kText, true},
    {"pack-dyn-relocs", Dashes::kTwo, Form::kEquals, Value::kText, true},
    {"package-metadata", Dashes::kTwo, Form::kEquals, Value::kText, true},
    {"thread-count", Dashes::kTwo, Form::kEquals, Value::kText, true},
    {"threads", Dashes::kTwo, Form::kOptional, Value::kText, true},
    {"undefined-glob", Dashes::kTwo, Form::kEquals, Value::kText, true},
    {"build-id", Dashes::kAny, Form::kOptional, Value::kText, true},
    {"Tbss", Dashes::kOne, Form::kEquals, Value::kText, true},
    {"Tdata", Dashes::kOne, Form::kEquals, Value::kText, true},
    {"Ttext", Dashes::kOne, Form::kEquals, Value::kText, true},
    {"Ttext-segment", Dashes::kOne, Form::kEquals, Value::kText, true},
    {"T", Dashes::kOne, Form::kSeparate, Value::kLayout, true},
    {"dT", Dashes::kOne, Form::kSeparate, Value::kLayout, true},
    {"script", Dashes::kAny, Form::kSeparate, Value::kLayout, true},
    {"default-script", Dashes::kTwo, Form::kSeparate, Value::kLayout, true},
    {"section-ordering-file", Dashes::kTwo, Form::kSeparate, Value::kLayout, true},
    {"version-script", Dashes::kAny, Form::kSeparate, Value::kScript, true},
    {"dynamic-list", Dashes::kAny, Form::kSeparate, Value::kScript, true},
    {"export-dynamic-symbol-list", Dashes::kTwo, Form::kSeparate, Value::kScript, true},
    {"retain-symbols-file", Dashes::kAny, Form::kSeparate, Value::kList, true},
    {"symbol-ordering-file", Dashes::kTwo, Form::kSeparate, Value::kList, true},
    {"call-graph-ordering-file", Dashes::kTwo, Form::kSeparate, Value::kList, true},
    {"just-symbols", Dashes::kAny, Form::kSeparate, Value::kObject, true},
    {"Map", Dashes::kAny, Form::kSeparate, Value::kOutput, false},
    {"dependency-file", Dashes::kAny, Form::kSeparate, Value::kOutput, false},
    {"reproduce", Dashes::kAny, Form::kSeparate, Value::kOutput, false},
    {"print-archive-stats", Dashes::kAny, Form::kEquals, Value::kOutput, false},
    {"print-symbol-order", Dashes::kAny, Form::kEquals, Value::kOutput, false},
    {"time-trace", Dashes::kAny, Form::kOptional, Value::kOutput, false},
    {"why-extract", Dashes::kAny, Form::kEquals, Value::kOutput, false},
    {"out-implib", Dashes::kAny, Form::kSeparate, Value::kOutput, false},
    {"opt-remarks-filename", Dashes::kAny, Form::kSeparate, Value::kOutput, false},
    {"error-handling-script", Dashes::kAny, Form::kEquals, Value::kOther, false},
    {"plugin", Dashes::kAny, Form::kSeparate, Value::kOther, false},
    {"plugin-opt", Dashes::kAny, Form::kSeparate, Value::kOther, false},
    {"load-pass-plugin", Dashes::kAny, Form::kEquals, Value::kOther, false},
    {"mllvm", Dashes::kAny, Form::kSeparate, Value::kOther, false},
    {"L", Dashes::kOne, Form::kSeparate, Value::kOther, false},
    {"library-path", Dashes::kAny, Form::kSeparate, Value::kOther, false},
    {"l", Dashes::kOne, Form::kSeparate, Value::kOther, false},
    {"library", Dashes::kAny, Form::kSeparate, Value::kOther, false},
    {"rpath", Dashes::kAny, Form::kSeparate, Value::kOther, false},
    {"rpath-link", Dashes::kAny, Form::kSeparate, Value::kOther, false},
    {"R", Dashes::kOne, Form::kSeparate, Value::kOther, false},
    {"sysroot", Dashes::kAny, Form::kSeparate, Value::kOther, false},
    {"chroot", Dashes::kAny, Form::kSeparate, Value::kOther, false},
    {"remap-inputs", Dashes::kAny, Form::kEquals, Value::kOther, false},
    {"remap-inputs-file", Dashes::kAny, Form::kSeparate, Value::kOther, false},
    {"mri-script", Dashes::kAny, Form::kSeparate, Value::kOther, false},
    {"c", Dashes::kOne, Form::kSeparate, Value::kOther, false},
    {"o", Dashes::kOne, Form::kSeparate, Value::kOutput, false},
    {"output", Dashes::kTwo, Form::kSeparate, Value::kOutput, false},
    {"A", Dashes::kOne, Form::kSeparate, Value::kOther, false},
    {"F", Dashes::kOne, Form::kSeparate, Value::kOther, false},
    {"filter", Dashes::kAny, Form::kSeparate, Value::kOther, false},
    {"f", Dashes::kOne, Form::kSeparate, Value::kOther, false},
    {"auxiliary", Dashes::kAny, Form::kSeparate, Value::kOther, false},
    {"Y", Dashes::kOne, Form::kSeparate, Value::kOther, false},
    {"b", Dashes::kOne, Form::kSeparate, Value::kOther, false},
    {"format", Dashes::kAny, Form::kSeparate, Value::kOther, false},
    {"dwo-dir", Dashes::kAny, Form::kSeparate, Value::kOther, false},
};

const OptionRow* Find(absl::string_view name, size_t dashes, bool has_value, bool exact) {
  for (const OptionRow& row : kRows) {
    if (name != row.name) continue;
    // A word with one dash that begins with o is -oFILE to every linker.
    const bool known = exact ? (dashes == 1 ? row.dashes != Dashes::kTwo : row.dashes != Dashes::kOne)
                             : dashes == 2 || row.dashes == Dashes::kOne || row.name[0] != 'o';
    const bool one_letter = row.name[1] == '\0';
    if (!known || (one_letter && has_value)) continue;
    if (has_value && row.form == Form::kFlag) continue;
    if (exact && !has_value && row.form == Form::kEquals) continue;
    return &row;
  }
  return nullptr;
}

bool AllOf(absl::string_view text, absl::string_view extra, bool letters) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (letters && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) ||
           absl::StrContains(extra, absl::string_view(&c, 1));
  });
}

}  // namespace

Option ReadOption(const std::vector<std::string>& words, size_t at, bool exact) {
  const absl::string_view word = words[at];
  Option option;
  option.name = std::string(word.substr(0, word.find('=')));
  absl::string_view rest = word;
  const size_t dashes = absl::ConsumePrefix(&rest, "--") ? 2 : absl::ConsumePrefix(&rest, "-") ? 1 : 0;
  // The two that linkers and compilers' drivers write in one word, and with which no other option begins.
  static constexpr OptionRow kZ = {"z", Dashes::kOne, Form::kSeparate, Value::kText, true};
  static constexpr OptionRow kO = {"O", Dashes::kOne, Form::kEquals, Value::kText, true};
  if (dashes == 1 && rest.size() > 1 && rest[0] == 'z' && AllOf(rest.substr(1), "=-_", true)) {
    option.row = &kZ;
    option.name = "-z";
    option.value = std::string(rest.substr(1));
    return option;
  }
  if (dashes == 1 && rest.size() > 1 && rest[0] == 'O' && AllOf(rest.substr(1), "", false)) {
    option.row = &kO;
    option.name = "-O";
    option.value = std::string(rest.substr(1));
    return option;
  }
  const size_t equals = rest.find('=');
  const bool has_value = equals != absl::string_view::npos;
  option.row = Find(rest.substr(0, equals), dashes, has_value, exact);
  if (option.row == nullptr) return option;
  if (has_value) {
    option.value = std::string(rest.substr(equals + 1));
  } else if (option.row->form == Form::kSeparate) {
    option.separate = true;
    if (at + 1 < words.size()) {
      option.value = words[at + 1];
      option.words = 2;
    }
  }
  return option;
}

}  // namespace cgo_ld_shim::capture

// Splits a variable's text into words as Go splits CC and CXX (cmd/internal/quoted.Split): words stand between spaces,
// and a word that begins with ' or " goes on to the same quote. There are no escapes, and a quote inside a word is a
// character.
//
// Example:
//   std::string_view rest = "ccache '/opt/my gcc/bin/gcc'", word;
//   while (NextWord(&rest, &word) == WordResult::kWord) use(word);   // ccache, then /opt/my gcc/bin/gcc
//
// `word` points into the text. Allocates nothing: the front uses it before any static constructor has run.
#ifndef CGO_LD_SHIM_SUPPORT_WORDS_H_
#define CGO_LD_SHIM_SUPPORT_WORDS_H_

#include <string_view>

namespace cgo_ld_shim::support {

enum class WordResult {
  kWord,          // `*word` is set, and `*rest` is what follows it
  kEnd,           // only spaces were left
  kUnterminated,  // a quote that nothing closes
};

constexpr WordResult NextWord(std::string_view* rest, std::string_view* word) {
  constexpr std::string_view kSpaces = " \t\n\r";
  const size_t begin = rest->find_first_not_of(kSpaces);
  if (begin == std::string_view::npos) return WordResult::kEnd;
  rest->remove_prefix(begin);
  const char first = rest->front();
  if (first == '\'' || first == '"') {
    const size_t end = rest->find(first, 1);
    if (end == std::string_view::npos) return WordResult::kUnterminated;
    *word = rest->substr(1, end - 1);
    rest->remove_prefix(end + 1);
    return WordResult::kWord;
  }
  *word = rest->substr(0, rest->find_first_of(kSpaces));
  rest->remove_prefix(word->size());
  return WordResult::kWord;
}

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_WORDS_H_

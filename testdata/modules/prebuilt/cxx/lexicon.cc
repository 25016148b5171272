// A C++ library behind a C interface: containers, streams, an exception that stops at the border.
#include <cstring>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

extern "C" {
#include "lexicon.h"
}

namespace {
std::string Count(const std::string& text) {
  std::map<std::string, int> words;
  std::istringstream in(text);
  for (std::string word; in >> word;) ++words[word];
  if (words.empty()) throw std::invalid_argument("no words");
  std::ostringstream out;
  for (const auto& [word, n] : words) out << (out.tellp() > 0 ? " " : "") << word << '=' << n;
  return out.str();
}
}  // namespace

char* lexicon_count(const char* text) {
  try {
    return strdup(Count(text).c_str());
  } catch (const std::exception& error) {
    return strdup(error.what());
  }
}

set -e
cat >"$OUT/cx.cc" <<'CC'
#include <iostream>
#include <map>
#include <string>
extern "C" int cx(void) {
  std::map<std::string, int> words;
  words[std::string(40, 'x')] = 1;
  std::cout << words.begin()->first << std::endl;
  return static_cast<int>(words.size());
}
CC
g++ -O1 -c -o "$OUT/cx.o" "$OUT/cx.cc"
ar rcs "$OUT/out/libcx.a" "$OUT/cx.o"

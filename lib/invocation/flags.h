// The flags of gcc's and clang's drivers: how each is written and what it means to a link. One table, one row a flag;
// both the front's quick look at a call and the full typing of a link's arguments read it, so they cannot disagree
// about which word is a flag's value and which is an input.
//
// Example:
//   const FlagRow& row = FindFlag("-L/opt/lib");   // {"-L", kJoinedOrSeparate, kLibraryDir, ...}
//   size_t values = SeparateWords(row, "-L");      // 1: the directory is the next word
//
// Plain constant data and two look-ups; nothing allocates or needs a constructor.
//
// Sources: gcc/common.opt, gcc/gcc.cc (link_command_spec) of GCC 12; clang/include/clang/Driver/Options.td of LLVM 22;
// what `-###` of both makes of each flag.
#ifndef CGO_LD_SHIM_INVOCATION_FLAGS_H_
#define CGO_LD_SHIM_INVOCATION_FLAGS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "invocation/kinds.h"

namespace cgo_ld_shim::invocation {

// How a flag takes its value.
enum class Form : uint8_t {
  kExact,              // -static
  kJoined,             // -O2: the value, which may be empty, is in the same word
  kSeparate,           // -arch arm64: the value is the next word
  kJoinedOrSeparate,   // -lm, -l m
  kJoinedAndSeparate,  // -Xarch_arm64 -O2: part of it is in the same word, the value is the next one
  kThreeSeparate,      // -sectcreate A B FILE
  kCommas,             // -Wl,a,b: one value between each two commas
};

// What a flag says about the whole call.
enum class CallEffect : uint8_t {
  kNone,
  kCompiles,  // -c
  kStops,     // -E, -S, -fsyntax-only, -M: there is no link
  kAsks,      // --version, -print-…: a question, if the call has no input
  kGoHint,    // an option that cmd/link writes in a link, and others seldom
};

struct FlagRow {
  std::string_view flag;
  Form form;
  ArgType type;
  CallEffect effect;
};

// The row that fits `word`, a word that begins with '-' and is longer than that: the longest flag that matches. A word
// that no row fits gets a row of type kDriver: a flag that we have never heard of may change the link.
const FlagRow& FindFlag(std::string_view word);

// How many of the words after `word` are its values.
size_t SeparateWords(const FlagRow& row, std::string_view word);

}  // namespace cgo_ld_shim::invocation

#endif  // CGO_LD_SHIM_INVOCATION_FLAGS_H_

#include "objects/compile.h"
#include "objects/objects.h"

namespace cgo_ld_shim::objects {
namespace {

// Processors before ARMv6 have no instruction for it: the kernel has a function at a fixed address that does it for
// every processor (Documentation/arch/arm/kernel_user_helpers.rst). What is smaller than a word is done in its word;
// Go's ARM is little-endian. Values come as whole words, of which LLVM leaves the upper part undefined. Weak, in case
// that a library has some of them.
constexpr char kSource[] = R"c(
typedef int exchange_t(unsigned from, unsigned to, volatile unsigned *at);
#define EXCHANGE(from, to, at) (((exchange_t *)0xffff0fc0)(from, to, at) == 0)
#define PLACE(size)                                                                     \
  volatile unsigned *word = (volatile unsigned *)((unsigned long)at & ~3ul);            \
  const unsigned shift = ((unsigned long)at & 3) * 8;                                   \
  const unsigned mask = (unsigned)((1ull << 8 * size) - 1) << shift;

#define OPERATION(name, type, size, result)                                             \
  extern type name##_##size(volatile type *at, unsigned word_value)                     \
      __asm__("__sync_" #name "_" #size) __attribute__((weak));                         \
  type name##_##size(volatile type *at, unsigned word_value) {                          \
    const type value = (type)word_value;                                                \
    PLACE(size)                                                                         \
    for (;;) {                                                                          \
      const unsigned before = *word;                                                    \
      const type old = (type)(before >> shift);                                         \
      const unsigned changed = (unsigned)(type)(result) << shift & mask;                \
      if (EXCHANGE(before, (before & ~mask) | changed, word)) return old;               \
    }                                                                                   \
  }

#define COMPARE(type, size)                                                             \
  extern type compare_##size(volatile type *at, unsigned expected, unsigned value)      \
      __asm__("__sync_val_compare_and_swap_" #size) __attribute__((weak));              \
  type compare_##size(volatile type *at, unsigned expected, unsigned value) {           \
    PLACE(size)                                                                         \
    for (;;) {                                                                          \
      const unsigned before = *word;                                                    \
      const type old = (type)(before >> shift);                                         \
      if (old != (type)expected) return old;                                            \
      if (EXCHANGE(before, (before & ~mask) | (unsigned)(type)value << shift, word))    \
        return old;                                                                     \
    }                                                                                   \
  }

#define ALL(size, u, s)                                                                 \
  COMPARE(u, size)                                                                      \
  OPERATION(lock_test_and_set, u, size, value)                                          \
  OPERATION(fetch_and_add, u, size, old + value)                                        \
  OPERATION(fetch_and_sub, u, size, old - value)                                        \
  OPERATION(fetch_and_or, u, size, old | value)                                         \
  OPERATION(fetch_and_and, u, size, old & value)                                        \
  OPERATION(fetch_and_xor, u, size, old ^ value)                                        \
  OPERATION(fetch_and_nand, u, size, ~(old & value))                                    \
  OPERATION(fetch_and_umax, u, size, old > value ? old : value)                         \
  OPERATION(fetch_and_umin, u, size, old < value ? old : value)                         \
  OPERATION(fetch_and_max, u, size, (s)old > (s)value ? old : value)                    \
  OPERATION(fetch_and_min, u, size, (s)old < (s)value ? old : value)

ALL(1, unsigned char, signed char)
ALL(2, unsigned short, short)
ALL(4, unsigned int, int)
)c";

}  // namespace

absl::StatusOr<std::string> CompileArmAtomics(const std::vector<std::string>& driver, const std::string& directory) {
  return Compile({.name = "arm_atomics", .source = kSource, .purpose = "the atomic operations of older ARM processors"},
                 driver, directory);
}

}  // namespace cgo_ld_shim::objects

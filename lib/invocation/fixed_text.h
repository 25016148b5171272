// Text in a buffer of fixed size, for code that must not allocate: the front and what it calls.
//
// Example:
//   char buffer[256];
//   FixedText text(buffer, sizeof buffer);
//   text.Append("cannot start ").Append(path);
//   if (!text.overflowed()) write(2, text.c_str(), text.size());
//
// The buffer is the caller's, and always holds a terminated string; what does not fit is cut off.
#ifndef CGO_LD_SHIM_INVOCATION_FIXED_TEXT_H_
#define CGO_LD_SHIM_INVOCATION_FIXED_TEXT_H_

#include <cstddef>
#include <cstring>
#include <string_view>

namespace cgo_ld_shim::invocation {

class FixedText {
 public:
  FixedText(char* buffer, size_t capacity) : buffer_(buffer), capacity_(capacity) { buffer_[0] = '\0'; }

  FixedText& Append(std::string_view text) {
    const size_t room = capacity_ - 1 - size_;
    if (text.size() > room) overflowed_ = true;
    const size_t length = text.size() < room ? text.size() : room;
    std::memcpy(buffer_ + size_, text.data(), length);
    size_ += length;
    buffer_[size_] = '\0';
    return *this;
  }

  FixedText& AppendNumber(unsigned number) {
    char digits[10];
    size_t begin = sizeof digits;
    do {
      digits[--begin] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
    return Append({digits + begin, sizeof digits - begin});
  }

  const char* c_str() const { return buffer_; }
  size_t size() const { return size_; }
  bool overflowed() const { return overflowed_; }

 private:
  char* const buffer_;
  const size_t capacity_;
  size_t size_ = 0;
  bool overflowed_ = false;
};

}  // namespace cgo_ld_shim::invocation

#endif  // CGO_LD_SHIM_INVOCATION_FIXED_TEXT_H_

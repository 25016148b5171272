/* backtrace(3) by the unwinder that every compiler brings. The names of functions are not in a program at run time, so
   that an address is what is known, as glibc says it of a function that is not exported. */
#ifndef CGO_LD_SHIM_EXECINFO_H
#define CGO_LD_SHIM_EXECINFO_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <unwind.h>

#ifdef __cplusplus
extern "C" {
#endif

struct cgo_ld_shim_frames {
  void** addresses;
  int count, size, skipped;
};

static __attribute__((__unused__)) _Unwind_Reason_Code cgo_ld_shim_frame(struct _Unwind_Context* context,
                                                                         void* argument) {
  struct cgo_ld_shim_frames* frames = (struct cgo_ld_shim_frames*)argument;
  if (!frames->skipped) {
    frames->skipped = 1; /* backtrace itself */
    return _URC_NO_REASON;
  }
  if (frames->count == frames->size) return _URC_END_OF_STACK;
  void* address = (void*)_Unwind_GetIP(context);
  if (!address) return _URC_END_OF_STACK;
  frames->addresses[frames->count++] = address;
  return _URC_NO_REASON;
}

static __attribute__((__unused__, __noinline__)) int backtrace(void** addresses, int size) {
  struct cgo_ld_shim_frames frames;
  frames.addresses = addresses;
  frames.count = frames.skipped = 0;
  frames.size = size;
  if (size > 0) _Unwind_Backtrace(cgo_ld_shim_frame, &frames);
  return frames.count;
}

/* "[0x401136]": with its NUL never more than this. */
#define CGO_LD_SHIM_FRAME_TEXT (2 * sizeof(void*) + 5)

static __attribute__((__unused__)) char** backtrace_symbols(void* const* addresses, int size) {
  if (size < 0) size = 0;
  char** texts = (char**)malloc((size_t)size * (sizeof(char*) + CGO_LD_SHIM_FRAME_TEXT) + 1);
  if (!texts) return texts;
  char* text = (char*)(texts + size);
  for (int i = 0; i < size; ++i) {
    texts[i] = text;
    text += snprintf(text, CGO_LD_SHIM_FRAME_TEXT, "[0x%lx]", (unsigned long)(uintptr_t)addresses[i]) + 1;
  }
  return texts;
}

static __attribute__((__unused__)) void backtrace_symbols_fd(void* const* addresses, int size, int fd) {
  for (int i = 0; i < size; ++i) {
    char text[CGO_LD_SHIM_FRAME_TEXT + 1];
    int length = snprintf(text, sizeof text, "[0x%lx]\n", (unsigned long)(uintptr_t)addresses[i]);
    if (write(fd, text, (size_t)length) != length) return;
  }
}

#ifdef __cplusplus
}
#endif

#endif

// ISA-L in zlib's place where lld compresses debug sections at zlib's fastest level, as Go has it done in every link
// (--compress-debug-sections=zlib). The three functions that lld calls (ELF/OutputSections.cpp, deflateShard) are
// wrapped by the linker (--wrap, lib/backend/CMakeLists.txt); a stream of another level or format goes on to zlib.
//
// Which of its code ISA-L runs depends on the processor, but all that need SSE 4.2 write the same bytes
// (SlowCaptureTest); its code for older processors does not, so those stay with zlib.
#include <igzip_lib.h>
#include <zlib.h>

#include <cstdint>
#include <memory>
#include <utility>

// The names that --wrap makes; as labels, because an identifier of ours may not begin with two underscores.
extern "C" {
int ZlibDeflateInit2(z_stream* stream, int level, int method, int window_bits, int memory_level, int strategy,
                     const char* version, int stream_size) asm("__real_deflateInit2_");
int ZlibDeflate(z_stream* stream, int flush) asm("__real_deflate");
int ZlibDeflateEnd(z_stream* stream) asm("__real_deflateEnd");
int WrappedDeflateInit2(z_stream* stream, int level, int method, int window_bits, int memory_level, int strategy,
                        const char* version, int stream_size) asm("__wrap_deflateInit2_");
int WrappedDeflate(z_stream* stream, int flush) asm("__wrap_deflate");
int WrappedDeflateEnd(z_stream* stream) asm("__wrap_deflateEnd");
}

namespace {

struct Compressor {
  isal_zstream stream;
  uint8_t level_buffer[ISAL_DEF_LVL1_DEFAULT];
  bool flushed;  // all that went in has come out, and the flush that was asked for, too
};

// A compressor is 356 KiB, and lld makes one for each MiB: the last one of this thread is used again.
std::unique_ptr<Compressor>& Spare() {
  thread_local std::unique_ptr<Compressor> spare;
  return spare;
}

// Marks a stream as ours: zlib never sees it, and so nothing frees through it.
void OurMark(void* /*opaque*/, void* /*address*/) {}

Compressor* Ours(const z_stream* stream) {
  // `state` is zlib's own structure in streams of zlib; the mark says that this one is not.
  return stream->zfree == OurMark ? reinterpret_cast<Compressor*>(stream->state) : nullptr;
}

bool AllIsOut(const isal_zstream& stream) {
  const isal_zstate& state = stream.internal_state;
  if (stream.end_of_stream != 0) return state.state == ZSTATE_END;
  return stream.avail_in == 0 && state.b_bytes_valid == state.b_bytes_processed && state.state == ZSTATE_NEW_HDR;
}

}  // namespace

int WrappedDeflateInit2(z_stream* stream, int level, int method, int window_bits, int memory_level, int strategy,
                        const char* version, int stream_size) {
  const bool raw = window_bits == -MAX_WBITS;
  if (level != Z_BEST_SPEED || method != Z_DEFLATED || !raw || strategy != Z_DEFAULT_STRATEGY ||
      !__builtin_cpu_supports("sse4.2")) {
    return ZlibDeflateInit2(stream, level, method, window_bits, memory_level, strategy, version, stream_size);
  }
  std::unique_ptr<Compressor> compressor = std::move(Spare());
  if (compressor == nullptr) compressor = std::make_unique_for_overwrite<Compressor>();
  isal_deflate_init(&compressor->stream);
  compressor->stream.level = 1;
  compressor->stream.level_buf = compressor->level_buffer;
  compressor->stream.level_buf_size = sizeof compressor->level_buffer;
  compressor->flushed = false;
  stream->total_in = 0;
  stream->total_out = 0;
  stream->msg = nullptr;
  stream->zfree = OurMark;
  stream->state = reinterpret_cast<internal_state*>(compressor.release());
  return Z_OK;
}

int WrappedDeflate(z_stream* stream, int flush) {
  Compressor* compressor = Ours(stream);
  if (compressor == nullptr) return ZlibDeflate(stream, flush);
  isal_zstream& isal = compressor->stream;
  // As zlib: a second call for the same flush, with nothing new, adds nothing.
  if (compressor->flushed && stream->avail_in == 0) {
    return isal.end_of_stream != 0 ? Z_STREAM_END : Z_BUF_ERROR;
  }
  isal.flush = flush == Z_NO_FLUSH || flush == Z_FINISH ? NO_FLUSH : flush == Z_FULL_FLUSH ? FULL_FLUSH : SYNC_FLUSH;
  isal.end_of_stream = flush == Z_FINISH ? 1 : 0;
  isal.next_in = const_cast<uint8_t*>(stream->next_in);
  isal.avail_in = stream->avail_in;
  isal.next_out = stream->next_out;
  isal.avail_out = stream->avail_out;
  if (isal_deflate(&isal) != COMP_OK) return Z_STREAM_ERROR;
  stream->total_in += stream->avail_in - isal.avail_in;
  stream->total_out += stream->avail_out - isal.avail_out;
  stream->next_in = isal.next_in;
  stream->avail_in = isal.avail_in;
  stream->next_out = isal.next_out;
  stream->avail_out = isal.avail_out;
  compressor->flushed = flush != Z_NO_FLUSH && AllIsOut(isal);
  return isal.end_of_stream != 0 && compressor->flushed ? Z_STREAM_END : Z_OK;
}

int WrappedDeflateEnd(z_stream* stream) {
  Compressor* compressor = Ours(stream);
  if (compressor == nullptr) return ZlibDeflateEnd(stream);
  Spare().reset(compressor);
  stream->state = nullptr;
  stream->zfree = nullptr;
  return Z_OK;
}

// lib/backend/deflate.cc stands in for zlib's deflate where lld compresses debug sections. All but one of these hold
// with zlib alone, too, and are run with it where ISA-L is not built in.
#include <zlib.h>

#include <cstdint>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cgo_ld_shim {
namespace {

using ::testing::Lt;

z_stream RawStream(int level) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  return stream;
}

// One shard as lld makes it: room for `room` bytes, and half as much again whenever that was not enough.
std::string Shard(std::string_view text, int flush, size_t room, int level = Z_BEST_SPEED) {
  z_stream stream = RawStream(level);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  std::string out(room, '\0');
  size_t used = 0;
  do {
    if (used == out.size()) out.resize(out.size() + out.size() / 2 + 1);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    stream.avail_out = static_cast<uInt>(out.size() - used);
    deflate(&stream, flush);
    used = out.size() - stream.avail_out;
  } while (stream.avail_out == 0);
  EXPECT_EQ(stream.avail_in, 0U);
  EXPECT_EQ(stream.total_in, text.size());
  EXPECT_EQ(stream.total_out, used);
  deflateEnd(&stream);
  out.resize(used);
  return out;
}

std::string Inflated(std::string_view packed, size_t size) {
  z_stream stream = {};
  EXPECT_EQ(inflateInit2(&stream, -MAX_WBITS), Z_OK);
  std::string out(size + 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0U) << "something stands after the end";
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

// Text that repeats itself as debug information does, text that cannot be made smaller, and zeros.
std::vector<std::string> Texts(size_t size) {
  std::mt19937 random(20261121);  // NOLINT(cert-msc51-cpp): the same text in each run
  std::string noise(size, '\0'), words;
  for (char& c : noise) c = static_cast<char>(random());
  while (words.size() < size)
    words.append("DW_TAG_" + std::to_string(random() % 300) + std::string(random() % 5, '\3'));
  words.resize(size);
  return {words, noise, std::string(size, '\0')};
}

TEST(DeflateTest, IsIsaLsWhereTheVersionNamesIt) {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("sse4.2")) GTEST_SKIP() << "this processor has no SSE 4.2";
#endif
  z_stream fastest = RawStream(Z_BEST_SPEED), smaller = RawStream(6);
  // zlib fills in its allocator.
  EXPECT_EQ(fastest.zalloc == nullptr, std::string(CGO_LD_SHIM_ZLIB).find("ISA-L") != std::string::npos);
  EXPECT_NE(smaller.zalloc, nullptr) << "of the other levels people expect what zlib makes of them";
  deflateEnd(&fastest);
  deflateEnd(&smaller);
}

TEST(DeflateTest, InflatesToWhatWentIn) {
  for (const size_t size : {1, 2, 3, 100, 4096, 65535, 65536, 1 << 20, (1 << 20) + 7}) {
    for (const std::string& text : Texts(size)) {
      for (const int level : {1, 6}) {
        EXPECT_EQ(Inflated(Shard(text, Z_FINISH, size / 2 + 64, level), size), text)
            << size << " bytes, level " << level;
      }
    }
  }
}

TEST(DeflateTest, MakesDebugInformationSmaller) {
  const std::string words = Texts(1 << 20)[0];
  EXPECT_THAT(Shard(words, Z_FINISH, words.size()).size(), Lt(words.size() / 3));
}

TEST(DeflateTest, ShardsFollowEachOther) {
  const std::vector<std::string> texts = Texts(300000);
  std::string packed, all;
  for (const std::string& text : texts) {
    packed += Shard(text, Z_SYNC_FLUSH, text.size() / 2);
    all += text;
  }
  packed += Shard("the end", Z_FINISH, 64);
  EXPECT_EQ(Inflated(packed, all.size() + 7), all + "the end");
}

// The buffer that lld begins with may end anywhere in the output, also where the flush's own bytes begin.
TEST(DeflateTest, InABufferOfAnySize) {
  for (const std::string& text : Texts(3000)) {
    const std::string whole = Shard(text, Z_SYNC_FLUSH, 2 * text.size());
    for (size_t room = 1; room < whole.size() + 20; ++room) {
      const std::string packed = Shard(text, Z_SYNC_FLUSH, room) + Shard("!", Z_FINISH, 64);
      ASSERT_EQ(Inflated(packed, text.size() + 1), text + "!") << "room for " << room;
    }
  }
}

TEST(DeflateTest, ASecondFlushAddsNothing) {
  const std::string text = Texts(5000)[0];
  for (const int flush : {Z_SYNC_FLUSH, Z_FINISH}) {
    z_stream stream = RawStream(Z_BEST_SPEED);
    std::string out(10000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream, flush), flush == Z_FINISH ? Z_STREAM_END : Z_OK);
    const uLong total = stream.total_out;
    EXPECT_EQ(deflate(&stream, flush), flush == Z_FINISH ? Z_STREAM_END : Z_BUF_ERROR);
    EXPECT_EQ(stream.total_out, total);
    deflateEnd(&stream);
  }
}

TEST(DeflateTest, TakesItsInputInPieces) {
  const std::string text = Texts(200000)[0];
  z_stream stream = RawStream(Z_BEST_SPEED);
  std::string out(300000, '\0');
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  for (size_t at = 0; at < text.size(); at += 7001) {
    const std::string_view piece = std::string_view(text).substr(at, 7001);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream.avail_in = static_cast<uInt>(piece.size());
    const bool last = at + 7001 >= text.size();
    EXPECT_EQ(deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH), last ? Z_STREAM_END : Z_OK);
  }
  out.resize(stream.total_out);
  deflateEnd(&stream);
  EXPECT_EQ(Inflated(out, text.size()), text);
}

// What a compressor has seen before, on this thread or another, is not in what it writes now.
TEST(DeflateTest, TheSameBytesEachTimeAndOnEachThread) {
  const std::vector<std::string> texts = Texts(100000);
  std::vector<std::string> first, second, on_a_thread;
  for (const std::string& text : texts) first.push_back(Shard(text, Z_SYNC_FLUSH, 50000));
  for (const std::string& text : texts) second.push_back(Shard(text, Z_SYNC_FLUSH, 50000));
  std::thread([&] {
    for (const std::string& text : texts) on_a_thread.push_back(Shard(text, Z_SYNC_FLUSH, 50000));
  }).join();
  EXPECT_EQ(first, second);
  EXPECT_EQ(first, on_a_thread);
}

// Records that begin alike, as those of .debug_aranges. ISA-L took its own address for a part of the text
// (cmake/IsaL.cmake), which showed in one of five hundred such texts.
TEST(DeflateTest, TheSameBytesWhereverItsMemoryIs) {
  std::mt19937 random(20261130);  // NOLINT(cert-msc51-cpp): the same texts in each run
  const auto noise = [&](size_t size) {
    std::string text(size, '\0');
    for (char& c : text) c = static_cast<char>(random());
    return text;
  };
  for (int i = 0; i < 4000; ++i) {
    const std::string begin = noise(6);
    std::string text;
    for (int record = 0; record < 18; ++record) text += begin + noise(6) + std::string(36, '\0');
    z_stream streams[2] = {RawStream(Z_BEST_SPEED), RawStream(Z_BEST_SPEED)};
    std::string outs[2];
    for (int s = 0; s < 2; ++s) {
      outs[s].resize(2000);
      streams[s].next_in = reinterpret_cast<Bytef*>(text.data());
      streams[s].avail_in = static_cast<uInt>(text.size());
      streams[s].next_out = reinterpret_cast<Bytef*>(outs[s].data());
      streams[s].avail_out = static_cast<uInt>(outs[s].size());
      deflate(&streams[s], Z_FINISH);
      outs[s].resize(streams[s].total_out);
    }
    for (z_stream& stream : streams) deflateEnd(&stream);
    ASSERT_EQ(outs[0] == outs[1], true) << i;
    if (i < 10) {
      EXPECT_EQ(Inflated(outs[0], text.size()), text);
    }
  }
}

TEST(DeflateTest, TwoStreamsAtOnceDoNotMix) {
  const std::vector<std::string> texts = Texts(50000);
  z_stream streams[2] = {RawStream(Z_BEST_SPEED), RawStream(Z_BEST_SPEED)};
  std::string outs[2] = {std::string(100000, '\0'), std::string(100000, '\0')};
  for (int half = 0; half < 2; ++half) {
    for (int i = 0; i < 2; ++i) {
      streams[i].next_in = reinterpret_cast<Bytef*>(const_cast<char*>(texts[i].data() + half * 25000));
      streams[i].avail_in = 25000;
      streams[i].next_out = reinterpret_cast<Bytef*>(outs[i].data() + streams[i].total_out);
      streams[i].avail_out = static_cast<uInt>(outs[i].size() - streams[i].total_out);
      deflate(&streams[i], half == 1 ? Z_FINISH : Z_SYNC_FLUSH);
    }
  }
  for (int i = 0; i < 2; ++i) {
    outs[i].resize(streams[i].total_out);
    deflateEnd(&streams[i]);
    EXPECT_EQ(Inflated(outs[i], texts[i].size()), texts[i]);
  }
}

}  // namespace
}  // namespace cgo_ld_shim

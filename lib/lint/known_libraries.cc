// C libraries that other libraries bundle, by the beginnings of their names. Two copies of one in a program are one
// too many: a linker takes the first definition that it meets, for both.
//
// Names tell nothing more: which version, or with which options it was built. A row is for a library that many projects
// build into their own; where a prefix is a common word, whole names stand here.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "lint/lint.h"
#include "support/path_parts.h"

namespace cgo_ld_shim::lint {
namespace {

struct LibraryRow {
  const char* library;
  const char* file;  // what its own archive is called after "lib"
  absl::string_view names[6];
  absl::string_view prefixes[4];
};
constexpr LibraryRow kLibraries[] = {
    {"SQLite", "sqlite3", {}, {"sqlite3_"}},
    {"zlib",
     "z",
     {"deflate", "inflate", "crc32", "adler32", "compress2", "uncompress"},
     {"deflateInit", "inflateInit"}},
    {"Zstandard", "zstd", {}, {"ZSTD_"}},
    {"LZ4", "lz4", {}, {"LZ4_", "LZ4F_"}},
    {"Brotli", "brotli", {}, {"BrotliEncoder", "BrotliDecoder"}},
    {"bzip2", "bz2", {}, {"BZ2_"}},
    {"liblzma", "lzma", {}, {"lzma_"}},
    {"OpenSSL", "ssl", {}, {"SSL_", "EVP_", "OPENSSL_"}},
    {"OpenSSL", "crypto", {}, {"EVP_", "OPENSSL_"}},
    {"Mbed TLS", "mbed", {}, {"mbedtls_"}},
    {"libcurl", "curl", {}, {"curl_easy_", "curl_multi_", "curl_global_"}},
    {"libuv", "uv", {}, {"uv_loop_", "uv_run"}},
    {"libpng", "png", {}, {"png_"}},
    {"libjpeg", "jpeg", {}, {"jpeg_"}},
    {"libxml2", "xml2", {}, {"xmlParse", "xmlNew"}},
    {"Expat", "expat", {}, {"XML_Parser"}},
    {"FreeType", "freetype", {}, {"FT_"}},
    {"libgit2", "git2", {}, {"git_repository_", "git_libgit2_"}},
    {"libsodium", "sodium", {}, {"crypto_secretbox", "sodium_"}},
    {"PCRE2", "pcre2", {}, {"pcre2_"}},
    {"nghttp2", "nghttp2", {}, {"nghttp2_"}},
};

}  // namespace

absl::string_view BundledLibrary(absl::string_view symbol, absl::string_view archive) {
  const std::string own = support::BaseName(archive);
  absl::string_view found;
  for (const LibraryRow& row : kLibraries) {
    const bool fits = std::any_of(std::begin(row.names), std::end(row.names),
                                  [&](absl::string_view name) { return !name.empty() && symbol == name; }) ||
                      std::any_of(std::begin(row.prefixes), std::end(row.prefixes), [&](absl::string_view prefix) {
                        return !prefix.empty() && absl::StartsWith(symbol, prefix);
                      });
    if (!fits) continue;
    // libz.a, libz-ng.a, libpng16.a, libbrotlidec.a: the library itself. Of a short word a longer one is another.
    absl::string_view rest = own;
    if (absl::ConsumePrefix(&rest, "lib") && absl::ConsumePrefix(&rest, row.file) &&
        (absl::string_view(row.file).size() > 2 || rest.empty() ||
         !absl::ascii_isalnum(static_cast<unsigned char>(rest[0]))))
      return "";
    if (found.empty()) found = row.library;
  }
  return found;
}

}  // namespace cgo_ld_shim::lint

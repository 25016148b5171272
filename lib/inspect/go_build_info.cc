// What Go says of itself in a program: its version, the modules, and how it was built.
//
// Go's linker writes a blob that begins with "\xff Go buildinf:" at an address divisible by 16. Since Go 1.18 (bit 1 of
// the flags byte) two strings follow at offset 32, each with its length before it as a varint: the version, and the
// text of runtime/debug.BuildInfo between two markers of 16 bytes. Before that there were pointers, which are not
// followed here.
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "inspect/read_parts.h"
#include "llvm/ADT/StringRef.h"

namespace cgo_ld_shim::inspect {
namespace {

constexpr absl::string_view kMagic("\xff Go buildinf:", 14);
constexpr size_t kAlignment = 16, kHeader = 32, kMarker = 16;
constexpr size_t kFlagsAt = 15;
constexpr unsigned kInlineStrings = 2;

// Takes a string with its length before it; false when it reaches beyond the data.
bool TakeString(absl::string_view* data, absl::string_view* text) {
  uint64_t length = 0;
  unsigned shift = 0;
  while (true) {
    if (data->empty() || shift > 56) return false;
    const auto byte = static_cast<unsigned char>(data->front());
    data->remove_prefix(1);
    length |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) break;
    shift += 7;
  }
  if (length > data->size()) return false;
  *text = data->substr(0, static_cast<size_t>(length));
  data->remove_prefix(static_cast<size_t>(length));
  return true;
}

// A value with blanks or quotes stands in Go's quotes.
std::string Unquoted(absl::string_view text) {
  if (text.size() < 2 || text.front() != text.back() || (text.front() != '"' && text.front() != '`')) {
    return std::string(text);
  }
  const absl::string_view inside = text.substr(1, text.size() - 2);
  std::string value;
  if (text.front() == '"' && absl::CUnescape(inside, &value)) return value;
  return std::string(inside);
}

void ReadModules(absl::string_view text, GoFacts* go) {
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, '\t');
    if (fields[0] == "path" && fields.size() > 1) {
      go->package = std::string(fields[1]);
    } else if (fields[0] == "build" && fields.size() > 1) {
      const absl::string_view setting = fields[1];
      const size_t equals = setting.find('=');
      if (equals == absl::string_view::npos) continue;
      go->settings.emplace_back(Unquoted(setting.substr(0, equals)), Unquoted(setting.substr(equals + 1)));
    } else if ((fields[0] == "mod" || fields[0] == "dep" || fields[0] == "=>") && fields.size() > 2) {
      GoModule module{std::string(fields[1]), std::string(fields[2]), fields.size() > 3 ? std::string(fields[3]) : ""};
      if (fields[0] == "mod") {
        go->main = std::move(module);
      } else if (fields[0] == "dep") {
        go->modules.push_back(std::move(module));
      } else if (!go->modules.empty()) {
        go->modules.back() = std::move(module);  // what was compiled in place of the module before
      }
    }
  }
}

}  // namespace

bool ReadGoBuildInfo(absl::string_view data, GoFacts* go) {
  size_t at = 0;
  while (true) {
    at = data.find(kMagic, at);
    if (at == absl::string_view::npos || data.size() - at < kHeader) return false;
    if (at % kAlignment == 0) break;
    ++at;
  }
  go->present = true;
  const auto flags = static_cast<unsigned char>(data[at + kFlagsAt]);
  if ((flags & kInlineStrings) == 0) return true;
  absl::string_view rest = data.substr(at + kHeader), version, modules;
  if (!TakeString(&rest, &version)) return true;
  go->version = std::string(version);
  if (!TakeString(&rest, &modules)) return true;
  if (modules.size() > 2 * kMarker) ReadModules(modules.substr(kMarker, modules.size() - 2 * kMarker), go);
  return true;
}

void ReadGoFunctions(absl::string_view table, GoFacts* go) {
  // Names stand in it one after the other, each with a zero byte behind it. Go's linker drops functions that nothing
  // reaches, so that each of these is one which the program may call.
  const auto has = [&](absl::string_view name) {
    return absl::StrContains(table, absl::StrCat(absl::string_view("\0", 1), name));
  };
  // crypto/x509/root_unix.go, time/zoneinfo.go and time/tzdata of Go 1.19 to 1.27.
  constexpr absl::string_view kEnd("\0", 1);
  go->verifies_certificates |= has(absl::StrCat("crypto/x509.loadSystemRoots", kEnd));
  go->brings_certificates |= has("golang.org/x/crypto/x509roots/fallback.");
  go->loads_time_zones |= has(absl::StrCat("time.LoadLocation", kEnd));
  go->brings_time_zones |= has(absl::StrCat("time/tzdata.loadFromEmbeddedTZData", kEnd));
}

std::string FindGoBuildId(absl::string_view code) {
  constexpr absl::string_view kBegin("\xff Go build ID: \"", 16), kEnd("\"\n \xff", 4);
  const size_t begin = code.find(kBegin);
  if (begin == absl::string_view::npos) return "";
  const absl::string_view rest = code.substr(begin + kBegin.size());
  const size_t end = rest.find(kEnd);
  return end == absl::string_view::npos ? "" : std::string(rest.substr(0, end));
}

}  // namespace cgo_ld_shim::inspect

#include "diagnose/written.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace cgo_ld_shim::diagnose {
namespace {

// What the go command compiles in its working directory says it is here (-ffile-prefix-map,
// cmd/go/internal/work/exec.go); a preamble's lines in _cgo_export.c are such.
constexpr absl::string_view kWorkDirectory = "/tmp/go-build/";

symbols::Place Shortened(std::optional<symbols::Place> place) {
  if (!place) return {};
  absl::string_view file = place->file;
  if (absl::ConsumePrefix(&file, kWorkDirectory)) place->file = std::string(file);
  return *std::move(place);
}

}  // namespace

bool IsCgoCall(absl::string_view symbol, absl::string_view* function) {
  if (!absl::ConsumePrefix(&symbol, "_cgo_")) return false;
  const size_t underscore = symbol.find('_');
  if (underscore == absl::string_view::npos) return false;
  symbol.remove_prefix(underscore);
  for (const absl::string_view kind : {"_Cfunc_", "_C2func_"}) {
    if (absl::StartsWith(symbol, kind)) {
      *function = symbol;
      return true;
    }
  }
  return false;
}

symbols::Place Written::Use(const std::string& object_path, absl::string_view symbol) {
  const std::optional<symbols::DebugInfo>& info = Of(object_path);
  if (!info) return {};
  symbols::Place place = Shortened(info->Use(symbol));
  absl::string_view function;
  if (!place.file.empty() || !IsCgoCall(place.function, &function)) return place;
  place = Shortened(info->Declaration(symbol));
  place.function = absl::StrCat("C.", function.substr(function.find('_', 1) + 1));
  return place;
}

symbols::Place Written::Definition(const std::string& object_path, absl::string_view symbol) {
  const std::optional<symbols::DebugInfo>& info = Of(object_path);
  return info ? Shortened(info->Declaration(symbol)) : symbols::Place();
}

std::string Written::Text(const symbols::Place& place) {
  if (place.file.empty()) return "";
  return place.line == 0 ? place.file : absl::StrCat(place.file, ":", place.line);
}

const std::optional<symbols::DebugInfo>& Written::Of(const std::string& object_path) {
  const auto [at, fresh] = read_.try_emplace(object_path);
  if (fresh) at->second = symbols::DebugInfo::Read(object_path);
  return at->second;
}

}  // namespace cgo_ld_shim::diagnose

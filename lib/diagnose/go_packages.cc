#include "diagnose/go_packages.h"

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "diagnose/written.h"
#include "llvm/Object/ELFObjectFile.h"

namespace cgo_ld_shim::diagnose {
namespace {

// "0123456789ab" of _cgo_0123456789ab_Cfunc_f, and of cgo's other names; empty: another name.
std::string HashOf(absl::string_view symbol) {
  absl::string_view rest = symbol;
  if (!absl::ConsumePrefix(&rest, "_cgo_") && !absl::ConsumePrefix(&rest, "_cgoexp_")) return "";
  const size_t end = rest.find('_');
  return end == absl::string_view::npos ? "" : std::string(rest.substr(0, end));
}

}  // namespace

std::string CgoPackages::Of(const symbols::Object& object) {
  if (!of_hash_) Read();
  for (const symbols::Definition& definition : object.definitions) {
    const auto found = of_hash_->find(HashOf(definition.name));
    if (found != of_hash_->end()) return found->second;
  }
  return "";
}

void CgoPackages::Read() {
  of_hash_.emplace();
  std::map<std::string, std::set<std::string>> hashes;  // "._Cfunc_f" → of those that have it
  for (const plan::PlanInput& input : plan_.inputs) {
    if (!input.IsObject() || input.origin != plan::Origin::kGiven) continue;
    for (const symbols::Definition& definition : input.files[0].object->definitions) {
      absl::string_view function;
      if (IsCgoCall(definition.name, &function)) hashes["." + std::string(function)].insert(HashOf(definition.name));
    }
  }
  const std::string go_object = plan_.GoObject();
  if (hashes.empty() || go_object.empty()) return;
  auto file = llvm::object::ObjectFile::createObjectFile(go_object);
  if (!file) {
    llvm::consumeError(file.takeError());
    return;
  }
  std::map<std::string, std::set<std::string>> packages;  // "._Cfunc_f" → of those that have it
  for (const llvm::object::SymbolRef& symbol : file->getBinary()->symbols()) {
    llvm::Expected<llvm::StringRef> name = symbol.getName();
    if (!name) {
      llvm::consumeError(name.takeError());
      continue;
    }
    // "example.com/tool._Cfunc_zlibVersion", perhaps with ".abi0" behind it.
    absl::string_view text(name->data(), name->size());
    absl::ConsumeSuffix(&text, ".abi0");
    const size_t dot = text.rfind("._C");
    if (dot == absl::string_view::npos || !hashes.contains(std::string(text.substr(dot)))) continue;
    // Go escapes dots after the last slash of an import path (cmd/internal/objabi.PathToPrefix).
    packages[std::string(text.substr(dot))].insert(absl::StrReplaceAll(text.substr(0, dot), {{"%2e", "."}}));
  }
  // A call of one package alone tells.
  for (const auto& [function, with] : packages) {
    if (with.size() != 1 || hashes[function].size() != 1) continue;
    const auto [known, fresh] = of_hash_->try_emplace(*hashes[function].begin(), *with.begin());
    if (!fresh && known->second != *with.begin()) known->second.clear();
  }
}

}  // namespace cgo_ld_shim::diagnose

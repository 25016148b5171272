#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "diagnose/diagnose.h"
#include "diagnose/written.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/MemoryBuffer.h"

namespace cgo_ld_shim::diagnose {

std::string GoPackageOf(const symbols::Object& object, const std::string& go_object_path) {
  std::set<std::string> wanted;
  for (const symbols::Definition& definition : object.definitions) {
    absl::string_view function;
    if (IsCgoCall(definition.name, &function)) wanted.insert(absl::StrCat(".", function));
  }
  if (wanted.empty()) return "";
  auto file = llvm::object::ObjectFile::createObjectFile(go_object_path);
  if (!file) {
    llvm::consumeError(file.takeError());
    return "";
  }
  std::string found;
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
    if (dot == absl::string_view::npos || !wanted.contains(std::string(text.substr(dot)))) continue;
    std::string package(text.substr(0, dot));
    if (found.empty()) found = package;
    if (found != package) return "";  // two packages have such a function: not known
  }
  // Go escapes dots after the last slash of an import path in symbol names (cmd/internal/objabi.PathToPrefix).
  return absl::StrReplaceAll(found, {{"%2e", "."}});
}

}  // namespace cgo_ld_shim::diagnose

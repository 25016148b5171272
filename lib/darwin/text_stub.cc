#include "darwin/text_stub.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"
#include "support/file.h"

namespace cgo_ld_shim::darwin {
namespace {

std::string TargetOf(absl::string_view arch) { return arch == "amd64" ? "x86_64-macos" : "arm64-macos"; }

// "arm64e-macos" is arm64 to a linker, and Apple's newer files have no plain one for what the system itself holds.
bool IsFor(absl::string_view target, absl::string_view arch) {
  if (!absl::EndsWith(target, "-macos")) return false;
  return arch == "amd64" ? absl::StartsWith(target, "x86_64") : absl::StartsWith(target, "arm64");
}

// LLVM's parser gives each node once, in order; a node that is passed over must be told so.
std::string Scalar(llvm::yaml::Node* node) {
  auto* scalar = llvm::dyn_cast_or_null<llvm::yaml::ScalarNode>(node);
  if (scalar == nullptr) return "";
  llvm::SmallString<64> storage;
  return scalar->getValue(storage).str();
}

std::vector<std::string> Scalars(llvm::yaml::Node* node) {
  std::vector<std::string> words;
  auto* sequence = llvm::dyn_cast_or_null<llvm::yaml::SequenceNode>(node);
  if (sequence == nullptr) return words;
  for (llvm::yaml::Node& entry : *sequence) words.push_back(Scalar(&entry));
  return words;
}

// One entry of `exports`: targets, and names by kind.
void ReadExports(llvm::yaml::Node& node, absl::string_view arch, std::set<std::string>* names) {
  auto* entry = llvm::dyn_cast<llvm::yaml::MappingNode>(&node);
  if (entry == nullptr) return;
  bool wanted = false;
  std::vector<std::string> found;
  for (llvm::yaml::KeyValueNode& pair : *entry) {
    const std::string key = Scalar(pair.getKey());
    const std::vector<std::string> values = Scalars(pair.getValue());
    if (key == "targets") {
      for (const std::string& target : values) wanted |= IsFor(target, arch);
    } else if (key == "symbols" || key == "weak-symbols" || key == "thread-local-symbols") {
      found.insert(found.end(), values.begin(), values.end());
    } else if (key == "objc-classes") {
      for (const std::string& name : values) {
        found.push_back(absl::StrCat("_OBJC_CLASS_$_", name));
        found.push_back(absl::StrCat("_OBJC_METACLASS_$_", name));
      }
    } else if (key == "objc-eh-types") {
      for (const std::string& name : values) found.push_back(absl::StrCat("_OBJC_EHTYPE_$_", name));
    } else if (key == "objc-ivars") {
      for (const std::string& name : values) found.push_back(absl::StrCat("_OBJC_IVAR_$_", name));
    }
  }
  if (wanted) names->insert(found.begin(), found.end());
}

std::string Quoted(absl::string_view name) { return absl::StrCat("'", absl::StrReplaceAll(name, {{"'", "''"}}), "'"); }

}  // namespace

std::string WriteTextStub(const TextStub& stub, absl::string_view arch) {
  const std::string target = TargetOf(arch);
  std::string text = absl::StrCat("--- !tapi-tbd\ntbd-version:     4\ntargets:         [ ", target,
                                  " ]\ninstall-name:    ", Quoted(stub.install_name),
                                  "\ncurrent-version: 1\ncompatibility-version: 1\n");
  if (!stub.symbols.empty()) {
    absl::StrAppend(
        &text, "exports:\n  - targets:         [ ", target, " ]\n    symbols:         [ ",
        absl::StrJoin(stub.symbols, ", ",
                      [](std::string* out, const std::string& name) { absl::StrAppend(out, Quoted(name)); }),
        " ]\n");
  }
  return absl::StrCat(text, "...\n");
}

absl::StatusOr<std::set<std::string>> ParseTextStub(absl::string_view text, const std::string& path,
                                                    absl::string_view arch) {
  llvm::SourceMgr sources;
  // Its complaints would go to stderr.
  sources.setDiagHandler([](const llvm::SMDiagnostic&, void*) {});
  llvm::yaml::Stream stream(llvm::StringRef(text.data(), text.size()), sources, /*ShowColors=*/false);
  std::set<std::string> names;
  bool is_stub = false;
  for (llvm::yaml::Document& document : stream) {
    auto* root = llvm::dyn_cast_or_null<llvm::yaml::MappingNode>(document.getRoot());
    if (root == nullptr) continue;
    for (llvm::yaml::KeyValueNode& pair : *root) {
      const std::string key = Scalar(pair.getKey());
      if (key == "tbd-version") {
        is_stub = Scalar(pair.getValue()) == "4";
      } else if (key == "exports" || key == "reexports") {
        auto* entries = llvm::dyn_cast_or_null<llvm::yaml::SequenceNode>(pair.getValue());
        if (entries == nullptr) continue;
        for (llvm::yaml::Node& entry : *entries) ReadExports(entry, arch, &names);
      } else {
        pair.skip();
      }
    }
  }
  if (stream.failed() || !is_stub)
    return absl::DataLossError(absl::StrCat(path, " is not a version 4 text stub (.tbd)"));
  return names;
}

absl::StatusOr<std::set<std::string>> ReadTextStub(const std::string& path, absl::string_view arch) {
  const absl::StatusOr<std::string> text = support::ReadFile(path);
  if (!text.ok()) return text.status();
  return ParseTextStub(*text, path, arch);
}

}  // namespace cgo_ld_shim::darwin

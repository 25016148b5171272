#include "tests/golden/yaml_value.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Casting.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"

namespace cgo_ld_shim::golden {
namespace {

namespace yaml = llvm::yaml;

std::string Scalar(yaml::Node* node) {
  llvm::SmallString<256> storage;
  if (auto* scalar = llvm::dyn_cast_or_null<yaml::ScalarNode>(node)) return scalar->getValue(storage).str();
  if (auto* block = llvm::dyn_cast_or_null<yaml::BlockScalarNode>(node)) return block->getValue().str();
  return "";
}

Value Read(yaml::Node* node) {
  Value value;
  if (auto* mapping = llvm::dyn_cast_or_null<yaml::MappingNode>(node)) {
    for (yaml::KeyValueNode& field : *mapping) {
      std::string key = Scalar(field.getKey());
      value.fields.push_back({.name = std::move(key), .value = Read(field.getValue())});
    }
  } else if (auto* sequence = llvm::dyn_cast_or_null<yaml::SequenceNode>(node)) {
    for (yaml::Node& item : *sequence) value.items.push_back(Read(&item));
  } else {
    value.text = Scalar(node);
  }
  return value;
}

}  // namespace

const Value* Value::Find(absl::string_view key) const {
  for (const auto& [name, value] : fields) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::string Value::Text(absl::string_view key) const {
  const Value* value = Find(key);
  return value == nullptr ? "" : value->text;
}

std::vector<std::string> Value::Texts(absl::string_view key) const {
  std::vector<std::string> texts;
  if (const Value* value = Find(key)) {
    for (const Value& item : value->items) texts.push_back(item.text);
  }
  return texts;
}

Value ParseYaml(const std::string& text, const std::string& name) {
  llvm::SourceMgr sources;
  yaml::Stream stream(llvm::MemoryBufferRef(text, name), sources);
  Value value;
  for (yaml::Document& document : stream) {
    // A file of comments alone is an empty document.
    if (yaml::Node* root = document.getRoot()) value = Read(root);
    break;
  }
  if (stream.failed()) {
    std::fprintf(stderr, "%s: not YAML (message above)\n", name.c_str());
    std::abort();
  }
  return value;
}

}  // namespace cgo_ld_shim::golden

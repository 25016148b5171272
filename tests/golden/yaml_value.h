// A YAML document as a value, with its fields in the order in which they stand there: what a person lists first comes
// first in the archive.
//
// Example:
//   Value document = ParseYaml("libz.a: { members: { a.o: { defines: [f, weak g] } } }", "objects.yaml");
//   for (const auto& [path, file] : document.fields) … file.Find("members") …
//
// LLVM's parser reads; its YAMLTraits, which would fill structs, lose that order. A mistake ends the test program with
// LLVM's message.
#ifndef CGO_LD_SHIM_TESTS_GOLDEN_YAML_VALUE_H_
#define CGO_LD_SHIM_TESTS_GOLDEN_YAML_VALUE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cgo_ld_shim::golden {

struct Field;

struct Value {
  std::string text;           // of a scalar
  std::vector<Value> items;   // of a sequence
  std::vector<Field> fields;  // of a mapping

  const Value* Find(absl::string_view key) const;  // nullptr: there is no such field
  std::string Text(absl::string_view key) const;   // empty: there is no such field
  // The items of a field; none: there is no such field.
  std::vector<std::string> Texts(absl::string_view key) const;
};

struct Field {
  std::string name;
  Value value;
};

// `name` is for the message of a mistake.
Value ParseYaml(const std::string& text, const std::string& name);

}  // namespace cgo_ld_shim::golden

#endif  // CGO_LD_SHIM_TESTS_GOLDEN_YAML_VALUE_H_

// The list of components as it travels inside a program: the JSON of an ELF note of owner FDO, type 0xcafe1a7e
// (https://uapi-group.org/specifications/specs/package_metadata_for_executable_files/). The convention's own fields are
// type, name, architecture, os and osVersion; `components` is ours. No path, no time: the same inputs give the same
// note anywhere.
#include "absl/strings/str_cat.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "sbom/sbom.h"
#include "support/printable.h"

namespace cgo_ld_shim::sbom {
namespace {

namespace json = llvm::json;

constexpr char kType[] = "cgo-ld-shim";

std::string Text(const json::Object& object, const char* key) {
  const auto text = object.getString(key);
  return text ? text->str() : "";
}

}  // namespace

std::string PackageNote(const std::vector<Component>& components, const NoteHeader& header) {
  std::string text;
  llvm::raw_string_ostream out(text);
  json::OStream writer(out);
  const auto attribute = [&](const char* key, const std::string& value) {
    if (!value.empty()) writer.attribute(key, json::Value(support::Utf8(value)));
  };
  writer.object([&] {
    attribute("type", kType);
    attribute("name", header.name);
    attribute("architecture", header.architecture);
    attribute("os", header.distribution);
    attribute("osVersion", header.distribution_version);
    writer.attributeArray("components", [&] {
      for (const Component& component : components) {
        writer.object([&] {
          attribute("name", component.name);
          attribute("sha256", component.sha256);
          writer.attribute("bytes", component.bytes);
          if (component.members > 0) writer.attribute("members", static_cast<uint64_t>(component.members));
          if (component.symbols > 0) writer.attribute("symbols", static_cast<uint64_t>(component.symbols));
          if (component.isolated) writer.attribute("isolated", true);
          attribute("type", component.package.type);
          attribute("package", component.package.name);
          attribute("version", component.package.version);
          attribute("architecture", component.package.architecture);
          attribute("source", component.package.source);
          attribute("licence", component.package.licence);
          attribute("pc", component.pc_name);
          attribute("pc_version", component.pc_version);
        });
      }
    });
  });
  return text;
}

std::vector<Component> PackageNoteComponents(absl::string_view note, NoteHeader* header) {
  std::vector<Component> components;
  llvm::Expected<json::Value> value = json::parse(llvm::StringRef(note.data(), note.size()));
  if (!value) {
    llvm::consumeError(value.takeError());
    return components;
  }
  const json::Object* object = value->getAsObject();
  if (object == nullptr || Text(*object, "type") != kType) return components;
  *header = {Text(*object, "name"), Text(*object, "architecture"), Text(*object, "os"), Text(*object, "osVersion")};
  const json::Array* array = object->getArray("components");
  if (array == nullptr) return components;
  for (const json::Value& item : *array) {
    const json::Object* fields = item.getAsObject();
    if (fields == nullptr || Text(*fields, "name").empty()) continue;
    const auto number = [&](const char* key) {
      const auto got = fields->getInteger(key);
      return got && *got > 0 ? static_cast<uint64_t>(*got) : 0;
    };
    components.push_back({.name = Text(*fields, "name"),
                          .sha256 = Text(*fields, "sha256"),
                          .bytes = number("bytes"),
                          .members = static_cast<size_t>(number("members")),
                          .symbols = static_cast<size_t>(number("symbols")),
                          .isolated = fields->getBoolean("isolated").value_or(false),
                          .package = {.type = Text(*fields, "type"),
                                      .name = Text(*fields, "package"),
                                      .version = Text(*fields, "version"),
                                      .architecture = Text(*fields, "architecture"),
                                      .source = Text(*fields, "source"),
                                      .licence = Text(*fields, "licence")},
                          .pc_name = Text(*fields, "pc"),
                          .pc_version = Text(*fields, "pc_version")});
  }
  return components;
}

}  // namespace cgo_ld_shim::sbom

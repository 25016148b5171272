// capture.json, and back.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "capture/capture.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "support/file.h"
#include "support/json_depth.h"
#include "support/printable.h"

namespace cgo_ld_shim::capture {
namespace {

namespace json = llvm::json;

llvm::StringRef Ref(absl::string_view text) { return {text.data(), text.size()}; }

// JSON is UTF-8; what other people's variables and names hold may not be.
void GetText(const json::Object& object, llvm::StringRef name, std::string* text) {
  if (const auto value = object.getString(name)) *text = value->str();
}

void GetTexts(const json::Object& object, llvm::StringRef name, std::vector<std::string>* texts) {
  const json::Array* array = object.getArray(name);
  if (array == nullptr) return;
  for (const json::Value& value : *array) {
    if (const auto text = value.getAsString()) texts->push_back(text->str());
  }
}

}  // namespace

uint64_t Capture::InputBytes() const {
  uint64_t bytes = 0;
  for (const Input& input : inputs) bytes += input.bytes;
  return bytes;
}

std::string ToJson(const Capture& capture) {
  std::string text;
  llvm::raw_string_ostream out(text);
  json::OStream stream(out, /*IndentSize=*/2);
  const auto texts = [&](const char* name, const std::vector<std::string>& values) {
    stream.attributeArray(name, [&] {
      for (const std::string& value : values) stream.value(support::Utf8(value));
    });
  };
  stream.object([&] {
    stream.attribute("schema", capture.schema);
    stream.attribute("version", capture.version);
    stream.attribute("linker", support::Utf8(capture.linker));
    stream.attribute("zlib", capture.zlib);
    stream.attribute("package", support::Utf8(capture.package));
    stream.attribute("mode", capture.mode);
    stream.attribute("target", capture.target);
    stream.attribute("libc", capture.libc);
    stream.attribute("compiler", support::Utf8(capture.compiler));
    stream.attribute("fingerprint", capture.fingerprint);
    texts("driver", capture.driver);
    stream.attribute("exit_status", capture.exit_status);
    stream.attribute("output_bytes", static_cast<int64_t>(capture.output_bytes));
    stream.attribute("output_sha256", capture.output_sha256);
    texts("argv", capture.argv);
    stream.attributeObject("environment", [&] {
      for (const auto& [name, value] : capture.environment) stream.attribute(support::Utf8(name), support::Utf8(value));
    });
    stream.attributeArray("phases_ms", [&] {
      for (const auto& [phase, ms] : capture.phases_ms) {
        stream.object([&] {
          stream.attribute("phase", phase);
          stream.attribute("ms", ms);
        });
      }
    });
    stream.attributeArray("inputs", [&] {
      for (const Input& input : capture.inputs) {
        stream.object([&] {
          stream.attribute("path", input.path);
          stream.attribute("from", support::Utf8(input.from));
          stream.attribute("origin", input.origin);
          stream.attribute("bytes", static_cast<int64_t>(input.bytes));
        });
      }
    });
    texts("notes", capture.notes);
  });
  out << "\n";
  return text;
}

absl::StatusOr<Capture> FromJson(absl::string_view text) {
  if (support::IsNestedTooDeep(text)) return absl::DataLossError("it is nested too deep");
  llvm::Expected<json::Value> value = json::parse(Ref(text));
  if (!value) return absl::DataLossError(llvm::toString(value.takeError()));
  const json::Object* object = value->getAsObject();
  if (object == nullptr || !object->getInteger("schema")) return absl::DataLossError("it is not a capture");
  Capture capture;
  capture.schema = static_cast<int>(*object->getInteger("schema"));
  if (capture.schema > kSchemaVersion) {
    return absl::UnimplementedError(absl::StrCat("it is of schema ", capture.schema, ", and this program knows ",
                                                 kSchemaVersion, ": a newer cgo-ld-shim made it"));
  }
  GetText(*object, "version", &capture.version);
  GetText(*object, "linker", &capture.linker);
  GetText(*object, "zlib", &capture.zlib);
  GetText(*object, "package", &capture.package);
  GetText(*object, "mode", &capture.mode);
  GetText(*object, "target", &capture.target);
  GetText(*object, "libc", &capture.libc);
  GetText(*object, "compiler", &capture.compiler);
  GetText(*object, "fingerprint", &capture.fingerprint);
  GetTexts(*object, "driver", &capture.driver);
  capture.exit_status = static_cast<int>(object->getInteger("exit_status").value_or(0));
  capture.output_bytes = static_cast<uint64_t>(object->getInteger("output_bytes").value_or(0));
  GetText(*object, "output_sha256", &capture.output_sha256);
  GetTexts(*object, "argv", &capture.argv);
  if (const json::Object* environment = object->getObject("environment")) {
    for (const auto& entry : *environment) {
      if (const auto variable = entry.second.getAsString())
        capture.environment.emplace_back(entry.first.str(), variable->str());
    }
    std::sort(capture.environment.begin(), capture.environment.end());
  }
  if (const json::Array* phases = object->getArray("phases_ms")) {
    for (const json::Value& entry : *phases) {
      const json::Object* phase = entry.getAsObject();
      if (phase == nullptr) continue;
      std::string name;
      GetText(*phase, "phase", &name);
      capture.phases_ms.emplace_back(name, phase->getNumber("ms").value_or(0));
    }
  }
  if (const json::Array* inputs = object->getArray("inputs")) {
    for (const json::Value& entry : *inputs) {
      const json::Object* from = entry.getAsObject();
      if (from == nullptr) continue;
      Input input;
      GetText(*from, "path", &input.path);
      GetText(*from, "from", &input.from);
      GetText(*from, "origin", &input.origin);
      input.bytes = static_cast<uint64_t>(from->getInteger("bytes").value_or(0));
      capture.inputs.push_back(std::move(input));
    }
  }
  GetTexts(*object, "notes", &capture.notes);
  return capture;
}

absl::StatusOr<Capture> LoadManifest(const std::string& directory) {
  const std::string path = absl::StrCat(directory, "/", kManifestName);
  const absl::StatusOr<std::string> text = support::ReadFile(path);
  if (!text.ok()) {
    if (!absl::IsNotFound(text.status())) return text.status();
    return absl::NotFoundError(support::IsDirectory(directory)
                                   ? absl::StrCat(directory, " is not a capture: it has no ", kManifestName)
                                   : absl::StrCat(directory, " is not there"));
  }
  absl::StatusOr<Capture> capture = FromJson(*text);
  if (!capture.ok()) return absl::Status(capture.status().code(), absl::StrCat(path, ": ", capture.status().message()));
  return capture;
}

absl::Status CheckComplete(const Capture& capture, const std::string& directory) {
  for (const Input& input : capture.inputs) {
    const std::string file = absl::StrCat(directory, "/", input.path);
    const auto identity = support::Identify(file);
    if (!identity) return absl::DataLossError(absl::StrCat(file, " is missing: the capture is not complete"));
    if (identity->size != input.bytes) {
      return absl::DataLossError(
          absl::StrCat(file, " has ", identity->size, " bytes and had ", input.bytes, " when it was captured"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Capture> Load(const std::string& directory) {
  absl::StatusOr<Capture> capture = LoadManifest(directory);
  if (!capture.ok()) return capture;
  if (absl::Status complete = CheckComplete(*capture, directory); !complete.ok()) return complete;
  return capture;
}

}  // namespace cgo_ld_shim::capture

// A record as one line of JSON, and back.
//
// The writer names each field in the order of the struct, so that a person who reads the line meets the outcome before
// the argument vectors; llvm::json::Object would sort the names. The reader takes what it finds and leaves the rest at
// its default: a record may come from another version of this program, or from a disk that was full.
#include "report/record.h"

#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "fmt/format.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "support/json_depth.h"
#include "support/open_id.h"
#include "support/printable.h"

namespace cgo_ld_shim::report {
namespace {

namespace json = llvm::json;

using diagnose::WayOut;
using rules::Edit;
using symbols::Evidence;

// Between a way out's action and its meaning. Versions before this one wrote two blanks or more.
constexpr absl::string_view kGap = "    ";

// Writing. Names of files and symbols are bytes; JSON is UTF-8. What is not UTF-8 becomes U+FFFD.

class Writer {
 public:
  explicit Writer(llvm::raw_ostream& out) : json_(out) {}

  void Write(const LinkRecord& record) {
    json_.object([&] {
      json_.attribute("schema", record.schema);
      Text("version", record.version);
      json_.attribute("time_ms", record.time_ms);
      Text("outcome", record.outcome);
      Text("package", record.package);
      Text("output", record.output);
      json_.attribute("output_size", record.output_size);
      Text("build_id", record.build_id);
      Text("cwd", record.cwd);
      Text("mode", record.mode);
      Text("target", record.target);
      Text("libc", record.libc.ToString());
      Text("compiler", record.compiler);
      Text("linker", record.linker);
      Text("fingerprint", record.fingerprint);
      Texts("argv", record.argv);
      Texts("driver_argv", record.driver_argv);
      Texts("linker_argv", record.linker_argv);
      Objects("rewrites", record.edits, [&](const Edit& edit) {
        Text("rule", edit.rule.text());
        Texts("before", edit.before);
        Texts("after", edit.after);
        Text("because", edit.because);
        Objects("evidence", edit.evidence, [&](const Evidence& evidence) { WriteEvidence(evidence); });
      });
      Objects("inputs", record.inputs, [&](const InputRecord& input) {
        Text("path", input.path);
        Text("kind", input.kind);
        Text("origin", input.origin);
        json_.attribute("bytes", input.bytes);
        Text("as", input.as);
        Texts("members", input.members);
        json_.attribute("used_bytes", input.used_bytes);
        json_.attributeObject("first_use", [&] { WriteEvidence(input.first_use); });
      });
      Objects("missing", record.missing, [&](const MissingRecord& missing) {
        Text("symbol", missing.symbol);
        Text("demangled", missing.demangled);
        json_.attribute("from_program", missing.from_program);
        Texts("wanted_by", missing.wanted_by);
        if (!missing.places.empty()) {
          Objects("places", missing.places, [&](const symbols::Place& place) {
            Text("file", place.file);
            json_.attribute("line", place.line);
            Text("function", place.function);
          });
        }
        if (!missing.on_behalf_of.empty()) Text("on_behalf_of", missing.on_behalf_of);
        Text("package", missing.package);
        Text("named_by", missing.named_by);
        Text("shared_library", missing.shared_library);
        Text("owner_package", missing.owner_package);
        if (missing.archive_beside) json_.attribute("archive_beside", *missing.archive_beside);
        if (missing.data) json_.attribute("data", true);
        Text("cause", missing.cause.text());
        Text("hint", missing.hint);
        Texts("candidates", missing.candidates);
      });
      json_.attributeArray("ways_out", [&] {
        for (const WayOut& way : record.ways_out) json_.value(json::Value(support::Utf8(WayOutText(way))));
      });
      Texts("unresolved", record.unresolved);
      Texts("program_uses", record.program_uses);
      Texts("notes", record.notes);
      Texts("searched", record.searched);
      Objects("phases_ms", record.phases_ms, [&](const std::pair<std::string, double>& phase) {
        Text("phase", phase.first);
        json_.attributeBegin("ms");
        // Microseconds are as fine as a clock is meant; JSON has no word for what is not finite.
        json_.rawValue(fmt::format("{:.3f}", std::isfinite(phase.second) ? phase.second : 0.0));
        json_.attributeEnd();
      });
      Objects("lost", record.lost, [&](const LostAttempt& lost) {
        Text("linker", lost.linker);
        Text("mode", lost.mode);
        json_.attribute("exit_status", lost.exit_status);
        json_.attribute("signal", lost.signal);
        Text("said", lost.said);
      });
      json_.attribute("exit_status", record.exit_status);
    });
  }

 private:
  void WriteEvidence(const Evidence& evidence) {
    Text("symbol", evidence.symbol);
    Text("wanted_by", evidence.wanted_by);
    Text("provided_by", evidence.provided_by);
  }
  void Text(const char* key, const std::string& text) { json_.attribute(key, json::Value(support::Utf8(text))); }
  void Texts(const char* key, const std::vector<std::string>& texts) {
    json_.attributeArray(key, [&] {
      for (const std::string& text : texts) json_.value(json::Value(support::Utf8(text)));
    });
  }
  template <class Items, class WriteFields>
  void Objects(const char* key, const Items& items, const WriteFields& write_fields) {
    json_.attributeArray(key, [&] {
      for (const auto& item : items) json_.object([&] { write_fields(item); });
    });
  }
  static std::string WayOutText(const WayOut& way) {
    return way.meaning.empty() ? way.action : absl::StrCat(way.action, kGap, way.meaning);
  }

  json::OStream json_;
};

// Reading. Each of these leaves its target alone when the field is absent or of another type.

void Read(const json::Object& object, const char* key, std::string* out) {
  if (const auto text = object.getString(key)) *out = text->str();
}
template <class Id>
void Read(const json::Object& object, const char* key, support::OpenId<Id>* out) {
  std::string text;
  Read(object, key, &text);
  *out = support::OpenId<Id>::FromText(text);
}
void Read(const json::Object& object, const char* key, bool* out) {
  if (const auto value = object.getBoolean(key)) *out = *value;
}
void Read(const json::Object& object, const char* key, int* out) {
  if (const auto value = object.getInteger(key)) *out = static_cast<int>(*value);
}
void Read(const json::Object& object, const char* key, int64_t* out) {
  if (const auto value = object.getInteger(key)) *out = *value;
}
void Read(const json::Object& object, const char* key, uint64_t* out) {
  if (const json::Value* value = object.get(key)) {
    if (const auto number = value->getAsUINT64()) *out = *number;
  }
}
void Read(const json::Object& object, const char* key, std::vector<std::string>* out) {
  const json::Array* array = object.getArray(key);
  if (array == nullptr) return;
  for (const json::Value& value : *array) {
    if (const auto text = value.getAsString()) out->push_back(text->str());
  }
}
template <class Item, class ReadFields>
void ReadObjects(const json::Object& object, const char* key, std::vector<Item>* out, const ReadFields& read_fields) {
  const json::Array* array = object.getArray(key);
  if (array == nullptr) return;
  for (const json::Value& value : *array) {
    if (const json::Object* item = value.getAsObject()) read_fields(*item, &out->emplace_back());
  }
}

void ReadEvidence(const json::Object& object, Evidence* evidence) {
  Read(object, "symbol", &evidence->symbol);
  Read(object, "wanted_by", &evidence->wanted_by);
  Read(object, "provided_by", &evidence->provided_by);
}

void ReadEdit(const json::Object& object, Edit* edit) {
  Read(object, "rule", &edit->rule);
  Read(object, "before", &edit->before);
  Read(object, "after", &edit->after);
  Read(object, "because", &edit->because);
  ReadObjects(object, "evidence", &edit->evidence, ReadEvidence);
}

void ReadInput(const json::Object& object, InputRecord* input) {
  Read(object, "path", &input->path);
  Read(object, "kind", &input->kind);
  Read(object, "origin", &input->origin);
  Read(object, "bytes", &input->bytes);
  Read(object, "as", &input->as);
  Read(object, "members", &input->members);
  Read(object, "used_bytes", &input->used_bytes);
  if (const json::Object* first_use = object.getObject("first_use")) ReadEvidence(*first_use, &input->first_use);
}

void ReadMissing(const json::Object& object, MissingRecord* missing) {
  Read(object, "symbol", &missing->symbol);
  Read(object, "demangled", &missing->demangled);
  Read(object, "from_program", &missing->from_program);
  Read(object, "wanted_by", &missing->wanted_by);
  ReadObjects(object, "places", &missing->places, [](const json::Object& item, symbols::Place* place) {
    Read(item, "file", &place->file);
    place->line = static_cast<uint32_t>(item.getInteger("line").value_or(0));
    Read(item, "function", &place->function);
  });
  Read(object, "on_behalf_of", &missing->on_behalf_of);
  Read(object, "package", &missing->package);
  Read(object, "named_by", &missing->named_by);
  Read(object, "shared_library", &missing->shared_library);
  Read(object, "owner_package", &missing->owner_package);
  missing->archive_beside = object.getBoolean("archive_beside");
  missing->data = object.getBoolean("data").value_or(false);
  Read(object, "cause", &missing->cause);
  Read(object, "hint", &missing->hint);
  Read(object, "candidates", &missing->candidates);
}

WayOut ReadWayOut(absl::string_view text) {
  // Of an action with two blanks in it, a file's name, four tell the end.
  size_t gap = text.find(kGap);
  if (gap == absl::string_view::npos) gap = text.find("  ");
  if (gap == absl::string_view::npos) return {std::string(text)};
  return {std::string(text.substr(0, gap)), std::string(absl::StripLeadingAsciiWhitespace(text.substr(gap)))};
}

void ReadLost(const json::Object& object, LostAttempt* lost) {
  Read(object, "linker", &lost->linker);
  Read(object, "mode", &lost->mode);
  Read(object, "exit_status", &lost->exit_status);
  Read(object, "signal", &lost->signal);
  Read(object, "said", &lost->said);
}

}  // namespace

std::string ToJson(const LinkRecord& record) {
  std::string line;
  llvm::raw_string_ostream out(line);
  Writer(out).Write(record);
  return line;
}

absl::StatusOr<LinkRecord> FromJson(absl::string_view line) {
  if (support::IsNestedTooDeep(line)) return absl::DataLossError("not a record: nested too deeply");
  llvm::Expected<json::Value> value = json::parse(llvm::StringRef(line.data(), line.size()));
  if (!value) return absl::DataLossError(absl::StrCat("not a record: ", llvm::toString(value.takeError())));
  const json::Object* object = value->getAsObject();
  LinkRecord record;
  record.schema = 0;
  if (object != nullptr) Read(*object, "schema", &record.schema);
  if (record.schema < 1) return absl::DataLossError("not a record: it has no schema number");
  if (record.schema > kSchemaVersion) {
    return absl::FailedPreconditionError(absl::StrCat(
        "a record of schema ", record.schema, ", made by a later cgo-ld-shim; this one reads ", kSchemaVersion));
  }
  Read(*object, "version", &record.version);
  Read(*object, "time_ms", &record.time_ms);
  Read(*object, "outcome", &record.outcome);
  Read(*object, "package", &record.package);
  Read(*object, "output", &record.output);
  Read(*object, "output_size", &record.output_size);
  Read(*object, "build_id", &record.build_id);
  Read(*object, "cwd", &record.cwd);
  Read(*object, "mode", &record.mode);
  Read(*object, "target", &record.target);
  record.libc = target::ParseLibc(object->getString("libc").value_or("").str());
  Read(*object, "compiler", &record.compiler);
  Read(*object, "linker", &record.linker);
  Read(*object, "fingerprint", &record.fingerprint);
  Read(*object, "argv", &record.argv);
  Read(*object, "driver_argv", &record.driver_argv);
  Read(*object, "linker_argv", &record.linker_argv);
  ReadObjects(*object, "rewrites", &record.edits, ReadEdit);
  ReadObjects(*object, "inputs", &record.inputs, ReadInput);
  ReadObjects(*object, "missing", &record.missing, ReadMissing);
  std::vector<std::string> ways_out;
  Read(*object, "ways_out", &ways_out);
  for (const std::string& text : ways_out) record.ways_out.push_back(ReadWayOut(text));
  Read(*object, "unresolved", &record.unresolved);
  Read(*object, "program_uses", &record.program_uses);
  Read(*object, "notes", &record.notes);
  Read(*object, "searched", &record.searched);
  ReadObjects(*object, "phases_ms", &record.phases_ms,
              [](const json::Object& item, std::pair<std::string, double>* phase) {
                Read(item, "phase", &phase->first);
                if (const auto ms = item.getNumber("ms")) phase->second = *ms;
              });
  ReadObjects(*object, "lost", &record.lost, ReadLost);
  Read(*object, "exit_status", &record.exit_status);
  return record;
}

}  // namespace cgo_ld_shim::report

// The facts for programs: docs/check.md is this file in words. Fields stand in the order of the struct and are always
// there; what does not apply is empty, false or null.
#include "llvm/Support/JSON.h"
#include "absl/strings/str_cat.h"
#include "inspect/inspect.h"
#include "llvm/Support/raw_ostream.h"
#include "support/printable.h"

namespace cgo_ld_shim::inspect {
namespace {

namespace json = llvm::json;

constexpr int kSchema = 1;

const char* NameOf(Certainty certainty) {
  switch (certainty) {
    case Certainty::kNo:
      return "no";
    case Certainty::kPresent:
      return "present";
    case Certainty::kUsed:
      return "used";
  }
  return "";
}

const char* NameOf(Level level) {
  switch (level) {
    case Level::kGood:
      return "good";
    case Level::kLimit:
      return "limit";
    case Level::kProblem:
      return "problem";
  }
  return "";
}

class Writer {
 public:
  explicit Writer(llvm::raw_ostream& out) : json_(out, /*IndentSize=*/2) {}

  void Write(const std::vector<Inspection>& inspections) {
    json_.object([&] {
      json_.attribute("schema", kSchema);
      json_.attributeArray("binaries", [&] {
        for (const Inspection& inspection : inspections) {
          if (!inspection.error.empty()) {
            json_.object([&] {
              Text("path", inspection.path);
              Text("error", inspection.error);
              json_.attribute("exit_status", 2);
            });
          }
          for (const auto& [facts, verdict] : inspection.binaries) {
            json_.object([&, &facts = facts, &verdict = verdict] { Binary(facts, verdict); });
          }
        }
      });
    });
  }

 private:
  void Binary(const BinaryFacts& facts, const Verdict& verdict) {
    Text("path", facts.path);
    json_.attribute("bytes", facts.bytes);
    Text("format", facts.format);
    Text("architecture", facts.architecture);
    json_.attribute("bits", facts.bits);
    json_.attribute("big_endian", facts.big_endian);
    Text("system", facts.system);
    Text("type", facts.type);
    json_.attribute("static", facts.IsStatic());
    Text("interpreter", facts.interpreter);
    Texts("needed", facts.needed);
    Texts("run_paths", facts.run_paths);
    Text("relro", facts.relro);
    Text("stack", facts.stack);
    json_.attribute("thread_stack_bytes", facts.thread_stack_bytes);
    json_.attribute("text_relocations", facts.text_relocations);
    Texts("writable_code", facts.writable_code);
    json_.attribute("stripped", facts.stripped);
    Text("build_id", facts.build_id);
    json_.attributeBegin("go");
    Go(facts.go);
    json_.attributeEnd();
    json_.attribute("externally_linked", facts.externally_linked);
    Text("libc", std::string(facts.libc.Name()));
    Text("libc_version", facts.libc.version);
    json_.attribute("libc_version_is_least", facts.libc_version_is_least);
    Text("least_system", facts.least_system);
    Text("cxx_runtime", facts.cxx_runtime);
    Texts("compilers", facts.compilers);
    json_.attributeArray("uses", [&] {
      for (const Use& use : facts.uses) {
        json_.object([&] {
          Text("what", use.what);
          json_.attribute("certainty", NameOf(use.certainty));
          Texts("symbols", use.symbols);
          Texts("users", use.users);
        });
      }
    });
    json_.attribute("nss_files", facts.nss_files);
    json_.attributeArray("rescued", [&] {
      for (const rescue::Note& note : facts.rescued) {
        json_.object([&] {
          Text("row", note.row);
          Text("subject", note.subject);
          Text("package", note.package);
          Text("version", note.version);
          Text("go_package", note.go_package);
        });
      }
    });
    Texts("stubs", facts.stubs);
    Texts("unresolved", facts.unresolved);
    PackageNote(facts.package_note);
    json_.attribute("has_record", facts.has_record);
    json_.attributeArray("archives", [&] {
      for (const ArchiveUse& archive : facts.archives) {
        json_.object([&] {
          Text("path", archive.path);
          Text("origin", archive.origin);
          Text("as", archive.as);
          Texts("members", archive.members);
          json_.attribute("file_bytes", archive.file_bytes);
          json_.attribute("member_bytes",
                          archive.member_bytes ? json::Value(*archive.member_bytes) : json::Value(nullptr));
          json_.attribute("isolated", archive.isolated);
        });
      }
    });
    Texts("changed", facts.changed);
    Texts("isolated", facts.isolated);
    json_.attributeArray("findings", [&] {
      for (const Finding& finding : verdict.findings) {
        json_.object([&] {
          Text("id", finding.id);
          json_.attribute("level", NameOf(finding.level));
          Text("subject", finding.subject);
          Text("meaning", finding.meaning);
          Text("way_out", finding.way_out);
        });
      }
    });
    json_.attribute("exit_status", verdict.exit_status);
  }

  void Go(const GoFacts& go) {
    if (!go.present) {
      json_.value(nullptr);
      return;
    }
    json_.object([&] {
      Text("version", go.version);
      Text("build_id", go.build_id);
      Text("package", go.package);
      json_.attributeBegin("main");
      json_.object([&] { Module(go.main); });
      json_.attributeEnd();
      json_.attributeArray("modules", [&] {
        for (const GoModule& module : go.modules) json_.object([&] { Module(module); });
      });
      json_.attribute("verifies_certificates", go.verifies_certificates);
      json_.attribute("brings_certificates", go.brings_certificates);
      json_.attribute("loads_time_zones", go.loads_time_zones);
      json_.attribute("brings_time_zones", go.brings_time_zones);
      json_.attributeObject("settings", [&] {
        for (const auto& [key, value] : go.settings)
          json_.attribute(support::Utf8(key), json::Value(support::Utf8(value)));
      });
    });
  }

  void Module(const GoModule& module) {
    Text("path", module.path);
    Text("version", module.version);
    Text("hash", module.hash);
  }

  // As JSON where it is that, otherwise as the text that it is.
  void PackageNote(const std::string& note) {
    if (note.empty()) {
      json_.attribute("package_note", nullptr);
      return;
    }
    llvm::Expected<json::Value> value = json::parse(note);
    if (value) {
      json_.attribute("package_note", *value);
      return;
    }
    llvm::consumeError(value.takeError());
    Text("package_note", note);
  }

  void Text(const char* key, const std::string& text) { json_.attribute(key, json::Value(support::Utf8(text))); }
  void Texts(const char* key, const std::vector<std::string>& texts) {
    json_.attributeArray(key, [&] {
      for (const std::string& text : texts) json_.value(json::Value(support::Utf8(text)));
    });
  }

  json::OStream json_;
};

}  // namespace

std::string ToJson(const std::vector<Inspection>& inspections) {
  std::string text;
  llvm::raw_string_ostream out(text);
  Writer(out).Write(inspections);
  return absl::StrCat(text, "\n");
}

}  // namespace cgo_ld_shim::inspect

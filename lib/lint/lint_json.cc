// The reports for programs: docs/lint.md is this file in words. Fields stand in the order of the structs and are always
// there; what does not apply is empty or 0.
#include "lint/lint.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "support/printable.h"

namespace cgo_ld_shim::lint {
namespace {

constexpr int kSchema = 1;

const char* NameOf(inspect::Level level) {
  switch (level) {
    case inspect::Level::kGood:
      return "good";
    case inspect::Level::kLimit:
      return "limit";
    case inspect::Level::kProblem:
      return "problem";
  }
  return "";
}

class Writer {
 public:
  explicit Writer(llvm::raw_ostream& out) : json_(out, /*IndentSize=*/2) {}

  void Write(const std::vector<Linted>& all) {
    json_.object([&] {
      json_.attribute("schema", kSchema);
      json_.attributeArray("archives", [&] {
        for (const Linted& linted : all) {
          json_.object([&] {
            Text("path", linted.path);
            if (linted.error.empty()) {
              Facts(linted.report.facts);
              Conclusions(linted.report);
            } else {
              Text("error", linted.error);
              json_.attribute("exit_status", 2);
            }
          });
        }
      });
    });
  }

 private:
  void Text(llvm::StringRef name, absl::string_view value) { json_.attribute(name, support::Utf8(value)); }
  void Texts(llvm::StringRef name, const std::vector<std::string>& values) {
    json_.attributeArray(name, [&] {
      for (const std::string& value : values) json_.value(support::Utf8(value));
    });
  }
  void Number(llvm::StringRef name, uint64_t value) { json_.attribute(name, value); }

  void Facts(const ArchiveFacts& facts) {
    Number("bytes", facts.bytes);
    Number("debug_bytes", facts.debug_bytes);
    Number("members", facts.members);
    Number("objects", facts.objects);
    Texts("foreign", facts.foreign);
    Texts("architectures", facts.architectures);
    Text("libc", target::FamilyName(facts.libc));
    Text("libc_because", facts.libc_because);
    Text("least_glibc", facts.least_glibc);
    Text("least_glibc_needs", facts.least_glibc_needs);
    Text("cxx_runtime", facts.cxx_runtime);
    Texts("compilers", facts.compilers);
    Text("rust", facts.rust);
    Text("panic", facts.panic);
    Number("unwinder_names", facts.unwinder_names);
    Number("bitcode", facts.bitcode);
    Number("gimple", facts.gimple);
    Number("old_constructors", facts.old_constructors);
    Number("ifuncs", facts.ifuncs);
    Number("executable_stacks", facts.executable_stacks);
    Number("not_pic", facts.not_pic);
    Text("cpu", facts.cpu);
    Number("build_paths", facts.build_paths);
    Text("build_path", facts.build_path);
    Texts("api", facts.api);
    json_.attribute("api_is_mangled", facts.api_is_mangled);
    Texts("runtime_names", facts.runtime_names);
    json_.attributeArray("clashes", [&] {
      for (const Clash& clash : facts.clashes) {
        json_.object([&] {
          Text("library", clash.library);
          Texts("names", clash.names);
        });
      }
    });
  }

  void Conclusions(const Report& report) {
    json_.attributeArray("targets", [&] {
      for (const TargetResult& target : report.targets) {
        json_.object([&] {
          Text("os", target.os);
          Text("arch", target.arch);
          Text("libc", target.libc.Name());
          Text("libc_version", target.libc.version);
          Text("outcome", NameOf(target.outcome));
          Texts("libraries", target.libraries);
          json_.attribute("cycle", target.cycle);
          Texts("aids", target.aids);
          Text("reason", target.reason);
          Texts("details", target.details);
          Texts("ways_out", target.ways_out);
        });
      }
    });
    json_.attributeArray("findings", [&] {
      for (const inspect::Finding& finding : report.findings) {
        json_.object([&] {
          Text("id", finding.id);
          Text("level", NameOf(finding.level));
          Text("subject", finding.subject);
          Text("meaning", finding.meaning);
          Text("way_out", finding.way_out);
        });
      }
    });
    Texts("cgo", report.cgo_lines);
    json_.attribute("exit_status", report.exit_status);
  }

  llvm::json::OStream json_;
};

}  // namespace

const char* NameOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kLinks:
      return "links";
    case Outcome::kAided:
      return "aided";
    case Outcome::kCannot:
      return "cannot";
    case Outcome::kNotTried:
      return "not-tried";
  }
  return "";
}

std::string ToJson(const std::vector<Linted>& all) {
  std::string text;
  llvm::raw_string_ostream out(text);
  Writer(out).Write(all);
  return text + "\n";
}

}  // namespace cgo_ld_shim::lint

// A bill as CycloneDX 1.5 and as SPDX 2.3, both JSON.
//
// Both want an identity and a time. The identity is a hash of all that the bill says, written as a UUID (RFC 4122, with
// the version and variant bits of a name-based one); the time is that of the link. So the same link gives the same
// bytes.
#include <cstdio>
#include <ctime>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "fmt/format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "sbom/sbom.h"
#include "support/printable.h"
#include "support/sha256.h"

namespace cgo_ld_shim::sbom {
namespace {

namespace json = llvm::json;

constexpr char kPropertyPrefix[] = "cgo-ld-shim:";

std::string TimeText(int64_t time_ms) {
  const std::time_t seconds = static_cast<std::time_t>(time_ms / 1000);
  std::tm parts;
  char text[32];
  if (::gmtime_r(&seconds, &parts) == nullptr || std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
    return "1970-01-01T00:00:00Z";
  return text;
}

// All that a bill says, as one text: what its identity is made of.
std::string Identity(const Bill& bill) {
  std::string all = absl::StrCat(bill.name, "\n", bill.sha256, "\n", bill.time_ms, "\n", bill.build_id, "\n", bill.libc,
                                 "\n", bill.target, "\n", bill.source, "\n", CGO_LD_SHIM_VERSION, "\n");
  for (const Component& component : bill.components) {
    absl::StrAppend(&all, component.name, "\t", component.path, "\t", component.sha256, "\t", component.package.type,
                    "\t", component.package.name, "\t", component.Version(), "\t", component.package.licence, "\n");
  }
  for (const inspect::GoModule& module : bill.go.modules) absl::StrAppend(&all, module.path, "@", module.version, "\n");
  return all;
}

std::string Uuid(const Bill& bill) {
  std::string hex = support::Sha256OfText(Identity(bill)).substr(0, 32);
  hex[12] = '5';
  hex[16] = "89ab"[static_cast<size_t>(absl::ascii_isdigit(static_cast<unsigned char>(hex[16])) ? hex[16] - '0'
                                                                                                : hex[16] - 'a' + 10) &
                   3];
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-", hex.substr(16, 4), "-",
                      hex.substr(20));
}

std::string GoUrl(const inspect::GoModule& module) {
  // A version of a working copy is no version that anybody could fetch.
  const bool released = !module.version.empty() && module.version[0] == 'v';
  std::string version = released ? absl::StrCat("@", module.version) : "";
  const size_t plus = version.find('+');
  if (plus != std::string::npos) version.replace(plus, 1, "%2B");
  return absl::StrCat("pkg:golang/", absl::AsciiStrToLower(module.path), version);
}

// Names that stand for one thing in a document: the same for the same place in the bill.
std::string Reference(size_t index) { return absl::StrCat("archive-", index + 1); }
std::string ModuleReference(size_t index) { return absl::StrCat("module-", index + 1); }
constexpr char kStandardLibrary[] = "go-stdlib";
constexpr char kStandardLicence[] = "BSD-3-Clause";  // of Go's own LICENSE
std::string StandardUrl(const Bill& bill) { return absl::StrCat("pkg:golang/stdlib@", bill.StandardLibrary()); }

const char* RoleText(Role role) {
  switch (role) {
    case Role::kStub:
      return "stub";
    case Role::kHeader:
      return "header";
    default:
      return "";
  }
}

// JSON whose empty texts are left out, in the order of writing.
class Document {
 public:
  Document() : out_(text_), json(out_, /*IndentSize=*/2) {}

  void Text(const char* key, absl::string_view value) {
    if (!value.empty()) json.attribute(key, json::Value(support::Utf8(value)));
  }
  std::string Take() {
    json.flush();
    return absl::StrCat(text_, "\n");
  }

 private:
  std::string text_;
  llvm::raw_string_ostream out_;

 public:
  llvm::json::OStream json;
};

// ---- CycloneDX ------------------------------------------------------------------------------------------------------

class CycloneDxWriter {
 public:
  explicit CycloneDxWriter(const Bill& bill) : bill_(bill) {}

  std::string Write() {
    d_.json.object([&] {
      d_.Text("$schema", "http://cyclonedx.org/schema/bom-1.5.schema.json");
      d_.Text("bomFormat", "CycloneDX");
      d_.Text("specVersion", "1.5");
      d_.Text("serialNumber", absl::StrCat("urn:uuid:", Uuid(bill_)));
      d_.json.attribute("version", 1);
      d_.json.attributeObject("metadata", [&] { Metadata(); });
      d_.json.attributeArray("components", [&] {
        for (size_t i = 0; i < bill_.components.size(); ++i) {
          d_.json.object([&] { Archive(bill_.components[i], Reference(i)); });
        }
        for (size_t i = 0; i < bill_.go.modules.size(); ++i) {
          d_.json.object([&] { Module(bill_.go.modules[i], ModuleReference(i)); });
        }
        if (!bill_.StandardLibrary().empty()) d_.json.object([&] { StandardLibrary(); });
      });
      Dependencies();
    });
    return d_.Take();
  }

 private:
  void Dependencies() {
    d_.json.attributeArray("dependencies", [&] {
      d_.json.object([&] {
        d_.Text("ref", "program");
        d_.json.attributeArray("dependsOn", [&] {
          for (const size_t i : bill_.program_needs) d_.json.value(Reference(i));
          for (size_t i = 0; i < bill_.go.modules.size(); ++i) d_.json.value(ModuleReference(i));
          if (!bill_.StandardLibrary().empty()) d_.json.value(kStandardLibrary);
        });
      });
      for (size_t i = 0; i < bill_.needs.size(); ++i) {
        if (bill_.needs[i].empty()) continue;
        d_.json.object([&] {
          d_.Text("ref", Reference(i));
          d_.json.attributeArray("dependsOn", [&] {
            for (const size_t needed : bill_.needs[i]) d_.json.value(Reference(needed));
          });
        });
      }
    });
  }

  void StandardLibrary() {
    d_.Text("type", "library");
    d_.Text("bom-ref", kStandardLibrary);
    d_.Text("name", "stdlib");
    d_.Text("version", bill_.StandardLibrary());
    d_.Text("description", "Go's standard library");
    d_.json.attributeArray("licenses", [&] { d_.json.object([&] { d_.Text("expression", kStandardLicence); }); });
    d_.Text("purl", StandardUrl(bill_));
  }

  void Metadata() {
    d_.Text("timestamp", TimeText(bill_.time_ms));
    d_.json.attributeObject("tools", [&] {
      d_.json.attributeArray("components", [&] {
        d_.json.object([&] {
          d_.Text("type", "application");
          d_.Text("name", "cgo-ld-shim");
          d_.Text("version", CGO_LD_SHIM_VERSION);
        });
      });
    });
    d_.json.attributeObject("component", [&] {
      d_.Text("type", "application");
      d_.Text("bom-ref", "program");
      d_.Text("name", bill_.name);
      d_.Text("version", bill_.go.main.version);
      Hash(bill_.sha256);
      if (!bill_.go.main.path.empty()) d_.Text("purl", GoUrl(bill_.go.main));
      Properties({{"go", bill_.go.version},
                  {"package", bill_.go.package},
                  {"libc", bill_.libc},
                  {"target", bill_.target},
                  {"compiler", bill_.compiler},
                  {"linker", bill_.linker},
                  {"build-id", bill_.build_id},
                  {"source", bill_.source}});
    });
  }

  void Archive(const Component& component, const std::string& reference) {
    d_.Text("type", "library");
    d_.Text("bom-ref", reference);
    d_.Text("name", component.name);
    d_.Text("version", component.Version());
    // A stub's library is not in the program.
    if (component.role == Role::kStub) d_.Text("scope", "excluded");
    Hash(component.sha256);
    const std::string expression = SpdxLicence(component.package.licence);
    if (!component.package.licence.empty()) {
      d_.json.attributeArray("licenses", [&] {
        d_.json.object([&] {
          if (!expression.empty()) {
            d_.Text("expression", expression);
          } else {
            d_.json.attributeObject("license", [&] { d_.Text("name", component.package.licence); });
          }
        });
      });
    }
    d_.Text("purl", PackageUrl(component.package, bill_.distribution, bill_.distribution_version));
    const auto number = [](uint64_t value) { return value == 0 ? std::string() : std::to_string(value); };
    Properties({{"package", component.package.name},
                {"source-package", component.package.source},
                {"pkg-config", component.pc_name},
                {"path", component.path},
                {"bytes", number(component.bytes)},
                {"members", number(component.members)},
                {"symbols", number(component.symbols)},
                {"isolated", component.isolated ? "true" : ""},
                {"role", RoleText(component.role)}});
  }

  void Module(const inspect::GoModule& module, const std::string& reference) {
    d_.Text("type", "library");
    d_.Text("bom-ref", reference);
    d_.Text("name", module.path);
    d_.Text("version", module.version);
    d_.Text("purl", GoUrl(module));
    Properties({{"go-sum", module.hash}});
  }

  void Hash(const std::string& sha256) {
    if (sha256.empty()) return;
    d_.json.attributeArray("hashes", [&] {
      d_.json.object([&] {
        d_.Text("alg", "SHA-256");
        d_.Text("content", sha256);
      });
    });
  }

  void Properties(const std::vector<std::pair<const char*, std::string>>& properties) {
    d_.json.attributeArray("properties", [&] {
      for (const auto& [name, value] : properties) {
        if (value.empty()) continue;
        d_.json.object([&, &name = name, &value = value] {
          d_.Text("name", absl::StrCat(kPropertyPrefix, name));
          d_.Text("value", value);
        });
      }
    });
  }

  const Bill& bill_;
  Document d_;
};

// ---- SPDX -----------------------------------------------------------------------------------------------------------

constexpr char kNoAssertion[] = "NOASSERTION";

class SpdxWriter {
 public:
  explicit SpdxWriter(const Bill& bill) : bill_(bill) {}

  std::string Write() {
    d_.json.object([&] {
      d_.Text("spdxVersion", "SPDX-2.3");
      d_.Text("dataLicense", "CC0-1.0");
      d_.Text("SPDXID", "SPDXRef-DOCUMENT");
      d_.Text("name", bill_.name);
      d_.Text("documentNamespace", absl::StrCat("https://spdx.org/spdxdocs/", UriName(), "-", Uuid(bill_)));
      d_.json.attributeObject("creationInfo", [&] {
        d_.Text("created", TimeText(bill_.time_ms));
        d_.json.attributeArray("creators",
                               [&] { d_.json.value(absl::StrCat("Tool: cgo-ld-shim-", CGO_LD_SHIM_VERSION)); });
      });
      d_.json.attributeArray("packages", [&] {
        d_.json.object([&] { Program(); });
        for (size_t i = 0; i < bill_.components.size(); ++i)
          d_.json.object([&] { Archive(bill_.components[i], Reference(i)); });
        for (size_t i = 0; i < bill_.go.modules.size(); ++i)
          d_.json.object([&] { Module(bill_.go.modules[i], ModuleReference(i)); });
        if (!bill_.StandardLibrary().empty()) {
          d_.json.object([&] {
            Package(kStandardLibrary, "stdlib", bill_.StandardLibrary(), "LIBRARY", "", kStandardLicence,
                    StandardUrl(bill_), "Go's standard library");
          });
        }
      });
      Relationships();
      ExtractedLicences();
    });
    return d_.Take();
  }

 private:
  std::string UriName() const {
    std::string name;
    for (const char c : bill_.name)
      name += absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' ? c : '_';
    return name;
  }

  void Package(const std::string& reference, absl::string_view name, absl::string_view version, const char* purpose,
               const std::string& sha256, const std::string& licence, const std::string& url,
               const std::string& comment) {
    d_.Text("SPDXID", absl::StrCat("SPDXRef-", reference));
    d_.Text("name", name);
    d_.Text("versionInfo", version);
    d_.Text("downloadLocation", kNoAssertion);
    d_.json.attribute("filesAnalyzed", false);
    d_.Text("primaryPackagePurpose", purpose);
    if (!sha256.empty()) {
      d_.json.attributeArray("checksums", [&] {
        d_.json.object([&] {
          d_.Text("algorithm", "SHA256");
          d_.Text("checksumValue", sha256);
        });
      });
    }
    d_.Text("licenseConcluded", kNoAssertion);
    d_.Text("licenseDeclared", Licence(licence));
    d_.Text("copyrightText", kNoAssertion);
    d_.Text("comment", comment);
    if (url.empty()) return;
    d_.json.attributeArray("externalRefs", [&] {
      d_.json.object([&] {
        d_.Text("referenceCategory", "PACKAGE-MANAGER");
        d_.Text("referenceType", "purl");
        d_.Text("referenceLocator", url);
      });
    });
  }

  // What SPDX has no words for is declared by a reference to the distribution's own.
  std::string Licence(const std::string& words) {
    if (words.empty()) return kNoAssertion;
    const std::string expression = SpdxLicence(words);
    if (!expression.empty()) return expression;
    const auto [it, added] = extracted_.emplace(words, "");
    if (added) it->second = absl::StrCat("LicenseRef-distribution-", extracted_.size());
    return it->second;
  }

  void Program() {
    Package("program", bill_.name, bill_.go.main.version, "APPLICATION", bill_.sha256, "",
            bill_.go.main.path.empty() ? "" : GoUrl(bill_.go.main),
            absl::StrCat("linked for ", bill_.target, bill_.libc.empty() ? "" : " with ", bill_.libc,
                         bill_.linker.empty() ? "" : " by ", bill_.linker));
  }

  void Archive(const Component& component, const std::string& reference) {
    std::string comment;
    if (component.role == Role::kStub)
      comment = "not in the program: functions stand in its place that end the program when they are called";
    if (component.role == Role::kHeader) comment = "a header that C code was compiled with";
    if (component.members > 0) comment = absl::StrCat(component.members, " members linked");
    if (component.symbols > 0) absl::StrAppend(&comment, comment.empty() ? "" : ", ", component.symbols, " symbols");
    if (component.isolated) absl::StrAppend(&comment, comment.empty() ? "" : ", ", "as a private copy");
    if (!component.package.name.empty()) {
      absl::StrAppend(&comment, comment.empty() ? "" : "; ", "of package ", component.package.name);
    } else if (!component.pc_name.empty()) {
      absl::StrAppend(&comment, comment.empty() ? "" : "; ", "version by ", component.pc_name, ".pc");
    }
    Package(reference, component.name, component.Version(), "LIBRARY", component.sha256, component.package.licence,
            PackageUrl(component.package, bill_.distribution, bill_.distribution_version), comment);
  }

  void Module(const inspect::GoModule& module, const std::string& reference) {
    Package(reference, module.path, module.version, "LIBRARY", "", "", GoUrl(module),
            module.hash.empty() ? "" : absl::StrCat("go.sum ", module.hash));
  }

  void Relationships() {
    const auto relate = [&](const std::string& from, const char* type, const std::string& to) {
      d_.json.object([&] {
        d_.Text("spdxElementId", from);
        d_.Text("relationshipType", type);
        d_.Text("relatedSpdxElement", to);
      });
    };
    d_.json.attributeArray("relationships", [&] {
      relate("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-program");
      for (size_t i = 0; i < bill_.components.size(); ++i) {
        const std::string reference = absl::StrCat("SPDXRef-", Reference(i));
        switch (bill_.components[i].role) {
          case Role::kLinked:
            relate("SPDXRef-program", "STATIC_LINK", reference);
            break;
          case Role::kStub:
            relate("SPDXRef-program", "OTHER", reference);
            break;
          case Role::kHeader:
            relate(reference, "BUILD_DEPENDENCY_OF", "SPDXRef-program");
            break;
        }
      }
      for (size_t i = 0; i < bill_.needs.size(); ++i) {
        for (const size_t needed : bill_.needs[i])
          relate(absl::StrCat("SPDXRef-", Reference(i)), "DEPENDS_ON", absl::StrCat("SPDXRef-", Reference(needed)));
      }
      for (size_t i = 0; i < bill_.go.modules.size(); ++i)
        relate("SPDXRef-program", "STATIC_LINK", absl::StrCat("SPDXRef-", ModuleReference(i)));
      if (!bill_.StandardLibrary().empty())
        relate("SPDXRef-program", "STATIC_LINK", absl::StrCat("SPDXRef-", kStandardLibrary));
    });
  }

  void ExtractedLicences() {
    if (extracted_.empty()) return;
    d_.json.attributeArray("hasExtractedLicensingInfos", [&] {
      for (const auto& [words, id] : extracted_) {
        d_.json.object([&, &words = words, &id = id] {
          d_.Text("licenseId", id);
          d_.Text("name", words);
          d_.Text("extractedText", absl::StrCat("The package's copyright file names it: ", words));
        });
      }
    });
  }

  const Bill& bill_;
  Document d_;
  std::map<std::string, std::string> extracted_;  // the distribution's words → the document's id
};

}  // namespace

std::string CycloneDx(const Bill& bill) { return CycloneDxWriter(bill).Write(); }
std::string Spdx(const Bill& bill) { return SpdxWriter(bill).Write(); }

}  // namespace cgo_ld_shim::sbom

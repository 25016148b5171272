#include "doctor/module.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "llvm/Support/JSON.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/process.h"

namespace cgo_ld_shim::doctor {
namespace {

constexpr char kFields[] =
    "-json=ImportPath,Dir,Standard,CgoFiles,CFiles,CXXFiles,HFiles,SwigFiles,SwigCXXFiles,CgoLDFLAGS,CgoPkgConfig,"
    "Error";

bool HasAny(const llvm::json::Object& object, llvm::StringRef key) {
  const llvm::json::Array* array = object.getArray(key);
  return array != nullptr && !array->empty();
}

std::vector<std::string> Words(const llvm::json::Object& object, llvm::StringRef key) {
  std::vector<std::string> words;
  if (const llvm::json::Array* array = object.getArray(key)) {
    for (const llvm::json::Value& value : *array) words.push_back(value.getAsString().value_or("").str());
  }
  return words;
}

// Where the first JSON object of `text` ends: after its closing brace. npos: it has no end.
size_t EndOfObject(absl::string_view text) {
  int depth = 0;
  bool string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (string) {
      if (c == '\\') ++i;
      if (c == '"') string = false;
    } else if (c == '"') {
      string = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return i + 1;
    }
  }
  return absl::string_view::npos;
}

std::string FirstLines(absl::string_view text, size_t count) {
  std::vector<absl::string_view> lines = absl::StrSplit(absl::StripAsciiWhitespace(text), '\n');
  if (lines.size() > count) lines.resize(count);
  return absl::StrJoin(lines, "\n");
}

support::ProcessOptions GoOptions(const std::string& directory) {
  // CGO_ENABLED=1: what a build through this program sees. GOPROXY=off, GOTOOLCHAIN=local: nothing is downloaded.
  return {.environment = {"CGO_ENABLED=1", "GOPROXY=off", "GOTOOLCHAIN=local"}, .working_directory = directory};
}

}  // namespace

absl::StatusOr<std::vector<CgoPackage>> ParseGoList(absl::string_view text, std::vector<std::string>* problems) {
  std::vector<CgoPackage> packages;
  while (true) {
    text = absl::StripLeadingAsciiWhitespace(text);
    if (text.empty()) break;
    const size_t end = EndOfObject(text);
    if (end == absl::string_view::npos) return absl::DataLossError("the answer of `go list -json` is cut off");
    llvm::Expected<llvm::json::Value> value = llvm::json::parse(llvm::StringRef(text.data(), end));
    text.remove_prefix(end);
    if (!value) {
      const std::string reason = llvm::toString(value.takeError());
      return absl::DataLossError(absl::StrCat("the answer of `go list -json` is not JSON: ", reason));
    }
    const llvm::json::Object* object = value->getAsObject();
    if (object == nullptr) return absl::DataLossError("the answer of `go list -json` is not an object");
    if (const llvm::json::Object* error = object->getObject("Error")) {
      const std::string said = FirstLines(error->getString("Err").value_or("").str(), 1);
      if (!said.empty() && std::find(problems->begin(), problems->end(), said) == problems->end())
        problems->push_back(said);
    }
    CgoPackage package;
    package.cxx = HasAny(*object, "CXXFiles") || HasAny(*object, "SwigCXXFiles");
    if (!HasAny(*object, "CgoFiles") && !package.cxx) continue;
    package.import_path = object->getString("ImportPath").value_or("").str();
    package.directory = object->getString("Dir").value_or("").str();
    package.standard = object->getBoolean("Standard").value_or(false);
    for (const char* kind : {"CgoFiles", "CFiles", "CXXFiles", "HFiles", "SwigFiles", "SwigCXXFiles"}) {
      for (const std::string& file : Words(*object, kind))
        package.sources.push_back(absl::StrCat(package.directory, "/", file));
    }
    package.ld_flags = Words(*object, "CgoLDFLAGS");
    for (std::string& name : Words(*object, "CgoPkgConfig")) {
      // "--static", and "--" before the names.
      if (!absl::StartsWith(name, "-")) package.pkg_config.push_back(std::move(name));
    }
    packages.push_back(std::move(package));
  }
  std::sort(packages.begin(), packages.end(),
            [](const CgoPackage& a, const CgoPackage& b) { return a.import_path < b.import_path; });
  return packages;
}

ModuleReport ListModule(const Machine& machine, const std::string& directory) {
  ModuleReport report;
  if (!machine.go) return report;
  const std::string go_mod = machine.GoEnv("GOMOD"), go_work = machine.GoEnv("GOWORK");
  const bool module = !go_mod.empty() && go_mod != "/dev/null";
  const bool workspace = !go_work.empty() && go_work != "off";
  if (!module && !workspace) return report;
  report.found = true;

  std::vector<std::string> argv = {machine.go->path, "list", "-e", "-deps", kFields};
  std::string where = directory;
  if (module) {
    // All of the module, from wherever in it.
    where = support::DirectoryName(go_mod);
    argv.emplace_back("./...");
    const auto name = support::RunProcess({machine.go->path, "list", "-m"}, GoOptions(where));
    if (name.ok() && name->exit_status == 0) report.name = FirstLines(name->output, 1);
    if (report.name.empty() || workspace) report.name = go_mod;
  } else {
    report.name = go_work;
    const auto modules = support::RunProcess({machine.go->path, "list", "-m", "-f", "{{.Dir}}"}, GoOptions(where));
    if (modules.ok()) {
      for (absl::string_view line : absl::StrSplit(modules->output, '\n', absl::SkipEmpty()))
        argv.push_back(absl::StrCat(line, "/..."));
    }
    if (argv.size() == 5) {
      report.problem = modules.ok() ? FirstLines(modules->error, 3) : std::string(modules.status().message());
      return report;
    }
  }
  const auto list = support::RunProcess(argv, GoOptions(where));
  if (!list.ok()) {
    report.problem = std::string(list.status().message());
    return report;
  }
  std::vector<std::string> problems;
  absl::StatusOr<std::vector<CgoPackage>> packages = ParseGoList(list->output, &problems);
  if (packages.ok()) {
    report.packages = *std::move(packages);
  } else {
    problems.emplace_back(packages.status().message());
  }
  if (list->exit_status != 0) problems.insert(problems.begin(), FirstLines(list->error, 3));
  if (problems.size() > 3) {
    const size_t more = problems.size() - 3;
    problems.resize(3);
    problems.push_back(absl::StrCat("… and ", more, " more"));
  }
  report.problem = absl::StrJoin(problems, "\n");
  return report;
}

}  // namespace cgo_ld_shim::doctor

// `cgo-ld-shim doctor`: what this machine can build, what this module needs, and what to install.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "doctor/machine.h"
#include "doctor/module.h"
#include "doctor/package_libraries.h"
#include "doctor/targets.h"
#include "fmt/format.h"
#include "packages/distribution.h"
#include "report/record.h"
#include "report/text.h"
#include "report/text_parts.h"
#include "shim/commands/commands.h"
#include "shim/commands/options.h"
#include "shim/commands/target_table.h"
#include "shim/commands/terminal.h"
#include "shim/commands/toolexec.h"
#include "support/file.h"
#include "support/printable.h"
#include "support/settings.h"

namespace cgo_ld_shim::commands {
namespace {

using doctor::LibraryState;
using doctor::Machine;
using doctor::PackageLibraries;
using doctor::Readiness;
using doctor::TargetState;

constexpr char kYes[] = "✓";
constexpr char kNo[] = "✗";

const char* Mark(bool yes) { return yes ? kYes : kNo; }

// Everything that is shown, as text or as JSON.
struct Report {
  Machine machine;
  std::vector<TargetState> targets;
  doctor::ModuleReport module;
  std::vector<PackageLibraries> packages;  // of the module, without Go's own
  bool cc_is_self = false, cxx_is_self = false;
  std::vector<std::string> warnings;  // links that go past this program
  // "cache" or "records", and what of our own directories is not used, with the reason.
  std::vector<std::pair<std::string, std::string>> unused;
  // One line, and what `explain` takes for that link; empty: the last link went well, or there was none.
  std::string last_failure, last_failure_name;
  bool ready = true;
};

bool HasVariable(const char* name) { return support::FindVariable(environ, name) != nullptr; }

// Why a plain `go build` here would not start this program for its link.
std::vector<std::string> Warnings(const Report& report) {
  const Machine& machine = report.machine;
  std::vector<std::string> warnings;
  if (machine.go_env.empty()) return warnings;
  const bool uses_cxx = std::any_of(report.packages.begin(), report.packages.end(),
                                    [](const PackageLibraries& p) { return p.package.cxx; });
  if (uses_cxx && report.cc_is_self && !report.cxx_is_self) {
    warnings.push_back(
        absl::StrCat("a package here has C++ sources, so Go links with CXX, which is ", machine.GoEnv("CXX"),
                     ": that link goes past this program; go env -w CXX=cgo-ld-shim++, or cgo-ld-shim go build"));
  }
  if (machine.GoEnv("CGO_ENABLED") == "0") {
    const bool cross =
        machine.GoEnv("GOOS") != machine.GoEnv("GOHOSTOS") || machine.GoEnv("GOARCH") != machine.GoEnv("GOHOSTARCH");
    const char* why = HasVariable("CGO_ENABLED") ? "it is set in the environment"
                      : cross                    ? "Go's default for another target"
                                                 : "go env -w, or Go found no C compiler";
    warnings.push_back(absl::StrCat("CGO_ENABLED=0 (", why,
                                    "): packages that use cgo are left out, and this program is not called; "
                                    "CGO_ENABLED=1, or cgo-ld-shim go build"));
  }
  const std::string flags = machine.GoEnv("GOFLAGS");
  if (absl::StrContains(flags, "-linkmode=internal") || absl::StrContains(flags, "-linkmode internal")) {
    warnings.emplace_back("GOFLAGS has -linkmode=internal: Go links by itself, and this program is not called for it");
  }
  if (absl::StrContains(flags, "-extld=") && !absl::StrContains(flags, "cgo-ld-shim")) {
    warnings.emplace_back("GOFLAGS has -extld=: another linker is named, and this program is not called for the link");
  }
  return warnings;
}

// The line, and what `explain` takes for that link.
struct Failed {
  std::string text, name;
};
Failed LastFailure() {
  const absl::StatusOr<report::LinkRecord> last = report::LastRecord();
  if (!last.ok() || last->outcome != "failed") return {};
  // That of another module is no news here.
  if (ModuleRoot(last->cwd) != ModuleRoot(support::CurrentDirectory().value_or(""))) return {};
  const std::string text = report::FailureText(*last, {.width = 400});
  absl::string_view line = absl::string_view(text).substr(0, text.find('\n'));
  absl::ConsumePrefix(&line, "cgo-ld-shim: ");
  return {std::string(line), report::NameForExplain(*last)};
}

// What lies in our directories decides what later builds run, so what others could have written is left alone.
void ObserveDirectory(const char* what, const absl::StatusOr<std::string>& directory, Report* report) {
  if (!directory.ok()) {
    report->unused.emplace_back(what, directory.status().message());
    return;
  }
  const std::vector<std::string> foreign = support::NotOurs(*directory);
  if (foreign.empty()) return;
  report->unused.emplace_back(
      what, absl::StrCat(foreign[0], foreign.size() == 1 ? "" : absl::StrCat(" and ", foreign.size() - 1, " more"),
                         ": links, another user's, or others can write to them; delete them"));
}

Report MakeReport(const support::Settings& settings) {
  Report report;
  ObserveDirectory("cache", support::FindCacheDirectory(), &report);
  ObserveDirectory("records", support::FindStateDirectory(), &report);
  report.machine = doctor::ObserveMachine(settings, environ);
  const Machine& machine = report.machine;
  report.targets = doctor::MainTargets(machine);
  report.cc_is_self = doctor::IsSelf(machine, machine.GoEnv("CC"));
  report.cxx_is_self = doctor::IsSelf(machine, machine.GoEnv("CXX"));
  report.module = doctor::ListModule(machine, support::CurrentDirectory().value_or(""));
  std::vector<doctor::CgoPackage> packages;
  for (const doctor::CgoPackage& package : report.module.packages) {
    if (!package.standard) packages.push_back(package);
  }
  const std::string os = machine.GoEnv("GOOS"), arch = machine.GoEnv("GOARCH");
  const std::string triple = os.empty() ? "" : doctor::DescribeTarget(machine, os, arch).triple;
  report.packages =
      doctor::CheckLibraries(doctor::BaseFor(machine, os, triple), packages, machine.GoEnv("CGO_LDFLAGS"));
  report.warnings = Warnings(report);
  Failed failed = LastFailure();
  report.last_failure = std::move(failed.text);
  report.last_failure_name = std::move(failed.name);
  report.ready =
      machine.go.has_value() && machine.go_problem.empty() &&
      (report.targets[0].readiness == Readiness::kReady || report.targets[0].readiness == Readiness::kPrepares);
  for (const PackageLibraries& package : report.packages) {
    for (const LibraryState& library : package.libraries) report.ready &= library.found();
  }
  return report;
}

class Text {
 public:
  explicit Text(const Report& report) : report_(report), machine_(report.machine), page_(OutputOptions()) {}

  std::string Write() {
    Head();
    Missing();
    if (!report_.warnings.empty()) {
      page_.Blank();
      page_.Title("goes past this program");
      for (const std::string& warning : report_.warnings) page_.Paragraph(2, warning);
    }
    if (!report_.last_failure.empty()) {
      page_.Blank();
      page_.Title("the last link failed");
      page_.Paragraph(2, absl::StrCat(report_.last_failure, "  (cgo-ld-shim explain ", report_.last_failure_name, ")"));
    }
    Module();
    Tools();
    page_.Blank();
    const auto works = std::count_if(report_.targets.begin(), report_.targets.end(), Works);
    page_.Title(absl::StrCat("targets: ", works, " of ", report_.targets.size(), " can be built"));
    AddTargetTable(report_.targets, &page_);
    return page_.Take();
  }

 private:
  void Head() {
    page_.Title(absl::StripTrailingAsciiWhitespace(VersionText()));
    if (machine_.go_env.empty()) return;
    std::vector<std::string> set;
    if (!report_.cc_is_self) set.emplace_back("CC=cgo-ld-shim");
    if (!report_.cxx_is_self) set.emplace_back("CXX=cgo-ld-shim++");
    std::string line =
        absl::StrCat("called by Go as CC ", Mark(report_.cc_is_self), ", as CXX ", Mark(report_.cxx_is_self));
    if (!set.empty()) absl::StrAppend(&line, "; go env -w ", absl::StrJoin(set, " "), ", or cgo-ld-shim go build");
    page_.Paragraph(0, line);
  }

  void Row(absl::string_view label, absl::string_view text) { page_.Labelled(2, label, 16, text); }

  std::string Install(packages::Need need) const { return packages::InstallCommand(machine_.distribution, need); }

  static bool Works(const TargetState& target) {
    return target.readiness == Readiness::kReady || target.readiness == Readiness::kPrepares;
  }

  // What stands between this machine, this module and a static program, each with what brings it; all that makes the
  // exit status 1 is here.
  void Missing() {
    struct Lack {
      std::string label, text;
    };
    std::vector<Lack> lacks;
    if (!machine_.go) {
      lacks.push_back({"go", Install(packages::Need::kGo)});
    } else if (!machine_.go_problem.empty()) {
      lacks.push_back({"go", absl::StrCat(machine_.go->path, ": ", machine_.go_problem)});
    }
    if (machine_.cc.empty()) lacks.push_back({"C compiler", machine_.cc_problem});
    for (const ArchiveRow& row : kArchives) {
      if (LooksForArchives() && !machine_.toolchain->FindArchive(row.name))
        lacks.push_back({row.label, Install(row.need)});
    }
    const TargetState& own = report_.targets[0];
    if (!Works(own) && lacks.empty())
      lacks.push_back({own.Name(), absl::StrCat(own.reason, own.install.empty() ? "" : "; ", own.install)});
    for (const PackageLibraries& package : report_.packages) {
      for (const LibraryState& library : package.libraries) {
        if (library.found()) continue;
        const std::string why =
            library.needed_by.empty() ? library.named : absl::StrCat(library.needed_by, " needs it");
        std::string text = library.install;
        if (!why.empty()) absl::StrAppend(&text, text.empty() ? "" : "  ", "(", why, ")");
        const bool said = std::any_of(lacks.begin(), lacks.end(),
                                      [&](const Lack& l) { return l.label == library.label && l.text == text; });
        if (!said) lacks.push_back({library.label, text});
      }
    }
    page_.Blank();
    if (lacks.empty()) {
      page_.Title("nothing is missing");
    } else {
      page_.Title("missing");
      size_t column = 16;
      for (const Lack& lack : lacks) column = std::max(column, lack.label.size() + 6);
      column = std::min(column, page_.width() / 2);
      for (const Lack& lack : lacks) page_.Labelled(2, absl::StrCat(lack.label, " ", kNo), column, lack.text);
    }
    for (const auto& [what, why] : report_.unused) Row(what, absl::StrCat(kNo, "  not used: ", why));
  }

  void Tools() {
    page_.Blank();
    page_.Title(absl::StrCat("this machine",
                             machine_.distribution.name.empty() ? "" : absl::StrCat(": ", machine_.distribution.name)));
    if (machine_.go && machine_.go_problem.empty())
      Row("go", absl::StrCat(machine_.go->version, "  ", machine_.go->path));
    Compilers();
    for (const ArchiveRow& row : kArchives) {
      const std::optional<std::string> path =
          LooksForArchives() ? machine_.toolchain->FindArchive(row.name) : std::nullopt;
      if (path) Row(row.label, *path);
    }
    if (machine_.zig) {
      Row("zig", absl::StrCat(machine_.zig->version, "  ", machine_.zig->path));
    } else {
      Row("zig", absl::StrCat("none; for musl and other targets: ", Install(packages::Need::kZig)));
    }
    std::vector<std::string> emulators;
    for (const doctor::Tool& emulator : machine_.emulators) emulators.push_back(emulator.name);
    if (emulators.empty()) {
      Row("qemu-user",
          absl::StrCat("none; to run programs of other architectures: ", Install(packages::Need::kQemuUser)));
    } else {
      Row("qemu-user", absl::StrCat("runs ", absl::StrJoin(emulators, ", ")));
    }
  }

  void Compilers() {
    const std::string used = machine_.cc.empty() ? "" : absl::StrJoin(machine_.cc, " ");
    bool shown = false;
    for (const doctor::Tool& compiler : machine_.compilers) {
      const bool is_used = compiler.path == used;
      shown |= is_used;
      Row(compiler.name, absl::StrCat(compiler.version, "  ", compiler.path, is_used ? "  (compiles for Go)" : ""));
    }
    if (!used.empty() && !shown) {
      Row("C compiler",
          absl::StrCat(machine_.toolchain.ok() ? doctor::CompilerName(*machine_.toolchain) : "", "  ", used));
    }
    if (machine_.cxx.empty()) {
      Row("C++ compiler", absl::StrCat("none; for packages with C++ sources: ", Install(packages::Need::kCxxCompiler)));
    }
  }

  // What every static program of this machine may need of its compiler.
  struct ArchiveRow {
    const char* label;
    const char* name;
    packages::Need need;
  };
  static constexpr ArchiveRow kArchives[] = {{"libc.a", "c", packages::Need::kStaticLibc},
                                             {"libstdc++.a", "stdc++", packages::Need::kStaticCxx},
                                             {"libgcc_eh.a", "gcc_eh", packages::Need::kCCompiler}};
  bool LooksForArchives() const { return machine_.toolchain.ok() && !machine_.toolchain->opaque; }

  void Module() {
    page_.Blank();
    if (!report_.module.found) {
      page_.Line("no module here (no go.mod, no go.work)");
      return;
    }
    // Those that lack something, each with its libraries; of the others how many there are, and what they use.
    const size_t count = report_.packages.size();
    size_t column = 0;
    std::vector<std::string> here;
    std::vector<const PackageLibraries*> lacking;
    for (const PackageLibraries& package : report_.packages) {
      const bool lacks = std::any_of(package.libraries.begin(), package.libraries.end(),
                                     [](const LibraryState& library) { return !library.found(); });
      if (lacks) {
        lacking.push_back(&package);
        column = std::max(column, package.package.import_path.size() + 4);
      }
      for (const LibraryState& library : package.libraries) {
        if (library.found() && std::find(here.begin(), here.end(), library.label) == here.end())
          here.push_back(library.label);
      }
    }
    std::string state = "no package uses cgo, but for Go's own";
    if (count > 0) {
      state = report::Count(count, "package uses cgo", "packages use cgo");
      if (!lacking.empty())
        absl::StrAppend(&state, ", ", lacking.size(), lacking.size() == 1 ? " lacks" : " lack", " a library");
    }
    page_.Title(absl::StrCat("this module (", report_.module.name, "): ", state));
    column = std::min(column, page_.width() / 2);
    for (const PackageLibraries* package : lacking)
      page_.Labelled(2, package->package.import_path, column, Libraries(*package));
    if (!here.empty()) {
      constexpr size_t kShown = 8;
      const size_t shown = std::min(here.size(), kShown);
      std::string names = absl::StrJoin(here.begin(), here.begin() + static_cast<std::ptrdiff_t>(shown), ", ");
      if (here.size() > shown) absl::StrAppend(&names, " and ", here.size() - shown, " more");
      page_.Paragraph(2, absl::StrCat(report::Count(here.size(), "library is", "libraries are"), " here: ", names));
    }
    if (!report_.module.problem.empty()) {
      for (absl::string_view line : absl::StrSplit(report_.module.problem, '\n'))
        page_.Paragraph(2, absl::StrCat("go list: ", line));
    }
  }

  static std::string Libraries(const PackageLibraries& package) {
    std::vector<std::string> parts;
    for (const LibraryState& library : package.libraries)
      parts.push_back(absl::StrCat(library.label, " ", Mark(library.found())));
    return absl::StrJoin(parts, " ");
  }

  const Report& report_;
  const Machine& machine_;
  report::Page page_;
};

llvm::json::Value ToolJson(const doctor::Tool& tool) {
  return llvm::json::Object{{"name", tool.name}, {"path", tool.path}, {"version", tool.version}};
}

llvm::json::Array Strings(const std::vector<std::string>& words) {
  llvm::json::Array array;
  for (const std::string& word : words) array.push_back(llvm::json::fixUTF8(word));
  return array;
}

llvm::json::Value Json(const Report& report) {
  const Machine& machine = report.machine;
  llvm::json::Object root{{"schema", 1}, {"version", CGO_LD_SHIM_VERSION}, {"ready", report.ready}};
  root["linker"] = absl::StrCat("lld ", CGO_LD_SHIM_LLVM);
  root["distribution"] = machine.distribution.name;
  root["go"] = machine.go ? llvm::json::Object{{"path", machine.go->path},
                                               {"version", machine.go->version},
                                               {"problem", machine.go_problem},
                                               {"cc", machine.GoEnv("CC")},
                                               {"cxx", machine.GoEnv("CXX")},
                                               {"cc_is_cgo_ld_shim", report.cc_is_self},
                                               {"cxx_is_cgo_ld_shim", report.cxx_is_self}}
                          : llvm::json::Value(nullptr);
  llvm::json::Array compilers, emulators, packages;
  for (const doctor::Tool& tool : machine.compilers) compilers.push_back(ToolJson(tool));
  for (const doctor::Tool& tool : machine.emulators) emulators.push_back(ToolJson(tool));
  root["compilers"] = std::move(compilers);
  root["emulators"] = std::move(emulators);
  root["cc"] = Strings(machine.cc);
  root["cxx"] = Strings(machine.cxx);
  root["zig"] = machine.zig ? ToolJson(*machine.zig) : llvm::json::Value(nullptr);
  llvm::json::Object archives;
  for (const char* name : {"c", "stdc++", "gcc_eh"}) {
    const std::optional<std::string> path =
        machine.toolchain.ok() ? machine.toolchain->FindArchive(name) : std::nullopt;
    archives[absl::StrCat("lib", name, ".a")] = path ? llvm::json::Value(*path) : llvm::json::Value(nullptr);
  }
  root["archives"] = std::move(archives);
  root["targets"] = TargetsJson(report.targets);
  for (const PackageLibraries& package : report.packages) {
    llvm::json::Array libraries;
    for (const LibraryState& library : package.libraries) {
      libraries.push_back(llvm::json::Object{{"name", llvm::json::fixUTF8(library.label)},
                                             {"found", library.found()},
                                             {"path", llvm::json::fixUTF8(library.path)},
                                             {"shared", llvm::json::fixUTF8(library.shared)},
                                             {"named", llvm::json::fixUTF8(library.named)},
                                             {"needed_by", llvm::json::fixUTF8(library.needed_by)},
                                             {"install", llvm::json::fixUTF8(library.install)}});
    }
    packages.push_back(llvm::json::Object{{"import_path", llvm::json::fixUTF8(package.package.import_path)},
                                          {"cxx_sources", package.package.cxx},
                                          {"libraries", std::move(libraries)}});
  }
  root["module"] = report.module.found ? llvm::json::Object{{"name", llvm::json::fixUTF8(report.module.name)},
                                                            {"problem", llvm::json::fixUTF8(report.module.problem)},
                                                            {"packages", std::move(packages)}}
                                       : llvm::json::Value(nullptr);
  root["warnings"] = Strings(report.warnings);
  llvm::json::Array unused;
  for (const auto& [what, why] : report.unused)
    unused.push_back(llvm::json::Object{{"what", what}, {"reason", llvm::json::fixUTF8(why)}});
  root["unused_directories"] = std::move(unused);
  root["last_failure"] = llvm::json::fixUTF8(report.last_failure);
  return root;
}

}  // namespace

int DoctorCommand(const std::vector<std::string>& args) {
  static constexpr OptionRow kRows[] = {{"--json", false}};
  const Options options = ParseOptions("doctor", args, kRows);
  if (options.exit_status) return *options.exit_status;
  if (!options.words.empty()) return UsageError("doctor", absl::StrCat("doctor takes no word ", options.words[0]));
  const absl::StatusOr<support::Settings> settings = support::ReadSettings(environ);
  if (!settings.ok()) {
    fmt::print(stderr, "cgo-ld-shim: {}\n", support::Printable(settings.status().message()));
    return kUsage;
  }
  const Report report = MakeReport(*settings);
  if (options.Has("--json")) {
    fmt::print("{}\n", JsonText(Json(report)));
  } else {
    fmt::print("{}", Text(report).Write());
  }
  return report.ready ? kOk : kFailed;
}

}  // namespace cgo_ld_shim::commands

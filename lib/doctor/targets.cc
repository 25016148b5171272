#include "doctor/targets.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "doctor/zig_libraries.h"
#include "llvm/Support/JSON.h"
#include "packages/distribution.h"
#include "support/path_parts.h"
#include "support/process.h"
#include "symbols/symbols.h"
#include "target/target.h"
#include "target/triple.h"
#include "toolchain/driver.h"
#include "toolchain/zig.h"

namespace cgo_ld_shim::doctor {
namespace {

struct OsArch {
  const char* os;
  const char* arch;
};
constexpr OsArch kMain[] = {
    {"linux", "amd64"},   {"linux", "arm64"},   {"linux", "arm"},     {"linux", "386"},      {"linux", "riscv64"},
    {"linux", "ppc64le"}, {"linux", "s390x"},   {"linux", "loong64"}, {"linux", "mips64le"}, {"darwin", "arm64"},
    {"darwin", "amd64"},  {"windows", "amd64"}, {"windows", "arm64"}, {"freebsd", "amd64"},
};

// What zig makes of a system's programs, and what does not work there.
struct OsRow {
  const char* os;
  const char* result;
  const char* unsupported;  // nullptr: works
  const char* remark;       // beside what works; nullptr: none
};
constexpr OsRow kSystems[] = {
    {"linux", "musl static", nullptr, nullptr},    {"windows", "one .exe", nullptr, nullptr},
    {"freebsd", "dynamic libc", nullptr, nullptr}, {"netbsd", "dynamic libc", nullptr, nullptr},
    {"darwin", "dynamic libc", nullptr, nullptr},
};

const OsRow* FindSystem(const std::string& os) {
  const auto* row = std::find_if(std::begin(kSystems), std::end(kSystems), [&](const OsRow& r) { return os == r.os; });
  return row == std::end(kSystems) ? nullptr : row;
}

target::Target TargetOn(const Machine& machine, const std::string& os, const std::string& arch) {
  const bool other_width = os == "linux" && arch == "386" && machine.host_arch == "amd64";
  return {.os = os,
          .arch = arch,
          .native = other_width || (os == "linux" && arch == machine.host_arch),
          .other_width = other_width};
}

std::string HowItRuns(const Machine& machine, const std::string& os, const std::string& arch) {
  if (os != "linux") return "";
  if (TargetOn(machine, os, arch).native) return "natively";
  for (const Tool& emulator : machine.emulators) {
    if (emulator.name == arch) return support::BaseName(emulator.path);
  }
  return "";
}

TargetState Blank(const Machine& machine, const std::string& os, const std::string& arch) {
  return {.os = os,
          .arch = arch,
          .result = "",
          .with = "",
          .triple = "",
          .reason = "",
          .install = "",
          .runs = HowItRuns(machine, os, arch)};
}

bool Is64Bit(const std::string& archive) {
  const absl::StatusOr<symbols::InputFile> file = symbols::OpenInput(archive);
  if (!file.ok() || file->archive == nullptr || file->archive->member_count() == 0) return true;
  const absl::StatusOr<const symbols::Object*> object = file->archive->Load(0);
  return !object.ok() || (*object)->machine.is64;
}

// By the underlying compiler and its own C library.
TargetState ByCompiler(const Machine& machine, const std::string& os, const std::string& arch) {
  TargetState state = Blank(machine, os, arch);
  state.result = "glibc static";
  if (machine.cc.empty()) {
    state.reason = "no C compiler";
    state.install = packages::InstallCommand(machine.distribution, packages::Need::kCCompiler);
    return state;
  }
  const bool other_width = TargetOn(machine, os, arch).other_width && machine.settings.cc.empty();
  const absl::StatusOr<toolchain::Toolchain> toolchain =
      other_width ? toolchain::Locate({.driver = machine.cc, .flags = {"-m32"}}) : machine.toolchain;
  if (!toolchain.ok()) {
    const std::string said(toolchain.status().message());
    state.reason = said.substr(0, said.find('\n'));
    state.install = packages::InstallCommand(machine.distribution,
                                             other_width ? packages::Need::k32Bit : packages::Need::kCCompiler);
    return state;
  }
  state.with = CompilerName(*toolchain);
  if (toolchain->opaque) {
    // zig, or another that links in its own way: nothing to be looked up.
    state.result = toolchain->libc.IsMusl() ? "musl static" : "static";
    state.readiness = Readiness::kReady;
    return state;
  }
  const std::optional<std::string> libc = toolchain->FindArchive("c");
  if (!libc || (other_width && Is64Bit(*libc))) {
    state.reason = other_width ? "no 32-bit libc.a" : "no libc.a";
    state.install = packages::InstallCommand(machine.distribution,
                                             other_width ? packages::Need::k32Bit : packages::Need::kStaticLibc);
    return state;
  }
  state.result = toolchain->libc.IsMusl() ? "musl static" : "glibc static";
  absl::StrAppend(&state.with, ", ", toolchain->libc.ToString());
  state.readiness = Readiness::kReady;
  if (!toolchain->FindArchive("gcc_eh") && !toolchain->FindArchive("unwind")) {
    state.readiness = Readiness::kMissing;
    state.reason = "no libgcc_eh.a";
    state.install = packages::InstallCommand(machine.distribution, packages::Need::kCCompiler);
  } else if (!toolchain->FindArchive("stdc++") && !toolchain->FindArchive("c++")) {
    state.reason = "C only: no libstdc++.a";
    state.install = packages::InstallCommand(machine.distribution, packages::Need::kStaticCxx);
  }
  return state;
}

TargetState ByZig(const Machine& machine, const std::string& os, const std::string& arch) {
  TargetState state = Blank(machine, os, arch);
  const OsRow* system = FindSystem(os);
  if (system != nullptr) state.result = system->result;
  const std::optional<target::Triple> triple = toolchain::ZigTriple({.os = os, .arch = arch});
  if (!triple) {
    state.readiness = Readiness::kUnsupported;
    state.reason = "needs a compiler in CGO_LD_SHIM_CC";
    state.result = "";
    return state;
  }
  if (system != nullptr && system->unsupported != nullptr) {
    state.readiness = Readiness::kUnsupported;
    state.reason = system->unsupported;
    return state;
  }
  state.triple = triple->text;
  if (!machine.zig) {
    state.reason = "no zig";
    state.install = packages::InstallCommand(machine.distribution, packages::Need::kZig);
    return state;
  }
  state.with = absl::StrCat("zig ", machine.zig->version);
  if (system != nullptr && system->remark != nullptr) state.reason = system->remark;
  const toolchain::Driver driver = toolchain::ZigDriver(machine.zig->path, /*cxx=*/false, *triple);
  state.readiness = IsPrepared(driver, /*cxx=*/false) ? Readiness::kReady : Readiness::kPrepares;
  return state;
}

// A compiler that the user has named is used whatever the target is.
TargetState ByNamedCompiler(const Machine& machine, const std::string& os, const std::string& arch) {
  TargetState state = ByCompiler(machine, os, arch);
  if (state.readiness != Readiness::kReady || !machine.toolchain.ok()) return state;
  const target::Triple& made_for = machine.toolchain->machine;
  if (made_for.arch.empty() || (made_for.arch == arch && (os == "linux") == made_for.IsLinux())) return state;
  if (arch == "386" && made_for.arch == "amd64" && os == "linux") return state;
  state.readiness = Readiness::kMissing;
  state.reason = absl::StrCat("CGO_LD_SHIM_CC is a compiler for ", made_for.text);
  state.install = "unset CGO_LD_SHIM_CC for zig, or name a compiler for this target";
  return state;
}

}  // namespace

const char* ReadinessText(Readiness readiness) {
  switch (readiness) {
    case Readiness::kReady:
      return "ready";
    case Readiness::kPrepares:
      return "first build prepares libc";
    case Readiness::kMissing:
      return "missing";
    case Readiness::kUnsupported:
      return "not supported";
  }
  return "";
}

const char* ReadinessId(Readiness readiness) {
  switch (readiness) {
    case Readiness::kReady:
      return "ready";
    case Readiness::kPrepares:
      return "prepares";
    case Readiness::kMissing:
      return "missing";
    case Readiness::kUnsupported:
      return "unsupported";
  }
  return "";
}

TargetState DescribeTarget(const Machine& machine, const std::string& os, const std::string& arch) {
  std::optional<TargetState> by_compiler;
  const toolchain::ChosenBy who =
      toolchain::WhoServes(machine.settings, TargetOn(machine, os, arch), /*cxx=*/false, [&] {
        by_compiler = ByCompiler(machine, os, arch);
        return by_compiler->readiness == Readiness::kMissing && machine.zig.has_value();
      });
  switch (who) {
    case toolchain::ChosenBy::kSetting:
      return ByNamedCompiler(machine, os, arch);
    case toolchain::ChosenBy::kTarget:
      return ByZig(machine, os, arch);
    case toolchain::ChosenBy::kPath:
      return by_compiler ? *std::move(by_compiler) : ByCompiler(machine, os, arch);
  }
  return ByCompiler(machine, os, arch);
}

std::vector<TargetState> MainTargets(const Machine& machine) {
  std::vector<TargetState> states = {DescribeTarget(machine, "linux", machine.host_arch)};
  if (states[0].triple.empty()) states.push_back(ByZig(machine, "linux", machine.host_arch));
  for (const OsArch& target : kMain) {
    if (target.os == std::string("linux") && target.arch == machine.host_arch) continue;
    states.push_back(DescribeTarget(machine, target.os, target.arch));
  }
  return states;
}

std::vector<std::string> MainTargetNames() {
  std::vector<std::string> names;
  for (const OsArch& target : kMain) names.push_back(absl::StrCat(target.os, "/", target.arch));
  return names;
}

std::vector<TargetState> AllTargets(const Machine& machine) {
  std::vector<TargetState> states;
  if (machine.go) {
    const absl::StatusOr<support::ProcessResult> list =
        support::RunProcess({machine.go->path, "tool", "dist", "list", "-json"});
    if (list.ok() && list->exit_status == 0) {
      llvm::Expected<llvm::json::Value> value = llvm::json::parse(list->output);
      if (!value) {
        llvm::consumeError(value.takeError());
      } else if (const llvm::json::Array* rows = value->getAsArray()) {
        for (const llvm::json::Value& row : *rows) {
          const llvm::json::Object* object = row.getAsObject();
          if (object == nullptr) continue;
          const std::string os = object->getString("GOOS").value_or("").str();
          const std::string arch = object->getString("GOARCH").value_or("").str();
          if (object->getBoolean("CgoSupported").value_or(true)) {
            states.push_back(DescribeTarget(machine, os, arch));
            continue;
          }
          TargetState state = Blank(machine, os, arch);
          state.readiness = Readiness::kUnsupported;
          state.reason = "Go has no cgo for it";
          states.push_back(std::move(state));
        }
      }
    }
  }
  if (states.empty()) {
    for (const OsArch& target : kMain) states.push_back(DescribeTarget(machine, target.os, target.arch));
  }
  return states;
}

}  // namespace cgo_ld_shim::doctor

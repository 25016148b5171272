// Links that zig does by itself.
#include <set>

#include "absl/strings/str_cat.h"
#include "rules/line.h"
#include "support/file.h"
#include "toolchain/runtime_libraries.h"

namespace cgo_ld_shim::rules {
namespace {

using invocation::ArgType;
using invocation::Argument;

// net names libresolv on every Unix, and zig has none for its targets.
void DropResolv(Edits* edits, const char* because) {
  for (size_t i = 0; i < edits->size(); ++i) {
    const Argument& argument = edits->argument(i);
    if (argument.type == ArgType::kLibrary && argument.value == "resolv") edits->Drop(i, RuleId::kDropLresolv, because);
  }
}

}  // namespace

Edits EditForZig(const invocation::Invocation& call) {
  Edits edits(call.arguments);
  DropRefusedByZig(&edits);
  DropImmaterialToZig(&edits);
  bool has_static = false;
  for (size_t i = 0; i < edits.size(); ++i) {
    const ArgType type = edits.argument(i).type;
    has_static |= type == ArgType::kStatic;
    if (type == ArgType::kExportDynamic)
      edits.Drop(i, RuleId::kDropRdynamic, "a static program has no dynamic symbol table");
  }
  DropResolv(&edits, "the C library of this target has it all");
  if (!has_static) edits.Append({"-static"}, RuleId::kForceStatic, "final link of an executable");
  return edits;
}

Edits EditForSystem(const invocation::Invocation& call) {
  Edits edits(call.arguments);
  DropRefusedByZig(&edits);
  DropImmaterialToZig(&edits);
  DropResolv(&edits, "the C library of this system has it all");
  return edits;
}

Edits EditForFloor(const invocation::Invocation& call, const std::string& cwd,
                   const std::vector<std::string>& more_directories, const std::vector<Replacement>& variants) {
  Edits edits(call.arguments);
  DropRefusedByZig(&edits);
  DropImmaterialToZig(&edits);
  std::vector<std::string> directories;
  for (const Argument& argument : call.arguments) {
    if (argument.type == ArgType::kLibraryDir) directories.push_back(support::Absolute(argument.value, cwd));
  }
  directories.insert(directories.end(), more_directories.begin(), more_directories.end());
  std::set<size_t> replaced;
  for (const Replacement& variant : variants) {
    replaced.insert(static_cast<size_t>(variant.argument));
    edits.Replace(static_cast<size_t>(variant.argument),
                  {{.type = ArgType::kInput, .value = variant.file, .words = {variant.file}}, variant.file},
                  variant.rule, variant.because, variant.evidence);
  }
  for (size_t i = 0; i < edits.size(); ++i) {
    const Argument& argument = edits.argument(i);
    if (argument.type == ArgType::kStatic) edits.Drop(i, RuleId::kGlibcFloor, "zig has no static glibc");
    // zig brings the parts of glibc and of the compiler itself, and this machine's are of another version.
    if (argument.type != ArgType::kLibrary || replaced.contains(i) ||
        toolchain::FindRuntimeLibrary(argument.value) != nullptr) {
      continue;
    }
    for (const std::string& directory : directories) {
      const std::string path = absl::StrCat(directory, "/lib", argument.value, ".a");
      if (!support::IsRegularFile(path)) continue;
      edits.Replace(i, {{.type = ArgType::kInput, .value = path, .words = {path}}, path}, RuleId::kGlibcFloor,
                    "only glibc is shared");
      break;
    }
  }
  return edits;
}

}  // namespace cgo_ld_shim::rules

#include <algorithm>

#include "absl/strings/match.h"
#include "invocation/arguments.h"
#include "invocation/invocation.h"
#include "support/file.h"
#include "support/path_parts.h"

namespace cgo_ld_shim::invocation {
namespace {

CallKind KindOf(const std::string& argv0, const std::vector<std::string>& args) {
  std::vector<const char*> argv = {argv0.c_str()};
  for (const std::string& arg : args) argv.push_back(arg.c_str());
  return QuickClassify(static_cast<int>(argv.size()), argv.data());
}

// cmd/link's own trivial.c, in the directory where its go.o is. A user's file of that name must be compiled, not
// answered.
bool IsGoProbeSource(const std::string& source, absl::string_view cwd) {
  const std::string path = support::Absolute(source, cwd);
  const std::string go_object = absl::StrCat(support::DirectoryName(path), "/go.o");
  const absl::StatusOr<std::string> text = support::ReadFile(path);
  return text.ok() && *text == "int main() { return 0; }" && support::IsRegularFile(go_object);
}

// A final link without host objects has nothing but its name go.o to tell it by; an object of Go's linker has Go's
// tables.
bool HoldsGoObject(const std::vector<Argument>& arguments, absl::string_view cwd) {
  std::vector<std::string> go_objects;
  for (const Argument& argument : arguments) {
    if (argument.type != ArgType::kInput) continue;
    const std::string path = support::Absolute(argument.value, cwd);
    if (absl::EndsWith(path, "/000000.o")) return true;
    if (absl::EndsWith(path, "/go.o")) go_objects.push_back(path);
  }
  // Last, because it is the largest file of most links.
  return std::any_of(go_objects.begin(), go_objects.end(), [](const std::string& path) {
    const absl::StatusOr<std::string> object = support::ReadFile(path);
    return object.ok() && absl::StrContains(*object, "gopclntab");
  });
}

}  // namespace

absl::StatusOr<Invocation> Classify(const std::vector<std::string>& argv, absl::string_view cwd) {
  Invocation call;
  call.argv = argv;
  call.cwd = std::string(cwd);
  call.output = "a.out";
  if (argv.empty()) return call;
  call.cxx = absl::EndsWith(argv[0], "++");
  const std::vector<std::string> args(argv.begin() + 1, argv.end());
  absl::StatusOr<std::vector<std::string>> expanded = ExpandResponseFiles(args, cwd);
  if (!expanded.ok()) return expanded.status();
  call.expanded = *std::move(expanded);
  const auto response =
      std::find_if(args.begin(), args.end(), [](const std::string& arg) { return arg.size() > 1 && arg[0] == '@'; });
  if (response != args.end()) call.response_file = response->substr(1);
  call.kind = KindOf(argv[0], args);
  // A probe may ask about an (empty) @file itself, which is gone once expanded; every other call is what its files make
  // it.
  if (call.kind != CallKind::kLinkFlagProbe) call.kind = KindOf(argv[0], call.expanded);
  call.arguments = TypeArguments(call.expanded);
  if (call.kind == CallKind::kLinkFlagProbe && !IsGoProbeSource(call.expanded.back(), cwd))
    call.kind = CallKind::kOther;
  if (call.kind == CallKind::kFinalLink && !HoldsGoObject(call.arguments, cwd)) call.kind = CallKind::kOther;
  for (const Argument& argument : call.arguments) {
    if (argument.type == ArgType::kOutput) call.output = argument.value;
  }
  return call;
}

}  // namespace cgo_ld_shim::invocation

#include "plan/plan.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "search/library_files.h"
#include "support/file.h"
#include "support/path_parts.h"

namespace cgo_ld_shim::plan {
namespace {

using invocation::ArgType;
using invocation::Argument;
using symbols::FileKind;

// The file that an item of the script at `script` means; nullopt: it is not there.
std::optional<std::string> FindItem(const std::string& item, const std::string& script,
                                    const std::vector<std::string>& dirs) {
  if (absl::StartsWith(item, "-l")) return search::FindArchive(dirs, absl::string_view(item).substr(2));
  if (support::IsRegularFile(item)) return item;
  if (absl::StartsWith(item, "/")) return std::nullopt;
  if (auto path = search::FindFile({support::DirectoryName(script)}, item)) return path;
  return search::FindFile(dirs, item);
}

// Expands a linker script that stands for a library, such as glibc's libm.a (GROUP of libm-2.36.a and libmvec.a).
// `depth` bounds scripts that name one another.
void ExpandScript(const symbols::InputFile& script, const std::vector<std::string>& dirs, FileCache* cache, int depth,
                  PlanInput* input) {
  absl::StatusOr<symbols::LinkerScript> parsed = symbols::ParseLinkerScript(script.script);
  if (!parsed.ok()) {
    input->problem = absl::StrCat(script.path, ": ", parsed.status().message());
    // A list that cannot be read is a library that is damaged; this is none.
    if (absl::IsUnimplemented(parsed.status()))
      absl::StrAppend(&input->problem, "; -Wl,-T,", script.path, " gives it to the linker as a script (not tried)");
    return;
  }
  for (const symbols::ScriptItem& item : parsed->items) {
    const std::optional<std::string> path = FindItem(item.name, script.path, dirs);
    if (!path) {
      if (!item.as_needed) input->problem = absl::StrCat(script.path, " names ", item.name, ", which is not there");
      continue;
    }
    const absl::StatusOr<symbols::InputFile>& file = cache->Open(*path);
    if (!file.ok()) {
      input->problem = std::string(file.status().message());
    } else if (file->kind == FileKind::kLinkerScript && depth < 8) {
      ExpandScript(*file, dirs, cache, depth + 1, input);
    } else {
      input->files.push_back(*file);
    }
  }
}

void OpenInto(const std::string& path, const std::vector<std::string>& dirs, FileCache* cache, PlanInput* input) {
  const absl::StatusOr<symbols::InputFile>& file = cache->Open(path);
  if (!file.ok()) {
    input->problem = std::string(file.status().message());
    input->absent = absl::IsNotFound(file.status());
    return;
  }
  if (file->kind == FileKind::kUnknown) {
    input->problem = absl::StrCat(path, " is not an object, archive or linker script",
                                  file->object != nullptr && !file->object->what.empty() ? ": it is " : "",
                                  file->object != nullptr ? file->object->what : "");
    return;
  }
  // A library or object of macOS or Windows: no ELF link can read it.
  if (file->object != nullptr &&
      (file->object->kind == symbols::ObjectKind::kMachO || file->object->kind == symbols::ObjectKind::kCoff)) {
    const std::string machine = file->object->machine.Name();
    input->problem = absl::StrCat(path, " is ", file->object->what, machine.empty() ? "" : " for ", machine,
                                  ", for a different operating system");
    return;
  }
  input->path = path;
  if (file->kind == FileKind::kLinkerScript) {
    ExpandScript(*file, dirs, cache, 0, input);
  } else {
    input->files.push_back(*file);
  }
}

bool HasPrefixOption(absl::string_view word, absl::string_view name, std::string* value) {
  // "--wrap=x", "-wrap=x"
  if (!absl::ConsumePrefix(&word, "-")) return false;
  absl::ConsumePrefix(&word, "-");
  if (!absl::ConsumePrefix(&word, name) || !absl::ConsumePrefix(&word, "=")) return false;
  *value = std::string(word);
  return true;
}

bool IsOption(absl::string_view word, absl::string_view name) {
  if (!absl::ConsumePrefix(&word, "-")) return false;
  absl::ConsumePrefix(&word, "-");
  return word == name;
}

// The linker's options that change what its inputs mean, followed through the line.
class OptionState {
 public:
  explicit OptionState(LinkPlan* plan) : plan_(plan) {}

  // One linker word; `pending` options take their value from the next one.
  void See(const std::string& word) {
    std::string value;
    if (!pending_.empty()) {
      Apply(pending_, word);
      pending_.clear();
    } else if (IsOption(word, "whole-archive")) {
      whole_archive_ = plan_->positional = true;
    } else if (IsOption(word, "no-whole-archive")) {
      whole_archive_ = false;
    } else if (IsOption(word, "start-group") || word == "-(") {
      group_ = next_group_++;
      plan_->positional = true;
    } else if (IsOption(word, "end-group") || word == "-)") {
      group_ = -1;
    } else if (IsOption(word, "push-state") || IsOption(word, "pop-state")) {
      plan_->positional = true;
      if (IsOption(word, "push-state")) {
        saved_ = whole_archive_;
      } else {
        whole_archive_ = saved_;
      }
    } else if (word == "-u" || IsOption(word, "undefined") || IsOption(word, "wrap") || IsOption(word, "defsym") ||
               word == "-z" || IsOption(word, "require-defined") || word == "-e" || IsOption(word, "entry")) {
      pending_ = word;
    } else if (absl::StartsWith(word, "-u") && word.size() > 2 && !absl::StartsWith(word, "-un")) {
      Apply("-u", word.substr(2));
    } else if (absl::StartsWith(word, "-z") && word.size() > 2) {
      Apply("-z", word.substr(2));
    } else if (IsOption(word, "allow-multiple-definition")) {
      plan_->allow_multiple = true;
    } else if (IsOption(word, "noinhibit-exec")) {
      plan_->allow_undefined = true;
    } else if (HasPrefixOption(word, "unresolved-symbols", &value)) {
      // ignore-in-shared-libs is about what a static link has none of.
      plan_->allow_undefined = value == "ignore-all" || value == "ignore-in-object-files";
    } else if (IsOption(word, "warn-unresolved-symbols")) {
      plan_->allow_undefined = true;
    } else {
      for (const char* name : {"undefined", "wrap", "defsym", "require-defined", "entry"}) {
        if (HasPrefixOption(word, name, &value)) Apply(absl::StrCat("--", name), value);
      }
    }
  }

  bool whole_archive() const { return whole_archive_; }
  int group() const { return group_; }

 private:
  void Apply(absl::string_view option, const std::string& value) {
    if (option == "-z") {
      if (value == "undefs") plan_->allow_undefined = true;
      if (value == "muldefs") plan_->allow_multiple = true;
    } else if (IsOption(option, "wrap")) {
      plan_->wrapped.push_back(value);
    } else if (IsOption(option, "defsym")) {
      plan_->defined.push_back(value.substr(0, value.find('=')));
    } else {
      plan_->wanted.push_back(value);
    }
  }

  LinkPlan* plan_;
  std::string pending_;
  bool whole_archive_ = false, saved_ = false;
  int group_ = -1, next_group_ = 0;
};

}  // namespace

const absl::StatusOr<symbols::InputFile>& FileCache::Open(const std::string& path) {
  auto it = files_.find(path);
  if (it == files_.end()) it = files_.emplace(path, symbols::OpenInput(path)).first;
  return it->second;
}

void ResolvePath(const std::string& path, const std::vector<std::string>& dirs, FileCache* cache, PlanInput* input) {
  OpenInto(path, dirs, cache, input);
}

void ResolveLibrary(const std::vector<std::string>& dirs, FileCache* cache, PlanInput* input) {
  const bool exact = absl::StartsWith(input->library, ":");
  const std::string archive = exact ? input->library.substr(1) : absl::StrCat("lib", input->library, ".a");
  for (const std::string& dir : dirs) {
    const std::string path = absl::StrCat(dir, "/", archive);
    if (!support::MayBeRegularFile(path)) continue;
    const absl::StatusOr<symbols::InputFile>& file = cache->Open(path);
    if (file.ok() && file->kind == FileKind::kShared) {
      input->shared = path;
      continue;
    }
    OpenInto(path, dirs, cache, input);
    return;
  }
  if (!exact) {
    // A .so that is a linker script may name archives (libncurses.so: INPUT(libncurses.so.6 -ltinfo)); what is static
    // of it is told by the resolver, which looks at it as evidence.
    const std::optional<std::string> shared = search::FindShared(dirs, input->library);
    if (shared) {
      const absl::StatusOr<symbols::InputFile>& file = cache->Open(*shared);
      if (file.ok()) input->shared = *shared;
      // What is no library at all is passed over; what is there and cannot be read is not missing.
      if (absl::IsUnavailable(file.status())) input->problem = std::string(file.status().message());
    }
  }
  if (input->shared.empty() && input->problem.empty()) {
    input->problem = "not found";
    input->absent = true;
  }
}

std::string LinkPlan::GoObject() const {
  for (const PlanInput& input : inputs) {
    if (absl::EndsWith(input.path, "/go.o")) return input.path;
  }
  return "";
}

bool PlanInput::Offers(absl::string_view symbol) const {
  return std::any_of(files.begin(), files.end(), [&](const symbols::InputFile& file) {
    return file.archive != nullptr && !file.archive->Defining(symbol).empty();
  });
}

LinkPlan Build(const invocation::Invocation& call, const toolchain::Toolchain& toolchain, FileCache* cache,
               const std::vector<std::string>& named_dirs) {
  LinkPlan plan;
  for (const Argument& argument : call.arguments) {
    if (argument.type != ArgType::kLibraryDir) continue;
    const std::string dir = support::Absolute(argument.value, call.cwd);
    if (std::find(toolchain.line.library_dirs.begin(), toolchain.line.library_dirs.end(), dir) ==
        toolchain.line.library_dirs.end()) {
      search::AddOnce(dir, &plan.user_dirs);
    }
    search::AddOnce(dir, &plan.all_dirs);
  }
  for (const std::string& dir : toolchain.line.library_dirs) search::AddOnce(dir, &plan.all_dirs);

  for (const std::string& object : toolchain.line.first_objects) {
    PlanInput input{.origin = Origin::kToolchain, .words = {object}};
    OpenInto(object, plan.all_dirs, cache, &input);
    plan.inputs.push_back(std::move(input));
  }
  OptionState options(&plan);
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const Argument& argument = call.arguments[i];
    if (argument.type == ArgType::kLinker) {
      options.See(argument.value);
      continue;
    }
    if (argument.type != ArgType::kInput && argument.type != ArgType::kLibrary) continue;
    PlanInput input;
    input.argument = static_cast<int>(i);
    input.words = argument.words;
    input.whole_archive = options.whole_archive();
    input.group = options.group();
    if (argument.type == ArgType::kLibrary) {
      input.library = argument.value;
      ResolveLibrary(plan.all_dirs, cache, &input);
      if (input.problem == "not found") {
        if (const std::optional<std::string> archive = search::FindArchive(named_dirs, input.library)) {
          input.problem.clear();
          OpenInto(*archive, plan.all_dirs, cache, &input);
        }
      }
    } else {
      OpenInto(support::Absolute(argument.value, call.cwd), plan.all_dirs, cache, &input);
    }
    plan.inputs.push_back(std::move(input));
  }
  int group = -1;
  for (const std::string& word : toolchain.line.last) {
    if (word == "--start-group") group = 1 << 20;
    if (word == "--end-group") group = -1;
    PlanInput input{.origin = Origin::kToolchain, .words = {word}};
    input.group = group;
    if (absl::StartsWith(word, "-l")) {
      input.library = word.substr(2);
      ResolveLibrary(plan.all_dirs, cache, &input);
    } else if (absl::StartsWith(word, "-")) {
      continue;
    } else {
      OpenInto(word, plan.all_dirs, cache, &input);
    }
    plan.inputs.push_back(std::move(input));
  }
  return plan;
}

}  // namespace cgo_ld_shim::plan

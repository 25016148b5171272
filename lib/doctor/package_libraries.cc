#include "doctor/package_libraries.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "diagnose/diagnose.h"
#include "diagnose/missing_library.h"
#include "invocation/arguments.h"
#include "packages/contents.h"
#include "packages/owner.h"
#include "plan/plan.h"
#include "plan/variants.h"
#include "resolve/resolve.h"
#include "search/library_files.h"
#include "search/pkg_config.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "symbols/symbols.h"
#include "toolchain/driver.h"
#include "toolchain/runtime_libraries.h"
#include "toolchain/zig_libc.h"

namespace cgo_ld_shim::doctor {
namespace {

using invocation::ArgType;
using plan::PlanInput;

// "/usr/lib/libusb.a" of "/usr/lib/libusb.a(udev.o)".
std::string FileOfUnit(absl::string_view unit) { return std::string(unit.substr(0, unit.rfind('('))); }

// "z" for -lz and -l:libz.a.
std::string NameOf(const PlanInput& input) {
  if (!absl::StartsWith(input.library, ":")) return input.library;
  return search::LibraryName(absl::string_view(input.library).substr(1));
}
std::string LabelOf(const PlanInput& input) {
  if (input.library.empty()) return support::BaseName(input.words.back());
  return absl::StartsWith(input.library, ":") ? input.library.substr(1) : absl::StrCat("lib", input.library, ".a");
}

// The words of a package's sources that may be names of C functions and variables.
using Words = absl::flat_hash_set<std::string>;
Words WordsOf(const CgoPackage& package) {
  const auto in_name = [](char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  Words words;
  for (const std::string& path : package.sources) {
    const absl::StatusOr<std::string> text = support::ReadFile(path);
    if (!text.ok()) continue;
    for (size_t i = 0; i < text->size();) {
      const size_t begin = i;
      while (i < text->size() && in_name((*text)[i])) ++i;
      if (i > begin && !absl::ascii_isdigit(static_cast<unsigned char>((*text)[begin])))
        words.emplace(*text, begin, i - begin);
      if (i == begin) ++i;
    }
  }
  return words;
}

// Whether sources with these words call `symbol`: its own name, or all parts of a C++ name that it begins with
// ("leveldb", "DB", "Open" of _ZN7leveldb2DB4OpenE…).
bool Calls(const Words& words, absl::string_view symbol) {
  if (!absl::ConsumePrefix(&symbol, "_Z")) return words.contains(symbol);
  absl::ConsumePrefix(&symbol, "N");
  absl::ConsumePrefix(&symbol, "K");
  bool any = false;
  while (!symbol.empty() && absl::ascii_isdigit(static_cast<unsigned char>(symbol[0]))) {
    size_t length = 0;
    while (!symbol.empty() && absl::ascii_isdigit(static_cast<unsigned char>(symbol[0])) && length < 4096) {
      length = length * 10 + static_cast<size_t>(symbol[0] - '0');
      symbol.remove_prefix(1);
    }
    if (length == 0 || length > symbol.size() || !words.contains(symbol.substr(0, length))) return false;
    symbol.remove_prefix(length);
    any = true;
  }
  return any;
}

// The module's link, planned and resolved without its objects: each package stands for itself by an object that refers
// to what its sources call.
class ModuleLink {
 public:
  ModuleLink(const LinkBase& base, const std::vector<CgoPackage>& packages, absl::string_view cgo_ld_flags)
      : base_(base), packages_(packages) {
    for (const CgoPackage& package : packages) result_.push_back({.package = package, .libraries = {}});
    for (const std::string& word : Split(cgo_ld_flags)) flags_.push_back(word);
  }

  std::vector<PackageLibraries> Check() {
    if (packages_.empty()) return {};
    AddArguments();
    plan_ = plan::Build(call_, base_.toolchain, &cache_);
    plan::UseVariants(base_.toolchain.libc, &plan_, &cache_);
    if (base_.linux && base_.toolchain.FindArchive("c")) {
      AddObjects();
      resolution_ = resolve::Resolve(plan_, base_.toolchain, &cache_);
    }
    ReportNamed();
    if (resolution_) {
      ReportAdded();
      ReportMissing();
    }
    FillInstallations();
    return std::move(result_);
  }

 private:
  static std::vector<std::string> Split(absl::string_view text) { return absl::StrSplit(text, ' ', absl::SkipEmpty()); }

  // As Go puts them into the line: CGO_LDFLAGS, each package's own flags, then what pkg-config says.
  void AddArguments() {
    AddWords(flags_, 0, "");
    std::vector<std::string> user_directories;
    for (size_t i = 0; i < packages_.size(); ++i) AddWords(packages_[i].ld_flags, i, "");
    for (const invocation::Argument& argument : call_.arguments) {
      if (argument.type == ArgType::kLibraryDir) search::AddOnce(argument.value, &user_directories);
    }
    search::PkgConfigFiles files(search::PkgConfigDirectories(user_directories, base_.toolchain.line.library_dirs));
    for (size_t i = 0; i < packages_.size(); ++i) {
      for (const std::string& name : packages_[i].pkg_config) AddPkgConfig(name, i, &files);
    }
  }

  void AddWords(const std::vector<std::string>& words, size_t package, const std::string& named) {
    for (invocation::Argument& argument : invocation::TypeArguments(words)) {
      call_.arguments.push_back(std::move(argument));
      origins_.push_back({package, named});
    }
  }

  void AddPkgConfig(const std::string& name, size_t package, search::PkgConfigFiles* files) {
    std::vector<std::string> queue = {name};
    for (size_t i = 0; i < queue.size(); ++i) {
      const symbols::PkgConfigFile* file = files->Find(queue[i]);
      if (file == nullptr) {
        Missing(package,
                {.label = absl::StrCat(queue[i], ".pc"),
                 .named = i == 0 ? absl::StrCat("pkg-config ", name) : "",
                 .needed_by = i == 0 ? "" : absl::StrCat(name, ".pc")},
                packages::File{packages::FileKind::kPkgConfig, queue[i]});
        continue;
      }
      AddWords(file->libs, package, absl::StrCat("pkg-config ", name));
      for (const std::string& required : file->requires_) search::AddOnce(required, &queue);
    }
  }

  // Names that the libraries of the line define, in archives or only in shared libraries.
  std::vector<absl::string_view> Offered() {
    std::vector<absl::string_view> names;
    for (const PlanInput& input : plan_.inputs) {
      if (input.origin == plan::Origin::kToolchain) continue;
      for (const symbols::InputFile& file : input.files) {
        if (file.archive == nullptr) continue;
        for (const symbols::Archive::IndexEntry& entry : file.archive->index()) names.push_back(entry.symbol);
      }
      if (!input.path.empty() || input.shared.empty()) continue;
      const absl::StatusOr<symbols::InputFile>& file = cache_.Open(input.shared);
      if (!file.ok() || file->object == nullptr) continue;
      for (const symbols::Definition& definition : file->object->definitions) names.push_back(definition.name);
    }
    return names;
  }

  // That of the compiler's start files, or else of the libraries.
  std::optional<symbols::Machine> MachineOfLink() const {
    if (const std::optional<symbols::Machine> machine = plan::MachineOf(plan_)) return machine;
    for (const PlanInput& input : plan_.inputs) {
      if (!input.IsArchive()) continue;
      if (const std::optional<symbols::Machine> machine = input.files[0].archive->FirstMachine()) return machine;
    }
    return std::nullopt;
  }

  void AddObjects() {
    const std::vector<absl::string_view> offered = Offered();
    const std::optional<symbols::Machine> machine = MachineOfLink();
    std::vector<PlanInput> objects;
    for (size_t i = 0; i < packages_.size(); ++i) {
      auto object = std::make_shared<symbols::Object>();
      object->kind = symbols::ObjectKind::kElfRelocatable;
      if (machine) object->machine = *machine;
      // Go's runtime has it.
      if (i == 0) object->definitions.push_back({.name = "main", .function = true, .section = 1});
      const Words words = WordsOf(packages_[i]);
      std::set<absl::string_view> called;
      for (absl::string_view name : offered) {
        if (Calls(words, name) && called.insert(name).second) object->references.push_back({.name = name});
      }
      const std::string& path = packages_[i].import_path;
      of_file_[path] = i;
      PlanInput input{.words = {path}, .path = path};
      input.files.push_back({.path = path, .kind = symbols::FileKind::kObject, .object = std::move(object)});
      objects.push_back(std::move(input));
    }
    const auto first = std::find_if(plan_.inputs.begin(), plan_.inputs.end(),
                                    [](const PlanInput& input) { return input.origin == plan::Origin::kGiven; });
    plan_.inputs.insert(first, objects.begin(), objects.end());
  }

  // One that is there, or that cannot be.
  void Add(size_t package, LibraryState state) {
    std::vector<LibraryState>& libraries = result_[package].libraries;
    const auto same = [&](const LibraryState& other) { return other.label == state.label && other.path == state.path; };
    if (std::none_of(libraries.begin(), libraries.end(), same)) libraries.push_back(std::move(state));
  }
  // One that is not there, and that a package may have as `file`.
  void Missing(size_t package, LibraryState state, packages::File file) {
    const size_t before = result_[package].libraries.size();
    Add(package, std::move(state));
    if (result_[package].libraries.size() > before) wanted_.push_back({package, before, std::move(file)});
  }

  // What the line names.
  void ReportNamed() {
    for (const PlanInput& input : plan_.inputs) {
      if (input.argument < 0 || input.IsObject()) continue;
      const auto& [package, pkg_config] = origins_[static_cast<size_t>(input.argument)];
      for (const std::string& file : {input.path, input.shared}) {
        if (!file.empty()) of_file_.try_emplace(file, package);
      }
      LibraryState state{.label = LabelOf(input), .named = pkg_config, .path = input.path};
      if (state.named.empty())
        state.named = input.library.empty() ? input.words.back() : absl::StrCat("-l", input.library);
      const std::string name = NameOf(input);
      const bool runtime = !input.library.empty() && toolchain::FindRuntimeLibrary(name) != nullptr;
      if (input.problem.empty()) {
        if (input.IsArchive() && !runtime) Add(package, std::move(state));
      } else if (input.library.empty()) {
        state.path.clear();
        state.install =
            support::IsRegularFile(input.words.back())
                ? input.problem
                : absl::StrCat("there is no file ", input.words.back(), ": the package's own build has to make it");
        Add(package, std::move(state));
      } else if (input.shared.empty() && base_.linux && !(runtime && base_.by_zig)) {
        Missing(package, std::move(state), {packages::FileKind::kArchive, name});
      }
      // One that is only a shared library is missing where a symbol of it is; otherwise the link leaves it out.
    }
  }

  size_t PackageOfFile(const std::string& file) const {
    const auto found = of_file_.find(file);
    return found == of_file_.end() ? 0 : found->second;
  }

  // What the resolver adds, but for runtime libraries. Each belongs to the package whose library wants it.
  void ReportAdded() {
    for (const resolve::Added& added : resolution_->added) {
      if (added.evidence.empty()) continue;
      const std::string wanted_by = FileOfUnit(added.evidence[0].wanted_by);
      const size_t package = PackageOfFile(wanted_by);
      of_file_.try_emplace(added.path, package);
      if (added.tier == resolve::Tier::kRuntime) continue;
      Add(package, {.label = support::BaseName(added.path), .needed_by = NeededBy(wanted_by), .path = added.path});
    }
  }

  // Empty for the program's own code.
  std::string NeededBy(const std::string& file) const {
    return absl::EndsWith(file, ".a") ? support::BaseName(file) : "";
  }

  void ReportMissing() {
    std::map<std::string, std::string> shared_of;  // symbol → the shared library that has it
    for (const diagnose::OnlyShared& only : diagnose::FindOnlyShared(plan_, *resolution_, base_.toolchain, &cache_)) {
      shared_of[only.symbol] = only.library;
    }
    for (const resolve::Unresolved& missing : resolution_->missing) {
      const std::string wanted_by = missing.wanting_paths.empty() ? "" : missing.wanting_paths[0];
      const size_t package = PackageOfFile(wanted_by);
      LibraryState state{.needed_by = NeededBy(wanted_by)};
      if (const auto shared = shared_of.find(missing.symbol); shared != shared_of.end()) {
        const std::string name = search::LibraryName(shared->second);
        state.label = absl::StrCat("lib", name, ".a");
        state.shared = shared->second;
        if (state.needed_by.empty()) state.named = absl::StrCat("-l", name);
        Missing(package, std::move(state), {packages::FileKind::kArchive, name});
      } else if (!base_.by_zig) {
        // For musl the link has more to offer than the libraries of this machine.
        state.label = symbols::Demangle(missing.symbol);
        state.install = "no library here defines it";
        Add(package, std::move(state));
      }
    }
  }

  // Package managers are asked once, for all.
  void FillInstallations() {
    std::vector<packages::File> files;
    for (const Wanted& wanted : wanted_) files.push_back(wanted.file);
    const diagnose::LibraryPlaces places = Places();
    const std::vector<packages::Bringers> bringers =
        places.packages ? packages::WhoBrings(files, *places.packages) : std::vector<packages::Bringers>(files.size());
    for (size_t i = 0; i < wanted_.size(); ++i) {
      LibraryState& state = result_[wanted_[i].package].libraries[wanted_[i].library];
      state.install = Installation(state, files[i], bringers[i], places);
    }
  }

  diagnose::LibraryPlaces Places() const {
    std::vector<std::string> directories;
    for (const invocation::Argument& argument : call_.arguments) {
      if (argument.type == ArgType::kLibraryDir) directories.push_back(support::Absolute(argument.value, call_.cwd));
    }
    diagnose::LibraryPlaces places = diagnose::PlacesOf(directories, plan_.all_dirs, base_.toolchain, /*compat=*/true);
    places.for_this_machine &= !base_.by_zig;
    if (!base_.linux) places.packages.reset();
    return places;
  }

  static std::string Installation(const LibraryState& state, const packages::File& file,
                                  const packages::Bringers& bringers, const diagnose::LibraryPlaces& places) {
    if (file.kind == packages::FileKind::kArchive && state.shared.empty()) {
      const diagnose::MissingLibrary why = diagnose::ExplainMissingLibrary(file.name, bringers, places);
      if (why.ways_out.empty()) return why.hint;
      const char* const between = why.hint.empty() ? "" : bringers.packages.empty() ? ": " : "; or ";
      return absl::StrCat(why.hint, between, why.ways_out[0].action);
    }
    if (!bringers.packages.empty() || state.shared.empty()) return packages::InstallText(file, bringers);
    const std::string owner = packages::OwnerOf(state.shared);
    return absl::StrCat("only ", support::BaseName(state.shared), " is here",
                        owner.empty() ? "" : absl::StrCat(" (package ", owner, ", no package has the archive)"),
                        ": CGO_LD_SHIM_STATIC=prefer, or build ", state.label);
  }

  struct Wanted {
    size_t package, library;
    packages::File file;
  };

  const LinkBase& base_;
  const std::vector<CgoPackage>& packages_;
  std::vector<std::string> flags_;
  invocation::Invocation call_{.cwd = "/"};
  std::vector<std::pair<size_t, std::string>> origins_;  // of each argument: package, and "pkg-config NAME"
  plan::FileCache cache_;
  plan::LinkPlan plan_;
  std::optional<resolve::Resolution> resolution_;
  std::map<std::string, size_t> of_file_;  // whose package a file is
  std::vector<PackageLibraries> result_;
  std::vector<Wanted> wanted_;
};

}  // namespace

LinkBase BaseFor(const Machine& machine, const std::string& os, const std::string& triple) {
  LinkBase base{.toolchain = {}, .by_zig = !triple.empty(), .linux = os.empty() || os == "linux"};
  if (!base.by_zig) {
    if (machine.toolchain.ok()) base.toolchain = *machine.toolchain;
    return base;
  }
  const target::Triple target = target::ParseTriple(triple);
  base.toolchain.machine.arch = target.arch;
  base.toolchain.libc = target.libc;
  const toolchain::ZigLibcRequest request{
      .driver = toolchain::ZigDriver(machine.zig ? machine.zig->path : "zig", /*cxx=*/false, target)};
  // What has been prepared is in the cache; nothing is built for a question.
  if (!request.driver.IsZigMusl() || !toolchain::HasZigLibc(request)) return base;
  if (absl::StatusOr<toolchain::Toolchain> zig = toolchain::LocateZigLibc(request); zig.ok())
    base.toolchain = *std::move(zig);
  return base;
}

std::vector<PackageLibraries> CheckLibraries(const LinkBase& base, const std::vector<CgoPackage>& packages,
                                             absl::string_view cgo_ld_flags) {
  return ModuleLink(base, packages, cgo_ld_flags).Check();
}

}  // namespace cgo_ld_shim::doctor

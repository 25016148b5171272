// What an archive is, from all of its members.
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "diagnose/built_for.h"
#include "diagnose/system_symbols.h"
#include "invocation/invocation.h"
#include "isolate/isolate.h"
#include "lint/lint.h"
#include "lint/member_facts.h"
#include "plan/plan.h"
#include "plan/variants.h"
#include "resolve/resolve.h"
#include "support/file.h"
#include "support/version.h"
#include "target/target.h"

namespace cgo_ld_shim::lint {
namespace {

using symbols::Definition;
using symbols::Object;
using symbols::ObjectKind;
using symbols::Reference;
using target::LibcFamily;

// How many members are read for what they say of musl. All of a library's are alike.
constexpr size_t kMembersRead = 16;

bool IsMangled(absl::string_view name) {
  // C++ and Rust's legacy scheme, Rust's v0, D, Microsoft's C++.
  return absl::StartsWith(name, "_Z") || absl::StartsWith(name, "?") || absl::StartsWith(name, "_D") ||
         (absl::StartsWith(name, "_R") && name.size() > 2 && absl::ascii_isupper(static_cast<unsigned char>(name[2])));
}

// Go's name, or what people say where Go has none.
std::string ArchitectureOf(const symbols::Machine& machine) {
  const target::Architecture* row = target::FindArchitectureByElf(machine.e_machine, machine.is64, machine.little);
  return row != nullptr ? row->go : machine.Name();
}

// Names whose versions in libc.so.6 say nothing of older glibcs, which had them in libc_nonshared.a and libc.a (glibc
// NEWS 2.33; io/Makefile of 2.32, static-only-routines). Sorted.
constexpr absl::string_view kAlwaysThere[] = {"at_quick_exit",  "atexit", "fstat",   "fstat64", "fstatat",
                                              "fstatat64",      "lstat",  "lstat64", "mknod",   "mknodat",
                                              "pthread_atfork", "stat",   "stat64"};
bool WasAlwaysThere(absl::string_view name) {
  return std::binary_search(std::begin(kAlwaysThere), std::end(kAlwaysThere), name);
}

// Where this machine has glibc for the architecture: its own, a cross compiler's, Debian's other architectures'.
std::vector<std::string> GlibcDirectories(const std::string& go_arch) {
  const target::Architecture* arch = target::FindArchitecture(go_arch);
  if (arch == nullptr) return {};
  std::vector<std::string> directories;
  if (go_arch == target::HostArch()) {
    if (const std::string host = diagnose::HostGlibc(); !host.empty())
      directories.push_back(host.substr(0, host.rfind('/')));
  }
  directories.push_back(absl::StrCat("/usr/lib/", arch->multiarch));
  directories.push_back(absl::StrCat("/usr/", arch->multiarch, "/lib"));
  return directories;
}

// The first version of glibc that has each name, of all its libraries.
std::map<std::string, std::string> GlibcNames(const std::string& go_arch) {
  for (const std::string& directory : GlibcDirectories(go_arch)) {
    if (!support::IsRegularFile(absl::StrCat(directory, "/libc.so.6"))) continue;
    std::map<std::string, std::string> names;
    for (const char* library : {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1",
                                "libresolv.so.2", "libutil.so.1", "libanl.so.1"}) {
      for (auto& [name, version] : diagnose::FirstGlibcVersions(absl::StrCat(directory, "/", library))) {
        const auto [at, fresh] = names.try_emplace(name, version);
        if (!fresh && support::VersionLess(version, at->second)) at->second = version;
      }
    }
    return names;
  }
  return {};
}

class Reader {
 public:
  Reader(const std::string& path, const symbols::Archive& archive) : archive_(archive) { facts_.path = path; }

  absl::StatusOr<ArchiveFacts> Read() {
    for (uint32_t number = 0; number < archive_.member_count(); ++number) {
      const absl::StatusOr<const symbols::Member*> member = archive_.GetMember(number);
      if (!member.ok()) return member.status();
      const absl::StatusOr<const Object*> object = archive_.Load(number);
      if (!object.ok()) return object.status();
      Add(**member, **object);
    }
    facts_.members = archive_.member_count();
    if (const auto identity = support::Identify(facts_.path)) facts_.bytes = identity->size;
    Conclude();
    return std::move(facts_);
  }

 private:
  void Add(const symbols::Member& member, const Object& object) {
    // Rust puts its own data beside the objects (lib.rmeta), others a list of symbols or a text.
    if (object.kind == ObjectKind::kUnknown) return;
    ++facts_.objects;
    if (object.kind == ObjectKind::kMachO || object.kind == ObjectKind::kCoff) {
      foreign_.insert(object.what.empty() ? (object.kind == ObjectKind::kMachO ? "a Mach-O object" : "a COFF object")
                                          : object.what);
      return;
    }
    facts_.bitcode += object.kind == ObjectKind::kBitcode ? 1 : 0;
    facts_.gimple += object.kind == ObjectKind::kSlimLto ? 1 : 0;
    if (object.kind != ObjectKind::kBitcode &&
        std::find(facts_.machines.begin(), facts_.machines.end(), object.machine) == facts_.machines.end())
      facts_.machines.push_back(object.machine);
    AddNames(object);
    facts_.old_constructors += object.old_constructors ? 1 : 0;
    facts_.executable_stacks += object.executable_stack ? 1 : 0;
    if (object.kind != ObjectKind::kElfRelocatable) return;
    for (absl::string_view compiler : symbols::Compilers(member.data)) compilers_.emplace(compiler);
    if (absl::StartsWith(member.name, "panic_unwind-")) facts_.panic = "unwind";
    if (absl::StartsWith(member.name, "panic_abort-") && facts_.panic.empty()) facts_.panic = "abort";
    if (musl_read_ < kMembersRead) {
      ++musl_read_;
      musl_sources_ |= symbols::DebugFilesMention(member.data, "alltypes.h");
    }
    MemberFacts more = ReadMember(member.data);
    facts_.debug_bytes += more.debug_bytes;
    facts_.ifuncs += more.ifunc ? 1 : 0;
    if (more.not_pic && ++facts_.not_pic == 1) facts_.not_pic_example = member.name;
    cpu_level_ = std::max(cpu_level_, more.cpu_level);
    for (std::string& path : more.build_paths) build_paths_.insert(std::move(path));
  }

  void AddNames(const Object& object) {
    for (const Definition& definition : object.definitions) {
      const std::string name(definition.name);
      defined_.insert(name);
      if (absl::StrContains(name, "12panic_unwind") && facts_.panic.empty()) facts_.panic = "unwind";
      libstdcxx_ |= absl::StrContains(name, "St7__cxx11");
      libcxx_ |= absl::StrContains(name, "St3__1");
      if (!definition.strong() || definition.comdat || definition.unique) continue;
      if (isolate::IsLanguageRuntime(name)) {
        runtime_.insert(name);
        continue;
      }
      // A C program may not define what begins with two underscores, and no API has it.
      const bool reserved = absl::StartsWith(name, "__");
      if (const absl::string_view library = BundledLibrary(name, facts_.path); !library.empty())
        clashes_[std::string(library)].insert(name);
      if (definition.hidden || definition.tls || reserved || name == "main") continue;
      // .symver: "f@@V2" is what a program gets for f; "f@V1" is for those that were linked with an older library.
      const size_t version = name.find('@');
      if (version != std::string::npos && name.compare(version, 2, "@@") != 0) continue;
      (IsMangled(name) ? mangled_ : api_).insert(name.substr(0, version));
    }
    for (const Reference& reference : object.references) {
      const std::string name(reference.name);
      libstdcxx_ |=
          absl::StrContains(name, "St7__cxx11") || absl::StartsWith(name, "_ZSt") || absl::StartsWith(name, "_ZNSt6");
      libcxx_ |= absl::StrContains(name, "St3__1");
      if (!reference.weak) needed_.insert(name);
    }
  }

  void Conclude() {
    facts_.foreign.assign(foreign_.begin(), foreign_.end());
    facts_.compilers.assign(compilers_.begin(), compilers_.end());
    facts_.runtime_names.assign(runtime_.begin(), runtime_.end());
    // Those that a person knows stand first.
    std::stable_partition(facts_.runtime_names.begin(), facts_.runtime_names.end(),
                          [](const std::string& name) { return !IsMangled(name); });
    for (const symbols::Machine& machine : facts_.machines) facts_.architectures.push_back(ArchitectureOf(machine));
    for (const std::string& compiler : facts_.compilers) {
      absl::string_view rest = compiler;
      if (absl::ConsumePrefix(&rest, "rustc version ")) facts_.rust = std::string(rest.substr(0, rest.find(' ')));
    }
    if (facts_.rust.empty()) facts_.panic.clear();
    // libc++'s own namespace is never libstdc++'s; the reverse names are common to both.
    facts_.cxx_runtime = libcxx_ ? "libc++" : libstdcxx_ ? "libstdc++" : "";
    facts_.api_is_mangled = api_.empty();
    facts_.api.assign((api_.empty() ? mangled_ : api_).begin(), (api_.empty() ? mangled_ : api_).end());
    for (auto& [library, names] : clashes_) facts_.clashes.push_back({library, {names.begin(), names.end()}});
    for (const std::string& name : needed_) {
      if (absl::StartsWith(name, "_Unwind_") && !defined_.contains(name)) ++facts_.unwinder_names;
    }
    if (cpu_level_ > 1) facts_.cpu = absl::StrCat("x86-64-v", cpu_level_);
    facts_.build_paths = build_paths_.size();
    if (!build_paths_.empty()) facts_.build_path = *build_paths_.begin();
    JudgeLibc();
  }

  // What the link asks of an archive on musl (diagnose/built_for.h), here of all its members.
  void JudgeLibc() {
    if (facts_.machines.empty()) return;
    plan::FileCache files;
    plan::LinkPlan plan;
    plan::PlanInput input{.argument = 0, .words = {facts_.path}, .whole_archive = true};
    plan::ResolvePath(facts_.path, {}, &files, &input);
    plan.inputs.push_back(std::move(input));
    const resolve::Resolution all = resolve::Resolve(plan, {}, &files);
    const std::map<int, diagnose::BuiltForGlibc> built = diagnose::FindBuiltForGlibc(all);
    if (!built.empty()) {
      const diagnose::BuiltForGlibc& known = built.begin()->second;
      facts_.libc = LibcFamily::kGlibc;
      facts_.libc_is_sure = known.known == diagnose::BuiltForGlibc::Known::kSurely;
      facts_.libc_because = known.known == diagnose::BuiltForGlibc::Known::kSurely
                                ? absl::StrCat("it has names that only its headers write")
                                : absl::StrCat("its compiler says so: ", known.compiler);
    } else if (defined_.contains("__init_libc") || musl_sources_ || plan::SaysLibc(facts_.path, LibcFamily::kMusl)) {
      facts_.libc = LibcFamily::kMusl;
      facts_.libc_is_sure = defined_.contains("__init_libc") || musl_sources_;
      facts_.libc_because = defined_.contains("__init_libc") ? "it contains one"
                            : musl_sources_                  ? "its debug information names the headers"
                                                             : "its name says so";
    } else if (plan::SaysLibc(facts_.path, LibcFamily::kGlibc)) {
      facts_.libc = LibcFamily::kGlibc;
      facts_.libc_because = "its name says so";
    }
    if (facts_.libc == LibcFamily::kMusl || facts_.architectures.size() != 1) return;
    const std::map<std::string, std::string> versions = GlibcNames(facts_.architectures[0]);
    for (const std::string& needed : needed_) {
      const auto at = versions.find(needed);
      if (at == versions.end() || defined_.contains(needed) || WasAlwaysThere(needed)) continue;
      if (facts_.least_glibc_needs.empty() || support::VersionLess(facts_.least_glibc, at->second)) {
        facts_.least_glibc = at->second;
        facts_.least_glibc_needs = needed;
      }
    }
  }

  const symbols::Archive& archive_;
  ArchiveFacts facts_;
  std::set<std::string> foreign_, compilers_, runtime_, defined_, needed_, api_, mangled_, build_paths_;
  std::map<std::string, std::set<std::string>> clashes_;
  bool libstdcxx_ = false, libcxx_ = false, musl_sources_ = false;
  size_t musl_read_ = 0;
  int cpu_level_ = 0;
};

}  // namespace

bool IsArchiveFile(const std::string& path) {
  if (!support::IsRegularFile(path)) return false;
  const absl::StatusOr<int> file = support::OpenRegularFile(path);
  if (!file.ok()) return false;
  char magic[8] = {};
  const ssize_t got = ::read(*file, magic, sizeof magic);
  ::close(*file);
  const absl::string_view begins(magic, got > 0 ? static_cast<size_t>(got) : 0);
  return begins == "!<arch>\n" || begins == "!<thin>\n";
}

absl::StatusOr<ArchiveFacts> ReadArchive(const std::string& path) {
  const absl::StatusOr<symbols::InputFile> file = symbols::OpenInput(path);
  if (!file.ok()) return file.status();
  if (file->archive == nullptr) {
    const std::string what = file->object != nullptr && !file->object->what.empty() ? file->object->what
                             : file->kind == symbols::FileKind::kLinkerScript       ? "a linker script"
                             : file->kind == symbols::FileKind::kEmpty              ? "empty"
                             : file->kind == symbols::FileKind::kShared             ? "a shared library"
                             : file->kind == symbols::FileKind::kObject             ? "an object"
                                                                                    : "something else";
    return absl::InvalidArgumentError(absl::StrCat(path, " is ", what, ", and not an archive"));
  }
  return Reader(path, *file->archive).Read();
}

}  // namespace cgo_ld_shim::lint

#include "plan/variants.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "support/file.h"
#include "support/path_parts.h"

namespace cgo_ld_shim::plan {
namespace {

using target::LibcFamily;

// Parts of triples and of Go's, Rust's and Debian's names for platforms; longer ones first where one begins another.
constexpr absl::string_view kArchitectures[] = {
    "x86_64",      "x86-64",  "aarch64_be", "aarch64",  "amd64",       "arm64",   "armv7l",  "armv7",
    "armv6",       "armhf",   "armel",      "arm",      "i686",        "i586",    "i386",    "386",
    "x86",         "x64",     "riscv64gc",  "riscv64",  "powerpc64le", "ppc64le", "ppc64el", "s390x",
    "loongarch64", "loong64", "mips64el",   "mips64le", "mipsel",      "mipsle",  "mips64",  "mips"};
constexpr absl::string_view kOther[] = {"linux", "unknown", "pc"};

// A file's own name and three directories above it may tell of a platform.
constexpr size_t kLevels = 4;

bool IsWordByte(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

// Whether `word` stands at `place` in `text`, with no letter or digit on either side.
bool StandsAt(absl::string_view text, size_t place, absl::string_view word) {
  if (!absl::StartsWith(text.substr(place), word)) return false;
  const size_t end = place + word.size();
  return (place == 0 || !IsWordByte(text[place - 1])) && (end == text.size() || !IsWordByte(text[end]));
}

size_t WordAt(absl::string_view text, size_t place, absl::Span<const absl::string_view> words) {
  for (absl::string_view word : words) {
    if (StandsAt(text, place, word)) return word.size();
  }
  return 0;
}

bool Names(absl::string_view part, LibcFamily libc) {
  const absl::Span<const absl::string_view> words = target::WordsInNames(libc);
  for (size_t i = 0; i < part.size(); ++i) {
    if (WordAt(part, i, words) > 0) return true;
  }
  return false;
}

bool SaysLibc(const std::string& path, const target::Libc& libc) {
  return plan::SaysLibc(path, libc.IsMusl() ? LibcFamily::kMusl : LibcFamily::kGlibc);
}

// Files that are called like `archive` but for parts of a triple in its own name (`up` is 0), or in that of the
// directory which is `up` above it, with the rest of the path below that as it is.
std::vector<std::string> Neighbours(const std::string& archive, size_t up) {
  const std::vector<std::string> parts = absl::StrSplit(archive, '/');
  if (up + 1 >= parts.size()) return {};
  const size_t at = parts.size() - 1 - up;
  const std::string plain = NameWithoutTriple(parts[at]);
  if (up > 0 && plain == absl::AsciiStrToLower(parts[at])) return {};
  std::set<std::string> found;
  const std::string parent = absl::StrJoin(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(at), "/");
  for (const std::string& name : support::ListDirectory(parent.empty() ? "/" : parent)) {
    if (name == parts[at] || NameWithoutTriple(name) != plain) continue;
    std::string path = absl::StrCat(parent, "/", name);
    for (size_t i = at + 1; i + 1 < parts.size(); ++i) absl::StrAppend(&path, "/", parts[i]);
    if (up == 0) {
      found.insert(path);
      continue;
    }
    // linux_arm64/libfoo_arm64.a as well as linux_arm64/libfoo.a.
    const std::string file = NameWithoutTriple(parts.back());
    for (const std::string& entry : support::ListDirectory(path)) {
      if (NameWithoutTriple(entry) == file) found.insert(absl::StrCat(path, "/", entry));
    }
  }
  return {found.begin(), found.end()};
}

bool Fits(const std::string& path, const symbols::Machine& machine, FileCache* cache) {
  if (!absl::EndsWith(path, ".a") || !support::IsRegularFile(path)) return false;
  const absl::StatusOr<symbols::InputFile>& file = cache->Open(path);
  return file.ok() && file->archive != nullptr && file->archive->FirstMachine() == machine;
}

Variant Replace(const std::string& to, std::string because, const LinkPlan& plan, FileCache* cache, PlanInput* input) {
  Variant variant{.argument = input->argument,
                  .before = input->words,
                  .from = input->path,
                  .to = to,
                  .because = std::move(because)};
  PlanInput with{.origin = input->origin,
                 .argument = input->argument,
                 .words = {to},
                 .asked = input->AskedBy(),
                 .whole_archive = input->whole_archive,
                 .group = input->group};
  ResolvePath(to, plan.all_dirs, cache, &with);
  *input = std::move(with);
  return variant;
}

// The next lib<name>.a in search order, past the one that does not fit.
std::optional<std::string> NextInDirectories(const PlanInput& input, const symbols::Machine& machine,
                                             const LinkPlan& plan, FileCache* cache) {
  if (input.library.empty() || absl::StartsWith(input.library, ":")) return std::nullopt;
  for (const std::string& dir : plan.all_dirs) {
    std::string path = absl::StrCat(dir, "/lib", input.library, ".a");
    if (path != input.path && Fits(path, machine, cache)) return path;
  }
  return std::nullopt;
}

// Where an input that is not there would have been: the paths of which a neighbour may be meant.
std::vector<std::string> PathsOfAbsent(const PlanInput& input, const LinkPlan& plan) {
  std::vector<std::string> paths;
  if (input.library.empty()) {
    if (input.words.size() == 1) paths.push_back(input.words[0]);
    return paths;
  }
  if (absl::StartsWith(input.library, ":")) return paths;
  for (const std::string& dir : plan.user_dirs) paths.push_back(absl::StrCat(dir, "/lib", input.library, ".a"));
  return paths;
}

// The neighbour that there is of an archive that there is not: one for the program's C library before one for another.
std::optional<Variant> ForAbsent(const symbols::Machine& machine, const target::Libc& libc, LinkPlan* plan,
                                 FileCache* cache, PlanInput* input) {
  for (const std::string& path : PathsOfAbsent(*input, *plan)) {
    const std::string name(support::BaseName(path));
    if (NameWithoutTriple(name) == absl::AsciiStrToLower(name)) continue;
    const std::vector<std::string> found = FindForMachine(path, machine, libc, cache);
    if (found.empty()) continue;
    if (found.size() > 1) {
      plan->set_aside.insert(plan->set_aside.end(), found.begin(), found.end());
      return std::nullopt;
    }
    Variant variant =
        Replace(found[0], absl::StrCat(path, " is not there, and only this one of its name fits"), *plan, cache, input);
    variant.from = path;
    return variant;
  }
  return std::nullopt;
}

}  // namespace

bool SaysLibc(const std::string& path, LibcFamily libc) {
  absl::string_view rest = path;
  for (size_t up = 0; up < kLevels && !rest.empty(); ++up) {
    const std::string part = support::BaseName(rest);
    const bool glibc = Names(part, LibcFamily::kGlibc), musl = Names(part, LibcFamily::kMusl);
    if (glibc || musl) return libc == LibcFamily::kMusl ? musl : glibc;
    rest.remove_suffix(std::min(rest.size(), part.size() + 1));
  }
  return false;
}

bool IsNamedForOther(const std::string& path, const target::Libc& libc) {
  return SaysLibc(path, libc.IsMusl() ? LibcFamily::kGlibc : LibcFamily::kMusl) && !SaysLibc(path, libc);
}

std::string NameWithoutTriple(absl::string_view name) { return absl::AsciiStrToLower(PlainName(name)); }

std::string PlainName(absl::string_view name) {
  const std::string text = absl::AsciiStrToLower(name);
  std::string plain;
  for (size_t i = 0; i < text.size();) {
    size_t skip = WordAt(text, i, kArchitectures);
    if (skip == 0) skip = WordAt(text, i, target::WordsInNames(LibcFamily::kGlibc));
    if (skip == 0) skip = WordAt(text, i, target::WordsInNames(LibcFamily::kMusl));
    if (skip == 0) skip = WordAt(text, i, kOther);
    if (skip == 0) {
      plain += name[i++];
      continue;
    }
    i += skip;
    // The separator goes with the part: libfoo_x86_64.a, libfoo.a.
    if (!plain.empty() && !IsWordByte(plain.back())) {
      plain.pop_back();
    } else if (i < text.size() && (text[i] == '-' || text[i] == '_')) {
      ++i;
    }
  }
  return plain;
}

std::vector<std::string> SetAsideFor(const LinkPlan& plan, const std::string& library) {
  const std::string name = NameWithoutTriple(absl::StrCat("lib", library, ".a"));
  std::vector<std::string> builds;
  std::copy_if(plan.set_aside.begin(), plan.set_aside.end(), std::back_inserter(builds),
               [&](const std::string& path) { return NameWithoutTriple(support::BaseName(path)) == name; });
  return builds;
}

std::optional<symbols::Machine> MachineOf(const LinkPlan& plan) {
  for (const PlanInput& input : plan.inputs) {
    if (input.IsObject()) return input.files[0].object->machine;
  }
  return std::nullopt;
}

std::vector<std::string> FindVariants(const std::string& archive, const symbols::Machine& machine,
                                      const target::Libc& libc, FileCache* cache) {
  for (size_t up = 0; up < kLevels; ++up) {
    std::vector<std::string> variants = Neighbours(archive, up);
    std::erase_if(variants,
                  [&](const std::string& path) { return IsNamedForOther(path, libc) || !Fits(path, machine, cache); });
    if (!variants.empty()) return variants;
  }
  return {};
}

std::vector<std::string> FindForMachine(const std::string& archive, const symbols::Machine& machine,
                                        const target::Libc& libc, FileCache* cache) {
  for (size_t up = 0; up < kLevels; ++up) {
    std::vector<std::string> found = Neighbours(archive, up), fit;
    std::erase_if(found, [&](const std::string& path) { return !Fits(path, machine, cache); });
    std::copy_if(found.begin(), found.end(), std::back_inserter(fit),
                 [&](const std::string& path) { return !IsNamedForOther(path, libc); });
    if (!fit.empty()) return fit;
    if (!found.empty()) return found;
  }
  return {};
}

std::vector<Variant> UseVariants(const target::Libc& libc, LinkPlan* plan, FileCache* cache) {
  std::vector<Variant> used;
  const std::optional<symbols::Machine> machine = MachineOf(*plan);
  if (!machine) return used;
  for (PlanInput& input : plan->inputs) {
    if (input.origin != Origin::kGiven) continue;
    if (input.absent && input.files.empty()) {
      if (std::optional<Variant> variant = ForAbsent(*machine, libc, plan, cache, &input))
        used.push_back(*std::move(variant));
    }
    if (!input.IsArchive()) continue;
    const std::optional<symbols::Machine> made_for = input.files[0].archive->FirstMachine();
    if (!made_for || *made_for == *machine) continue;
    std::optional<std::string> to = NextInDirectories(input, *machine, *plan, cache);
    if (!to) {
      const std::vector<std::string> variants = FindForMachine(input.path, *machine, libc, cache);
      if (variants.size() == 1) {
        to = variants[0];
      } else {
        plan->set_aside.insert(plan->set_aside.end(), variants.begin(), variants.end());
      }
    }
    if (!to) continue;
    used.push_back(Replace(
        *to, absl::StrCat(input.path, " was made for ", made_for->Name(), ", this one is for ", machine->Name()), *plan,
        cache, &input));
  }
  return used;
}

std::optional<Variant> UseVariant(const std::string& archive, const target::Libc& libc, const std::string& because,
                                  LinkPlan* plan, FileCache* cache) {
  const std::optional<symbols::Machine> machine = MachineOf(*plan);
  if (!machine) return std::nullopt;
  for (PlanInput& input : plan->inputs) {
    if (input.origin != Origin::kGiven || input.path != archive || !input.IsArchive()) continue;
    std::vector<std::string> variants = FindVariants(archive, *machine, libc, cache);
    std::erase_if(variants, [&](const std::string& path) { return !SaysLibc(path, libc); });
    if (variants.size() != 1) return std::nullopt;
    return Replace(variants[0], because, *plan, cache, &input);
  }
  return std::nullopt;
}

}  // namespace cgo_ld_shim::plan

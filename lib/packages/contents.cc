#include "packages/contents.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "packages/contents_table.h"
#include "support/file.h"
#include "support/process.h"

namespace cgo_ld_shim::packages {
namespace {

bool Has(const char* program) { return support::FindProgram(program).has_value(); }

std::string Ask(const std::vector<std::string>& argv) {
  const absl::StatusOr<support::ProcessResult> result = support::RunProcess(argv, {.environment = {"LC_ALL=C"}});
  return result.ok() && result->exit_status == 0 ? result->output : "";
}

std::vector<std::string> Lines(absl::string_view text) { return absl::StrSplit(text, '\n', absl::SkipEmpty()); }

void AddOnce(std::string value, std::vector<std::string>* list) {
  if (!value.empty() && std::find(list->begin(), list->end(), value) == list->end()) list->push_back(std::move(value));
}

std::string Key(const File& file) { return absl::StrCat(static_cast<int>(file.kind), file.name); }

char TableKind(FileKind kind) {
  switch (kind) {
    case FileKind::kArchive:
      return 'a';
    case FileKind::kShared:
      return 's';
    case FileKind::kPkgConfig:
      return 'p';
    case FileKind::kHeader:
      return 'h';
    case FileKind::kPrivateArchive:
      return 'b';
  }
  return 'a';
}

// ---- apt-file

// Where the linker, pkg-config and the preprocessor of a native compiler look; the triple's directory may stand
// between.
std::vector<std::string> DirectoriesOf(FileKind kind) {
  switch (kind) {
    case FileKind::kArchive:
    case FileKind::kShared:
      return {"/usr/lib/", "/lib/"};
    case FileKind::kPkgConfig:
      return {"/usr/lib/pkgconfig/", "/usr/share/pkgconfig/"};
    case FileKind::kHeader:
      return {"/usr/include/"};
    case FileKind::kPrivateArchive:
      return {"/usr/lib/"};
  }
  return {};
}

// Whether `path` of a package is the file that is looked for: /usr/lib/x86_64-linux-gnu/libz.a, and not a cross
// compiler's or a plugin's of the same name.
bool IsFile(const File& file, absl::string_view path) {
  if (file.kind == FileKind::kPrivateArchive) {
    // What compilers keep for themselves is no library's part.
    return absl::StartsWith(path, "/usr/lib/") && !absl::StartsWith(path, "/usr/lib/gcc") &&
           absl::EndsWith(path, absl::StrCat("/", file.FileName()));
  }
  for (const std::string& directory : DirectoriesOf(file.kind)) {
    absl::string_view rest = path;
    // The directories above the triple's: /usr/lib of /usr/lib/pkgconfig.
    const std::string last = file.kind == FileKind::kPkgConfig ? "pkgconfig/" : "";
    if (!absl::ConsumePrefix(&rest, absl::StripSuffix(directory, last))) continue;
    const absl::string_view triple = rest.substr(0, rest.find('/'));
    if (absl::StrContains(triple, "-linux-gnu")) rest.remove_prefix(std::min(rest.size(), triple.size() + 1));
    if (absl::ConsumePrefix(&rest, last) && rest == file.FileName()) return true;
  }
  return false;
}

std::string Escaped(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '/' && c != '_' && c != '-') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// What apt-file knows of all files at once: a search reads all of its lists. False: it has none.
bool AskAptFile(const std::vector<File>& files, std::map<std::string, std::vector<std::string>>* packages) {
  if (!Has("apt-file")) return false;
  std::string pattern;
  for (const File& file : files) absl::StrAppend(&pattern, pattern.empty() ? "" : "|", Escaped(file.FileName()));
  const absl::StatusOr<support::ProcessResult> result = support::RunProcess(
      {"apt-file", "search", "--regexp", absl::StrCat("/(", pattern, ")$")}, {.environment = {"LC_ALL=C"}});
  // 1: it has no such file; others: it has no lists (apt-file(1)).
  if (!result.ok() || (result->exit_status != 0 && result->exit_status != 1)) return false;
  for (const std::string& line : Lines(result->output)) {
    const std::pair<absl::string_view, absl::string_view> answer = absl::StrSplit(line, absl::MaxSplits(": ", 1));
    for (const File& file : files) {
      if (IsFile(file, answer.second)) AddOnce(std::string(answer.first), &(*packages)[Key(file)]);
    }
  }
  return true;
}

// ---- apt

// Names of Debian that apt here can install, where it has lists.
struct AptNames {
  bool lists = false;
  std::set<std::string> known;
};
AptNames AskApt(const std::set<std::string>& names) {
  AptNames answer;
  if (names.empty() || !Has("apt-cache")) return answer;
  answer.lists = HasAptLists(Ask({"apt-cache", "policy"}));
  if (!answer.lists) return answer;
  std::vector<std::string> argv = {"apt-cache", "policy"};
  argv.insert(argv.end(), names.begin(), names.end());
  for (std::string& name : InstallableByApt(Ask(argv))) answer.known.insert(std::move(name));
  return answer;
}

// "arm64" of "zlib1g-dev:arm64"; empty: this machine's own.
absl::string_view ArchitectureOf(absl::string_view package) {
  const size_t colon = package.find(':');
  return colon == absl::string_view::npos ? absl::string_view() : package.substr(colon + 1);
}

// Names of this machine's packages become those of `architecture`, which apt's lists may not have: a port, or one that
// dpkg is not told of.
void TurnInto(const std::string& architecture, std::vector<Bringers>* answers) {
  const std::vector<std::string> told = Lines(Ask({"dpkg", "--print-foreign-architectures"}));
  const bool is_told = std::find(told.begin(), told.end(), architecture) != told.end();
  std::set<std::string> names;
  for (Bringers& answer : *answers) {
    for (std::string& name : answer.packages) {
      absl::StrAppend(&name, ":", architecture);
      names.insert(name);
    }
  }
  const AptNames apt = is_told ? AskApt(names) : AptNames();
  for (Bringers& answer : *answers) {
    if (answer.packages.empty()) continue;
    answer.add_architecture = !is_told;
    const bool known = std::all_of(answer.packages.begin(), answer.packages.end(),
                                   [&](const std::string& name) { return apt.known.contains(name); });
    if (!known) answer.remark = absl::StrCat("not checked: apt's lists here do not have it for ", architecture);
  }
}

// The table is what apt-file would say: it is of the release that runs here.
bool IsTableOf(const Distribution& distribution) {
  return absl::AsciiStrToLower(TableRelease()) == absl::StrCat(distribution.id, " ", distribution.version);
}

// What apt-file knows takes the place of what the table knows. The table still says which of several is meant mostly.
void MergeInto(std::vector<std::string>* packages, std::vector<std::string> found) {
  const auto place = [&](const std::string& name) { return std::find(packages->begin(), packages->end(), name); };
  std::stable_sort(found.begin(), found.end(),
                   [&](const std::string& a, const std::string& b) { return place(a) < place(b); });
  *packages = std::move(found);
}

std::vector<Bringers> ByApt(const std::vector<File>& files, const Distribution& distribution,
                            const std::string& architecture) {
  // An archive that no package has may be a shared library that one has.
  std::vector<File> all = files;
  for (const File& file : files) {
    if (file.kind == FileKind::kArchive) all.push_back({FileKind::kShared, file.name});
  }
  std::map<std::string, std::vector<std::string>> packages;
  for (const File& file : all) {
    std::vector<std::string>& found = packages[Key(file)];
    found = FindInTable(TableKind(file.kind), file.name);
    if (file.kind == FileKind::kPrivateArchive && found.empty())
      found = FindInTable(TableKind(FileKind::kArchive), file.name);
  }

  // A search of apt-file takes seconds.
  const bool same_release = IsTableOf(distribution);
  std::vector<File> open;
  for (const File& file : all) {
    const bool in_table = !packages[Key(file)].empty() || !packages[Key({FileKind::kShared, file.name})].empty();
    if (!same_release || !in_table) open.push_back(file);
  }
  std::map<std::string, std::vector<std::string>> found;
  const bool asked = !open.empty() && AskAptFile(open, &found);
  for (const File& file : open) {
    if (asked) MergeInto(&packages[Key(file)], std::move(found[Key(file)]));
  }

  std::set<std::string> names;
  for (const auto& [key, list] : packages) names.insert(list.begin(), list.end());
  const AptNames apt = AskApt(names);
  std::vector<Bringers> answers;
  for (const File& file : files) {
    const bool by_apt_file = asked && std::any_of(open.begin(), open.end(), [&](const File& other) {
                               return other.kind == file.kind && other.name == file.name;
                             });
    Bringers answer{.source = by_apt_file ? "apt-file's lists" : TableRelease()};
    const auto known = [&](const File& of) {
      std::vector<std::string> list = packages[Key(of)];
      if (apt.lists) std::erase_if(list, [&](const std::string& name) { return !apt.known.contains(name); });
      return list;
    };
    answer.packages = known(file);
    if (answer.packages.empty() && file.kind == FileKind::kArchive) {
      if (const std::vector<std::string> shared = known({FileKind::kShared, file.name}); !shared.empty())
        answer.shared_only = shared[0];
    }
    if (!by_apt_file && !apt.lists && !(answer.packages.empty() && answer.shared_only.empty()))
      answer.remark = absl::StrCat("name for ", TableRelease(), ", not checked here");
    answers.push_back(std::move(answer));
  }
  if (!architecture.empty() && absl::StrCat(architecture, "\n") != Ask({"dpkg", "--print-architecture"}))
    TurnInto(architecture, &answers);
  return answers;
}

// ---- others

// A query for each file, from the manager's own index; nothing is downloaded.
std::vector<std::string> AskFor(Manager manager, const File& file) {
  const bool pkg_config = file.kind == FileKind::kPkgConfig;
  const std::string name = file.FileName();
  switch (manager) {
    case Manager::kDnf:
      return Lines(Ask({"dnf", "--cacheonly", "--quiet", "repoquery", "--queryformat", "%{name}\n", "--whatprovides",
                        pkg_config                       ? absl::StrCat("pkgconfig(", file.name, ")")
                        : file.kind == FileKind::kHeader ? absl::StrCat("/usr/include/", name)
                                                         : absl::StrCat("/usr/lib64/", name)}));
    case Manager::kApk:
      // apk's index has no files, but what .pc files provide.
      return pkg_config ? Lines(Ask({"apk", "search", "--quiet", "--exact", absl::StrCat("pc:", file.name)}))
                        : std::vector<std::string>();
    case Manager::kPacman:
      return Lines(Ask({"pacman", "-F", "--quiet",
                        pkg_config                       ? absl::StrCat("usr/lib/pkgconfig/", name)
                        : file.kind == FileKind::kHeader ? absl::StrCat("usr/include/", name)
                                                         : absl::StrCat("usr/lib/", name)}));
    case Manager::kApt:
    case Manager::kZypper:
    case Manager::kOther:
      break;
  }
  return {};
}

struct ManagerRow {
  Manager manager;
  const char* program;
  const char* source;  // as Bringers::source; nullptr: it cannot be asked for files
};
constexpr ManagerRow kManagers[] = {
    {Manager::kApt, "dpkg-query", nullptr}, {Manager::kApk, "apk", nullptr},       {Manager::kDnf, "dnf", "dnf"},
    {Manager::kPacman, "pacman", "pacman"}, {Manager::kZypper, "zypper", nullptr},
};

const ManagerRow* RowHere() {
  for (const ManagerRow& row : kManagers) {
    if (Has(row.program)) return &row;
  }
  return nullptr;
}

}  // namespace

std::string File::FileName() const {
  switch (kind) {
    case FileKind::kArchive:
    case FileKind::kPrivateArchive:
      return absl::StrCat("lib", name, ".a");
    case FileKind::kShared:
      return absl::StrCat("lib", name, ".so");
    case FileKind::kPkgConfig:
      return absl::StrCat(name, ".pc");
    case FileKind::kHeader:
      return name;
  }
  return name;
}

Manager ManagerHere() {
  const ManagerRow* row = RowHere();
  return row == nullptr ? Manager::kOther : row->manager;
}

std::vector<Bringers> WhoBrings(const std::vector<File>& files, const std::string& architecture) {
  return WhoBrings(files, ThisDistribution(), architecture);
}

std::vector<Bringers> WhoBrings(const std::vector<File>& files, const Distribution& distribution,
                                const std::string& architecture) {
  const ManagerRow* row = RowHere();
  if (row == nullptr || files.empty()) return std::vector<Bringers>(files.size());
  if (row->manager == Manager::kApt) return ByApt(files, distribution, architecture);
  // What others call the packages of another architecture is not known here.
  if (!architecture.empty()) return std::vector<Bringers>(files.size());
  std::vector<Bringers> answers;
  for (const File& file : files) {
    Bringers answer;
    // "extra/zlib": pacman names the repository as well.
    for (const std::string& name : AskFor(row->manager, file))
      AddOnce(name.substr(name.find('/') + 1), &answer.packages);
    if (row->source != nullptr) answer.source = row->source;
    answers.push_back(std::move(answer));
  }
  return answers;
}

std::string InstallText(const File& file, const Bringers& bringers) {
  const std::string remark = bringers.remark.empty() ? "" : absl::StrCat(" (", bringers.remark, ")");
  if (!bringers.packages.empty()) {
    const std::vector<std::string> others(bringers.packages.begin() + 1, bringers.packages.end());
    const std::string first =
        bringers.add_architecture
            ? absl::StrCat("dpkg --add-architecture ", ArchitectureOf(bringers.packages[0]), " && apt-get update && ")
            : "";
    return absl::StrCat(first, InstallPrefix(ManagerHere()), bringers.packages[0],
                        others.empty() ? "" : absl::StrCat(" (or ", absl::StrJoin(others, ", "), ")"), remark);
  }
  if (!bringers.shared_only.empty()) {
    return absl::StrCat("package ", bringers.shared_only, " has only the shared library", remark, ": build ",
                        file.FileName(), ", and name its directory with -L in CGO_LDFLAGS");
  }
  if (!bringers.source.empty()) return absl::StrCat("no package of ", bringers.source, " has ", file.FileName());
  return absl::StrCat("install the development package that has ", file.FileName());
}

bool HasAptLists(absl::string_view policy) {
  // " 500 http://… bookworm/main amd64 Packages"; what is installed is "100 /var/lib/dpkg/status".
  const std::vector<std::string> lines = Lines(policy);
  return std::any_of(lines.begin(), lines.end(), [](absl::string_view line) {
    return absl::EndsWith(absl::StripTrailingAsciiWhitespace(line), " Packages");
  });
}

std::vector<std::string> InstallableByApt(absl::string_view policy_of_names) {
  std::vector<std::string> names;
  std::string name;
  for (const std::string& line : Lines(policy_of_names)) {
    if (line[0] != ' ') name = std::string(absl::StripSuffix(line, ":"));
    absl::string_view value = absl::StripAsciiWhitespace(line);
    // "(none)": a virtual package, or one that is only mentioned.
    if (absl::ConsumePrefix(&value, "Candidate: ") && value != "(none)") names.push_back(name);
  }
  return names;
}

}  // namespace cgo_ld_shim::packages

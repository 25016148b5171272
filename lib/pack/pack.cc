// The sequence: find, read, place, choose, make, try, describe, publish.
#include "pack/pack.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "pack/steps.h"
#include "report/text_parts.h"
#include "search/library_files.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/sha256.h"
#include "support/temporary.h"

namespace cgo_ld_shim::pack {
namespace {

using lint::Outcome;

absl::Status Refuse(absl::string_view why) { return absl::FailedPreconditionError(why); }

// An error of a file's, which is never one of what the author wants.
absl::Status OfFile(const absl::Status& status) {
  return absl::IsFailedPrecondition(status) ? absl::UnavailableError(status.message()) : status;
}

bool IsPattern(absl::string_view name) { return name.find_first_of("*?[") != absl::string_view::npos; }

absl::StatusOr<Wish> WishOf(const Request& request) {
  Wish wish;
  const auto add = [&](const std::string& name) { (IsPattern(name) ? wish.patterns : wish.names).push_back(name); };
  std::for_each(request.keep.begin(), request.keep.end(), add);
  for (const std::string& list : request.lists) {
    const absl::StatusOr<std::string> text = support::ReadFile(list);
    if (!text.ok()) return OfFile(text.status());
    const std::vector<std::string> names = NamesOfList(*text);
    if (names.empty()) return Refuse(absl::StrCat("no name is in ", list, ": it has one a line"));
    std::for_each(names.begin(), names.end(), add);
  }
  for (const std::string& header : request.headers) {
    const absl::StatusOr<std::string> text = support::ReadFile(header);
    if (!text.ok()) return OfFile(text.status());
    wish.in_headers.merge(WordsOfHeader(*text));
  }
  return wish;
}

std::string ChosenBy(const Request& request) {
  std::vector<std::string> sources;
  if (!request.keep.empty()) sources.emplace_back("the names that were asked for");
  for (const std::string& list : request.lists) sources.push_back(support::BaseName(list));
  for (const std::string& header : request.headers) sources.push_back(support::BaseName(header));
  if (!sources.empty()) return absl::StrCat("chosen by ", absl::StrJoin(sources, ", "));
  return "chosen as the C names that are the library's own";
}

absl::StatusOr<bool> HaveSameBytes(const std::string& a, const std::string& b) {
  const absl::StatusOr<std::string> first = support::Sha256OfFile(a), second = support::Sha256OfFile(b);
  if (!first.ok()) return first.status();
  if (!second.ok()) return second.status();
  return *first == *second;
}

// What was read of an archive of the author's.
struct Input {
  PackedArchive archive;
  Contents contents;
};

class Packing {
 public:
  Packing(const Request& request, const char* const* envp, absl::FunctionRef<void(const std::string&)> say)
      : request_(request), envp_(envp), say_(say) {}

  absl::StatusOr<Packed> Run() {
    const absl::StatusOr<std::string> cwd = support::CurrentDirectory();
    if (!cwd.ok()) return cwd.status();
    packed_.output = request_.output;
    while (packed_.output.size() > 1 && packed_.output.back() == '/') packed_.output.pop_back();
    packed_.chosen_by = ChosenBy(request_);
    const std::string target = support::Absolute(packed_.output, *cwd);
    if (absl::Status status = MayReplace(target); !status.ok()) return status;
    if (absl::Status status = ReadInputs(); !status.ok()) return status;
    if (absl::Status status = ChooseNames(); !status.ok()) return status;

    const absl::StatusOr<support::TemporaryDirectory> beside =
        support::TemporaryDirectory::Make(support::DirectoryName(target));
    if (!beside.ok()) return OfFile(beside.status());
    const std::string layout = absl::StrCat(beside->path(), "/", support::BaseName(target));
    if (::mkdir(layout.c_str(), 0755) != 0)
      return absl::UnavailableError(absl::StrCat("cannot make ", layout, ": ", support::ErrnoText(errno)));
    for (Input& input : inputs_) {
      absl::Status status = Make(layout, beside->path(), request_.whole, input.contents, &input.archive);
      if (!status.ok()) return status;
    }
    for (Input& input : inputs_) {
      if (absl::Status status = Try(layout, &input); !status.ok()) return status;
      packed_.archives.push_back(std::move(input.archive));
    }
    TakeFromOthers();
    Notes();
    packed_.cgo_lines = CgoLines(packed_.archives, support::BaseName(target));
    if (absl::Status status = WriteTexts(layout); !status.ok()) return status;
    if (absl::Status status = Publish(layout, target); !status.ok()) return status;
    return std::move(packed_);
  }

 private:
  absl::Status ReadInputs() {
    const absl::StatusOr<std::vector<std::string>> paths = FindArchives(request_.paths);
    if (!paths.ok()) return OfFile(paths.status());
    std::map<std::string, std::string> taken;  // path in the layout → input
    for (const std::string& path : *paths) {
      absl::StatusOr<lint::ArchiveFacts> facts = lint::ReadArchive(path);
      if (!facts.ok()) return OfFile(facts.status());
      const absl::StatusOr<Place> place = PlaceOf(*facts, request_.libc);
      if (!place.ok()) return place.status();
      const std::string to = absl::StrCat(place->platform, "/", place->library);
      if (const auto [first, fresh] = taken.try_emplace(to, path); !fresh) {
        const absl::StatusOr<bool> same = HaveSameBytes(first->second, path);
        if (!same.ok()) return same.status();
        if (*same) continue;
        return Refuse(absl::StrCat(first->second, " and ", path, " would both become ", to,
                                   ". Name the one that is to be shipped"));
      }
      absl::StatusOr<Contents> contents = ReadContents(path);
      if (!contents.ok()) return OfFile(contents.status());
      Input input{.archive = {.input = path,
                              .library = place->library,
                              .platform = place->platform,
                              .before = *std::move(facts),
                              .libc = place->libc},
                  .contents = *std::move(contents)};
      inputs_.push_back(std::move(input));
    }
    std::sort(inputs_.begin(), inputs_.end(), [](const Input& a, const Input& b) {
      return std::pair(a.archive.library, a.archive.platform) < std::pair(b.archive.library, b.archive.platform);
    });
    return absl::OkStatus();
  }

  absl::Status ChooseNames() {
    const absl::StatusOr<Wish> wish = WishOf(request_);
    if (!wish.ok()) return wish.status();
    std::vector<Offers> all;
    all.reserve(inputs_.size());
    for (const Input& input : inputs_) all.push_back(input.contents.offers);
    if (const std::vector<std::string> unmet = Unmet(*wish, all); !unmet.empty()) {
      return Refuse(absl::StrCat("no archive defines ", report::ListText(unmet, ", ", 5), " (looked in ",
                                 report::Count(inputs_.size(), "archive", "archives"), ", the first ",
                                 inputs_[0].archive.input, ")"));
    }
    std::map<std::string, std::set<std::string>> by_library;
    for (Input& input : inputs_) {
      PackedArchive& archive = input.archive;
      archive.kept = NamesToKeep(archive.before, input.contents.offers, *wish);
      if (archive.kept.empty()) {
        return Refuse(
            wish->empty()
                ? absl::StrCat(archive.input, " defines no C name of its own; say which names stay global: --keep NAME")
                : absl::StrCat("none of the names that are to stay is in ", archive.input,
                               ": all of it would be out of reach"));
      }
      by_library[archive.library].insert(archive.kept.begin(), archive.kept.end());
    }
    for (Input& input : inputs_) {
      const std::set<std::string>& names = by_library[input.archive.library];
      std::set_difference(names.begin(), names.end(), input.archive.kept.begin(), input.archive.kept.end(),
                          std::back_inserter(input.archive.lacks));
    }
    return absl::OkStatus();
  }

  absl::Status Try(const std::string& layout, Input* input) {
    PackedArchive& archive = input->archive;
    absl::StatusOr<lint::ArchiveFacts> facts = lint::ReadArchive(absl::StrCat(layout, "/", archive.path));
    if (!facts.ok()) return facts.status();
    // The names that were asked for may be hidden, or C++'s. A thread-local variable has no address to take.
    facts->api.clear();
    std::copy_if(archive.kept.begin(), archive.kept.end(), std::back_inserter(facts->api),
                 [&](const std::string& name) { return !input->contents.offers.at(name).tls; });
    const lint::Wanted wanted{.arch = facts->architectures[0], .libc = archive.libc};
    const std::vector<lint::TargetResult> tried = lint::TryTargets(*facts, {wanted}, envp_, say_);
    if (!tried.empty()) archive.trial = tried[0];
    archive.trial.arch = wanted.arch;
    for (std::string& library : archive.trial.libraries) {
      // A neighbour in the layout.
      const std::string name = search::LibraryName(library);
      if (absl::StartsWith(library, absl::StrCat(layout, "/")) && !name.empty()) library = absl::StrCat("-l", name);
    }
    archive.after = *std::move(facts);
    return absl::OkStatus();
  }

  // What consumers must link is not known for a platform for which nothing here links: what another one needs, first
  // one with the same C library.
  void TakeFromOthers() {
    for (PackedArchive& archive : packed_.archives) {
      if (archive.trial.outcome != Outcome::kNotTried) continue;
      const PackedArchive* like = nullptr;
      for (const PackedArchive& other : packed_.archives) {
        if (other.library != archive.library || other.trial.outcome == Outcome::kNotTried) continue;
        if (like == nullptr || (other.libc == archive.libc && like->libc != archive.libc)) like = &other;
      }
      if (like == nullptr) continue;
      archive.trial.libraries = like->trial.libraries;
      archive.trial.cycle = like->trial.cycle;
    }
  }

  void Notes() {
    std::vector<std::string>& notes = packed_.notes;
    for (const PackedArchive& archive : packed_.archives) {
      if (!archive.lacks.empty())
        notes.push_back(absl::StrCat(archive.path, " lacks ", report::ListText(archive.lacks, ", ", 3),
                                     ", which the same library has for another platform"));
      if (!archive.left_constructors.empty()) {
        notes.push_back(absl::StrCat(archive.input, ": ",
                                     report::Count(archive.left_constructors.size(), "member", "members"),
                                     " with constructors (", report::ListText(archive.left_constructors, ", ", 2),
                                     ") that no name needs, left out; --whole keeps all members"));
      }
      if (archive.trial.outcome == Outcome::kCannot)
        notes.push_back(absl::StrCat(archive.path, ": a program that uses all of its names does not link: ",
                                     archive.trial.reason, ". cgo-ld-shim lint says more"));
      if (archive.trial.outcome == Outcome::kNotTried)
        notes.push_back(absl::StrCat(archive.path, ": not tried: ", archive.trial.reason));
    }
  }

  absl::Status WriteTexts(const std::string& layout) const {
    std::string lines;
    for (const std::string& line : packed_.cgo_lines) absl::StrAppend(&lines, "// #cgo ", line, "\n");
    absl::Status status = support::WriteFileAtomically(absl::StrCat(layout, "/", kCgoName), lines, 0644);
    if (!status.ok()) return status;
    return support::WriteFileAtomically(absl::StrCat(layout, "/", kManifestName), ManifestText(packed_), 0644);
  }

  const Request& request_;
  const char* const* envp_;
  absl::FunctionRef<void(const std::string&)> say_;
  std::vector<Input> inputs_;
  Packed packed_;
};

}  // namespace

absl::StatusOr<Packed> Pack(const Request& request, const char* const* envp,
                            absl::FunctionRef<void(const std::string& line)> say) {
  return Packing(request, envp, say).Run();
}

}  // namespace cgo_ld_shim::pack

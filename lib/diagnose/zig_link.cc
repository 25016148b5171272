#include "diagnose/zig_link.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "diagnose/given_files.h"
#include "diagnose/system_symbols.h"
#include "diagnose/written.h"
#include "diagnose/zig_runtimes.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::diagnose {
namespace {

using Kind = ZigComplaint::Kind;

const char* SystemName(const target::Triple& triple) {
  for (const auto& [os, name] :
       {std::pair("darwin", "macOS"), std::pair("windows", "Windows"), std::pair("freebsd", "FreeBSD"),
        std::pair("netbsd", "NetBSD"), std::pair("openbsd", "OpenBSD")}) {
    if (triple.os == os) return name;
  }
  return "Linux";
}

class Explainer {
 public:
  Explainer(absl::Span<const ZigComplaint> complaints, const ZigLink& link)
      : complaints_(complaints),
        link_(link),
        apple_(link.target.IsMacOs()),
        files_(link.call, link.cwd),
        directories_(files_.directories()) {}

  std::vector<ZigComplaint> Foreign() const {
    const symbols::ObjectKind own = apple_                         ? symbols::ObjectKind::kMachO
                                    : link_.target.os == "windows" ? symbols::ObjectKind::kCoff
                                                                   : symbols::ObjectKind::kElfRelocatable;
    std::vector<ZigComplaint> foreign;
    for (const GivenFile& file : files_.all()) {
      const std::optional<symbols::Object> object = GivenFiles::FirstObject(file.path);
      if (object && object->kind != own) foreign.push_back({.kind = Kind::kForeign, .subject = file.path});
    }
    return foreign;
  }

  Diagnosis Run() {
    FindImports();
    foreign_cxx_ = std::any_of(complaints_.begin(), complaints_.end(), [&](const ZigComplaint& complaint) {
      return complaint.kind == Kind::kUndefined && IsLibstdcxx(Readable(complaint.subject, apple_));
    });
    for (const ZigComplaint& complaint : complaints_) {
      if (told_.insert({complaint.kind, complaint.subject}).second) Add(complaint);
    }
    AddWaysOut();
    return std::move(diagnosis_);
  }

 private:
  void Add(const ZigComplaint& complaint) {
    switch (complaint.kind) {
      case Kind::kUndefined:
        return AddUndefined(complaint);
      case Kind::kDuplicate:
        return AddDuplicate(complaint);
      case Kind::kForeign:
        return AddForeign(complaint.subject);
      case Kind::kUnreadable:
        return AddUnreadable(complaint.subject);
      case Kind::kNoLibrary:
        return AddNoLibrary(complaint.subject);
      case Kind::kNoDefault:
        return AddNoDefault(complaint.subject);
      case Kind::kNoFile:
        return Push({.symbol = complaint.subject,
                     .demangled = complaint.subject,
                     .from_program = true,
                     .cause = CauseId::kUnreadable,
                     .hint = "there is no such file"});
      case Kind::kOption:
        options_.push_back(complaint.subject);
        return Push({.symbol = complaint.subject, .demangled = complaint.subject, .cause = CauseId::kUnknownOption});
    }
  }

  void Push(Finding finding) { diagnosis_.findings.push_back(std::move(finding)); }

  // Who needs the symbol, or defines it.
  void AddUses(const ZigComplaint& complaint, Finding* finding) {
    finding->from_program = true;
    for (const ZigUse& use : complaint.uses) {
      if (use.unit.empty() || finding->wanted_by.size() == 3) continue;
      const GivenFile* const file = files_.Find(use.unit);
      if (absl::EndsWith(use.unit, ")")) finding->from_program = false;
      if (finding->named_by.empty() && file != nullptr) finding->named_by = file->word;
      std::string unit = use.unit;
      if (file != nullptr) unit = absl::StrCat(file->path, use.unit.substr(FileOf(use.unit).size()));
      if (std::find(finding->wanted_by.begin(), finding->wanted_by.end(), unit) != finding->wanted_by.end()) continue;
      finding->wanted_by.push_back(std::move(unit));
      finding->places.push_back(PlaceOf(use));
    }
    if (!finding->from_program) finding->places.clear();
    if (std::all_of(finding->places.begin(), finding->places.end(),
                    [](const symbols::Place& place) { return place == symbols::Place(); }))
      finding->places.clear();
  }

  symbols::Place PlaceOf(const ZigUse& use) const {
    symbols::Place place{.file = use.file, .line = use.line, .function = use.function};
    absl::string_view name = use.function, function;
    if (apple_ && absl::ConsumePrefix(&name, "_")) place.function = std::string(name);
    // cgo's own code stands for the call in the Go file, and has no line of a person's.
    if (absl::EndsWith(place.file, ".go") && place.line > 0 && IsCgoCall(name, &function)) {
      place.function.clear();  // a function of the preamble that the compiler has put into it
    } else if (IsCgoCall(name, &function)) {
      place = {.function = absl::StrCat("C.", absl::StripPrefix(function, "_Cfunc_"))};
    } else if (absl::StrContains(place.file, "cgo-") || absl::StrContains(place.file, "_cgo_") ||
               absl::EndsWith(place.file, ".cgo2.c")) {
      place.file.clear();
      place.line = 0;
    }
    return place;
  }

  void AddUndefined(const ZigComplaint& complaint) {
    const std::string name = Readable(complaint.subject, apple_);
    Finding finding{.symbol = complaint.subject, .demangled = name};
    AddUses(complaint, &finding);
    const std::string unit = FirstUnit(complaint);
    const std::string library = support::BaseName(FileOf(unit));
    const auto import = imports_.find(complaint.subject);
    if (foreign_cxx_ && (IsCxx(name) || IsUnwinding(name))) {
      finding.cause = CauseId::kCxxAbi;
      finding.hint = absl::StrCat("it is compiled for libstdc++ (g++), and zig brings libc++");
      if (!finding.from_program) rebuilt_.insert(library);
    } else if (IsCxx(name) || IsUnwinding(name)) {
      // Behind other errors: with those gone, the library is added.
      if (HasOthers()) return;
      finding.cause = finding.from_program ? CauseId::kMistake : CauseId::kNowhere;
      finding.hint = absl::StrCat(IsCxx(name) ? "C++'s" : "the unwinder's", " own library does not define it");
    } else if (absl::StartsWith(name, "__ubsan_handle_")) {
      // zig cc checks for undefined behaviour where it does not optimise.
      finding.cause = CauseId::kInstrumented;
      finding.hint =
          "it is compiled by zig cc without -O, which checks for undefined behaviour; no library here does that";
      if (!finding.from_program) checked_.insert(library);
    } else if (import != imports_.end()) {
      finding.cause = finding.from_program ? CauseId::kMistake : CauseId::kNowhere;
      finding.hint = absl::StrCat(import->second, ".dll has it, and nothing of this link names that");
      dlls_.insert(import->second);
    } else if (const std::string since = SinceGlibc(name); !since.empty()) {
      finding.cause = CauseId::kArchiveTooNew;
      finding.hint =
          absl::StrCat("glibc has it since ", since, ", and the program is to run with ", link_.target.libc.version);
      if (newest_.empty() || IsBefore(newest_, since)) newest_ = since;
    } else if (!complaint.similar.empty() && finding.from_program) {
      finding.cause = CauseId::kMisspelt;
      finding.hint = absl::StrCat("did you mean ", complaint.similar, "?");
    } else if (finding.from_program) {
      finding.cause = CauseId::kMistake;
      finding.hint =
          apple_
              ? "no C file of the package defines it; it is neither in libSystem nor, by its name, in a library that "
                "this link names"
              : "no C file of the package defines it, nor does any library that the program names: is a -l missing in "
                "#cgo "
                "LDFLAGS?";
      forgotten_ = true;
      if (looked_up_.empty()) looked_up_ = complaint.subject;
    } else {
      finding.cause = CauseId::kNowhere;
      finding.hint =
          absl::StrCat("no library that this link names defines it, and neither does ",
                       apple_ ? "macOS's libSystem" : absl::StrCat("the C library of ", SystemName(link_.target)));
      unknown_ = true;
      if (looked_up_.empty()) looked_up_ = complaint.subject;
    }
    Push(std::move(finding));
  }

  bool HasOthers() const {
    return std::any_of(complaints_.begin(), complaints_.end(), [&](const ZigComplaint& complaint) {
      const std::string name = Readable(complaint.subject, apple_);
      return complaint.kind != Kind::kUndefined || !(IsCxx(name) || IsUnwinding(name));
    });
  }

  static bool IsBefore(const std::string& version, const std::string& other) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(other, '.');
    int major = 0, minor = 0;
    return absl::SimpleAtoi(parts.first, &major) && absl::SimpleAtoi(parts.second, &minor) &&
           target::Libc{.family = target::LibcFamily::kGlibc, .version = version}.IsGlibcBefore(major, minor);
  }

  // The version of glibc that brought it, where the link is for an older one.
  std::string SinceGlibc(const std::string& name) const {
    if (!link_.target.libc.IsGlibc() || link_.target.libc.version.empty()) return "";
    std::string since = GlibcVersion(link_.host_libc, name);
    // Names that only the headers of this version and later ones write.
    if (since.empty() && absl::StartsWith(name, "__isoc23_")) since = "2.38";
    return IsBefore(link_.target.libc.version, since) ? since : "";
  }

  void AddDuplicate(const ZigComplaint& complaint) {
    Finding finding{
        .symbol = complaint.subject, .demangled = Readable(complaint.subject, apple_), .cause = CauseId::kDuplicate};
    AddUses(complaint, &finding);
    if (finding.demangled == "main" && finding.from_program) {
      finding.cause = CauseId::kMainTwice;
      finding.hint = "Go's own code defines main: rename the C function";
    }
    finding.named_by.clear();
    for (const ZigUse& use : complaint.uses) {
      if (absl::EndsWith(use.unit, ")")) twice_ = true;
    }
    Push(std::move(finding));
  }

  // One finding a file, however many of its members zig names.
  void AddForeign(const std::string& subject) {
    const GivenFile* file = files_.Find(subject);
    // lld-link names the member alone.
    if (file == nullptr) file = files_.WithMember(subject);
    const std::string path = file == nullptr ? std::string(FileOf(subject)) : file->path;
    if (!foreign_.insert(path).second) return;
    const std::string what = GivenFiles::WhatIs(path);
    const std::string word = file == nullptr ? "" : file->word;
    if (what.empty() && file != nullptr) return AddUnreadable(path);
    Finding finding{
        .symbol = path,
        .demangled = support::BaseName(path),
        .from_program = word.empty(),
        .named_by = word,
        .cause = CauseId::kWrongSystem,
        .hint = absl::StrCat(path, " ", what.empty() ? "was made for another system" : absl::StrCat("holds ", what),
                             ", and this program is for ", SystemText(link_.target))};
    rebuilt_.insert(support::BaseName(path));
    Push(std::move(finding));
  }

  void AddUnreadable(const std::string& subject) {
    const GivenFile* const file = files_.Find(subject);
    const std::string path = file == nullptr ? subject : file->path;
    const absl::StatusOr<symbols::InputFile> input = symbols::OpenInput(path);
    std::string what;
    if (!input.ok()) {
      what = std::string(input.status().message());
    } else if (input->kind == symbols::FileKind::kEmpty) {
      what = "it is empty (0 bytes)";
    } else if (input->object != nullptr && !input->object->what.empty()) {
      what = absl::StrCat("it is ", input->object->what);
    } else {
      what = "zig cannot read it as a library";
    }
    Push({.symbol = path,
          .demangled = support::BaseName(path),
          .from_program = true,
          .named_by = file == nullptr ? "" : file->word,
          .cause = CauseId::kUnreadable,
          .hint = absl::StrCat(path, ": ", what)});
  }

  void AddNoLibrary(const std::string& name) {
    std::string names = absl::StrCat("no lib", name, ".a");
    if (link_.target.os == "windows") {
      absl::StrAppend(&names, " and no ", name, ".lib");
    } else if (!apple_) {
      absl::StrAppend(&names, " and no lib", name, ".so");
    }
    const std::string where = directories_.empty()
                                  ? "no -L names a directory, and zig does not search this machine's own"
                                  : absl::StrCat(names, " in ", absl::StrJoin(directories_, ", "));
    const std::string word = absl::StrCat("-l", name);
    absent_.insert(name);
    Push({.symbol = word,
          .demangled = word,
          .from_program = true,
          .named_by = word,
          .cause = CauseId::kLibraryNotFound,
          .hint = apple_ ? absl::StrCat(where, "; macOS has no such library") : where});
  }

  // What Visual C++ writes into each object that it compiles: its C library, its C++ library, and older names of both.
  static bool IsOfVisualC(absl::string_view library) {
    for (const absl::string_view name :
         {"msvcrt", "libcmt", "msvcprt", "libcpmt", "vcruntime", "libvcruntime", "ucrt", "libucrt", "oldnames"}) {
      // Those for debugging end in d.
      if (absl::EqualsIgnoreCase(library, name) || absl::EqualsIgnoreCase(library, absl::StrCat(name, "d")))
        return true;
    }
    return false;
  }

  void AddNoDefault(const std::string& name) {
    const GivenFiles::Asking asking = files_.AskingFor(name);
    const std::string library = absl::StrCat(name, ".lib");
    Finding finding{.symbol = library, .demangled = library, .cause = CauseId::kLibraryNotFound};
    if (asking.file != nullptr) {
      finding.wanted_by.push_back(asking.unit);
      finding.named_by = asking.file->word;
    }
    const std::string by = asking.file == nullptr ? "an object" : support::BaseName(asking.file->path);
    const bool visual_c = asking.file != nullptr && IsOfVisualC(name);
    if (visual_c) {
      finding.hint = absl::StrCat(by, " was compiled by Visual C++, and zig brings another C library for Windows");
      of_visual_c_.insert(by);
    } else {
      finding.hint = absl::StrCat("its code asks for it by itself (/DEFAULTLIB), and there is no lib", name, ".a ",
                                  directories_.empty() ? "that -L would find: this link names no directory"
                                                       : absl::StrCat("in ", absl::StrJoin(directories_, ", ")));
      const std::string there = FindInDirectories(library);
      copied_.push_back({there.empty() ? library : there, absl::StrCat("lib", name, ".a"), !there.empty()});
    }
    Push(std::move(finding));
  }

  // Whatever way the letters of its name are written; empty: it is in none.
  std::string FindInDirectories(const std::string& name) const {
    for (const std::string& directory : directories_) {
      for (const std::string& file : support::ListDirectory(directory)) {
        if (absl::EqualsIgnoreCase(file, name)) return absl::StrCat(directory, "/", file);
      }
    }
    return "";
  }

  void FindImports() {
    if (link_.target.os != "windows" || link_.zig_library.empty()) return;
    std::set<std::string> wanted;
    for (const ZigComplaint& complaint : complaints_) {
      if (complaint.kind == Kind::kUndefined) wanted.insert(complaint.subject);
    }
    if (!wanted.empty()) imports_ = ImportLibraries(link_.zig_library, link_.target.arch, wanted);
  }

  void Offer(std::string action, std::string meaning = {}) {
    diagnosis_.ways_out.push_back({std::move(action), std::move(meaning)});
  }

  void AddWaysOut() {
    const std::string zig = absl::StrCat("zig cc -target ", link_.target.text);
    const std::string for_os = link_.target.IsLinux() ? "" : absl::StrCat(link_.target.os, " ");
    if (!dlls_.empty()) {
      Offer(absl::StrCat("#cgo ", for_os, "LDFLAGS: -l", absl::StrJoin(dlls_, " -l")), "in the package that uses it");
    }
    if (!newest_.empty()) {
      absl::string_view newer = link_.target.text;
      absl::ConsumeSuffix(&newer, link_.target.libc.version);
      Offer(absl::StrCat("CGO_LD_SHIM_TARGET=", newer, newest_),
            absl::StrCat("runs with glibc ", newest_, " and later"));
    }
    if (!absent_.empty()) {
      Offer(absl::StrCat("build lib", absl::StrJoin(absent_, ", lib"), " for ", SystemText(link_.target)),
            absl::StrCat("CC=\"", zig, "\", and name its directory: CGO_LDFLAGS=-LDIR"));
      if (apple_) Offer("SDKROOT=DIRECTORY", "an Apple SDK that has it");
    }
    if (!of_visual_c_.empty()) {
      Offer(absl::StrCat("get ", absl::StrJoin(of_visual_c_, ", "), " built with MinGW-w64's gcc or clang"),
            absl::StrCat("or build it: CC=\"", zig, "\"; not tried"));
    }
    for (const Copied& copied : copied_) {
      if (copied.here) {
        Offer(absl::StrCat("cp ", copied.from, " ", support::DirectoryName(copied.from), "/", copied.to),
              "not tried; the linker looks for that name alone");
      } else {
        Offer(absl::StrCat("get ", copied.from, ", and copy it to DIR/", copied.to),
              "not tried: it is not here; then CGO_LDFLAGS=-LDIR");
      }
    }
    if (!rebuilt_.empty()) {
      Offer(absl::StrCat("get ", absl::StrJoin(rebuilt_, ", "), " for ", SystemText(link_.target)),
            absl::StrCat("or build it: CC=\"", zig, "\"",
                         foreign_cxx_ ? absl::StrCat(" CXX=\"zig c++ -target ", link_.target.text, "\"") : "",
                         "; then CGO_LDFLAGS=-LDIR"));
    }
    if (!checked_.empty())
      Offer(absl::StrCat("compile ", absl::StrJoin(checked_, ", "), " with -O2"), "or with -fno-sanitize=undefined");
    if (!options_.empty())
      Offer(absl::StrCat("leave ", absl::StrJoin(options_, " "), " out"),
            "of #cgo LDFLAGS, CGO_LDFLAGS and -extldflags");
    if (twice_) Offer("leave one of the two libraries out, or build one of them without its copy");
    if (forgotten_) {
      Offer(absl::StrCat("define it in a .c file of the package, or add its library to #cgo ", for_os, "LDFLAGS",
                         apple_ ? " with -lNAME or -framework NAME" : ""));
    }
    if (unknown_ && apple_) Offer("name the library or framework that has it: #cgo darwin LDFLAGS: -framework NAME");
    if (apple_ && (unknown_ || forgotten_)) {
      Offer("SDKROOT=DIRECTORY", "an Apple SDK lists all symbols of macOS");
      Offer(absl::StrCat("-Wl,-U,", looked_up_), "it is looked up when the program starts");
    } else if (unknown_) {
      Offer(absl::StrCat("name the library that defines it after the one that needs it: #cgo ", for_os,
                         "LDFLAGS: -lNAME"));
    }
  }

  const absl::Span<const ZigComplaint> complaints_;
  const ZigLink& link_;
  const bool apple_;
  const GivenFiles files_;
  const std::vector<std::string>& directories_;
  std::map<std::string, std::string> imports_;  // symbol → DLL
  Diagnosis diagnosis_;
  std::set<std::pair<Kind, std::string>> told_;
  struct Copied {
    std::string from, to;  // a path or, where it is not here, a name; a name
    bool here = false;
  };
  std::vector<Copied> copied_;
  std::set<std::string> foreign_, rebuilt_, absent_, dlls_, checked_, of_visual_c_;
  std::vector<std::string> options_;
  std::string looked_up_;     // the first symbol that nothing has
  std::string newest_;        // of the versions of glibc that are needed
  bool foreign_cxx_ = false;  // something is compiled for libstdc++
  bool forgotten_ = false, unknown_ = false, twice_ = false;
};

}  // namespace

std::vector<ZigComplaint> ForeignInputs(const ZigLink& link) { return Explainer({}, link).Foreign(); }

Diagnosis ExplainZigLink(absl::Span<const ZigComplaint> complaints, const ZigLink& link) {
  return Explainer(complaints, link).Run();
}

std::string SystemText(const target::Triple& triple) {
  if (triple.IsLinux() && triple.libc.IsGlibc()) {
    return absl::StrCat("Linux with glibc", triple.libc.version.empty() ? "" : absl::StrCat(" ", triple.libc.version),
                        " on ", triple.arch);
  }
  return absl::StrCat(SystemName(triple), " on ", triple.arch);
}

}  // namespace cgo_ld_shim::diagnose

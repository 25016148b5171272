// What of an archive's facts and trials its author should know, and what of it its users will stumble over.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "lint/lint.h"
#include "report/text_parts.h"
#include "search/library_files.h"
#include "support/file.h"
#include "support/path_parts.h"

namespace cgo_ld_shim::lint {
namespace {

using inspect::Finding;
using inspect::Level;
using report::Count;
using report::SizeText;

// "a, b and 5 more".
std::string Named(const std::vector<std::string>& names) {
  std::vector<std::string> shown;
  for (const std::string& name : names) shown.push_back(report::SymbolText(symbols::Demangle(name), 40));
  return report::ListText(shown, ", ", 3);
}

class Judgement {
 public:
  explicit Judgement(Report* report) : report_(*report), facts_(report->facts) {}

  void Run() {
    Format();
    Code();
    Names();
    Extras();
    CgoLines();
    for (const TargetResult& target : report_.targets) {
      if (target.outcome == Outcome::kCannot || (target.outcome == Outcome::kNotTried && target.asked_for))
        report_.exit_status = 1;
    }
    for (const Finding& finding : report_.findings) {
      if (finding.level == Level::kProblem) report_.exit_status = 1;
    }
  }

 private:
  void Say(const char* id, Level level, const char* subject, std::string meaning, std::string way_out = "") {
    report_.findings.push_back({id, level, subject, std::move(meaning), std::move(way_out)});
  }

  void Format() {
    if (facts_.objects == 0) {
      Say("empty", Level::kGood, "empty",
          facts_.members == 0
              ? "there is nothing in it: it answers a -l and brings nothing"
              : absl::StrCat("none of its ", Count(facts_.members, "member is", "members is"), " an object"));
    }
    if (!facts_.foreign.empty()) {
      Say("foreign", Level::kLimit, "not looked at",
          absl::StrCat("it holds ", Named(facts_.foreign), "; lint tries targets of Linux"));
    }
    if (facts_.machines.size() > 1) {
      Say("mixed-machines", Level::kProblem, "architectures",
          absl::StrCat("its objects are for ", absl::StrJoin(facts_.architectures, ", "),
                       ": a link takes those for its own, and lacks the others"),
          "build an archive for each");
    }
  }

  void Code() {
    if (facts_.bitcode > 0 || facts_.gimple > 0) {
      const bool llvm = facts_.bitcode > 0;
      Say("lto-only", Level::kProblem, "LTO",
          absl::StrCat(facts_.bitcode + facts_.gimple, " of ", Count(facts_.objects, "object holds ", "objects hold "),
                       llvm ? "LLVM bitcode" : "GCC's GIMPLE",
                       " and no machine code: only the linker of that very compiler makes a program of it"),
          llvm ? "build without -flto, or with -ffat-lto-objects (Rust: -C linker-plugin-lto=no)"
               : "build without -flto, or with -ffat-lto-objects");
    }
    if (facts_.old_constructors > 0) {
      Say("old-constructors", Level::kLimit, ".ctors",
          absl::StrCat(Count(facts_.old_constructors, "object has", "objects have"),
                       " constructors in .ctors, which lld leaves where nothing runs them: GNU ld has to link"),
          "build with a compiler that writes .init_array");
    }
    if (facts_.ifuncs > 0) {
      Say("ifunc", Level::kLimit, "IFUNC",
          absl::StrCat(Count(facts_.ifuncs, "object has", "objects have"),
                       " functions that are chosen when the program starts, which musl does not do; "
                       "cgo-ld-shim adds what chooses them"));
    }
    if (facts_.not_pic > 0) {
      Say("fixed-address", Level::kLimit, "not PIC",
          absl::StrCat(Count(facts_.not_pic, "object needs", "objects need"), " a fixed address (",
                       facts_.not_pic_example, facts_.not_pic > 1 ? ", …" : "",
                       "): not for a position-independent program, a plugin or a shared library"),
          "compile with -fPIC");
    }
    if (facts_.executable_stacks > 0) {
      Say("executable-stack", Level::kLimit, "stack",
          absl::StrCat(Count(facts_.executable_stacks, "object asks", "objects ask"),
                       " for an executable stack, which the program then has"));
    }
    if (!facts_.cpu.empty()) {
      Say("cpu", Level::kLimit, "processor",
          absl::StrCat("it says that it needs ", facts_.cpu, ": on an older one it ends with an illegal instruction"));
    }
  }

  void Names() {
    if (!facts_.clashes.empty()) {
      std::vector<std::string> libraries;
      for (const Clash& clash : facts_.clashes)
        libraries.push_back(absl::StrCat(clash.library, " (", Named(clash.names), ")"));
      Say("clash", Level::kProblem, "clashes",
          absl::StrCat("public names of ", absl::StrJoin(libraries, ", "), ": with another copy of ",
                       libraries.size() == 1 ? "it" : "one of them",
                       " in the program, both sides run on one of the two"),
          "cgo-ld-shim pack keeps your own API and makes the rest local");
    }
    if (!facts_.runtime_names.empty()) {
      Say("language-runtime", Level::kLimit, "Rust's runtime",
          absl::StrCat(Count(facts_.runtime_names.size(), "name", "names"), " of it (", Named(facts_.runtime_names),
                       "): gcc alone cannot link two such archives into one program; cgo-ld-shim keeps them apart"));
    }
  }

  void Extras() {
    // A tenth of a large file is worth nobody's time.
    if (facts_.debug_bytes * 2 > facts_.bytes && facts_.bytes > 1'000'000) {
      Say("debug-information", Level::kLimit, "debug info",
          absl::StrCat(SizeText(facts_.debug_bytes), " of ", SizeText(facts_.bytes)),
          "cgo-ld-shim pack puts it into an archive of its own; or strip --strip-debug");
    }
    if (facts_.build_paths > 0) {
      Say("build-paths", Level::kLimit, "build paths",
          absl::StrCat(facts_.build_path,
                       facts_.build_paths > 1 ? absl::StrCat(" and ", facts_.build_paths - 1, " more") : ""),
          facts_.rust.empty() ? "compile with -ffile-prefix-map=DIR=."
                              : "build with --remap-path-prefix=DIR=., C code with -ffile-prefix-map=DIR=.");
    }
  }

  // What a consumer writes. A #cgo line tells no C library from another, so it has what either asks for.
  void CgoLines() {
    const std::string name = search::LibraryName(facts_.path);
    std::vector<std::string> archs;
    for (const TargetResult& target : report_.targets) {
      if (std::find(archs.begin(), archs.end(), target.arch) == archs.end()) archs.push_back(target.arch);
    }
    for (const std::string& arch : archs) {
      // That of the C library for which it was built; otherwise the first, which is glibc's: what that names, musl has
      // as an empty archive or in its libc.
      const TargetResult* target = nullptr;
      for (const TargetResult& t : report_.targets) {
        if (t.arch != arch || (t.outcome != Outcome::kLinks && t.outcome != Outcome::kAided)) continue;
        if (target == nullptr || (t.libc.family == facts_.libc && target->libc.family != facts_.libc)) target = &t;
      }
      if (target == nullptr) continue;
      std::string words = name.empty() ? absl::StrCat("${SRCDIR}/", support::BaseName(facts_.path))
                                       : absl::StrCat("-L${SRCDIR} -l", name);
      for (const std::string& library : target->libraries) absl::StrAppend(&words, " ", Written(library));
      if (target->cycle) words = absl::StrCat("-Wl,--start-group ", words, " -Wl,--end-group");
      report_.cgo_lines.push_back(absl::StrCat("linux,", arch, " LDFLAGS: ", words));
    }
  }

  // One that lies beside the archive is shipped with it.
  std::string Written(const std::string& library) const {
    const std::string name = search::LibraryName(library);
    const bool beside = !absl::StartsWith(library, "-") &&
                        support::DirectoryName(library) == support::DirectoryName(support::Absolute(
                                                               facts_.path, support::CurrentDirectory().value_or("/")));
    return beside && !name.empty() ? absl::StrCat("-l", name) : library;
  }

  Report& report_;
  const ArchiveFacts& facts_;
};

}  // namespace

void Judge(Report* report) { Judgement(report).Run(); }

}  // namespace cgo_ld_shim::lint

// What a binary's facts mean for running it: one finding for each thing that a person should know, the bad ones first,
// and one answer for scripts.
//
// What glibc's static programs can and cannot do was measured with 2.36: with the modules "files" and "dns" built in
// (from 2.34 on) look-ups work in an empty root; iconv has UTF-8, UCS-2, UCS-4 and ASCII; of locales there are C and
// POSIX; dlopen needs libraries of the very same glibc, whose ctype tables are there in the thread that opened them
// alone, and which do not see the program's symbols. musl has iconv's tables and C.UTF-8 built in, and its dlopen
// always refuses in a static program.
#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "inspect/inspect.h"

namespace cgo_ld_shim::inspect {
namespace {

// Libraries that each Windows has, in lower case and without ".dll"; those of newer Windows (api-ms-…) by prefix.
constexpr absl::string_view kWindowsLibraries[] = {
    "advapi32", "bcrypt",          "bcryptprimitives", "cfgmgr32",   "comctl32",
    "comdlg32", "crypt32",         "dbghelp",          "dnsapi",     "gdi32",
    "imm32",    "iphlpapi",        "kernel32",         "kernelbase", "mpr",
    "mscoree",  "msvcrt",          "mswsock",          "ncrypt",     "netapi32",
    "ntdll",    "ole32",           "oleaut32",         "opengl32",   "powrprof",
    "psapi",    "rpcrt4",          "secur32",          "setupapi",   "shell32",
    "shlwapi",  "synchronization", "ucrtbase",         "user32",     "userenv",
    "version",  "winhttp",         "wininet",          "winmm",      "winspool.drv",
    "wintrust", "ws2_32",          "wsock32",          "wtsapi32"};

bool BelongsToWindows(absl::string_view library) {
  const std::string lower = absl::AsciiStrToLower(library);
  absl::string_view name = lower;
  if (absl::StartsWith(name, "api-ms-") || absl::StartsWith(name, "ext-ms-")) return true;
  if (absl::EndsWith(name, ".dll")) name.remove_suffix(4);
  return std::find(std::begin(kWindowsLibraries), std::end(kWindowsLibraries), name) != std::end(kWindowsLibraries);
}

bool BelongsToMacOs(absl::string_view library) {
  return absl::StartsWith(library, "/usr/lib/") || absl::StartsWith(library, "/System/Library/");
}

// "getaddrinfo, getpwnam_r and 2 more"
std::string Some(const std::vector<std::string>& names, size_t most = 3) {
  if (names.size() <= most) return absl::StrJoin(names, ", ");
  return absl::StrCat(absl::StrJoin(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(most), ", "), " and ",
                      names.size() - most, " more");
}

class Judgement {
 public:
  Judgement(const BinaryFacts& facts, bool strict) : facts_(facts), strict_(strict) {}

  Verdict Run() {
    if (facts_.type == "object" || facts_.type == "core" || facts_.type == "other") {
      const char* what = facts_.type == "object" ? "an object file: an input of a link"
                         : facts_.type == "core" ? "the memory image of a program that crashed"
                                                 : "of a kind that is not run as it is";
      Add("not-a-program", Level::kProblem, "not a program", absl::StrCat("this file is ", what), "");
    } else if (facts_.type == "shared" || facts_.type == "c-shared" || facts_.type == "plugin") {
      Library();
    } else if (facts_.system == "darwin") {
      System("macOS", BelongsToMacOs);
    } else if (facts_.system == "windows") {
      System("Windows", BelongsToWindows);
    } else if (facts_.IsStatic()) {
      Add("static", Level::kGood, "empty container", "is enough: no loader and no shared library is asked for", "");
      StaticLibc();
      FilesOfTheHost();
    } else {
      Dynamic();
    }
    WithoutCgo();
    Code();
    Stubs();
    Unresolved();
    if (!facts_.changed.empty()) {
      Add("changed", Level::kLimit, "archives",
          absl::StrCat(Some(facts_.changed), facts_.changed.size() == 1 ? " has" : " have",
                       " changed since this link, which has what was there then"),
          "cgo-ld-shim go build links again; plain go build does not see it, and go build -a compiles everything");
    }
    for (const std::string& sentence : facts_.isolated) Add("isolated", Level::kLimit, "a private copy", sentence, "");
    std::stable_sort(verdict_.findings.begin(), verdict_.findings.end(), [](const Finding& a, const Finding& b) {
      return a.level == Level::kProblem && b.level != Level::kProblem;
    });
    for (const Finding& finding : verdict_.findings) {
      if (finding.level == Level::kProblem) verdict_.exit_status = 1;
    }
    return std::move(verdict_);
  }

 private:
  void Add(const char* id, Level level, std::string subject, std::string meaning, std::string way_out) {
    verdict_.findings.push_back({id, level, std::move(subject), std::move(meaning), std::move(way_out)});
  }

  void Library() {
    const char* what =
        facts_.type == "plugin" ? "a Go plugin, loaded into a Go program" : "a library, loaded into a program";
    Add("library", Level::kProblem, "not a program",
        absl::StrCat("this is ", what, facts_.needed.empty() ? "" : absl::StrCat(", with ", Some(facts_.needed))),
        facts_.type == "plugin" ? "" : "-buildmode=c-archive makes a library for static programs of it");
  }

  void System(absl::string_view name, bool (*belongs)(absl::string_view)) {
    std::vector<std::string> others;
    std::copy_if(facts_.needed.begin(), facts_.needed.end(), std::back_inserter(others),
                 [&](const std::string& library) { return !belongs(library); });
    if (others.empty()) {
      const std::string least =
          facts_.least_system.empty() ? "" : absl::StrCat(" (", facts_.least_system, " or newer)");
      Add("system-libraries", Level::kGood, std::string(name),
          absl::StrCat("is enough: every library that it asks for belongs to it", least), "");
      return;
    }
    Add("needed-libraries", Level::kProblem, "more libraries",
        absl::StrCat("are needed that do not belong to ", name, ": ", Some(others, 5)),
        "name the archives (.a) of these libraries in the link, or ship the libraries beside the program");
  }

  void Dynamic() {
    std::vector<std::string> wanted;
    if (!facts_.interpreter.empty()) wanted.push_back(facts_.interpreter);
    wanted.insert(wanted.end(), facts_.needed.begin(), facts_.needed.end());
    std::string version;
    if (facts_.libc_version_is_least) version = absl::StrCat("; ", facts_.libc.ToString(), " or newer");
    Add("dynamic", Level::kProblem, "not static",
        absl::StrCat("it starts only where these are: ", Some(wanted, 5), version), WayToStatic());
    const bool cgo = facts_.go.present && facts_.go.Setting("CGO_ENABLED") == "1";
    if (!facts_.has_record && cgo) {
      Add("bypassed", Level::kLimit, "no record",
          facts_.compiled_by_us && HasCxx()
              ? "its C code was compiled through cgo-ld-shim, and g++ or clang++ linked it: Go takes CXX for programs "
                "with C++ in them"
          : facts_.externally_linked
              ? "no link of ours fits: another compiler linked it (Go takes CXX when a package has C++ sources)"
          : LinkedInternally() ? "it was built with -linkmode=internal: Go linked it by itself, and asked no C compiler"
                               : "no link of ours fits: Go's own linker made it, or another machine",
          LinkedInternally() ? "leave -linkmode=internal out"
          : HasCxx() ? "cgo-ld-shim go build, which sets CXX as well; or CXX=cgo-ld-shim++ beside CC=cgo-ld-shim"
                     : "");
    }
  }

  bool HasCxx() const {
    return !facts_.cxx_runtime.empty() ||
           std::any_of(facts_.needed.begin(), facts_.needed.end(), [](const std::string& library) {
             return absl::StartsWith(library, "libstdc++.") || absl::StartsWith(library, "libc++.");
           });
  }

  // Go writes the flags of the linker into the program, but for -trimpath.
  bool LinkedInternally() const {
    const std::string flags = facts_.go.Setting("-ldflags");
    return absl::StrContains(flags, "-linkmode=internal") || absl::StrContains(flags, "-linkmode internal");
  }

  // Go switches cgo off for another target unless it is told otherwise; the program is static then, and lacks things.
  void WithoutCgo() {
    if (!facts_.go.present || facts_.go.Setting("CGO_ENABLED") != "0") return;
    Add("without-cgo", Level::kGood, "no C code",
        "it was built with CGO_ENABLED=0, Go's default for another target: packages that need cgo were left out, or do "
        "less",
        "CGO_ENABLED=1, or cgo-ld-shim go build, if they are wanted");
  }

  std::string WayToStatic() const {
    if (!facts_.dynamic_reason.empty()) return absl::StrCat("linked so on purpose: ", facts_.dynamic_reason);
    if (facts_.go.present) return "cgo-ld-shim go build";
    return "link it with -static, and with the archives of its libraries";
  }

  void StaticLibc() {
    if (facts_.libc.IsGlibc()) {
      GlibcNames();
      GlibcLoading();
    } else if (facts_.libc.IsMusl()) {
      if (const Use* names = Used("names")) {
        Add("names", Level::kGood, "users and hosts",
            absl::StrCat("are looked up in /etc files and DNS; nothing else is needed (", Some(names->symbols), ")"),
            "");
      }
      if (const Use* use = Used("dlopen")) {
        Add("dlopen", Level::kLimit, "dlopen", absl::StrCat("always fails in a static program of musl", UsedBy(*use)),
            "CGO_LD_SHIM_STATIC=prefer with a dynamic glibc, if it must work");
      }
    }
  }

  // What a container FROM scratch has to bring, whatever the C library is.
  void FilesOfTheHost() {
    if (facts_.go.verifies_certificates && !facts_.go.brings_certificates) {
      Add("certificates", Level::kLimit, "root certificates",
          "are read from the host's files (crypto/x509); without them no TLS server that it calls is trusted",
          "copy /etc/ssl/certs/ca-certificates.crt, or import golang.org/x/crypto/x509roots/fallback");
    }
    if (facts_.go.loads_time_zones && !facts_.go.brings_time_zones) {
      Add("time-zones", Level::kLimit, "time zones",
          "are read from the host's files (time.LoadLocation); without them only UTC and Local are known",
          "copy /usr/share/zoneinfo, or build with -tags timetzdata");
    }
  }

  void GlibcNames() {
    const Use* names = facts_.FindUse("names");
    if (names == nullptr || names->certainty == Certainty::kNo) return;
    const std::string which = names->symbols.empty() ? "" : absl::StrCat(" (", Some(names->symbols), ")");
    if (facts_.libc.LoadsNssModules()) {
      Add("names", Level::kProblem, "users and hosts",
          absl::StrCat("are looked up by libnss_files.so and libnss_dns.so of the same ", facts_.libc.ToString(),
                       "; without them look-ups fail", which),
          "link with glibc 2.34 or newer, or with CGO_LD_SHIM_LIBC=musl");
    } else if (facts_.nss_files) {
      Add("names", Level::kGood, "users and hosts",
          absl::StrCat("are looked up in /etc files and DNS; LDAP, systemd and mDNS are not asked", which), "");
    } else {
      Add("names", Level::kLimit, "users and hosts",
          absl::StrCat("are looked up by what the host's /etc/nsswitch.conf names; modules that were built for another "
                       "glibc crash the program",
                       which),
          facts_.go.present ? "link with cgo-ld-shim go build, without CGO_LD_SHIM_NSS=host"
                            : "an /etc/nsswitch.conf with only files and dns");
    }
  }

  void GlibcLoading() {
    if (const Use* use = Used("dlopen")) {
      Add("dlopen", Level::kLimit, "dlopen",
          absl::StrCat("opens only libraries that were built with the very same ", facts_.libc.ToString(),
                       ", where that is installed; they crash in threads other than the one that opened them (isdigit "
                       "and its like), and modules do not find the program's own symbols",
                       UsedBy(*use)),
          "CGO_LD_SHIM_STATIC=prefer makes the program dynamic; musl refuses every dlopen");
    } else if (const Use* use = facts_.FindUse("dlopen");
               use != nullptr && use->certainty == Certainty::kPresent && !facts_.has_record && !LibraryLoads()) {
      Add("dlopen", Level::kLimit, "dlopen",
          "is in the program; whether more than the C library uses it cannot be told without the record of its link",
          "");
    }
    if (const Use* use = Used("iconv")) {
      Add("iconv", Level::kLimit, "iconv",
          absl::StrCat("knows UTF-8, UCS-2, UCS-4 and ASCII; others need the host's gconv files of the same glibc",
                       UsedBy(*use)),
          "CGO_LD_SHIM_LIBC=musl has the common character sets built in");
    }
    if (const Use* use = Used("locale")) {
      Add("locale", Level::kLimit, "locales",
          absl::StrCat("other than C and POSIX need the host's files of the same glibc; C.UTF-8 too", UsedBy(*use)),
          "CGO_LD_SHIM_LIBC=musl has C.UTF-8 built in");
    }
  }

  // glibc's own look-ups and character sets bring dlopen along.
  bool LibraryLoads() const {
    for (const char* what : {"names", "iconv"}) {
      const Use* use = facts_.FindUse(what);
      if (use != nullptr && use->certainty != Certainty::kNo) return true;
    }
    return false;
  }

  const Use* Used(absl::string_view what) const {
    const Use* use = facts_.FindUse(what);
    return use != nullptr && use->certainty == Certainty::kUsed ? use : nullptr;
  }

  static std::string UsedBy(const Use& use) {
    return use.users.empty() ? "" : absl::StrCat(" (used by ", Some(use.users), ")");
  }

  void Code() {
    if (facts_.text_relocations) {
      Add("text-relocations", Level::kLimit, "code that changes",
          "code is written to while the program starts; systems that forbid it refuse to run the program (SELinux)",
          "compile its C code and libraries with -fPIC");
    }
    if (!facts_.writable_code.empty()) {
      Add("writable-code", Level::kLimit, "writable code",
          absl::StrCat("memory is writable and executable at once: ", Some(facts_.writable_code)), "");
    }
    if (facts_.stack == "executable") {
      Add("executable-stack", Level::kLimit, "executable stack",
          "an object asks for it, most often assembler code without a .note.GNU-stack section; some systems refuse it",
          "-ldflags '-extldflags=-Wl,-z,noexecstack', if nothing on the stack is run");
    } else if (!facts_.no_stack_note.empty()) {
      Add("stack-note", Level::kLimit, "executable stack",
          absl::StrCat(facts_.no_stack_note,
                       " does not say that it needs none; GNU ld would have made the stack executable, and here it is "
                       "not"),
          "");
    }
  }

  void Stubs() {
    if (facts_.stubs.empty()) return;
    Add("stubs", strict_ ? Level::kProblem : Level::kLimit, "stubs",
        absl::StrCat("stand for ", Some(facts_.stubs, 5), ": the program ends when it calls one of them"),
        "leave the library out of CGO_LD_SHIM_STUBS and link its archive");
  }

  void Unresolved() {
    if (facts_.unresolved.empty() || !facts_.IsStatic()) return;
    Add("unresolved", Level::kLimit, "undefined",
        absl::StrCat(Some(facts_.unresolved, 5), facts_.unresolved.size() == 1
                                                     ? " is address 0, and a call of it ends the program"
                                                     : " are address 0, and a call of them ends the program"),
        "CGO_LD_SHIM_STATIC=prefer makes it dynamic; CGO_LD_SHIM_UNRESOLVED=error makes such a link an error");
  }

  const BinaryFacts& facts_;
  const bool strict_;
  Verdict verdict_;
};

}  // namespace

Verdict Judge(const BinaryFacts& facts, bool strict) { return Judgement(facts, strict).Run(); }

}  // namespace cgo_ld_shim::inspect

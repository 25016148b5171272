#include "diagnose/linker_words.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "diagnose/written.h"
#include "packages/contents.h"
#include "packages/distribution.h"
#include "plan/variants.h"
#include "support/path_parts.h"
#include "symbols/debug_info.h"

namespace cgo_ld_shim::diagnose {
namespace {

// Part of an error, and the cause that it tells. The first row that fits counts.
struct Row {
  absl::string_view has;
  CauseId cause;
};
constexpr Row kRows[] = {
    // lld; GNU ld for -pie and for -shared.
    {"recompile with -fPIC", CauseId::kNotPic},
    {"recompile with -fPIE", CauseId::kNotPic},
    {"cannot be used with -shared", CauseId::kNotPic},
    {" out of range: ", CauseId::kOutOfReach},                // lld
    {"relocation truncated to fit: ", CauseId::kOutOfReach},  // GNU ld
    {"mismatches non-TLS", CauseId::kTlsMismatch},            // GNU ld, definition or reference first
    {" is incompatible with ", CauseId::kWrongArchitecture},
    {"file in wrong format", CauseId::kWrongArchitecture},
    {"syntax error in VERSION script", CauseId::kScript},
    {"cannot open linker script file ", CauseId::kScript},
    {"cannot find linker script ", CauseId::kScript},  // lld
    {"cannot find version script ", CauseId::kScript},
    {": syntax error", CauseId::kScript},
    {"unrecognized option '", CauseId::kUnknownOption},  // GNU ld
    {"unrecognised option '", CauseId::kUnknownOption},
    {"unrecognized command-line option '", CauseId::kUnknownOption},  // gcc
    {"unknown argument '", CauseId::kUnknownOption},                  // lld
    {"unknown -z value: ", CauseId::kUnknownOption},
    {"cannot find 'ld'", CauseId::kLinkerMissing},         // gcc
    {"invalid linker name in ", CauseId::kLinkerMissing},  // clang
};

// One complaint: its first line without the linker's name, and the lines below it that belong to it.
struct Complaint {
  std::string text;
  std::vector<std::string> below;
};

// "ld.lld: error: ", "/usr/bin/ld: ", "gcc: error: ", "collect2: error: ", each perhaps with a path before it.
bool ConsumeLinker(absl::string_view* line) {
  for (const absl::string_view name : {"ld.lld: error: ", "lld: error: ", "ld.bfd: ", "ld.gold: ", "ld: ",
                                       "gcc: error: ", "clang: error: ", "collect2: fatal error: "}) {
    const size_t at = line->find(name);
    if (at == absl::string_view::npos || (at > 0 && (*line)[at - 1] != '/' && (*line)[at - 1] != '-')) continue;
    if (line->substr(0, at).find(' ') != absl::string_view::npos) continue;
    line->remove_prefix(at + name.size());
    absl::ConsumePrefix(line, "error: ");
    return true;
  }
  // GNU ld writes "/usr/bin/ld:FILE:0: syntax error" without a blank.
  const size_t at = line->find("ld:/");
  if (at == absl::string_view::npos || line->substr(0, at).find(' ') != absl::string_view::npos) return false;
  line->remove_prefix(at + 3);
  return true;
}

std::vector<Complaint> Complaints(absl::string_view words) {
  // gcc quotes as the locale has it.
  const std::string plain = absl::StrReplaceAll(words, {{"‘", "'"}, {"’", "'"}});
  std::vector<Complaint> found;
  for (absl::string_view line : absl::StrSplit(plain, '\n')) {
    const bool named = ConsumeLinker(&line);
    if (absl::StartsWith(line, "warning: ")) continue;
    if (named) {
      found.push_back({std::string(line), {}});
    } else if (!found.empty() && absl::ConsumePrefix(&line, ">>>")) {
      found.back().below.emplace_back(absl::StripAsciiWhitespace(line));
    } else if (absl::StrContains(line, "relocation truncated to fit: ")) {
      // GNU ld names itself in the first of them only.
      found.push_back({std::string(line), {}});
    }
  }
  return found;
}

// The text between two others; empty where they are not there.
absl::string_view Between(absl::string_view text, absl::string_view before, absl::string_view after) {
  const size_t begin = text.find(before);
  if (begin == absl::string_view::npos) return {};
  text.remove_prefix(begin + before.size());
  const size_t end = text.find(after);
  return end == absl::string_view::npos ? absl::string_view() : text.substr(0, end);
}

// Who and what a complaint is about.
struct About {
  std::string unit;      // "/x/libnp.a(np.o)", "/tmp/go-link-1/000001.o"
  std::string source;    // "np.c"
  std::string function;  // "q"
  std::string symbol;    // "arr"
};

About ReadAbout(const Complaint& complaint) {
  About about;
  const absl::string_view text = complaint.text;
  // lld: ">>> referenced by np.c (/home/me/np.c:3)" and ">>>               np.o:(q) in archive /x/libnp.a".
  for (const std::string& line : complaint.below) {
    absl::string_view rest = line;
    if (absl::ConsumePrefix(&rest, "referenced by ")) {
      about.source = std::string(rest.substr(0, rest.find(' ')));
      continue;
    }
    const size_t colon = rest.find(":(");
    if (colon == absl::string_view::npos) continue;
    const absl::string_view object = rest.substr(0, colon);
    const absl::string_view place = Between(rest, ":(", ")");
    if (!absl::StrContains(place, '+')) about.function = std::string(place);
    const size_t archive = rest.find(" in archive ");
    about.unit = archive == absl::string_view::npos ? std::string(object)
                                                    : absl::StrCat(rest.substr(archive + 12), "(", object, ")");
  }
  // lld, and GNU ld alike: "UNIT:(function f: .text+0x3): relocation …", "UNIT: relocation R against symbol `arr' …".
  if (about.unit.empty()) {
    if (const size_t place = text.find(":("); place != absl::string_view::npos) {
      about.unit = std::string(text.substr(0, place));
      about.function = std::string(Between(text, ":(function ", ": "));
    } else if (const size_t colon = text.find(": "); colon != absl::string_view::npos) {
      const absl::string_view first = text.substr(0, colon);
      if (absl::EndsWith(first, ".o") || absl::EndsWith(first, ")")) about.unit = std::string(first);
    } else if (const size_t is = text.find(" is incompatible with "); is != absl::string_view::npos) {
      about.unit = std::string(text.substr(0, is));
    }
  }
  if (const size_t is = text.find(" is incompatible with "); is != absl::string_view::npos)
    about.unit = std::string(text.substr(0, is));
  about.unit = about.unit.substr(0, about.unit.find(": "));  // GNU ld's "UNIT: in function `f': f.c"
  for (const auto& [before, after] :
       {std::pair("against symbol '", "'"), std::pair("against symbol `", "'"), std::pair("references '", "'"),
        std::pair("against `", "'"), std::pair("local symbol '", "'")}) {
    if (!about.symbol.empty()) break;
    about.symbol = std::string(Between(text, before, after));
  }
  // GNU ld's "`arr@@VERS_1'" and lld's "X (.LC0)" are not names of a person's.
  about.symbol = about.symbol.substr(0, about.symbol.find('@'));
  return about;
}

class Explainer {
 public:
  explicit Explainer(const SpokenOf& link) : link_(link) {}

  Diagnosis Run(absl::string_view words) {
    for (const Complaint& complaint : Complaints(words)) {
      const auto* const row = std::find_if(std::begin(kRows), std::end(kRows),
                                           [&](const Row& r) { return absl::StrContains(complaint.text, r.has); });
      if (row != std::end(kRows)) Add(row->cause, complaint);
    }
    AddWaysOut();
    return std::move(diagnosis_);
  }

 private:
  void Add(CauseId cause, const Complaint& complaint) {
    switch (cause) {
      case CauseId::kUnknownOption:
        return AddOption(complaint.text);
      case CauseId::kScript:
        return AddScript(complaint.text);
      case CauseId::kLinkerMissing:
        return AddLinker();
      case CauseId::kTlsMismatch:
        return AddTls(complaint.text);
      default:
        break;
    }
    const About about = ReadAbout(complaint);
    if (cause == CauseId::kWrongArchitecture && AddUnfit(about.unit)) return;
    // Data that is out of reach is so for a thousand objects, the C library's own first among them.
    const std::string subject = cause == CauseId::kOutOfReach ? "data"
                                : about.unit.empty()          ? complaint.text
                                                              : about.unit;
    const auto [at, fresh] = at_.try_emplace({cause, subject}, diagnosis_.findings.size());
    if (!fresh) return;
    Finding finding{.symbol = subject, .demangled = support::BaseName(subject), .cause = cause};
    finding.named_by = WordOf(about.unit);
    finding.from_program = finding.named_by.empty();
    switch (cause) {
      case CauseId::kNotPic:
        finding.hint = NotPicHint(about);
        if (about.unit == link_.plan.GoObject() && !about.unit.empty()) {
          finding.demangled = "Go's own part of the program";
          finding.hint =
              "it was compiled for a fixed address, and the linker is asked for a position-independent program: "
              "Go has to be told, too";
          go_is_fixed_ = true;
        }
        break;
      case CauseId::kOutOfReach:
        finding.demangled = "code and data of this program";
        finding.hint = absl::StrCat(
            "they take more than 2 GiB, and code that is compiled as usual reaches no further; the "
            "first that cannot is ",
            about.unit.empty() ? "not named" : support::BaseName(about.unit),
            about.symbol.empty() ? "" : absl::StrCat(", which uses ", about.symbol));
        break;
      default:
        finding.hint = complaint.text;
        break;
    }
    diagnosis_.findings.push_back(std::move(finding));
  }

  // An archive for another machine. Its words are all that tell: no symbol is missing, so nothing of it is needed. lld
  // complains of each of its members. False: the unit is in no archive of the user's.
  bool AddUnfit(const std::string& unit) {
    const std::optional<symbols::Machine> machine = plan::MachineOf(link_.plan);
    for (const plan::PlanInput& input : link_.plan.inputs) {
      if (input.origin != plan::Origin::kGiven || !input.IsArchive() || !absl::StartsWith(unit, input.path)) continue;
      const std::optional<symbols::Machine> made_for = input.files[0].archive->FirstMachine();
      if (!machine || !made_for) return false;
      if (!at_.try_emplace({CauseId::kWrongArchitecture, input.path}, 0).second) return true;
      const std::string word = absl::StrJoin(input.AskedBy(), " ");
      diagnosis_.findings.push_back(
          {.symbol = input.path,
           .demangled = support::BaseName(input.path),
           .named_by = word,
           .cause = CauseId::kWrongSystem,
           .hint = *made_for == *machine
                       ? absl::StrCat("members of it were built for another machine than ", machine->Name(),
                                      "; nothing of them is needed")
                       : absl::StrCat("it was built for ", made_for->Name(), ", and this program is for ",
                                      machine->Name(), "; nothing of it is needed")});
      diagnosis_.ways_out.push_back(DropWay(input.words, "nothing of the program needs it"));
      return true;
    }
    return false;
  }

  std::string NotPicHint(const About& about) const {
    std::string who = about.function.empty() ? "it" : absl::StrCat(about.function, "()");
    if (!about.source.empty()) absl::StrAppend(&who, " in ", about.source);
    return absl::StrCat(who, " uses ",
                        about.symbol.empty() ? "an address" : absl::StrCat("the address of ", about.symbol),
                        " as a fixed one, which a ", link_.pie ? "position-independent program" : "shared object",
                        " does not have: it was compiled without -fPIC");
  }

  // "unrecognized option '--frobnicate'"
  void AddOption(absl::string_view text) {
    std::string option(Between(text, "'", "'"));
    if (absl::StrContains(text, "unknown -z value: "))
      option = absl::StrCat("-z ", text.substr(text.find("value: ") + 7));
    if (option.empty()) return;
    // gcc takes the names of the linkers that it knows, and no other.
    if (absl::StartsWith(option, "-fuse-ld=")) return AddLinker();
    const auto [at, fresh] = at_.try_emplace({CauseId::kUnknownOption, option}, diagnosis_.findings.size());
    if (!fresh) return;
    diagnosis_.findings.push_back({.symbol = option, .demangled = option, .cause = CauseId::kUnknownOption});
  }

  // "v: TLS definition in /x/b.o section .tbss mismatches non-TLS reference in /x/c.o", and with the two the other way
  // round; the section is missing where there is none.
  void AddTls(absl::string_view text) {
    constexpr absl::string_view kDefinition = " definition in ", kReference = " reference in ";
    const std::string symbol(text.substr(0, text.find(": ")));
    std::string local, ordinary;
    for (const absl::string_view kind : {kDefinition, kReference}) {
      const size_t at = text.find(kind);
      if (at == absl::string_view::npos) return;
      const absl::string_view rest = text.substr(at + kind.size());
      const std::string unit(rest.substr(0, rest.find(' ')));
      const symbols::Place place = kind == kDefinition ? written_.Definition(unit, symbol) : written_.Use(unit, symbol);
      (absl::EndsWith(text.substr(0, at), "non-TLS") ? ordinary : local) =
          support::BaseName(place.file.empty() ? unit : Written::Text(place));
    }
    const auto [at, fresh] = at_.try_emplace({CauseId::kTlsMismatch, symbol}, diagnosis_.findings.size());
    if (!fresh) return;
    diagnosis_.findings.push_back(
        {.symbol = symbol,
         .demangled = symbols::Demangle(symbol),
         .cause = CauseId::kTlsMismatch,
         .hint = absl::StrCat(local, " has it as thread-local, ", ordinary,
                              " as an ordinary variable: the declarations differ in __thread")});
  }

  void AddLinker() {
    if (link_.fuse_ld.empty() || !at_.try_emplace({CauseId::kLinkerMissing, ""}, 0).second) return;
    const std::string option = absl::StrCat("-fuse-ld=", link_.fuse_ld);
    diagnosis_.findings.push_back({.symbol = option,
                                   .demangled = option,
                                   .cause = CauseId::kLinkerMissing,
                                   .hint = absl::StrCat("no ld.", link_.fuse_ld, " is in PATH")});
    diagnosis_.ways_out.push_back(DropWay({option}, "the linker in cgo-ld-shim takes its place"));
    // Debian's, Fedora's and Alpine's package is called as the program is; they have no package of wild.
    if (link_.fuse_ld == "mold") {
      const absl::string_view prefix = packages::InstallPrefix(packages::ManagerHere());
      diagnosis_.ways_out.push_back({absl::StrCat(prefix.empty() ? "install " : prefix, "mold"), "brings ld.mold"});
    } else if (link_.fuse_ld == "wild") {
      diagnosis_.ways_out.push_back({"install wild", "brings ld.wild"});
    }
  }

  // "/x/v.map:0: syntax error in VERSION script", "cannot open linker script file /x/none.map: No such file or
  // directory"
  void AddScript(absl::string_view text) {
    Finding finding{.cause = CauseId::kScript};
    constexpr absl::string_view kOpen = " script ";
    if (const size_t at = text.find(kOpen); at != absl::string_view::npos && absl::StartsWith(text, "cannot ")) {
      absl::string_view rest = text.substr(at + kOpen.size());
      absl::ConsumePrefix(&rest, "file ");
      const size_t colon = rest.rfind(": ");
      finding.symbol = std::string(rest.substr(0, colon));
      finding.hint = colon == absl::string_view::npos ? "no such file" : absl::AsciiStrToLower(rest.substr(colon + 2));
    } else {
      const size_t colon = text.find(": ");
      absl::string_view file = text.substr(0, colon);
      // GNU ld says line 0 where the error is at the end.
      if (absl::EndsWith(file, ":0")) file.remove_suffix(2);
      finding.symbol = std::string(file.substr(0, file.rfind(':')));
      finding.hint = std::string(text.substr(std::min(colon + 2, text.size())));
      if (file.size() > finding.symbol.size())
        finding.hint = absl::StrCat("line ", file.substr(finding.symbol.size() + 1), ": ", finding.hint);
    }
    if (absl::StartsWith(finding.symbol, "-")) return;  // "--defsym: syntax error: x="
    finding.demangled = finding.symbol;
    const auto [at, fresh] = at_.try_emplace({CauseId::kScript, finding.symbol}, diagnosis_.findings.size());
    if (fresh) diagnosis_.findings.push_back(std::move(finding));
  }

  // The word of the line that brought a unit in: "-lnp"; empty for what the program itself is made of.
  std::string WordOf(absl::string_view unit) const {
    for (const plan::PlanInput& input : link_.plan.inputs) {
      if (input.origin != plan::Origin::kGiven || input.library.empty()) continue;
      if (!input.path.empty() && absl::StartsWith(unit, input.path)) return absl::StrJoin(input.words, " ");
    }
    return "";
  }

  void AddWaysOut() {
    std::vector<std::string> rebuilt, options;
    bool out_of_reach = false, scripts = false;
    for (const Finding& finding : diagnosis_.findings) {
      if (finding.cause == CauseId::kNotPic && finding.demangled == support::BaseName(finding.symbol)) {
        std::string file = finding.demangled.substr(0, finding.demangled.find('('));
        if (std::find(rebuilt.begin(), rebuilt.end(), file) == rebuilt.end()) rebuilt.push_back(std::move(file));
      }
      if (finding.cause == CauseId::kUnknownOption) options.push_back(finding.symbol);
      out_of_reach |= finding.cause == CauseId::kOutOfReach;
      scripts |= finding.cause == CauseId::kScript;
    }
    auto& ways = diagnosis_.ways_out;
    if (go_is_fixed_) {
      ways.push_back({"go build -buildmode=pie",
                      "Go then compiles for it; it takes the place of -pie in -extldflags or CGO_LDFLAGS"});
    } else if (!rebuilt.empty() && link_.pie) {
      WayOut way =
          DropWay({"-pie", "-static-pie"}, "the program is static, at a fixed address; GOFLAGS may have the flag, too");
      way.action = "leave out -buildmode=pie";
      ways.push_back(std::move(way));
    }
    if (!rebuilt.empty())
      ways.push_back(BuildWay(absl::StrCat("build ", absl::StrJoin(rebuilt, ", "), " with -fPIC"), {}));
    if (out_of_reach) {
      ways.push_back(
          {"allocate the large data when the program runs, or compile what defines and what uses it with "
           "-mcmodel=large"});
    }
    if (!options.empty())
      ways.push_back(DropWay(std::move(options), "it may stand in #cgo LDFLAGS, CGO_LDFLAGS or -extldflags"));
    if (scripts) ways.push_back({"mend the script, or leave it out of the flags"});
  }

  const SpokenOf& link_;
  Diagnosis diagnosis_;
  std::map<std::pair<CauseId, std::string>, size_t> at_;
  Written written_;
  bool go_is_fixed_ = false;  // -pie behind Go's back
};

}  // namespace

Diagnosis ExplainWords(absl::string_view words, const SpokenOf& link) { return Explainer(link).Run(words); }

std::string TheirReason(absl::string_view words) {
  for (const Complaint& complaint : Complaints(words)) return complaint.text;
  // Any other linker's: zig's are "error: …".
  for (const absl::string_view line : absl::StrSplit(words, '\n')) {
    const size_t error = line.find("error: ");
    if (error != absl::string_view::npos) return std::string(line.substr(error + 7));
  }
  return "";
}

}  // namespace cgo_ld_shim::diagnose

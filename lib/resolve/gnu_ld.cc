#include "resolve/gnu_ld.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "support/file.h"

namespace cgo_ld_shim::resolve {
namespace {

using invocation::ArgType;
using invocation::Argument;
using plan::Origin;

// Options that lld takes, and does something else for or nothing. A value begins behind the '='.
struct OptionRow {
  absl::string_view option;  // without dashes; "z X" for -z X
  const char* because;
};
constexpr OptionRow kOptions[] = {
    {"n", "lays the program out in one segment, of which lld makes one that does not start"},
    {"nmagic", "lays the program out in one segment, of which lld makes one that does not start"},
    {"N", "lays the program out in one segment, of which lld makes one that does not start"},
    {"omagic", "lays the program out in one segment, of which lld makes one that does not start"},
    {"unique", "keeps sections apart, which lld does with the tables that libc's start runs through"},
    {"retain-symbols-file", "chooses names for the symbol table, and lld takes it for a version script"},
    {"orphan-handling", "is about the linker's own script, which lld has none of"},
    {"z ibt", "marks the program, which lld does not"},
    {"z shstk", "marks the program, which lld does not"},
};

const OptionRow* FindOption(absl::string_view word) {
  const absl::string_view option = word.substr(0, word.find('='));
  const auto* row =
      std::find_if(std::begin(kOptions), std::end(kOptions), [&](const OptionRow& r) { return option == r.option; });
  return row == std::end(kOptions) || word == "orphan-handling=place" ? nullptr : row;
}

// The linker's own words of a line, `-z X` as one, without dashes: "z ibt", "T", "script.ld".
std::vector<std::string> OptionsOf(const invocation::Invocation& call) {
  std::vector<std::string> options;
  bool z = false;
  for (const Argument& argument : call.arguments) {
    // The driver's own -n and -N go to the linker.
    const bool passed = argument.type == ArgType::kDriver && (argument.value == "-n" || argument.value == "-N");
    if (argument.type != ArgType::kLinker && !passed) continue;
    absl::string_view word = argument.value;
    if (z) {
      options.push_back(absl::StrCat("z ", word));
    } else if (word != "-z" && absl::ConsumePrefix(&word, "-z")) {
      options.push_back(absl::StrCat("z ", word));
    } else {
      // A word without a dash is the value of the one before it.
      if (absl::ConsumePrefix(&word, "-")) {
        absl::ConsumePrefix(&word, "-");
      } else {
        word = argument.value;
      }
      options.emplace_back(word);
    }
    z = !z && argument.value == "-z";
  }
  return options;
}

// The script of -T, --script or -dT that stands in the place of the linker's own; empty: none. One that says INSERT is
// put into that.
std::string WholeScript(const std::vector<std::string>& options, const std::string& cwd) {
  for (size_t i = 0; i < options.size(); ++i) {
    absl::string_view word = options[i];
    std::string path;
    if (word == "T" || word == "script" || word == "dT" || word == "default-script") {
      if (i + 1 < options.size()) path = options[i + 1];
    } else if (absl::ConsumePrefix(&word, "script=") || absl::ConsumePrefix(&word, "default-script=")) {
      path = std::string(word);
    } else if (absl::StartsWith(word, "T") && !absl::StartsWith(word, "Ttext") && !absl::StartsWith(word, "Tdata") &&
               !absl::StartsWith(word, "Tbss") && !absl::StartsWith(word, "Trodata") &&
               !absl::StartsWith(word, "Tldata")) {
      path = std::string(word.substr(1));
    }
    if (path.empty()) continue;
    const absl::StatusOr<std::string> text = support::ReadFile(support::Absolute(path, cwd));
    if (text.ok() && absl::StrContains(*text, "SECTIONS") && !absl::StrContains(*text, "INSERT")) return path;
  }
  return "";
}

class Finder {
 public:
  Finder(const invocation::Invocation& call, const plan::LinkPlan& plan, const Resolution& resolution)
      : call_(call), plan_(plan), resolution_(resolution), link_(*resolution.simulation) {}

  std::optional<OtherLinker> Find() {
    options_ = OptionsOf(call_);
    for (size_t u = 0; u < link_.units().size(); ++u) {
      if (std::optional<OtherLinker> reason = OfUnit(static_cast<int>(u))) return reason;
    }
    for (const std::string& option : options_) {
      if (const OptionRow* row = FindOption(option))
        return OtherLinker{
            false, absl::StrCat("-", option.size() > 1 && option[0] != 'z' ? "-" : "", option, " ", row->because), {}};
    }
    if (const std::string script = WholeScript(options_, call_.cwd); !script.empty())
      return OtherLinker{
          false,
          absl::StrCat("the script ", script,
                       " stands in the place of the linker's own, and programs that lld makes of such do not start"),
          {}};
    if (std::optional<OtherLinker> reason = OfWraps()) return reason;
    if (std::optional<OtherLinker> reason = OfThreadLocals()) return reason;
    return OfMultipleDefinitions();
  }

 private:
  bool Has(absl::string_view option) const {
    return std::find(options_.begin(), options_.end(), option) != options_.end();
  }

  std::optional<OtherLinker> OfUnit(int number) {
    const Unit& unit = link_.units()[static_cast<size_t>(number)];
    const symbols::Object& object = *unit.object;
    const auto reason = [&](bool constructors, absl::string_view because, absl::string_view without = "") {
      const std::string name = link_.UnitName(number);
      return OtherLinker{constructors,
                         absl::StrCat(name, " ", because),
                         {{"", name, ""}},
                         without.empty() ? "" : absl::StrCat("compile ", unit.file->path, " ", without)};
    };
    // What the compiler itself brings is made for its start files.
    if (object.old_constructors && resolution_.inputs[static_cast<size_t>(unit.input)].origin != Origin::kToolchain)
      return reason(true, "has constructors in .ctors or .dtors, which GNU ld alone puts into .init_array",
                    "again, with a compiler that writes .init_array (gcc since 4.7, without -fno-use-init-array)");
    if (object.large_common)
      return reason(false, "has a large common symbol (-mcmodel=medium), which lld takes for an address",
                    "without -mcmodel=medium, or C with -fno-common");
    if (object.executable_stack && !Has("z execstack") && !Has("z noexecstack"))
      return reason(false, "asks for an executable stack, which lld refuses", "without nested functions of GNU C");
    if (object.tls_alignment >= 8192 && Has("z norelro"))
      return reason(false, "has thread-local variables whose alignment lld loses with -z norelro");
    return std::nullopt;
  }

  // GNU ld wraps undefined references alone; lld those of the object that defines the symbol, too.
  std::optional<OtherLinker> OfWraps() {
    for (const std::string& name : plan_.wrapped) {
      for (size_t u = 0; u < link_.units().size(); ++u) {
        const Unit& unit = link_.units()[u];
        const bool defines =
            std::any_of(unit.object->definitions.begin(), unit.object->definitions.end(),
                        [&](const symbols::Definition& definition) { return definition.name == name; });
        if (!defines || !symbols::RelocatesAgainst(BytesOf(unit), name)) continue;
        const std::string where = link_.UnitName(static_cast<int>(u));
        return OtherLinker{false,
                           absl::StrCat("--wrap=", name, ": ", where,
                                        " defines it and uses it, which GNU ld leaves as it is and lld wraps"),
                           {{name, where, where}}};
      }
    }
    return std::nullopt;
  }

  // `extern int errno` in place of <errno.h>: GNU ld refuses what one file has as thread-local and another one not
  // (bfd/elflink.c, _bfd_elf_merge_symbol); lld links it, to another address.
  std::optional<OtherLinker> OfThreadLocals() {
    for (size_t u = 0; u < link_.units().size(); ++u) {
      const Unit& unit = link_.units()[u];
      if (resolution_.inputs[static_cast<size_t>(unit.input)].origin == Origin::kToolchain) continue;
      for (const symbols::Reference& reference : unit.object->references) {
        const int definer = link_.Definer(reference.name);
        if (definer < 0) continue;
        const Unit& home = link_.units()[static_cast<size_t>(definer)];
        // Of code for an optimiser no types are known.
        if (home.object->kind != symbols::ObjectKind::kElfRelocatable ||
            unit.object->kind != symbols::ObjectKind::kElfRelocatable ||
            (home.object->tls_alignment == 0 && !reference.tls))  // the usual case: nothing is thread-local
          continue;
        const auto& definitions = home.object->definitions;
        const auto definition =
            std::find_if(definitions.begin(), definitions.end(),
                         [&](const symbols::Definition& candidate) { return candidate.name == reference.name; });
        if (definition == definitions.end() || definition->tls == reference.tls) continue;
        const std::string here = link_.UnitName(static_cast<int>(u)), there = link_.UnitName(definer);
        return OtherLinker{false,
                           absl::StrCat(reference.name, " is thread-local in ", reference.tls ? here : there,
                                        " and an ordinary variable in ", reference.tls ? there : here,
                                        ", which GNU ld refuses and lld links to another address"),
                           {{std::string(reference.name), here, there}}};
      }
    }
    return std::nullopt;
  }

  std::optional<OtherLinker> OfMultipleDefinitions() {
    if (!plan_.allow_multiple || link_.duplicates().empty()) return std::nullopt;
    Simulation gnu(plan_, Simulation::Manner::kGnuLd);
    for (const plan::PlanInput& input : resolution_.inputs) gnu.Add(input);
    gnu.Finish();
    const absl::string_view name = link_.DefinedOtherwise(gnu);
    if (name.empty()) return std::nullopt;
    const std::string lld = link_.UnitName(link_.Definer(name)), other = gnu.UnitName(gnu.Definer(name));
    return OtherLinker{false,
                       absl::StrCat("--allow-multiple-definition: of ", name, " GNU ld takes the definition in ", other,
                                    ", and lld that in ", lld),
                       {{std::string(name), "", other}}};
  }

  const invocation::Invocation& call_;
  const plan::LinkPlan& plan_;
  const Resolution& resolution_;
  const Simulation& link_;
  std::vector<std::string> options_;
};

}  // namespace

std::string FindIfunc(const Resolution& resolution) {
  const Simulation& link = *resolution.simulation;
  for (size_t u = 0; u < link.units().size(); ++u) {
    const Unit& unit = link.units()[u];
    if (resolution.inputs[static_cast<size_t>(unit.input)].origin == Origin::kToolchain) continue;
    const std::string name = link.UnitName(static_cast<int>(u));
    if (symbols::DefinesIfunc(BytesOf(unit)) && !absl::EndsWith(name, "/go.o")) return name;
  }
  return "";
}

std::optional<OtherLinker> NeedsGnuLd(const invocation::Invocation& call, const plan::LinkPlan& plan,
                                      const Resolution& resolution) {
  if (resolution.simulation == nullptr) return std::nullopt;
  return Finder(call, plan, resolution).Find();
}

}  // namespace cgo_ld_shim::resolve

// A program that uses all of an archive, linked for each target by the code that links every other program: what lint
// says of a target is no second opinion.
//
// The program is an object that takes the address of each public name. It is called go.o and lies in a directory of its
// own, as what Go's linker writes does, so that the link may put files of its own there.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "doctor/zig_libraries.h"
#include "invocation/invocation.h"
#include "link/link.h"
#include "lint/lint.h"
#include "report/text.h"
#include "report/text_parts.h"
#include "rules/rule_id.h"
#include "rules/table.h"
#include "support/file.h"
#include "support/path_parts.h"
#include "support/process.h"
#include "support/temporary.h"
#include "target/triple.h"
#include "toolchain/driver.h"

namespace cgo_ld_shim::lint {
namespace {

using rules::RuleId;
using target::LibcFamily;

// Nothing of a trial is kept.
class NoRecords : public link::Records {
 public:
  void Capture(const report::LinkRecord&, const std::vector<std::string>&) override {}
  std::string Store(const report::LinkRecord&) override { return ""; }
};

// What others have set for their own builds is no property of the archive.
class TrialEnvironment {
 public:
  TrialEnvironment(const char* const* envp, const TargetResult& target, const std::string& cross_compiler) {
    for (; *envp != nullptr; ++envp) {
      const absl::string_view variable = *envp;
      const absl::string_view name = variable.substr(0, variable.find('='));
      const bool ours = absl::StartsWith(name, "CGO_LD_SHIM_") && name != "CGO_LD_SHIM_ZIG";
      if (ours || name == "GOOS" || name == "GOARCH" || name == "TOOLEXEC_IMPORTPATH" || name == "LIBRARY_PATH")
        continue;
      variables_.emplace_back(variable);
    }
    variables_.push_back(absl::StrCat("GOOS=", target.os));
    variables_.push_back(absl::StrCat("GOARCH=", target.arch));
    if (cross_compiler.empty()) {
      variables_.push_back(absl::StrCat("CGO_LD_SHIM_LIBC=", target.libc.Name()));
    } else {
      variables_.push_back(absl::StrCat("CGO_LD_SHIM_CC=", cross_compiler));
    }
    for (const std::string& variable : variables_) pointers_.push_back(variable.c_str());
    pointers_.push_back(nullptr);
  }
  const char* const* envp() const { return pointers_.data(); }

 private:
  std::vector<std::string> variables_;
  std::vector<const char*> pointers_;
};

// The object's source. An assembler's name says any symbol, whatever C would make of it.
std::string Source(const std::vector<std::string>& names) {
  std::string text, table;
  size_t number = 0;
  for (const std::string& name : names) {
    if (name.find_first_of("\"\\\n") != std::string::npos) continue;
    absl::StrAppend(&text, "extern char n", number, "[] __asm__(\"", name, "\");\n");
    absl::StrAppend(&table, "n", number, ", ");
    ++number;
  }
  absl::StrAppend(&text, "void* volatile used[] = {", table, "0};\nint main(void) { return used[0] == used; }\n");
  return text;
}

void TakeEdits(const report::LinkRecord& record, const std::string& archive, TargetResult* result) {
  const std::string path = support::Absolute(archive, support::CurrentDirectory().value_or("/"));
  for (const report::InputRecord& input : record.inputs) {
    const std::string& word = input.as.empty() ? input.path : input.as;
    // A linker script, libm.a, is several files under one word.
    if (input.origin == "added" && (result->libraries.empty() || result->libraries.back() != word))
      result->libraries.push_back(word);
  }
  for (const rules::Edit& edit : record.edits) {
    const std::optional<RuleId> rule = edit.rule.id();
    if (!rule) continue;
    result->cycle |= *rule == RuleId::kGroupArchives;
    // No line for plain gcc does the same.
    if (rules::RowOf(*rule).in_flags != rules::InFlags::kNot) continue;
    const std::string instead = *rule != RuleId::kUseVariant || edit.after.empty()
                                    ? ""
                                    : absl::StrCat(", and ", support::BaseName(edit.after[0]), " takes its place");
    std::string aid =
        absl::StrCat(edit.because.substr(0, edit.because.find(';')), instead, " (", edit.rule.text(), ")");
    absl::StrReplaceAll({{path, support::BaseName(path)}}, &aid);
    if (std::find(result->aids.begin(), result->aids.end(), aid) == result->aids.end()) result->aids.push_back(aid);
  }
}

// "gss_init_sec_context and 12 more: wanted by …, found only in …": what one file wants for one reason is one line.
std::vector<std::string> Details(const std::vector<report::MissingRecord>& all) {
  struct Line {
    std::string name, why;
    size_t more = 0;
  };
  std::vector<Line> lines;
  std::map<std::vector<std::string>, size_t> by_reason;
  for (const report::MissingRecord& missing : all) {
    const std::string file = missing.wanted_by.empty() ? "" : report::UnitFile(missing.wanted_by[0]);
    const auto [at, fresh] =
        by_reason.try_emplace({file, missing.shared_library, missing.cause.text(), missing.hint}, lines.size());
    if (!fresh) {
      ++lines[at->second].more;
      continue;
    }
    std::vector<std::string> parts;
    if (!missing.wanted_by.empty()) parts.push_back(absl::StrCat("wanted by ", report::UnitName(missing.wanted_by[0])));
    if (!missing.shared_library.empty()) {
      parts.push_back(absl::StrCat("found only in ", missing.shared_library));
    } else if (!missing.hint.empty()) {
      parts.push_back(missing.hint);
    }
    const std::string& name = missing.demangled.empty() ? missing.symbol : missing.demangled;
    lines.push_back({report::SymbolText(name, 60), absl::StrJoin(parts, "; ")});
  }
  constexpr size_t kMost = 3;
  std::vector<std::string> texts;
  for (const Line& line : lines) {
    if (texts.size() == kMost) {
      texts.push_back(absl::StrCat("and ", lines.size() - kMost, " more of the kind"));
      break;
    }
    texts.push_back(absl::StrCat(line.name, line.more == 0 ? "" : absl::StrCat(" and ", line.more, " more"),
                                 line.why.empty() ? "" : ": ", line.why));
  }
  return texts;
}

// "3 symbols are only in shared libraries"; what is missing, a line each; what helps.
void TakeFailure(const report::LinkRecord& record, const std::string& program, TargetResult* result) {
  const std::string text = report::FailureText(record, {.width = 2000});
  absl::string_view line = absl::string_view(text).substr(0, text.find('\n'));
  absl::ConsumePrefix(&line, "cgo-ld-shim: ");
  for (const std::string& heading :
       {absl::StrCat("cannot link ", program, " statically: "), absl::StrCat("cannot link ", program, ": ")})
    absl::ConsumePrefix(&line, heading);
  result->reason = std::string(line);
  result->details = Details(record.missing);
  if (record.missing.empty()) {
    for (const std::string& note : record.notes) {
      if (result->details.size() < 3) result->details.push_back(report::TidyPaths(note));
    }
  }
  for (const diagnose::WayOut& way : record.ways_out)
    result->ways_out.push_back(way.meaning.empty() ? way.action : absl::StrCat(way.action, ": ", way.meaning));
}

class Trial {
 public:
  Trial(const ArchiveFacts& facts, const char* const* envp, TargetResult* result)
      : facts_(facts), result_(*result), environment_(envp, *result, CrossCompiler(*result)) {}

  void Run(absl::FunctionRef<void(const std::string& line)> say) {
    const absl::Status status = Link(say);
    if (!status.ok()) {
      result_.outcome = Outcome::kNotTried;
      result_.reason = std::string(status.message());
    }
  }

 private:
  // A compiler for another architecture with glibc, by the name that distributions give it; empty: none is needed.
  static std::string CrossCompiler(const TargetResult& result) {
    const target::Architecture* arch = target::FindArchitecture(result.arch);
    if (!result.libc.IsGlibc() || arch == nullptr || IsHosts(result.arch)) return "";
    return support::FindProgram(absl::StrCat(arch->multiarch, "-gcc")).value_or("");
  }
  static bool IsHosts(const std::string& arch) {
    return arch == target::HostArch() || (arch == "386" && target::HostArch() == absl::string_view("amd64"));
  }

  absl::Status Link(absl::FunctionRef<void(const std::string& line)> say) {
    const target::Architecture* arch = target::FindArchitecture(result_.arch);
    if (arch == nullptr) return absl::FailedPreconditionError(absl::StrCat("Go has no ", result_.arch));
    if (result_.libc.IsGlibc() && !IsHosts(result_.arch) && CrossCompiler(result_).empty()) {
      return absl::FailedPreconditionError(
          absl::StrCat("there is no ", arch->multiarch, "-gcc here, which brings a static ", result_.libc.Name()));
    }
    const absl::StatusOr<support::Settings> settings = support::ReadSettings(environment_.envp());
    if (!settings.ok()) return settings.status();
    absl::StatusOr<toolchain::Driver> driver =
        toolchain::ChooseDriver({.settings = *settings, .envp = environment_.envp(), .cxx = false});
    if (!driver.ok()) return driver.status();
    if (driver->IsZigMusl() && !doctor::IsPrepared(*driver, /*cxx=*/false))
      say(doctor::PreparingText(*driver, result_.os, result_.arch, /*cxx=*/false));
    std::vector<std::string> flags;
    if (result_.arch == "386" && !driver->IsZig()) flags.emplace_back("-m32");

    absl::StatusOr<support::TemporaryDirectory> directory = support::TemporaryDirectory::Make();
    if (!directory.ok()) return directory.status();
    std::vector<std::string> names = facts_.api;
    absl::StatusOr<report::LinkRecord> record = LinkUsing(names, *settings, *driver, flags, directory->path());
    if (!record.ok()) return record.status();
    // Another archive that takes this one's place may lack names that no user of it needs.
    const std::vector<std::string> lacking = LackedByVariant(*record);
    if (!lacking.empty()) {
      std::erase_if(names, [&](const std::string& name) {
        return std::find(lacking.begin(), lacking.end(), name) != lacking.end();
      });
      record = LinkUsing(names, *settings, *driver, flags, directory->path());
      if (!record.ok()) return record.status();
    }
    if (record->libc) result_.libc = record->libc;
    if (record->exit_status != 0) {
      result_.outcome = Outcome::kCannot;
      TakeFailure(*record, "program", &result_);
      return absl::OkStatus();
    }
    TakeEdits(*record, facts_.path, &result_);
    if (!lacking.empty()) result_.aids.push_back(absl::StrCat("that one lacks ", report::ListText(lacking, ", ", 3)));
    result_.outcome = result_.aids.empty() ? Outcome::kLinks : Outcome::kAided;
    return absl::OkStatus();
  }

  // What the program names, and a neighbour that was taken for the archive does not define. Empty where anything else
  // is wrong with the link.
  static std::vector<std::string> LackedByVariant(const report::LinkRecord& record) {
    const bool variant = std::any_of(record.edits.begin(), record.edits.end(),
                                     [](const rules::Edit& edit) { return edit.rule == RuleId::kUseVariant; });
    if (record.exit_status == 0 || !variant) return {};
    std::vector<std::string> names;
    for (const report::MissingRecord& missing : record.missing) {
      if (!missing.from_program) return {};
      names.push_back(missing.symbol);
    }
    return names;
  }

  // The record of a link of a program that uses these names.
  absl::StatusOr<report::LinkRecord> LinkUsing(const std::vector<std::string>& names, const support::Settings& settings,
                                               const toolchain::Driver& driver, const std::vector<std::string>& flags,
                                               const std::string& directory) {
    const std::string source = absl::StrCat(directory, "/uses.c"), object = absl::StrCat(directory, "/go.o");
    if (const absl::Status written = support::WriteFileAtomically(source, Source(names), 0600); !written.ok())
      return written;
    std::vector<std::string> compile = driver.words;
    compile.insert(compile.end(), flags.begin(), flags.end());
    compile.insert(compile.end(), {"-w", "-c", "-o", object, source});
    const absl::StatusOr<support::ProcessResult> compiled = support::RunProcess(compile);
    if (!compiled.ok()) return compiled.status();
    if (compiled->exit_status != 0) {
      return absl::FailedPreconditionError(absl::StrCat(
          driver.words[0], " compiles nothing for it: ", compiled->error.substr(0, compiled->error.find('\n'))));
    }
    std::vector<std::string> argv = {"cgo-ld-shim"};
    argv.insert(argv.end(), flags.begin(), flags.end());
    argv.insert(argv.end(), {"-o", absl::StrCat(directory, "/program"), object,
                             support::Absolute(facts_.path, support::CurrentDirectory().value_or("/"))});
    const absl::StatusOr<invocation::Invocation> call = invocation::Classify(argv, directory);
    if (!call.ok()) return call.status();
    const link::Request request{settings, driver, *call, directory, environment_.envp()};
    link::Tools tools = link::RealTools(request);
    tools.records = std::make_unique<NoRecords>();
    return link::Link(request, tools).record;
  }

  const ArchiveFacts& facts_;
  TargetResult& result_;
  const TrialEnvironment environment_;
};

}  // namespace

std::string TargetResult::Name() const { return absl::StrCat(os, "/", arch, ", ", libc.Name()); }

absl::StatusOr<Wanted> ParseTarget(absl::string_view text) {
  const auto refuse = [&] {
    return absl::InvalidArgumentError(
        absl::StrCat(text,
                     " is no target of lint: it takes linux/ARCH, as linux/arm64, or a triple, as "
                     "aarch64-linux-musl"));
  };
  const std::vector<std::string> parts = absl::StrSplit(text, '/');
  if (parts.size() == 2) {
    if (parts[0] != "linux" || target::FindArchitecture(parts[1]) == nullptr) return refuse();
    return Wanted{parts[1]};
  }
  const target::Triple triple = target::ParseTriple(text);
  if (parts.size() != 1 || triple.arch.empty() || !triple.IsLinux() || !triple.libc) return refuse();
  return Wanted{triple.arch, triple.libc.family};
}

std::vector<TargetResult> TryTargets(const ArchiveFacts& facts, const std::vector<Wanted>& wanted,
                                     const char* const* envp, absl::FunctionRef<void(const std::string& line)> say) {
  std::vector<Wanted> all = wanted;
  if (all.empty()) {
    for (const std::string& arch : facts.architectures) all.push_back({arch});
  }
  std::vector<TargetResult> results;
  if (facts.objects == 0) return results;
  for (const Wanted& target : all) {
    for (const LibcFamily libc : {LibcFamily::kGlibc, LibcFamily::kMusl}) {
      if (target.libc != LibcFamily::kNone && target.libc != libc) continue;
      TargetResult result{.arch = target.arch, .libc = {libc}, .asked_for = !wanted.empty()};
      Trial(facts, envp, &result).Run(say);
      results.push_back(std::move(result));
    }
  }
  return results;
}

}  // namespace cgo_ld_shim::lint

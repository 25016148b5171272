#include "bench/measure.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "fmt/format.h"
#include "report/text_parts.h"
#include "support/file.h"
#include "support/measured_process.h"
#include "support/path_parts.h"
#include "target/libc.h"
#include "toolchain/zig.h"

namespace cgo_ld_shim::bench {
namespace {

using support::Measured;
using support::RunMeasured;

// A linker, with the whole command but for -o.
struct Contender {
  std::string name, program;
  std::vector<std::string> argv;
  std::string refused;  // why it gets no link at all; empty: it does
};

// The names by which linkers are asked for, and what their programs are called.
struct KnownLinker {
  const char* name;
  std::vector<const char*> programs;
};
const std::vector<KnownLinker>& KnownLinkers() {
  static const auto* const known = new std::vector<KnownLinker>{
      {"ld.lld", {"ld.lld", "ld.lld-22", "ld.lld-21", "ld.lld-20", "ld.lld-19"}},
      {"mold", {"mold", "ld.mold"}},
      {"gold", {"ld.gold"}},
      {"bfd", {"ld.bfd"}},
      {"wild", {"wild"}},
  };
  return *known;
}

// "mold 1.10.1" from "mold 1.10.1 (compatible with GNU ld)".
std::string NameFromVersion(capture::LinkerKind kind, const std::string& version, const std::string& program) {
  std::string number;
  const std::string line = version.substr(0, version.find('\n'));
  for (absl::string_view word : absl::StrSplit(line, ' ', absl::SkipEmpty())) {
    const bool digits = absl::ascii_isdigit(static_cast<unsigned char>(word[0])) && absl::StrContains(word, ".");
    // GNU's own stands last, behind the distribution's.
    const bool last = kind == capture::LinkerKind::kBfd || kind == capture::LinkerKind::kGold;
    if (digits && (number.empty() || last)) number = std::string(word);
  }
  absl::StripAsciiWhitespace(&number);
  while (!number.empty() && (number.back() == ')' || number.back() == ',')) number.pop_back();
  switch (kind) {
    case capture::LinkerKind::kLld:
      return absl::StrCat("ld.lld ", number);
    case capture::LinkerKind::kMold:
      return absl::StrCat("mold ", number);
    case capture::LinkerKind::kGold:
      return absl::StrCat("gold ", number);
    case capture::LinkerKind::kBfd:
      return absl::StrCat("bfd ", number);
    case capture::LinkerKind::kWild:
      return absl::StrCat("wild ", number);
    case capture::LinkerKind::kUnknown:
      break;
  }
  return support::BaseName(program);
}

class Bench {
 public:
  Bench(const capture::Capture& capture, const Options& options)
      : capture_(capture),
        allowed_(options.allowed),
        directory_(options.directory),
        scratch_(options.scratch),
        output_(absl::StrCat(scratch_, "/program")),
        progress_(options.progress) {
    result_.rounds = options.rounds;
  }

  // The linkers that `names` asks for ("mold,bfd"), or all that are here.
  absl::Status Choose(const std::string& names) {
    if (names.empty()) {
      AddEmbedded();
      for (const KnownLinker& known : KnownLinkers()) AddKnown(known);
      AddZig();
      return absl::OkStatus();
    }
    for (absl::string_view name : absl::StrSplit(names, ',', absl::SkipEmpty())) {
      const size_t before = contenders_.size();
      const auto known = std::find_if(KnownLinkers().begin(), KnownLinkers().end(),
                                      [&](const KnownLinker& linker) { return name == linker.name; });
      if (name == "cgo-ld-shim") {
        AddEmbedded();
      } else if (name == "zig") {
        AddZig();
      } else if (known != KnownLinkers().end()) {
        AddKnown(*known);
      } else {
        AddProgram(std::string(name));
      }
      if (contenders_.size() > before) continue;
      const std::string why = name == "zig" ? " is not here, or the captured program is not for musl"
                                            : " is not here; names are cgo-ld-shim, ld.lld, mold, gold, bfd, wild, "
                                              "zig, and programs";
      return absl::NotFoundError(absl::StrCat(std::string(name), why));
    }
    if (contenders_.empty()) return absl::InvalidArgumentError("--linkers names none");
    return absl::OkStatus();
  }

  absl::StatusOr<BenchResult> Run() {
    Describe();
    const std::string load = LoadText();
    WarmUp();
    for (int round = 0; round < result_.rounds; ++round) {
      // Each round begins with another linker, so that none always comes behind the same one.
      for (size_t turn = 0; turn < contenders_.size(); ++turn) {
        const size_t i = (turn + static_cast<size_t>(round)) % contenders_.size();
        BenchedLinker& linker = result_.linkers[i];
        if (!linker.error.empty()) continue;
        Progress(fmt::format("round {} of {}: {}", round + 1, result_.rounds, linker.name));
        const Measured run = Link(contenders_[i], {});
        if (run.exit_status != 0) {
          linker.error = run.messages;
          continue;
        }
        linker.wall.push_back(run.wall_ms);
        linker.cpu.push_back(run.cpu_ms);
        linker.memory.push_back(static_cast<double>(run.peak_bytes));
      }
    }
    Progress("where time and bytes go");
    Profile();
    Progress("");
    ::unlink(output_.c_str());
    if (interrupted_ != 0) return absl::CancelledError(absl::StrCat(interrupted_));
    result_.load = absl::StrCat(load, " … ", LoadText());
    return std::move(result_);
  }

 private:
  void AddEmbedded() {
    const std::string self = support::RealPath("/proc/self/exe");
    Contender contender{.name = "cgo-ld-shim", .program = self};
    contender.argv = {self, "replay", directory_, "--only", output_};
    for (const std::string& word : allowed_) contender.argv.push_back(absl::StrCat("--allow=", word));
    contenders_.push_back(std::move(contender));
  }

  void AddKnown(const KnownLinker& known) {
    for (const char* program : known.programs) {
      if (AddProgram(program)) return;
    }
  }

  bool AddProgram(const std::string& program) {
    const std::optional<std::string> found = support::FindProgram(program);
    if (!found) return false;
    const std::string absolute = (*found)[0] == '/' ? *found : support::RealPath(*found);
    const absl::StatusOr<Measured> version = RunMeasured({absolute, "--version"});
    if (!version.ok() || version->exit_status != 0) return false;
    const capture::LinkerKind kind = capture::KindOf(version->messages);
    Contender contender{.name = NameFromVersion(kind, version->messages, program), .program = absolute};
    for (const capture::Refusal& refusal : capture::FindRefusedBy(capture_, kind, allowed_))
      absl::StrAppend(&contender.refused, refusal.name, " of the capture is not given to it: ", refusal.why);
    contender.argv = {absolute};
    for (std::string& word : capture::LineFor(capture_, kind)) contender.argv.push_back(std::move(word));
    contender.argv.insert(contender.argv.end(), {"-o", output_});
    contenders_.push_back(std::move(contender));
    return true;
  }

  // zig brings a C library of its own, so it can only do links for musl.
  void AddZig() {
    if (!target::ParseLibc(capture_.libc).IsMusl()) return;
    const std::optional<std::string> zig = toolchain::FindZig("");
    if (!zig) return;
    Contender contender{.name = "zig cc", .program = *zig, .argv = capture::ZigDriverFor(capture_, *zig)};
    for (const capture::Refusal& refusal : capture::FindRefusedBy(capture_, capture::LinkerKind::kUnknown, allowed_))
      absl::StrAppend(&contender.refused, refusal.name, " of the capture is not given to it: ", refusal.why);
    // Where a build.zig lies, and a capture may have one, zig takes what it has made before from beside it.
    ::setenv("ZIG_LOCAL_CACHE_DIR", absl::StrCat(scratch_, "/zig-cache").c_str(), 1);
    for (std::string& word : capture::DriverLineFor(capture_)) contender.argv.push_back(std::move(word));
    contender.argv.insert(contender.argv.end(), {"-o", output_});
    contenders_.push_back(std::move(contender));
  }

  // One run. After an interrupt no other is begun.
  Measured Link(const Contender& contender, const std::vector<std::string>& more) {
    if (interrupted_ != 0) return {.exit_status = 128 + interrupted_};
    ::unlink(output_.c_str());
    std::vector<std::string> argv = contender.argv;
    argv.insert(argv.end(), more.begin(), more.end());
    absl::StatusOr<Measured> run = RunMeasured(argv, {.directory = directory_});
    if (!run.ok()) return {.exit_status = 127, .messages = std::string(run.status().message())};
    if (run->interrupted != 0) interrupted_ = run->interrupted;
    if (run->exit_status != 0 && run->messages.empty()) run->messages = absl::StrCat("exit status ", run->exit_status);
    return *std::move(run);
  }

  void WarmUp() {
    for (const Contender& contender : contenders_) {
      Progress(absl::StrCat("warming up: ", contender.name));
      BenchedLinker linker{.name = contender.name, .program = contender.program};
      const Measured run =
          contender.refused.empty() ? Link(contender, {}) : Measured{.exit_status = 1, .messages = contender.refused};
      if (run.exit_status != 0) linker.error = run.messages;
      if (const auto identity = support::Identify(output_); run.exit_status == 0 && identity) {
        linker.output_bytes = identity->size;
      } else if (run.exit_status == 0) {
        linker.error = "it left no program";
      }
      result_.linkers.push_back(std::move(linker));
    }
  }

  // Two more runs of ours, which are not measured: its trace, and its map.
  void Profile() {
    const auto embedded = std::find_if(contenders_.begin(), contenders_.end(),
                                       [](const Contender& contender) { return contender.name == "cgo-ld-shim"; });
    if (embedded == contenders_.end()) return;
    const std::string trace = absl::StrCat(scratch_, "/trace"), map = absl::StrCat(scratch_, "/map");
    if (Link(*embedded, {"--", absl::StrCat("--time-trace=", trace), "--time-trace-granularity=0"}).exit_status == 0) {
      if (const absl::StatusOr<std::string> text = support::ReadFile(trace); text.ok())
        result_.linker_phases = PhasesOfTrace(*text);
    }
    if (Link(*embedded, {"--", absl::StrCat("-Map=", map)}).exit_status == 0) {
      if (const absl::StatusOr<std::string> text = support::ReadFile(map); text.ok())
        result_.contributions = ContributionsOfMap(*text);
    }
  }

  void Describe() {
    result_.program = capture_.package.empty() ? support::BaseName(directory_) : capture_.package;
    result_.inputs = capture_.inputs.size();
    result_.input_bytes = capture_.InputBytes();
    result_.mode = capture_.mode;
    result_.target = capture_.target;
    result_.libc = capture_.libc;
    result_.link_phases = capture_.phases_ms;
    result_.debug_sections = "uncompressed";
    for (absl::string_view word : capture_.argv) {
      if (absl::ConsumePrefix(&word, "--compress-debug-sections=")) result_.debug_sections = std::string(word);
      if (word == "-S" || word == "-s" || word == "--strip-debug" || word == "--strip-all")
        result_.debug_sections = "no";
    }
    std::string processor = "unknown processor";
    if (const absl::StatusOr<std::string> text = support::ReadFile("/proc/cpuinfo"); text.ok()) {
      for (absl::string_view line : absl::StrSplit(*text, '\n')) {
        if (!absl::ConsumePrefix(&line, "model name")) continue;
        processor = std::string(absl::StripAsciiWhitespace(line.substr(line.find(':') + 1)));
        break;
      }
    }
    utsname system = {};
    ::uname(&system);
    result_.machine = fmt::format("{}, {}, {} {}", processor,
                                  report::Count(static_cast<size_t>(::sysconf(_SC_NPROCESSORS_ONLN)), "core", "cores"),
                                  system.sysname, system.release);
  }

  static std::string LoadText() {
    const absl::StatusOr<std::string> text = support::ReadFile("/proc/loadavg");
    return text.ok() ? text->substr(0, text->find(' ')) : "unknown";
  }

  void Progress(const std::string& text) const {
    if (!progress_) return;
    fmt::print(stderr, "\r\033[K{}", text);
    std::fflush(stderr);
  }

  const capture::Capture& capture_;
  const std::vector<std::string> allowed_;
  const std::string directory_, scratch_, output_;
  const bool progress_;
  std::vector<Contender> contenders_;
  int interrupted_ = 0;  // by this signal
  BenchResult result_;
};

}  // namespace

absl::StatusOr<BenchResult> Measure(const capture::Capture& capture, const Options& options) {
  Bench bench(capture, options);
  if (absl::Status chosen = bench.Choose(options.linkers); !chosen.ok()) return chosen;
  return bench.Run();
}

int InterruptedBy(const absl::Status& cancelled) {
  int signal = 0;
  return absl::SimpleAtoi(cancelled.message(), &signal) ? signal : 0;
}

}  // namespace cgo_ld_shim::bench

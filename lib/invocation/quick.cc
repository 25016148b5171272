// The kind of a call, from one look at its words. What is seen is gathered as facts, and one table says which facts
// make which kind; both the front (before any constructor) and Classify use it.
#include <string_view>

#include "invocation/flags.h"
#include "invocation/kinds.h"

namespace cgo_ld_shim::invocation {
namespace {

enum Fact : unsigned {
  kToolIdWords = 1 << 0,     // the whole line is `-### -x LANG -c -`
  kFlagProbeWords = 1 << 1,  // the line ends in `-x c - -o FILE`
  kTrivialWords = 1 << 2,    // the line ends as one of cmd/link's flag probes
  kResponseOnly = 1 << 3,    // the only word is @…/response
  kHasInput = 1 << 4,
  kCompilesSeen = 1 << 5,    // -c
  kStopsSeen = 1 << 6,       // -E, -S, …
  kAsksSeen = 1 << 7,        // --version, …
  kExportSource = 1 << 8,    // an input called _cgo_export.c
  kCgoOutput = 1 << 9,       // the output is called _cgo_.o
  kGoObjects = 1 << 10,      // inputs D/go.o and D/000000.o of one directory D
  kGoObjectAlone = 1 << 11,  // an input called go.o
  kGoHintSeen = 1 << 12,     // an option as cmd/link writes them
  kSharedByPath = 1 << 13,   // an input X.so or X.so.N
};

// The first row that fits decides.
struct Rule {
  unsigned wants;
  unsigned refuses;
  CallKind kind;
};
constexpr Rule kRules[] = {
    {kToolIdWords, 0, CallKind::kToolId},
    {kFlagProbeWords, 0, CallKind::kFlagProbe},
    {kResponseOnly, 0, CallKind::kFinalLink},
    {kTrivialWords, kCompilesSeen | kStopsSeen, CallKind::kLinkFlagProbe},
    {kCompilesSeen | kExportSource, kStopsSeen, CallKind::kExportCompile},
    {kCompilesSeen, 0, CallKind::kCompile},
    {kStopsSeen, 0, CallKind::kCompile},
    // Such a program becomes dynamic, and cgo's look at the symbols that it takes from the library is wanted.
    {kCgoOutput | kSharedByPath, 0, CallKind::kOther},
    {kCgoOutput | kHasInput, 0, CallKind::kDynimportLink},
    {kGoObjects, 0, CallKind::kFinalLink},
    // Without host objects there is only go.o: -linkshared, whose runtime/cgo is in libstd.so, and, up to Go 1.20, a
    // program without cgo that -linkmode=external asks for. A user's go.o in a Makefile has no such options; Classify
    // looks inside.
    {kGoObjectAlone | kGoHintSeen, 0, CallKind::kFinalLink},
    {kAsksSeen, kHasInput, CallKind::kQuestion},
    {0, 0, CallKind::kOther},
};

struct Path {
  std::string_view directory;  // with its slash
  std::string_view base;
};
Path SplitPath(std::string_view path) {
  const size_t slash = path.rfind('/');
  const size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
  return {path.substr(0, begin), path.substr(begin)};
}

bool IsSharedLibrary(std::string_view base) {
  const size_t suffix = base.rfind(".so");
  return suffix != std::string_view::npos && (suffix + 3 == base.size() || base[suffix + 3] == '.');
}

bool IsToolId(int argc, const char* const* argv) {
  if (argc != 6) return false;
  const std::string_view language = argv[3];
  return std::string_view(argv[1]) == "-###" && std::string_view(argv[2]) == "-x" &&
         (language == "c" || language == "c++") && std::string_view(argv[4]) == "-c" &&
         std::string_view(argv[5]) == "-";
}

// gccSupportsFlag: FLAG, CFLAGS and perhaps -c stand before.
bool EndsAsFlagProbe(int argc, const char* const* argv) {
  return argc > 6 && std::string_view(argv[argc - 5]) == "-x" && std::string_view(argv[argc - 4]) == "c" &&
         std::string_view(argv[argc - 3]) == "-" && std::string_view(argv[argc - 2]) == "-o";
}

// linkerFlagSupported: `-o D/a.out FLAG D/trivial.c` with one directory D, which -tmpdir chooses. Go 1.20 and older
// runs it inside that directory, without -o: `FLAG trivial.c`.
bool EndsAsLinkFlagProbe(int argc, const char* const* argv) {
  if (argc < 3) return false;
  const Path source = SplitPath(argv[argc - 1]);
  const char flag = argv[argc - 2][0];
  if (source.base != "trivial.c" || (flag != '-' && flag != '@')) return false;
  if (argc >= 5 && std::string_view(argv[argc - 4]) == "-o") {
    const Path output = SplitPath(argv[argc - 3]);
    return output.base == "a.out" && output.directory == source.directory;
  }
  if (!source.directory.empty()) return false;
  for (int i = 1; i < argc; ++i) {
    if (argv[i][0] == '-' && argv[i][1] == 'o') return false;
  }
  return true;
}

}  // namespace

const char* CallKindName(CallKind kind) {
  switch (kind) {
    case CallKind::kToolId:
      return "tool-id";
    case CallKind::kFlagProbe:
      return "flag-probe";
    case CallKind::kCompile:
      return "compile";
    case CallKind::kExportCompile:
      return "export-compile";
    case CallKind::kDynimportLink:
      return "dynimport-link";
    case CallKind::kLinkFlagProbe:
      return "link-flag-probe";
    case CallKind::kFinalLink:
      return "final-link";
    case CallKind::kQuestion:
      return "question";
    case CallKind::kOther:
      return "other";
  }
  return "other";
}

CallKind QuickClassify(int argc, const char* const* argv) {
  unsigned facts = 0;
  if (IsToolId(argc, argv)) facts |= kToolIdWords;
  if (EndsAsFlagProbe(argc, argv)) facts |= kFlagProbeWords;
  if (EndsAsLinkFlagProbe(argc, argv)) facts |= kTrivialWords;
  if (argc == 2 && argv[1][0] == '@' && SplitPath(argv[1] + 1).base == "response") facts |= kResponseOnly;

  bool only_inputs = false;  // after `--`
  Path go_object, host_object;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (only_inputs || word.size() < 2 || word[0] != '-') {
      facts |= kHasInput;
      const Path path = SplitPath(word);
      if (path.base == "go.o") {
        facts |= kGoObjectAlone;
        go_object = path;
      } else if (path.base == "000000.o") {
        host_object = path;
      } else if (path.base == "_cgo_export.c") {
        facts |= kExportSource;
      } else if (IsSharedLibrary(path.base)) {
        facts |= kSharedByPath;
      }
      continue;
    }
    if (word == "--") {
      only_inputs = true;
      continue;
    }
    const FlagRow& row = FindFlag(word);
    switch (row.effect) {
      case CallEffect::kNone:
        break;
      case CallEffect::kCompiles:
        facts |= kCompilesSeen;
        break;
      case CallEffect::kStops:
        facts |= kStopsSeen;
        break;
      case CallEffect::kAsks:
        facts |= kAsksSeen;
        break;
      case CallEffect::kGoHint:
        facts |= kGoHintSeen;
        break;
    }
    const size_t values = SeparateWords(row, word);
    if (row.type == ArgType::kOutput) {
      const bool joined = values == 0;
      if (joined || i + 1 < argc) {
        const std::string_view output = joined ? word.substr(row.flag.size()) : std::string_view(argv[i + 1]);
        // The last -o counts.
        facts = SplitPath(output).base == "_cgo_.o" ? facts | kCgoOutput : facts & ~kCgoOutput;
      }
    }
    i += static_cast<int>(values);
  }
  const bool both = !go_object.base.empty() && !host_object.base.empty();
  if (both && go_object.directory == host_object.directory) facts |= kGoObjects;
  for (const Rule& rule : kRules) {
    if ((facts & rule.wants) == rule.wants && (facts & rule.refuses) == 0) return rule.kind;
  }
  return CallKind::kOther;
}

}  // namespace cgo_ld_shim::invocation

#include "shim/commands/commands.h"

#include <algorithm>
#include <iterator>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "shim/commands/options.h"
#include "shim/commands/own_stderr.h"
#include "support/file.h"

namespace cgo_ld_shim::commands {

constexpr Command kCommands[] = {
    {"go", GoCommand, "run go with this program as its C and C++ compiler",
     R"h(usage: cgo-ld-shim go ARGUMENTS…

Runs the go command with CC, CXX, AR and CGO_ENABLED set, so that the programs it builds are linked
statically. A CC or CXX that was set before (in the environment, or by go env -w) goes on doing the
compiling, as CGO_LD_SHIM_CC and CGO_LD_SHIM_CXX. CGO_ENABLED=0 in the environment stays.

When a link fails, build, install, run, test and vet show the explanation alone and name a file with the linker's
own words; with CI or GITHUB_ACTIONS set, everything is shown. The exit status and signals are those of go;
127 when there is no go.

example:
  cgo-ld-shim go build ./cmd/kv
  GOARCH=arm64 cgo-ld-shim go build ./cmd/kv
)h"},
    {"env", EnvCommand, "print the same settings for a shell, or explain them",
     R"h(usage: cgo-ld-shim env [--shell sh|fish]
       cgo-ld-shim env --explain

Prints the lines that set CC, CXX, AR and CGO_ENABLED for a shell, a Makefile or a CI job. With --explain
it prints a table of all settings: their values now and by default, and what they change.

example:
  eval "$(cgo-ld-shim env)" && go build ./...
  cgo-ld-shim env --shell fish | source
)h"},
    {"explain", ExplainCommand, "what was changed in the link of a program, and why",
     R"h(usage: cgo-ld-shim explain [BINARY|PACKAGE|last] [--flags|--graph|--dot|--json] [-o FILE]
       cgo-ld-shim explain [BINARY|PACKAGE|last] [--html FILE]
       cgo-ld-shim explain ID

Shows what was added to, left out of and changed in the link that made BINARY, or in the newest link of the
Go package PACKAGE, each with its reason; or why that link failed. Without either it is the last link. ID is a
rule, a cause or a setting (force-static, only-shared, CGO_LD_SHIM_NSS): what it means.

  --flags      the same link for plain gcc or clang, as a go build line
  --graph      what needs what, drawn as SVG: into FILE, or a pipe
  --dot        the same for Graphviz, object by object
  --json       the whole record, as docs/record.md describes it
  -o FILE      writes the answer there
  --html FILE  all of it on one page for a browser, with what each library brings in bytes; - writes to the screen

Exit status: 0 shown; 1 there is no record of this link, or FILE cannot be written; 2 not understood.

example:
  cgo-ld-shim explain ./kv
  cgo-ld-shim explain ./kv --html kv.html
)h"},
    {"which", WhichCommand, "which libraries of this machine define a symbol",
     R"h(usage: cgo-ld-shim which SYMBOL... [--json] [-L DIR]

Names the archives (and the shared libraries) in the compiler's library directories, and in DIR, that
define each symbol, spelt as linkers print it. Exit status 1 when one of them is found nowhere.

example:
  cgo-ld-shim which deflateInit2_
)h"},
    {"check", CheckCommand, "is a program static, and will it run elsewhere",
     R"h(usage: cgo-ld-shim check BINARY... [--json|-q] [--strict]

Says what a finished program, library or object is and needs, of any system and machine (ELF, Mach-O, PE),
and what that means at run time. What its link has on record is added: archives, and who uses what. For an
archive, libx.a, the answer is that of lint.

  --json    everything, as docs/check.md describes it
  -q        the exit status alone
  --strict  status 1 for stubs as well (CGO_LD_SHIM_STUBS)

Exit status, the highest of all files:
  0  it runs in an empty container (macOS, Windows: with nothing but the system)
  1  it does not: dynamic, a library, or look-ups that cannot work there
  2  a file could not be read, or is not a program

example:
  cgo-ld-shim check ./kv
  cgo-ld-shim check -q ./kv && docker build .
)h"},
    {"lint", LintCommand, "what the users of a prebuilt archive will meet, before it is shipped",
     R"h(usage: cgo-ld-shim lint ARCHIVE... [--target TARGET] [--json|-q]

Says what an archive is (architecture, C library, C++, Rust), what it should not hold (names of libraries that
others bundle, code for an optimiser alone, paths of your machine), and which #cgo lines serve. For each target a
program that uses all of its public names is linked: with glibc and with musl, for the archive's architecture.

  --target TARGET  only this one: linux/arm64, or aarch64-linux-musl; may be given several times
  --json           everything, as docs/lint.md describes it
  -q               the exit status alone

Exit status, the highest of all archives:
  0  it links for every target
  1  its users will stumble over something
  2  a file could not be read, or is not an archive

example:
  cgo-ld-shim lint dist/*.a
  cgo-ld-shim lint --json dist/*.a | jq '.archives[] | select(.exit_status != 0).path'
)h"},
    {"pack", PackCommand, "prebuilt archives of several platforms as one layout to ship",
     R"h(usage: cgo-ld-shim pack DIR|ARCHIVE... -o OUT [--keep NAME|PATTERN] [--keep-header FILE] [--keep-list FILE]
       cgo-ld-shim pack DIR|ARCHIVE... -o OUT [--whole] [--libc glibc|musl] [--json|-q]

Makes OUT of the archives in DIR, at any depth, and of those that are named: OUT/x86_64-linux-gnu/libx.a and its
like for each platform. Each is one object in which the library's own names alone are global, so that two such
libraries link into one program with plain gcc as well, whatever both bundle. Debug information is in a second
archive, below OUT/debug, which links instead of the first. OUT also has manifest.json, with hashes, and the #cgo
lines. Without an option that says which names stay, those are the C names that no bundled library or runtime has.

  -o OUT               the directory to make; what pack made there before is replaced
  --keep NAME|PATTERN  stays global; may be given several times
  --keep-header FILE   the same for all that this header names
  --keep-list FILE     the same for the names and patterns in this file, one a line
  --whole              keep members that no such name needs, too: those that register themselves at start
  --libc glibc|musl    of archives that do not say for which C library they were built
  --json               print the manifest
  -q                   print nothing but errors

Exit status:
  0  made
  1  the archives cannot be packed so: why, and what to do, is said, and OUT is as it was
  2  a file could not be read, linked or written, or the words were not understood

example:
  cgo-ld-shim pack target dist -o lib --keep-header slim.h
)h"},
    {"sbom", SbomCommand, "the bill of materials of a program: its libraries, their packages and licences",
     R"h(usage: cgo-ld-shim sbom BINARY [--format cyclonedx|spdx] [-o FILE]
       cgo-ld-shim sbom BINARY [--licences DIR]

Lists what is linked into a program: each archive of its link with hash, package, version and licence, as
far as dpkg, rpm, apk or a .pc file know them, who needs whom, the Go modules and Go's standard library. It
comes from the record of the link, or from the note that CGO_LD_SHIM_NOTE=1 puts into the program. CycloneDX
1.5 or SPDX 2.3, JSON.

  --licences DIR  copies the licence texts of all that is in it to DIR, a directory a package or module;
                  what has none here is named on stderr

Exit status: 0 written; 1 what is in the program is not known, or it cannot be read or written; 2 usage.

example:
  cgo-ld-shim sbom ./kv --format spdx -o kv.spdx.json
  cgo-ld-shim sbom ./kv --licences kv-licences
)h"},
    {"doctor", DoctorCommand, "what this machine can build, what this module needs, and what to install",
     R"h(usage: cgo-ld-shim doctor [--json]

Shows go, the compilers, their static libraries, zig and QEMU; what can be built for which target; and, for
the Go module or workspace here, the packages that use cgo and whether the libraries they name are there as
archives. It builds nothing and downloads nothing. It also says where Go would link past this program, and
why the last link failed.

Exit status: 0 programs for this machine can be linked and this module's libraries are there; 1 something
is missing, marked with a cross; 2 not understood.

example:
  cgo-ld-shim doctor
  cgo-ld-shim doctor --json | jq '.targets[] | select(.state != "ready")'
)h"},
    {"targets", TargetsCommand, "every target that Go knows, and what builds it here",
     R"h(usage: cgo-ld-shim targets [--json] [GOOS/GOARCH…]
       cgo-ld-shim targets --prepare [--cxx] GOOS/GOARCH…

Lists each GOOS/GOARCH, or those that are named, with what a program for it becomes, what links it, and whether all of that is here.
zig compiles the C library of a target at the first link, in about a minute; --prepare does that beforehand,
say in a container image; with --cxx also for the C++ library.

Exit status: 0 done, 1 a target cannot be prepared, 2 not understood.

example:
  cgo-ld-shim targets --prepare linux/arm64 windows/amd64
)h"},
    {"capture", CaptureCommand, "the link of a program as a directory that can be linked again anywhere",
     R"h(usage: cgo-ld-shim capture DIR [--tar] [PACKAGE | BINARY]
       cgo-ld-shim capture DIR [--tar] -- go build ARGUMENTS…

Builds the package here (or PACKAGE, or BINARY's again as it was built, or what the go command says; go test
-c as well) into a new place, and keeps all that its final link read in DIR: the program's objects, archives,
the compiler's files, the line, settings, toolchain. DIR can be moved. It holds the program's compiled code;
home directory and user name are left out of its texts and paths. What replay would refuse is said.

  --tar  one file, DIR.tar, instead

Exit status: 0 captured, also when the link itself fails; 1 there is no link, or it cannot be captured, and
nothing is left of it; 2 not understood.

example:
  cgo-ld-shim capture kv-link ./cmd/kv && cgo-ld-shim replay kv-link
)h"},
    {"replay", ReplayCommand, "do a captured link again, with this or another linker",
     R"h(usage: cgo-ld-shim replay DIR [--linker PROGRAM] [--keep] [--allow OPTION]
       cgo-ld-shim replay DIR [--only FILE] [-- OPTIONS…]

Links what capture put into DIR, by the linker in this program, and compares the result's bytes. DIR may be
a stranger's: options that are not needed for a link, links, and files outside DIR/inputs are refused by name.

  --linker PROGRAM  by another linker, such as mold
  --keep            leave the result in DIR/program
  --allow OPTION    take this option or file of DIR although it is refused; may be given several times
  --only FILE       link to FILE and nothing else; words behind -- go to the linker

Exit status: 0 linked, and the bytes are the same if the same linker did it; 1 otherwise; 2 not understood.

example:
  cgo-ld-shim replay kv-link --linker mold
)h"},
    {"bench", BenchCommand, "the same link through every linker found: a table, and a page of plots",
     R"h(usage: cgo-ld-shim bench [PACKAGE | BINARY | CAPTURE] [--linkers A,B] [-n N] [--json] [--html FILE]
       cgo-ld-shim bench CAPTURE [--allow OPTION]

Captures the final link of the program (or takes a directory that capture made), and does it again by the
linker in this program and by ld.lld, mold, gold, bfd, wild, and for musl zig cc, as far as they are here: in
turns, N rounds (9) after one that does not count. The whole link line is the same for all.

  --linkers A,B   only these, compared with the first; also paths of linkers
  -n N            rounds
  --json          all rounds, and where time and bytes of our own link go
  --html FILE     the same as one page with plots
  --allow OPTION  as for replay

Exit status: 0 measured; 1 there is no link to measure, or every linker fails; 2 not understood.

example:
  cgo-ld-shim bench ./cmd/kv --html kv-link.html
  cgo-ld-shim bench kv-link --linkers cgo-ld-shim,mold -n 25
)h"},
    {"completion", CompletionCommand, "print the script with which a shell completes commands and options",
     R"h(usage: cgo-ld-shim completion bash|zsh|fish

Prints a script for the shell. Packages and ./dev install put it where the shell looks by itself.

example:
  source <(cgo-ld-shim completion bash)
  cgo-ld-shim completion fish | source
)h"},
    {"help", HelpCommand, "show this, or the help of one command",
     R"h(usage: cgo-ld-shim help [COMMAND]

example:
  cgo-ld-shim help explain
)h"},
    {"version", VersionCommand, "the version of this program and of the linker in it",
     R"h(usage: cgo-ld-shim version [--json]

Called by a compiler's name, this program answers --version as that compiler does, and the same question as
here is --cgo-ld-shim-version.

example:
  cgo-ld-shim version
)h"},
    // --version is the compiler's: Go and configure scripts ask it. This is ours, where a flag is wanted.
    {"--cgo-ld-shim-version", VersionCommand, nullptr, "usage: cgo-ld-shim --cgo-ld-shim-version [--json]\n"},
    // Go's -exec under `cgo-ld-shim go run`.
    {kOwnStderrCommand, OwnStderrCommand, nullptr, "usage: cgo-ld-shim --cgo-ld-shim-own-stderr NAME PROGRAM…\n"},
};
constexpr size_t kCommandCount = std::size(kCommands);

namespace {

// Go's own commands that make programs: they want `go` before them.
constexpr absl::string_view kGoCommands[] = {"build", "install", "run", "test", "vet", "generate", "tool"};

bool IsGoCommand(absl::string_view word) {
  return std::find(std::begin(kGoCommands), std::end(kGoCommands), word) != std::end(kGoCommands);
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const Command& command : kCommands) {
    if (command.summary != nullptr) names.emplace_back(command.name);
  }
  return names;
}

}  // namespace

const Command* Find(absl::string_view name) {
  const auto* command =
      std::find_if(std::begin(kCommands), std::end(kCommands), [&](const Command& c) { return name == c.name; });
  return command == std::end(kCommands) ? nullptr : command;
}

int Run(const std::vector<std::string>& args) {
  if (args.empty()) {
    (void)HelpCommand({});
    return kUsage;
  }
  if (const Command* command = Find(args[0])) {
    return command->function(std::vector<std::string>(args.begin() + 1, args.end()));
  }
  if (IsGoCommand(args[0])) {
    fmt::print(stderr, "cgo-ld-shim: {} is a command of go's; did you mean cgo-ld-shim go {}?\n", args[0],
               fmt::join(args, " "));
    return kUsage;
  }
  const std::string nearest = Nearest(args[0], Names());
  if (nearest.empty()) {
    fmt::print(stderr, "cgo-ld-shim: {} is not a command. See: cgo-ld-shim help\n", args[0]);
  } else {
    fmt::print(stderr, "cgo-ld-shim: {} is not a command; did you mean {}? See: cgo-ld-shim help\n", args[0], nearest);
  }
  return kUsage;
}

bool LooksMistyped(const std::vector<std::string>& args) {
  if (args.empty() || args[0].size() < 3) return false;
  const bool letters = std::all_of(args[0].begin(), args[0].end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!letters || Find(args[0]) != nullptr) return false;
  // A directory named build is common, and no input of a compiler.
  if (IsGoCommand(args[0])) return !support::IsRegularFile(args[0]);
  return !Nearest(args[0], Names()).empty() && !support::Identify(args[0]);
}

}  // namespace cgo_ld_shim::commands

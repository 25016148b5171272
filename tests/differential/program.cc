#include "tests/differential/program.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/xxhash.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::differential {
namespace {

namespace fs = std::filesystem;
using e2e::ProcessResult;
using e2e::RunProgram;

// What a rule of these says is said: the line as it was given is not one that GNU ld links.
constexpr const char* kLineChanged[] = {"add-archive", "add-runtime", "order-archives", "group-archives"};

bool IsCxx(const Source& source) { return absl::EndsWith(source.name, ".cc"); }

// Who compiles C.
enum class Compiler { kGcc, kMuslGcc, kZig };

std::string CompilerFor(const Source& source, Compiler c) {
  if (absl::EndsWith(source.name, ".f90")) return "gfortran";
  if (IsCxx(source)) return "g++";
  return c == Compiler::kGcc ? "gcc" : c == Compiler::kMuslGcc ? "musl-gcc" : e2e::Shim();
}

// The object of a source, compiled once and kept.
std::string ObjectOf(const Source& source, Compiler c, std::string* problem) {
  const std::string compiler = CompilerFor(source, c);
  const std::string flags = absl::StrJoin(source.flags, " ");
  const std::string suffix = source.name.substr(source.name.rfind('.'));
  const std::string key = absl::StrFormat(
      "%016x",
      llvm::xxh3_64bits(llvm::StringRef(absl::StrCat(compiler, "\n", flags, "\n", suffix, "\n", source.text))));
  const std::string directory = absl::StrCat(CGO_LD_SHIM_BUILD, "/differential");
  std::error_code error;
  fs::create_directories(directory, error);
  const std::string object = absl::StrCat(directory, "/", key, ".o");
  if (fs::exists(object, error)) return object;
  const std::string stem = absl::StrCat(directory, "/", key, ".", ::getpid());
  e2e::WriteText(absl::StrCat(stem, suffix), source.text);
  std::vector<std::string> argv = {compiler, "-c", "-w", absl::StrCat(stem, suffix), "-o", absl::StrCat(stem, ".o")};
  argv.insert(argv.end(), source.flags.begin(), source.flags.end());
  const ProcessResult compiled =
      RunProgram(argv, c == Compiler::kZig ? e2e::Environment{"CGO_LD_SHIM_LIBC=musl"} : e2e::Environment{});
  if (compiled.exit_status != 0) *problem = absl::StrCat(source.name, " does not compile: ", compiled.error);
  fs::remove(absl::StrCat(stem, suffix), error);
  fs::rename(absl::StrCat(stem, ".o"), object, error);
  return object;
}

// Writes what the link reads into `directory`; the words of the line after the driver.
std::vector<std::string> Prepare(const Program& program, const std::string& directory, Compiler of_objects,
                                 Compiler of_archives, std::string* problem) {
  std::error_code error;
  for (const auto& [name, text] : program.files) e2e::WriteText(absl::StrCat(directory, "/", name), text);
  std::vector<std::string> objects;
  for (const Source& source : program.objects) {
    const std::string object = ObjectOf(source, of_objects, problem);
    objects.push_back(objects.empty() ? absl::StrCat(directory, "/go.o")
                                      : absl::StrFormat("%s/%06d.o", directory, objects.size() - 1));
    fs::copy_file(object, objects.back(), fs::copy_options::overwrite_existing, error);
  }
  if (objects.size() == 1) {
    const std::string object = ObjectOf({"none.c", "\n"}, of_objects, problem);
    objects.push_back(absl::StrCat(directory, "/000000.o"));
    fs::copy_file(object, objects.back(), fs::copy_options::overwrite_existing, error);
  } else if (program.partial) {
    std::vector<std::string> argv = {"ld", "-r", "-o", absl::StrCat(directory, "/joined.o")};
    argv.insert(argv.end(), objects.begin() + 1, objects.end());
    if (const ProcessResult joined = RunProgram(argv); joined.exit_status != 0) *problem = joined.error;
    fs::rename(absl::StrCat(directory, "/joined.o"), absl::StrCat(directory, "/000000.o"), error);
    objects.resize(2);
  }
  for (const Library& library : program.libraries) {
    const std::string archive = absl::StrCat(directory, "/lib", library.name, ".a");
    const std::string members = absl::StrCat(directory, "/", library.name);
    fs::create_directories(members, error);
    std::vector<std::string> argv = {"ar", "rcsD", archive};
    for (const Source& source : library.members) {
      const std::string object = ObjectOf(source, of_archives, problem);
      argv.push_back(absl::StrCat(members, "/", source.name.substr(0, source.name.rfind('.')), ".o"));
      fs::copy_file(object, argv.back(), fs::copy_options::overwrite_existing, error);
    }
    fs::remove(archive, error);
    if (const ProcessResult made = RunProgram(argv); made.exit_status != 0) *problem = made.error;
  }
  std::vector<std::string> words = program.before;
  words.insert(words.end(), objects.begin(), objects.end());
  words.push_back(absl::StrCat("-L", directory));
  words.insert(words.end(), program.words.begin(), program.words.end());
  return words;
}

ProcessResult Link(std::vector<std::string> driver, const std::vector<std::string>& words, const std::string& directory,
                   const std::string& output, const e2e::Environment& environment = {}) {
  driver.insert(driver.end(), {"-o", output});
  driver.insert(driver.end(), words.begin(), words.end());
  return RunProgram(driver, environment, directory);
}

// What a run of a program shows. It ends by itself or by a signal; an endless loop is none of the generators'.
std::string Shown(const std::string& program, const std::string& directory) {
  const ProcessResult run = RunProgram({program, "one", "-b", "two"}, {}, directory);
  return absl::StrCat(run.output, "[status ", run.exit_status, "]");
}

// The notes and reasons of a record: what explain says, and not the names of members.
std::string SaidIn(const std::string& record) {
  std::string said;
  llvm::Expected<llvm::json::Value> parsed = llvm::json::parse(record);
  if (!parsed) {
    llvm::consumeError(parsed.takeError());
    return said;
  }
  const llvm::json::Object* object = parsed->getAsObject();
  if (const llvm::json::Array* notes = object->getArray("notes")) {
    for (const llvm::json::Value& note : *notes) absl::StrAppend(&said, note.getAsString()->str(), "\n");
  }
  if (const llvm::json::Array* rewrites = object->getArray("rewrites")) {
    for (const llvm::json::Value& rewrite : *rewrites)
      absl::StrAppend(&said, rewrite.getAsObject()->getString("because")->str(), "\n");
  }
  return said;
}

}  // namespace

std::string Difference(const Program& program, Libc libc) {
  const std::string directory = e2e::MakeTempDirectory();
  std::string problem;
  const bool cxx = !program.c_alone;
  const bool pie = std::find(program.before.begin(), program.before.end(), "-pie") != program.before.end();
  const bool musl_reference = libc == Libc::kMusl || libc == Libc::kMuslArchives;
  const Compiler reference_compiler = musl_reference ? Compiler::kMuslGcc : Compiler::kGcc;
  std::vector<std::string> words = Prepare(program, directory, reference_compiler, reference_compiler, &problem);
  if (!problem.empty()) return absl::StrCat("the test itself: ", problem);
  std::vector<std::string> reference = {cxx              ? "g++"
                                        : musl_reference ? "musl-gcc"
                                                         : "gcc",
                                        pie ? "-static-pie" : "-static"};
  std::vector<std::string> for_reference = words;
  std::erase(for_reference, "-pie");
  const std::string theirs = absl::StrCat(directory, "/theirs"), ours = absl::StrCat(directory, "/ours");
  const ProcessResult by_gcc = Link(reference, for_reference, directory, theirs);
  std::string expected = by_gcc.exit_status == 0 ? Shown(theirs, directory) : "";

  const char* compiler = std::getenv("DIFFERENTIAL_MUSL_CC");  // in place of zig
  if (libc == Libc::kForeign || libc == Libc::kMuslArchives) {
    words =
        Prepare(program, directory, compiler != nullptr || !program.zig_compiles ? Compiler::kMuslGcc : Compiler::kZig,
                reference_compiler, &problem);
    if (!problem.empty()) return absl::StrCat("the test itself: ", problem);
  }
  const std::string log = absl::StrCat(directory, "/log");
  e2e::Environment environment = {absl::StrCat("CGO_LD_SHIM_LOG=", log)};
  if (libc != Libc::kGlibc) {
    environment.push_back(compiler != nullptr ? absl::StrCat("CGO_LD_SHIM_CC=", compiler) : "CGO_LD_SHIM_LIBC=musl");
  }
  const ProcessResult by_us =
      Link({cxx && libc == Libc::kGlibc ? e2e::ShimCxx() : e2e::Shim()}, words, directory, ours, environment);
  const std::string record = fs::exists(log) ? e2e::ReadText(log) : "";
  const std::string& excuse =
      libc == Libc::kGlibc || program.said_on_musl.empty() ? program.said : program.said_on_musl;
  const bool said =
      !excuse.empty() && (absl::StrContains(SaidIn(record), excuse) || absl::StrContains(by_us.error, excuse));
  if (by_us.exit_status != 0) {
    if (by_gcc.exit_status != 0 || said) return "";
    return absl::StrCat("GNU ld links it, and we do not: ", by_us.error.substr(0, 2000));
  }
  const std::string actual = Shown(ours, directory);
  std::error_code error;
  if (std::getenv("E2E_KEEP") == nullptr) fs::remove_all(directory, error);  // hundreds of programs are a lot
  if (by_gcc.exit_status != 0) {
    // A line that is refused makes no program that could be another one.
    if (absl::StrContains(by_gcc.error, "multiple definition")) return "";
    const bool changed = std::any_of(std::begin(kLineChanged), std::end(kLineChanged),
                                     [&](const char* rule) { return absl::StrContains(record, rule); });
    if (changed || said) return "";
    return absl::StrCat("GNU ld does not link it (", by_gcc.error.substr(0, 1000), "), and we do, with ", actual);
  }
  if (!by_us.error.empty()) return absl::StrCat("a link that works says nothing: ", by_us.error);
  if (actual == expected || said) return "";
  return absl::StrCat("--- GNU ld\n", expected, "\n--- cgo-ld-shim\n", actual, "\n--- its record\n", record);
}

}  // namespace cgo_ld_shim::differential

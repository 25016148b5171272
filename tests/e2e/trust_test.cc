// Who may give us what (SECURITY.md): a checkout and its directory start nothing, and what others could have written
// into our own directories is not believed.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "support/sealed.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

namespace fs = std::filesystem;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Every program that is ever started by its name; `as` and `ld` are gcc's to find.
constexpr const char* kPrograms[] = {
    "zig",        "python3",      "python",     "dpkg-query", "rpm",          "apk",    "pacman", "brew",
    "gcc",        "g++",          "clang",      "clang++",    "cc",           "c++",    "go",     "mold",
    "ld.mold",    "ld.lld",       "ld.lld-22",  "wild",       "ld.gold",      "ld.bfd", "ar",     "true",
    "llvm-strip", "qemu-aarch64", "pkg-config", "dsymutil",   "cgo-ld-shim++"};

// A checkout whose files say so when they are started: each leaves its name in `started`.
struct Checkout {
  std::string directory, started;
};
Checkout MakeCheckout() {
  Checkout checkout{CopyModule("hello"), MakeTempDirectory()};
  for (const char* name : kPrograms) {
    const std::string text = absl::StrCat("#!/bin/sh\n: > '", checkout.started, "/", name, "'\nexit 1\n");
    WriteProgram(absl::StrCat(checkout.directory, "/", name), text);
    WriteProgram(absl::StrCat(checkout.directory, "/bin/", name), text);
  }
  WriteText(checkout.directory + "/ziglang/__init__.py", absl::StrCat("open('", checkout.started, "/ziglang', 'w')\n"));
  WriteProgram(checkout.directory + "/ziglang/zig", absl::StrCat("#!/bin/sh\n: > '", checkout.started, "/zig'\n"));
  return checkout;
}

std::string DirectoryOf(const std::string& program) { return fs::path(FindProgram(program)).parent_path().string(); }

// The system's own directories, with go and this program, and without whatever zig the machine has elsewhere.
std::string PlainPath() {
  return absl::StrCat(fs::path(Shim()).parent_path().string(), ":", DirectoryOf("go"), ":/usr/bin:/bin");
}

ProcessResult Ours(const std::vector<std::string>& words, const Environment& environment,
                   const std::string& directory) {
  std::vector<std::string> argv = {Shim()};
  argv.insert(argv.end(), words.begin(), words.end());
  return RunProgram(argv, environment, directory);
}

TEST(CheckoutTest, StartsNothingWhateverPathSays) {
  const Checkout checkout = MakeCheckout();
  const std::string path = PlainPath();
  for (const std::string& broken : {absl::StrCat(".:", path), absl::StrCat(":", path), absl::StrCat(path, ":"),
                                    absl::StrCat(path, ":."), absl::StrCat("bin:", path), absl::StrCat("./bin:", path),
                                    absl::StrCat(fs::path(Shim()).parent_path().string(), "::bin:.")}) {
    const Environment environment = {"PATH=" + broken, "XDG_CACHE_HOME=" + MakeTempDirectory(), "VIRTUAL_ENV"};
    const std::vector<std::vector<std::string>> commands = {
        {"doctor"},
        {"targets"},
        {"env"},
        {"env", "--explain"},
        {"go", "build", "-o", "program", "."},
        {"explain", "program"},
        {"explain", "program", "--flags"},
        {"check", "program"},
        {"sbom", "program"},
        {"which", "deflate"},
        {"capture", "taken", "."},
        {"replay", "taken"},
        {"replay", "taken", "--linker", "mold"},
        {"bench", "taken", "-n", "1"},
        {"targets", "--prepare", "linux/arm64"},
        {"help"},
        {"version"},
    };
    for (const std::vector<std::string>& command : commands) {
      (void)Ours(command, environment, checkout.directory);
      EXPECT_THAT(ListFiles(checkout.started), IsEmpty()) << "PATH=" << broken << " " << command[0];
    }
    fs::remove_all(checkout.directory + "/taken");
    // The same with this program as Go's compiler, natively, for another libc, and for another processor.
    for (const char* more : {"GOFLAGS=-mod=mod", "CGO_LD_SHIM_LIBC=musl", "GOARCH=arm64", "GOOS=darwin"}) {
      Environment with = environment;
      with.insert(with.end(), {more, "CGO_ENABLED=1", "CC=" + Shim(), "CXX=" + Shim() + "++"});
      (void)RunProgram({FindProgram("go"), "build", "-o", "program", "."}, with, checkout.directory);
      EXPECT_THAT(ListFiles(checkout.started), IsEmpty()) << "PATH=" << broken << " " << more;
    }
  }
}

// The link fails for a library that is only shared: its package is asked for.
TEST(CheckoutTest, AFailedLinkAsksNoPackageManagerOfTheCheckout) {
  const Checkout checkout = MakeCheckout();
  fs::create_directories(checkout.directory + "/lib");
  Compile(checkout.directory + "/lib/libonly.so", "int only(void) { return 1; }\n", {"-shared", "-fPIC"});
  WriteText(checkout.directory + "/main.go",
            "package main\n// #cgo LDFLAGS: -L${SRCDIR}/lib -lonly\n// int only(void);\nimport \"C\"\nfunc main() { "
            "println(C.only()) }\n");
  const ProcessResult build =
      Ours({"go", "build", "-o", "program", "."}, {absl::StrCat("PATH=.:bin:", PlainPath())}, checkout.directory);
  EXPECT_TRUE(Refused(build));
  EXPECT_THAT(build.error, HasSubstr("only"));
  EXPECT_THAT(ListFiles(checkout.started), IsEmpty());
}

TEST(CheckoutTest, ItsPythonPackageIsNotRememberedForOtherProjects) {
  const Checkout checkout = MakeCheckout();
  const std::string elsewhere = CopyModule("hello"), cache = MakeTempDirectory();
  const Environment environment = {"PATH=" + PlainPath(), "XDG_CACHE_HOME=" + cache, "CGO_LD_SHIM_LIBC=musl",
                                   "VIRTUAL_ENV"};
  for (const std::string& directory : {checkout.directory, elsewhere}) {
    (void)Ours({"doctor"}, environment, directory);
    (void)Ours({"targets"}, environment, directory);
    (void)Ours({"go", "build", "-o", "program", "."}, environment, directory);
  }
  EXPECT_THAT(ListFiles(checkout.started), IsEmpty());
  EXPECT_EQ(RunProgram({"grep", "-r", checkout.directory, cache}).output, "");
}

// What an earlier version kept there.
TEST(CheckoutTest, AnOldCacheThatNamesAZigOfACheckoutIsNotRead) {
  const Checkout checkout = MakeCheckout();
  const std::string cache = MakeTempDirectory();
  WriteText(cache + "/cgo-ld-shim/zig-path", checkout.directory + "/ziglang/zig");
  (void)Ours({"doctor"}, {"PATH=" + PlainPath(), "XDG_CACHE_HOME=" + cache, "VIRTUAL_ENV"}, MakeTempDirectory());
  EXPECT_THAT(ListFiles(checkout.started), IsEmpty());
}

TEST(CheckoutTest, ARelativeZigIsRefusedByName) {
  const Checkout checkout = MakeCheckout();
  for (const char* zig : {"./zig", "ziglang/zig"}) {
    const Environment environment = {absl::StrCat("CGO_LD_SHIM_ZIG=", zig), "CGO_LD_SHIM_LIBC=musl"};
    const ProcessResult build = Ours({"go", "build", "-o", "program", "."}, environment, checkout.directory);
    EXPECT_TRUE(Refused(build));
    EXPECT_THAT(build.error, HasSubstr(absl::StrCat(zig, ", which CGO_LD_SHIM_ZIG names, is a relative path")));
    (void)Ours({"doctor"}, environment, checkout.directory);
    EXPECT_THAT(ListFiles(checkout.started), IsEmpty());
  }
}

// Where Python would import ziglang from, without starting any: each of these interpreters says so when it is started.
TEST(PythonZigTest, IsFoundInEveryPlaceOfAnInterpreterThatIsNotStarted) {
  const std::string place = MakeTempDirectory(), started = MakeTempDirectory();
  const auto python = [&](const std::string& path) {
    WriteProgram(path, absl::StrCat("#!/bin/sh\n: > ", started, "/python\nexit 1\n"));
  };
  const auto zig = [&](const std::string& path) {
    WriteProgram(path + "/ziglang/zig", "#!/bin/sh\necho 9.9.9\n");
    return path + "/ziglang/zig";
  };
  const auto doctor = [&](Environment environment) {
    environment.push_back("XDG_CACHE_HOME=" + MakeTempDirectory());
    environment.emplace_back("COLUMNS=300");
    return Ours({"doctor"}, environment, place).output;
  };
  const std::string path = PlainPath();
  const auto shows = [](const std::string& file) { return ContainsRegex(absl::StrCat("zig +9.9.9 +", file, "\n")); };

  python(place + "/prefix/bin/python3");
  std::string file = zig(place + "/prefix/lib/python3.12/site-packages");
  EXPECT_THAT(doctor({absl::StrCat("PATH=", place, "/prefix/bin:", path), "VIRTUAL_ENV"}), shows(file));

  python(place + "/debian/bin/python3");
  file = zig(place + "/debian/lib/python3/dist-packages");
  EXPECT_THAT(doctor({absl::StrCat("PATH=", place, "/debian/bin:", path), "VIRTUAL_ENV"}), shows(file));

  fs::create_directories(place + "/venv/bin");
  fs::create_symlink(place + "/debian/bin/python3", place + "/venv/bin/python3");
  EXPECT_THAT(doctor({absl::StrCat("PATH=", place, "/venv/bin:", path), "VIRTUAL_ENV"}), shows(file))
      << "a virtual environment with the packages of its interpreter";
  file = zig(place + "/venv/lib/python3.13/site-packages");
  EXPECT_THAT(doctor({absl::StrCat("PATH=", place, "/venv/bin:", path), "VIRTUAL_ENV"}), shows(file));
  EXPECT_THAT(doctor({"PATH=" + path, absl::StrCat("VIRTUAL_ENV=", place, "/venv")}), shows(file));

  file = zig(place + "/home/.local/lib/python3.9/site-packages");
  EXPECT_THAT(doctor({"PATH=" + path, "VIRTUAL_ENV", absl::StrCat("HOME=", place, "/home"),
                      absl::StrCat("GOCACHE=", place, "/gocache")}),
              shows(file));

  python(place + "/pyenv/shims/python3");
  (void)zig(place + "/pyenv/versions/3.13.1/lib/python3.13/site-packages");
  file = zig(place + "/pyenv/versions/3.9.2/lib/python3.9/site-packages");
  WriteText(place + "/pyenv/version", "3.9.2\n");
  EXPECT_THAT(doctor({absl::StrCat("PATH=", place, "/pyenv/shims:", path), "VIRTUAL_ENV", "PYENV_VERSION"}),
              shows(file));

  file = zig(place + "/packages");
  EXPECT_THAT(doctor({"PATH=" + path, "VIRTUAL_ENV", absl::StrCat("PYTHONPATH=", place, "/packages")}), shows(file));
  EXPECT_THAT(doctor({"PATH=" + path, "VIRTUAL_ENV", "PYTHONPATH=packages"}), Not(HasSubstr("9.9.9")));
  EXPECT_THAT(ListFiles(started), IsEmpty());
}

mode_t ModeOf(const std::string& path) {
  struct stat st = {};
  EXPECT_EQ(::stat(path.c_str(), &st), 0) << path;
  return st.st_mode & 07777;
}

TEST(OwnDirectoriesTest, WhereOthersCanWriteNothingIsReadOrWrittenAndDoctorSaysSo) {
  const std::string module = CopyModule("hello"), xdg = MakeTempDirectory();
  const std::string cache = xdg + "/cgo-ld-shim", state = MakeTempDirectory();
  const Environment environment = {"XDG_CACHE_HOME=" + xdg, "XDG_STATE_HOME=" + state, "COLUMNS=300"};
  ASSERT_TRUE(Succeeded(BuildIn(module, environment).go));
  EXPECT_EQ(ModeOf(cache), 0700U);
  EXPECT_THAT(Ours({"doctor"}, environment, module).output, Not(HasSubstr("not used")));

  fs::remove_all(cache);
  for (const std::string& directory : {cache, state + "/cgo-ld-shim"}) {
    fs::create_directories(directory);
    ASSERT_EQ(::chmod(directory.c_str(), 0777), 0);
  }
  fs::remove_all(state + "/cgo-ld-shim/links");
  Environment relink = environment;
  relink.emplace_back("CGO_LD_SHIM_NSS=host");
  EXPECT_TRUE(Succeeded(BuildIn(module, relink).go));
  EXPECT_THAT(ListFiles(cache), IsEmpty());
  EXPECT_THAT(ListFiles(state + "/cgo-ld-shim"), IsEmpty());
  const ProcessResult doctor = Ours({"doctor"}, environment, module);
  EXPECT_TRUE(Succeeded(doctor));
  EXPECT_THAT(doctor.output,
              ContainsRegex(absl::StrCat("cache +✗ not used: others can write to ", cache, " \\(mode 0777\\)")));
  EXPECT_THAT(doctor.output, ContainsRegex("records +✗ not used: others can write to "));
  EXPECT_THAT(Ours({"doctor", "--json"}, environment, module).output, HasSubstr("\"unused_directories\": [\n"));
}

TEST(OwnDirectoriesTest, AFileThatOthersCouldHaveWrittenIsLearnedAnew) {
  const std::string module = CopyModule("hello"), xdg = MakeTempDirectory(), cache = xdg + "/cgo-ld-shim";
  const Environment environment = {"XDG_CACHE_HOME=" + xdg, "COLUMNS=300"};
  ASSERT_TRUE(Succeeded(BuildIn(module, environment).go));
  // What was learned: for the fingerprint, and for the flags of the link. Each gets an option and the checksum that
  // belongs to it: whose it is decides, not whether it looks right.
  std::map<std::string, std::string> planted;
  for (const std::string& name : ListFiles(cache)) {
    if (!absl::StartsWith(name, "toolchain-")) continue;
    const std::string kept = absl::StrCat(cache, "/", name), copy = absl::StrCat(xdg, "/", name);
    absl::StatusOr<std::string> text = support::ReadSealed(kept);
    ASSERT_TRUE(text.ok()) << text.status();
    const size_t options = text->find("\"options\":[");
    ASSERT_NE(options, std::string::npos);
    text->insert(options + 11, "\"--defsym=planted=1\",");
    ASSERT_TRUE(support::WriteSealed(copy, *text).ok());
    planted[kept] = ReadText(copy);
  }
  ASSERT_FALSE(planted.empty());
  const auto relink = [&](int time) {
    WriteText(module + "/more.go", absl::StrCat("package main\n\nconst more", time, " = 1\n"));
    Environment with = environment;
    with.push_back("XDG_STATE_HOME=" + MakeTempDirectory());
    const GoBuild build = BuildIn(module, with, {absl::StrCat("-ldflags=-X=main.unused=", time)});
    EXPECT_TRUE(Succeeded(build.go));
    return Ours({"explain", "last", "--json"}, with, module).output;
  };
  for (const auto& [kept, text] : planted) {
    WriteText(kept, text);
    ASSERT_EQ(::chmod(kept.c_str(), 0666), 0);
  }
  EXPECT_THAT(Ours({"doctor"}, {environment[0], "COLUMNS=300", "PATH=/nonexistent"}, module).output,
              ContainsRegex(absl::StrCat("cache +✗ not used: ", cache, "/toolchain-[0-9a-f]+.json")));
  const std::string first = relink(1);
  EXPECT_THAT(first, HasSubstr("\"linked\""));
  EXPECT_THAT(first, Not(HasSubstr("planted")));

  // The same through a link.
  for (const auto& [kept, text] : planted) {
    fs::remove(kept);
    fs::create_symlink(absl::StrCat(xdg, "/", fs::path(kept).filename().string()), kept);
  }
  EXPECT_THAT(relink(2), Not(HasSubstr("planted")));

  // And what is ours is believed: otherwise the above would prove nothing.
  for (const auto& [kept, text] : planted) {
    fs::remove(kept);
    WriteText(kept, text);
    ASSERT_EQ(::chmod(kept.c_str(), 0600), 0);
  }
  EXPECT_THAT(relink(3), HasSubstr("planted"));
}

TEST(OwnDirectoriesTest, ARecordThatOthersCouldHaveWrittenIsNotShown) {
  const std::string module = CopyModule("hello"), state = MakeTempDirectory();
  const Environment environment = {"XDG_STATE_HOME=" + state};
  ASSERT_TRUE(Succeeded(BuildIn(module, environment).go));
  EXPECT_TRUE(Succeeded(Ours({"explain", "last"}, environment, module)));
  const std::string links = state + "/cgo-ld-shim/links";
  for (const std::string& name : ListFiles(links)) ASSERT_EQ(::chmod(absl::StrCat(links, "/", name).c_str(), 0662), 0);
  EXPECT_EQ(Ours({"explain", "last"}, environment, module).exit_status, 1);
}

// A home that is missing, or another's: nothing is kept, and the build succeeds.
TEST(OwnDirectoriesTest, AnothersHomeIsLeftAlone) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a directory away";
  const std::string module = CopyModule("hello"), home = MakeTempDirectory();
  ASSERT_EQ(::chown(home.c_str(), 12345, 12345), 0);
  const Environment environment = {"HOME=" + home, "XDG_CACHE_HOME", "XDG_STATE_HOME", "COLUMNS=300"};
  EXPECT_TRUE(Succeeded(BuildIn(module, environment).go));
  EXPECT_FALSE(fs::exists(home + "/.cache/cgo-ld-shim") || fs::exists(home + "/.local/state/cgo-ld-shim"));
  EXPECT_THAT(Ours({"doctor"}, environment, module).output, HasSubstr("belongs to another user (uid 12345)"));
}

// A capture that a stranger has changed; it is taken once and changed for each case.
class StrangersCaptureTest : public testing::Test {
 protected:
  void SetUp() override {
    capture_ = place_ + "/c";
    ASSERT_TRUE(Succeeded(Ours({"capture", capture_}, {}, CopyModule("hello"))));
    manifest_ = ReadText(capture_ + "/capture.json");
    response_ = ReadText(capture_ + "/response.txt");
    const size_t at = manifest_.find("\"argv\": [");
    ASSERT_NE(at, std::string::npos);
    // What each of them writes or starts shows here.
    fs::create_directories(outside_);
    WriteProgram(place_ + "/program", absl::StrCat("#!/bin/sh\n: > ", outside_, "/started\n"));
    Compile(place_ + "/plugin.so",
            absl::StrCat("#include <stdio.h>\nint onload(void *tv) { fclose(fopen(\"", outside_,
                         "/plugin\", \"w\")); return 0; }\n"),
            {"-shared", "-fPIC"});
    WriteText(place_ + "/words", absl::StrCat("-Map=", outside_, "/map"));
    WriteText(place_ + "/script", "INCLUDE /etc/passwd\n");
  }

  void Restore() {
    WriteText(capture_ + "/capture.json", manifest_);
    WriteText(capture_ + "/response.txt", response_);
  }
  void PutIntoManifest(const std::vector<std::string>& words) {
    std::string text = manifest_, quoted;
    for (const std::string& word : words) absl::StrAppend(&quoted, "\"", word, "\",");
    text.insert(text.find("\"argv\": [") + 9, quoted);
    WriteText(capture_ + "/capture.json", text);
  }
  void PutIntoResponse(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) absl::StrAppend(&text, word, "\n");
    WriteText(capture_ + "/response.txt", text + response_);
  }

  // Each command that hands a capture to a linker; `only`: those that read response.txt alone as well.
  std::vector<std::vector<std::string>> Commands(bool only) const {
    std::vector<std::vector<std::string>> commands = {
        {"replay", capture_},
        {"replay", capture_, "--linker", "ld.bfd"},
        {"replay", capture_, "--keep"},
        {"bench", capture_, "-n", "1", "--linkers", "cgo-ld-shim,bfd"},
    };
    if (only) commands.push_back({"replay", capture_, "--only", place_ + "/result"});
    return commands;
  }

  void ExpectRefused(const std::string& name, bool only) {
    for (const std::vector<std::string>& command : Commands(only)) {
      const ProcessResult result = Ours(command, {}, place_);
      EXPECT_TRUE(Refused(result)) << name << ": " << command[0];
      EXPECT_THAT(result.error, HasSubstr("this capture is not linked")) << name << ": " << command[0];
      EXPECT_THAT(result.error, HasSubstr(absl::StrCat("\n  ", name, "\n      in "))) << command[0];
      EXPECT_THAT(ListFiles(outside_), IsEmpty()) << name << ": " << command[0];
      EXPECT_FALSE(fs::exists(capture_ + "/program")) << name << ": " << command[0];
    }
  }

  const std::string place_ = MakeTempDirectory(), outside_ = place_ + "/outside";
  std::string capture_, manifest_, response_;
};

TEST_F(StrangersCaptureTest, OptionsThatRunProgramsOrReadAndWriteElsewhereAreRefusedByName) {
  const std::string map = outside_ + "/map";
  const struct {
    std::vector<std::string> words;
    std::string name;
  } kCases[] = {
      {{"--error-handling-script=" + place_ + "/program", "--undefined-nothing"}, "--error-handling-script"},
      {{"-plugin", place_ + "/plugin.so"}, "-plugin"},
      {{"--plugin=" + place_ + "/plugin.so"}, "--plugin"},
      {{"-Map=" + map}, "-Map"},
      {{"-Map", map}, "-Map"},
      {{"--Map=" + map}, "--Map"},
      {{"--reproduce=" + map + ".tar"}, "--reproduce"},
      {{"--dependency-file=" + map}, "--dependency-file"},
      {{"--dependency-f=" + map}, "--dependency-f"},
      {{"--time-trace=" + map}, "--time-trace"},
      {{"--print-archive-stats=" + map}, "--print-archive-stats"},
      {{"--why-extract=" + map}, "--why-extract"},
      {{"-o", map}, "-o"},
      {{"-o" + map}, "-o" + map},
      {{"@" + place_ + "/words"}, "@" + place_ + "/words"},
      {{"-T" + place_ + "/script"}, "-T" + place_ + "/script"},
      {{"-T", place_ + "/script"}, place_ + "/script"},
      {{"--version-script=" + place_ + "/script"}, place_ + "/script"},
      {{"-L" + place_}, "-L" + place_},
      {{"-lc"}, "-lc"},
      {{"--sysroot=" + place_}, "--sysroot"},
      {{"-rpath", place_}, "-rpath"},
      {{place_ + "/script"}, place_ + "/script"},
      {{"inputs/../../script"}, "inputs/../../script"},
  };
  for (const auto& test : kCases) {
    PutIntoManifest(test.words);
    ExpectRefused(test.name, /*only=*/false);
    Restore();
    PutIntoResponse(test.words);
    ExpectRefused(test.name, /*only=*/true);
    Restore();
  }
  EXPECT_TRUE(Succeeded(Ours({"replay", capture_}, {}, place_)));
}

TEST_F(StrangersCaptureTest, FilesThatLeadOutOfItAreRefusedByName) {
  const auto put = [&](const std::vector<std::string>& words) {
    PutIntoManifest(words);
    PutIntoResponse(words);
  };
  fs::create_symlink(place_ + "/script", capture_ + "/inputs/link.o");
  put({"inputs/link.o"});
  ExpectRefused("inputs/link.o", true);
  fs::create_directory_symlink(place_, capture_ + "/inputs/up");
  put({"inputs/up/script"});
  ExpectRefused("inputs/up/script", true);

  Compile(place_ + "/far.o", "int far_away;\n", {"-c"});
  ASSERT_TRUE(Succeeded(RunProgram({"ar", "rcsT", capture_ + "/inputs/libthin.a", place_ + "/far.o"})));
  put({"inputs/libthin.a"});
  ExpectRefused("inputs/libthin.a", true);
  WriteText(capture_ + "/inputs/script.o", absl::StrCat("INPUT(", place_, "/far.o)\n"));
  put({"inputs/script.o"});
  ExpectRefused("inputs/script.o", true);
  for (const std::string& text :
       {absl::StrCat("INCLUDE ", place_, "/script\n"), absl::StrCat("INPUT(", place_, "/far.o)\n"),
        absl::StrCat("SEARCH_DIR(", place_, ")\n")}) {
    WriteText(capture_ + "/inputs/x.ld", text);
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"-T", "inputs/x.ld"}, {"--version-script=inputs/x.ld"}, {"--dynamic-list", "inputs/x.ld"}}) {
      put(words);
      ExpectRefused("inputs/x.ld", true);
    }
  }
}

TEST_F(StrangersCaptureTest, ALinkInPlaceOfItsOwnFilesIsNotFollowed) {
  // The result is written beside it, not through it.
  WriteText(place_ + "/precious", "precious");
  fs::create_symlink(place_ + "/precious", capture_ + "/program");
  EXPECT_TRUE(Succeeded(Ours({"replay", capture_, "--keep", "--linker", "ld.bfd"}, {}, place_)));
  EXPECT_EQ(ReadText(place_ + "/precious"), "precious");
  EXPECT_FALSE(fs::is_symlink(capture_ + "/program"));
  fs::remove(capture_ + "/program");
  fs::rename(capture_ + "/capture.json", place_ + "/capture.json");
  fs::create_symlink(place_ + "/capture.json", capture_ + "/capture.json");
  const ProcessResult replay = Ours({"replay", capture_}, {}, place_);
  EXPECT_TRUE(Refused(replay));
  EXPECT_THAT(replay.error, HasSubstr("capture.json is not a regular file"));
}

TEST_F(StrangersCaptureTest, IsLinkedAsItsReaderAllows) {
  const std::string map = outside_ + "/map";
  PutIntoManifest({"-Map", map, "--print-archive-stats=" + outside_ + "/stats"});
  const ProcessResult one = Ours({"replay", capture_, "--allow=-Map"}, {}, place_);
  EXPECT_TRUE(Refused(one));
  EXPECT_THAT(one.error, HasSubstr(absl::StrCat("cgo-ld-shim replay ", capture_, " --allow=--print-archive-stats\n")));
  EXPECT_THAT(one.error, Not(HasSubstr("-Map")));
  EXPECT_THAT(ListFiles(outside_), IsEmpty());
  EXPECT_TRUE(Succeeded(Ours({"replay", capture_, "--allow=-Map", "--allow", "--print-archive-stats"}, {}, place_)));
  EXPECT_THAT(ListFiles(outside_), testing::ElementsAre("map", "stats"));
}

// What a link of one's own needs is said when it is taken, and does not hinder one's own measuring.
TEST(CaptureTrustTest, SaysAtOnceWhatReplayWillRefuse) {
  const std::string module = MakeModule(
      {{"main.go",
        "package main\n// #cgo LDFLAGS: -Wl,-rpath,/opt/lib\n// static int one(void) { return 1; }\nimport \"C\"\n"
        "func main() { println(C.one()) }\n"}});
  const std::string place = MakeTempDirectory();
  const ProcessResult captured = Ours({"capture", place + "/c"}, {}, module);
  ASSERT_TRUE(Succeeded(captured));
  EXPECT_THAT(captured.error, HasSubstr("note: replay refuses -rpath ("));
  EXPECT_THAT(captured.output, HasSubstr(absl::StrCat("cgo-ld-shim replay ", place, "/c --allow=-rpath\n")));
  EXPECT_TRUE(Refused(Ours({"replay", place + "/c"}, {}, place)));
  const ProcessResult allowed = Ours({"replay", place + "/c", "--allow=-rpath"}, {}, place);
  EXPECT_TRUE(Succeeded(allowed));
  EXPECT_THAT(allowed.output, HasSubstr("the same bytes as the captured link"));
  EXPECT_TRUE(Succeeded(Ours({"bench", ".", "-n", "1", "--linkers", "cgo-ld-shim"}, {}, module)));
}

TEST(CaptureTrustTest, HoldsNeitherHomeDirectoryNorUserName) {
  const std::string place = MakeTempDirectory(), home = place + "/home/alice", module = home + "/src/kv";
  fs::create_directories(home + "/src");
  fs::rename(MakeModule({{"main.go",
                          "package main\n// #cgo LDFLAGS: -L${SRCDIR} -llocal\n// int local(void);\nimport \"C\"\n"
                          "func main() { println(C.local()) }\n"}}),
             module);
  MakeArchive(module + "/liblocal.a", {{"local.c", "int local(void) { return 1; }\n"}}, {"-O2", "-g"});
  const Environment environment = {"HOME=" + home, "USER=alice", absl::StrCat("LIBRARY_PATH=", home, "/lib"),
                                   absl::StrCat("GOMODCACHE=", place, "/modules")};
  const std::string taken = place + "/taken";
  const ProcessResult captured = Ours({"capture", taken}, environment, module);
  ASSERT_TRUE(Succeeded(captured));
  EXPECT_THAT(captured.error, HasSubstr("note: home directory and user name are left out"));
  for (const char* name : {"capture.json", "response.txt", "record.json"}) {
    const std::string text = ReadText(absl::StrCat(taken, "/", name));
    EXPECT_THAT(text, Not(HasSubstr("alice"))) << name;
    EXPECT_THAT(text, HasSubstr("/home/user/src/kv/liblocal.a")) << name;
  }
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(taken))
    EXPECT_THAT(entry.path().string(), Not(HasSubstr("alice")));
  const ProcessResult replayed = Ours({"replay", taken}, {}, place);
  EXPECT_TRUE(Succeeded(replayed));
  EXPECT_THAT(replayed.output, HasSubstr("the same bytes as the captured link"));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e

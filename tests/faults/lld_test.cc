// The embedded linker against ld.lld of the same release: with STATIC=off and LINKER=lld nothing is rewritten, so for
// any line the two agree on success, and on each byte. The lines are random, with fixed seeds.
#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <random>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/faults/small_link.h"

namespace cgo_ld_shim::faults {
namespace {

constexpr const char* kInputs[] = {"go/uses.o",   "go/cxx.o",   "go/tls.o",  "go/init.o", "go/again.o",
                                   "lib/liba.a",  "lib/libb.a", "-la",       "-lb",       "-ls",
                                   "lib/libs.so", "-lm",        "-lpthread", "-lnope",    "-lscript"};

constexpr const char* kOptions[] = {"-Wl,--gc-sections",
                                    "-Wl,--as-needed",
                                    "-Wl,--no-as-needed",
                                    "-Wl,--build-id=sha1",
                                    "-Wl,--build-id=none",
                                    "-Wl,-z,now",
                                    "-Wl,-z,relro",
                                    "-Wl,-z,norelro",
                                    "-Wl,-z,noexecstack",
                                    "-Wl,-z,nognustack",
                                    "-Wl,-z,separate-code",
                                    "-Wl,-z,max-page-size=65536",
                                    "-Wl,--hash-style=both",
                                    "-Wl,--defsym=extra=main",
                                    "-Wl,--wrap=wanted",
                                    "-Wl,--undefined=other",
                                    "-Wl,--whole-archive",
                                    "-Wl,--no-whole-archive",
                                    "-Wl,--start-group",
                                    "-Wl,--end-group",
                                    "-Wl,--icf=all",
                                    "-Wl,-O2",
                                    "-Wl,--compress-debug-sections=zstd",
                                    "-Wl,--no-undefined",
                                    "-Wl,--unresolved-symbols=ignore-all",
                                    "-Wl,--allow-multiple-definition",
                                    "-Wl,--exclude-libs,ALL",
                                    "-Wl,--no-dynamic-linker",
                                    "-Wl,-rpath,/opt/lib",
                                    "-Wl,--sort-section=name",
                                    "-Wl,-Ttext=0x800000",
                                    "-Wl,--no-such-option",
                                    "-Wl,-z,nothing-known",
                                    "-Wl,--emit-relocs",
                                    "-s",
                                    "-Wl,-S",
                                    "-rdynamic",
                                    "-pie",
                                    "-no-pie",
                                    "-static",
                                    "-static-pie",
                                    "-shared",
                                    "-r",
                                    "-nostartfiles",
                                    "-nostdlib"};

// The directory of an ld.lld of the embedded linker's own release, or nothing.
std::optional<std::string> FindTwin() {
  const std::string about = e2e::RunProgram({e2e::Shim(), "--cgo-ld-shim-version"}).output;
  for (const std::string name : {"ld.lld", "ld.lld-22", "ld.lld-21", "ld.lld-20", "ld.lld-19"}) {
    const std::string path = e2e::FindProgram(name);
    if (path.empty()) continue;
    const std::string says = e2e::RunProgram({path, "--version"}).output;  // "Debian LLD 22.1.8 (compatible with …"
    const size_t at = says.find("LLD ");
    if (at == std::string::npos) continue;
    const std::string version = says.substr(at + 4, says.find(' ', at + 4) - at - 4);
    if (absl::StrContains(about, absl::StrCat("lld ", version))) return path;
  }
  return std::nullopt;
}

class LldTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::optional<std::string> twin = FindTwin();
    if (!twin) GTEST_SKIP() << "there is no ld.lld of the embedded linker's release: apt-get install lld-N";
    for (const char* name : {"lib", "bin"}) ::mkdir(link_.path(name).c_str(), 0700);
    ASSERT_EQ(::symlink(twin->c_str(), link_.path("bin/ld.lld").c_str()), 0);
    const auto object = [&](const char* name, const char* source, std::vector<std::string> more = {}) {
      more.insert(more.begin(), {"-c", "-O1", "-g", "-ffunction-sections", "-fPIC"});
      e2e::Compile(link_.path(name), source, more);
    };
    object("go/go.o", "#include <stdio.h>\nint main(void) { puts(\"right\"); return 0; }\n");
    object("go/uses.o",
           "int wanted(int); extern int weak(void) __attribute__((weak));\n"
           "int other(int i) { return wanted(i) + (weak ? weak() : 0); }\n");
    object("go/tls.o", "__thread int t, u = 3; int tls(void) { return t++ + u; }\n");
    object("go/init.o",
           "static void f(void) __attribute__((constructor)); int common[4]; static void f(void) { common[1] = 1; }\n",
           {"-fcommon"});
    object("go/again.o", "int wanted(int i) { return i; }\nint common[8];\n", {"-fcommon"});
    object("go/cxx.o", "inline int once() { static int i; return ++i; }\nint (*keep)() = once;\n", {"-xc++"});
    e2e::MakeArchive(link_.path("lib/liba.a"), {{"a.c", "int more(int); int wanted(int i) { return more(i) + 1; }\n"},
                                                {"c.c", "int back(int i) { return i; }\n"}});
    e2e::MakeArchive(link_.path("lib/libb.a"), {{"b.c", "int back(int); int more(int i) { return back(i); }\n"}});
    e2e::Compile(link_.path("lib/libs.so"), "int wanted(int i) { return i; }\nint weak(void) { return 1; }\n",
                 {"-shared", "-fPIC", "-Wl,-soname,libs.so.1"});
    e2e::WriteText(link_.path("lib/libscript.a"), "GROUP ( liba.a libb.a AS_NEEDED ( -lm ) )\n");
  }

  std::vector<std::string> RandomLine(unsigned seed) const {
    std::mt19937 random(seed);
    const auto below = [&](size_t limit) { return random() % limit; };
    std::vector<std::string> words = {"-o", link_.output(), "-L" + link_.path("lib")};
    for (const std::string& object : link_.objects()) words.push_back(object);
    for (size_t n = below(9); n > 0; --n) {
      if (below(2) == 0) {
        words.emplace_back(kOptions[below(std::size(kOptions))]);
      } else {
        const std::string input = kInputs[below(std::size(kInputs))];
        words.push_back(input[0] == '-' ? input : link_.path(input));
      }
    }
    return words;
  }

  // The output's bytes, or nothing where the link failed.
  std::optional<std::string> Output(const e2e::ProcessResult& result) const {
    if (result.exit_status != 0) return std::nullopt;
    std::string bytes = e2e::ReadText(link_.output());
    ::unlink(link_.output().c_str());
    return bytes;
  }

  void Compare(unsigned first, unsigned count) {
    unsigned linked = 0, refused = 0;
    for (unsigned seed = first; seed < first + count; ++seed) {
      const std::vector<std::string> words = RandomLine(seed);
      ::unlink(link_.output().c_str());
      const e2e::ProcessResult ours = link_.Call(words, {"CGO_LD_SHIM_STATIC=off", "CGO_LD_SHIM_LINKER=lld"});
      const std::optional<std::string> bytes = Output(ours);
      std::vector<std::string> argv = {"gcc", "-fuse-ld=lld", "-B" + link_.path("bin")};
      argv.insert(argv.end(), words.begin(), words.end());
      const e2e::ProcessResult theirs = e2e::RunProgram(argv, link_.environment());
      const std::optional<std::string> expected = Output(theirs);
      ++(expected ? linked : refused);
      const std::string what = absl::StrCat("seed ", seed, ": ", absl::StrJoin(argv, " "));
      EXPECT_EQ(bytes.has_value(), expected.has_value())
          << what << "\nours: " << ours.error << "\nld.lld: " << theirs.error;
      if (bytes && expected) {
        EXPECT_TRUE(*bytes == *expected) << what;
      }
    }
    std::printf("%u lines: %u linked, %u refused, by both\n", count, linked, refused);
    EXPECT_GT(linked, count / 10);
    EXPECT_GT(refused, count / 10);
  }

  const SmallLink link_;
};

TEST_F(LldTest, AgreesWithTheOneThatIsEmbedded) { Compare(0, 30); }

using SlowLldTest = LldTest;
TEST_F(SlowLldTest, AgreesWithTheOneThatIsEmbedded) { Compare(1000, 1500); }

}  // namespace
}  // namespace cgo_ld_shim::faults

// Whole programs against damaged inputs: what a link, `which`, `check`, `explain`, `sbom`, `replay` and `doctor` read,
// and what package managers tell them, is changed where its format has its joints, and no run may crash, hang, take
// more than its share of memory, or leave half an output. The seeds are fixed: the same mutations each time.
#include <sys/stat.h>
#include <unistd.h>

#include <random>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/faults/small_link.h"

namespace cgo_ld_shim::faults {
namespace {

constexpr uint64_t kGigabyte = uint64_t{1} << 30;

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string Binary(std::string bytes) {
    const std::vector<size_t> joints = Joints(bytes);
    for (size_t n = 1 + Below(4); n > 0 && !bytes.empty(); --n) {
      const size_t at = Below(3) != 0 && !joints.empty() ? joints[Below(joints.size())] : Below(bytes.size());
      switch (Below(8)) {
        case 0:
          bytes[at % bytes.size()] ^= static_cast<char>(1 << Below(8));
          break;
        case 1:
        case 2:
          Put(&bytes, at, Value(), size_t{1} << Below(4));
          break;
        case 3:
          bytes.resize(Below(4) == 0 ? Below(bytes.size()) : bytes.size() - Below(std::min<size_t>(bytes.size(), 64)));
          break;
        case 4:
          bytes.insert(at % bytes.size(), bytes.substr(Below(bytes.size()), Below(200)));
          break;
        case 5:
          bytes.erase(at % bytes.size(), Below(64));
          break;
        case 6:  // one field becomes another's value
          Put(&bytes, at, Get(bytes, joints.empty() ? 0 : joints[Below(joints.size())]), 8);
          break;
        default:  // the digits of an archive's header
          if (const size_t end = bytes.find("`\n", at % bytes.size()); end != std::string::npos && end >= 10)
            bytes.replace(end - 10, 10, absl::StrCat(Value() % 10000000000, "          ").substr(0, 10));
      }
    }
    return bytes;
  }

  std::string Text(std::string text) {
    static constexpr const char* kWords[] = {"{",
                                             "}",
                                             "[",
                                             "]",
                                             "\"",
                                             "\\",
                                             "(",
                                             ")",
                                             "/*",
                                             "*/",
                                             "'",
                                             "@",
                                             "-l",
                                             "-L",
                                             "GROUP(",
                                             "AS_NEEDED(",
                                             "INPUT(",
                                             "INCLUDE ",
                                             "${",
                                             "}",
                                             "$",
                                             ":",
                                             "Requires: ",
                                             "Libs: ",
                                             "null",
                                             "true",
                                             "-1",
                                             "1e999",
                                             "18446744073709551616",
                                             "\\u0000",
                                             "\\ud800",
                                             "\xff\xfe",
                                             "\x1b[2J",
                                             "\n",
                                             "\r\n",
                                             " ",
                                             "/dev/zero",
                                             "..",
                                             "/",
                                             "%",
                                             "%s",
                                             "#",
                                             ";"};
    for (size_t n = 1 + Below(4); n > 0 && !text.empty(); --n) {
      const size_t at = Below(text.size());
      switch (Below(6)) {
        case 0:
          text.insert(at, kWords[Below(std::size(kWords))]);
          break;
        case 1:
          text.erase(at, 1 + Below(16));
          break;
        case 2:
          text[at] = static_cast<char>(Below(256));
          break;
        case 3:  // a part of it again, somewhere else
          text.insert(at, text.substr(Below(text.size()), Below(300)));
          break;
        case 4: {  // one number or text becomes another kind of value
          const size_t end = text.find_first_of(",:}]\n ", at);
          if (end != std::string::npos) text.replace(at, end - at, kWords[Below(std::size(kWords))]);
          break;
        }
        default: {
          std::string deep;
          for (size_t depth = Below(3) == 0 ? 100000 : Below(200); depth > 0; --depth) deep += "[{("[Below(3)];
          if (Below(8) == 0) {
            text.insert(at, deep);
          } else {
            text.resize(at);
          }
        }
      }
    }
    return text;
  }

 private:
  size_t Below(size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  uint64_t Value() {
    static constexpr uint64_t kValues[] = {
        0,           1,      2,       7,          8,          0x7f,       0x80,        0xff,
        0x7fff,      0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x7fffffffffffffff,
        ~uint64_t{0}};
    return Below(4) == 0 ? random_() : kValues[Below(std::size(kValues))];
  }

  static void Put(std::string* bytes, size_t at, uint64_t value, size_t size) {
    for (size_t i = 0; i < size && at + i < bytes->size(); ++i) (*bytes)[at + i] = static_cast<char>(value >> (8 * i));
  }
  static uint64_t Get(const std::string& bytes, size_t at) {
    uint64_t value = 0;
    for (size_t i = 0; i < 8 && at + i < bytes.size(); ++i)
      value |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return value;
  }

  // Where numbers stand by which the rest is found: ELF's header and tables, an archive's headers and index.
  static std::vector<size_t> Joints(const std::string& bytes) {
    std::vector<size_t> joints;
    for (size_t at = 0; (at = bytes.find("`\n", at)) != std::string::npos; ++at) {
      for (size_t i = 0; i < 60; i += 4) joints.push_back(at >= 58 ? at - 58 + i : i);
      for (size_t i = 2; i < 40; i += 4) joints.push_back(at + i);
    }
    for (size_t at = 0; (at = bytes.find("\177ELF", at)) != std::string::npos; ++at) {
      for (size_t i = 4; i < 64; i += 2) joints.push_back(at + i);
      const uint64_t sections = Get(bytes, at + 40), segments = Get(bytes, at + 32);
      for (size_t i = 0; i < 64 * 24; i += 4) {
        if (sections < bytes.size()) joints.push_back(at + sections + i);
        if (i < 56 * 8 && segments != 0 && segments < bytes.size()) joints.push_back(at + segments + i);
      }
    }
    return joints;
  }

  std::mt19937_64 random_;
};

struct Target {
  const char* name;
  bool text;
  std::string file;                                // below the link's directory
  std::vector<std::vector<std::string>> commands;  // words behind the tool's name; @ stands for the link's directory
  e2e::Environment environment;
  std::string directory = "go";  // in which they are run
};

// Makes what the targets read, and returns those.
std::vector<Target> Prepare(const SmallLink& link) {
  for (const char* name : {"lib", "pc"}) ::mkdir(link.path(name).c_str(), 0700);
  e2e::Compile(link.path("go/go.o"), "#include <stdio.h>\nint main(void) { puts(\"right\"); return 0; }\n",
               {"-c", "-O1", "-g", "-ffunction-sections"});
  e2e::Compile(link.path("go/000000.o"),
               "int wanted(int); extern int weak(void) __attribute__((weak)); __thread int t; int common[10];\n"
               "int other(int i) { t = i; return wanted(i) + (weak ? weak() : common[1]); }\n"
               "int (*const table[])(int) = {wanted, other};\n",
               {"-c", "-O1", "-g", "-ffunction-sections"});
  e2e::MakeArchive(link.path("lib/libx.a"),
                   {{"a.c", "int more(int); int wanted(int i) { return more(i) + 1; }\n"},
                    {"b.c", "int more(int i) { return i; }\n"},
                    {"long_member_name_of_c.cc", "int f() { static int i = 1; return i; }\n"}});
  e2e::Compile(link.path("lib/libs.so"), "int wanted(int i) { return i; }\n", {"-shared", "-fPIC"});
  e2e::WriteText(link.path("lib/libscript.a"), "/* GNU ld script */\nGROUP ( libx.a AS_NEEDED ( -lm ) )\n");
  // A library whose own need only a .pc file can find.
  ::mkdir(link.path("elsewhere").c_str(), 0700);
  e2e::MakeArchive(link.path("lib/libneeds.a"),
                   {{"needs.c", "int deep(int); int wanted(int i) { return deep(i) + 1; }\n"}});
  e2e::MakeArchive(link.path("elsewhere/libdeep.a"), {{"deep.c", "int deep(int i) { return i; }\n"}});
  e2e::WriteText(link.path("pc/needs.pc"),
                 "prefix=" + link.directory() +
                     "\nlibdir=${prefix}/lib\n\nName: needs\nDescription: x\nVersion: 1.2\nRequires: deep >= 1\n"
                     "Requires.private: deep, zlib > 1.0\nLibs: -L${libdir} -lneeds\nLibs.private: -lm \"-L" +
                     link.path("lib") + "\"\nCflags: -I${prefix}/include\n");
  e2e::WriteText(link.path("pc/deep.pc"),
                 "Name: deep\nDescription: x\nVersion: 1.2\nLibs: -L" + link.path("elsewhere") + " -ldeep\n");
  const std::string lib = "-L@/lib", out = "@/out/program";
  e2e::WriteText(link.path("words"), absl::StrCat("-o\n", link.output(), "\n\"", link.objects()[0], "\"\n'",
                                                  link.objects()[1], "' -Wl,--gc-sections -L", link.path("lib"),
                                                  " -lx -Wl,-z,now,--defsym=zzz=1\n-O2 -g -m64 -lm\n"));
  const std::vector<std::string> base = {"-o", out, "@/go/go.o", "@/go/000000.o"};
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> all = base;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  // A link for the record, and a capture of it.
  ::mkdir(link.path("stage").c_str(), 0700);
  ::unlink(link.output().c_str());
  EXPECT_TRUE(
      Succeeded(link.Call({"-o", link.output(), link.objects()[0], link.objects()[1], "-L" + link.path("lib"), "-lx"},
                          {absl::StrCat("CGO_LD_SHIM_INTERNAL_CAPTURE=", link.path("stage"))})));
  const auto find = [&](const std::string& below, const std::string& name) {
    const std::string found = e2e::RunProgram({"find", link.path(below), "-name", name, "-type", "f"}).output;
    return found.size() < link.directory().size() + 2
               ? ""
               : found.substr(link.directory().size() + 1, found.find('\n') - link.directory().size() - 1);
  };
  const std::string record = find("state", "[0-9]*"), manifest = find("stage", "capture.json");
  const std::string captured = manifest.substr(0, manifest.rfind('/'));
  const std::string toolchain = find("cache", "toolchain*");
  EXPECT_FALSE(toolchain.empty());
  EXPECT_FALSE(record.empty());
  EXPECT_FALSE(manifest.empty());
  // What gcc says under -###, told again by a compiler of ours.
  const std::string said = e2e::RunProgram({"gcc", "-static", "-###", "-o", "CGO_LD_SHIM_OUT", "/dev/null"}).error;
  e2e::WriteText(link.path("said"), said);
  e2e::WriteProgram(link.path("gcc"),
                    absl::StrCat("#!/bin/sh\ncase \" $* \" in *' -### -o CGO_LD_SHIM_OUT '*) exec cat ",
                                 link.path("said"), " >&2 ;; esac\nexec gcc \"$@\"\n"));
  // Debian's database of what is installed, with an owner of lib/libs.so; and an apt-cache that has lists.
  for (const char* name : {"dpkg", "dpkg/info", "dpkg/updates", "bin"}) ::mkdir(link.path(name).c_str(), 0700);
  e2e::WriteText(link.path("dpkg/status"),
                 "Package: libs1\nStatus: install ok installed\nSource: s (1.1)\nArchitecture: amd64\nVersion: 1.2-3\n"
                 "Maintainer: x <x@example.org>\nDescription: x\n a longer text\n");
  e2e::WriteText(link.path("dpkg/info/libs1.list"), absl::StrCat(link.path("lib/libs.so"), "\n/usr/lib/libx.a\n"));
  e2e::WriteText(link.path("dpkg/info/format"), "1\n");
  e2e::WriteText(link.path("policy"), e2e::RunProgram({"apt-cache", "policy"}).output +
                                          e2e::RunProgram({"apt-cache", "policy", "zlib1g-dev"}).output);
  e2e::WriteProgram(link.path("bin/apt-cache"), absl::StrCat("#!/bin/sh\nexec cat ", link.path("policy"), "\n"));
  // A module whose package asks for a library.
  ::mkdir(link.path("module").c_str(), 0700);
  e2e::WriteText(link.path("module/go.mod"), "module example.org/m\n\ngo 1.19\n");
  e2e::WriteText(link.path("module/m.go"),
                 "//go:build linux && cgo\n\npackage main\n\n// #cgo LDFLAGS: -L${SRCDIR}/lib -lz -lfoo\n"
                 "// #cgo linux,amd64 pkg-config: --static x\n// #cgo CFLAGS: -DX=\"y z\"\n// #include <zlib.h>\n"
                 "import \"C\"\n\nfunc main() { C.zlibVersion() }\n");
  return {
      {"object", false, "go/000000.o", {with({lib, "-lx"}), with({lib, "-lx", "-Wl,--gc-sections", "-pie"})}, {}},
      {"archive", false, "lib/libx.a", {with({lib, "-lx"}), {"which", "-L", "@/lib", "wanted"}}, {}},
      {"shared", false, "lib/libs.so", {with({lib, "-ls"}), {"check", "@/lib/libs.so"}}, {"CGO_LD_SHIM_STATIC=prefer"}},
      {"script", true, "lib/libscript.a", {with({lib, "-lscript"})}, {}},
      {"pkgconfig", true, "pc/needs.pc", {with({lib, "-lneeds"})}, {"PKG_CONFIG_PATH=@/pc"}},
      {"response", true, "words", {{"@@/words"}}, {}},
      {"record",
       true,
       record,
       {{"explain", "last"},
        {"explain", "last", "--html", "-"},
        {"explain", "last", "--flags"},
        {"explain", "last", "--graph"},
        {"sbom", out}},
       {}},
      {"binary", false, "out/program", {{"check", out}, {"sbom", out}, {"explain", out}, {"check", "--json", out}}, {}},
      {"manifest", true, captured + "/capture.json", {{"replay", "@/" + captured}}, {}},
      {"line", true, captured + "/response.txt", {{"replay", "@/" + captured}}, {}},
      {"learned", true, "said", {with({lib, "-lx"})}, {"CGO_LD_SHIM_CC=@/gcc", "XDG_CACHE_HOME=/nonexistent"}},
      {"cache", false, toolchain, {with({lib, "-lx"})}, {}},
      {"dpkg", true, "dpkg/status", {with({lib, "-ls"}), {"sbom", out}}, {"DPKG_ADMINDIR=@/dpkg"}},
      {"owner", true, "dpkg/info/libs1.list", {with({lib, "-ls"}), {"sbom", out}}, {"DPKG_ADMINDIR=@/dpkg"}},
      {"apt",
       true,
       "policy",
       {with({"-lz-is-not-there", "-lusb-1.0"}), with({"-lfoo"})},
       {absl::StrCat("PATH=@/bin:", ::getenv("PATH"))}},
      {"module", true, "module/m.go", {{"doctor"}, {"doctor", "--json"}}, {}, "module"},
  };
}

class MutationsTest : public testing::TestWithParam<int> {
 protected:
  static void RunAll(int target_number, unsigned first_seed, unsigned count) {
    const SmallLink link;
    const Target target = Prepare(link)[static_cast<size_t>(target_number)];
    const std::string good = e2e::ReadText(link.path(target.file));
    ASSERT_FALSE(good.empty()) << target.file;
    const auto placed = [&](const std::string& word) {
      return absl::StrReplaceAll(word, {{"@@", "@" + link.directory()}, {"@", link.directory()}});
    };
    e2e::Environment environment = link.environment();
    for (const std::string& variable : target.environment) environment.push_back(placed(variable));
    unsigned refused = 0, took = 0, fell_back = 0;
    for (unsigned seed = first_seed; seed < first_seed + count; ++seed) {
      Mutator mutator(seed * 1000 + static_cast<unsigned>(target_number));
      const std::string mutated = target.text ? mutator.Text(good) : mutator.Binary(good);
      e2e::WriteText(link.path(target.file), mutated);
      ::chmod(link.path(target.file).c_str(), 0600);
      const std::vector<std::string>& command = target.commands[seed % target.commands.size()];
      std::vector<std::string> argv = {"timeout",  "600", "prlimit", "--cpu=60", absl::StrCat("--data=", kGigabyte),
                                       e2e::Shim()};
      for (const std::string& word : command) argv.push_back(placed(word));
      const e2e::ProcessResult result = e2e::RunProgram(argv, environment, link.path(target.directory));
      const std::string what = absl::StrCat(target.name, " seed ", seed, ": ", absl::StrJoin(argv, " "), "\nstatus ",
                                            result.exit_status, "\n", result.error);
      EXPECT_LT(result.exit_status, 124) << what;
      EXPECT_FALSE(absl::StrContains(result.error, "internal fault")) << what;
      EXPECT_TRUE(result.exit_status == 0 || !result.error.empty() || !result.output.empty()) << what;
      EXPECT_EQ(result.output.find('\x1b'), std::string::npos) << what;
      // A line without our objects is handed on, and what the compiler says of it is the compiler's.
      if (command.size() > 1 || absl::StrContains(result.error, "cgo-ld-shim: ")) {
        EXPECT_EQ(result.error.find('\x1b'), std::string::npos) << what;
      }
      ++(result.exit_status == 0 ? took : refused);
      fell_back += absl::StrContains(result.error, "was killed by signal");
      std::vector<std::string> there = e2e::ListFiles(link.path("out"));
      for (const std::string& name : there) {
        if (name != "program") ::unlink(link.path(absl::StrCat("out/", name)).c_str());
      }
      // A damaged response file may ask for an output of another name.
      const std::string unquoted = absl::StrReplaceAll(mutated, {{"\\", ""}, {"\"", ""}, {"'", ""}});
      std::erase_if(there, [&](const std::string& name) {
        return name == "program" || (target.text && absl::StrContains(unquoted, absl::StrCat("/out/", name)));
      });
      EXPECT_TRUE(there.empty()) << what << "\nleft: " << absl::StrJoin(there, " ");
      EXPECT_TRUE(e2e::ListFiles(link.scratch()).empty()) << what << "\nleft in TMPDIR";
      // What a link has made is a whole program, or what was there before.
      if (command[0] == "-o" && result.exit_status == 0) {
        const e2e::ProcessResult read = e2e::RunProgram({"readelf", "-hlW", link.output()});
        EXPECT_TRUE(Succeeded(read)) << what;
      }
      if (HasFailure() && seed > first_seed + 50) break;
    }
    std::printf("%s: %u mutations, %u refused, %u taken, %u of which lld itself ended by a signal\n", target.name,
                count, refused, took, fell_back);
  }
};

constexpr int kTargets = 16;
constexpr unsigned kQuick = 8, kAll = 650;

INSTANTIATE_TEST_SUITE_P(Targets, MutationsTest, testing::Range(0, kTargets));
TEST_P(MutationsTest, AreRefusedOrTaken) { RunAll(GetParam(), 0, kQuick); }

class SlowMutationsTest : public MutationsTest {};
INSTANTIATE_TEST_SUITE_P(Targets, SlowMutationsTest, testing::Range(0, kTargets));
TEST_P(SlowMutationsTest, AreRefusedOrTaken) { RunAll(GetParam(), 1000, kAll); }

}  // namespace
}  // namespace cgo_ld_shim::faults

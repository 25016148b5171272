// A final link whose world is made of fakes: nothing is started, and nothing is written but the inputs of the fixture.
//
// Example:
//   FakeLink link("-o a.out go.o 000000.o");
//   link.linker->embedded = {{.exit_status = 139, .signal = SIGSEGV}};
//   Result result = link.Do();
//   EXPECT_EQ(result.record.outcome, "fell-back");
#ifndef CGO_LD_SHIM_TESTS_UNIT_LINK_FAKES_H_
#define CGO_LD_SHIM_TESTS_UNIT_LINK_FAKES_H_

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "diagnose/diagnose.h"
#include "link/link.h"
#include "link/planning.h"
#include "link/tools.h"
#include "link/trial.h"
#include "link/ways.h"
#include "support/process.h"
#include "tests/support/link_fixture.h"

namespace cgo_ld_shim::link {

// Takes what it is to say from the front of its lists; when they are empty, all is well.
class FakeLinker : public Linker {
 public:
  std::string EmbeddedName() override { return "fake lld"; }
  backend::Outcome Embedded(const std::vector<std::string>& argv) override {
    lines.push_back(absl::StrJoin(argv, " "));
    return Next(&embedded);
  }
  bool Accepts(const std::vector<std::string>& options, std::string* complaint) override {
    for (const std::string& option : options) {
      if (option != refused) continue;
      *complaint = absl::StrCat("unknown argument '", option, "'\n");
      return false;
    }
    return true;
  }
  backend::Outcome ThroughDriver(const std::vector<std::string>& driver,
                                 const std::vector<std::string>& words) override {
    lines.push_back(absl::StrCat(absl::StrJoin(driver, " "), " ", absl::StrJoin(words, " ")));
    return Next(&through_driver);
  }

  std::deque<backend::Outcome> embedded, through_driver;
  std::string refused;
  std::vector<std::string> lines;  // what was linked, in order

 private:
  static backend::Outcome Next(std::deque<backend::Outcome>* outcomes) {
    if (outcomes->empty()) return {};
    backend::Outcome next = std::move(outcomes->front());
    outcomes->pop_front();
    return next;
  }
};

class FakeToolchains : public Toolchains {
 public:
  explicit FakeToolchains(const toolchain::Toolchain& toolchain) : toolchain_(toolchain) {}
  absl::StatusOr<toolchain::Toolchain> Locate(const toolchain::LocateRequest& request) override {
    if (!error.ok()) return error;
    if (!request.anew) return toolchain_;
    toolchain::Toolchain learned = anew.value_or(toolchain_);
    learned.kept = false;
    return learned;
  }
  absl::StatusOr<toolchain::Toolchain> LocateZigLibc(const toolchain::ZigLibcRequest&) override {
    return absl::UnavailableError("there is no zig");
  }
  bool HasZigLibc(const toolchain::ZigLibcRequest&) override { return false; }  // zig has built nothing yet
  absl::Status error;
  std::optional<toolchain::Toolchain> anew;  // what the compiler says where the cache is not asked

 private:
  const toolchain::Toolchain& toolchain_;
};

class FakeOutput : public Output {
 public:
  absl::Status VerifyStatic(const std::string&) override { return is_static; }
  void Remove(const std::string& path) override { removed.push_back(path); }
  std::optional<uint64_t> Size(const std::string&) override { return 4711; }
  std::string BuildId(const std::string&) override { return "0123"; }
  absl::Status is_static;
  std::vector<std::string> removed;
};

class FakeRecords : public Records {
 public:
  void Capture(const report::LinkRecord&, const std::vector<std::string>& linker_line) override {
    captured = absl::StrJoin(linker_line, " ");
  }
  std::string Store(const report::LinkRecord& record) override {
    stored.push_back(record);
    return "";
  }
  std::string captured;
  std::vector<report::LinkRecord> stored;
};

class FakeClock : public Clock {
 public:
  double Milliseconds() override { return now_ += 1; }
  int64_t SinceEpoch() override { return 1000; }

 private:
  double now_ = 0;
};

// Fails the test that starts a process; says what it would have been.
class NoProcesses : public support::ProcessRunner {
 public:
  absl::StatusOr<support::ProcessResult> Run(const std::vector<std::string>& argv,
                                             const support::ProcessOptions&) override {
    started.push_back(absl::StrJoin(argv, " "));
    return absl::NotFoundError("nothing is started here");
  }
  std::vector<std::string> started;
};

class FakeLink {
 public:
  // `line` as LinkFixture::Call takes it; files are the caller's to make, in `files`.
  FakeLink() : scoped_(&processes) {
    files.toolchain().driver = driver.words;
    files.toolchain().libc = target::ParseLibc("glibc 2.36");
    files.toolchain().machine = target::ParseTriple("x86_64-linux-gnu");
    files.Object("go/go.o", test_support::ObjectBuilder().Define("main").Reference("_cgo_1_Cfunc_f"));
    tools_.linker = std::make_unique<FakeLinker>();
    tools_.toolchains = std::make_unique<FakeToolchains>(files.toolchain());
    tools_.output = std::make_unique<FakeOutput>();
    tools_.records = std::make_unique<FakeRecords>();
    tools_.clock = std::make_unique<FakeClock>();
  }

  FakeLinker& linker() { return static_cast<FakeLinker&>(*tools_.linker); }
  FakeToolchains& toolchains() { return static_cast<FakeToolchains&>(*tools_.toolchains); }
  FakeOutput& output() { return static_cast<FakeOutput&>(*tools_.output); }
  FakeRecords& records() { return static_cast<FakeRecords&>(*tools_.records); }

  Result Do(const std::string& line) {
    Result result;
    WithRequest(line, [&](const Request& request) { result = Link(request, tools_); });
    return result;
  }

  Result DoRefuse(const std::string& line, const absl::Status& why) {
    Result result;
    WithRequest(line, [&](const Request& request) { result = Refuse(request, tools_, why, 2); });
    return result;
  }

  // What the link, which fails, would come to with `change`.
  Prospect Try(const std::string& line, const diagnose::Change& change) {
    Prospect prospect;
    WhenPrepared(line, [&](const Request& request, Prepared* prepared) {
      prospect = Foresee(request, change, tools_, prepared);
    });
    return prospect;
  }
  // Of these proposals those that help, with what comes of them.
  std::vector<diagnose::WayOut> Keep(const std::string& line, const std::vector<diagnose::WayOut>& ways) {
    std::vector<diagnose::WayOut> kept;
    WhenPrepared(line,
                 [&](const Request& request, Prepared* prepared) { kept = TryWays(request, ways, tools_, prepared); });
    return kept;
  }

  // What is proposed for the link, which fails, before anything is tried. A diagnosis may ask the package manager for a
  // file's owner: that is not counted in `processes`.
  std::vector<diagnose::WayOut> Propose(const std::string& line) {
    std::vector<diagnose::WayOut> ways;
    WhenPrepared(line, [&](const Request&, Prepared* prepared) {
      const supply::Situation& link = prepared->link;
      ways = diagnose::Diagnose(link.plan, link.resolution, link.toolchain, settings, &prepared->cache).ways_out;
    });
    processes.started.clear();
    return ways;
  }
  void Use(std::unique_ptr<FakeLinker> linker) { tools_.linker = std::move(linker); }

  test_support::LinkFixture files;
  support::Settings settings;
  toolchain::Driver driver = {.words = {"/usr/bin/gcc"}};
  std::vector<std::string> environment = {"GOOS=linux", "GOARCH=amd64"};
  NoProcesses processes;

 private:
  void WithRequest(const std::string& line, absl::FunctionRef<void(const Request&)> use) {
    call_ = files.Call(line);
    std::vector<const char*> pointers;
    for (const std::string& variable : environment) pointers.push_back(variable.c_str());
    pointers.push_back(nullptr);
    cwd_ = files.dir();
    use({settings, driver, call_, cwd_, pointers.data()});
  }
  void WhenPrepared(const std::string& line, absl::FunctionRef<void(const Request&, Prepared*)> use) {
    WithRequest(line, [&](const Request& request) {
      Prepared prepared(request, files.toolchain());
      PlanAndResolve(request, tools_, &prepared, [](const char*) {});
      use(request, &prepared);
    });
  }

  support::ScopedProcessRunner scoped_;
  invocation::Invocation call_;
  std::string cwd_;
  Tools tools_;
};

}  // namespace cgo_ld_shim::link

#endif  // CGO_LD_SHIM_TESTS_UNIT_LINK_FAKES_H_

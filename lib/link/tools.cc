#include "link/tools.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "capture/capture.h"
#include "doctor/zig_libraries.h"
#include "report/archive_states.h"
#include "report/asked_names.h"
#include "support/file.h"

namespace cgo_ld_shim::link {
namespace {

class RealLinker : public Linker {
 public:
  std::string EmbeddedName() override { return backend::EmbeddedLinkerName(); }
  backend::Outcome Embedded(const std::vector<std::string>& argv) override { return backend::LinkEmbedded(argv); }
  bool Accepts(const std::vector<std::string>& options, std::string* complaint) override {
    return backend::LldAccepts(options, complaint);
  }
  backend::Outcome ThroughDriver(const std::vector<std::string>& driver,
                                 const std::vector<std::string>& words) override {
    return backend::LinkThroughDriver(driver, words);
  }
};

class RealToolchains : public Toolchains {
 public:
  absl::StatusOr<toolchain::Toolchain> Locate(const toolchain::LocateRequest& request) override {
    return toolchain::Locate(request);
  }
  absl::StatusOr<toolchain::Toolchain> LocateZigLibc(const toolchain::ZigLibcRequest& request) override {
    return toolchain::LocateZigLibc(request);
  }
  bool HasZigLibc(const toolchain::ZigLibcRequest& request) override { return toolchain::HasZigLibc(request); }
};

class RealOutput : public Output {
 public:
  absl::Status VerifyStatic(const std::string& path) override { return backend::VerifyStatic(path); }
  // As root, `-o /dev/null` would take it from everybody.
  void Remove(const std::string& path) override {
    if (support::IsRegularFile(path)) ::unlink(path.c_str());
  }
  std::optional<uint64_t> Size(const std::string& path) override {
    const auto identity = support::Identify(path);
    return identity ? std::optional<uint64_t>(identity->size) : std::nullopt;
  }
  std::string BuildId(const std::string& path) override { return report::ReadBuildId(path); }
};

class RealRecords : public Records {
 public:
  explicit RealRecords(const Request& request) : request_(request) {}

  void Capture(const report::LinkRecord& record, const std::vector<std::string>& linker_line) override {
    if (const char* stage = support::FindVariable(request_.environment, capture::kRequestVariable))
      capture::Take({record, linker_line, request_.driver.words, request_.environment}, stage);
  }

  std::string Store(const report::LinkRecord& record) override {
    // Nothing that goes wrong here is the link's fault.
    report::StoreRecord(record).IgnoreError();
    if (const char* module = support::FindVariable(request_.environment, report::kModuleVariable))
      report::NoteArchives(module, record);
    if (const std::string line = report::AskedLine(record, request_.settings.isolate); !line.empty())
      doctor::SayProgress(request_.environment, line);
    const std::string& path = request_.settings.log;
    if (path.empty() || path == "stderr") return "";
    const std::string line = absl::StrCat(report::ToJson(record), "\n");
    std::FILE* file = std::fopen(path.c_str(), "ae");
    const bool written = file != nullptr && std::fwrite(line.data(), 1, line.size(), file) == line.size();
    const bool closed = file != nullptr && std::fclose(file) == 0;
    if (written && closed) return "";
    return absl::StrCat("cgo-ld-shim: cannot write the log ", path, " (CGO_LD_SHIM_LOG)\n");
  }

 private:
  const Request request_;
};

class RealClock : public Clock {
 public:
  double Milliseconds() override {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }
  int64_t SinceEpoch() override {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
};

}  // namespace

Tools RealTools(const Request& request) {
  return {std::make_unique<RealLinker>(), std::make_unique<RealToolchains>(), std::make_unique<RealOutput>(),
          std::make_unique<RealRecords>(request), std::make_unique<RealClock>()};
}

}  // namespace cgo_ld_shim::link

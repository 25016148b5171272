// What a link does to the world, behind seams: linkers, compilers' answers, the output file, the records, the clock.
// Tests put fakes in their places and start nothing; processes have a seam of their own (support/process.h).
//
// Example:
//   Tools tools = RealTools(request);
//   Result result = Link(request, tools);
#ifndef CGO_LD_SHIM_LINK_TOOLS_H_
#define CGO_LD_SHIM_LINK_TOOLS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "backend/backend.h"
#include "link/request.h"
#include "toolchain/toolchain.h"
#include "toolchain/zig_libc.h"

namespace cgo_ld_shim::link {

// Whatever a linker does is an Outcome: errors, exits, signals.
class Linker {
 public:
  virtual ~Linker() = default;
  virtual std::string EmbeddedName() = 0;  // "lld 22.1.8 (in process)"
  virtual backend::Outcome Embedded(const std::vector<std::string>& argv) = 0;
  // Whether the embedded linker knows these options; its words when it does not.
  virtual bool Accepts(const std::vector<std::string>& options, std::string* complaint) = 0;
  virtual backend::Outcome ThroughDriver(const std::vector<std::string>& driver,
                                         const std::vector<std::string>& words) = 0;
};

class Toolchains {
 public:
  virtual ~Toolchains() = default;
  virtual absl::StatusOr<toolchain::Toolchain> Locate(const toolchain::LocateRequest& request) = 0;
  virtual absl::StatusOr<toolchain::Toolchain> LocateZigLibc(const toolchain::ZigLibcRequest& request) = 0;
  virtual bool HasZigLibc(const toolchain::ZigLibcRequest& request) = 0;
};

// The file that the link makes.
class Output {
 public:
  virtual ~Output() = default;
  virtual absl::Status VerifyStatic(const std::string& path) = 0;  // backend/backend.h
  virtual void Remove(const std::string& path) = 0;                // a regular file; never a device
  virtual std::optional<uint64_t> Size(const std::string& path) = 0;
  virtual std::string BuildId(const std::string& path) = 0;
};

class Records {
 public:
  virtual ~Records() = default;
  // The inputs are still there. `linker_line`: what the embedded linker was given, or could have been.
  virtual void Capture(const report::LinkRecord& record, const std::vector<std::string>& linker_line) = 0;
  // Returns what the user has to be told: that the log cannot be written.
  virtual std::string Store(const report::LinkRecord& record) = 0;
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual double Milliseconds() = 0;  // that go on steadily
  virtual int64_t SinceEpoch() = 0;   // in milliseconds
};

struct Tools {
  std::unique_ptr<Linker> linker;
  std::unique_ptr<Toolchains> toolchains;
  std::unique_ptr<Output> output;
  std::unique_ptr<Records> records;
  std::unique_ptr<Clock> clock;
};
Tools RealTools(const Request& request);

}  // namespace cgo_ld_shim::link

#endif  // CGO_LD_SHIM_LINK_TOOLS_H_

#include "shim/commands/own_stderr.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <random>

#include "absl/strings/str_format.h"
#include "doctor/zig_libraries.h"
#include "fmt/format.h"
#include "report/marks.h"
#include "report/screen.h"
#include "shim/commands/commands.h"
#include "support/file.h"
#include "support/printable.h"
#include "support/process.h"

namespace cgo_ld_shim::commands {
namespace {

// In Linux's namespace of socket names that are no files: the first byte is 0.
struct Address {
  sockaddr_un value = {};
  socklen_t size = 0;
};
bool MakeAddress(const std::string& name, Address* address) {
  address->value.sun_family = AF_UNIX;
  if (name.size() + 1 > sizeof address->value.sun_path) return false;
  std::memcpy(address->value.sun_path + 1, name.data(), name.size());
  address->size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  return true;
}

bool IsOurs(int connection) {
  ucred peer = {};
  socklen_t size = sizeof peer;
  return ::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

// One byte, for a message without any carries no file.
struct Message {
  char byte = 0;
  iovec part = {&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr header = {};
  Message() {
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof control;
  }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;
};

void SendFile(int connection, int file) {
  Message message;
  cmsghdr* const control = CMSG_FIRSTHDR(&message.header);
  control->cmsg_level = SOL_SOCKET;
  control->cmsg_type = SCM_RIGHTS;
  control->cmsg_len = CMSG_LEN(sizeof file);
  std::memcpy(CMSG_DATA(control), &file, sizeof file);
  // Nobody has written into it yet: there is room.
  while (::sendmsg(connection, &message.header, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

// -1: the other side has gone.
int ReceiveFile(int connection) {
  Message message;
  ssize_t count;
  do {
    count = ::recvmsg(connection, &message.header, MSG_CMSG_CLOEXEC);
  } while (count < 0 && errno == EINTR);
  if (count <= 0) return -1;
  const cmsghdr* const control = CMSG_FIRSTHDR(&message.header);
  if (control == nullptr || control->cmsg_type != SCM_RIGHTS || control->cmsg_len != CMSG_LEN(sizeof(int))) return -1;
  int file = -1;
  std::memcpy(&file, CMSG_DATA(control), sizeof file);
  return file;
}

void TakeStderr(const std::string& name) {
  Address address;
  const int connection = MakeAddress(name, &address) ? ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
  if (connection < 0) return;
  if (::connect(connection, reinterpret_cast<const sockaddr*>(&address.value), address.size) == 0 &&
      IsOurs(connection)) {
    if (const int file = ReceiveFile(connection); file >= 0) {
      ::dup2(file, STDERR_FILENO);
      ::close(file);
    }
  }
  ::close(connection);
}

}  // namespace

StderrDesk::~StderrDesk() {
  if (file_ >= 0) ::close(file_);
}

bool StderrDesk::Open() {
  std::random_device random;
  name_ = absl::StrFormat("cgo-ld-shim-%08x%08x%08x%08x", random(), random(), random(), random());
  Address address;
  if (!MakeAddress(name_, &address)) return false;
  file_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (file_ < 0) return false;
  if (::bind(file_, reinterpret_cast<const sockaddr*>(&address.value), address.size) == 0 && ::listen(file_, 8) == 0)
    return true;
  ::close(file_);
  file_ = -1;
  return false;
}

void StderrDesk::Answer() const {
  while (true) {
    const int connection = ::accept4(file_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0 && errno == EINTR) continue;
    if (connection < 0) return;
    if (IsOurs(connection)) SendFile(connection, STDERR_FILENO);
    ::close(connection);
  }
}

int OwnStderrCommand(const std::vector<std::string>& args) {
  if (args.size() < 2) {
    fmt::print(stderr, "cgo-ld-shim: {} is what `cgo-ld-shim go run` tells go; it is not for the command line\n",
               kOwnStderrCommand);
    return kUsage;
  }
  TakeStderr(args[0]);
  // What a build of the program's own would say would be taken for this build's.
  for (const char* variable : {report::kMarkVariable, report::kScreenVariable, doctor::kProgressVariable})
    ::unsetenv(variable);
  const std::vector<std::string> program(args.begin() + 1, args.end());
  // Not support::ExecProcess: it is no compiler.
  ::execv(program[0].c_str(), support::Pointers(program).data());
  // As go says it.
  fmt::print(stderr, "fork/exec {}: {}\n", support::Printable(program[0]), support::ErrnoText(errno));
  return kFailed;
}

}  // namespace cgo_ld_shim::commands

// The stderr of a program that `cgo-ld-shim go run` starts. Go gives the program its own stderr, and that is a pipe
// here, in which failed links are shown shorter (go_output.h). So go starts the program through this one (go's -exec),
// which asks the process above for the real stderr, gets that very file (SCM_RIGHTS in unix(7)), and becomes the
// program: what was a terminal is one, and nothing stands between.
//
// Example, above:
//   StderrDesk desk;
//   if (desk.Open()) argv.insert(…, {"-exec", absl::StrCat(self, " ", kOwnStderrCommand, " ", desk.name())});
//   // poll(2) says that desk.file() is readable: all that go has said is shown, then
//   desk.Answer();
// Below, as `cgo-ld-shim --cgo-ld-shim-own-stderr NAME PROGRAM ARGUMENTS…`: OwnStderrCommand.
//
// The compilers that go starts get no file of ours: one of them may leave a server behind, which would hold it open.
#ifndef CGO_LD_SHIM_SHIM_COMMANDS_OWN_STDERR_H_
#define CGO_LD_SHIM_SHIM_COMMANDS_OWN_STDERR_H_

#include <string>
#include <vector>

namespace cgo_ld_shim::commands {

// The front knows this word (shim/front.cc). It is no person's.
inline constexpr char kOwnStderrCommand[] = "--cgo-ld-shim-own-stderr";

// Hands this process's stderr to those of the same user who know its name, which is a random one.
class StderrDesk {
 public:
  StderrDesk() = default;
  ~StderrDesk();
  StderrDesk(const StderrDesk&) = delete;
  StderrDesk& operator=(const StderrDesk&) = delete;

  bool Open();  // false: the system allows no such socket
  bool IsOpen() const { return file_ >= 0; }
  int file() const { return file_; }  // readable: somebody asks; -1: not open
  const std::string& name() const { return name_; }
  // To all who ask now.
  void Answer() const;

 private:
  int file_ = -1;
  std::string name_;
};

// `args`: the desk's name, the program, its arguments. Becomes the program, with the desk's stderr and without our
// variables between processes. Where the desk has gone, the stderr is the present one. Returns only where the program
// cannot be started: the exit status.
int OwnStderrCommand(const std::vector<std::string>& args);

}  // namespace cgo_ld_shim::commands

#endif  // CGO_LD_SHIM_SHIM_COMMANDS_OWN_STDERR_H_

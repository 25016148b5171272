// What becomes of this process, of the programs that it has started, and of its temporary files when SIGINT, SIGTERM,
// SIGHUP or SIGQUIT comes: the programs are ended first, with all that they have started, so that none writes an output
// after we have gone; then the files go; then this process ends by the same signal, as a shell expects.
//
// Example:
//   CatchInterrupts();
//   Ward ward;                    // before it can start others
//   ward.Is(StartProcess(…));
//   waitpid(…);
//
// A signal that is ignored (nohup) stays ignored. A child that we fork without an exec calls LetInterruptsEnd.
#ifndef CGO_LD_SHIM_SUPPORT_INTERRUPT_H_
#define CGO_LD_SHIM_SUPPORT_INTERRUPT_H_

#include <sys/types.h>

namespace cgo_ld_shim::support {

// From now on, for this process. May be called any number of times.
void CatchInterrupts();
// In a child: signals end it as they would end any program.
void LetInterruptsEnd();

// As long as it lives, descendants of ours whose parent has gone become our children, so that a signal ends them with
// us. One at a time.
class Ward {
 public:
  Ward();
  ~Ward();
  Ward(const Ward&) = delete;
  Ward& operator=(const Ward&) = delete;
  void Is(pid_t child);  // to which signals are handed that are remembered
};

// As long as it lives, a signal is remembered instead, and handed to the ward where a terminal has not done so: for
// callers that go on to clean up by themselves.
class InterruptsRemembered {
 public:
  InterruptsRemembered();
  ~InterruptsRemembered();
  InterruptsRemembered(const InterruptsRemembered&) = delete;
  InterruptsRemembered& operator=(const InterruptsRemembered&) = delete;
  int signal() const;  // 0: none so far

 private:
  const bool before_;
};

// Ends this process by the signal that interrupted it, without its temporary files.
[[noreturn]] void EndBySignal(int signal);

}  // namespace cgo_ld_shim::support

#endif  // CGO_LD_SHIM_SUPPORT_INTERRUPT_H_

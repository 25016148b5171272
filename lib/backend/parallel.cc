// LLVM's parallel loops and task groups, on which lld runs, made anew: the thread that waits for a loop works in it.
//
// LLVM leaves all work to a pool of as many threads as there are processors, hands it over in up to 1,024 pieces a
// loop, each behind a lock and with a wake-up, and waits. A link has some fifty loops, most of them shorter than the
// time that a thread takes to wake. Here a loop is one counter that whoever is awake takes pieces from, and the caller
// is always awake (bench/README.md has what that gives).
//
// What lld relies on stays: a thread's index is below getThreadCount(), two threads that work at a time have different
// ones, and a loop inside a loop runs on the thread that came to it. The order of pieces is as open as LLVM's, so no
// byte of a link depends on it. As in output_buffer.cc: an object of its own, in the link before LLVM's archive is
// searched.
#include "llvm/Support/Parallel.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <climits>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Threading.h"

namespace llvm::parallel {

ThreadPoolStrategy strategy;
thread_local unsigned threadIndex = UINT_MAX;

namespace {

class Executor {
 public:
  // Lives to the end of the process: its threads are asleep whenever there is no loop, and nothing joins them. A child
  // process (backend/child.h) has none of them, and makes an executor of its own.
  static Executor& Get() {
    static const int registered = pthread_atfork(nullptr, nullptr, [] { current_ = nullptr; });
    (void)registered;
    if (Executor* there = current_) return *there;
    Executor* there = nullptr;
    auto* const made = new Executor;
    if (current_.compare_exchange_strong(there, made)) return *made;
    delete made;
    return *there;
  }

  unsigned Threads() const { return threads_; }

  // `task` runs on another thread, or in Help; where there is no other thread, now.
  void Add(std::function<void()> task) {
    std::unique_lock lock(mutex_);
    if (most_workers_ == 0) {
      lock.unlock();
      RunHere(task);
      return;
    }
    tasks_.push_back(std::move(task));
    GetOneMore(lock);
  }

  // Runs tasks on this thread, which is none of the pool's, until none is left to begin. There is one such thread at a
  // time (Starter), so that it can be number 0.
  void Help() {
    std::unique_lock lock(mutex_);
    while (!tasks_.empty()) {
      const std::function<void()> task = Take();
      GetOneMore(lock);
      RunHere(task);
      lock.lock();
    }
  }

 private:
  Executor() : threads_(std::max(strategy.compute_thread_count(), 1U)), most_workers_(threads_ - 1) {}

  static void RunHere(const std::function<void()>& task) {
    const unsigned before = std::exchange(threadIndex, 0);
    task();
    threadIndex = before;
  }

  std::function<void()> Take() {
    std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    return task;
  }

  // Gives the lock back and, for the tasks that wait, sets one more thread going: each that comes gets the next one, so
  // that the thread with the loop pays for one alone, and one that is on its way is enough.
  void GetOneMore(std::unique_lock<std::mutex>& lock) {
    if (tasks_.empty() || starting_ || woken_) {
      lock.unlock();
    } else if (sleeping_ > 0) {
      --sleeping_;
      woken_ = true;
      lock.unlock();
      wake_.notify_one();
    } else if (workers_ < most_workers_) {
      // Threads are made as they are needed: a small link never comes to have sixteen.
      ++workers_;
      starting_ = true;
      lock.unlock();
      if (!StartWorker()) GoOnWithout();
    } else {
      lock.unlock();
    }
  }

  bool StartWorker() {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    // Not std::thread, which would end the process.
    const int error = pthread_create(
        &thread, &attributes,
        [](void* executor) -> void* {
          static_cast<Executor*>(executor)->Work();
          return nullptr;
        },
        this);
    pthread_attr_destroy(&attributes);
    return error == 0;
  }

  // There may be no more threads, by a limit of the user or the container: those that are there do it.
  void GoOnWithout() {
    std::unique_lock lock(mutex_);
    starting_ = false;
    most_workers_ = --workers_;
    if (most_workers_ > 0) return;
    lock.unlock();
    Help();
  }

  void Work() {
    std::unique_lock lock(mutex_);
    starting_ = false;
    threadIndex = workers_;  // one starts at a time, so this is the last of them
    while (true) {
      while (!tasks_.empty()) {
        const std::function<void()> task = Take();
        GetOneMore(lock);
        task();
        lock.lock();
      }
      ++sleeping_;
      wake_.wait(lock, [this] { return woken_; });
      woken_ = false;
    }
  }

  static inline std::atomic<Executor*> current_ = nullptr;

  const unsigned threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;  // begun by nobody yet
  unsigned most_workers_;
  unsigned workers_ = 0;
  unsigned sleeping_ = 0;  // of the workers: asleep, and nobody has woken them
  // One of the workers has been made, or woken, and is not yet at work.
  bool starting_ = false, woken_ = false;
};

// Held by the thread outside of the pool that has begun a loop: a second one waits until it has ended. Recursive,
// because a thread may have two groups at a time.
std::recursive_mutex& Starter() {
  static auto* const mutex = new std::recursive_mutex;
  return *mutex;
}

}  // namespace

size_t getThreadCount() { return Executor::Get().Threads(); }

// A group within a task is not parallel: its tasks run as they come.
TaskGroup::TaskGroup() : Parallel(strategy.ThreadsRequested != 1 && threadIndex == UINT_MAX) {
  if (Parallel) Starter().lock();
}

TaskGroup::~TaskGroup() {
  if (Parallel) Executor::Get().Help();
  L.sync();
  if (Parallel) Starter().unlock();
}

#ifdef LLVM_SPAWN_SEQUENTIAL
void TaskGroup::spawn(std::function<void()> task, bool sequential) {
  // Older LLVMs can ask for tasks in the order in which they come (lld does not).
  if (!Parallel || sequential) {
#else
void TaskGroup::spawn(std::function<void()> task) {
  if (!Parallel) {
#endif
    task();
    return;
  }
  L.inc();
  Executor::Get().Add([this, task = std::move(task)] {
    task();
    L.dec();
  });
}

}  // namespace llvm::parallel

namespace llvm {

void parallelFor(size_t begin, size_t end, function_ref<void(size_t)> body) {
  if (begin >= end) return;
  const size_t items = end - begin;
  // As many pieces as LLVM makes: enough that one heavy item does not leave the other threads idle.
  const size_t piece = std::max<size_t>(items / 1024, 1), pieces = (items + piece - 1) / piece;
  std::atomic<size_t> next = begin;
  const auto work = [&] {
    for (size_t first; (first = next.fetch_add(piece, std::memory_order_relaxed)) < end;) {
      for (size_t i = first, last = std::min(first + piece, end); i < last; ++i) body(i);
    }
  };
  parallel::TaskGroup group;  // its end waits for the tasks, and works
  const size_t tasks = group.isParallel() ? std::min(pieces, parallel::getThreadCount()) : 1;
  for (size_t i = 0; i < tasks; ++i) group.spawn(work);
}

}  // namespace llvm

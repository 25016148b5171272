// lib/backend/parallel.cc stands in for LLVM's parallel loops, under LLVM's names.
#include "llvm/Support/Parallel.h"

#include <algorithm>
#include <atomic>
#include <climits>
#include <functional>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cgo_ld_shim {
namespace {

using ::testing::ElementsAre;

TEST(ParallelTest, VisitsEachItemOnce) {
  for (const size_t items : {0, 1, 2, 3, 17, 1023, 1024, 1025, 5000, 100000}) {
    std::vector<std::atomic<int>> visits(items + 10);
    llvm::parallelFor(5, 5 + items, [&](size_t i) { ++visits[i]; });
    for (size_t i = 0; i < visits.size(); ++i) {
      ASSERT_EQ(visits[i], i >= 5 && i < 5 + items ? 1 : 0) << i << " of " << items;
    }
  }
}

TEST(ParallelTest, AnEmptyOrTurnedRangeHasNoItems) {
  llvm::parallelFor(3, 3, [](size_t) { FAIL(); });
  llvm::parallelFor(4, 3, [](size_t) { FAIL(); });
}

// lld keeps an array of getThreadCount() elements for a loop, and each thread writes to its own.
TEST(ParallelTest, ThreadsThatWorkAtATimeHaveDifferentNumbers) {
  std::vector<std::atomic<int>> at_work(llvm::parallel::getThreadCount());
  for (int round = 0; round < 200; ++round) {
    llvm::parallelFor(0, 64, [&](size_t) {
      const unsigned index = llvm::parallel::getThreadIndex();
      ASSERT_LT(index, at_work.size());
      ASSERT_EQ(at_work[index].fetch_add(1), 0);
      std::this_thread::yield();
      at_work[index].fetch_sub(1);
    });
  }
  EXPECT_EQ(llvm::parallel::threadIndex, UINT_MAX) << "the caller is no thread of the pool between loops";
}

// lld starts loops from one thread; a second one waits for its turn.
TEST(ParallelTest, LoopsOfTwoThreadsDoNotMeet) {
  std::vector<std::atomic<int>> at_work(llvm::parallel::getThreadCount());
  std::atomic<int> visits = 0;
  const auto loops = [&] {
    for (int round = 0; round < 100; ++round) {
      llvm::parallelFor(0, 64, [&](size_t) {
        const unsigned index = llvm::parallel::getThreadIndex();
        EXPECT_EQ(at_work[index].fetch_add(1), 0);
        ++visits;
        at_work[index].fetch_sub(1);
      });
    }
  };
  std::thread first(loops), second(loops);
  first.join();
  second.join();
  EXPECT_EQ(visits, 2 * 100 * 64);
}

TEST(ParallelTest, ALoopInALoopStaysOnItsThread) {
  std::atomic<int> visits = 0;
  llvm::parallelFor(0, 16, [&](size_t) {
    const std::thread::id outer = std::this_thread::get_id();
    const unsigned index = llvm::parallel::getThreadIndex();
    llvm::parallelFor(0, 100, [&](size_t) {
      EXPECT_EQ(std::this_thread::get_id(), outer);
      EXPECT_EQ(llvm::parallel::getThreadIndex(), index);
      ++visits;
    });
    llvm::parallel::TaskGroup group;
    EXPECT_FALSE(group.isParallel());
  });
  EXPECT_EQ(visits, 1600);
}

TEST(ParallelTest, AGroupEndsWhenItsTasksHave) {
  for (int round = 0; round < 200; ++round) {
    std::atomic<int> done = 0;
    {
      llvm::parallel::TaskGroup group;
      for (int i = 0; i < round % 20; ++i) group.spawn([&done] { ++done; });
    }
    ASSERT_EQ(done, round % 20);
  }
}

// sync waits without working: the other threads must do all of it. With one thread, spawn does.
TEST(ParallelTest, SyncWaitsForWhatWasSpawned) {
  std::atomic<int> done = 0;
  llvm::parallel::TaskGroup group;
  for (int round = 1; round <= 50; ++round) {
    for (int i = 0; i < 10; ++i) group.spawn([&done] { ++done; });
    group.sync();
    ASSERT_EQ(done, 10 * round);
  }
}

TEST(ParallelTest, ATaskMayTakeLongWithoutHoldingUpTheLoop) {
  if (llvm::parallel::getThreadCount() < 2) GTEST_SKIP() << "one processor";
  // The first item ends only when all others have: with a thread less it would never.
  std::atomic<int> others = 0;
  llvm::parallelFor(0, 50, [&](size_t i) {
    if (i > 0) {
      ++others;
      return;
    }
    while (others < 49) std::this_thread::yield();
  });
  EXPECT_EQ(others, 49);
}

TEST(ParallelTest, OneThreadRunsEverythingInOrder) {
  const llvm::ThreadPoolStrategy before = llvm::parallel::strategy;
  llvm::parallel::strategy = llvm::hardware_concurrency(1);
  std::vector<size_t> order;
  llvm::parallelFor(0, 5, [&](size_t i) {
    order.push_back(i);
    EXPECT_EQ(llvm::parallel::getThreadIndex(), 0U);
  });
  llvm::parallel::strategy = before;
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4));
}

TEST(ParallelTest, SortsAsLlvmsOwn) {
  std::vector<uint32_t> numbers(200000);
  uint32_t state = 1;
  for (uint32_t& number : numbers) number = state = state * 1664525 + 1013904223;
  std::vector<uint32_t> expected = numbers;
  std::sort(expected.begin(), expected.end());
  llvm::parallelSort(numbers.begin(), numbers.end(), std::less<uint32_t>());
  EXPECT_EQ(numbers, expected);
}

}  // namespace
}  // namespace cgo_ld_shim

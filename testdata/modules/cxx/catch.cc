#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

thread_local int calls = 0;  // each thread begins at 0

int Throwing(bool throw_it) {
  if (throw_it) throw std::runtime_error("thrown");
  return 1;
}

}  // namespace

extern "C" const char* catch_it(int throw_it) {
  static std::string said;
  try {
    Throwing(throw_it != 0);
    said = "nothing to catch";
  } catch (const std::exception& e) {
    said = std::string("caught ") + e.what();
  }
  return said.c_str();
}

extern "C" int count_in_threads(int threads) {
  std::vector<int> counts(threads);
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) running.emplace_back([&counts, i] { counts[i] = ++calls; });
  for (std::thread& thread : running) thread.join();
  int sum = calls;
  for (int count : counts) sum += count;
  return sum;
}

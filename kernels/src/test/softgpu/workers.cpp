#include "workers.h"

#include <pthread.h>
#include <sys/mman.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <numeric>
#include <thread>

#include "codes.h"
#include "memory.h"

namespace softgpu {
namespace {

constexpr unsigned MOST_WORKERS = 8;  // each may map over 2000 regions, of 65530
constexpr size_t SIGNAL_STACK = 64 * 1024;

unsigned fromEnvironment(const char* name, unsigned otherwise) {
  const char* text = getenv(name);
  return text ? unsigned(strtoul(text, nullptr, 10)) : otherwise;
}

class Workers {
 public:
  // Never destroyed: its threads end with the process.
  static Workers& all() {
    static Workers* workers = new Workers;
    return *workers;
  }

  void run(uint64_t count, const std::function<void(BlockRunner&, uint64_t)>& body) {
    std::lock_guard<std::mutex> one(submission);
    std::unique_lock<std::mutex> guard(lock);
    job = &body;
    end = count;
    next = 0;
    round++;
    unsigned helpers = unsigned(std::min<uint64_t>(count, size));
    wanted = helpers;
    for (unsigned i = 0; i < helpers; i++) work.notify_one();
    finished.wait(guard, [&] { return wanted == 0 && busy == 0; });
    job = nullptr;
  }

 private:
  std::mutex submission, lock;
  std::condition_variable work, finished;
  const std::function<void(BlockRunner&, uint64_t)>* job = nullptr;
  std::atomic<uint64_t> next{0};
  uint64_t end = 0, round = 0;
  unsigned size, wanted = 0, busy = 0;

  Workers() {
    unsigned cores = std::max(1u, std::thread::hardware_concurrency());
    size = std::clamp(fromEnvironment("SOFTGPU_THREADS", cores), 1u, MOST_WORKERS);
    for (unsigned i = 0; i < size; i++) std::thread([this] { loop(); }).detach();
  }

  void loop() {
    // A JVM's signals are for its own threads; an overflowed stack needs another to report on.
    sigset_t others;
    sigfillset(&others);
    for (int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) sigdelset(&others, fault);
    pthread_sigmask(SIG_BLOCK, &others, nullptr);
    stack_t alternative{};
    alternative.ss_size = SIGNAL_STACK;
    alternative.ss_sp = malloc(SIGNAL_STACK);
    sigaltstack(&alternative, nullptr);

    auto* runner = new BlockRunner;
    std::unique_lock<std::mutex> guard(lock);
    for (;;) {
      work.wait(guard, [&] { return wanted > 0; });
      wanted--;
      busy++;
      auto* body = job;
      guard.unlock();
      for (uint64_t i; (i = next.fetch_add(1)) < end;) (*body)(*runner, i);
      guard.lock();
      busy--;
      if (wanted == 0 && busy == 0) finished.notify_one();
    }
  }
};

std::atomic<uint64_t> seed{1}, drawn{0};

}  // namespace

void setSeed(uint64_t value) {
  seed = value;
  drawn = 0;
}

uint64_t nextRandom() {
  if (!seed) return 0;
  uint64_t x = seed * 0x9e3779b97f4a7c15u + ++drawn * 0xd1342543de82ef95u;
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93u;
  return (x ^ x >> 32) | 1;
}

void parallel(uint64_t count, const std::function<void(BlockRunner&, uint64_t)>& body) {
  Workers::all().run(count, body);
}

Fault runKernel(const Kernel* kernel, void** parameters, dim3 grid, dim3 block,
                unsigned dynamicShared) {
  static std::atomic<uint64_t> launches{0};
  Launch launch;
  launch.id = ++launches;
  launch.kernel = kernel;
  launch.parameters = parameters;
  launch.grid = grid;
  launch.block = block;
  launch.dynamicShared = dynamicShared;
  launch.seed = nextRandom();
  // Blocks begin in the order (offset + i * stride) mod count, a permutation for a coprime stride.
  uint64_t count = uint64_t(grid.x) * grid.y * grid.z, stride = 1, offset = 0;
  if (launch.seed && count > 1) {
    offset = launch.seed % count;
    stride = launch.seed / 7 % count;
    while (std::gcd(stride, count) != 1) stride++;
  }
  parallel(count, [&](BlockRunner& runner, uint64_t i) {
    uint64_t number = uint64_t((offset + (unsigned __int128)i * stride) % count);
    if (!launch.failed) runner.run(launch, number);
  });
  if (launch.fault) return launch.fault;
  Fault slack = Memory::device().checkSlack();
  if (slack) slack.text = std::string(kernel->name) + " " + slack.text;
  return slack;
}

}  // namespace softgpu

// Runs one block: a fiber per thread, its barriers, its warps and its shared memory.
#pragma once
#include <atomic>
#include <mutex>
#include <vector>

#include "faults.h"
#include "fibers.h"
#include "kernel_abi.h"

namespace softgpu {

constexpr unsigned MAX_THREADS = 1024;  // of a block
constexpr unsigned WARP_SIZE = 32;
constexpr unsigned MAX_SHARED = 99 * 1024;
constexpr size_t PAGE = 4096;
constexpr size_t STACK = 64 * 1024;  // of a thread, with a protected page at its end
constexpr size_t SHARED_GUARD = size_t(1) << 20;
constexpr unsigned char POISON = 0xff;  // reads as NaN in every floating-point type
constexpr unsigned char SLACK = 0xa5;   // what nobody may write

inline size_t roundUp(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

// A kernel's run over its grid, shared by the workers.
struct Launch {
  uint64_t id;  // never 0
  const Kernel* kernel;
  void** parameters;
  dim3 grid, block;
  unsigned dynamicShared;
  uint64_t seed;  // of the order of threads; 0 is ascending
  std::atomic<bool> failed{false};
  std::mutex lock;
  Fault fault;  // the first one
};

struct AsyncCopy {
  void* to;
  const void* from;
  unsigned bytes;
  bool zeros;
  unsigned group;
};

// The part of a block that runs one CUDA thread.
struct Thread : ThreadView {
  FiberContext context;
  int stack;
  bool begun, done, atBarrier;
  const Place* waiting;
  unsigned groups;  // cp.async groups committed so far
  std::vector<AsyncCopy> copies;
};

// Lanes of one mask on their way to meet, and those that have still to read what they met with.
struct Rendezvous {
  unsigned mask, arrived, leaving, generation;
  Place place;
  unsigned met[2];
  uint64_t values[2][WARP_SIZE];
};

struct Warp {
  static constexpr int MASKS = WARP_SIZE;  // each lane holds up one at most
  unsigned live;
  int used;
  Rendezvous meetings[MASKS];
};

std::string describe(const Place& place);

// What a signal handler noted; the sentence is made outside of it.
struct Trap {
  int signal, code;
  bool write;
  uintptr_t address;
};

class BlockRunner : public BlockView {
 public:
  BlockRunner();
  void run(Launch& launch, uint64_t blockNumber);

  // The runner whose kernel the calling OS thread is in, or null.
  static BlockRunner* current();
  Trap trap;
  [[noreturn]] static void trapped();
  long long trapStack();  // where trapped() runs
  [[noreturn]] void fail(int code, const std::string& what);

  int barrier(int value, Vote vote, const Place& place);
  Exchanged exchange(unsigned mask, uint64_t value, const Place& place);
  unsigned liveLanes();
  void* dynamicShared();
  void copyAsync(const AsyncCopy& copy);
  void commitCopies();
  void waitCopies(unsigned groupsLeft);

 private:
  Thread threads[MAX_THREADS];
  Warp warps[MAX_THREADS / WARP_SIZE];
  FiberContext host, abandoned;
  unsigned char* stacks;
  std::vector<bool> guarded;
  std::vector<int> freeStacks;
  Thread* ready[MAX_THREADS];
  unsigned readyHead, readyTail;
  unsigned count, started, live;
  unsigned startStride, startOffset;
  unsigned arrived, generation;
  int votes[3], result[3];
  Place barrierPlace;
  bool failed, synchronized;
  uint64_t random;
  Launch* launch;
  unsigned char* sharedEnd;  // a protected page begins here
  uint64_t poisonedFor = 0;
  unsigned char *staticShared, *touchedFrom, *touchedTo;
  size_t staticSharedBytes;

  static void entry();
  Thread* self() { return static_cast<Thread*>(softgpuThread); }
  unsigned nextRandom(unsigned bound);
  void shuffleStarts();
  Thread* begin(unsigned order);
  Thread* next();
  void makeReady(Thread* thread);
  void wait(Thread* thread, const Place& place);
  void arriveAll();
  void meet(Rendezvous& meeting, unsigned firstThread);
  void exit(Thread* thread);
  void releaseStacks();
  void findStaticShared();
  void poisonShared();
  void learnTouched();
  void checkSharedSlack();
  std::string whereThreadsWait();
  std::string position(const Thread* thread);
  Fault explain(const Trap& trap);
};

}  // namespace softgpu

// What a kernel did wrong, in words, and how its block ends.
#include <csignal>

#include "block.h"
#include "codes.h"
#include "memory.h"

namespace softgpu {

std::string describe(const Place& place) {
  return format("%s (%s:%d)", place.what, fileName(place.file), place.line);
}

std::string BlockRunner::position(const Thread* thread) {
  return format("%s, block (%u,%u,%u), thread (%u,%u,%u)", launch->kernel->name, blockIdx.x,
                blockIdx.y, blockIdx.z, thread->threadIdx.x, thread->threadIdx.y,
                thread->threadIdx.z);
}

// Threads in runs: "threads 0-15 wait in __shfl_sync (a.cu:3), 16-63 in __syncthreads (a.cu:5)".
std::string BlockRunner::whereThreadsWait() {
  constexpr int MOST_RUNS = 8;
  auto state = [&](const Thread& thread) -> std::string {
    if (thread.done) return "returned";
    if (!thread.begun) return "not begun";
    return thread.waiting ? "wait in " + describe(*thread.waiting) : "run";
  };
  std::string text;
  int runs = 0;
  for (unsigned i = 0; i < count;) {
    std::string here = state(threads[i]);
    unsigned end = i + 1;
    while (end < count && state(threads[end]) == here) end++;
    if (runs == MOST_RUNS) return text + ", ...";
    text += runs++ ? ", " : "";
    text += end - i > 1 ? format("threads %u-%u ", i, end - 1) : format("thread %u ", i);
    text += here;
    i = end;
  }
  return text;
}

void BlockRunner::fail(int code, const std::string& what) {
  {
    std::lock_guard<std::mutex> guard(launch->lock);
    if (!launch->failed.exchange(true)) launch->fault = {code, position(self()) + ": " + what};
  }
  failed = true;
  switchFiber(abandoned, host);
  __builtin_unreachable();
}

// A trap in memory that this runner owns, or in the device's.
Fault BlockRunner::explain(const Trap& trap) {
  if (trap.signal == SIGSEGV && trap.address - uintptr_t(stacks) < STACK * MAX_THREADS) {
    return {ILLEGAL_ADDRESS, format("the thread overflows its stack of %zu bytes", STACK - PAGE)};
  }
  if (trap.signal == SIGSEGV && trap.address - uintptr_t(sharedEnd) < SHARED_GUARD) {
    size_t at = trap.address - uintptr_t(dynamicShared());
    return {ILLEGAL_ADDRESS, format("%s byte %zu, past the end, of its %u bytes of dynamic shared "
                                    "memory",
                                    trap.write ? "writes" : "reads", at, launch->dynamicShared)};
  }
  return describeTrap(trap);
}

// The top of a stack that no thread uses: a fault may come from a stack that overflowed.
long long BlockRunner::trapStack() {
  return reinterpret_cast<long long>(stacks + STACK * (MAX_THREADS + 1)) - sizeof(void*);
}

void BlockRunner::trapped() {
  BlockRunner* runner = current();
  Fault fault = runner->explain(runner->trap);
  runner->fail(fault.code, fault.text);
}

}  // namespace softgpu

void softgpuAssert(const char* text, const char* file, int line) {
  const char* name = softgpu::fileName(file);
  softgpu::BlockRunner::current()->fail(
      softgpu::ASSERT, softgpu::format("assertion \"%s\" failed at %s:%d", text, name, line));
}

#include "block.h"

#include <sys/mman.h>

#include <cstring>
#include <numeric>

#include "codes.h"

asm(R"(
.text
.globl softgpuSwitch
.hidden softgpuSwitch
.type softgpuSwitch,@function
softgpuSwitch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp,(%rdi)
  movq %rsi,%rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size softgpuSwitch,.-softgpuSwitch
)");

extern "C" {
__thread softgpu::ThreadView* softgpuThread = nullptr;
}

namespace softgpu {
namespace {

// Tops of stacks lie in different sets of the cache.
constexpr size_t COLOURS = 61, COLOUR = 192;

thread_local BlockRunner* running = nullptr;

unsigned char* reserve(size_t bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return static_cast<unsigned char*>(memory);
}

// SplitMix64, by Steele, Lea and Flood: a stream of its own for every block.
uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

bool same(const Place& a, const Place& b) {
  auto equal = [](const char* x, const char* y) { return x == y || !strcmp(x, y); };
  return a.line == b.line && equal(a.what, b.what) && equal(a.file, b.file);
}

}  // namespace

BlockRunner* BlockRunner::current() { return running; }

BlockRunner::BlockRunner() : guarded(MAX_THREADS, false) {
  stacks = reserve(STACK * (MAX_THREADS + 1));
  size_t bytes = roundUp(MAX_SHARED, PAGE);
  sharedEnd = reserve(bytes + SHARED_GUARD) + bytes;
  mprotect(sharedEnd, SHARED_GUARD, PROT_NONE);
  releaseStacks();
}

void BlockRunner::releaseStacks() {
  freeStacks.clear();
  for (int i = MAX_THREADS; i-- > 0;) freeStacks.push_back(i);
}

unsigned BlockRunner::nextRandom(unsigned bound) {
  random = random * 6364136223846793005u + 1442695040888963407u;
  return unsigned((random >> 32) * bound >> 32);
}

// Threads begin in the order (offset + i * stride) mod count, a permutation for a coprime stride.
void BlockRunner::shuffleStarts() {
  startStride = 1;
  startOffset = 0;
  if (!random || count == 1) return;
  startOffset = nextRandom(count);
  do startStride = 1 + nextRandom(count);
  while (std::gcd(startStride, count) != 1);
}

Thread* BlockRunner::begin(unsigned order) {
  unsigned index = unsigned((startOffset + uint64_t(order) * startStride) % count);
  Thread& thread = threads[index];
  thread.linear = index;
  thread.block = this;
  thread.begun = true;
  thread.groups = 0;
  thread.copies.clear();
  thread.threadIdx = {index % blockDim.x, index / blockDim.x % blockDim.y,
                      index / (blockDim.x * blockDim.y)};
  return &thread;
}

// The thread that goes on, or null when none can.
Thread* BlockRunner::next() {
  bool anyReady = readyHead != readyTail;
  if (anyReady && (started == count || !random || nextRandom(2))) {
    if (random) {
      unsigned chosen = readyHead + nextRandom(readyTail - readyHead);
      std::swap(ready[readyHead % MAX_THREADS], ready[chosen % MAX_THREADS]);
    }
    return ready[readyHead++ % MAX_THREADS];
  }
  if (started == count) return nullptr;
  Thread* thread = begin(started++);
  thread->stack = freeStacks.back();
  freeStacks.pop_back();
  unsigned char* stack = stacks + STACK * thread->stack;
  if (!guarded[thread->stack]) {
    mprotect(stack, PAGE, PROT_NONE);
    guarded[thread->stack] = true;
  }
  thread->context = makeFiber(stack + STACK - thread->stack % COLOURS * COLOUR, &entry);
  return thread;
}

void BlockRunner::makeReady(Thread* thread) {
  thread->waiting = nullptr;
  ready[readyTail++ % MAX_THREADS] = thread;
}

void BlockRunner::wait(Thread* thread, const Place& place) {
  thread->waiting = &place;
  Thread* other = next();
  if (!other) {
    fail(LAUNCH_TIMEOUT, "deadlock: " + whereThreadsWait());
  }
  if (other != thread) {
    softgpuThread = other;
    switchFiber(thread->context, other->context);
  }
  softgpuThread = thread;
}

void BlockRunner::entry() {
  Thread* thread = static_cast<Thread*>(softgpuThread);
  auto* runner = static_cast<BlockRunner*>(thread->block);
  for (;;) {
    runner->launch->kernel->call(runner->launch->kernel->function, runner->launch->parameters);
    runner->exit(thread);
    // While nothing waits, the next thread begins on this stack: a kernel without barriers costs
    // no switch at all.
    if (runner->readyHead == runner->readyTail && runner->started < runner->count) {
      int stack = thread->stack;
      thread = runner->begin(runner->started++);
      thread->stack = stack;
      softgpuThread = thread;
      continue;
    }
    runner->freeStacks.push_back(thread->stack);
    Thread* other = runner->next();
    if (!other) {
      if (runner->live) {
        runner->fail(LAUNCH_TIMEOUT, "deadlock: " + runner->whereThreadsWait());
      }
      switchFiber(runner->abandoned, runner->host);
    }
    softgpuThread = other;
    switchFiber(runner->abandoned, other->context);
  }
}

void BlockRunner::exit(Thread* thread) {
  thread->done = true;
  live--;
  unsigned warpStart = thread->linear / WARP_SIZE * WARP_SIZE;
  Warp& warp = warps[thread->linear / WARP_SIZE];
  warp.live &= ~(1u << thread->linear % WARP_SIZE);
  for (int i = 0; i < warp.used; i++) {
    Rendezvous& meeting = warp.meetings[i];
    if (meeting.arrived && (meeting.arrived & warp.live) == (meeting.mask & warp.live)) {
      meet(meeting, warpStart);
    }
  }
  if (arrived && arrived == live) arriveAll();
}

void BlockRunner::arriveAll() {
  memcpy(result, votes, sizeof result);
  votes[int(Vote::COUNT)] = 0;
  votes[int(Vote::AND)] = 1;
  votes[int(Vote::OR)] = 0;
  arrived = 0;
  generation++;
  for (unsigned i = 0; i < count; i++) {
    Thread& thread = threads[i];
    if (!thread.atBarrier) continue;
    thread.atBarrier = false;
    makeReady(&thread);
  }
}

int BlockRunner::barrier(int value, Vote vote, const Place& place) {
  Thread* thread = self();
  synchronized = true;
  if (arrived == 0) {
    barrierPlace = place;
  } else if (!same(barrierPlace, place)) {
    thread->waiting = &place;
    fail(LAUNCH_FAILED, "different barriers meet: " + whereThreadsWait());
  }
  votes[int(Vote::COUNT)] += value;
  votes[int(Vote::AND)] &= value;
  votes[int(Vote::OR)] |= value;
  arrived++;
  if (arrived == live) {
    arriveAll();
  } else {
    thread->atBarrier = true;
    for (unsigned before = generation; generation == before;) wait(thread, place);
  }
  return result[int(vote)];
}

void BlockRunner::meet(Rendezvous& meeting, unsigned firstThread) {
  for (unsigned lanes = meeting.arrived; lanes; lanes &= lanes - 1) {
    unsigned lane = unsigned(__builtin_ctz(lanes));
    Thread* thread = &threads[firstThread + lane];
    if (!thread->waiting) continue;  // the last to arrive
    meeting.leaving |= 1u << lane;
    makeReady(thread);
  }
  meeting.met[meeting.generation % 2] = meeting.arrived;
  meeting.arrived = 0;
  meeting.generation++;
}

Exchanged BlockRunner::exchange(unsigned mask, uint64_t value, const Place& place) {
  Thread* thread = self();
  synchronized = true;
  Warp& warp = warps[thread->linear / WARP_SIZE];
  unsigned lane = thread->linear % WARP_SIZE;
  if (!(mask >> lane & 1)) {
    fail(LAUNCH_FAILED, format("%s is called by lane %u, which its mask %08x leaves out",
                               describe(place).c_str(), lane, mask));
  }
  Rendezvous* meeting = nullptr;
  for (int i = 0; i < warp.used && !meeting; i++) {
    if (warp.meetings[i].mask == mask) meeting = &warp.meetings[i];
  }
  if (!meeting) {
    for (int i = 0; i < warp.used && !meeting; i++) {
      Rendezvous& old = warp.meetings[i];
      if (!old.arrived && !old.leaving) meeting = &old;
    }
    if (!meeting) {
      meeting = &warp.meetings[warp.used++];
      *meeting = {};
    }
    meeting->mask = mask;
  }
  unsigned turn = meeting->generation % 2;
  uint64_t* values = meeting->values[turn];
  if (!meeting->arrived) {
    meeting->place = place;
    memset(values, POISON, sizeof meeting->values[0]);
  } else if (!same(meeting->place, place)) {
    thread->waiting = &place;
    fail(LAUNCH_FAILED, "different operations of one warp meet: " + whereThreadsWait());
  }
  values[lane] = value;
  meeting->arrived |= 1u << lane;
  if ((meeting->arrived & warp.live) == (mask & warp.live)) {
    meet(*meeting, thread->linear / WARP_SIZE * WARP_SIZE);
  } else {
    for (unsigned before = meeting->generation; meeting->generation == before;) {
      wait(thread, place);
    }
    meeting->leaving &= ~(1u << lane);
  }
  return {values, meeting->met[turn]};
}

unsigned BlockRunner::liveLanes() { return warps[self()->linear / WARP_SIZE].live; }

void BlockRunner::run(Launch& of, uint64_t number) {
  launch = &of;
  gridDim = of.grid;
  blockDim = of.block;
  blockIdx = {unsigned(number % gridDim.x), unsigned(number / gridDim.x % gridDim.y),
              unsigned(number / (uint64_t(gridDim.x) * gridDim.y))};
  random = of.seed ? mix(of.seed ^ mix(number)) | 1 : 0;
  count = live = blockDim.x * blockDim.y * blockDim.z;
  started = readyHead = readyTail = arrived = 0;
  generation = 0;
  votes[int(Vote::COUNT)] = votes[int(Vote::OR)] = 0;
  votes[int(Vote::AND)] = 1;
  for (unsigned i = 0; i * WARP_SIZE < count; i++) {
    unsigned lanes = std::min(WARP_SIZE, count - i * WARP_SIZE);
    warps[i].used = 0;
    warps[i].live = lanes == WARP_SIZE ? ~0u : (1u << lanes) - 1;
  }
  for (unsigned i = 0; i < count; i++) {
    threads[i].begun = threads[i].done = threads[i].atBarrier = false;
    threads[i].waiting = nullptr;
  }
  shuffleStarts();
  poisonShared();
  failed = synchronized = false;

  Thread* first = next();
  softgpuThread = first;
  running = this;
  switchFiber(host, first->context);
  running = nullptr;

  if (failed) {
    releaseStacks();
  } else {
    checkSharedSlack();
    if (poisonedFor != launch->id) learnTouched();
  }
}

}  // namespace softgpu

using softgpu::BlockRunner;

int softgpuBarrier(int value, softgpu::Vote vote, const softgpu::Place& place) {
  return BlockRunner::current()->barrier(value, vote, place);
}

softgpu::Exchanged softgpuExchange(unsigned mask, uint64_t value, const softgpu::Place& place) {
  return BlockRunner::current()->exchange(mask, value, place);
}

unsigned softgpuLiveLanes() { return BlockRunner::current()->liveLanes(); }

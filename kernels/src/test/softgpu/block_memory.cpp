// A block's shared memory, and the copies to it that are under way.
#include <cstring>

#include "block.h"
#include "codes.h"
#include "memory.h"

namespace softgpu {
namespace {

constexpr size_t SHARED_ALIGNMENT = 128;

}  // namespace

void* BlockRunner::dynamicShared() {
  return sharedEnd - roundUp(launch->dynamicShared, SHARED_ALIGNMENT);
}

void BlockRunner::copyAsync(const AsyncCopy& copy) {
  Thread* thread = self();
  synchronized = true;
  if (uintptr_t(copy.to) % copy.bytes || uintptr_t(copy.from) % copy.bytes) {
    fail(MISALIGNED_ADDRESS, format("cp.async of %u bytes from %p to %p is misaligned", copy.bytes,
                                    copy.from, copy.to));
  }
  memset(copy.to, POISON, copy.bytes);
  thread->copies.push_back(copy);
  thread->copies.back().group = thread->groups;
}

void BlockRunner::commitCopies() { self()->groups++; }

void BlockRunner::waitCopies(unsigned groupsLeft) {
  Thread* thread = self();
  size_t kept = 0;
  for (const AsyncCopy& copy : thread->copies) {
    if (copy.group + groupsLeft >= thread->groups) {
      thread->copies[kept++] = copy;
    } else if (copy.zeros) {
      memset(copy.to, 0, copy.bytes);
    } else {
      memcpy(copy.to, copy.from, copy.bytes);
    }
  }
  thread->copies.resize(kept);
}

void BlockRunner::findStaticShared() {
  ThreadLocalRange range = threadLocalsAt(launch->kernel->sharedAnchor());
  staticShared = range.begin;
  staticSharedBytes = range.bytes;
}

// Every block finds NaN in shared memory. Only what the first block of a launch touched is
// poisoned for the next ones, because the image keeps the arrays of all its kernels together; and
// nothing, where threads never waited for each other.
void BlockRunner::poisonShared() {
  unsigned char* dynamic = static_cast<unsigned char*>(dynamicShared());
  memset(dynamic, POISON, launch->dynamicShared);
  memset(dynamic + launch->dynamicShared, SLACK, sharedEnd - dynamic - launch->dynamicShared);
  if (poisonedFor != launch->id) {
    findStaticShared();
    memset(staticShared, POISON, staticSharedBytes);
  } else if (synchronized && touchedFrom < touchedTo) {
    memset(touchedFrom, POISON, touchedTo - touchedFrom);
  }
}

void BlockRunner::learnTouched() {
  poisonedFor = launch->id;
  touchedFrom = staticShared;
  touchedTo = staticShared + staticSharedBytes;
  while (touchedFrom < touchedTo && *touchedFrom == POISON) touchedFrom++;
  while (touchedFrom < touchedTo && touchedTo[-1] == POISON) touchedTo--;
}

void BlockRunner::checkSharedSlack() {
  auto* dynamic = static_cast<unsigned char*>(dynamicShared());
  for (unsigned char* p = dynamic + launch->dynamicShared; p < sharedEnd; p++) {
    if (*p == SLACK) continue;
    std::lock_guard<std::mutex> guard(launch->lock);
    if (launch->failed.exchange(true)) return;
    launch->fault = {ILLEGAL_ADDRESS,
                     format("%s, block (%u,%u,%u): wrote byte %zu, past the end, of its %u bytes "
                            "of dynamic shared memory",
                            launch->kernel->name, blockIdx.x, blockIdx.y, blockIdx.z,
                            size_t(p - dynamic), launch->dynamicShared)};
    return;
  }
}

}  // namespace softgpu

using softgpu::BlockRunner;

void* softgpuDynamicShared() { return BlockRunner::current()->dynamicShared(); }

void softgpuCopyAsync(void* to, const void* from, unsigned bytes, bool zeros) {
  BlockRunner::current()->copyAsync({to, from, bytes, zeros, 0});
}

void softgpuCopyCommit() { BlockRunner::current()->commitCopies(); }

void softgpuCopyWait(unsigned groupsLeft) { BlockRunner::current()->waitCopies(groupsLeft); }

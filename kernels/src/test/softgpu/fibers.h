// The smallest coroutine: a stack pointer. Switching costs a dozen instructions, where swapcontext
// costs two system calls. x86-64, System V calling convention.
#pragma once
#include <cstddef>
#include <cstdint>

namespace softgpu {

struct FiberContext {
  void* stackPointer;
};

}  // namespace softgpu

extern "C" void softgpuSwitch(void** savedStackPointer, void* to);

namespace softgpu {

inline void switchFiber(FiberContext& from, FiberContext& to) {
  softgpuSwitch(&from.stackPointer, to.stackPointer);
}

// A fiber that begins in entry, which never returns, when it is first switched to.
inline FiberContext makeFiber(void* top, void (*entry)()) {
  constexpr int SAVED_REGISTERS = 6;
  void** stack = static_cast<void**>(top);
  *--stack = nullptr;  // keeps the alignment that a called function expects
  *--stack = reinterpret_cast<void*>(entry);
  for (int i = 0; i < SAVED_REGISTERS; i++) *--stack = nullptr;
  return {stack};
}

}  // namespace softgpu

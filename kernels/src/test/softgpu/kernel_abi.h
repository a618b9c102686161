// What a module image and the driver know of each other. The image is a host shared object whose
// kernels call the functions below; libcuda.so.1 defines them.
#pragma once
#include <cstddef>
#include <cstdint>

struct uint3 {
  unsigned x, y, z;
};

struct dim3 {
  unsigned x, y, z;
  constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

namespace softgpu {

struct BlockView {
  uint3 blockIdx;
  dim3 blockDim, gridDim;
};

struct ThreadView {
  uint3 threadIdx;
  unsigned linear;  // x fastest, as the hardware forms warps
  BlockView* block;
};

// An operation that waits for other threads, and the line of the source that calls it.
struct Place {
  const char* what;
  const char* file;
  int line;
};

struct Kernel {
  const char* name;
  void* function;
  void (*call)(void* function, void** parameters);
  unsigned parameters;
  const uint32_t* sizes;
  const bool* pointers;
  unsigned maxThreads;     // of __launch_bounds__
  void* (*sharedAnchor)();  // any address in the calling thread's copy of the __shared__ variables
};

enum class Vote { COUNT, AND, OR };

// What the lanes of a warp deposited, valid until the next exchange; the others' slots are NaN.
struct Exchanged {
  const uint64_t* values;
  unsigned lanes;
};

}  // namespace softgpu

#define SOFTGPU_EXPORT extern "C" __attribute__((visibility("default")))

extern "C" {
extern __thread softgpu::ThreadView* softgpuThread
    __attribute__((tls_model("initial-exec"), visibility("default")));
}
SOFTGPU_EXPORT void softgpuRegister(const softgpu::Kernel* kernel);
// Waits for all threads of the block; the vote over their values.
SOFTGPU_EXPORT int softgpuBarrier(int value, softgpu::Vote vote, const softgpu::Place& place);
// Waits for the lanes of the mask that have not returned.
SOFTGPU_EXPORT softgpu::Exchanged softgpuExchange(
    unsigned mask, uint64_t value, const softgpu::Place& place);
SOFTGPU_EXPORT unsigned softgpuLiveLanes();
SOFTGPU_EXPORT void* softgpuDynamicShared();
// cp.async: the bytes arrive when their group is waited for, and are NaN until then.
SOFTGPU_EXPORT void softgpuCopyAsync(void* to, const void* from, unsigned bytes, bool zeros);
SOFTGPU_EXPORT void softgpuCopyCommit();
SOFTGPU_EXPORT void softgpuCopyWait(unsigned groupsLeft);
SOFTGPU_EXPORT __attribute__((noreturn)) void softgpuAssert(
    const char* text, const char* file, int line);

// What g++ sees in place of nvcc's built-in language; the build includes it before every source.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "kernel_abi.h"

#define __host__
#define __device__
#define __constant__
#define __shared__ static thread_local  // an OS thread runs one block at a time
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __grid_constant__
#ifdef SOFTGPU_LIST_KERNELS  // the build reads the kernels' names from the preprocessed source
#define __global__ SOFTGPU_GLOBAL
#define __launch_bounds__(...) SOFTGPU_BOUNDS(__VA_ARGS__)
#else
#define __global__
#define __launch_bounds__(...)
#endif

#define DYNAMIC_SHARED(T, name) T* name = reinterpret_cast<T*>(softgpuDynamicShared())

#undef assert
#define assert(condition) \
  ((condition) ? void() : softgpuAssert(#condition, __builtin_FILE(), __builtin_LINE()))

#define threadIdx (softgpuThread->threadIdx)
#define blockIdx (softgpuThread->block->blockIdx)
#define blockDim (softgpuThread->block->blockDim)
#define gridDim (softgpuThread->block->gridDim)
constexpr int warpSize = 32;

#include "cuda_math.h"
#include "cuda_threads.h"
#include "cuda_vectors.h"

namespace softgpu {

// A kernel's parameters, from the type of its function.
template <class F>
struct Parameters;

template <class... A>
struct Parameters<void (*)(A...)> {
  static constexpr unsigned COUNT = sizeof...(A);
  static constexpr uint32_t SIZES[COUNT + 1] = {uint32_t(sizeof(A))..., 0};
  static constexpr bool POINTERS[COUNT + 1] = {std::is_pointer_v<A>..., false};

  template <size_t... I>
  static void call(void (*kernel)(A...), void** parameters, std::index_sequence<I...>) {
    kernel(*static_cast<std::remove_cv_t<A>*>(parameters[I])...);
  }
  static void call(void* kernel, void** parameters) {
    call(reinterpret_cast<void (*)(A...)>(kernel), parameters, std::index_sequence_for<A...>{});
  }
};

template <class F>
struct Registration {
  Kernel kernel;

  // As __launch_bounds__: the blocks per multiprocessor that may follow are of no meaning here.
  Registration(const char* name, F function, unsigned maxThreads = 1024, unsigned = 0)
      : kernel{name,
               reinterpret_cast<void*>(function),
               &Parameters<F>::call,
               Parameters<F>::COUNT,
               Parameters<F>::SIZES,
               Parameters<F>::POINTERS,
               maxThreads,
               &sharedAnchor} {
    softgpuRegister(&kernel);
  }

 private:
  static void* sharedAnchor() {
    static thread_local char anchor;
    return &anchor;
  }
};

}  // namespace softgpu

#define SOFTGPU_KERNEL(name, ...)                                                   \
  static softgpu::Registration<decltype(&name)> softgpuRegistration_##name{#name, &name \
                                                                       __VA_ARGS__};

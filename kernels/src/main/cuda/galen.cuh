// What the kernels share: element types, sums over a block, and how a kernel gets its names.
//
// A kernel is a template over its element type, computes in float, and is named as in the backend
// contract. ENTRY macros give it one extern "C" name per type, such as layerNorm_bf16:
//
//   #define ENTRY(T, suffix)                                                              \
//     extern "C" __global__ void __launch_bounds__(BLOCK) affine_##suffix(                \
//         const T* x, float scale, float shift, T* y, i64 length) {                       \
//       affine(x, scale, shift, y, length);                                               \
//     }
//   FOR_EACH_FLOAT(ENTRY)
//   #undef ENTRY
#pragma once
#include "ptx_ops.cuh"

typedef long long i64;
typedef unsigned long long u64;
typedef unsigned int u32;
typedef unsigned char u8;

// Threads per block, unless a kernel says otherwise.
constexpr int BLOCK = 256;
constexpr int WARP = 32;
constexpr u32 ALL_LANES = 0xffffffffu;

#define FOR_EACH_FLOAT(ENTRY) ENTRY(float, f32) ENTRY(f16, f16) ENTRY(bf16, bf16)

__device__ __forceinline__ float toFloat(float x) { return x; }
__device__ __forceinline__ float toFloat(bf16 x) { return __uint_as_float(u32(x.bits) << 16); }

template <class T>
__device__ __forceinline__ T fromFloat(float x);
template <>
__device__ __forceinline__ float fromFloat<float>(float x) { return x; }
template <>
__device__ __forceinline__ f16 fromFloat<f16>(float x) { return toF16(x); }
template <>
__device__ __forceinline__ bf16 fromFloat<bf16>(float x) { return toBf16(x); }

// 16 bytes of elements, the most a thread moves at once.
template <class T>
struct alignas(16) Pack {
  static constexpr int LENGTH = 16 / sizeof(T);
  T at[LENGTH];
};

// The index of this thread among all of the grid, and how many there are: a loop
// "for (i64 i = gridThread(); i < length; i += gridThreads())" covers any length with any grid.
__device__ __forceinline__ i64 gridThread() { return i64(blockIdx.x) * blockDim.x + threadIdx.x; }
__device__ __forceinline__ i64 gridThreads() { return i64(gridDim.x) * blockDim.x; }

// Butterflies, whose order of sums is the same in every lane and every run.
__device__ __forceinline__ float warpSum(float x) {
#pragma unroll
  for (int lanes = WARP / 2; lanes > 0; lanes /= 2) x += __shfl_xor_sync(ALL_LANES, x, lanes);
  return x;
}

__device__ __forceinline__ float warpMax(float x) {
#pragma unroll
  for (int lanes = WARP / 2; lanes > 0; lanes /= 2) x = fmaxf(x, __shfl_xor_sync(ALL_LANES, x, lanes));
  return x;
}

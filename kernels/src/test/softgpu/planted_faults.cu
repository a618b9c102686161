// Kernels with one mistake each, and beside it the same kernel without. The tests of the software
// GPU require that every mistake is found and that nothing is found in the others.
#include "galen.cuh"

constexpr int PLANTED_BLOCK = 128;

template <bool BARRIER>
__device__ __forceinline__ void reverse(const float* x, float* y) {
  __shared__ float row[PLANTED_BLOCK];
  row[threadIdx.x] = x[blockIdx.x * PLANTED_BLOCK + threadIdx.x];
  if (BARRIER) __syncthreads();
  y[blockIdx.x * PLANTED_BLOCK + threadIdx.x] = row[PLANTED_BLOCK - 1 - threadIdx.x];
}

extern "C" __global__ void __launch_bounds__(PLANTED_BLOCK)
    reverse_right(const float* x, float* y) {
  reverse<true>(x, y);
}

extern "C" __global__ void __launch_bounds__(PLANTED_BLOCK)
    reverse_missingBarrier(const float* x, float* y) {
  reverse<false>(x, y);
}

// As reverse, within warps of which each lane reads another's element.
template <bool BARRIER>
__device__ __forceinline__ void rotate(const float* x, float* y) {
  __shared__ float row[PLANTED_BLOCK];
  int warpStart = threadIdx.x / WARP * WARP;
  row[threadIdx.x] = x[threadIdx.x];
  if (BARRIER) __syncwarp();
  y[threadIdx.x] = row[warpStart + (threadIdx.x + 1) % WARP];
}

extern "C" __global__ void rotate_right(const float* x, float* y) { rotate<true>(x, y); }

extern "C" __global__ void rotate_missingSyncWarp(const float* x, float* y) { rotate<false>(x, y); }

extern "C" __global__ void fill_right(float* y, float value, int length) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < length) y[i] = value;
}

extern "C" __global__ void fill_outOfBounds(float* y, float value, int length) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i <= length) y[i] = value;
}

extern "C" __global__ void fill_at(float* y, float value, i64 index) { y[index] = value; }

extern "C" __global__ void add_right(float* y, const float* x, int length) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < length) y[i] += x[i];
}

extern "C" __global__ void barrier_divergent(float* y) {
  if (threadIdx.x < 16) {
    y[threadIdx.x] = __shfl_xor_sync(ALL_LANES, 1.0f, 1);
  } else {
    __syncthreads();
  }
}

extern "C" __global__ void barrier_twoPlaces(float* y) {
  if (threadIdx.x % 2 == 0) {
    __syncthreads();
    y[threadIdx.x] = 1;
  } else {
    __syncthreads();
    y[threadIdx.x] = 2;
  }
}

extern "C" __global__ void vector_misaligned(const float* x, float* y) {
  *reinterpret_cast<float4*>(y) = *reinterpret_cast<const float4*>(x + 1);
}

extern "C" __global__ void shared_outOfBounds(float* y, int index) {
  __shared__ float row[PLANTED_BLOCK];
  row[index] = 1;
  __syncthreads();
  y[0] = row[index];
}

extern "C" __global__ void dynamic_outOfBounds(float* y, int length, int index) {
  DYNAMIC_SHARED(float, row);
  for (int i = threadIdx.x; i < length; i += blockDim.x) row[i] = 1;
  if (threadIdx.x == 0) row[index] = 2;
  __syncthreads();
  y[threadIdx.x] = row[threadIdx.x];
}

template <bool WAIT>
__device__ __forceinline__ void copyAsync(const float* x, float* y) {
  __shared__ float4 staged[WARP];
  cp_async16_zfill(&staged[threadIdx.x], x + threadIdx.x * 4, true);
  cp_async_commit();
  if (WAIT) cp_async_wait<0>();
  __syncthreads();
  reinterpret_cast<float4*>(y)[threadIdx.x] = staged[(threadIdx.x + 1) % WARP];
}

extern "C" __global__ void copyAsync_right(const float* x, float* y) { copyAsync<true>(x, y); }

extern "C" __global__ void copyAsync_missingWait(const float* x, float* y) {
  copyAsync<false>(x, y);
}

extern "C" __global__ void read_at(const float* x, float* y, i64 index) { y[0] = x[index]; }

extern "C" __global__ void assert_positive(int x) { assert(x > 0); }

extern "C" __global__ void stack_deep(float* y, int depth) {
  volatile float frame[64 * 1024];
  for (int i = 0; i < 64 * 1024; i++) frame[i] = depth;
  y[0] = frame[depth % 1000];
}

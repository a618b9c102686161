// Each operation of a warp, of which the tests know the result.
#include "galen.cuh"

// One row of 32 results per operation.
extern "C" __global__ void shuffles(int* y) {
  int lane = threadIdx.x;
  int value = lane * 10;
  int row = 0;
  auto put = [&](int result) { y[row++ * WARP + lane] = result; };
  put(__shfl_sync(ALL_LANES, value, lane * 7 % WARP));
  put(__shfl_sync(ALL_LANES, value, 3, 8));
  put(__shfl_xor_sync(ALL_LANES, value, 5));
  put(__shfl_xor_sync(ALL_LANES, value, 4, 8));
  put(__shfl_down_sync(ALL_LANES, value, 3));
  put(__shfl_down_sync(ALL_LANES, value, 3, 16));
  put(__shfl_up_sync(ALL_LANES, value, 2));
  put(__shfl_up_sync(ALL_LANES, value, 2, 8));
}

// The last rows are of half a warp each, at the same time.
extern "C" __global__ void votes(int* y) {
  int lane = threadIdx.x;
  int row = 0;
  auto put = [&](int result) { y[row++ * WARP + lane] = result; };
  put(int(__ballot_sync(ALL_LANES, lane % 3 == 0)));
  put(__any_sync(ALL_LANES, lane == 17));
  put(__any_sync(ALL_LANES, lane > WARP));
  put(__all_sync(ALL_LANES, lane < WARP));
  put(__all_sync(ALL_LANES, lane != 4));
  put(int(__match_any_sync(ALL_LANES, lane / 4)));
  put(__reduce_add_sync(ALL_LANES, lane));
  put(__reduce_max_sync(ALL_LANES, lane ^ 9));
  put(__reduce_min_sync(ALL_LANES, lane + 5));
  constexpr u32 ODD = 0xaaaaaaaau, EVEN = 0x55555555u;
  if (lane % 2) {
    put(__shfl_xor_sync(ODD, lane, 2));
    put(int(__ballot_sync(ODD, lane > 15)));
  } else {
    put(__shfl_xor_sync(EVEN, lane, 2));
    put(-1);
  }
}

__device__ __forceinline__ void multiply(f16, float d[4], const u32 a[4], const u32 b[2]) {
  mma_m16n8k16_f16(d, a, b);
}
__device__ __forceinline__ void multiply(bf16, float d[4], const u32 a[4], const u32 b[2]) {
  mma_m16n8k16_bf16(d, a, b);
}

// c[16 x 8] = a[16 x 16] b[16 x 8], all row-major; the fragments come through ldmatrix.
template <class T>
__device__ __forceinline__ void tile16(const T* a, const T* b, float* c) {
  __shared__ __align__(16) T sharedA[16][16];
  __shared__ __align__(16) T sharedB[16][8];
  int lane = threadIdx.x;
  for (int i = lane; i < 256; i += WARP) sharedA[i / 16][i % 16] = a[i];
  for (int i = lane; i < 128; i += WARP) sharedB[i / 8][i % 8] = b[i];
  __syncwarp();
  u32 left[4], right[4];
  ldmatrix_x4(left, &sharedA[lane % 16][lane / 16 * 8]);
  ldmatrix_x4_trans(right, &sharedB[lane % 16][0]);  // the matrices of b twice
  float sums[4] = {0, 0, 0, 0};
  multiply(T{}, sums, left, right);
  int g = lane / 4, t = lane % 4;
  for (int i = 0; i < 4; i++) c[(g + i / 2 * 8) * 8 + t * 2 + i % 2] = sums[i];
}

extern "C" __global__ void tile_f16(const f16* a, const f16* b, float* c) { tile16(a, b, c); }
extern "C" __global__ void tile_bf16(const bf16* a, const bf16* b, float* c) { tile16(a, b, c); }

#ifdef GALEN_SOFTWARE_GPU  // the product has no use for it yet
extern "C" __global__ void tile_tf32(const float* a, const float* b, float* c) {
  int lane = threadIdx.x, g = lane / 4, t = lane % 4;
  u32 left[4], right[2];
  for (int i = 0; i < 4; i++) left[i] = toTf32(a[(g + i % 2 * 8) * 8 + t + i / 2 * 4]);
  for (int i = 0; i < 2; i++) right[i] = toTf32(b[(t + i * 4) * 8 + g]);
  float sums[4] = {0, 0, 0, 0};
  mma_m16n8k8_tf32(sums, left, right);
  for (int i = 0; i < 4; i++) c[(g + i / 2 * 8) * 8 + t * 2 + i % 2] = sums[i];
}
#endif

// How often each of ten values occurs, and the largest.
extern "C" __global__ void histogram(const int* x, int* counts, int* largest, int length) {
  for (i64 i = gridThread(); i < length; i += gridThreads()) {
    atomicAdd(&counts[x[i]], 1);
    atomicMax(largest, x[i]);
  }
}

// Groups of copies that are waited for one after the other, as a pipeline does.
extern "C" __global__ void pipeline(const float* x, float* y, int stages) {
  __shared__ float4 staged[2][WARP];
  int lane = threadIdx.x;
  auto fetch = [&](int stage) {
    cp_async16_zfill(&staged[stage % 2][lane], x + (stage * WARP + lane) * 4, stage < stages);
    cp_async_commit();
  };
  fetch(0);
  float sum = 0;
  for (int stage = 0; stage < stages; stage++) {
    fetch(stage + 1);
    cp_async_wait<1>();
    __syncwarp();
    float4 others = staged[stage % 2][(lane + 1) % WARP];
    sum += others.x + others.y + others.z + others.w;
    __syncwarp();
  }
  y[lane] = sum;
}

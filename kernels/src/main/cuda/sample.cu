// A draw from each row of logits: temperature, top-k, top-p, and the inverse of the cumulative
// distribution at a uniform number.
//
// A block has a row and reads it about a dozen times, from cache but for the first; nothing of the
// row is kept or sorted. A token's probability is a whole number, 2^bits e^(score - max) cut off:
// sums of these are exact in any order, so that histograms may be filled by integer atomics, no
// grid or thread order shows in the result, and the CPU's RowSampler draws the same tokens.
//
// Both top-k and top-p look for the score below which a given amount lies, tokens in the one case
// and probability in the other, by four digits of the scores' bits (a radix select).
#include "philox.cuh"
#include "rows.cuh"

namespace sample {

constexpr int THREADS = 1024;
constexpr int DIGIT_BITS = 8;
constexpr int DIGITS = 1 << DIGIT_BITS;

// Each lane adds to one of these copies of a histogram, because most scores of a row share their
// leading bits, and lanes that add to one address take turns.
constexpr int COPIES = 8;

struct Shared {
  u32 low[DIGITS * COPIES];
  u32 high[DIGITS * COPIES];
  u64 totals[DIGITS];
  u64 pieces[THREADS / WARP];
};

// A float as an integer of the same order; adding 0 makes -0 equal to 0.
__device__ __forceinline__ u32 keyOf(float x) {
  u32 bits = __float_as_uint(x + 0.0f);
  return bits >> 31 ? ~bits : bits | 0x80000000u;
}

__device__ __forceinline__ float ofKey(u32 key) {
  return __uint_as_float(key >> 31 ? key ^ 0x80000000u : ~key);
}

// e^x of x <= 0 by the numbers and the order of dev.galen.kernels.cpu.ScalarExp, to the bit.
__device__ __forceinline__ float expOf(float x) {
  constexpr float ROUNDER = 0x1.8p23f;
  float rounded = __fmaf_rn(x, 1.442695f, ROUNDER);
  float n = rounded - ROUNDER;
  float r = __fmaf_rn(n, 2.1219444e-4f, __fmaf_rn(n, -0.6933594f, x));
  float p = __fmaf_rn(0.0013933884f, r, 0.008363335f);
  p = __fmaf_rn(p, r, 0.041666463f);
  p = __fmaf_rn(p, r, 0.16666576f);
  p = __fmaf_rn(p, r, 0.5f);
  p = __fmaf_rn(p, r, 1.0f);
  p = __fmaf_rn(p, r, 1.0f);
  float half = __uint_as_float((__float_as_uint(rounded) + 126) << 23);
  return x < -86.6f ? 0.0f : p * half * 2.0f;
}

// A key, what lies below it, and what lies at it.
struct Selected {
  u32 key;
  u64 below, at;
};

template <class T>
struct Row {
  const T* x;
  int cols;
  float temperature;
  int bits;
  Shared& shared;
  float max;

  __device__ __forceinline__ float score(int j) const { return toFloat(x[j]) / temperature; }

  // The share of a score in the distribution: 2^bits at the maximum.
  __device__ __forceinline__ u64 mass(float score) const {
    u32 e = __float_as_uint(expOf(score - max));
    u64 digits = (e & 0x7fffffu) | 0x800000u;
    int down = 150 - int(e >> 23) - bits;
    return down > 23 ? 0 : down > 0 ? digits >> down : digits << -down;
  }

  // f(j, score) for this thread's share.
  template <class F>
  __device__ __forceinline__ void each(F f) const {
#pragma unroll 4
    for (int j = threadIdx.x; j < cols; j += blockDim.x) f(j, score(j));
  }

  // Adds a number of 64 bits by atomics of 32, which shared memory has.
  __device__ __forceinline__ void add(int bin, u64 amount) const {
    u32 low = u32(amount);
    u32 before = atomicAdd(&shared.low[bin], low);
    u32 high = u32(amount >> 32) + (before + low < before);
    if (high != 0) atomicAdd(&shared.high[bin], high);
  }

  // The digit where the running sum of totals first exceeds limit; adds to below what comes before.
  // Each warp finds it by itself.
  __device__ __forceinline__ u32 digitAt(u64 limit, u64& below) const {
    constexpr int EACH = DIGITS / WARP;
    int lane = threadIdx.x % WARP;
    u64 own = 0;
#pragma unroll
    for (int i = 0; i < EACH; i++) own += shared.totals[lane * EACH + i];
    u64 sum = own;
#pragma unroll
    for (int lanes = 1; lanes < WARP; lanes *= 2) {
      u64 other = __shfl_up_sync(ALL_LANES, sum, lanes);
      if (lane >= lanes) sum += other;
    }
    int first = __ffs(__ballot_sync(ALL_LANES, limit < below + sum)) - 1;
    below += __shfl_sync(ALL_LANES, sum - own, first);
    int digit = first * EACH;
    while (limit - below >= shared.totals[digit]) below += shared.totals[digit++];
    return digit;
  }

  // The key with sum(amounts of less) <= limit < sum(amounts of it and less). The block has at
  // least DIGITS threads, and limit is below the sum of all.
  template <class Amount>
  __device__ __forceinline__ Selected select(u64 limit, Amount amount) const {
    Selected found = {0, 0, 0};
    u32 known = 0;
    for (int shift = 32 - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
      for (int i = threadIdx.x; i < DIGITS * COPIES; i += blockDim.x) {
        shared.low[i] = 0;
        shared.high[i] = 0;
      }
      __syncthreads();
      each([&](int, float score) {
        u32 key = keyOf(score);
        if ((key & known) == found.key) {
          u64 more = amount(key, score);
          int digit = key >> shift & (DIGITS - 1);
          if (more != 0) add(digit * COPIES + threadIdx.x % COPIES, more);
        }
      });
      __syncthreads();
      if (threadIdx.x < DIGITS) {
        u64 total = 0;
#pragma unroll
        for (int copy = 0; copy < COPIES; copy++) {
          int bin = threadIdx.x * COPIES + copy;
          total += u64(shared.high[bin]) << 32 | shared.low[bin];
        }
        shared.totals[threadIdx.x] = total;
      }
      __syncthreads();
      u32 digit = digitAt(limit, found.below);
      found.at = shared.totals[digit];
      found.key |= digit << shift;
      known |= u32(DIGITS - 1) << shift;
    }
    return found;
  }

  // The index with sum(amounts before) <= target < sum(amounts up to it): each warp adds up a piece
  // of the row, then a piece of the one where the sum exceeds, and so on.
  template <class Amount>
  __device__ __forceinline__ int locate(u64 target, Amount amount) const {
    int lane = threadIdx.x % WARP;
    int warp = threadIdx.x / WARP;
    int warps = blockDim.x / WARP;
    int from = 0;
    int count = cols;
    while (count > 1) {
      int piece = (count + warps - 1) / warps;
      int end = from + min(count, (warp + 1) * piece);
      u64 sum = 0;
#pragma unroll 4
      for (int j = from + warp * piece + lane; j < end; j += WARP) sum += amount(j, score(j));
#pragma unroll
      for (int lanes = WARP / 2; lanes > 0; lanes /= 2) {
        sum += __shfl_xor_sync(ALL_LANES, sum, lanes);
      }
      if (lane == 0) shared.pieces[warp] = sum;
      __syncthreads();
      int found = 0;
      while (target >= shared.pieces[found]) target -= shared.pieces[found++];
      from += found * piece;
      count = min(piece, count - found * piece);
      __syncthreads();  // pieces are written again
    }
    return from;
  }
};

// dispensable: what top-p leaves out, 0 for nothing; see dev.galen.tensor.backend.Sampling.
template <class T>
__device__ void draw(
    const T* x, int* index, int cols, float temperature, int topK, double dispensable, int bits,
    u64 seed, u64 offset) {
  __shared__ Shared shared;
  Row<T> row = {x + i64(blockIdx.x) * cols, cols, temperature, bits, shared, -infinity()};
  float max = -infinity();
  bool bad = false;
  row.each([&](int, float score) {
    max = fmaxf(max, score);
    bad |= !(score < infinity());
  });
  row.max = rowMax(max);
  if (__syncthreads_or(bad) || row.max == -infinity()) {
    if (threadIdx.x == 0) index[blockIdx.x] = -1;
    return;
  }
  u32 least = 0;
  if (topK < cols) {
    least = row.select(cols - topK, [](u32, float) -> u64 { return 1; }).key;
  }
  auto mass = [&](u32 key, float score) -> u64 { return key < least ? 0 : row.mass(score); };
  u64 total = 0;
  row.each([&](int, float score) { total += mass(keyOf(score), score); });
  total = rowReduce(total, u64(0), [](u64 a, u64 b) { return a + b; });
  int last = cols;  // of the tokens that score least, the one with the highest index
  if (dispensable > 0) {
    u64 limit = min(u64(dispensable * double(total)), total - 1);
    Selected edge = row.select(limit, mass);
    u64 one = row.mass(ofKey(edge.key));
    u64 gone = (limit - edge.below) / one;
    least = edge.key;
    total -= edge.below + gone * one;
    if (gone > 0) {
      last = row.locate(edge.at / one - gone - 1, [&](int, float score) -> u64 {
        return keyOf(score) == least;
      });
    }
  }
  u64 uniform = philox(seed, offset + counterShift + blockIdx.x).at[0] >> 8;
  u64 target = __umul64hi(uniform, total) << 40 | uniform * total >> 24;
  int drawn = row.locate(target, [&](int j, float score) -> u64 {
    u32 key = keyOf(score);
    return key > least || (key == least && j <= last) ? row.mass(score) : 0;
  });
  if (threadIdx.x == 0) index[blockIdx.x] = drawn;
}

}  // namespace sample

#define ENTRY(T, suffix)                                                                        \
  extern "C" __global__ void __launch_bounds__(sample::THREADS, 1) sample_##suffix(             \
      const T* x, int* index, int cols, float temperature, int topK, double dispensable,        \
      int bits, u64 seed, u64 offset) {                                                         \
    sample::draw(x, index, cols, temperature, topK, dispensable, bits, seed, offset);           \
  }
FOR_EACH_FLOAT(ENTRY)
#undef ENTRY

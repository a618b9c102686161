// A bias of attention by the distance between key and query, added to scale q k^T before the softmax.
//
// Kernels keep scores unscaled until they are exponents, so what they add is bias / scale, by a
// factor of the host's, since a division takes registers. Only pairs that see each other have a
// bias: a causal cache's has no rows for others.
#pragma once
#include "attention.cuh"

namespace flash {

// Of query i and key j of head h, which see each other. The host has checked that an int counts them.
__device__ __forceinline__ float biasOf(const Geometry& g, int h, int i, int j) {
  return g.bias[(j - i + g.queryLength - 1 + g.capacity - g.keyLength) * g.heads + h];
}

// Where that of key 0 would lie; that of the next key is g.heads further.
__device__ __forceinline__ int biasPlace(const Geometry& g, int h, int i) {
  return (g.queryLength - 1 + g.capacity - g.keyLength - i) * g.heads + h;
}

// A score with its bias, or minus infinity where row i does not see key j.
__device__ __forceinline__ float seenScore(
    const Geometry& g, const u8* keyMask, int h, int i, int j, float score) {
  if (j >= g.keyLength || j < g.firstKey(i) || j >= g.endKey(i) ||
      (keyMask != nullptr && keyMask[j] == 0))
    return negativeInfinity();
  return g.bias == nullptr || i >= g.queryLength ? score
                                                 : fmaf(biasOf(g, h, i, j), g.biasFactor, score);
}

// Keeps the loads of the next elements behind those before: these kernels have no registers to hold
// more of them, and one too many is spilled where there is no bias, too.
__device__ __forceinline__ void oneByOne() { asm volatile("" ::: "memory"); }

// Adds to the scores of rows `row` .. and keys `key` .., those that see each other, where there is a
// bias. The head of a block that has `queries` of them, as in Place, is found again, by other
// arithmetic lest the compiler keep it.
template <int TILES, int COLUMNS>
__device__ __forceinline__ void addBias(
    Fragments<TILES, COLUMNS>& scores, const Geometry& g, int queries, int row, int key, int lane) {
  if (g.bias == nullptr) return;
  const u32 tiles = u32(g.queryLength + queries - 1) / u32(queries);
  const int h = int(blockIdx.x / tiles % u32(g.heads));
#pragma unroll
  for (int m = 0; m < TILES; m++)
#pragma unroll
    for (int half = 0; half < 2; half++) {
      const int i = row + 16 * m + 8 * half + lane / 4;
#pragma unroll
      for (int n = 0; n < COLUMNS; n++)
#pragma unroll
        for (int side = 0; side < 2; side++) {
          const int j = key + 8 * n + lane % 4 * 2 + side;
          if (i < g.queryLength && j >= g.firstKey(i) && j < g.endKey(i))
            scores.at[m][n][2 * half + side] =
                fmaf(biasOf(g, h, i, j), g.biasFactor, scores.at[m][n][2 * half + side]);
          oneByOne();
        }
    }
}

// The same of transposed scores: rows are keys from `key` on, columns queries from `query` on.
template <int TILES, int COLUMNS>
__device__ __forceinline__ void addBiasTurned(
    Fragments<TILES, COLUMNS>& scores, const Geometry& g, int h, int key, int query, int lane) {
  if (g.bias == nullptr) return;
#pragma unroll
  for (int m = 0; m < TILES; m++)
#pragma unroll
    for (int half = 0; half < 2; half++) {
      const int j = key + 16 * m + 8 * half + lane / 4;
#pragma unroll
      for (int n = 0; n < COLUMNS; n++)
#pragma unroll
        for (int side = 0; side < 2; side++) {
          const int i = query + 8 * n + lane % 4 * 2 + side;
          if (i < g.queryLength && j >= g.firstKey(i) && j < g.endKey(i))
            scores.at[m][n][2 * half + side] =
                fmaf(biasOf(g, h, i, j), g.biasFactor, scores.at[m][n][2 * half + side]);
          oneByOne();
        }
    }
}

}  // namespace flash

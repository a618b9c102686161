// A bias of attention by the distance between key and query, added to scale q k^T before the softmax.
//
// Kernels keep scores unscaled until they are exponents, so what they add is bias / scale. Only pairs
// that see each other have a bias: a causal cache's has no rows for others.
#pragma once
#include "attention.cuh"

namespace flash {

// Of query i and key j of head h, which see each other.
__device__ __forceinline__ float biasOf(const Geometry& g, int h, int i, int j) {
  return g.bias[i64(j - i + g.queryLength - 1 + g.capacity - g.keyLength) * g.heads + h];
}

// A score with its bias, or minus infinity where row i does not see key j.
__device__ __forceinline__ float seenScore(
    const Geometry& g, const u8* keyMask, int h, int i, int j, float score) {
  if (j >= g.keyLength || j < g.firstKey(i) || j >= g.endKey(i) ||
      (keyMask != nullptr && keyMask[j] == 0))
    return negativeInfinity();
  return g.bias == nullptr || i >= g.queryLength ? score : score + biasOf(g, h, i, j) / g.scale;
}

// Adds to the scores of rows `row` .. and keys `key` .., those that see each other, where there is a
// bias.
template <int TILES, int COLUMNS>
__device__ __forceinline__ void addBias(
    Fragments<TILES, COLUMNS>& scores, const Geometry& g, int h, int row, int key, int lane) {
  if (g.bias == nullptr) return;
  const float factor = 1 / g.scale;
#pragma unroll
  for (int m = 0; m < TILES; m++)
#pragma unroll
    for (int n = 0; n < COLUMNS; n++)
#pragma unroll
      for (int e = 0; e < 4; e++) {
        const int i = row + 16 * m + e / 2 * 8 + lane / 4, j = key + 8 * n + lane % 4 * 2 + e % 2;
        if (i < g.queryLength && j >= g.firstKey(i) && j < g.endKey(i))
          scores.at[m][n][e] = fmaf(biasOf(g, h, i, j), factor, scores.at[m][n][e]);
      }
}

// The same of transposed scores: rows are keys from `key` on, columns queries from `query` on.
template <int TILES, int COLUMNS>
__device__ __forceinline__ void addBiasTurned(
    Fragments<TILES, COLUMNS>& scores, const Geometry& g, int h, int key, int query, int lane) {
  if (g.bias == nullptr) return;
  const float factor = 1 / g.scale;
#pragma unroll
  for (int m = 0; m < TILES; m++)
#pragma unroll
    for (int n = 0; n < COLUMNS; n++)
#pragma unroll
      for (int e = 0; e < 4; e++) {
        const int j = key + 16 * m + e / 2 * 8 + lane / 4, i = query + 8 * n + lane % 4 * 2 + e % 2;
        if (i < g.queryLength && j >= g.firstKey(i) && j < g.endKey(i))
          scores.at[m][n][e] = fmaf(biasOf(g, h, i, j), factor, scores.at[m][n][e]);
      }
}

}  // namespace flash

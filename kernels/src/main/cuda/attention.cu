// out = dropout(softmax(scale q k^T + bias + mask)) v by tiles, with the online softmax of
// FlashAttention-2 (Dao 2023, arXiv 2307.08691): a block keeps a tile of queries and passes over
// the keys; a row's maximum m and sum l follow the tiles, and what was summed before is rescaled
// when m grows:
//
//   m' = max(m, max_j s_j)          l' = e^(m - m') l + sum_j e^(s_j - m')
//   o' = e^(m - m') o + sum_j e^(s_j - m') v_j
//
// F16 and BF16: a block has 4 warps, a warp 16 TILES rows of queries and their outputs in
// registers. Both products run on the tensor cores (m16n8k16, sums in float); the scores' fragments
// are, after rounding, the left operand of the second product as they lie, so weights never see
// shared memory. Keys and values are double-buffered through cp.async: while a tile is computed the
// next arrives, with one barrier per tile. Two 16-row tiles per warp use each loaded fragment of K
// and V twice: with one, shared memory (a fragment of 256 bytes per m16n8k16) is as slow as the
// tensor cores.
//
// F32 has kernels of its own, attention_f32.cu; few queries over a cache, attention_decode.cu.
//
// Bound: FLOPs, 4 Tq Tk D a head (half where causal); q, k, v and out move once, keys again from L2
// for every tile of queries. Blocks of one head are neighbours, so that L2 serves them; the longest
// causal rows begin first, so that short ones fill the end.
//
// To tune: TILES and KEYS at the bottom, together with AttentionTiles.java, which has the same
// numbers for the host. Registers decide (ptxas -v: no spills; more than 168 a thread leave two
// blocks to a processor), then shared memory (at most 99 KiB a block on sm_86, 89, 120). Time T =
// 1024 and 4096, D = 64 and 128. What to try first on a GPU: KEYS 64 at D = 128 with TILES 1 and 8
// warps, KEYS 32 at D = 64 for a third block, Q's fragments from shared memory at D = 64 for the
// same reason.
#include "attention_bias.cuh"

namespace flash {

template <class T, int D, int TILES, int KEYS, bool KEEP_Q>
__device__ __forceinline__ void attention(const Geometry& all, const T* q, const T* k, const T* v,
                                          const u8* keyMask, const int* lengths, T* out,
                                          float* logSumExp) {
  constexpr int ROWS = 16 * TILES, QUERIES = WARPS * ROWS, COLUMNS = KEYS / 8;
  DYNAMIC_SHARED(T, queries);
  T* keys = queries + QUERIES * D;
  T* values = keys + 2 * KEYS * D;
  const int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP;
  const Place place(QUERIES, all.queryLength, all.heads);
  const int b = place.b, h = place.h, row = place.row + warp * ROWS;
  const Geometry g = all.ofSequence(b, lengths);

  const bool queryPieces = aligned(q, g.queryBatchStride, g.queryRowStride, g.headSize);
  const bool keyPieces = aligned(k, g.keyBatchStride, g.keyRowStride, g.headSize) &&
                         aligned(v, g.keyBatchStride, g.keyRowStride, g.headSize);
  q += g.queryStart(b, h, place.row);
  k += g.keyStart(b, g.keyHead(h), 0);
  v += g.keyStart(b, g.keyHead(h), 0);
  if (keyMask != nullptr) keyMask += i64(b) * g.keyLength;

  const int lastRow = min(place.row + QUERIES, g.queryLength) - 1;
  const int end = g.endKey(lastRow);
  // Tiles lie at multiples of KEYS whatever the window, so that sums have one order.
  int j = g.firstKey(place.row) / KEYS * KEYS;
  const auto load = [&](int j, int buffer) {
    int count = g.keyLength - j;
    i64 start = j * g.keyRowStride;
    loadTile<T, D, KEYS, THREADS>(
        keys + buffer * KEYS * D, k + start, g.keyRowStride, count, g.headSize, keyPieces);
    loadTile<T, D, KEYS, THREADS>(
        values + buffer * KEYS * D, v + start, g.keyRowStride, count, g.headSize, keyPieces);
    cp_async_commit();
  };
  loadTile<T, D, QUERIES, THREADS>(
      queries, q, g.queryRowStride, g.queryLength - place.row, g.headSize, queryPieces);
  if (j < end) load(j, 0);

  u32 kept[KEEP_Q ? D / 16 : 1][TILES][4];
  if (KEEP_Q) {
    cp_async_wait<0>();
    __syncthreads();
#pragma unroll
    for (int step = 0; step < D / 16; step++)
#pragma unroll
      for (int m = 0; m < TILES; m++)
        loadLeft<T, D>(kept[KEEP_Q ? step : 0][m], queries, warp * ROWS + 16 * m, step, lane);
  }

  Fragments<TILES, D / 8> sums;
  sums.clear();
  float top[TILES][2], norm[TILES][2];
#pragma unroll
  for (int m = 0; m < TILES; m++)
#pragma unroll
    for (int half = 0; half < 2; half++) {
      top[m][half] = negativeInfinity();
      norm[m][half] = 0;
    }
  const float base2 = g.scale * LOG2E;
  const Dropout dropout(g);

  for (int buffer = 0; j < end; j += KEYS, buffer ^= 1) {
    cp_async_wait<0>();
    __syncthreads();
    if (j + KEYS < end) load(j + KEYS, buffer ^ 1);

    Fragments<TILES, COLUMNS> scores;
    const T* tile = keys + buffer * KEYS * D;
    if (KEEP_Q) {
      scores.clear();
#pragma unroll
      for (int step = 0; step < D / 16; step++)
        scores.template addProducts<T, D>(kept[KEEP_Q ? step : 0], tile, step, lane);
    } else {
      scores.template products<T, D>(queries, warp * ROWS, tile, lane);
    }
    addBias(scores, g, QUERIES, row, j, lane);
    if (keyMask != nullptr || j < g.firstKey(lastRow) || j + KEYS > g.endKey(place.row))
      hide(scores, g, keyMask, row, j, lane);

#pragma unroll
    for (int m = 0; m < TILES; m++)
#pragma unroll
      for (int half = 0; half < 2; half++) {
        float larger = top[m][half];
#pragma unroll
        for (int n = 0; n < COLUMNS; n++)
          larger = fmaxf(larger, fmaxf(scores.at[m][n][2 * half], scores.at[m][n][2 * half + 1]));
        larger = fmaxf(larger, __shfl_xor_sync(ALL_LANES, larger, 1));
        larger = fmaxf(larger, __shfl_xor_sync(ALL_LANES, larger, 2));
        // A row that has seen no key yet must not subtract infinities.
        float shift = larger == negativeInfinity() ? 0.f : larger * base2;
        float factor = exp2_approx(top[m][half] * base2 - shift);
        float sum = 0;
#pragma unroll
        for (int n = 0; n < COLUMNS; n++)
#pragma unroll
          for (int side = 0; side < 2; side++) {
            float& p = scores.at[m][n][2 * half + side];
            p = exp2_approx(fmaf(p, base2, -shift));
            sum += p;
          }
        top[m][half] = larger;
        norm[m][half] = norm[m][half] * factor + sum;
#pragma unroll
        for (int n = 0; n < D / 8; n++) {
          sums.at[m][n][2 * half] *= factor;
          sums.at[m][n][2 * half + 1] *= factor;
        }
      }
    if (g.dropout > 0) {
#pragma unroll
      for (int m = 0; m < TILES; m++) {
        i64 upper = g.rowNumber(b, h, row + 16 * m + lane / 4) * g.keyLength + j;
        u32 bits = keptByQuery<COLUMNS>(
            dropout, upper, upper + 8 * i64(g.keyLength), g.keyLength % 4 == 0, lane);
#pragma unroll
        for (int n = 0; n < COLUMNS; n++)
#pragma unroll
          for (int e = 0; e < 4; e++)
            if ((bits >> (4 * n + e) & 1) == 0) scores.at[m][n][e] = 0;
      }
    }
    sums.template add<T, COLUMNS>(scores, values + buffer * KEYS * D, lane);
  }

  float factor[TILES][2];
#pragma unroll
  for (int m = 0; m < TILES; m++)
#pragma unroll
    for (int half = 0; half < 2; half++) {
      float sum = norm[m][half];
      sum += __shfl_xor_sync(ALL_LANES, sum, 1);
      sum += __shfl_xor_sync(ALL_LANES, sum, 2);
      factor[m][half] = sum == 0 ? 0.f : 1 / (sum * (1 - g.dropout));
      int i = row + 16 * m + 8 * half + lane / 4;
      if (lane % 4 == 0 && i < g.queryLength && logSumExp != nullptr)
        logSumExp[g.rowNumber(b, h, i)] =
            sum == 0 ? negativeInfinity() : top[m][half] * g.scale + logf(sum);
    }
  // Each warp overwrites the queries that only it has read.
  cp_async_wait<0>();
  __syncthreads();
  sums.template write<T>(queries, warp * ROWS, factor, lane);
  __syncwarp();
  const bool outPieces = aligned(out, 0, 0, g.headSize);
  storeTile<T, D, ROWS, WARP>(queries, warp * ROWS, lane, out + g.outStart(b, h, place.row),
                              g.outStride(), g.queryLength - place.row, g.headSize, outPieces);
}

}  // namespace flash

#define ENTRY(T, suffix, D, TILES, KEYS, KEEP_Q)                                              \
  extern "C" __global__ void __launch_bounds__(flash::THREADS, 1) attention_d##D##_##suffix(     \
      const T* q, const T* k, const T* v, const u8* keyMask, const int* lengths, T* out,         \
      float* logSumExp, GEOMETRY_PARAMETERS) {                                                   \
    flash::attention<T, D, TILES, KEYS, KEEP_Q>(                                                 \
        GEOMETRY, q, k, v, keyMask, lengths, out, logSumExp);                                    \
  }
#define FOR_EACH_SIZE(T, suffix)      \
  ENTRY(T, suffix, 32, 2, 64, true)   \
  ENTRY(T, suffix, 64, 2, 64, true)   \
  ENTRY(T, suffix, 96, 2, 32, false)  \
  ENTRY(T, suffix, 128, 2, 32, false) \
  ENTRY(T, suffix, 256, 1, 32, false)
FOR_EACH_SIZE(f16, f16)
FOR_EACH_SIZE(bf16, bf16)
#undef FOR_EACH_SIZE
#undef ENTRY

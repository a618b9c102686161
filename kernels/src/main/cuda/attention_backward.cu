// The gradients of attention (Dao et al. 2022, arXiv 2205.14135; Dao 2023, arXiv 2307.08691). With
// P = e^(scale q k^T + bias - logSumExp), the dropout's factors Z, and D_i = dOut_i . out_i:
//
//   dV = (P Z)^T dOut   dS = P (Z dOut v^T - D)   dQ = scale dS k   dK = scale dS^T q
//
// Three kernels, none of which adds to memory, so that sums have one order and need no atomics:
// attentionBackwardRows computes D; attentionBackwardKeys owns a tile of keys and passes over the
// queries that see it, and over the query heads that share its key head, in order;
// attentionBackwardQueries owns a tile of queries and passes over its keys. Scores are computed
// twice (7 products where atomics would need 5), which is the price of equal bits in every run.
//
// F16 and BF16: 4 warps; a warp owns 16 TILES rows. Both kernels are one scheme with roles swapped:
// two products of own rows with the other side's tile (scores, dOut v^T), then one or two products
// of what comes out, from registers, with the other side's tile. For keys these are the transposed
// scores, so that P^T and dS^T are left operands as they lie. The own tiles stay in shared memory,
// the other side's are double-buffered through cp.async, a barrier per tile.
//
// At D = 256 the sums of dK and dV do not fit the registers together: half of the blocks compute
// dV, half dK.
//
// Bound: FLOPs, 14 Tq Tk D a head (half where causal). To tune: as in attention.cu.
#include "attention_bias.cuh"

namespace flash {

// D of every row, in the order of logSumExp. A warp has a row.
template <class T>
__device__ __forceinline__ void rowDots(
    const T* out, const T* dOut, float* dots, int heads, int length, int headSize, i64 rows) {
  const int lane = threadIdx.x % WARP;
  const bool pieces = aligned(out, 0, 0, headSize) && aligned(dOut, 0, 0, headSize);
  for (i64 r = gridThread() / WARP; r < rows; r += gridThreads() / WARP) {
    const T* x = out + r * headSize;
    const T* y = dOut + r * headSize;
    float sum = 0;
    if (pieces) {
      constexpr int LENGTH = Pack<T>::LENGTH;
      for (int d = lane * LENGTH; d < headSize; d += WARP * LENGTH) {
        Pack<T> a = *reinterpret_cast<const Pack<T>*>(x + d);
        Pack<T> c = *reinterpret_cast<const Pack<T>*>(y + d);
#pragma unroll
        for (int e = 0; e < LENGTH; e++) sum = fmaf(toFloat(a.at[e]), toFloat(c.at[e]), sum);
      }
    } else {
      for (int d = lane; d < headSize; d += WARP) sum = fmaf(toFloat(x[d]), toFloat(y[d]), sum);
    }
    sum = warpSum(sum);
    // r counts [batch, length, heads], the result is [batch, heads, length].
    i64 row = r / heads, h = r % heads;
    if (lane == 0) dots[(row / length * heads + h) * length + row % length] = sum;
  }
}

template <class T, int D, int TILES, int KEYS>
__device__ __forceinline__ void backwardQueries(
    const Geometry& g, const T* q, const T* k, const T* v, const u8* keyMask,
    const float* logSumExp, const float* dots, const T* dOut, T* dQ) {
  constexpr int ROWS = 16 * TILES, QUERIES = WARPS * ROWS, COLUMNS = KEYS / 8;
  DYNAMIC_SHARED(T, queries);
  T* slopes = queries + QUERIES * D;
  T* keys = slopes + QUERIES * D;
  T* values = keys + 2 * KEYS * D;
  const int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP;
  const Place place(QUERIES, g.queryLength, g.heads);
  const int b = place.b, h = place.h, row = place.row + warp * ROWS;
  const int count = g.queryLength - place.row;

  const bool queryPieces = aligned(q, g.queryBatchStride, g.queryRowStride, g.headSize);
  const bool keyPieces = aligned(k, g.keyBatchStride, g.keyRowStride, g.headSize) &&
                         aligned(v, g.keyBatchStride, g.keyRowStride, g.headSize);
  const bool outPieces = aligned(dOut, 0, 0, g.headSize);
  k += g.keyStart(b, g.keyHead(h), 0);
  v += g.keyStart(b, g.keyHead(h), 0);
  if (keyMask != nullptr) keyMask += i64(b) * g.keyLength;

  const int lastRow = min(place.row + QUERIES, g.queryLength) - 1;
  const int end = g.endKey(lastRow);
  int j = g.firstKey(place.row) / KEYS * KEYS;
  const auto load = [&](int j, int buffer) {
    i64 start = j * g.keyRowStride;
    loadTile<T, D, KEYS, THREADS>(keys + buffer * KEYS * D, k + start, g.keyRowStride,
                                  g.keyLength - j, g.headSize, keyPieces);
    loadTile<T, D, KEYS, THREADS>(values + buffer * KEYS * D, v + start, g.keyRowStride,
                                  g.keyLength - j, g.headSize, keyPieces);
    cp_async_commit();
  };
  loadTile<T, D, QUERIES, THREADS>(queries, q + g.queryStart(b, h, place.row), g.queryRowStride,
                                   count, g.headSize, queryPieces);
  loadTile<T, D, QUERIES, THREADS>(slopes, dOut + g.outStart(b, h, place.row), g.outStride(), count,
                                   g.headSize, outPieces);
  if (j < end) load(j, 0);

  float shift[TILES][2], dot[TILES][2], factor[TILES][2];
#pragma unroll
  for (int m = 0; m < TILES; m++)
#pragma unroll
    for (int half = 0; half < 2; half++) {
      int i = row + 16 * m + 8 * half + lane / 4;
      bool inside = i < g.queryLength;
      shift[m][half] = shiftOf(logSumExp, g.rowNumber(b, h, i), inside);
      dot[m][half] = inside ? dots[g.rowNumber(b, h, i)] : 0.f;
      factor[m][half] = g.scale;
    }
  Fragments<TILES, D / 8> sums;
  sums.clear();
  const float base2 = g.scale * LOG2E, kept = 1 / (1 - g.dropout);
  const Dropout dropout(g);

  for (int buffer = 0; j < end; j += KEYS, buffer ^= 1) {
    cp_async_wait<0>();
    __syncthreads();
    if (j + KEYS < end) load(j + KEYS, buffer ^ 1);

    Fragments<TILES, COLUMNS> scores, dWeights;
    scores.template products<T, D>(queries, warp * ROWS, keys + buffer * KEYS * D, lane);
    addBias(scores, g, QUERIES, row, j, lane);
    if (keyMask != nullptr || j < g.firstKey(lastRow) || j + KEYS > g.endKey(place.row))
      hide(scores, g, keyMask, row, j, lane);
    dWeights.template products<T, D>(slopes, warp * ROWS, values + buffer * KEYS * D, lane);
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
            dWeights.at[m][n][e] *= (bits >> (4 * n + e) & 1) == 0 ? 0.f : kept;
      }
    }
#pragma unroll
    for (int m = 0; m < TILES; m++)
#pragma unroll
      for (int n = 0; n < COLUMNS; n++)
#pragma unroll
        for (int e = 0; e < 4; e++) {
          float p = exp2_approx(fmaf(scores.at[m][n][e], base2, -shift[m][e / 2]));
          scores.at[m][n][e] = p * (dWeights.at[m][n][e] - dot[m][e / 2]);
        }
    sums.template add<T, COLUMNS>(scores, keys + buffer * KEYS * D, lane);
  }

  cp_async_wait<0>();
  __syncthreads();
  sums.template write<T>(queries, warp * ROWS, factor, lane);
  __syncwarp();
  const bool pieces = aligned(dQ, g.queryBatchStride, g.queryRowStride, g.headSize);
  storeTile<T, D, ROWS, WARP>(queries, warp * ROWS, lane, dQ + g.queryStart(b, h, place.row),
                              g.queryRowStride, count, g.headSize, pieces);
}

// Hides transposed scores: rows are keys from `key` on, column c is query `query` + c.
template <int TILES, int COLUMNS>
__device__ __forceinline__ void hideTurned(Fragments<TILES, COLUMNS>& scores, const Geometry& g,
                                           const u8* keyMask, int key, int query, int lane) {
#pragma unroll
  for (int m = 0; m < TILES; m++)
#pragma unroll
    for (int half = 0; half < 2; half++) {
      int j = key + 16 * m + 8 * half + lane / 4;
      bool open = j < g.keyLength && (keyMask == nullptr || keyMask[j] != 0);
      int first = open ? g.firstRow(j) : g.queryLength, end = g.endRow(j);
#pragma unroll
      for (int n = 0; n < COLUMNS; n++)
#pragma unroll
        for (int side = 0; side < 2; side++) {
          int i = query + 8 * n + lane % 4 * 2 + side;
          if (i < first || i >= end) scores.at[m][n][2 * half + side] = negativeInfinity();
        }
    }
}

// KEY_SUMS and VALUE_SUMS say which of dK and dV this block computes.
template <class T, int D, int TILES, int QUERIES, bool KEY_SUMS, bool VALUE_SUMS>
__device__ __forceinline__ void backwardKeys(
    const Geometry& g, int block, const T* q, const T* k, const T* v, const u8* keyMask,
    const float* logSumExp, const float* dots, const T* dOut, T* dK, T* dV) {
  constexpr int ROWS = 16 * TILES, KEYS = WARPS * ROWS, COLUMNS = QUERIES / 8;
  DYNAMIC_SHARED(T, keys);
  T* values = keys + KEYS * D;
  T* queries = values + KEYS * D;
  T* slopes = queries + 2 * QUERIES * D;
  float* shifts = reinterpret_cast<float*>(slopes + 2 * QUERIES * D);
  float* means = shifts + 2 * QUERIES;
  const int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP;
  const int tiles = (g.keyLength + KEYS - 1) / KEYS;
  // The first keys are seen by the most rows of a causal mask, so they begin first.
  const int tile = block % tiles * KEYS, b = block / tiles / g.keyHeads,
            keyHead = block / tiles % g.keyHeads;
  const int key = tile + warp * ROWS, count = g.keyLength - tile;
  const int lastKey = min(tile + KEYS, g.keyLength) - 1;

  const bool queryPieces = aligned(q, g.queryBatchStride, g.queryRowStride, g.headSize);
  const bool keyPieces = aligned(k, g.keyBatchStride, g.keyRowStride, g.headSize) &&
                         aligned(v, g.keyBatchStride, g.keyRowStride, g.headSize);
  const bool outPieces = aligned(dOut, 0, 0, g.headSize);
  const i64 start = g.keyStart(b, keyHead, tile);
  if (keyMask != nullptr) keyMask += i64(b) * g.keyLength;

  // Every query head of the group passes over the tiles of queries that see these keys.
  const int group = g.heads / g.keyHeads;
  const int firstQuery = g.firstRow(tile) / QUERIES * QUERIES, endQuery = g.endRow(lastKey);
  float nextShift = 0, nextMean = 0;
  const auto load = [&](int h, int i, int buffer) {
    loadTile<T, D, QUERIES, THREADS>(queries + buffer * QUERIES * D, q + g.queryStart(b, h, i),
                                     g.queryRowStride, g.queryLength - i, g.headSize, queryPieces);
    loadTile<T, D, QUERIES, THREADS>(slopes + buffer * QUERIES * D, dOut + g.outStart(b, h, i),
                                     g.outStride(), g.queryLength - i, g.headSize, outPieces);
    cp_async_commit();
    i += threadIdx.x;
    bool inside = threadIdx.x < QUERIES && i < g.queryLength;
    nextShift = shiftOf(logSumExp, g.rowNumber(b, h, i), inside);
    nextMean = inside ? dots[g.rowNumber(b, h, i)] : 0.f;
  };
  const auto keepRows = [&](int buffer) {
    if (threadIdx.x < QUERIES) {
      shifts[buffer * QUERIES + threadIdx.x] = nextShift;
      means[buffer * QUERIES + threadIdx.x] = nextMean;
    }
  };
  loadTile<T, D, KEYS, THREADS>(keys, k + start, g.keyRowStride, count, g.headSize, keyPieces);
  if (KEY_SUMS)
    loadTile<T, D, KEYS, THREADS>(values, v + start, g.keyRowStride, count, g.headSize, keyPieces);
  int h = keyHead * group, i = firstQuery;
  if (i < endQuery) {
    load(h, i, 0);
    keepRows(0);
  } else {
    h += group;
  }

  Fragments<TILES, KEY_SUMS ? D / 8 : 1> keySums;
  Fragments<TILES, VALUE_SUMS ? D / 8 : 1> valueSums;
  keySums.clear();
  valueSums.clear();
  const float base2 = g.scale * LOG2E, kept = 1 / (1 - g.dropout);
  const Dropout dropout(g);

  for (int buffer = 0; h < (keyHead + 1) * group; buffer ^= 1) {
    cp_async_wait<0>();
    __syncthreads();
    const int nextQuery = i + QUERIES < endQuery ? i + QUERIES : firstQuery;
    const int nextHead = nextQuery > i ? h : h + 1;
    const bool more = nextHead < (keyHead + 1) * group;
    if (more) load(nextHead, nextQuery, buffer ^ 1);

    Fragments<TILES, COLUMNS> weights;
    weights.template products<T, D>(keys, warp * ROWS, queries + buffer * QUERIES * D, lane);
    addBiasTurned(weights, g, h, key, i, lane);
    // Rows past the last query have weights of 0 anyway.
    if (keyMask != nullptr || i < g.firstRow(lastKey) ||
        min(i + QUERIES, g.queryLength) > g.endRow(tile) || count < KEYS)
      hideTurned(weights, g, keyMask, key, i, lane);
#pragma unroll
    for (int n = 0; n < COLUMNS; n++)
#pragma unroll
      for (int side = 0; side < 2; side++) {
        float shift = shifts[buffer * QUERIES + 8 * n + lane % 4 * 2 + side];
#pragma unroll
        for (int m = 0; m < TILES; m++)
#pragma unroll
          for (int half = 0; half < 2; half++) {
            float& s = weights.at[m][n][2 * half + side];
            s = exp2_approx(fmaf(s, base2, -shift));
          }
      }
    u32 bits[TILES] = {};
    if (g.dropout > 0) {
#pragma unroll
      for (int m = 0; m < TILES; m++) {
        i64 first = g.rowNumber(b, h, i) * g.keyLength + key + 16 * m;
        bits[m] =
            keptByKey<COLUMNS>(dropout, first, g.keyLength, g.keyLength % 4 == 0, lane);
      }
    }
    if (VALUE_SUMS) {
      Fragments<TILES, COLUMNS> thinned = weights;
      if (g.dropout > 0) {
#pragma unroll
        for (int m = 0; m < TILES; m++)
#pragma unroll
          for (int n = 0; n < COLUMNS; n++)
#pragma unroll
            for (int e = 0; e < 4; e++)
              if ((bits[m] >> (4 * n + e) & 1) == 0) thinned.at[m][n][e] = 0;
      }
      valueSums.template add<T, COLUMNS>(thinned, slopes + buffer * QUERIES * D, lane);
    }
    if (KEY_SUMS) {
      Fragments<TILES, COLUMNS> dWeights;
      dWeights.template products<T, D>(values, warp * ROWS, slopes + buffer * QUERIES * D, lane);
      if (g.dropout > 0) {
#pragma unroll
        for (int m = 0; m < TILES; m++)
#pragma unroll
          for (int n = 0; n < COLUMNS; n++)
#pragma unroll
            for (int e = 0; e < 4; e++)
              dWeights.at[m][n][e] *= (bits[m] >> (4 * n + e) & 1) == 0 ? 0.f : kept;
      }
#pragma unroll
      for (int n = 0; n < COLUMNS; n++)
#pragma unroll
        for (int side = 0; side < 2; side++) {
          float mean = means[buffer * QUERIES + 8 * n + lane % 4 * 2 + side];
#pragma unroll
          for (int m = 0; m < TILES; m++)
#pragma unroll
            for (int half = 0; half < 2; half++)
              weights.at[m][n][2 * half + side] *= dWeights.at[m][n][2 * half + side] - mean;
        }
      keySums.template add<T, COLUMNS>(weights, queries + buffer * QUERIES * D, lane);
    }
    if (more) keepRows(buffer ^ 1);
    h = nextHead;
    i = nextQuery;
  }

  cp_async_wait<0>();
  __syncthreads();
  if (KEY_SUMS) {
    float factor[TILES][2];
#pragma unroll
    for (int m = 0; m < TILES; m++) factor[m][0] = factor[m][1] = g.scale;
    keySums.template write<T>(keys, warp * ROWS, factor, lane);
    __syncwarp();
    const bool pieces = aligned(dK, g.keyBatchStride, g.keyRowStride, g.headSize);
    storeTile<T, D, ROWS, WARP>(keys, warp * ROWS, lane, dK + start, g.keyRowStride, count,
                                g.headSize, pieces);
  }
  if (VALUE_SUMS) {
    float factor[TILES][2];
#pragma unroll
    for (int m = 0; m < TILES; m++) factor[m][0] = factor[m][1] = kept;
    valueSums.template write<T>(values, warp * ROWS, factor, lane);
    __syncwarp();
    const bool pieces = aligned(dV, g.keyBatchStride, g.keyRowStride, g.headSize);
    storeTile<T, D, ROWS, WARP>(values, warp * ROWS, lane, dV + start, g.keyRowStride, count,
                                g.headSize, pieces);
  }
}

}  // namespace flash

#define ENTRY(T, suffix)                                                                        \
  extern "C" __global__ void __launch_bounds__(BLOCK) attentionBackwardRows_##suffix(           \
      const T* out, const T* dOut, float* dots, int heads, int length, int headSize, i64 rows) { \
    flash::rowDots(out, dOut, dots, heads, length, headSize, rows);                             \
  }
FOR_EACH_FLOAT(ENTRY)
#undef ENTRY

#define QUERIES_ENTRY(T, suffix, D, TILES, KEYS)                                          \
  extern "C" __global__ void __launch_bounds__(flash::THREADS, 1)                            \
      attentionBackwardQueries_d##D##_##suffix(                                           \
          const T* q, const T* k, const T* v, const u8* keyMask, const float* logSumExp,  \
          const float* dots, const T* dOut, T* dQ, GEOMETRY_PARAMETERS) {                 \
    flash::backwardQueries<T, D, TILES, KEYS>(                                            \
        GEOMETRY, q, k, v, keyMask, logSumExp, dots, dOut, dQ);                           \
  }
#define KEYS_ENTRY(T, suffix, D, TILES, QUERIES)                                           \
  extern "C" __global__ void __launch_bounds__(flash::THREADS, 1)                             \
      attentionBackwardKeys_d##D##_##suffix(                                               \
          const T* q, const T* k, const T* v, const u8* keyMask, const float* logSumExp,   \
          const float* dots, const T* dOut, T* dK, T* dV, GEOMETRY_PARAMETERS) {           \
    flash::backwardKeys<T, D, TILES, QUERIES, true, true>(                                 \
        GEOMETRY, blockIdx.x, q, k, v, keyMask, logSumExp, dots, dOut, dK, dV);            \
  }
// Blocks 2 n and 2 n + 1 are dV and dK of one tile.
#define HALVED_KEYS_ENTRY(T, suffix, D, TILES, QUERIES)                                    \
  extern "C" __global__ void __launch_bounds__(flash::THREADS, 1)                             \
      attentionBackwardKeys_d##D##_##suffix(                                               \
          const T* q, const T* k, const T* v, const u8* keyMask, const float* logSumExp,   \
          const float* dots, const T* dOut, T* dK, T* dV, GEOMETRY_PARAMETERS) {           \
    if (blockIdx.x % 2 == 0)                                                               \
      flash::backwardKeys<T, D, TILES, QUERIES, false, true>(                              \
          GEOMETRY, blockIdx.x / 2, q, k, v, keyMask, logSumExp, dots, dOut, dK, dV);      \
    else                                                                                   \
      flash::backwardKeys<T, D, TILES, QUERIES, true, false>(                              \
          GEOMETRY, blockIdx.x / 2, q, k, v, keyMask, logSumExp, dots, dOut, dK, dV);      \
  }
#define FOR_EACH_SIZE(T, suffix)        \
  QUERIES_ENTRY(T, suffix, 32, 2, 64)   \
  QUERIES_ENTRY(T, suffix, 64, 2, 32)   \
  QUERIES_ENTRY(T, suffix, 96, 1, 64)   \
  QUERIES_ENTRY(T, suffix, 128, 1, 64)  \
  QUERIES_ENTRY(T, suffix, 256, 1, 16)  \
  KEYS_ENTRY(T, suffix, 32, 2, 32)      \
  KEYS_ENTRY(T, suffix, 64, 1, 64)      \
  KEYS_ENTRY(T, suffix, 96, 1, 32)      \
  KEYS_ENTRY(T, suffix, 128, 1, 32)     \
  HALVED_KEYS_ENTRY(T, suffix, 256, 1, 16)
FOR_EACH_SIZE(f16, f16)
FOR_EACH_SIZE(bf16, bf16)
#undef FOR_EACH_SIZE
#undef HALVED_KEYS_ENTRY
#undef KEYS_ENTRY
#undef QUERIES_ENTRY

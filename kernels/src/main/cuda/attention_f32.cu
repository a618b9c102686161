// Attention and its gradients in F32, by exact FMA: no TF32. Formulas and passes are those of
// attention.cu and attention_backward.cu.
//
// A block has 256 threads, 16 x 16. Of a product of two tiles [ROWS][D] and [COLUMNS][D] a thread
// has rows ty + 16 i and columns tx + 16 j, read as 16 bytes along D. The result passes through
// shared memory, where only the 16 threads of a row meet, so that half a warp, not the block,
// waits; of the product with the other tile a thread has rows ty + 16 i and D / 16 columns.
//
// Bound: FLOPs. With 4 x 4 per thread a step along D of 4 is 8 loads for 64 FMA; shared memory
// delivers them in 48 of the FMA's 64 cycles. To tune: rows and columns at the bottom (and in
// AttentionTiles.java); more rows per thread load less and need more registers and shared memory.
#include "attention_bias.cuh"

namespace flash {

constexpr int SIDE = 16;
constexpr int EXACT_THREADS = SIDE * SIDE;

__device__ __forceinline__ int tileX() { return threadIdx.x % SIDE; }
__device__ __forceinline__ int tileY() { return threadIdx.x / SIDE; }

// sums = left right^T over D.
template <int D, int RI, int CI>
__device__ __forceinline__ void products(
    float sums[RI][CI], const float* left, const float* right) {
#pragma unroll
  for (int i = 0; i < RI; i++)
#pragma unroll
    for (int j = 0; j < CI; j++) sums[i][j] = 0;
#pragma unroll 4
  for (int c = 0; c < D / 4; c++) {
    Pack<float> a[RI], b[CI];
#pragma unroll
    for (int i = 0; i < RI; i++)
      a[i] = *reinterpret_cast<const Pack<float>*>(left + piece<float, D>(tileY() + SIDE * i, c));
#pragma unroll
    for (int j = 0; j < CI; j++)
      b[j] = *reinterpret_cast<const Pack<float>*>(right + piece<float, D>(tileX() + SIDE * j, c));
#pragma unroll
    for (int i = 0; i < RI; i++)
#pragma unroll
      for (int j = 0; j < CI; j++)
#pragma unroll
        for (int e = 0; e < 4; e++) sums[i][j] = fmaf(a[i].at[e], b[j].at[e], sums[i][j]);
  }
}

// Where weight (row, column) lies: two neighbouring rows, which a warp has, differ in their banks.
template <int COLUMNS>
__device__ __forceinline__ int weightAt(int row, int column) {
  return row * COLUMNS + (COLUMNS >= 32 ? column ^ (row & 1) << 4 : column);
}

// A thread's columns of a row of D: WIDTH neighbours, every 16 WIDTH.
template <int D>
struct Columns {
  static constexpr int WIDTH = D % 64 == 0 ? 4 : 2, COUNT = D / SIDE / WIDTH;
  static __device__ __forceinline__ int at(int row, int n) {
    int d = (tileX() + SIDE * n) * WIDTH;
    return piece<float, D>(row, d / 4) + d % 4;
  }
};

// sums += weights right, after handing the weights around: `shared` is [ROWS][COLUMNS].
template <int D, int RI, int CI>
__device__ __forceinline__ void addProducts(
    float sums[RI][D / SIDE], const float weights[RI][CI], float* shared, const float* right) {
  constexpr int COLUMNS = CI * SIDE, WIDTH = Columns<D>::WIDTH;
  __syncwarp();
#pragma unroll
  for (int i = 0; i < RI; i++)
#pragma unroll
    for (int j = 0; j < CI; j++)
      shared[weightAt<COLUMNS>(tileY() + SIDE * i, tileX() + SIDE * j)] = weights[i][j];
  __syncwarp();
#pragma unroll 2
  for (int c = 0; c < COLUMNS; c += 4) {
    Pack<float> w[RI];
#pragma unroll
    for (int i = 0; i < RI; i++)
      w[i] = *reinterpret_cast<const Pack<float>*>(
          shared + weightAt<COLUMNS>(tileY() + SIDE * i, c));
#pragma unroll
    for (int e = 0; e < 4; e++)
#pragma unroll
      for (int n = 0; n < Columns<D>::COUNT; n++) {
        struct alignas(WIDTH * 4) Part { float at[WIDTH]; };
        Part x = *reinterpret_cast<const Part*>(right + Columns<D>::at(c + e, n));
#pragma unroll
        for (int i = 0; i < RI; i++)
#pragma unroll
          for (int d = 0; d < WIDTH; d++)
            sums[i][n * WIDTH + d] = fmaf(w[i].at[e], x.at[d], sums[i][n * WIDTH + d]);
      }
  }
}

// Rows of sums, times a factor, into a tile that goes to memory next.
template <int D, int RI>
__device__ __forceinline__ void writeRows(
    float* tile, const float sums[RI][D / SIDE], const float factor[RI]) {
#pragma unroll
  for (int i = 0; i < RI; i++)
#pragma unroll
    for (int n = 0; n < D / SIDE; n++)
      tile[Columns<D>::at(tileY() + SIDE * i, n / Columns<D>::WIDTH) + n % Columns<D>::WIDTH] =
          sums[i][n] * factor[i];
}

template <int D, int QUERIES, int KEYS>
__device__ __forceinline__ void attention(const Geometry& all, const float* q, const float* k,
                                          const float* v, const u8* keyMask, const int* lengths,
                                          float* out, float* logSumExp) {
  constexpr int RI = QUERIES / SIDE, CI = KEYS / SIDE;
  DYNAMIC_SHARED(float, queries);
  float* keys = queries + QUERIES * D;
  float* values = keys + KEYS * D;
  float* shared = values + KEYS * D;
  const Place place(QUERIES, all.queryLength, all.heads);
  const int b = place.b, h = place.h, count = all.queryLength - place.row;
  const Geometry g = all.ofSequence(b, lengths);
  const bool queryPieces = aligned(q, g.queryBatchStride, g.queryRowStride, g.headSize);
  const bool keyPieces = aligned(k, g.keyBatchStride, g.keyRowStride, g.headSize) &&
                         aligned(v, g.keyBatchStride, g.keyRowStride, g.headSize);
  k += g.keyStart(b, g.keyHead(h), 0);
  v += g.keyStart(b, g.keyHead(h), 0);
  if (keyMask != nullptr) keyMask += i64(b) * g.keyLength;
  loadTile<float, D, QUERIES, EXACT_THREADS>(queries, q + g.queryStart(b, h, place.row),
                                             g.queryRowStride, count, g.headSize, queryPieces);
  float sums[RI][D / SIDE] = {}, top[RI], norm[RI];
#pragma unroll
  for (int i = 0; i < RI; i++) {
    top[i] = negativeInfinity();
    norm[i] = 0;
  }
  const float base2 = g.scale * LOG2E;
  const Dropout dropout(g);
  const int end = g.endKey(min(place.row + QUERIES, g.queryLength) - 1);
  for (int tile = g.firstKey(place.row) / KEYS * KEYS; tile < end; tile += KEYS) {
    __syncthreads();
    i64 start = tile * g.keyRowStride;
    loadTile<float, D, KEYS, EXACT_THREADS>(
        keys, k + start, g.keyRowStride, g.keyLength - tile, g.headSize, keyPieces);
    loadTile<float, D, KEYS, EXACT_THREADS>(
        values, v + start, g.keyRowStride, g.keyLength - tile, g.headSize, keyPieces);
    cp_async_commit();
    cp_async_wait<0>();
    __syncthreads();

    float weights[RI][CI];
    products<D, RI, CI>(weights, queries, keys);
#pragma unroll
    for (int i = 0; i < RI; i++) {
      const int row = place.row + tileY() + SIDE * i;
      float larger = top[i];
#pragma unroll
      for (int j = 0; j < CI; j++) {
        weights[i][j] =
            seenScore(g, keyMask, h, row, tile + tileX() + SIDE * j, weights[i][j]);
        larger = fmaxf(larger, weights[i][j]);
      }
#pragma unroll
      for (int lanes = SIDE / 2; lanes > 0; lanes /= 2)
        larger = fmaxf(larger, __shfl_xor_sync(ALL_LANES, larger, lanes));
      // A row that has seen no key yet must not subtract infinities.
      float shift = larger == negativeInfinity() ? 0.f : larger * base2;
      float factor = exp2_approx(top[i] * base2 - shift);
      top[i] = larger;
      norm[i] *= factor;
#pragma unroll
      for (int j = 0; j < CI; j++) {
        weights[i][j] = exp2_approx(fmaf(weights[i][j], base2, -shift));
        norm[i] += weights[i][j];
      }
#pragma unroll
      for (int n = 0; n < D / SIDE; n++) sums[i][n] *= factor;
      if (g.dropout > 0) {
        i64 first = g.rowNumber(b, h, row) * g.keyLength + tile + tileX();
#pragma unroll
        for (int j = 0; j < CI; j++)
          if (!dropout.keeps(first + SIDE * j)) weights[i][j] = 0;
      }
    }
    addProducts<D, RI, CI>(sums, weights, shared, values);
  }

  float factor[RI];
#pragma unroll
  for (int i = 0; i < RI; i++) {
    float sum = norm[i];
#pragma unroll
    for (int lanes = SIDE / 2; lanes > 0; lanes /= 2) sum += __shfl_xor_sync(ALL_LANES, sum, lanes);
    factor[i] = sum == 0 ? 0.f : 1 / (sum * (1 - g.dropout));
    int row = place.row + tileY() + SIDE * i;
    if (tileX() == 0 && row < g.queryLength && logSumExp != nullptr)
      logSumExp[g.rowNumber(b, h, row)] =
          sum == 0 ? negativeInfinity() : top[i] * g.scale + logf(sum);
  }
  cp_async_wait<0>();
  __syncthreads();
  writeRows<D, RI>(queries, sums, factor);
  __syncthreads();
  storeTile<float, D, QUERIES, EXACT_THREADS>(queries, 0, threadIdx.x,
                                              out + g.outStart(b, h, place.row), g.outStride(),
                                              count, g.headSize, aligned(out, 0, 0, g.headSize));
}

template <int D, int QUERIES, int KEYS>
__device__ __forceinline__ void backwardQueries(
    const Geometry& g, const float* q, const float* k, const float* v, const u8* keyMask,
    const float* logSumExp, const float* dots, const float* dOut, float* dQ) {
  constexpr int RI = QUERIES / SIDE, CI = KEYS / SIDE;
  DYNAMIC_SHARED(float, queries);
  float* slopes = queries + QUERIES * D;
  float* keys = slopes + QUERIES * D;
  float* values = keys + KEYS * D;
  float* shared = values + KEYS * D;
  const Place place(QUERIES, g.queryLength, g.heads);
  const int b = place.b, h = place.h, count = g.queryLength - place.row;
  const bool queryPieces = aligned(q, g.queryBatchStride, g.queryRowStride, g.headSize);
  const bool keyPieces = aligned(k, g.keyBatchStride, g.keyRowStride, g.headSize) &&
                         aligned(v, g.keyBatchStride, g.keyRowStride, g.headSize);
  k += g.keyStart(b, g.keyHead(h), 0);
  v += g.keyStart(b, g.keyHead(h), 0);
  if (keyMask != nullptr) keyMask += i64(b) * g.keyLength;
  loadTile<float, D, QUERIES, EXACT_THREADS>(queries, q + g.queryStart(b, h, place.row),
                                             g.queryRowStride, count, g.headSize, queryPieces);
  loadTile<float, D, QUERIES, EXACT_THREADS>(slopes, dOut + g.outStart(b, h, place.row),
                                             g.outStride(), count, g.headSize,
                                             aligned(dOut, 0, 0, g.headSize));
  float sums[RI][D / SIDE] = {}, shift[RI], dot[RI], factor[RI];
#pragma unroll
  for (int i = 0; i < RI; i++) {
    int row = place.row + tileY() + SIDE * i;
    bool inside = row < g.queryLength;
    shift[i] = shiftOf(logSumExp, g.rowNumber(b, h, row), inside);
    dot[i] = inside ? dots[g.rowNumber(b, h, row)] : 0.f;
    factor[i] = g.scale;
  }
  const float base2 = g.scale * LOG2E, kept = 1 / (1 - g.dropout);
  const Dropout dropout(g);
  const int end = g.endKey(min(place.row + QUERIES, g.queryLength) - 1);
  for (int tile = g.firstKey(place.row) / KEYS * KEYS; tile < end; tile += KEYS) {
    __syncthreads();
    i64 start = tile * g.keyRowStride;
    loadTile<float, D, KEYS, EXACT_THREADS>(
        keys, k + start, g.keyRowStride, g.keyLength - tile, g.headSize, keyPieces);
    loadTile<float, D, KEYS, EXACT_THREADS>(
        values, v + start, g.keyRowStride, g.keyLength - tile, g.headSize, keyPieces);
    cp_async_commit();
    cp_async_wait<0>();
    __syncthreads();

    float scores[RI][CI], dWeights[RI][CI];
    products<D, RI, CI>(scores, queries, keys);
    products<D, RI, CI>(dWeights, slopes, values);
#pragma unroll
    for (int i = 0; i < RI; i++) {
      const int row = place.row + tileY() + SIDE * i;
#pragma unroll
      for (int j = 0; j < CI; j++) {
        const int key = tile + tileX() + SIDE * j;
        const float score = seenScore(g, keyMask, h, row, key, scores[i][j]);
        const float p = exp2_approx(fmaf(score, base2, -shift[i]));
        float z = 1;
        if (g.dropout > 0)
          z = dropout.keeps(g.rowNumber(b, h, row) * g.keyLength + key) ? kept : 0.f;
        scores[i][j] = p * (z * dWeights[i][j] - dot[i]);
      }
    }
    addProducts<D, RI, CI>(sums, scores, shared, keys);
  }
  cp_async_wait<0>();
  __syncthreads();
  writeRows<D, RI>(queries, sums, factor);
  __syncthreads();
  storeTile<float, D, QUERIES, EXACT_THREADS>(
      queries, 0, threadIdx.x, dQ + g.queryStart(b, h, place.row), g.queryRowStride, count,
      g.headSize, aligned(dQ, g.queryBatchStride, g.queryRowStride, g.headSize));
}

template <int D, int KEYS, int QUERIES>
__device__ __forceinline__ void backwardKeys(
    const Geometry& g, const float* q, const float* k, const float* v, const u8* keyMask,
    const float* logSumExp, const float* dots, const float* dOut, float* dK, float* dV) {
  constexpr int RI = KEYS / SIDE, CI = QUERIES / SIDE;
  DYNAMIC_SHARED(float, keys);
  float* values = keys + KEYS * D;
  float* queries = values + KEYS * D;
  float* slopes = queries + QUERIES * D;
  float* shared = slopes + QUERIES * D;
  const int tiles = (g.keyLength + KEYS - 1) / KEYS;
  const int tile = blockIdx.x % tiles * KEYS, b = blockIdx.x / tiles / g.keyHeads,
            keyHead = blockIdx.x / tiles % g.keyHeads, count = g.keyLength - tile;
  const bool queryPieces = aligned(q, g.queryBatchStride, g.queryRowStride, g.headSize);
  const bool keyPieces = aligned(k, g.keyBatchStride, g.keyRowStride, g.headSize) &&
                         aligned(v, g.keyBatchStride, g.keyRowStride, g.headSize);
  const i64 start = g.keyStart(b, keyHead, tile);
  if (keyMask != nullptr) keyMask += i64(b) * g.keyLength;
  loadTile<float, D, KEYS, EXACT_THREADS>(
      keys, k + start, g.keyRowStride, count, g.headSize, keyPieces);
  loadTile<float, D, KEYS, EXACT_THREADS>(
      values, v + start, g.keyRowStride, count, g.headSize, keyPieces);

  float keySums[RI][D / SIDE] = {}, valueSums[RI][D / SIDE] = {};
  const float base2 = g.scale * LOG2E, kept = 1 / (1 - g.dropout);
  const Dropout dropout(g);
  const int group = g.heads / g.keyHeads;
  const int first = g.firstRow(tile) / QUERIES * QUERIES;
  const int end = g.endRow(min(tile + KEYS, g.keyLength) - 1);
  for (int h = keyHead * group; h < (keyHead + 1) * group; h++)
    for (int query = first; query < end; query += QUERIES) {
      __syncthreads();
      loadTile<float, D, QUERIES, EXACT_THREADS>(queries, q + g.queryStart(b, h, query),
                                                 g.queryRowStride, g.queryLength - query,
                                                 g.headSize, queryPieces);
      loadTile<float, D, QUERIES, EXACT_THREADS>(slopes, dOut + g.outStart(b, h, query),
                                                 g.outStride(), g.queryLength - query, g.headSize,
                                                 aligned(dOut, 0, 0, g.headSize));
      cp_async_commit();
      cp_async_wait<0>();
      __syncthreads();

      float weights[RI][CI], dWeights[RI][CI];
      products<D, RI, CI>(weights, keys, queries);
      products<D, RI, CI>(dWeights, values, slopes);
#pragma unroll
      for (int j = 0; j < CI; j++) {
        const int row = query + tileX() + SIDE * j;
        const bool inside = row < g.queryLength;
        const i64 number = g.rowNumber(b, h, row);
        const float shift = shiftOf(logSumExp, number, inside), dot = inside ? dots[number] : 0.f;
#pragma unroll
        for (int i = 0; i < RI; i++) {
          const int key = tile + tileY() + SIDE * i;
          const float score = seenScore(g, keyMask, h, row, key, weights[i][j]);
          const float p = exp2_approx(fmaf(score, base2, -shift));
          float z = 1;
          if (g.dropout > 0) z = dropout.keeps(number * g.keyLength + key) ? kept : 0.f;
          weights[i][j] = p * z;
          dWeights[i][j] = p * (z * dWeights[i][j] - dot);
        }
      }
      addProducts<D, RI, CI>(valueSums, weights, shared, slopes);
      addProducts<D, RI, CI>(keySums, dWeights, shared, queries);
    }
  float factor[RI], one[RI];
#pragma unroll
  for (int i = 0; i < RI; i++) {
    factor[i] = g.scale;
    one[i] = 1;
  }
  cp_async_wait<0>();
  __syncthreads();
  writeRows<D, RI>(keys, keySums, factor);
  writeRows<D, RI>(values, valueSums, one);
  __syncthreads();
  storeTile<float, D, KEYS, EXACT_THREADS>(
      keys, 0, threadIdx.x, dK + start, g.keyRowStride, count, g.headSize,
      aligned(dK, g.keyBatchStride, g.keyRowStride, g.headSize));
  storeTile<float, D, KEYS, EXACT_THREADS>(
      values, 0, threadIdx.x, dV + start, g.keyRowStride, count, g.headSize,
      aligned(dV, g.keyBatchStride, g.keyRowStride, g.headSize));
}

}  // namespace flash

#define ENTRY(D, QUERIES, KEYS, OWN, OTHER)                                                    \
  extern "C" __global__ void __launch_bounds__(flash::EXACT_THREADS, 1) attention_d##D##_f32(     \
      const float* q, const float* k, const float* v, const u8* keyMask, const int* lengths,   \
      float* out, float* logSumExp, GEOMETRY_PARAMETERS) {                                     \
    flash::attention<D, QUERIES, KEYS>(GEOMETRY, q, k, v, keyMask, lengths, out, logSumExp);   \
  }                                                                                            \
  extern "C" __global__ void __launch_bounds__(flash::EXACT_THREADS, 1)                           \
      attentionBackwardQueries_d##D##_f32(                                                     \
          const float* q, const float* k, const float* v, const u8* keyMask,                   \
          const float* logSumExp, const float* dots, const float* dOut, float* dQ,             \
          GEOMETRY_PARAMETERS) {                                                               \
    flash::backwardQueries<D, OWN, OTHER>(                                                     \
        GEOMETRY, q, k, v, keyMask, logSumExp, dots, dOut, dQ);                                \
  }                                                                                            \
  extern "C" __global__ void __launch_bounds__(flash::EXACT_THREADS, 1)                           \
      attentionBackwardKeys_d##D##_f32(                                                        \
          const float* q, const float* k, const float* v, const u8* keyMask,                   \
          const float* logSumExp, const float* dots, const float* dOut, float* dK, float* dV,  \
          GEOMETRY_PARAMETERS) {                                                               \
    flash::backwardKeys<D, OWN, OTHER>(                                                        \
        GEOMETRY, q, k, v, keyMask, logSumExp, dots, dOut, dK, dV);                            \
  }
ENTRY(32, 64, 64, 64, 64)
ENTRY(64, 64, 64, 64, 64)
ENTRY(96, 64, 32, 32, 32)
ENTRY(128, 64, 32, 32, 32)
ENTRY(256, 32, 16, 32, 16)
#undef ENTRY

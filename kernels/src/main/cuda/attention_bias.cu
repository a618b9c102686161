// The gradient of a bias by distance: dBias[j - i] += sum of dS_ij = P_ij (Z_ij dOut_i . v_j - D_i),
// over the batch and all pairs of a distance.
//
// Neighbouring pairs share their distances, so no block of dQ's or dK's kernels owns one, and float
// atomics would give other bits in every run. attentionBackwardBias computes the scores once more,
// by exact FMA from any type: a block has a tile of queries of one head and passes over the keys it
// sees; of each tile of dS its threads sum the diagonals, in order, into the block's own share of
// all distances. attentionBackwardBiasSum adds the shares of a distance up, batch by batch.
//
// Bound: FLOPs, 4 Tq Tk D a head, without tensor cores: a bias belongs to models of short texts,
// which pay this for one layer's gradient, and others not at all.
#include "attention_bias.cuh"

namespace flash {

constexpr int BIAS_TILE = 32;  // queries, keys and channels of a step; also in CudaAttention.java
constexpr int BIAS_ROWS = 4;   // of a thread

// Rows from..from+31 of x, channels d0..d0+31, zeros outside.
template <class T>
__device__ __forceinline__ void loadSquare(float (&tile)[BIAS_TILE][BIAS_TILE + 1], const T* x,
                                           i64 stride, int count, int d0, int headSize) {
  for (int at = threadIdx.x; at < BIAS_TILE * BIAS_TILE; at += blockDim.x) {
    const int r = at / BIAS_TILE, d = at % BIAS_TILE;
    tile[r][d] = r < count && d0 + d < headSize ? toFloat(x[r * stride + d0 + d]) : 0.f;
  }
}

// shares [batch, heads, tiles, keyLength + 31]: element j - i + (the tile's last query).
template <class T>
__device__ __forceinline__ void backwardBias(
    const Geometry& g, const T* q, const T* k, const T* v, const u8* keyMask,
    const float* logSumExp, const float* dots, const T* dOut, float* shares) {
  __shared__ float queries[BIAS_TILE][BIAS_TILE + 1], slopes[BIAS_TILE][BIAS_TILE + 1];
  __shared__ float keys[BIAS_TILE][BIAS_TILE + 1], values[BIAS_TILE][BIAS_TILE + 1];
  const int tiles = (g.queryLength + BIAS_TILE - 1) / BIAS_TILE;
  const int width = g.keyLength + BIAS_TILE - 1;
  const int first = int(blockIdx.x) % tiles * BIAS_TILE, head = blockIdx.x / tiles;
  const int b = head / g.heads, h = head % g.heads;
  const int count = min(BIAS_TILE, g.queryLength - first);
  const int x = threadIdx.x % BIAS_TILE, y = threadIdx.x / BIAS_TILE * BIAS_ROWS;
  shares += i64(blockIdx.x) * width;
  for (int d = threadIdx.x; d < width; d += blockDim.x) shares[d] = 0;
  if (keyMask != nullptr) keyMask += i64(b) * g.keyLength;
  q += g.queryStart(b, h, first);
  dOut += g.outStart(b, h, first);
  k += g.keyStart(b, g.keyHead(h), 0);
  v += g.keyStart(b, g.keyHead(h), 0);
  const float base2 = g.scale * LOG2E, kept = 1 / (1 - g.dropout);
  const Dropout dropout(g);
  const int end = g.endKey(first + count - 1);
  for (int key = g.firstKey(first) / BIAS_TILE * BIAS_TILE; key < end; key += BIAS_TILE) {
    float scores[BIAS_ROWS] = {}, dWeights[BIAS_ROWS] = {};
    for (int d0 = 0; d0 < g.headSize; d0 += BIAS_TILE) {
      __syncthreads();
      const i64 start = key * g.keyRowStride;
      loadSquare(queries, q, g.queryRowStride, count, d0, g.headSize);
      loadSquare(slopes, dOut, g.outStride(), count, d0, g.headSize);
      loadSquare(keys, k + start, g.keyRowStride, g.keyLength - key, d0, g.headSize);
      loadSquare(values, v + start, g.keyRowStride, g.keyLength - key, d0, g.headSize);
      __syncthreads();
#pragma unroll 4
      for (int d = 0; d < BIAS_TILE; d++)
#pragma unroll
        for (int r = 0; r < BIAS_ROWS; r++) {
          scores[r] = fmaf(queries[y + r][d], keys[x][d], scores[r]);
          dWeights[r] = fmaf(slopes[y + r][d], values[x][d], dWeights[r]);
        }
    }
    __syncthreads();
#pragma unroll
    for (int r = 0; r < BIAS_ROWS; r++) {
      const int i = first + y + r, j = key + x;
      float slope = 0;
      if (i < g.queryLength) {
        const i64 number = g.rowNumber(b, h, i);
        const float score = seenScore(g, keyMask, h, i, j, scores[r]);
        const float p = exp2_approx(fmaf(score, base2, -shiftOf(logSumExp, number, true)));
        const bool stays = g.dropout == 0 || dropout.keeps(number * g.keyLength + j);
        slope = p * ((stays ? kept : 0.f) * dWeights[r] - dots[number]);
      }
      queries[y + r][x] = slope;
    }
    __syncthreads();
    const int diagonal = threadIdx.x;  // j - i + 31 within the tile
    if (diagonal < 2 * BIAS_TILE - 1 && key + diagonal < width) {
      float sum = shares[key + diagonal];
      for (int r = max(0, BIAS_TILE - 1 - diagonal); r < min(BIAS_TILE, 2 * BIAS_TILE - 1 - diagonal);
           r++)
        sum += queries[r][diagonal - BIAS_TILE + 1 + r];
      shares[key + diagonal] = sum;
    }
  }
}

// A thread has a distance of a head.
__device__ __forceinline__ void biasSum(
    const float* shares, float* dBias, int batch, int heads, int queryLength, int keyLength) {
  const int tiles = (queryLength + BIAS_TILE - 1) / BIAS_TILE, width = keyLength + BIAS_TILE - 1;
  const i64 length = i64(queryLength + keyLength - 1) * heads;
  for (i64 at = gridThread(); at < length; at += gridThreads()) {
    const int row = int(at / heads), h = int(at % heads);
    float sum = 0;
    for (int b = 0; b < batch; b++)
      for (int tile = 0; tile < tiles; tile++) {
        // Row j - i + queryLength - 1 is element j - i + (tile + 1) 32 - 1 of the share.
        const int element = row + (tile + 1) * BIAS_TILE - queryLength;
        if (element >= 0 && element < width)
          sum += shares[((i64(b) * heads + h) * tiles + tile) * width + element];
      }
    dBias[at] += sum;
  }
}

}  // namespace flash

#define ENTRY(T, suffix)                                                                      \
  extern "C" __global__ void __launch_bounds__(BLOCK, 1) attentionBackwardBias_##suffix(      \
      const T* q, const T* k, const T* v, const u8* keyMask, const float* logSumExp,          \
      const float* dots, const T* dOut, float* shares, GEOMETRY_PARAMETERS) {                 \
    flash::backwardBias(GEOMETRY, q, k, v, keyMask, logSumExp, dots, dOut, shares);           \
  }
FOR_EACH_FLOAT(ENTRY)
#undef ENTRY

extern "C" __global__ void __launch_bounds__(BLOCK) attentionBackwardBiasSum_f32(
    const float* shares, float* dBias, int batch, int heads, int queryLength, int keyLength) {
  flash::biasSum(shares, dBias, batch, heads, queryLength, keyLength);
}

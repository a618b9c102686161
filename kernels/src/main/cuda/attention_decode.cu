// Attention of few queries over a long cache, as in decoding: out = softmax(scale q k^T + mask) v.
//
// Bound: bytes. Every key and value is read once for up to ROWS query rows, which are the positions
// and the query heads that share a key head. There is nothing for tensor cores to fill, and one
// block per head would leave most of a GPU idle, so the keys are split ("flash-decoding", Dao et
// al. 2023): attentionDecode (one row) and attentionDecodeGroup (four) give every piece of the keys
// a block, which writes its maximum m, its sum l = sum_j e^(s_j - m) and its weighted sum of
// values; attentionDecodeMerge adds the pieces of a row up, in their order. How keys are cut
// depends on the shape alone.
//
// Over a cache the shape is that of its capacity, and how many keys a sequence has stands in
// `lengths`, so that one capture serves every length: appendToCache puts the new keys and values
// behind the others, pieces that begin beyond a sequence's keys end at once, and the merge leaves
// them out.
//
// A block has 4 warps. `lanes` neighbouring lanes share a key, each with 8 elements of the head, so
// that a warp reads 32 / lanes keys at once in pieces of 16 bytes, where the cache's strides put
// them; UNROLL keys' worth of loads are under way per lane. Each such group of lanes has its own m,
// l and sums until the end.
//
// To tune: UNROLL (bytes under way: threads per SM times UNROLL times 32), and the keys of a piece
// in CudaAttention.java (more pieces fill more SMs, each costs 4 (D + 2) bytes and a block's
// start).
#include "attention_bias.cuh"

namespace flash {

constexpr int UNROLL = 4;
constexpr int PART = 8;  // elements of a head that a lane has
constexpr int MAX_SIZE = 256;

// 8 elements of a row as they lie in memory, zeros from `count` on.
template <class T>
struct Part {
  static constexpr int PACKS = PART / Pack<T>::LENGTH;
  Pack<T> packs[PACKS];

  __device__ __forceinline__ void load(const T* x, int count, bool pieces) {
#pragma unroll
    for (int n = 0; n < PACKS; n++) {
      if (pieces && (n + 1) * Pack<T>::LENGTH <= count) {
        packs[n] = *reinterpret_cast<const Pack<T>*>(x + n * Pack<T>::LENGTH);
      } else {
#pragma unroll
        for (int e = 0; e < Pack<T>::LENGTH; e++) {
          int d = n * Pack<T>::LENGTH + e;
          packs[n].at[e] = d < count ? x[d] : fromFloat<T>(0);
        }
      }
    }
  }
  __device__ __forceinline__ float at(int d) const {
    return toFloat(packs[d / Pack<T>::LENGTH].at[d % Pack<T>::LENGTH]);
  }
};

// Adds what another part of the keys gave a row.
__device__ __forceinline__ void mergeRow(float& top, float& norm, float sums[PART], float otherTop,
                                         float otherNorm, const float other[PART]) {
  float larger = fmaxf(top, otherTop);
  float shift = larger == negativeInfinity() ? 0.f : larger;
  float mine = exp2_approx(top - shift), its = exp2_approx(otherTop - shift);
  top = larger;
  norm = norm * mine + otherNorm * its;
#pragma unroll
  for (int d = 0; d < PART; d++) sums[d] = sums[d] * mine + other[d] * its;
}

// Row i of sequence b's new keys or values, which lie as the queries do, goes behind those it has.
// A block (b and i, keys or values) has a row. A length that leaves no room is for the host to read
// in an error record as in embedding.cu, {kind, sequence, length, capacity, rows}; its sequence
// stays as it is.
template <class T>
__device__ __forceinline__ void append(
    const T* k, const T* v, const int* lengths, T* keyCache, T* valueCache, int batch, int rows,
    int capacity, int width, i64 batchStride, i64 rowStride, i64 cacheBatchStride,
    i64 cacheRowStride, int kind, int* error) {
  const u32 most = u32(capacity - rows);
  if (blockIdx.x == 0 && blockIdx.y == 0 && threadIdx.x < WARP) {
    for (int from = 0; from < batch; from += WARP) {
      const int b = from + threadIdx.x;
      const u32 bad = __ballot_sync(ALL_LANES, b < batch && u32(lengths[b]) > most);
      if (bad != 0) {
        const int first = from + __ffs(bad) - 1;
        if (threadIdx.x == 0 && error[0] == 0) {
          error[1] = first;
          error[2] = lengths[first];
          error[3] = capacity;
          error[4] = rows;
          error[0] = kind;
        }
        break;
      }
    }
  }
  const int b = blockIdx.x / rows, i = blockIdx.x % rows;
  const int length = lengths[b];
  if (u32(length) > most) return;
  const T* from = (blockIdx.y == 0 ? k : v) + b * batchStride + i * rowStride;
  T* to = (blockIdx.y == 0 ? keyCache : valueCache) + b * cacheBatchStride +
          (length + i) * cacheRowStride;
  if (aligned(from, 0, 0, width) && aligned(to, 0, 0, width)) {
    const Pack<T>* packs = reinterpret_cast<const Pack<T>*>(from);
    for (int at = threadIdx.x; at < width / Pack<T>::LENGTH; at += THREADS)
      reinterpret_cast<Pack<T>*>(to)[at] = packs[at];
  } else {
    for (int at = threadIdx.x; at < width; at += THREADS) to[at] = from[at];
  }
}

template <class T, int ROWS>
__device__ __forceinline__ void decode(const Geometry& all, const T* q, const T* k, const T* v,
                                       const u8* keyMask, const int* lengths, float* parts,
                                       int pieceKeys, int pieces, int lanes) {
  __shared__ float shared[WARPS][ROWS][MAX_SIZE];
  __shared__ float sharedTop[WARPS][ROWS], sharedNorm[WARPS][ROWS];
  const int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP;
  const int group = all.heads / all.keyHeads, rows = group * all.queryLength;
  const int rowBlocks = (rows + ROWS - 1) / ROWS;
  int block = blockIdx.x;
  const int piece = block % pieces;
  block /= pieces;
  const int firstRow = block % rowBlocks * ROWS;
  block /= rowBlocks;
  const int keyHead = block % all.keyHeads, b = block / all.keyHeads;
  const Geometry g = all.ofSequence(b, lengths);
  if (piece * pieceKeys >= g.keyLength) return;

  const int slots = WARP / lanes, slot = lane / lanes, d0 = lane % lanes * PART;
  const int count = g.headSize - d0;
  const bool aligns = aligned(k, g.keyBatchStride, g.keyRowStride, g.headSize) &&
                      aligned(v, g.keyBatchStride, g.keyRowStride, g.headSize);
  k += g.keyStart(b, keyHead, 0) + d0;
  v += g.keyStart(b, keyHead, 0) + d0;
  if (keyMask != nullptr) keyMask += i64(b) * g.keyLength;

  float queries[ROWS][PART], sums[ROWS][PART], top[ROWS], norm[ROWS];
  int first[ROWS], end[ROWS], bias[ROWS];
#pragma unroll
  for (int r = 0; r < ROWS; r++) {
    const int row = min(firstRow + r, rows - 1);
    const int h = keyHead * group + row / g.queryLength, i = row % g.queryLength;
    first[r] = g.firstKey(i);
    end[r] = g.endKey(i);
    bias[r] = biasPlace(g, h, i);
    const T* query = q + g.queryStart(b, h, i) + d0;
    top[r] = negativeInfinity();
    norm[r] = 0;
#pragma unroll
    for (int d = 0; d < PART; d++) {
      queries[r][d] = d < count ? toFloat(query[d]) * (g.scale * LOG2E) : 0.f;
      sums[r][d] = 0;
    }
  }
  const float kept = 1 / (1 - g.dropout);
  const Dropout dropout(g);

  const int from = max(piece * pieceKeys, g.firstKey(0) / pieceKeys * pieceKeys);
  const int to = min((piece + 1) * pieceKeys, g.endKey(g.queryLength - 1));
  // All lanes of a warp take each step together, for the shuffles.
  for (int step = from + warp * slots * UNROLL; step < to; step += WARPS * slots * UNROLL) {
    Part<T> keys[UNROLL], values[UNROLL];
    bool open[UNROLL];
#pragma unroll
    for (int u = 0; u < UNROLL; u++) {
      const int j = step + u * slots + slot;
      open[u] = j < to && (keyMask == nullptr || keyMask[j] != 0);
      const int length = open[u] ? count : 0;
      keys[u].load(k + j * g.keyRowStride, length, aligns);
      values[u].load(v + j * g.keyRowStride, length, aligns);
    }
#pragma unroll
    for (int r = 0; r < ROWS; r++) {
      float scores[UNROLL], larger = top[r];
#pragma unroll
      for (int u = 0; u < UNROLL; u++) {
        const int j = step + u * slots + slot;
        float score = 0;
#pragma unroll
        for (int d = 0; d < PART; d++) score = fmaf(queries[r][d], keys[u].at(d), score);
        for (int other = lanes / 2; other > 0; other /= 2)
          score += __shfl_xor_sync(ALL_LANES, score, other);
        const bool seen = open[u] && j >= first[r] && j < end[r];
        if (g.bias != nullptr && seen) score = fmaf(g.bias[bias[r] + j * g.heads], LOG2E, score);
        scores[u] = seen ? score : negativeInfinity();
        larger = fmaxf(larger, scores[u]);
      }
      const float shift = larger == negativeInfinity() ? 0.f : larger;
      const float factor = exp2_approx(top[r] - shift);
      top[r] = larger;
      norm[r] *= factor;
#pragma unroll
      for (int d = 0; d < PART; d++) sums[r][d] *= factor;
#pragma unroll
      for (int u = 0; u < UNROLL; u++) {
        float p = exp2_approx(scores[u] - shift);
        norm[r] += p;
        if (g.dropout > 0) {
          // The row is found again, since registers are scarce.
          const int j = step + u * slots + slot, row = min(firstRow + r, rows - 1);
          const int h = keyHead * group + row / g.queryLength;
          const i64 number = g.rowNumber(b, h, row % g.queryLength);
          p = dropout.keeps(number * g.keyLength + j) ? p * kept : 0.f;
        }
#pragma unroll
        for (int d = 0; d < PART; d++) sums[r][d] = fmaf(p, values[u].at(d), sums[r][d]);
      }
    }
  }

#pragma unroll
  for (int r = 0; r < ROWS; r++) {
    for (int distance = lanes; distance < WARP; distance *= 2) {
      float other[PART];
#pragma unroll
      for (int d = 0; d < PART; d++) other[d] = __shfl_xor_sync(ALL_LANES, sums[r][d], distance);
      float otherTop = __shfl_xor_sync(ALL_LANES, top[r], distance);
      float otherNorm = __shfl_xor_sync(ALL_LANES, norm[r], distance);
      mergeRow(top[r], norm[r], sums[r], otherTop, otherNorm, other);
    }
    if (slot == 0) {
#pragma unroll
      for (int d = 0; d < PART; d++) shared[warp][r][d0 + d] = sums[r][d];
      sharedTop[warp][r] = top[r];
      sharedNorm[warp][r] = norm[r];
    }
  }
  __syncthreads();
  // A warp merges row after row; of the first warp's lanes now each has other elements.
  for (int r = warp; r < ROWS && firstRow + r < rows; r += WARPS) {
    float larger = sharedTop[0][r];
#pragma unroll
    for (int w = 1; w < WARPS; w++) larger = fmaxf(larger, sharedTop[w][r]);
    const float shift = larger == negativeInfinity() ? 0.f : larger;
    float factor[WARPS], total = 0;
#pragma unroll
    for (int w = 0; w < WARPS; w++) {
      factor[w] = exp2_approx(sharedTop[w][r] - shift);
      total += factor[w] * sharedNorm[w][r];
    }
    const int row = firstRow + r, h = keyHead * group + row / g.queryLength;
    float* part = parts + (g.rowNumber(b, h, row % g.queryLength) * pieces + piece) *
                              (g.headSize + 2);
    if (lane == 0) {
      part[0] = larger;
      part[1] = total;
    }
    for (int d = lane; d < g.headSize; d += WARP) {
      float sum = 0;
#pragma unroll
      for (int w = 0; w < WARPS; w++) sum += factor[w] * shared[w][r][d];
      part[2 + d] = sum;
    }
  }
}

// A block has a row; its warps take turns with the pieces.
template <class T>
__device__ __forceinline__ void mergePieces(const float* parts, const int* lengths, T* out,
                                            float* logSumExp, int heads, int queryLength,
                                            int headSize, int pieceKeys, int pieces) {
  __shared__ float shared[WARPS][MAX_SIZE];
  __shared__ float sharedTop[WARPS], sharedNorm[WARPS];
  const int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP;
  const i64 row = blockIdx.x;
  const i64 i = row % queryLength, h = row / queryLength % heads, b = row / queryLength / heads;
  parts += row * pieces * (headSize + 2);
  if (lengths != nullptr)
    pieces = min(pieces, (max(lengths[b], 0) + queryLength + pieceKeys - 1) / pieceKeys);
  float top = negativeInfinity();
  for (int n = threadIdx.x; n < pieces; n += THREADS)
    top = fmaxf(top, parts[i64(n) * (headSize + 2)]);
  top = warpMax(top);
  if (lane == 0) sharedTop[warp] = top;
  __syncthreads();
#pragma unroll
  for (int w = 0; w < WARPS; w++) top = fmaxf(top, sharedTop[w]);
  const float shift = top == negativeInfinity() ? 0.f : top;

  float sums[MAX_SIZE / WARP] = {}, norm = 0;
  for (int n = warp; n < pieces; n += WARPS) {
    const float* part = parts + i64(n) * (headSize + 2);
    const float factor = exp2_approx(part[0] - shift);
    norm += factor * part[1];
#pragma unroll
    for (int c = 0; c < MAX_SIZE / WARP; c++)
      if (lane + WARP * c < headSize) sums[c] += factor * part[2 + lane + WARP * c];
  }
#pragma unroll
  for (int c = 0; c < MAX_SIZE / WARP; c++) shared[warp][lane + WARP * c] = sums[c];
  if (lane == 0) sharedNorm[warp] = norm;
  __syncthreads();
  norm = 0;
#pragma unroll
  for (int w = 0; w < WARPS; w++) norm += sharedNorm[w];
  out += ((b * queryLength + i) * heads + h) * headSize;
  for (int d = threadIdx.x; d < headSize; d += THREADS) {
    float sum = 0;
#pragma unroll
    for (int w = 0; w < WARPS; w++) sum += shared[w][d];
    out[d] = fromFloat<T>(norm == 0 ? 0.f : sum / norm);
  }
  if (threadIdx.x == 0 && logSumExp != nullptr)
    logSumExp[row] = norm == 0 ? negativeInfinity() : top / LOG2E + logf(norm);
}

}  // namespace flash

#define ENTRY(T, suffix)                                                                        \
  extern "C" __global__ void __launch_bounds__(flash::THREADS, 1) attentionDecode_##suffix(     \
      const T* q, const T* k, const T* v, const u8* keyMask, const int* lengths, float* parts,  \
      int pieceKeys, int pieces, int lanes, GEOMETRY_PARAMETERS) {                              \
    flash::decode<T, 1>(GEOMETRY, q, k, v, keyMask, lengths, parts, pieceKeys, pieces, lanes);  \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(flash::THREADS) attentionDecodeGroup_##suffix(   \
      const T* q, const T* k, const T* v, const u8* keyMask, const int* lengths, float* parts,  \
      int pieceKeys, int pieces, int lanes, GEOMETRY_PARAMETERS) {                              \
    flash::decode<T, 4>(GEOMETRY, q, k, v, keyMask, lengths, parts, pieceKeys, pieces, lanes);  \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(flash::THREADS) attentionDecodeMerge_##suffix(   \
      const float* parts, const int* lengths, T* out, float* logSumExp, int heads,              \
      int queryLength, int headSize, int pieceKeys, int pieces) {                               \
    flash::mergePieces(parts, lengths, out, logSumExp, heads, queryLength, headSize, pieceKeys, \
                       pieces);                                                                 \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(flash::THREADS) appendToCache_##suffix(          \
      const T* k, const T* v, const int* lengths, T* keyCache, T* valueCache, int batch,        \
      int rows, int capacity, int width, i64 batchStride, i64 rowStride, i64 cacheBatchStride,  \
      i64 cacheRowStride, int kind, int* error) {                                               \
    flash::append(k, v, lengths, keyCache, valueCache, batch, rows, capacity, width,            \
                  batchStride, rowStride, cacheBatchStride, cacheRowStride, kind, error);       \
  }
FOR_EACH_FLOAT(ENTRY)
#undef ENTRY

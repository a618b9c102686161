// What the kernels of attention share: geometry, tiles in shared memory, dropout, fragments.
#pragma once
#include "philox.cuh"

namespace flash {

constexpr int WARPS = 4;  // of a block that uses the tensor cores
constexpr int THREADS = WARPS * WARP;
constexpr float LOG2E = 1.4426950408889634f;

__device__ __forceinline__ float negativeInfinity() { return __uint_as_float(0xff800000u); }

// AttentionShape of the contract; "no window" is a window of 2^30.
struct Geometry {
  int heads, keyHeads, queryLength, keyLength, headSize;
  i64 queryBatchStride, queryRowStride, keyBatchStride, keyRowStride;
  float scale;
  int causal, window;
  float dropout;
  u64 seed, offset;
  const float* bias;  // [distances, heads], or null; see attention_bias.cuh
  float biasFactor;   // 1 / scale
  int capacity;       // keyLength, before ofSequence

  // Row i stands at key i + keyLength - queryLength and sees the keys firstKey(i) .. endKey(i) - 1.
  __device__ __forceinline__ int firstKey(int i) const {
    return max(0, i + keyLength - queryLength - window + 1);
  }
  __device__ __forceinline__ int endKey(int i) const {
    int place = i + keyLength - queryLength;
    return min(keyLength, place + (causal ? 1 : window));
  }
  // Key j is seen by no row outside of firstRow(j) .. endRow(j) - 1.
  __device__ __forceinline__ int firstRow(int j) const {
    int place = j - keyLength + queryLength;
    return max(0, place - (causal ? 0 : window - 1));
  }
  __device__ __forceinline__ int endRow(int j) const {
    return min(queryLength, j - keyLength + queryLength + window);
  }

  __device__ __forceinline__ int keyHead(int h) const { return h / (heads / keyHeads); }
  __device__ __forceinline__ i64 queryStart(int b, int h, int i) const {
    return b * queryBatchStride + i * queryRowStride + i64(h) * headSize;
  }
  __device__ __forceinline__ i64 keyStart(int b, int keyHead, int j) const {
    return b * keyBatchStride + j * keyRowStride + i64(keyHead) * headSize;
  }
  __device__ __forceinline__ i64 outStart(int b, int h, int i) const {
    return ((i64(b) * queryLength + i) * heads + h) * headSize;
  }
  __device__ __forceinline__ i64 outStride() const { return i64(heads) * headSize; }
  __device__ __forceinline__ i64 rowNumber(int b, int h, int i) const {
    return (i64(b) * heads + h) * queryLength + i;
  }

  // Of sequence b of a cache: the keys it had and those of its queries, no more than there are.
  __device__ __forceinline__ Geometry ofSequence(int b, const int* lengths) const {
    Geometry own = *this;
    if (lengths != nullptr) own.keyLength = min(max(lengths[b], 0) + queryLength, keyLength);
    return own;
  }
};

#define GEOMETRY_PARAMETERS                                                                     \
  int heads, int keyHeads, int queryLength, int keyLength, int headSize, i64 queryBatchStride, \
      i64 queryRowStride, i64 keyBatchStride, i64 keyRowStride, float scale, int causal,       \
      int window, float dropout, i64 seed, i64 offset, const float* bias, float biasFactor

#define GEOMETRY                                                                          \
  flash::Geometry {                                                                       \
    heads, keyHeads, queryLength, keyLength, headSize, queryBatchStride, queryRowStride, \
        keyBatchStride, keyRowStride, scale, causal, window, dropout, u64(seed), u64(offset), \
        bias, biasFactor, keyLength                                                          \
  }

// A tile [rows][D] lies in shared memory in pieces of 16 bytes, whose order within a row turns with
// the row: eight rows' pieces of one column lie in eight different groups of four banks, so that
// neither ldmatrix nor a read of 16 bytes by eight threads waits. Element index of a piece.
template <class T, int D>
__device__ __forceinline__ int piece(int row, int column) {
  constexpr int TURN = D / Pack<T>::LENGTH % 8 == 0 ? 8 : 4;
  int turn = TURN == 8 ? row & 7 : row >> 1 & 3;
  // Whole turns stand apart, as constants that become offsets of the instruction.
  return row * D + (column & -TURN) * Pack<T>::LENGTH +
         ((column & (TURN - 1)) ^ turn) * Pack<T>::LENGTH;
}

// Whether rows of this head size and stride may be moved in pieces of 16 bytes.
template <class T>
__device__ __forceinline__ bool aligned(const T* x, i64 batchStride, i64 rowStride, int headSize) {
  u64 bytes = u64(batchStride | rowStride | headSize) * sizeof(T);
  return ((reinterpret_cast<u64>(x) | bytes) & 15) == 0;
}

// Starts to load a tile of ROWS rows, zeros beyond `count` rows and `headSize` columns.
template <class T, int D, int ROWS, int THREADS>
__device__ __forceinline__ void loadTile(
    T* tile, const T* rows, i64 stride, int count, int headSize, bool pieces) {
  if (pieces) {
    constexpr int PIECES = D / Pack<T>::LENGTH, STEP = THREADS / PIECES;
    const int own = threadIdx.x / PIECES, column = threadIdx.x % PIECES;
    const T* source = rows + (own * stride + column * Pack<T>::LENGTH);
    if (STEP * PIECES == THREADS || own < STEP) {
      // Rows left for this thread, none in columns past the head.
      int left = column * Pack<T>::LENGTH < headSize ? count - own : 0;
#pragma unroll
      for (int row = 0; row < ROWS; row += STEP, source += STEP * stride)
        if (ROWS % STEP == 0 || row + own < ROWS)
          cp_async16_zfill(tile + piece<T, D>(row + own, column), source, row < left);
    }
  } else {
#pragma unroll 1
    for (int at = threadIdx.x; at < ROWS * D; at += THREADS) {
      int row = at / D, d = at % D;
      float x = row < count && d < headSize ? toFloat(rows[row * stride + d]) : 0.f;
      tile[piece<T, D>(row, d / Pack<T>::LENGTH) + d % Pack<T>::LENGTH] = fromFloat<T>(x);
    }
  }
}

// Stores a tile from shared memory: rows first .. first + ROWS - 1 by `THREADS` threads.
template <class T, int D, int ROWS, int THREADS>
__device__ __forceinline__ void storeTile(const T* tile, int first, int thread, T* rows,
                                          i64 stride, int count, int headSize, bool pieces) {
  if (pieces) {
    constexpr int PIECES = D / Pack<T>::LENGTH;
#pragma unroll
    for (int from = 0; from < ROWS * PIECES; from += THREADS) {
      int at = from + thread;
      int row = first + at / PIECES, column = at % PIECES;
      if (row < count && column * Pack<T>::LENGTH < headSize &&
          (ROWS * PIECES % THREADS == 0 || at < ROWS * PIECES))
        *reinterpret_cast<Pack<T>*>(rows + (row * stride + column * Pack<T>::LENGTH)) =
            *reinterpret_cast<const Pack<T>*>(tile + piece<T, D>(row, column));
    }
  } else {
#pragma unroll 1
    for (int at = thread; at < ROWS * D; at += THREADS) {
      int row = first + at / D, d = at % D;
      if (row < count && d < headSize)
        rows[row * stride + d] = tile[piece<T, D>(row, d / Pack<T>::LENGTH) + d % Pack<T>::LENGTH];
    }
  }
}

// The dropout of attention weights: which ones stay is a function of their number alone.
struct Dropout {
  u64 seed, offset;
  u32 threshold;

  __device__ __forceinline__ explicit Dropout(const Geometry& g)
      // A uniform number is its word's upper 24 bits times 2^-24, so this compares exactly.
      : seed(g.seed), offset(g.offset), threshold(u32(ceilf(g.dropout * 16777216.f))) {}

  __device__ __forceinline__ bool keeps(i64 weight) const {
    return nibble(weight / 4) >> (weight % 4) & 1;
  }

  // Bit w is 1 where weight 4 counter + w stays.
  __device__ __forceinline__ u32 nibble(i64 counter) const {
    Words words = philox(seed, offset + counterShift + u64(counter));
    u32 bits = 0;
#pragma unroll
    for (int w = 0; w < 4; w++) bits |= u32(words.at[w] >> 8 >= threshold) << w;
    return bits;
  }
};

// Which weights of a warp's 16 x 8 COLUMNS fragments stay: bit 4 n + e is element e of column block
// n. Rows are queries, whose weights of the first column have the numbers `upper` (row g) and
// `lower` (row g + 8). Where a row's length is a multiple of 4, two lanes share each counter and
// halve the work.
template <int COLUMNS>
__device__ __forceinline__ u32 keptByQuery(
    const Dropout& dropout, i64 upper, i64 lower, bool quads, int lane) {
  int t = lane & 3;
  u32 bits = 0;
  if (quads) {
    i64 counter = (t & 1 ? lower : upper) / 4 + t / 2;
#pragma unroll 1
    for (int n = 0; n < COLUMNS; n++) bits |= dropout.nibble(counter + 2 * n) << 4 * n;
    u32 other = __shfl_xor_sync(ALL_LANES, bits, 1);
    u32 of = (t & 1 ? other : bits) >> (t & 1) * 2 & 0x33333333u;
    return of | ((t & 1 ? bits : other) >> (t & 1) * 2 & 0x33333333u) << 2;
  }
#pragma unroll 1
  for (int at = 0; at < 4 * COLUMNS; at++) {
    i64 weight = (at & 2 ? lower : upper) + (at >> 2) * 8 + 2 * t + (at & 1);
    bits |= u32(dropout.keeps(weight)) << at;
  }
  return bits;
}

// The same where rows are keys and columns queries: `first` is the number of the weight of the
// block's first key and query. Four lanes share each counter.
template <int COLUMNS>
__device__ __forceinline__ u32 keptByKey(
    const Dropout& dropout, i64 first, i64 keyLength, bool quads, int lane) {
  int group = lane >> 2, t = lane & 3;
  u32 bits = 0;
  if (quads) {
    int e = group & 3;
    i64 counter = (first + (2 * t + (e & 1)) * keyLength) / 4 + group / 4 + (e >> 1) * 2;
#pragma unroll 1
    for (int n = 0; n < COLUMNS; n++) bits |= dropout.nibble(counter + 2 * n * keyLength) << 4 * n;
    u32 kept = 0;
#pragma unroll
    for (int from = 0; from < 4; from++) {
      u32 words = __shfl_sync(ALL_LANES, bits, (lane & ~12) | from << 2);
      kept |= (words >> e & 0x11111111u) << from;
    }
    return kept;
  }
#pragma unroll 1
  for (int at = 0; at < 4 * COLUMNS; at++) {
    i64 query = (at >> 2) * 8 + 2 * t + (at & 1);
    bits |= u32(dropout.keeps(first + query * keyLength + group + (at & 2) * 4)) << at;
  }
  return bits;
}

// Fragments of the tensor cores, see mma_m16n8k16_f16.
template <class T>
struct Mma;
template <>
struct Mma<f16> {
  static __device__ __forceinline__ void multiply(float d[4], const u32 a[4], const u32 b[2]) {
    mma_m16n8k16_f16(d, a, b);
  }
  static __device__ __forceinline__ u32 pack(float low, float high) { return pack_f16(low, high); }
};
template <>
struct Mma<bf16> {
  static __device__ __forceinline__ void multiply(float d[4], const u32 a[4], const u32 b[2]) {
    mma_m16n8k16_bf16(d, a, b);
  }
  static __device__ __forceinline__ u32 pack(float low, float high) { return pack_bf16(low, high); }
};

// The left operand: rows row .. row+15, columns 16 k .. 16 k + 15 of a tile.
template <class T, int D>
__device__ __forceinline__ void loadLeft(u32 a[4], const T* tile, int row, int k, int lane) {
  ldmatrix_x4(a, tile + piece<T, D>(row + (lane & 15), 2 * k + (lane >> 4)));
}

// The right operand of a product with a tile's transpose, two of them: outputs are the tile's rows
// row .. row+15, the sum runs over columns 16 k .. 16 k + 15.
template <class T, int D>
__device__ __forceinline__ void loadTurned(u32 b[4], const T* tile, int row, int k, int lane) {
  ldmatrix_x4(b, tile + piece<T, D>(row + (lane & 7) + (lane >> 4) * 8, 2 * k + (lane >> 3 & 1)));
}

// The right operand of a product with a tile, two of them: outputs are the tile's columns 16 n ..
// 16 n + 15, the sum runs over rows row .. row+15.
template <class T, int D>
__device__ __forceinline__ void loadRight(u32 b[4], const T* tile, int row, int n, int lane) {
  ldmatrix_x4_trans(b, tile + piece<T, D>(row + (lane & 15), 2 * n + (lane >> 4)));
}

// Scores of a warp, [16 TILES][8 COLUMNS] in fragments.
template <int TILES, int COLUMNS>
struct Fragments {
  float at[TILES][COLUMNS][4];

  __device__ __forceinline__ void clear() {
#pragma unroll
    for (int m = 0; m < TILES; m++)
#pragma unroll
      for (int n = 0; n < COLUMNS; n++)
#pragma unroll
        for (int e = 0; e < 4; e++) at[m][n][e] = 0;
  }

  __device__ __forceinline__ void scale(float factor) {
#pragma unroll
    for (int m = 0; m < TILES; m++)
#pragma unroll
      for (int n = 0; n < COLUMNS; n++)
#pragma unroll
        for (int e = 0; e < 4; e++) at[m][n][e] *= factor;
  }

  // = left right^T, over D columns; left from row `row` of its tile, right from its first row.
  template <class T, int D>
  __device__ __forceinline__ void products(const T* left, int row, const T* right, int lane) {
    clear();
    // Wide heads a whole turn of pieces at a time: all steps at once keep too many addresses.
#pragma unroll(D <= 64 ? D / 16 : D % 64 == 0 ? 4 : 2)
    for (int k = 0; k < D / 16; k++) {
      u32 a[TILES][4];
#pragma unroll
      for (int m = 0; m < TILES; m++) loadLeft<T, D>(a[m], left, row + 16 * m, k, lane);
      addProducts<T, D>(a, right, k, lane);
    }
  }

  // The step k of products, with the left operand's fragments.
  template <class T, int D>
  __device__ __forceinline__ void addProducts(
      const u32 a[TILES][4], const T* right, int k, int lane) {
#pragma unroll
    for (int n = 0; n < COLUMNS; n += 2) {
      u32 b[4];
      loadTurned<T, D>(b, right, 8 * n, k, lane);
#pragma unroll
      for (int m = 0; m < TILES; m++) {
        Mma<T>::multiply(at[m][n], a[m], b);
        Mma<T>::multiply(at[m][n + 1], a[m], b + 2);
      }
    }
  }

  // += weights right, where `right` is a tile of 8 INNER rows and 8 COLUMNS columns. The weights
  // are rounded to T on their way from one product's result to the other's operand.
  template <class T, int INNER>
  __device__ __forceinline__ void add(
      const Fragments<TILES, INNER>& weights, const T* right, int lane) {
#pragma unroll
    for (int k = 0; k < INNER / 2; k++) {
      u32 a[TILES][4];
#pragma unroll
      for (int m = 0; m < TILES; m++)
#pragma unroll
        for (int e = 0; e < 4; e++) {
          const float* pair = weights.at[m][2 * k + e / 2] + e % 2 * 2;
          a[m][e] = Mma<T>::pack(pair[0], pair[1]);
        }
#pragma unroll
      for (int n = 0; n < COLUMNS; n += 2) {
        u32 b[4];
        loadRight<T, 8 * COLUMNS>(b, right, 16 * k, n / 2, lane);
#pragma unroll
        for (int m = 0; m < TILES; m++) {
          Mma<T>::multiply(at[m][n], a[m], b);
          Mma<T>::multiply(at[m][n + 1], a[m], b + 2);
        }
      }
    }
  }

  // Rounds into rows row .. of a tile of 8 COLUMNS columns, times a factor per row.
  template <class T>
  __device__ __forceinline__ void write(
      T* tile, int row, const float factor[TILES][2], int lane) const {
#pragma unroll
    for (int m = 0; m < TILES; m++)
#pragma unroll
      for (int n = 0; n < COLUMNS; n++)
#pragma unroll
        for (int half = 0; half < 2; half++) {
          int at8 = piece<T, 8 * COLUMNS>(row + 16 * m + 8 * half + lane / 4, n);
          *reinterpret_cast<u32*>(tile + at8 + lane % 4 * 2) = Mma<T>::pack(
              at[m][n][2 * half] * factor[m][half], at[m][n][2 * half + 1] * factor[m][half]);
        }
  }
};

// Hides scores that a row does not see. Column c of the tile is key `key` + c.
template <int TILES, int COLUMNS>
__device__ __forceinline__ void hide(Fragments<TILES, COLUMNS>& scores, const Geometry& g,
                                     const u8* keyMask, int row, int key, int lane) {
#pragma unroll
  for (int n = 0; n < COLUMNS; n++)
#pragma unroll
    for (int side = 0; side < 2; side++) {
      int j = key + 8 * n + lane % 4 * 2 + side;
      bool open = j < g.keyLength && (keyMask == nullptr || keyMask[j] != 0);
#pragma unroll
      for (int m = 0; m < TILES; m++)
#pragma unroll
        for (int half = 0; half < 2; half++) {
          int i = row + 16 * m + 8 * half + lane / 4;
          if (!open || j < g.firstKey(i) || j >= g.endKey(i))
            scores.at[m][n][2 * half + side] = negativeInfinity();
        }
    }
}

// A row's logSumExp in the exponent of two; weights of a row that saw no key, or is none, are 0.
__device__ __forceinline__ float shiftOf(const float* logSumExp, i64 row, bool inside) {
  float x = inside ? logSumExp[row] * LOG2E : negativeInfinity();
  return x == negativeInfinity() ? -negativeInfinity() : x;
}

// Where this block works: the last tile of queries comes first.
struct Place {
  int b, h, row;
  __device__ __forceinline__ Place(int rows, int length, int heads) {
    int tiles = (length + rows - 1) / rows;
    int head = blockIdx.x / tiles;
    b = head / heads;
    h = head % heads;
    row = (tiles - 1 - int(blockIdx.x) % tiles) * rows;
  }
};

}  // namespace flash

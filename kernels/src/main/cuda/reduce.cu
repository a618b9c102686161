// Reductions, softmax and checks over everything.
//
// All of them are bound by bytes: what they compute per element (one addition, one e^x) hides
// behind 16-byte loads as long as an SM has some 20 KiB of them under way.
//
// reduce: y[o, i] = f over l of x[o, l, i]. Where inner = 1 a row is read by a warp or a block
// (rows.cuh); otherwise a block takes a tile of columns, so that a warp reads neighbours. Where
// that gives too few blocks for a GPU, the launcher cuts each reduction into pieces: a first
// launch leaves an F32 result per piece, [outer, pieces, inner], a second reduces these.
//
// softmax reads a row twice (the second time mostly from cache): one sweep for maximum and sum
// (ExpSum), one to write. Rows of 50,257 take 512 threads.
#include "rows.cuh"

namespace reduce {

// Piece p of row r has the elements from p * pieceLength on; y [rows, pieces].
template <class In, class Out, class Join>
__device__ void rows(
    const In* x, Out* y, int rows, i64 length, i64 pieceLength, int pieces, float scale, Join join) {
  for (int i = firstRow(); i < rows * pieces; i += rowStep()) {
    i64 from = i % pieces * pieceLength;
    int count = int(min(pieceLength, length - from));
    float result = Join::none();
    readRow(
        x + i / pieces * length + from, count, [&](int, float v) { result = join(result, v); });
    result = rowReduce(result, Join::none(), join);
    if (threadIdx.x == 0) y[i] = fromFloat<Out>(result * scale);
  }
}

// y [outer, pieces, inner]; a block per tile of columns and piece.
template <class In, class Out, class Join>
__device__ void columns(
    const In* x, Out* y, i64 length, i64 inner, i64 pieceLength, int pieces, float scale,
    int accumulate, Join join) {
  i64 tiles = (inner + COLUMN_TILE<In> - 1) / COLUMN_TILE<In>;
  i64 index = blockIdx.x / tiles;
  i64 from = index % pieces * pieceLength;
  Out* out = y + index * inner;
  reduceTile(
      x + index / pieces * length * inner, from, min(length, from + pieceLength), inner,
      blockIdx.x % tiles * COLUMN_TILE<In>, join, [&](i64 column, float value) {
        value *= scale;
        out[column] = fromFloat<Out>(accumulate ? toFloat(out[column]) + value : value);
      });
}

// x and its index as one number, larger for a larger x, the lower index of equals; NaN, whichever,
// is the largest of all, and -0 equals 0.
__device__ __forceinline__ u64 ranked(float x, int index) {
  u32 bits = __float_as_uint(x + 0.0f);
  u32 key = x != x ? ~0u : (bits >> 31 ? ~bits : bits | 0x80000000u);
  return u64(key) << 32 | ~u32(index);
}

template <class T>
__device__ void argmax(const T* x, int* index, int rows, int cols) {
  for (int row = firstRow(); row < rows; row += rowStep()) {
    u64 best = 0;
    readRow(x + i64(row) * cols, cols, [&](int j, float v) { best = maxOf(best, ranked(v, j)); });
    best = rowReduce(best, u64(0), [](u64 a, u64 b) { return maxOf(a, b); });
    if (threadIdx.x == 0) index[row] = int(~u32(best));
  }
}

template <class T>
__device__ void softmax(const T* x, T* y, int rows, int cols) {
  for (int row = firstRow(); row < rows; row += rowStep()) {
    const T* in = x + i64(row) * cols;
    ExpSum all = ExpSum::of(in, cols);
    float scale = 1 / all.sum;
    mapRow(in, y + i64(row) * cols, cols, [&](int, float v) { return expf(v - all.max) * scale; });
  }
}

template <class T>
__device__ void logSoftmax(const T* x, T* y, int rows, int cols) {
  for (int row = firstRow(); row < rows; row += rowStep()) {
    const T* in = x + i64(row) * cols;
    ExpSum all = ExpSum::of(in, cols);
    float logSum = logf(all.sum);
    mapRow(in, y + i64(row) * cols, cols, [&](int, float v) { return v - all.max - logSum; });
  }
}

// f(a[j], b[j]) for each element of two rows.
template <class T, class F>
__device__ __forceinline__ void readRows(const T* a, const T* b, int length, F f) {
  walk<T>(
      length, int(commonHead(length, a, b)), [&](int j) { f(toFloat(a[j]), toFloat(b[j])); },
      [&](int j) {
        float v[Pack<T>::LENGTH];
        float w[Pack<T>::LENGTH];
        loadPack(a + j, v);
        loadPack(b + j, w);
#pragma unroll
        for (int k = 0; k < Pack<T>::LENGTH; k++) f(v[k], w[k]);
      });
}

// c[j] = f(a[j], b[j])
template <class T, class F>
__device__ __forceinline__ void mapRows(const T* a, const T* b, T* c, int length, F f) {
  walk<T>(
      length, int(commonHead(length, a, b, c)),
      [&](int j) { c[j] = fromFloat<T>(f(toFloat(a[j]), toFloat(b[j]))); },
      [&](int j) {
        float v[Pack<T>::LENGTH];
        float w[Pack<T>::LENGTH];
        loadPack(a + j, v);
        loadPack(b + j, w);
#pragma unroll
        for (int k = 0; k < Pack<T>::LENGTH; k++) v[k] = f(v[k], w[k]);
        storePack(c + j, v);
      });
}

// dX = y (dY - sum(dY y))
template <class T>
__device__ void softmaxBackward(const T* y, const T* dY, T* dX, int rows, int cols) {
  for (int row = firstRow(); row < rows; row += rowStep()) {
    i64 start = i64(row) * cols;
    float dot = 0;
    readRows(y + start, dY + start, cols, [&](float p, float g) { dot += p * g; });
    dot = rowSum(dot);
    mapRows(
        y + start, dY + start, dX + start, cols, [&](float p, float g) { return p * (g - dot); });
  }
}

// dX = dY - e^y sum(dY)
template <class T>
__device__ void logSoftmaxBackward(const T* y, const T* dY, T* dX, int rows, int cols) {
  for (int row = firstRow(); row < rows; row += rowStep()) {
    i64 start = i64(row) * cols;
    float sum = 0;
    readRow(dY + start, cols, [&](int, float g) { sum += g; });
    sum = rowSum(sum);
    mapRows(y + start, dY + start, dX + start, cols, [&](float logP, float g) {
      return g - expf(logP) * sum;
    });
  }
}

// f(x[i]) for this thread's share of all elements.
template <class T, class F>
__device__ __forceinline__ void readAll(const T* x, i64 length, F f) {
  constexpr int L = Pack<T>::LENGTH;
  i64 head = commonHead(length, x);
  i64 packs = (length - head) / L;
  for (i64 i = gridThread(); i < head; i += gridThreads()) f(toFloat(x[i]));
#pragma unroll 4
  for (i64 i = gridThread(); i < packs; i += gridThreads()) {
    float v[L];
    loadPack(x + head + i * L, v);
#pragma unroll
    for (int k = 0; k < L; k++) f(v[k]);
  }
  for (i64 i = head + packs * L + gridThread(); i < length; i += gridThreads()) f(toFloat(x[i]));
}

// One sum per block, for the host to add: F32 would lose what the clipping of 10^8 gradients needs.
template <class T>
__device__ void sumOfSquares(const T* x, double* sums, i64 length) {
  double sum = 0;
  readAll(x, length, [&](float v) { sum += double(v) * v; });
  sum = rowReduce(sum, 0.0, [](double a, double b) { return a + b; });
  if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

// One answer per block: whether an element of its share is NaN or infinite.
template <class T>
__device__ void allFinite(const T* x, int* found, i64 length) {
  bool bad = false;
  readAll(x, length, [&](float v) { bad |= !(fabsf(v) < infinity()); });
  int any = __syncthreads_or(bad);
  if (threadIdx.x == 0) found[blockIdx.x] = any;
}

}  // namespace reduce

#define ENTRY(In, Out, name)                                                                    \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) reduceRows##name(                   \
      const In* x, Out* y, int rows, i64 length, i64 pieceLength, int pieces, float scale,      \
      int max) {                                                                                \
    if (max) {                                                                                  \
      reduce::rows(x, y, rows, length, pieceLength, pieces, scale, MaxOrNaN());                 \
    } else {                                                                                    \
      reduce::rows(x, y, rows, length, pieceLength, pieces, scale, Sum());                      \
    }                                                                                           \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(COLUMN_LANES* COLUMN_ROWS) reduceColumns##name(  \
      const In* x, Out* y, i64 length, i64 inner, i64 pieceLength, int pieces, float scale,     \
      int max, int accumulate) {                                                                \
    if (max) {                                                                                  \
      reduce::columns(                                                                          \
          x, y, length, inner, pieceLength, pieces, scale, accumulate, MaxOrNaN());             \
    } else {                                                                                    \
      reduce::columns(x, y, length, inner, pieceLength, pieces, scale, accumulate, Sum());      \
    }                                                                                           \
  }
ENTRY(float, float, _f32)
ENTRY(f16, f16, _f16)
ENTRY(bf16, bf16, _bf16)
ENTRY(float, float, Pieces_f32)
ENTRY(f16, float, Pieces_f16)
ENTRY(bf16, float, Pieces_bf16)
ENTRY(float, float, OfPieces_f32)
ENTRY(float, f16, OfPieces_f16)
ENTRY(float, bf16, OfPieces_bf16)
#undef ENTRY

#define ENTRY(T, suffix)                                                                        \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) argmax_##suffix(                    \
      const T* x, int* index, int rows, int cols) {                                             \
    reduce::argmax(x, index, rows, cols);                                                       \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) softmax_##suffix(                   \
      const T* x, T* y, int rows, int cols) {                                                   \
    reduce::softmax(x, y, rows, cols);                                                          \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) softmaxBackward_##suffix(           \
      const T* y, const T* dY, T* dX, int rows, int cols) {                                     \
    reduce::softmaxBackward(y, dY, dX, rows, cols);                                             \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) logSoftmax_##suffix(                \
      const T* x, T* y, int rows, int cols) {                                                   \
    reduce::logSoftmax(x, y, rows, cols);                                                       \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) logSoftmaxBackward_##suffix(        \
      const T* y, const T* dY, T* dX, int rows, int cols) {                                     \
    reduce::logSoftmaxBackward(y, dY, dX, rows, cols);                                          \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) sumOfSquares_##suffix(              \
      const T* x, double* sums, i64 length) {                                                   \
    reduce::sumOfSquares(x, sums, length);                                                      \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) allFinite_##suffix(                 \
      const T* x, int* found, i64 length) {                                                     \
    reduce::allFinite(x, found, length);                                                         \
  }
FOR_EACH_FLOAT(ENTRY)
#undef ENTRY

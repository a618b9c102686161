// What the kernels that work by rows share: who works on a row, sums over these threads, and a walk
// over a row in 16-byte pieces wherever it starts.
//
// A row belongs to the blockDim.x threads with one threadIdx.y. Short rows get a warp, and
// blockDim.y of them share a block; their sums need shuffles only. Long rows get a block of up to
// ROW_THREADS threads with blockDim.y = 1. Kernels learn this from blockDim alone, so a launcher
// chooses by the length of a row. Sums have an order given by the shape, the launch and where the
// operands start modulo 16 bytes, all the same in every run.
#pragma once
#include "galen.cuh"

constexpr int ROW_THREADS = 512;

__device__ __forceinline__ float infinity() { return __uint_as_float(0x7f800000u); }
__device__ __forceinline__ float notANumber() { return __uint_as_float(0x7fc00000u); }

// Row after row of this thread: "for (int row = firstRow(); row < rows; row += rowStep())". With
// more than a warp per row all threads of a block have the same rows, so that they may meet.
__device__ __forceinline__ int firstRow() { return blockIdx.x * blockDim.y + threadIdx.y; }
__device__ __forceinline__ int rowStep() { return gridDim.x * blockDim.y; }

__device__ __forceinline__ float maxOf(float x, float y) { return fmaxf(x, y); }
__device__ __forceinline__ u64 maxOf(u64 x, u64 y) { return x > y ? x : y; }

// The larger, or NaN where one is.
__device__ __forceinline__ float maxOrNaN(float x, float y) { return x != x || x > y ? x : y; }

struct Sum {
  static __device__ __forceinline__ float none() { return 0; }
  __device__ __forceinline__ float operator()(float x, float y) const { return x + y; }
};
struct MaxOrNaN {
  static __device__ __forceinline__ float none() { return -infinity(); }
  __device__ __forceinline__ float operator()(float x, float y) const { return maxOrNaN(x, y); }
};

// Combines one value per thread of a row; every thread of the row gets the result. join is
// commutative to the bit, so a butterfly leaves the same in each lane.
template <class V, class Join>
__device__ __forceinline__ V rowReduce(V x, V none, Join join) {
#pragma unroll
  for (int lanes = WARP / 2; lanes > 0; lanes /= 2) {
    x = join(x, __shfl_xor_sync(ALL_LANES, x, lanes));
  }
  if (blockDim.x > WARP) {
    __shared__ V parts[WARP];
    u32 lane = threadIdx.x % WARP;
    __syncthreads();  // parts may still be read for the sum before
    if (lane == 0) parts[threadIdx.x / WARP] = x;
    __syncthreads();
    x = lane < blockDim.x / WARP ? parts[lane] : none;
#pragma unroll
    for (int lanes = WARP / 2; lanes > 0; lanes /= 2) {
      x = join(x, __shfl_xor_sync(ALL_LANES, x, lanes));
    }
  }
  return x;
}

__device__ __forceinline__ float rowSum(float x) { return rowReduce(x, 0.0f, Sum()); }

__device__ __forceinline__ float rowMax(float x) {
  return rowReduce(x, -infinity(), [](float a, float b) { return fmaxf(a, b); });
}

// 16 bytes at p, which is a multiple of 16, as floats.
template <class T>
__device__ __forceinline__ void loadPack(const T* p, float (&v)[Pack<T>::LENGTH]) {
  Pack<T> pack = *reinterpret_cast<const Pack<T>*>(p);
#pragma unroll
  for (int k = 0; k < Pack<T>::LENGTH; k++) v[k] = toFloat(pack.at[k]);
}

template <class T>
__device__ __forceinline__ void storePack(T* p, const float (&v)[Pack<T>::LENGTH]) {
  Pack<T> pack;
#pragma unroll
  for (int k = 0; k < Pack<T>::LENGTH; k++) pack.at[k] = fromFloat<T>(v[k]);
  *reinterpret_cast<Pack<T>*>(p) = pack;
}

// Elements from p to the next multiple of 16 bytes.
template <class T>
__device__ __forceinline__ int untilAligned(const T* p) {
  return int((16 - u64(p) % 16) % 16 / sizeof(T));
}

template <class T>
__device__ __forceinline__ bool aligned(const T* p) {
  return u64(p) % 16 == 0;
}

// How many elements stand before the first that all operands have at a multiple of 16 bytes: all
// of them where the operands never do so together.
template <class T>
__device__ __forceinline__ i64 commonHead(i64 length, const T* a) {
  return min(length, i64(untilAligned(a)));
}
template <class T, class... More>
__device__ __forceinline__ i64 commonHead(i64 length, const T* a, const T* b, More... more) {
  return untilAligned(a) == untilAligned(b) ? commonHead(length, b, more...) : length;
}

// Calls one(j) or pack(j), which stands for 16 bytes from j on, for each element of a row: what
// comes before head, 16 bytes at a time, and what is left.
template <class T, class One, class Packed>
__device__ __forceinline__ void walk(int length, int head, One one, Packed packed) {
  constexpr int L = Pack<T>::LENGTH;
  for (int j = threadIdx.x; j < head; j += blockDim.x) one(j);
  int end = head + (length - head) / L * L;
#pragma unroll 4
  for (int j = head + threadIdx.x * L; j < end; j += blockDim.x * L) packed(j);
  for (int j = end + threadIdx.x; j < length; j += blockDim.x) one(j);
}

// f(x[j], state) for each element of a row, which is only read.
template <class T, class F>
__device__ __forceinline__ void readRow(const T* x, int length, F f) {
  walk<T>(
      length, int(commonHead(length, x)), [&](int j) { f(j, toFloat(x[j])); },
      [&](int j) {
        float v[Pack<T>::LENGTH];
        loadPack(x + j, v);
#pragma unroll
        for (int k = 0; k < Pack<T>::LENGTH; k++) f(j + k, v[k]);
      });
}

// y[j] = f(j, x[j]); y may be x.
template <class T, class F>
__device__ __forceinline__ void mapRow(const T* x, T* y, int length, F f) {
  walk<T>(
      length, int(commonHead(length, x, y)), [&](int j) { y[j] = fromFloat<T>(f(j, toFloat(x[j]))); },
      [&](int j) {
        float v[Pack<T>::LENGTH];
        loadPack(x + j, v);
#pragma unroll
        for (int k = 0; k < Pack<T>::LENGTH; k++) v[k] = f(j + k, v[k]);
        storePack(y + j, v);
      });
}

// The maximum of numbers and the sum of e^(x - max), in one reading (Milakov and Gimelshein 2018,
// arXiv 1805.02867): a new maximum scales the sum so far.
struct ExpSum {
  float max = -infinity();
  float sum = 0;

  template <int N>
  __device__ __forceinline__ void add(const float (&v)[N]) {
    float top = max;
#pragma unroll
    for (int k = 0; k < N; k++) top = fmaxf(top, v[k]);
    // Nothing but -inf so far: -inf - -inf would poison a row that still gets numbers.
    float shift = top == -infinity() ? 0.0f : top;
    sum *= expf(max - shift);
#pragma unroll
    for (int k = 0; k < N; k++) sum += expf(v[k] - shift);
    max = top;
  }

  // Of all threads of the row. As the contract says, a row of nothing but -inf has no distribution
  // and gives NaN.
  __device__ __forceinline__ void join() {
    float top = rowMax(max);
    float shift = top == -infinity() ? 0.0f : top;
    sum = rowSum(sum * expf(max - shift));
    max = top;
    if (top == -infinity()) sum = notANumber();
  }

  template <class T>
  static __device__ __forceinline__ ExpSum of(const T* x, int length) {
    ExpSum result;
    walk<T>(
        length, int(commonHead(length, x)),
        [&](int j) {
          float v[1] = {toFloat(x[j])};
          result.add(v);
        },
        [&](int j) {
          float v[Pack<T>::LENGTH];
          loadPack(x + j, v);
          result.add(v);
        });
    result.join();
    return result;
  }
};

// Down the columns of x [length, inner]: a block of COLUMN_LANES x COLUMN_ROWS threads takes a tile
// of columns, 16 bytes of them a thread, each threadIdx.y its own rows, which are joined in the
// order of threadIdx.y.
constexpr int COLUMN_LANES = 32;
constexpr int COLUMN_ROWS = 8;
template <class T>
constexpr int COLUMN_TILE = COLUMN_LANES * Pack<T>::LENGTH;

// Reduces rows from..to of the tile that starts at column first, and calls write(column, value).
template <class T, class Join, class Write>
__device__ __forceinline__ void reduceTile(
    const T* x, i64 from, i64 to, i64 inner, i64 first, Join join, Write write) {
  constexpr int L = Pack<T>::LENGTH;
  __shared__ float parts[COLUMN_ROWS][COLUMN_TILE<T>];
  float result[L];
#pragma unroll
  for (int k = 0; k < L; k++) result[k] = Join::none();
  bool packed = aligned(x) && inner % L == 0;
  if (packed) {
    i64 column = first + threadIdx.x * L;
    if (column < inner) {
#pragma unroll 4
      for (i64 row = from + threadIdx.y; row < to; row += COLUMN_ROWS) {
        float v[L];
        loadPack(x + row * inner + column, v);
#pragma unroll
        for (int k = 0; k < L; k++) result[k] = join(result[k], v[k]);
      }
    }
  } else {
    for (i64 row = from + threadIdx.y; row < to; row += COLUMN_ROWS) {
#pragma unroll
      for (int k = 0; k < L; k++) {
        i64 column = first + threadIdx.x + k * COLUMN_LANES;
        if (column < inner) result[k] = join(result[k], toFloat(x[row * inner + column]));
      }
    }
  }
#pragma unroll
  for (int k = 0; k < L; k++) {
    parts[threadIdx.y][packed ? threadIdx.x * L + k : threadIdx.x + k * COLUMN_LANES] = result[k];
  }
  __syncthreads();
  for (int j = threadIdx.y * COLUMN_LANES + threadIdx.x; j < COLUMN_TILE<T> && first + j < inner;
       j += COLUMN_LANES * COLUMN_ROWS) {
    float all = parts[0][j];
#pragma unroll
    for (int row = 1; row < COLUMN_ROWS; row++) all = join(all, parts[row][j]);
    write(first + j, all);
  }
}

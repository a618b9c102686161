// Copies between layouts, conversions between types, fills.
//
// copy_bN moves elements of N bytes from one layout to another of the same type. Dimensions are
// merged before, so that a contiguous copy has rank 1 and strides of 1, and goes by 16 bytes. A
// transpose (rows of one layout are columns of the other) goes through a tile of 32 x 32 elements in
// shared memory, so that both sides see whole lines; the tile has a column more than it needs, which
// puts its columns into different banks. Everything else goes element by element, consecutive
// threads at consecutive elements of the target.
// convert_T writes type T from any type, by strides; cast_T_to_U is its fast form for contiguous
// floats, which mixed precision calls in every layer.
// All are bound by bytes: each element is read once and written once.
#include "elements.cuh"

// What moves where nothing is computed: elements by their size.
typedef unsigned char b1;
typedef unsigned short b2;
typedef unsigned int b4;
typedef unsigned long long b8;

template <class T, class Index>
__device__ __forceinline__ void copyStrided(
    const T* x, T* y, const Longs& dims, const Longs& xs, const Longs& ys, int rank, i64 length) {
  for (i64 i = gridThread(); i < length; i += gridThreads()) {
    Place<Index> place(Index(i), dims, xs, ys, rank);
    y[place.b] = x[place.a];
  }
}

template <class T>
__device__ __forceinline__ void copy(
    const T* x, T* y, const Longs& dims, const Longs& xs, const Longs& ys, int rank, i64 length) {
  if (rank == 1 && xs.at[0] == 1 && ys.at[0] == 1) {
    i64 done = 0;
    if (packed(x) && packed(y)) {
      i64 packs = length / Pack<T>::LENGTH;
      for (i64 i = gridThread(); i < packs; i += gridThreads()) storePack(y, i, loadPack(x, i));
      done = packs * Pack<T>::LENGTH;
    }
    for (i64 i = done + gridThread(); i < length; i += gridThreads()) y[i] = x[i];
  } else if (length >> 32 == 0) {
    copyStrided<T, u32>(x, y, dims, xs, ys, rank, length);
  } else {
    copyStrided<T, u64>(x, y, dims, xs, ys, rank, length);
  }
}

#define ENTRY(T)                                                                               \
  extern "C" __global__ void __launch_bounds__(BLOCK)                                          \
      copy_##T(const T* x, T* y, Layout dims, Layout xs, Layout ys, int rank, i64 length) {    \
    copy(x, y, dims, xs, ys, rank, length);                                                    \
  }
ENTRY(b1) ENTRY(b2) ENTRY(b4) ENTRY(b8)
#undef ENTRY

constexpr int TILE = 32;
constexpr int TILE_ROWS = 8;

// y[k, j, i] = x[k, i, j]: x has rows of cols elements, y rows of rows elements. Blocks of
// 32 x 8 threads; a block walks over tiles.
template <class T>
__device__ __forceinline__ void transpose(
    const T* x, T* y, i64 batch, i64 rows, i64 cols, i64 xBatch, i64 xRow, i64 yBatch, i64 yRow) {
  __shared__ T tile[TILE][TILE + 1];
  i64 down = (rows + TILE - 1) / TILE, across = (cols + TILE - 1) / TILE;
  for (i64 n = blockIdx.x; n < batch * down * across; n += gridDim.x) {
    i64 k = n / (down * across);
    i64 row = n / across % down * TILE, col = n % across * TILE;
    for (int i = threadIdx.y; i < TILE; i += TILE_ROWS) {
      if (row + i < rows && col + threadIdx.x < cols) {
        tile[i][threadIdx.x] = x[k * xBatch + (row + i) * xRow + col + threadIdx.x];
      }
    }
    __syncthreads();
    for (int i = threadIdx.y; i < TILE; i += TILE_ROWS) {
      if (col + i < cols && row + threadIdx.x < rows) {
        y[k * yBatch + (col + i) * yRow + row + threadIdx.x] = tile[threadIdx.x][i];
      }
    }
    __syncthreads();
  }
}

#define ENTRY(T)                                                                                  \
  extern "C" __global__ void __launch_bounds__(TILE * TILE_ROWS)                                  \
      transpose_##T(const T* x, T* y, i64 batch, i64 rows, i64 cols, i64 xBatch, i64 xRow,        \
                    i64 yBatch, i64 yRow) {                                                       \
    transpose(x, y, batch, rows, cols, xBatch, xRow, yBatch, yRow);                               \
  }
ENTRY(b1) ENTRY(b2) ENTRY(b4) ENTRY(b8)
#undef ENTRY

template <class T>
__device__ __forceinline__ void fill(T* y, T value, i64 length) {
  i64 done = 0;
  if (packed(y)) {
    Pack<T> values;
#pragma unroll
    for (int j = 0; j < Pack<T>::LENGTH; j++) values.at[j] = value;
    i64 packs = length / Pack<T>::LENGTH;
    for (i64 i = gridThread(); i < packs; i += gridThreads()) storePack(y, i, values);
    done = packs * Pack<T>::LENGTH;
  }
  for (i64 i = done + gridThread(); i < length; i += gridThreads()) y[i] = value;
}

#define ENTRY(T)                                                                               \
  extern "C" __global__ void __launch_bounds__(BLOCK) fill_##T(T* y, b8 value, i64 length) {   \
    fill(y, T(value), length);                                                                 \
  }
ENTRY(b1) ENTRY(b2) ENTRY(b4) ENTRY(b8)
#undef ENTRY

// Contiguous floats of different types, as many in a step as fill 16 bytes of the wider type.
template <class S, class T>
__device__ __forceinline__ void cast(const S* x, T* y, i64 length) {
  constexpr int STEP = Pack<S>::LENGTH < Pack<T>::LENGTH ? Pack<S>::LENGTH : Pack<T>::LENGTH;
  struct alignas(STEP * sizeof(S)) From { S at[STEP]; };
  struct alignas(STEP * sizeof(T)) To { T at[STEP]; };
  i64 done = 0;
  if (packed(x) && packed(y)) {
    i64 steps = length / STEP;
    for (i64 i = gridThread(); i < steps; i += gridThreads()) {
      From from = reinterpret_cast<const From*>(x)[i];
      To to;
#pragma unroll
      for (int j = 0; j < STEP; j++) to.at[j] = fromFloat<T>(toFloat(from.at[j]));
      reinterpret_cast<To*>(y)[i] = to;
    }
    done = steps * STEP;
  }
  for (i64 i = done + gridThread(); i < length; i += gridThreads()) {
    y[i] = fromFloat<T>(toFloat(x[i]));
  }
}

#define ENTRY(S, T, from, to)                                                 \
  extern "C" __global__ void __launch_bounds__(BLOCK)                         \
      cast_##from##_to_##to(const S* x, T* y, i64 length) {                   \
    cast(x, y, length);                                                       \
  }
ENTRY(float, f16, f32, f16)
ENTRY(float, bf16, f32, bf16)
ENTRY(f16, float, f16, f32)
ENTRY(f16, bf16, f16, bf16)
ENTRY(bf16, float, bf16, f32)
ENTRY(bf16, f16, bf16, f16)
#undef ENTRY

// Types by number, as DType.ordinal() has them.
enum Type { TYPE_F32, TYPE_F64, TYPE_F16, TYPE_BF16, TYPE_I32, TYPE_I64, TYPE_U8, TYPE_BOOL };

// An element on its way between types: as a double if one of them is floating, else as an integer.
struct Value {
  double real;
  i64 whole;
  bool floating;
};

__device__ __forceinline__ Value valueOf(double x) { return {x, 0, true}; }
__device__ __forceinline__ Value valueOf(i64 x) { return {double(x), x, false}; }

__device__ __forceinline__ Value load(const void* x, i64 i, int type) {
  switch (type) {
    case TYPE_F32: return valueOf(double(static_cast<const float*>(x)[i]));
    case TYPE_F64: return valueOf(static_cast<const double*>(x)[i]);
    case TYPE_F16: return valueOf(double(toFloat(static_cast<const f16*>(x)[i])));
    case TYPE_BF16: return valueOf(double(toFloat(static_cast<const bf16*>(x)[i])));
    case TYPE_I32: return valueOf(i64(static_cast<const int*>(x)[i]));
    case TYPE_I64: return valueOf(static_cast<const i64*>(x)[i]);
    case TYPE_U8: return valueOf(i64(static_cast<const u8*>(x)[i]));
    default: return valueOf(i64(static_cast<const u8*>(x)[i] != 0));
  }
}

// Towards zero and saturating, NaN to 0, as Java casts; the hardware's rule for NaN differs.
__device__ __forceinline__ int toInt(double x) {
  return x != x ? 0 : x >= 2147483647.0 ? 2147483647 : x <= -2147483648.0 ? -2147483647 - 1 : int(x);
}

__device__ __forceinline__ i64 toLong(double x) {
  constexpr i64 LARGEST = 0x7fffffffffffffffLL;
  return x != x ? 0 : x >= 0x1p63 ? LARGEST : x <= -0x1p63 ? -LARGEST - 1 : i64(x);
}

// A float that rounds to a shorter type as x itself would: what is inexact is cut off and its last
// bit set, so that a tie is one only where it was one before (Boldo and Melquiond 2008).
__device__ __forceinline__ float roundToOdd(double x) {
  float nearest = float(x);
  if (double(nearest) == x || nearest != nearest || fabsf(nearest) == __uint_as_float(0x7f800000)) {
    return nearest;
  }
  u32 bits = __float_as_uint(nearest);
  if (fabs(double(nearest)) > fabs(x)) bits--;
  return __uint_as_float(bits | 1);
}

__device__ __forceinline__ void store(float* y, i64 i, Value v) { y[i] = float(v.real); }
__device__ __forceinline__ void store(double* y, i64 i, Value v) { y[i] = v.real; }
__device__ __forceinline__ void store(f16* y, i64 i, Value v) { y[i] = toF16(roundToOdd(v.real)); }
__device__ __forceinline__ void store(bf16* y, i64 i, Value v) { y[i] = toBf16(roundToOdd(v.real)); }
__device__ __forceinline__ void store(int* y, i64 i, Value v) {
  y[i] = v.floating ? toInt(v.real) : int(v.whole);
}
__device__ __forceinline__ void store(i64* y, i64 i, Value v) {
  y[i] = v.floating ? toLong(v.real) : v.whole;
}
__device__ __forceinline__ void store(u8* y, i64 i, Value v) {
  y[i] = u8(v.floating ? toInt(v.real) : int(v.whole));
}
__device__ __forceinline__ void store(bool* y, i64 i, Value v) {
  y[i] = v.floating ? v.real != 0 : v.whole != 0;
}

template <class T>
__device__ __forceinline__ void convert(
    const void* x, int type, T* y, const Longs& dims, const Longs& xs, const Longs& ys, int rank,
    i64 length) {
  for (i64 i = gridThread(); i < length; i += gridThreads()) {
    Place<u64> place(i, dims, xs, ys, rank);
    store(y, place.b, load(x, place.a, type));
  }
}

#define ENTRY(T, suffix)                                                                  \
  extern "C" __global__ void __launch_bounds__(BLOCK) convert_##suffix(                   \
      const void* x, int type, T* y, Layout dims, Layout xs, Layout ys, int rank, i64 length) { \
    convert(x, type, y, dims, xs, ys, rank, length);                                      \
  }
ENTRY(float, f32)
ENTRY(double, f64)
ENTRY(f16, f16)
ENTRY(bf16, bf16)
ENTRY(int, i32)
ENTRY(i64, i64)
ENTRY(u8, u8)
ENTRY(bool, bool)
#undef ENTRY

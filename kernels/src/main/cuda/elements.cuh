// Loops over elements, for the kernels that compute each element by itself.
//
// Contiguous operands are read and written in packs of 16 bytes where all of them start at a
// multiple of 16, which is the widest access of a thread and takes the fewest instructions per byte;
// strided operands by layouts of merged dimensions, in packs too where their rows allow it.
#pragma once
#include "galen.cuh"

constexpr int RANK = 8;

// The extents or the strides of a layout, by value.
struct Longs {
  i64 at[RANK];
};

// The same as a parameter of a kernel: it is indexed where the launch put it, not in a copy.
#define Layout const __grid_constant__ Longs

template <class T>
__device__ __forceinline__ bool packed(const T* x) {
  return reinterpret_cast<u64>(x) % sizeof(Pack<T>) == 0;
}

template <class T>
__device__ __forceinline__ Pack<T> loadPack(const T* x, i64 pack) {
  return reinterpret_cast<const Pack<T>*>(x)[pack];
}

template <class T>
__device__ __forceinline__ void storePack(T* y, i64 pack, const Pack<T>& values) {
  reinterpret_cast<Pack<T>*>(y)[pack] = values;
}

// y[i] = f(a[i], b[i], c[i]) by floats. f may ignore some; what it ignores is not read, since
// the compiler drops loads that nothing uses. y may be one of the others.
template <class T, class F>
__device__ __forceinline__ void mapElements(const T* a, const T* b, const T* c, T* y, i64 length, F f) {
  i64 done = 0;
  if (packed(a) && packed(b) && packed(c) && packed(y)) {
    i64 packs = length / Pack<T>::LENGTH;
    for (i64 i = gridThread(); i < packs; i += gridThreads()) {
      Pack<T> as = loadPack(a, i), bs = loadPack(b, i), cs = loadPack(c, i), ys;
#pragma unroll
      for (int j = 0; j < Pack<T>::LENGTH; j++) {
        ys.at[j] = fromFloat<T>(f(toFloat(as.at[j]), toFloat(bs.at[j]), toFloat(cs.at[j])));
      }
      storePack(y, i, ys);
    }
    done = packs * Pack<T>::LENGTH;
  }
  for (i64 i = done + gridThread(); i < length; i += gridThreads()) {
    y[i] = fromFloat<T>(f(toFloat(a[i]), toFloat(b[i]), toFloat(c[i])));
  }
}

template <class T, class F>
__device__ __forceinline__ void mapElements(const T* x, T* y, i64 length, F f) {
  mapElements(x, x, x, y, length, [=](float v, float, float) { return f(v); });
}

// Where element number i of a shape lies in two layouts of it. Index is u32 where the shape allows,
// because a division of 64 bits costs several of 32.
template <class Index>
struct Place {
  i64 a = 0, b = 0;

  __device__ __forceinline__ Place(Index i, const Longs& dims, const Longs& as, const Longs& bs, int rank) {
#pragma unroll
    for (int d = RANK - 1; d > 0; d--) {
      if (d < rank) {
        Index extent = Index(dims.at[d]);
        Index rest = i / extent;
        Index at = i - rest * extent;
        a += i64(at) * as.at[d];
        b += i64(at) * bs.at[d];
        i = rest;
      }
    }
    a += i64(i) * as.at[0];
    b += i64(i) * bs.at[0];
  }
};

// Rotary position embedding: points of a head's two halves turned by the angle of their row, heads
// from `turned` on copied. A thread has 16 bytes of both halves, so that x is read and y written
// once; the tables, in float, are read again by every head, from L2. Bound: bytes.
#include "elements.cuh"

namespace rotary {

// y1 = x1 cos - x2 sin, y2 = x2 cos + x1 sin.
template <class T>
__device__ __forceinline__ void turn(T a, T b, float c, float s, T& first, T& second) {
  const float x1 = toFloat(a), x2 = toFloat(b);
  first = fromFloat<T>(x1 * c - x2 * s);
  second = fromFloat<T>(x2 * c + x1 * s);
}

template <class T>
__device__ __forceinline__ void rotary(
    const T* x, const float* cos, const float* sin, T* y, i64 rows, int tableRows, int heads,
    int turned, int half, float sign) {
  constexpr int LENGTH = Pack<T>::LENGTH;
  const bool inPacks = half % LENGTH == 0 && packed(x) && packed(y);
  const int step = inPacks ? LENGTH : 1, pieces = half / step;
  for (i64 i = gridThread(); i < rows * heads * pieces; i += gridThreads()) {
    const i64 head = i / pieces, row = head / heads;
    const int d = int(i - head * pieces) * step;
    const bool turns = head - row * heads < turned;
    const i64 at = head * 2 * half + d, table = row % tableRows * half + d;
    if (inPacks) {
      Pack<T> a = *reinterpret_cast<const Pack<T>*>(x + at);
      Pack<T> b = *reinterpret_cast<const Pack<T>*>(x + at + half);
      if (turns) {
#pragma unroll
        for (int k = 0; k < LENGTH; k++) {
          T first, second;
          turn(a.at[k], b.at[k], cos[table + k], sign * sin[table + k], first, second);
          a.at[k] = first;
          b.at[k] = second;
        }
      }
      *reinterpret_cast<Pack<T>*>(y + at) = a;
      *reinterpret_cast<Pack<T>*>(y + at + half) = b;
    } else {
      T first = x[at], second = x[at + half];
      if (turns) turn(x[at], x[at + half], cos[table], sign * sin[table], first, second);
      y[at] = first;
      y[at + half] = second;
    }
  }
}

}  // namespace rotary

#define ENTRY(T, suffix)                                                                         \
  extern "C" __global__ void __launch_bounds__(BLOCK) rotary_##suffix(                           \
      const T* x, const float* cos, const float* sin, T* y, i64 rows, int tableRows, int heads,  \
      int turned, int half, float sign) {                                                        \
    rotary::rotary(x, cos, sin, y, rows, tableRows, heads, turned, half, sign);                  \
  }
FOR_EACH_FLOAT(ENTRY)
#undef ENTRY

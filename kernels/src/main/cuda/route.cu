// The largest elements of a row and their softmax, for routers: rows of some eight logits, so that a
// thread has a row and there is nothing to share. Latency, not bytes, is what it costs.
#include "rows.cuh"

namespace route {

__device__ __forceinline__ bool isAmong(const int* index, int n, int j) {
  for (int i = 0; i < n; i++)
    if (index[i] == j) return true;
  return false;
}

// NaN is above all others; of equals the first.
__device__ __forceinline__ bool isAbove(float a, float b) { return a > b || (a != a && b == b); }

template <class T>
__device__ __forceinline__ void topSoftmax(
    const T* x, int* index, float* y, int rows, int cols, int count) {
  for (i64 row = gridThread(); row < rows; row += gridThreads()) {
    const T* own = x + row * cols;
    int* places = index + row * count;
    float* shares = y + row * count;
    for (int n = 0; n < count; n++) {
      int best = -1;
      float largest = 0;
      for (int j = 0; j < cols; j++) {
        const float value = toFloat(own[j]);
        if ((best < 0 || isAbove(value, largest)) && !isAmong(places, n, j)) {
          best = j;
          largest = value;
        }
      }
      places[n] = best;
      shares[n] = largest;
    }
    const float top = shares[0];
    float sum = 0;
    for (int n = 0; n < count; n++) sum += expf(shares[n] - top);
    for (int n = 0; n < count; n++) shares[n] = expf(shares[n] - top) / sum;
  }
}

template <class T>
__device__ __forceinline__ void topSoftmaxBackward(
    const int* index, const float* y, const float* dY, T* dX, int rows, int cols, int count) {
  for (i64 row = gridThread(); row < rows; row += gridThreads()) {
    const float *shares = y + row * count, *slopes = dY + row * count;
    T* own = dX + row * cols;
    float dot = 0;
    for (int n = 0; n < count; n++) dot = fmaf(shares[n], slopes[n], dot);
    for (int j = 0; j < cols; j++) own[j] = fromFloat<T>(0);
    for (int n = 0; n < count; n++)
      own[index[row * count + n]] = fromFloat<T>(shares[n] * (slopes[n] - dot));
  }
}

}  // namespace route

#define ENTRY(T, suffix)                                                                         \
  extern "C" __global__ void __launch_bounds__(BLOCK) topSoftmax_##suffix(                       \
      const T* x, int* index, float* y, int rows, int cols, int count) {                         \
    route::topSoftmax(x, index, y, rows, cols, count);                                           \
  }                                                                                              \
  extern "C" __global__ void __launch_bounds__(BLOCK) topSoftmaxBackward_##suffix(               \
      const int* index, const float* y, const float* dY, T* dX, int rows, int cols, int count) { \
    route::topSoftmaxBackward(index, y, dY, dX, rows, cols, count);                              \
  }
FOR_EACH_FLOAT(ENTRY)
#undef ENTRY

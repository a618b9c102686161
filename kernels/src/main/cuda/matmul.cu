// What cuBLAS leaves to do around a product: the bias.
//
// Before the product, every row of C becomes the bias (or, where C accumulates, has it added), and
// the product is then added to C: the sum is rounded once, and no pass over C is longer than one
// behind the product would be. Bound by bytes: C is written once.
#include "elements.cuh"

template <class T, class Index>
__device__ __forceinline__ void bias(
    const T* values, T* c, Index length, Index cols, bool accumulate) {
  for (Index i = Index(gridThread()); i < length; i += Index(gridThreads())) {
    float value = toFloat(values[i % cols]);
    c[i] = fromFloat<T>(accumulate ? toFloat(c[i]) + value : value);
  }
}

#define ENTRY(T, suffix)                                                                       \
  extern "C" __global__ void __launch_bounds__(BLOCK)                                          \
      matmulBias_##suffix(const T* values, T* c, i64 rows, i64 cols, int accumulate) {         \
    if (rows * cols >> 31 == 0) {                                                              \
      bias<T, u32>(values, c, u32(rows * cols), u32(cols), accumulate != 0);                   \
    } else {                                                                                   \
      bias<T, u64>(values, c, u64(rows * cols), u64(cols), accumulate != 0);                   \
    }                                                                                          \
  }
FOR_EACH_FLOAT(ENTRY)
#undef ENTRY

// A matrix product on the CPU, in cuBLAS's terms: column-major, sums in float.
#pragma once
#include <cstdint>

namespace softgpu {

// As cudaDataType.
enum class Type { F32 = 0, F16 = 2, BF16 = 14 };

inline int64_t bytesOf(Type type) { return type == Type::F32 ? 4 : 2; }

// What an F32 element keeps on its way into a tensor core.
enum class Rounding { NONE, TF32, F16, BF16 };

struct Matrix {
  const void* data;
  Type type;
  bool transposed;
  int64_t leading;  // elements from one column to the next
};

// c[m x n] = alpha a[m x k] b[k x n] + beta c; c is not read where beta is 0. Each element is
// summed in ascending order of k, whatever the shapes and the number of threads.
struct Product {
  int64_t m, n, k;
  float alpha, beta;
  Matrix a, b;
  void* c;
  Type cType;
  int64_t cLeading;
  Rounding rounding;
};

void multiply(const Product& product);

// One element as a float, and back, rounded to nearest even.
float read(const void* data, Type type, int64_t index);
void write(void* data, Type type, int64_t index, float value);

}  // namespace softgpu

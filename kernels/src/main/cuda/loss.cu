// Cross-entropy over classes, without a second tensor of their size.
//
//   loss[i] = logSumExp[i] - logits[i, labels[i]]
//   dLogits[i, j] = scale dLoss (e^(logits[i, j] - logSumExp[i]) - [j = labels[i]])
//
// Bound by bytes. Forward reads the logits once (ExpSum); for GPT-2's 50,257 classes a row takes a
// block of 512 threads, each of which has four loads of 16 bytes under way. A row of an odd number
// of classes starts anywhere, which the walk of rows.cuh takes care of. Backward reads and writes
// once, in place if asked: a thread writes only what it has read.
#include "rows.cuh"

namespace loss {

template <class T>
__device__ void crossEntropy(
    const T* logits, const int* labels, float* losses, float* logSumExp, int rows, int classes,
    int ignored) {
  for (int row = firstRow(); row < rows; row += rowStep()) {
    const T* x = logits + i64(row) * classes;
    ExpSum all = ExpSum::of(x, classes);
    if (threadIdx.x == 0) {
      int label = labels[row];
      float sum = all.max + logf(all.sum);
      bool known = u32(label) < u32(classes);
      logSumExp[row] = sum;
      losses[row] = label == ignored ? 0 : known ? sum - toFloat(x[label]) : notANumber();
    }
  }
}

template <class T>
__device__ void crossEntropyBackward(
    const T* logits, const int* labels, const float* logSumExp, const float* dLoss, float scale,
    T* dLogits, int rows, int classes, int ignored) {
  float factor = scale * *dLoss;
  for (int row = firstRow(); row < rows; row += rowStep()) {
    int label = labels[row];
    float sum = logSumExp[row];
    const T* x = logits + i64(row) * classes;
    T* y = dLogits + i64(row) * classes;
    if (label == ignored) {
      mapRow(x, y, classes, [](int, float) { return 0.0f; });
    } else {
      mapRow(x, y, classes, [&](int j, float v) {
        return factor * (expf(v - sum) - (j == label ? 1.0f : 0.0f));
      });
    }
  }
}

}  // namespace loss

#define ENTRY(T, suffix)                                                                        \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) crossEntropy_##suffix(              \
      const T* logits, const int* labels, float* losses, float* logSumExp, int rows,            \
      int classes, int ignored) {                                                               \
    loss::crossEntropy(logits, labels, losses, logSumExp, rows, classes, ignored);              \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) crossEntropyBackward_##suffix(      \
      const T* logits, const int* labels, const float* logSumExp, const float* dLoss,           \
      float scale, T* dLogits, int rows, int classes, int ignored) {                            \
    loss::crossEntropyBackward(                                                                 \
        logits, labels, logSumExp, dLoss, scale, dLogits, rows, classes, ignored);              \
  }
FOR_EACH_FLOAT(ENTRY)
#undef ENTRY

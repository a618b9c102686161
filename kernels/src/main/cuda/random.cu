// Random numbers by Philox4x32-10 (Salmon et al. 2011) and dropout: the numbers of
// dev.galen.tensor.random.Philox, to the bit.
//
// A thread takes one counter, four words, four neighbouring elements; nothing is kept between
// threads, so that any grid draws the same numbers. Ten rounds of two 32-bit products cost about as
// long as the bytes of four floats take, on all GPUs.
// F32 arithmetic is in the order that ReferenceRandom writes down, product and sum rounded apart;
// normal numbers are computed in double precision, as there, since they are drawn once per model.
#include "elements.cuh"
#include "philox.cuh"

// A word's upper 24 bits as a number in [0, 1).
__device__ __forceinline__ float uniformOf(u32 word) { return float(word >> 8) * 0x1p-24f; }

// Calls task(i, words, w) for every element i, which has word number w.
template <class Task>
__device__ __forceinline__ void eachWord(u64 seed, u64 offset, i64 length, Task task) {
  offset += counterShift;
  for (i64 first = 4 * gridThread(); first < length; first += 4 * gridThreads()) {
    Words words = philox(seed, offset + first / 4);
#pragma unroll
    for (int w = 0; w < 4; w++) {
      if (first + w < length) task(first + w, words, w);
    }
  }
}

extern "C" __global__ void setCounterShift(u64 counters) { counterShift = counters; }

__device__ __forceinline__ double normalOf(const Words& words, int w) {
  double u = double((words.at[w / 2 * 2] >> 8) + 1) * 0x1p-24;
  double v = double(words.at[w / 2 * 2 + 1] >> 8) * 0x1p-24;
  double radius = sqrt(-2.0 * log(u));
  double angle = 6.283185307179586 * v;
  return radius * (w % 2 == 0 ? cos(angle) : sin(angle));
}

#define ENTRY(T, suffix)                                                                        \
  extern "C" __global__ void __launch_bounds__(BLOCK) uniform_##suffix(                         \
      T* y, float low, float width, float below, u64 seed, u64 offset, i64 length) {            \
    eachWord(seed, offset, length, [=](i64 i, const Words& words, int w) {                      \
      float value = __fadd_rn(low, __fmul_rn(width, uniformOf(words.at[w])));                   \
      y[i] = fromFloat<T>(fminf(value, below));                                                 \
    });                                                                                         \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(BLOCK) normal_##suffix(                          \
      T* y, double mean, double deviation, u64 seed, u64 offset, i64 length) {                  \
    eachWord(seed, offset, length, [=](i64 i, const Words& words, int w) {                      \
      y[i] = fromFloat<T>(float(mean + deviation * normalOf(words, w)));                        \
    });                                                                                         \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(BLOCK) dropout_##suffix(                         \
      const T* x, T* y, float p, float scale, u64 seed, u64 offset, i64 length) {               \
    eachWord(seed, offset, length, [=](i64 i, const Words& words, int w) {                      \
      float value = toFloat(x[i]);                                                              \
      y[i] = fromFloat<T>(uniformOf(words.at[w]) >= p ? value * scale : 0.0f);                  \
    });                                                                                         \
  }
FOR_EACH_FLOAT(ENTRY)
#undef ENTRY

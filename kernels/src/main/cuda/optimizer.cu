// AdamW (Loshchilov and Hutter 2017, arXiv 1711.05101) by PyTorch's rule, over one contiguous block
// of parameters:
//
//   p -= lr wd p;  m = b1 m + (1-b1) g;  v = b2 v + (1-b2) g^2
//   p -= lr / (1-b1^t) m / (sqrt(v / (1-b2^t)) + eps), multiplied through by sqrt(1-b2^t)
//
// Bound by bytes: 28 a parameter in F32 (four streams in, three out), 26 with a 16-bit gradient.
// A thread takes four neighbours, 16 bytes of each F32 stream; the root and the division hide
// behind them. Moments are F32 whatever the parameter. The factor on the gradient undoes a loss
// scale and clips in the same pass.
#include "rows.cuh"

namespace optimizer {

// The numbers of one update, already combined by the launcher.
struct Numbers {
  float keep;     // 1 - lr wd
  float rate;     // -lr sqrt(1-b2^t) / (1-b1^t)
  float epsilon;  // eps sqrt(1-b2^t)
  float scale;    // on the gradient
  float beta1, rest1;
  float beta2, rest2;
};

template <class T>
struct alignas(4 * sizeof(T)) Four {
  T at[4];
};

template <class P, class G>
__device__ __forceinline__ void update(P& p, G g, float& m, float& v, const Numbers& n) {
  float gradient = toFloat(g) * n.scale;
  m = m * n.beta1 + gradient * n.rest1;
  v = v * n.beta2 + gradient * gradient * n.rest2;
  p = fromFloat<P>(toFloat(p) * n.keep + __fdividef(m, sqrtf(v) + n.epsilon) * n.rate);
}

// Elements from p to the next whole Four.
template <class T>
__device__ __forceinline__ int untilFour(const T* p) {
  return int((sizeof(Four<T>) - u64(p) % sizeof(Four<T>)) % sizeof(Four<T>) / sizeof(T));
}

template <class P, class G>
__device__ void adamW(P* p, const G* g, float* m, float* v, i64 length, const Numbers& n) {
  int ahead = untilFour(p);
  bool together = untilFour(g) == ahead && untilFour(m) == ahead && untilFour(v) == ahead;
  i64 head = together ? min(length, i64(ahead)) : length;
  i64 fours = (length - head) / 4;
  for (i64 i = gridThread(); i < fours; i += gridThreads()) {
    i64 at = head + 4 * i;
    Four<P> parameters = *reinterpret_cast<const Four<P>*>(p + at);
    Four<G> gradients = *reinterpret_cast<const Four<G>*>(g + at);
    Four<float> means = *reinterpret_cast<const Four<float>*>(m + at);
    Four<float> squares = *reinterpret_cast<const Four<float>*>(v + at);
#pragma unroll
    for (int k = 0; k < 4; k++) {
      update(parameters.at[k], gradients.at[k], means.at[k], squares.at[k], n);
    }
    *reinterpret_cast<Four<P>*>(p + at) = parameters;
    *reinterpret_cast<Four<float>*>(m + at) = means;
    *reinterpret_cast<Four<float>*>(v + at) = squares;
  }
  // What stands before the first four and behind the last.
  for (i64 i = gridThread(); i < length - 4 * fours; i += gridThreads()) {
    i64 at = i < head ? i : i + 4 * fours;
    update(p[at], g[at], m[at], v[at], n);
  }
}

}  // namespace optimizer

#define ENTRY(P, G, suffix)                                                                     \
  extern "C" __global__ void __launch_bounds__(BLOCK, 4) adamW_##suffix(                           \
      P* p, const G* g, float* m, float* v, i64 length, float keep, float rate, float epsilon,  \
      float scale, float beta1, float rest1, float beta2, float rest2) {                        \
    optimizer::Numbers n{keep, rate, epsilon, scale, beta1, rest1, beta2, rest2};               \
    optimizer::adamW(p, g, m, v, length, n);                                                    \
  }
ENTRY(float, float, f32)
ENTRY(float, f16, f32_f16)
ENTRY(float, bf16, f32_bf16)
ENTRY(f16, f16, f16)
ENTRY(bf16, bf16, bf16)
#undef ENTRY

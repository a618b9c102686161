// Updates by the rules of PyTorch, over one contiguous block of parameters.
//
// AdamW (Loshchilov and Hutter 2017, arXiv 1711.05101):
//   p -= lr wd p;  m = b1 m + (1-b1) g;  v = b2 v + (1-b2) g^2
//   p -= lr / (1-b1^t) m / (sqrt(v / (1-b2^t)) + eps), multiplied through by sqrt(1-b2^t)
//
// SGD with momentum:  b = mu b + g + wd p;  p -= lr b
//
// Bound by bytes: AdamW's are 28 a parameter in F32 (four streams in, three out), 26 with a 16-bit
// gradient. A thread takes four neighbours, 16 bytes of each F32 stream; the root and the division
// hide behind them. States are F32 whatever the parameter. The factor on the gradient undoes a loss
// scale and clips in the same pass.
//
// States in fewer bits (roundState, widenState) are rounded as dev.galen.tensor.backend.RoundedState
// says, to the bit: F32 quotients, differences and products are rounded apart. A warp has a block of
// 256 elements, a thread of it eight neighbours, which are one counter of Philox.
#include "philox.cuh"
#include "rows.cuh"

namespace optimizer {

// A rule updates one parameter and its states; its numbers are already combined by the launcher.
struct AdamW {
  static constexpr int STATES = 2;
  float keep;     // 1 - lr wd
  float rate;     // -lr sqrt(1-b2^t) / (1-b1^t)
  float epsilon;  // eps sqrt(1-b2^t)
  float scale;    // on the gradient
  float beta1, rest1;
  float beta2, rest2;

  template <class P, class G>
  __device__ __forceinline__ void operator()(P& p, G g, float (&s)[STATES]) const {
    float gradient = toFloat(g) * scale;
    s[0] = s[0] * beta1 + gradient * rest1;
    s[1] = s[1] * beta2 + gradient * gradient * rest2;
    p = fromFloat<P>(toFloat(p) * keep + __fdividef(s[0], sqrtf(s[1]) + epsilon) * rate);
  }
};

struct Sgd {
  static constexpr int STATES = 1;
  float rate;  // -lr
  float momentum;
  float decay;
  float scale;  // on the gradient

  template <class P, class G>
  __device__ __forceinline__ void operator()(P& p, G g, float (&s)[STATES]) const {
    float parameter = toFloat(p);
    s[0] = s[0] * momentum + (toFloat(g) * scale + parameter * decay);
    p = fromFloat<P>(parameter + s[0] * rate);
  }
};

template <class T>
struct alignas(4 * sizeof(T)) Four {
  T at[4];
};

// Elements from p to the next whole Four.
template <class T>
__device__ __forceinline__ int untilFour(const T* p) {
  return int((sizeof(Four<T>) - u64(p) % sizeof(Four<T>)) % sizeof(Four<T>) / sizeof(T));
}

template <class P, class G, class Rule>
__device__ void update(P* p, const G* g, float* const (&states)[Rule::STATES], i64 length,
                       const Rule& rule) {
  constexpr int STATES = Rule::STATES;
  int ahead = untilFour(p);
  bool together = untilFour(g) == ahead;
#pragma unroll
  for (int s = 0; s < STATES; s++) {
    together = together && untilFour(states[s]) == ahead;
  }
  i64 head = together ? min(length, i64(ahead)) : length;
  i64 fours = (length - head) / 4;
  for (i64 i = gridThread(); i < fours; i += gridThreads()) {
    i64 at = head + 4 * i;
    Four<P> parameters = *reinterpret_cast<const Four<P>*>(p + at);
    Four<G> gradients = *reinterpret_cast<const Four<G>*>(g + at);
    Four<float> kept[STATES];
#pragma unroll
    for (int s = 0; s < STATES; s++) {
      kept[s] = *reinterpret_cast<const Four<float>*>(states[s] + at);
    }
#pragma unroll
    for (int k = 0; k < 4; k++) {
      float of[STATES];
#pragma unroll
      for (int s = 0; s < STATES; s++) {
        of[s] = kept[s].at[k];
      }
      rule(parameters.at[k], gradients.at[k], of);
#pragma unroll
      for (int s = 0; s < STATES; s++) {
        kept[s].at[k] = of[s];
      }
    }
    *reinterpret_cast<Four<P>*>(p + at) = parameters;
#pragma unroll
    for (int s = 0; s < STATES; s++) {
      *reinterpret_cast<Four<float>*>(states[s] + at) = kept[s];
    }
  }
  // What stands before the first four and behind the last.
  for (i64 i = gridThread(); i < length - 4 * fours; i += gridThreads()) {
    i64 at = i < head ? i : i + 4 * fours;
    float of[STATES];
#pragma unroll
    for (int s = 0; s < STATES; s++) {
      of[s] = states[s][at];
    }
    rule(p[at], g[at], of);
#pragma unroll
    for (int s = 0; s < STATES; s++) {
      states[s][at] = of[s];
    }
  }
}

}  // namespace optimizer

#define ENTRY(P, G, suffix)                                                                     \
  extern "C" __global__ void __launch_bounds__(BLOCK, 4) adamW_##suffix(                        \
      P* p, const G* g, float* m, float* v, i64 length, float keep, float rate, float epsilon,  \
      float scale, float beta1, float rest1, float beta2, float rest2) {                        \
    float* const states[] = {m, v};                                                             \
    optimizer::AdamW rule{keep, rate, epsilon, scale, beta1, rest1, beta2, rest2};              \
    optimizer::update(p, g, states, length, rule);                                              \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(BLOCK, 4) sgd_##suffix(                          \
      P* p, const G* g, float* b, i64 length, float rate, float momentum, float decay,          \
      float scale) {                                                                            \
    float* const states[] = {b};                                                                \
    optimizer::update(p, g, states, length, optimizer::Sgd{rate, momentum, decay, scale});      \
  }
ENTRY(float, float, f32)
ENTRY(float, f16, f32_f16)
ENTRY(float, bf16, f32_bf16)
ENTRY(f16, f16, f16)
ENTRY(bf16, bf16, bf16)
#undef ENTRY

namespace states {

constexpr int BLOCK_LENGTH = 256;
constexpr int NEIGHBOURS = 8;
constexpr int LEVELS = 256;

// 16 random bits of element i of eight.
__device__ __forceinline__ u32 bitsOf(const Words& words, int i) {
  return words.at[i / 2] >> (i % 2 * 16) & 0xffffu;
}

__device__ __forceinline__ int codeOf(float x, const float* levels, u32 random) {
  int below = 0;
#pragma unroll
  for (int step = LEVELS / 2; step > 0; step /= 2) {
    below += levels[below + step] <= x ? step : 0;
  }
  if (below == LEVELS - 1) return below;
  float low = levels[below];
  float part = __fdiv_rn(__fsub_rn(x, low), __fsub_rn(levels[below + 1], low));
  int code = __fmul_rn(part, 65536.0f) > float(random) ? below + 1 : below;
  return code == 0 && x > 0 ? 1 : code;
}

}  // namespace states

extern "C" __global__ void __launch_bounds__(BLOCK) roundState_bf16(
    const float* x, unsigned short* codes, u64 seed, u64 counter, i64 length) {
  using namespace states;
  for (i64 first = NEIGHBOURS * gridThread(); first < length; first += NEIGHBOURS * gridThreads()) {
    Words words = philox(seed, counter + first / NEIGHBOURS);
#pragma unroll
    for (int i = 0; i < NEIGHBOURS; i++) {
      if (first + i < length) {
        u32 bits = __float_as_uint(x[first + i]);
        codes[first + i] = (unsigned short)((bits + bitsOf(words, i)) >> 16);
      }
    }
  }
}

extern "C" __global__ void __launch_bounds__(BLOCK) roundState_u8(
    const float* x, unsigned char* codes, float* scales, const float* levels, u64 seed, u64 counter,
    i64 length) {
  using namespace states;
  i64 lane = threadIdx.x % WARP;
  i64 blocks = (length + BLOCK_LENGTH - 1) / BLOCK_LENGTH;
  for (i64 block = gridThread() / WARP; block < blocks; block += gridThreads() / WARP) {
    i64 first = block * BLOCK_LENGTH + lane * NEIGHBOURS;
    float values[NEIGHBOURS];
    float scale = 0;
#pragma unroll
    for (int i = 0; i < NEIGHBOURS; i++) {
      values[i] = first + i < length ? x[first + i] : 0.0f;
      scale = fmaxf(scale, fabsf(values[i]));
    }
#pragma unroll
    for (int lanes = WARP / 2; lanes > 0; lanes /= 2) {
      scale = fmaxf(scale, __shfl_xor_sync(ALL_LANES, scale, lanes));
    }
    if (lane == 0) scales[block] = scale;
    Words words = philox(seed, counter + first / NEIGHBOURS);
#pragma unroll
    for (int i = 0; i < NEIGHBOURS; i++) {
      if (first + i < length) {
        float share = scale == 0 ? 0.0f : __fdiv_rn(values[i], scale);
        codes[first + i] = (unsigned char)codeOf(share, levels, bitsOf(words, i));
      }
    }
  }
}

extern "C" __global__ void __launch_bounds__(BLOCK) widenState_u8(
    const unsigned char* codes, const float* scales, const float* levels, float* y, i64 length) {
  for (i64 i = gridThread(); i < length; i += gridThreads()) {
    y[i] = __fmul_rn(levels[codes[i]], scales[i / states::BLOCK_LENGTH]);
  }
}

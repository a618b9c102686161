// Functions of one element and of two, their derivatives, scaling and sums of products.
//
// The function is a number, in the order of the Java enums Unary and Binary, chosen outside of the
// loop: one kernel per type instead of one per type and function. A thread has 16 bytes of each
// operand in flight; a kernel is bound by bytes for all functions, exponentials included.
// Formulas are those of ReferencePointwise; where another form of one loses fewer bits, it says so.
#include "elements.cuh"

enum Unary {
  NEG, EXP, LOG, SQRT, SQUARE, RECIPROCAL, ABS, TANH, SIGMOID, RELU, SILU, GELU_TANH, GELU_ERF
};

constexpr float SQRT_2_OVER_PI = 0.79788456080286536f;
constexpr float GELU_CUBIC = 0.044715f;
constexpr float SQRT_HALF = 0.70710678118654752f;
constexpr float INVERSE_SQRT_2_PI = 0.39894228040143268f;

__device__ __forceinline__ float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }

// 1 + tanh(u) is 2 sigmoid(2u): one exponential, and no bits lost where tanh(u) is near -1.
__device__ __forceinline__ float geluSigmoid(float x) {
  return sigmoid(2.0f * SQRT_2_OVER_PI * (x + GELU_CUBIC * x * x * x));
}

// erfc, because 1 + erf loses all bits of the tail.
__device__ __forceinline__ float normalCdf(float x) { return 0.5f * erfcf(-x * SQRT_HALF); }

template <int F>
__device__ __forceinline__ float apply(float x) {
  switch (F) {
    case NEG: return -x;
    case EXP: return expf(x);
    case LOG: return logf(x);
    case SQRT: return sqrtf(x);
    case SQUARE: return x * x;
    case RECIPROCAL: return 1.0f / x;
    case ABS: return fabsf(x);
    case TANH: return tanhf(x);
    case SIGMOID: return sigmoid(x);
    case RELU: return x < 0.0f ? 0.0f : x;
    case SILU: return x * sigmoid(x);
    case GELU_TANH: return x * geluSigmoid(x);
    default: return x * normalCdf(x);
  }
}

// f'(x), where y = f(x).
template <int F>
__device__ __forceinline__ float derivative(float x, float y) {
  switch (F) {
    case NEG: return -1.0f;
    case EXP: return y;
    case LOG: return 1.0f / x;
    case SQRT: return 0.5f / y;
    case SQUARE: return 2.0f * x;
    case RECIPROCAL: return -y * y;
    case ABS: return x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x;
    case TANH: return 1.0f - y * y;
    case SIGMOID: return y * (1.0f - y);
    case RELU: return x > 0.0f ? 1.0f : 0.0f;
    case SILU: {
      float s = sigmoid(x);
      return s * (1.0f + x * (1.0f - s));
    }
    case GELU_TANH: {
      // With s = sigmoid(2u) = (1 + tanh(u)) / 2: 1 - tanh(u)^2 is 4 s (1 - s).
      float s = geluSigmoid(x);
      float slope = SQRT_2_OVER_PI * (1.0f + 3.0f * GELU_CUBIC * x * x);
      return s + 2.0f * x * s * (1.0f - s) * slope;
    }
    default: return normalCdf(x) + x * expf(-0.5f * x * x) * INVERSE_SQRT_2_PI;
  }
}

// Calls run.template of<F>() for the F that is f.
template <class Run>
__device__ __forceinline__ void dispatchUnary(int f, Run run) {
  switch (f) {
#define CASE(F) case F: return run.template of<F>();
    CASE(NEG) CASE(EXP) CASE(LOG) CASE(SQRT) CASE(SQUARE) CASE(RECIPROCAL) CASE(ABS)
    CASE(TANH) CASE(SIGMOID) CASE(RELU) CASE(SILU) CASE(GELU_TANH) CASE(GELU_ERF)
#undef CASE
  }
}

template <class T>
struct RunUnary {
  const T* x;
  T* y;
  i64 length;
  template <int F>
  __device__ __forceinline__ void of() {
    mapElements(x, y, length, [](float v) { return apply<F>(v); });
  }
};

template <class T>
struct RunUnaryBackward {
  const T *x, *y, *dY;
  T* dX;
  i64 length;
  template <int F>
  __device__ __forceinline__ void of() {
    mapElements(x, y, dY, dX, length,
                [](float a, float b, float d) { return d * derivative<F>(a, b); });
  }
};

#define ENTRY(T, suffix)                                                                       \
  extern "C" __global__ void __launch_bounds__(BLOCK)                                          \
      unary_##suffix(int f, const T* x, T* y, i64 length) {                                    \
    dispatchUnary(f, RunUnary<T>{x, y, length});                                               \
  }                                                                                            \
  extern "C" __global__ void __launch_bounds__(BLOCK) unaryBackward_##suffix(                  \
      int f, const T* x, const T* y, const T* dY, T* dX, i64 length) {                         \
    dispatchUnary(f, RunUnaryBackward<T>{x, y, dY, dX, length});                               \
  }                                                                                            \
  extern "C" __global__ void __launch_bounds__(BLOCK)                                          \
      affine_##suffix(const T* x, float scale, float shift, T* y, i64 length) {                \
    mapElements(x, y, length, [=](float v) { return fmaf(scale, v, shift); });                 \
  }                                                                                            \
  extern "C" __global__ void __launch_bounds__(BLOCK)                                          \
      axpy_##suffix(float alpha, const T* x, T* y, i64 length) {                               \
    mapElements(x, y, y, y, length, [=](float a, float b, float) { return fmaf(alpha, a, b); }); \
  }
FOR_EACH_FLOAT(ENTRY)
#undef ENTRY

// Gates: `cols` elements of each row, whose gates and ups begin `stride` elements apart.
template <class T>
struct Gates {
  i64 rows;
  int cols, stride;
  bool inPacks;

  // Calls one(at, to) or pack(at, to) for each element or pack: `at` in gates, `to` in others.
  template <class One, class Packed>
  __device__ __forceinline__ void each(One one, Packed pack) const {
    const int step = inPacks ? Pack<T>::LENGTH : 1;
    const int pieces = cols / step;
    for (i64 i = gridThread(); i < rows * pieces; i += gridThreads()) {
      const i64 to = i * step, at = stride == cols ? to : i / pieces * stride + i % pieces * step;
      inPacks ? pack(at, to) : one(at, to);
    }
  }
};

template <class T>
__device__ __forceinline__ Pack<T> packAt(const T* x, i64 at) {
  return *reinterpret_cast<const Pack<T>*>(x + at);
}

template <class T>
__device__ __forceinline__ void putPack(T* y, i64 at, const Pack<T>& values) {
  *reinterpret_cast<Pack<T>*>(y + at) = values;
}

template <class T>
struct RunGated {
  const T *gate, *up;
  T* y;
  Gates<T> gates;

  template <int F>
  __device__ __forceinline__ void of() {
    gates.each(
        [&](i64 at, i64 to) { y[to] = fromFloat<T>(apply<F>(toFloat(gate[at])) * toFloat(up[at])); },
        [&](i64 at, i64 to) {
          Pack<T> g = packAt(gate, at), u = packAt(up, at), out;
#pragma unroll
          for (int k = 0; k < Pack<T>::LENGTH; k++)
            out.at[k] = fromFloat<T>(apply<F>(toFloat(g.at[k])) * toFloat(u.at[k]));
          putPack(y, to, out);
        });
  }
};

// y may be null. What is written may be what is read, by the thread that has read it.
template <class T>
struct RunGatedBackward {
  const T *gate, *up, *dY;
  T *dGate, *dUp, *y;
  Gates<T> gates;

  template <int F>
  static __device__ __forceinline__ void one(T g, T u, T d, T& slope, T& dU, T& h) {
    const float x = toFloat(g), value = apply<F>(x);
    slope = fromFloat<T>(toFloat(d) * toFloat(u) * derivative<F>(x, value));
    dU = fromFloat<T>(toFloat(d) * value);
    h = fromFloat<T>(value * toFloat(u));
  }

  template <int F>
  __device__ __forceinline__ void of() {
    gates.each(
        [&](i64 at, i64 to) {
          T slope, dU, h;
          one<F>(gate[at], up[at], dY[to], slope, dU, h);
          dGate[at] = slope;
          dUp[at] = dU;
          if (y != nullptr) y[to] = h;
        },
        [&](i64 at, i64 to) {
          Pack<T> g = packAt(gate, at), u = packAt(up, at), d = packAt(dY, to), slope, dU, h;
#pragma unroll
          for (int k = 0; k < Pack<T>::LENGTH; k++)
            one<F>(g.at[k], u.at[k], d.at[k], slope.at[k], dU.at[k], h.at[k]);
          putPack(dGate, at, slope);
          putPack(dUp, at, dU);
          if (y != nullptr) putPack(y, to, h);
        });
  }
};

template <class T>
__device__ __forceinline__ Gates<T> gatesOf(i64 rows, int cols, int stride, bool aligned) {
  constexpr int LENGTH = Pack<T>::LENGTH;
  return Gates<T>{rows, cols, stride, aligned && cols % LENGTH == 0 && stride % LENGTH == 0};
}

#define ENTRY(T, suffix)                                                                       \
  extern "C" __global__ void __launch_bounds__(BLOCK) gated_##suffix(                          \
      int f, const T* gate, const T* up, T* y, i64 rows, int cols, int stride) {               \
    bool aligned = packed(gate) && packed(up) && packed(y);                                    \
    dispatchUnary(f, RunGated<T>{gate, up, y, gatesOf<T>(rows, cols, stride, aligned)});       \
  }                                                                                            \
  extern "C" __global__ void __launch_bounds__(BLOCK) gatedBackward_##suffix(                  \
      int f, const T* gate, const T* up, const T* dY, T* dGate, T* dUp, T* y, i64 rows,        \
      int cols, int stride) {                                                                  \
    bool aligned = packed(gate) && packed(up) && packed(dY) && packed(dGate) && packed(dUp) && \
                   packed(y);                                                                  \
    dispatchUnary(f, RunGatedBackward<T>{gate, up, dY, dGate, dUp, y,                          \
                                         gatesOf<T>(rows, cols, stride, aligned)});            \
  }
FOR_EACH_FLOAT(ENTRY)
#undef ENTRY

enum Binary { ADD, SUB, MUL, DIV, MAX, MIN, EQUAL, LESS };

template <int F>
__device__ __forceinline__ float apply(float a, float b) {
  switch (F) {
    case ADD: return a + b;
    case SUB: return a - b;
    case MUL: return a * b;
    case DIV: return a / b;
    // A NaN wins, against fmaxf's rule.
    case MAX: return a != a || a > b ? a : b;
    case MIN: return a != a || a < b ? a : b;
    case EQUAL: return a == b ? 1.0f : 0.0f;
    default: return a < b ? 1.0f : 0.0f;
  }
}

// Elements of one operand at a pack of y: a pack of its own, or one element repeated.
template <class T>
__device__ __forceinline__ Pack<T> operand(const T* x, i64 at, i64 stride) {
  if (stride) return *reinterpret_cast<const Pack<T>*>(x + at);
  Pack<T> all;
#pragma unroll
  for (int j = 0; j < Pack<T>::LENGTH; j++) all.at[j] = x[at];
  return all;
}

template <class T>
struct RunBinary {
  const T *a, *b;
  T* y;
  const Longs &dims, &as, &bs;
  int rank;
  i64 length;
  bool inPacks;

  template <int F, class Index>
  __device__ __forceinline__ void elements() {
    for (i64 i = gridThread(); i < length; i += gridThreads()) {
      Place<Index> place(Index(i), dims, as, bs, rank);
      y[i] = fromFloat<T>(apply<F>(toFloat(a[place.a]), toFloat(b[place.b])));
    }
  }

  template <int F, class Index>
  __device__ __forceinline__ void packs() {
    constexpr int LENGTH = Pack<T>::LENGTH;
    for (i64 i = gridThread(); i < length / LENGTH; i += gridThreads()) {
      Place<Index> place(Index(i * LENGTH), dims, as, bs, rank);
      Pack<T> left = operand(a, place.a, as.at[rank - 1]);
      Pack<T> right = operand(b, place.b, bs.at[rank - 1]);
      Pack<T> out;
#pragma unroll
      for (int j = 0; j < LENGTH; j++) {
        out.at[j] = fromFloat<T>(apply<F>(toFloat(left.at[j]), toFloat(right.at[j])));
      }
      storePack(y, i, out);
    }
  }

  template <int F>
  __device__ __forceinline__ void of() {
    bool isShort = length >> 32 == 0;
    if (inPacks) {
      isShort ? packs<F, u32>() : packs<F, u64>();
    } else {
      isShort ? elements<F, u32>() : elements<F, u64>();
    }
  }
};

// Whether every pack of y meets whole packs of x: rows are contiguous or one repeated element, and
// each starts at a multiple of 16 bytes.
template <class T>
__device__ __forceinline__ bool inPacks(const T* x, const Longs& dims, const Longs& xs, int rank) {
  constexpr int LENGTH = Pack<T>::LENGTH;
  if (dims.at[rank - 1] % LENGTH != 0) return false;
  if (xs.at[rank - 1] == 0) return true;
  bool all = xs.at[rank - 1] == 1 && packed(x);
  for (int d = 0; d < rank - 1; d++) all &= xs.at[d] % LENGTH == 0;
  return all;
}

template <class T>
__device__ __forceinline__ void binary(
    int f, const T* a, const T* b, T* y, const Longs& dims, const Longs& as, const Longs& bs,
    int rank, i64 length) {
  bool packs = packed(y) && inPacks(a, dims, as, rank) && inPacks(b, dims, bs, rank);
  RunBinary<T> run{a, b, y, dims, as, bs, rank, length, packs};
  switch (f) {
#define CASE(F) case F: return run.template of<F>();
    CASE(ADD) CASE(SUB) CASE(MUL) CASE(DIV) CASE(MAX) CASE(MIN) CASE(EQUAL) CASE(LESS)
#undef CASE
  }
}

#define ENTRY(T, suffix)                                                                        \
  extern "C" __global__ void __launch_bounds__(BLOCK) binary_##suffix(                          \
      int f, const T* a, const T* b, T* y, Layout dims, Layout as, Layout bs, int rank,         \
      i64 length) {                                                                             \
    binary(f, a, b, y, dims, as, bs, rank, length);                                             \
  }
FOR_EACH_FLOAT(ENTRY)
#undef ENTRY

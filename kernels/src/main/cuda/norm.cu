// Normalisations over the last dimension.
//
//   LayerNorm (Ba et al. 2016, arXiv 1607.06450): y = (x - mean) rstd weight + bias
//   RMSNorm (Zhang and Sennrich 2019, arXiv 1910.07467): y = x rstd weight, rstd = 1/rms(x)
//   backward, h = (x - mean) rstd, g = dY weight: dX = rstd (g - mean(g) - h mean(g h)),
//   without mean(g) for RMSNorm; dWeight += sum_rows dY h, dBias += sum_rows dY
//
// All are bound by bytes, so each operand is read once. Forward keeps a row in registers, 32
// elements a thread: a warp per row up to 1,024 columns, a block up to 16,384; only longer rows and
// those that start between multiples of 16 bytes are read again, from cache. The variance takes a
// second pass over the registers, which is exact where E[x^2] - E[x]^2 is not.
//
// Backward gives each thread of a block eight columns, of which it keeps the weight and its share
// of dWeight and dBias in registers, and the block rows one after the other; the next row is loaded
// while the sums of this one meet. The shares of the blocks, [shares, 2, cols] in F32, are added in
// their order by a second launch. That takes rows of up to 8 * ROW_THREADS columns which start at
// multiples of 16 bytes; the launcher has others done by a kernel for dX and one for the shares,
// which read twice.
#include "rows.cuh"

namespace norms {

constexpr int IN_REGISTERS = 32;
constexpr int OWNED = 8;

// N elements of a row in the registers of each of its threads, in 16-byte pieces.
template <class T, int N>
struct RowPart {
  static constexpr int L = Pack<T>::LENGTH;
  float at[N];

  // The first column of piece p.
  static __device__ __forceinline__ int column(int p) {
    return (p * blockDim.x + threadIdx.x) * L;
  }

  // Zeros stand where the row has ended.
  __device__ __forceinline__ void load(const T* x, int cols) {
#pragma unroll
    for (int p = 0; p < N / L; p++) {
      float v[L];
#pragma unroll
      for (int k = 0; k < L; k++) v[k] = 0;
      if (column(p) < cols) loadPack(x + column(p), v);
#pragma unroll
      for (int k = 0; k < L; k++) at[p * L + k] = v[k];
    }
  }

  __device__ __forceinline__ void store(T* y, int cols) const {
#pragma unroll
    for (int p = 0; p < N / L; p++) {
      float v[L];
#pragma unroll
      for (int k = 0; k < L; k++) v[k] = at[p * L + k];
      if (column(p) < cols) storePack(y + column(p), v);
    }
  }
};

template <class T, class... More>
__device__ __forceinline__ bool allPacked(int cols, const T* first, More... more) {
  bool all = cols % Pack<T>::LENGTH == 0 && aligned(first);
  ((all = all && aligned(more)), ...);
  return all;
}

// What a kernel of the forward family computes: LayerNorm or RMSNorm, of x or of x + residual.
template <bool CENTRED_, bool ADDS_>
struct Form {
  static constexpr bool CENTRED = CENTRED_;
  static constexpr bool ADDS = ADDS_;
};

// A row of up to 32 elements a thread, all operands at multiples of 16 bytes.
template <class F, class T>
__device__ __forceinline__ void rowInRegisters(
    const T* x, const T* residual, T* sum, const T* weight, const T* bias, T* y, float* mean,
    float* rstd, int cols, float epsilon) {
  constexpr int L = Pack<T>::LENGTH;
  RowPart<T, IN_REGISTERS> row;
  row.load(x, cols);
  if (F::ADDS) {
    RowPart<T, IN_REGISTERS> other;
    other.load(residual, cols);
    // Rounded before it is normalised: the backward pass reads the rounded sum.
#pragma unroll
    for (int i = 0; i < IN_REGISTERS; i++) {
      row.at[i] = toFloat(fromFloat<T>(row.at[i] + other.at[i]));
    }
    row.store(sum, cols);
  }
  float m = 0;
  if (F::CENTRED) {
#pragma unroll
    for (int i = 0; i < IN_REGISTERS; i++) m += row.at[i];
    m = rowSum(m) / cols;
  }
  float squares = 0;
#pragma unroll
  for (int p = 0; p < IN_REGISTERS / L; p++) {
    if (row.column(p) < cols) {
#pragma unroll
      for (int k = 0; k < L; k++) {
        float d = row.at[p * L + k] - m;
        squares += d * d;
      }
    }
  }
  float r = 1 / sqrtf(rowSum(squares) / cols + epsilon);
#pragma unroll
  for (int p = 0; p < IN_REGISTERS / L; p++) {
    int j = row.column(p);
    if (j < cols) {
      float w[L];
      float b[L];
      loadPack(weight + j, w);
      if (F::CENTRED) loadPack(bias + j, b);
#pragma unroll
      for (int k = 0; k < L; k++) {
        float h = (row.at[p * L + k] - m) * r;
        w[k] = F::CENTRED ? h * w[k] + b[k] : h * w[k];
      }
      storePack(y + j, w);
    }
  }
  if (threadIdx.x == 0) {
    if (F::CENTRED) *mean = m;
    *rstd = r;
  }
}

// A row of any length, read three times. What the thread wrote to sum it reads back itself.
template <class F, class T>
__device__ __forceinline__ void rowFromMemory(
    const T* x, const T* residual, T* sum, const T* weight, const T* bias, T* y, float* mean,
    float* rstd, int cols, float epsilon) {
  const T* in = F::ADDS ? sum : x;
  float m = 0;
  for (int j = threadIdx.x; j < cols; j += blockDim.x) {
    if (F::ADDS) sum[j] = fromFloat<T>(toFloat(x[j]) + toFloat(residual[j]));
    if (F::CENTRED) m += toFloat(in[j]);
  }
  if (F::CENTRED) m = rowSum(m) / cols;
  float squares = 0;
  for (int j = threadIdx.x; j < cols; j += blockDim.x) {
    float d = toFloat(in[j]) - m;
    squares += d * d;
  }
  float r = 1 / sqrtf(rowSum(squares) / cols + epsilon);
  for (int j = threadIdx.x; j < cols; j += blockDim.x) {
    float h = (toFloat(in[j]) - m) * r * toFloat(weight[j]);
    y[j] = fromFloat<T>(F::CENTRED ? h + toFloat(bias[j]) : h);
  }
  if (threadIdx.x == 0) {
    if (F::CENTRED) *mean = m;
    *rstd = r;
  }
}

template <class F, class T>
__device__ void forward(
    const T* x, const T* residual, T* sum, const T* weight, const T* bias, T* y, float* mean,
    float* rstd, int rows, int cols, float epsilon) {
  bool packed = allPacked(cols, x, residual, static_cast<const T*>(sum), weight, bias,
                          static_cast<const T*>(y));
  for (int row = firstRow(); row < rows; row += rowStep()) {
    i64 start = i64(row) * cols;
    const T* second = F::ADDS ? residual + start : nullptr;
    T* added = F::ADDS ? sum + start : nullptr;
    float* rowMean = F::CENTRED ? mean + row : nullptr;
    if (packed && cols <= IN_REGISTERS * int(blockDim.x)) {
      rowInRegisters<F>(x + start, second, added, weight, bias, y + start, rowMean, rstd + row,
                        cols, epsilon);
    } else {
      rowFromMemory<F>(x + start, second, added, weight, bias, y + start, rowMean, rstd + row,
                       cols, epsilon);
    }
  }
}

struct Two {
  float x, y;
};

// The sums of two numbers over the block. Calls take turns between the two halves of parts: who
// writes a half has passed the barrier of the call between, behind which it is not read.
__device__ __forceinline__ Two blockSums(Two x, int turn) {
  __shared__ Two parts[2][WARP];
#pragma unroll
  for (int lanes = WARP / 2; lanes > 0; lanes /= 2) {
    x.x += __shfl_xor_sync(ALL_LANES, x.x, lanes);
    x.y += __shfl_xor_sync(ALL_LANES, x.y, lanes);
  }
  u32 lane = threadIdx.x % WARP;
  if (lane == 0) parts[turn & 1][threadIdx.x / WARP] = x;
  __syncthreads();
  x = lane < blockDim.x / WARP ? parts[turn & 1][lane] : Two{0, 0};
#pragma unroll
  for (int lanes = WARP / 2; lanes > 0; lanes /= 2) {
    x.x += __shfl_xor_sync(ALL_LANES, x.x, lanes);
    x.y += __shfl_xor_sync(ALL_LANES, x.y, lanes);
  }
  return x;
}

// Block b takes the rows from b * blockRows on and leaves share b of dWeight, and of dBias where
// CENTRED. All operands but the shares start at multiples of 16 bytes.
template <bool CENTRED, class T>
__device__ void backward(
    const T* dY, const T* x, const T* weight, const float* mean, const float* rstd, T* dX,
    float* shares, int rows, int cols, int blockRows) {
  using Part = RowPart<T, OWNED>;
  Part w;
  w.load(weight, cols);
  float weightShare[OWNED];
  float biasShare[OWNED];
#pragma unroll
  for (int i = 0; i < OWNED; i++) weightShare[i] = biasShare[i] = 0;
  int from = blockIdx.x * blockRows;
  int to = min(rows, from + blockRows);
  Part nextG;
  Part nextH;
  if (from < to) {
    nextG.load(dY + i64(from) * cols, cols);
    nextH.load(x + i64(from) * cols, cols);
  }
  for (int row = from; row < to; row++) {
    Part g = nextG;
    Part h = nextH;
    if (row + 1 < to) {
      nextG.load(dY + i64(row + 1) * cols, cols);
      nextH.load(x + i64(row + 1) * cols, cols);
    }
    float m = CENTRED ? mean[row] : 0.0f;
    float r = rstd[row];
    Two sums = Two{0, 0};
    // Behind the row's end g is 0, and so is all that is added.
#pragma unroll
    for (int i = 0; i < OWNED; i++) {
      h.at[i] = (h.at[i] - m) * r;
      weightShare[i] += g.at[i] * h.at[i];
      biasShare[i] += g.at[i];
      g.at[i] *= w.at[i];
      sums.x += g.at[i];
      sums.y += g.at[i] * h.at[i];
    }
    sums = blockSums(sums, row);
    float meanG = CENTRED ? sums.x / cols : 0.0f;
    float meanGh = sums.y / cols;
#pragma unroll
    for (int i = 0; i < OWNED; i++) g.at[i] = r * (g.at[i] - meanG - h.at[i] * meanGh);
    g.store(dX + i64(row) * cols, cols);
  }
  float* share = shares + i64(blockIdx.x) * (CENTRED ? 2 : 1) * cols;
#pragma unroll
  for (int i = 0; i < OWNED; i++) {
    int j = Part::column(i / Part::L) + i % Part::L;
    if (j < cols) {
      share[j] = weightShare[i];
      if (CENTRED) share[cols + j] = biasShare[i];
    }
  }
}

// dX alone, for rows of any length.
template <bool CENTRED, class T>
__device__ void backwardRows(
    const T* dY, const T* x, const T* weight, const float* mean, const float* rstd, T* dX,
    int rows, int cols) {
  for (int row = firstRow(); row < rows; row += rowStep()) {
    i64 start = i64(row) * cols;
    float m = CENTRED ? mean[row] : 0.0f;
    float r = rstd[row];
    Two sums = Two{0, 0};
    for (int j = threadIdx.x; j < cols; j += blockDim.x) {
      float g = toFloat(dY[start + j]) * toFloat(weight[j]);
      sums.x += g;
      sums.y += g * (toFloat(x[start + j]) - m) * r;
    }
    sums = Two{rowSum(sums.x), rowSum(sums.y)};
    float meanG = CENTRED ? sums.x / cols : 0.0f;
    float meanGh = sums.y / cols;
    for (int j = threadIdx.x; j < cols; j += blockDim.x) {
      float g = toFloat(dY[start + j]) * toFloat(weight[j]);
      float h = (toFloat(x[start + j]) - m) * r;
      dX[start + j] = fromFloat<T>(r * (g - meanG - h * meanGh));
    }
  }
}

// The shares of dWeight and dBias alone: block (x, y) takes a column a thread and share y's rows.
template <bool CENTRED, class T>
__device__ void backwardColumns(
    const T* dY, const T* x, const float* mean, const float* rstd, float* shares, int rows,
    int cols, int blockRows) {
  int j = blockIdx.x * blockDim.x + threadIdx.x;
  if (j >= cols) return;
  int from = blockIdx.y * blockRows;
  int to = min(rows, from + blockRows);
  float weightShare = 0;
  float biasShare = 0;
#pragma unroll 4
  for (int row = from; row < to; row++) {
    float g = toFloat(dY[i64(row) * cols + j]);
    float m = CENTRED ? mean[row] : 0.0f;
    weightShare += g * (toFloat(x[i64(row) * cols + j]) - m) * rstd[row];
    biasShare += g;
  }
  float* share = shares + i64(blockIdx.y) * (CENTRED ? 2 : 1) * cols;
  share[j] = weightShare;
  if (CENTRED) share[cols + j] = biasShare;
}

// dWeight += the first half of each share, dBias += the second; dBias may be null, and then a share
// is dWeight's alone.
template <class T>
__device__ void addShares(const float* shares, T* dWeight, T* dBias, int count, int cols) {
  i64 inner = i64(cols) * (dBias == nullptr ? 1 : 2);
  reduceTile(
      shares, 0, count, inner, i64(blockIdx.x) * COLUMN_TILE<float>, Sum(),
      [&](i64 column, float value) {
        T* target = column < cols ? dWeight + column : dBias + (column - cols);
        *target = fromFloat<T>(toFloat(*target) + value);
      });
}

}  // namespace norms

#define ENTRY(T, suffix)                                                                        \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) layerNorm_##suffix(                 \
      const T* x, const T* weight, const T* bias, T* y, float* mean, float* rstd, int rows,     \
      int cols, float epsilon) {                                                                \
    norms::forward<norms::Form<true, false>, T>(                                                  \
        x, nullptr, nullptr, weight, bias, y, mean, rstd, rows, cols, epsilon);                 \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS, 1) residualLayerNorm_##suffix(         \
      const T* x, const T* residual, T* sum, const T* weight, const T* bias, T* y, float* mean, \
      float* rstd, int rows, int cols, float epsilon) {                                         \
    norms::forward<norms::Form<true, true>>(                                                      \
        x, residual, sum, weight, bias, y, mean, rstd, rows, cols, epsilon);                    \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) rmsNorm_##suffix(                   \
      const T* x, const T* weight, T* y, float* rstd, int rows, int cols, float epsilon) {      \
    norms::forward<norms::Form<false, false>, T>(                                                 \
        x, nullptr, nullptr, weight, nullptr, y, nullptr, rstd, rows, cols, epsilon);           \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) layerNormBackward_##suffix(         \
      const T* dY, const T* x, const T* weight, const float* mean, const float* rstd, T* dX,    \
      float* shares, int rows, int cols, int blockRows) {                                       \
    norms::backward<true>(dY, x, weight, mean, rstd, dX, shares, rows, cols, blockRows);         \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) rmsNormBackward_##suffix(           \
      const T* dY, const T* x, const T* weight, const float* rstd, T* dX, float* shares,        \
      int rows, int cols, int blockRows) {                                                      \
    norms::backward<false>(dY, x, weight, nullptr, rstd, dX, shares, rows, cols, blockRows);     \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) layerNormBackwardRows_##suffix(     \
      const T* dY, const T* x, const T* weight, const float* mean, const float* rstd, T* dX,    \
      int rows, int cols) {                                                                     \
    norms::backwardRows<true>(dY, x, weight, mean, rstd, dX, rows, cols);                        \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) rmsNormBackwardRows_##suffix(       \
      const T* dY, const T* x, const T* weight, const float* rstd, T* dX, int rows, int cols) { \
    norms::backwardRows<false>(dY, x, weight, nullptr, rstd, dX, rows, cols);                    \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(BLOCK) layerNormBackwardColumns_##suffix(        \
      const T* dY, const T* x, const float* mean, const float* rstd, float* shares, int rows,   \
      int cols, int blockRows) {                                                                \
    norms::backwardColumns<true>(dY, x, mean, rstd, shares, rows, cols, blockRows);              \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(BLOCK) rmsNormBackwardColumns_##suffix(          \
      const T* dY, const T* x, const float* rstd, float* shares, int rows, int cols,            \
      int blockRows) {                                                                          \
    norms::backwardColumns<false>(dY, x, nullptr, rstd, shares, rows, cols, blockRows);          \
  }                                                                                             \
  extern "C" __global__ void __launch_bounds__(COLUMN_LANES* COLUMN_ROWS)                       \
      normAddShares_##suffix(                                                                   \
          const float* shares, T* dWeight, T* dBias, int count, int cols) {                     \
    norms::addShares(shares, dWeight, dBias, count, cols);                                       \
  }
FOR_EACH_FLOAT(ENTRY)
#undef ENTRY

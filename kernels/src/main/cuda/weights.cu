// Products with weights that are packed for inference, in the layout of WeightFormat.java: lines of
// 64 bytes, those of four outputs taking turns, and behind all lines of INT8 their scales.
//
//   weightsLinear: y = x W^T + b for up to 8 rows of x, as in decoding
//   weightsRows: outputs as rows of F32, for an embedding and for products with many rows, which
//     CudaWeights gives to cuBLAS a piece of the weights at a time
//   weightsPack: the bits that PackedLines.java writes
//
// All are bound by bytes. In weightsLinear every weight is read once and whatever else is read comes
// from caches: the rows of x are small, and all blocks read the same. A warp takes GROUPS groups of
// four outputs and a part of the inputs; a step is 512 bytes of each group, 16 a lane, as they lie in
// memory: lane l has piece l % 4 of the line of output l / 4 % 4, for the first (l < 16) or the second
// of two neighbouring lines. UNROLL steps are under way, so that a lane waits for 64 bytes at once.
// With more rows a warp has more groups, because x would else be read from L1 more often than the
// time of the weights allows.
//
// A block has 8 warps. `split` of them, a power of two, share groups: step s of a group is done by
// warp s % split of these, so that few outputs still keep a GPU busy. The lanes of an output are
// summed by shuffles, then the warps in their order, then the bias: nothing is atomic, and the order
// is given by the shape. At 768 x 768 and one row there are 192 blocks, each with 6 KiB of BF16.
//
// To tune: UNROLL (bytes under way) and GROUPS here, ENOUGH_WARPS in CudaWeights.java.
#include "rows.cuh"

namespace weights {

constexpr int LINE = 64;
constexpr int OUTPUTS = 4;  // whose lines take turns: ROWS in WeightFormat.java
constexpr int WARPS = BLOCK / WARP;
constexpr int LINES_PER_STEP = 2;
constexpr int UNDER_WAY = 4;  // loads of 16 bytes per lane
constexpr int FOUR = 4;       // weights that are taken apart together

struct Bf16 {
  static constexpr int SIZE = 2;  // bytes of a weight
  static constexpr bool SCALED = false;

  static __device__ __forceinline__ void unpack(const u32* words, float, float (&w)[FOUR]) {
#pragma unroll
    for (int i = 0; i < FOUR; i += 2) {
      w[i] = __uint_as_float(words[i / 2] << 16);
      w[i + 1] = __uint_as_float(words[i / 2] & 0xffff0000u);
    }
  }
};

struct Int8 {
  static constexpr int SIZE = 1;
  static constexpr bool SCALED = true;

  // A byte as the last of the bits of 2^23 is that number more: a subtraction in place of a
  // conversion, of which a processor does fewer at a time.
  static __device__ __forceinline__ void unpack(const u32* words, float scale, float (&w)[FOUR]) {
    u32 biased = words[0] ^ 0x80808080u;
#pragma unroll
    for (int i = 0; i < FOUR; i++) {
      float q = __uint_as_float(__byte_perm(biased, 0x4b000000u, 0x7440 + i)) - (8388608.f + 128.f);
      w[i] = scale * q;
    }
  }
};

template <class Format>
constexpr int LINE_INPUTS = LINE / Format::SIZE;
template <class Format>
constexpr int WORDS = FOUR * Format::SIZE / 4;  // words of four weights

template <class Format>
__device__ __forceinline__ int linesOf(int in) {
  return (in + LINE_INPUTS<Format> - 1) / LINE_INPUTS<Format>;
}

// Where line `line` of output j lies among all lines.
__device__ __forceinline__ i64 lineIndex(int j, int line, int lines) {
  return (i64(j / OUTPUTS) * lines + line) * OUTPUTS + j % OUTPUTS;
}

// The first byte of the scales, which lie in the order of the lines.
__device__ __forceinline__ i64 scalesFrom(int out, int lines) {
  return i64((out + OUTPUTS - 1) / OUTPUTS) * OUTPUTS * lines * LINE;
}

// Elements from..from + 3 of a row of `in`, zeros behind its end.
template <bool ALIGNED>
__device__ __forceinline__ float4 fourOf(const float* row, int from, int in) {
  float4 v = make_float4(0, 0, 0, 0);
  if (ALIGNED) {
    if (from < in) v = *reinterpret_cast<const float4*>(row + from);
  } else {
    if (from < in) v.x = row[from];
    if (from + 1 < in) v.y = row[from + 1];
    if (from + 2 < in) v.z = row[from + 2];
    if (from + 3 < in) v.w = row[from + 3];
  }
  return v;
}

// What a warp does of its groups: sums of each lane's own inputs. Rows of x are ALIGNED to what a
// lane loads, or none is.
template <class Format, int ROWS, int GROUPS, bool ALIGNED>
__device__ __forceinline__ void sumUp(
    const float* __restrict__ x, const u8* __restrict__ packed, int rows, int out, int in, int split,
    int firstGroup, float (&sums)[GROUPS][ROWS]) {
  constexpr int UNROLL = UNDER_WAY / GROUPS;
  constexpr int PIECE = 16 / Format::SIZE;  // inputs of a lane in a step
  const int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP;
  const int lines = linesOf<Format>(in);
  const int groups = (out + OUTPUTS - 1) / OUTPUTS;
  const int steps = (lines + LINES_PER_STEP - 1) / LINES_PER_STEP;
  const int output = lane / 4 % OUTPUTS, second = lane / 16, piece = lane % 4;
  const float* scales = reinterpret_cast<const float*>(packed + scalesFrom(out, lines));
#pragma unroll
  for (int g = 0; g < GROUPS; g++) {
#pragma unroll
    for (int r = 0; r < ROWS; r++) sums[g][r] = 0;
  }
  for (int first = warp % split; first < steps; first += split * UNROLL) {
    Pack<u32> words[UNROLL][GROUPS];
    float scale[UNROLL][GROUPS];
#pragma unroll
    for (int u = 0; u < UNROLL; u++) {
      const int line = (first + u * split) * LINES_PER_STEP + second;
#pragma unroll
      for (int g = 0; g < GROUPS; g++) {
        words[u][g] = Pack<u32>{};
        scale[u][g] = 0;
        if (line < lines && firstGroup + g < groups) {
          const i64 index = lineIndex((firstGroup + g) * OUTPUTS + output, line, lines);
          words[u][g] = *reinterpret_cast<const Pack<u32>*>(packed + index * LINE + piece * 16);
          if (Format::SCALED) scale[u][g] = scales[index];
        }
      }
    }
#pragma unroll
    for (int u = 0; u < UNROLL; u++) {
      const int line = (first + u * split) * LINES_PER_STEP + second;
      const int from = line * LINE_INPUTS<Format> + piece * PIECE;
#pragma unroll
      for (int k = 0; k < PIECE; k += FOUR) {
        float w[GROUPS][FOUR];
#pragma unroll
        for (int g = 0; g < GROUPS; g++) {
          Format::unpack(words[u][g].at + k / FOUR * WORDS<Format>, scale[u][g], w[g]);
        }
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
          // A row that is not there repeats the last one, and is not written.
          const float4 v = fourOf<ALIGNED>(x + i64(min(r, rows - 1)) * in, from + k, in);
#pragma unroll
          for (int g = 0; g < GROUPS; g++) {
            sums[g][r] = fmaf(w[g][0], v.x, sums[g][r]);
            sums[g][r] = fmaf(w[g][1], v.y, sums[g][r]);
            sums[g][r] = fmaf(w[g][2], v.z, sums[g][r]);
            sums[g][r] = fmaf(w[g][3], v.w, sums[g][r]);
          }
        }
      }
    }
  }
}

template <class Format, int ROWS, int GROUPS>
__device__ __forceinline__ void linear(
    const float* __restrict__ x, const u8* __restrict__ packed, const float* __restrict__ bias,
    float* __restrict__ y, int rows, int out, int in, int split) {
  __shared__ float shares[WARPS][GROUPS * OUTPUTS][ROWS];
  const int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP;
  const int firstGroup = (blockIdx.x * (WARPS / split) + warp / split) * GROUPS;
  float sums[GROUPS][ROWS];
  if (in % FOUR == 0 && aligned(x)) {
    sumUp<Format, ROWS, GROUPS, true>(x, packed, rows, out, in, split, firstGroup, sums);
  } else {
    sumUp<Format, ROWS, GROUPS, false>(x, packed, rows, out, in, split, firstGroup, sums);
  }
#pragma unroll
  for (int g = 0; g < GROUPS; g++) {
#pragma unroll
    for (int r = 0; r < ROWS; r++) {
      float sum = sums[g][r];
      sum += __shfl_xor_sync(ALL_LANES, sum, 1);
      sum += __shfl_xor_sync(ALL_LANES, sum, 2);
      sum += __shfl_xor_sync(ALL_LANES, sum, 16);
      if (lane < 16 && lane % 4 == 0) shares[warp][g * OUTPUTS + lane / 4][r] = sum;
    }
  }
  __syncthreads();
  // The block's outputs lie one behind the other.
  const int each = GROUPS * OUTPUTS, count = WARPS / split * each;
  for (int i = threadIdx.x; i < count * ROWS; i += BLOCK) {
    const int j = blockIdx.x * count + i % count, r = i / count;
    if (j < out && r < rows) {
      float sum = 0;
      for (int part = 0; part < split; part++) {
        sum += shares[i % count / each * split + part][i % each][r];
      }
      y[i64(r) * out + j] = bias == nullptr ? sum : sum + bias[j];
    }
  }
}

// y[i] = W[ids[i]], or W[first + i] without ids; an id outside is left out.
template <class Format>
__device__ __forceinline__ void readRows(
    const u8* __restrict__ packed, const int* __restrict__ ids, int first, float* __restrict__ y,
    int rows, int out, int in) {
  struct alignas(4 * WORDS<Format>) Words {
    u32 at[WORDS<Format>];
  };
  const int lines = linesOf<Format>(in);
  const float* scales = reinterpret_cast<const float*>(packed + scalesFrom(out, lines));
  const bool vectors = in % FOUR == 0 && aligned(y);
  for (int row = firstRow(); row < rows; row += rowStep()) {
    const int j = ids == nullptr ? first + row : ids[row];
    if (u32(j) >= u32(out)) continue;
    float* to = y + i64(row) * in;
    for (int p = threadIdx.x * FOUR; p < in; p += blockDim.x * FOUR) {
      const i64 index = lineIndex(j, p / LINE_INPUTS<Format>, lines);
      const int byte = p % LINE_INPUTS<Format> * Format::SIZE;
      const Words words = *reinterpret_cast<const Words*>(packed + index * LINE + byte);
      float w[FOUR];
      Format::unpack(words.at, Format::SCALED ? scales[index] : 0, w);
      if (vectors) {
        *reinterpret_cast<float4*>(to + p) = make_float4(w[0], w[1], w[2], w[3]);
      } else {
#pragma unroll
        for (int k = 0; k < FOUR; k++) {
          if (p + k < in) to[p + k] = w[k];
        }
      }
    }
  }
}

// To nearest even; a NaN keeps what it carries, as PackedLines has it.
__device__ __forceinline__ u32 bf16Bits(float x) {
  return x == x ? toBf16(x).bits : __float_as_uint(x) >> 16 | 0x40;
}

// The nearest multiple of the scale, in double as PackedLines has it: a quotient in float may be
// rounded to a half that it is not.
__device__ __forceinline__ u32 int8Bits(float x, float scale) {
  if (scale == 0) return 0;
  double q = rint(double(x) / scale);
  return u8(int(fmin(fmax(q, -127.0), 127.0)));
}

// A warp has a line, two bytes a lane. The warps of a block have neighbouring outputs, which lie side
// by side where a matrix does not lie by outputs.
template <class Format>
__device__ __forceinline__ void pack(
    const float* __restrict__ weight, bool outputFirst, u8* __restrict__ packed, int out, int in) {
  constexpr int OWN = 2 / Format::SIZE;
  const int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP;
  const int lines = linesOf<Format>(in);
  const int present = (out + OUTPUTS - 1) / OUTPUTS * OUTPUTS;
  const i64 units = i64((present + WARPS - 1) / WARPS) * lines;
  for (i64 unit = blockIdx.x; unit < units; unit += gridDim.x) {
    const int line = int(unit % lines);
    const int j = int(unit / lines) * WARPS + warp;
    if (j >= present) continue;
    float w[OWN];
#pragma unroll
    for (int k = 0; k < OWN; k++) {
      const int p = line * LINE_INPUTS<Format> + lane * OWN + k;
      w[k] = j < out && p < in ? weight[outputFirst ? i64(j) * in + p : i64(p) * out + j] : 0.f;
    }
    const i64 index = lineIndex(j, line, lines);
    u32 bits = 0;
    if (Format::SCALED) {
      // As bits, magnitudes are ordered like numbers, with infinity and then NaN on top.
      u32 most = 0;
#pragma unroll
      for (int k = 0; k < OWN; k++) most = max(most, __float_as_uint(fabsf(w[k])));
#pragma unroll
      for (int lanes = WARP / 2; lanes > 0; lanes /= 2) {
        most = max(most, __shfl_xor_sync(ALL_LANES, most, lanes));
      }
      const float scale = __uint_as_float(most) / 127;
      if (lane == 0) reinterpret_cast<float*>(packed + scalesFrom(out, lines))[index] = scale;
#pragma unroll
      for (int k = 0; k < OWN; k++) bits |= int8Bits(w[k], scale) << 8 * k;
    } else {
      bits = bf16Bits(w[0]);
    }
    reinterpret_cast<unsigned short*>(packed + index * LINE)[lane] = (unsigned short)bits;
  }
}

}  // namespace weights

#define LINEAR(Format, suffix, ROWS, GROUPS)                                                   \
  extern "C" __global__ void __launch_bounds__(BLOCK) weightsLinear##ROWS##_##suffix(          \
      const float* x, const u8* packed, const float* bias, float* y, int rows, int out,        \
      int in, int split) {                                                                     \
    weights::linear<weights::Format, ROWS, GROUPS>(x, packed, bias, y, rows, out, in, split);  \
  }
#define ENTRY(Format, suffix)                                                                  \
  LINEAR(Format, suffix, 1, 1)                                                                 \
  LINEAR(Format, suffix, 2, 2)                                                                 \
  LINEAR(Format, suffix, 4, 4)                                                                 \
  LINEAR(Format, suffix, 8, 4)                                                                 \
  extern "C" __global__ void __launch_bounds__(ROW_THREADS) weightsRows_##suffix(              \
      const u8* packed, const int* ids, int first, float* y, int rows, int out, int in) {      \
    weights::readRows<weights::Format>(packed, ids, first, y, rows, out, in);                  \
  }                                                                                            \
  extern "C" __global__ void __launch_bounds__(BLOCK) weightsPack_##suffix(                    \
      const float* weight, int outputFirst, u8* packed, int out, int in) {                     \
    weights::pack<weights::Format>(weight, outputFirst != 0, packed, out, in);                 \
  }
ENTRY(Bf16, bf16)
ENTRY(Int8, int8)
#undef ENTRY
#undef LINEAR

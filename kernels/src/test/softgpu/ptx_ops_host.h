// The host bodies of ptx_ops.cuh. Fragments of a matrix lie in the lanes as the PTX manual says in
// "Matrix Fragments for mma.m16n8k16" and "mma.m16n8k8"; g is lane / 4, t is lane % 4 there.
#pragma once

inline float toFloat(f16 x) {
  _Float16 y;
  memcpy(&y, &x, sizeof y);
  return float(y);
}
inline f16 toF16(float x) { return {softgpuBits<unsigned short>(_Float16(x))}; }

// To nearest, ties to even; a NaN stays one.
inline bf16 toBf16(float x) {
  unsigned bits = softgpuBits<unsigned>(x);
  if (x != x) return {0x7fff};
  return {(unsigned short)((bits + 0x7fff + (bits >> 16 & 1)) >> 16)};
}

inline unsigned pack_f16(float low, float high) {
  return unsigned(toF16(high).bits) << 16 | toF16(low).bits;
}
inline unsigned pack_bf16(float low, float high) {
  return unsigned(toBf16(high).bits) << 16 | toBf16(low).bits;
}

// 2^x; a result below the least normal number becomes 0, as ex2.approx.ftz.
inline float exp2_approx(float x) {
  float y = exp2f(x);
  return y < 0x1p-126f ? 0.0f : y;
}

// What all lanes brought to an operation of the whole warp. Each waits at the end too: the
// fragments lie on the lanes' stacks.
template <class T>
class SoftgpuLanes {
 public:
  SoftgpuLanes(const T& mine, const softgpu::Place& place) : place(place) {
    memcpy(lanes, softgpuExchange(SOFTGPU_ALL_LANES, uint64_t(uintptr_t(&mine)), place).values,
           sizeof lanes);
  }
  ~SoftgpuLanes() { softgpuExchange(SOFTGPU_ALL_LANES, 0, place); }
  const T& operator[](int lane) const { return *reinterpret_cast<const T*>(lanes[lane]); }

 private:
  const softgpu::Place& place;
  uint64_t lanes[warpSize];
};

inline float softgpuHalfOf(unsigned pair, int which, f16) {
  return toFloat(f16{(unsigned short)(pair >> 16 * which)});
}
inline float softgpuHalfOf(unsigned pair, int which, bf16) {
  return softgpuBits<float>(which ? pair & 0xffff0000u : pair << 16);
}

// d[16 x 8] += a[16 x K] b[K x 8]; elementA(fragments of a lane, row, column) and so on pick from
// the lane that holds an element.
template <int K, class Fragments, class A, class B>
inline void softgpuMma(float d[4], const SoftgpuLanes<Fragments>& lanes, A elementA, B elementB) {
  int g = int(softgpuLane()) / 4, t = int(softgpuLane()) % 4;
  for (int i = 0; i < 4; i++) {
    int row = g + i / 2 * 8, column = t * 2 + i % 2;
    float sum = 0;
    for (int k = 0; k < K; k++) sum += elementA(lanes, row, k) * elementB(lanes, k, column);
    d[i] += sum;
  }
}

struct SoftgpuPairs {
  unsigned a[4], b[2];
};
template <class T>
inline void softgpuMma16(float d[4], const unsigned a[4], const unsigned b[2],
                         const softgpu::Place& place) {
  SoftgpuPairs mine{{a[0], a[1], a[2], a[3]}, {b[0], b[1]}};
  SoftgpuLanes<SoftgpuPairs> lanes(mine, place);
  softgpuMma<16>(
      d, lanes,
      [](auto& of, int row, int k) {
        return softgpuHalfOf(of[row % 8 * 4 + k % 8 / 2].a[row / 8 + k / 8 * 2], k % 2, T{});
      },
      [](auto& of, int k, int column) {
        return softgpuHalfOf(of[column * 4 + k % 8 / 2].b[k / 8], k % 2, T{});
      });
}
inline void mma_m16n8k16_f16(float d[4], const unsigned a[4], const unsigned b[2], SOFTGPU_CALLER) {
  softgpuMma16<f16>(d, a, b, {"mma_m16n8k16_f16", file, line});
}
inline void mma_m16n8k16_bf16(float d[4], const unsigned a[4], const unsigned b[2],
                              SOFTGPU_CALLER) {
  softgpuMma16<bf16>(d, a, b, {"mma_m16n8k16_bf16", file, line});
}

// The operands are floats of which the hardware reads 19 bits.
inline void mma_m16n8k8_tf32(float d[4], const unsigned a[4], const unsigned b[2], SOFTGPU_CALLER) {
  softgpu::Place place{"mma_m16n8k8_tf32", file, line};
  SoftgpuPairs mine{{a[0], a[1], a[2], a[3]}, {b[0], b[1]}};
  SoftgpuLanes<SoftgpuPairs> lanes(mine, place);
  auto tf32 = [](unsigned bits) { return softgpuBits<float>(bits & ~0x1fffu); };
  softgpuMma<8>(
      d, lanes,
      [=](auto& of, int row, int k) {
        return tf32(of[row % 8 * 4 + k % 4].a[row / 8 + k / 4 * 2]);
      },
      [=](auto& of, int k, int column) { return tf32(of[column * 4 + k % 4].b[k / 4]); });
}

// To nearest, ties away from zero, as cvt.rna.tf32.f32.
inline unsigned toTf32(float x) { return (softgpuBits<unsigned>(x) + 0x1000) & ~0x1fffu; }

struct alignas(16) SoftgpuRow {
  unsigned short at[8];
};

// Lanes 8i to 8i + 7 bring the rows of the i-th 8 x 8 matrix of 16-bit elements.
template <bool TRANSPOSED>
inline void softgpuLdmatrix(unsigned r[4], const void* shared, const softgpu::Place& place) {
  uint64_t rows[warpSize];
  memcpy(rows, softgpuExchange(SOFTGPU_ALL_LANES, uint64_t(uintptr_t(shared)), place).values,
         sizeof rows);
  int g = int(softgpuLane()) / 4, t = int(softgpuLane()) % 4;
  for (int i = 0; i < 4; i++) {
    unsigned short pair[2];
    for (int j = 0; j < 2; j++) {
      int row = TRANSPOSED ? t * 2 + j : g, column = TRANSPOSED ? g : t * 2 + j;
      pair[j] = reinterpret_cast<const SoftgpuRow*>(rows[i * 8 + row])->at[column];
    }
    r[i] = unsigned(pair[1]) << 16 | pair[0];
  }
  softgpuExchange(SOFTGPU_ALL_LANES, 0, place);
}
inline void ldmatrix_x4(unsigned r[4], const void* shared, SOFTGPU_CALLER) {
  softgpuLdmatrix<false>(r, shared, {"ldmatrix_x4", file, line});
}
inline void ldmatrix_x4_trans(unsigned r[4], const void* shared, SOFTGPU_CALLER) {
  softgpuLdmatrix<true>(r, shared, {"ldmatrix_x4_trans", file, line});
}

// Copies where the condition holds and writes zeros where not, without reading.
inline void cp_async16_zfill(void* shared, const void* global, bool condition) {
  softgpuCopyAsync(shared, global, 16, !condition);
}
inline void cp_async_commit() { softgpuCopyCommit(); }
template <int GROUPS_LEFT>
inline void cp_async_wait() {
  softgpuCopyWait(GROUPS_LEFT);
}

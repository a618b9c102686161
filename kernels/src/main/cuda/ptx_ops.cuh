// Every inline PTX instruction, behind a function. The software GPU of the tests compiles the same
// sources for the host and brings a second body of each; no other file contains assembly.
//
// Element types are ours, so that a kernel needs no header of the CUDA toolkit: NVRTC compiles the
// sources on a machine that has only a driver and its own library.
#pragma once

struct f16 { unsigned short bits; };   // IEEE 754 half precision
struct bf16 { unsigned short bits; };  // the upper half of a float

#ifdef GALEN_SOFTWARE_GPU
#include "ptx_ops_host.h"
#else

__device__ __forceinline__ float toFloat(f16 x) {
  float y;
  asm("cvt.f32.f16 %0, %1;" : "=f"(y) : "h"(x.bits));
  return y;
}

// Rounds to nearest, ties to even, as every conversion here.
__device__ __forceinline__ f16 toF16(float x) {
  f16 y;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(y.bits) : "f"(x));
  return y;
}

__device__ __forceinline__ bf16 toBf16(float x) {
  bf16 y;
  asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(y.bits) : "f"(x));
  return y;
}

// Two conversions at once; low comes first in memory.
__device__ __forceinline__ unsigned pack_f16(float low, float high) {
  unsigned y;
  asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(y) : "f"(high), "f"(low));
  return y;
}

__device__ __forceinline__ unsigned pack_bf16(float low, float high) {
  unsigned y;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(y) : "f"(high), "f"(low));
  return y;
}

// 2^x to about 2^-22 of itself; numbers below 2^-126 become 0.
__device__ __forceinline__ float exp2_approx(float x) {
  float y;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}

// The whole warp: d[16 x 8] += a[16 x 16] b[16 x 8]. With g = lane / 4 and t = lane % 4, a lane has
// d (g, 2t) (g, 2t+1) (g+8, 2t) (g+8, 2t+1); of a, pairs of columns (g, 2t) (g+8, 2t) (g, 2t+8)
// (g+8, 2t+8); of b, pairs of rows (2t, g) (2t+8, g).
__device__ __forceinline__ void mma_m16n8k16_f16(
    float d[4], const unsigned a[4], const unsigned b[2]) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 "
      "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

__device__ __forceinline__ void mma_m16n8k16_bf16(
    float d[4], const unsigned a[4], const unsigned b[2]) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
      "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// The whole warp: loads matrices of 8 rows of 16 bytes. Lane l names row l % 8 of matrix l / 8 and
// receives from each matrix the pair (g, 2t), transposed (2t, g).
__device__ __forceinline__ void ldmatrix_x4(unsigned r[4], const void* shared) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
               : "r"(unsigned(__cvta_generic_to_shared(shared)))
               : "memory");
}

__device__ __forceinline__ void ldmatrix_x4_trans(unsigned r[4], const void* shared) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
               : "r"(unsigned(__cvta_generic_to_shared(shared)))
               : "memory");
}

// Copies 16 aligned bytes in the background, or 16 zeros, and then global is not read. They are there
// when this thread has waited for their group, and for other threads after a barrier.
__device__ __forceinline__ void cp_async16_zfill(void* shared, const void* global, bool copy) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
               :
               : "r"(unsigned(__cvta_generic_to_shared(shared))), "l"(global), "r"(copy ? 16 : 0)
               : "memory");
}

// Closes the group of the copies this thread has begun.
__device__ __forceinline__ void cp_async_commit() {
  asm volatile("cp.async.commit_group;" ::: "memory");
}

// Waits until at most the N youngest groups of this thread are still under way.
template <int N>
__device__ __forceinline__ void cp_async_wait() {
  asm volatile("cp.async.wait_group %0;" ::"n"(N) : "memory");
}

// The block's dynamic shared memory, whose size the launch gives.
#define DYNAMIC_SHARED(T, name)                                    \
  extern __shared__ __align__(128) unsigned char dynamicShared[]; \
  T* name = reinterpret_cast<T*>(dynamicShared)

#endif

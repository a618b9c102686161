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

#endif

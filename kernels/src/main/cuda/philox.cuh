// Philox4x32-10 (Salmon et al. 2011), the words of dev.galen.tensor.random.Philox.
#pragma once
#include "galen.cuh"

// Added to every Philox counter: 0, except while a captured graph is replayed, whose kernels have
// the counters of its capture as arguments. Set by a kernel of its own, setCounterShift.
__device__ u64 counterShift;

struct Words {
  u32 at[4];
};

__device__ __forceinline__ Words philox(u64 seed, u64 counter) {
  u32 c0 = u32(counter), c1 = u32(counter >> 32), c2 = 0, c3 = 0;
  u32 k0 = u32(seed), k1 = u32(seed >> 32);
#pragma unroll
  for (int round = 0; round < 10; round++) {
    u64 p0 = u64(0xD2511F53u) * c0;
    u64 p1 = u64(0xCD9E8D57u) * c2;
    c0 = u32(p1 >> 32) ^ c1 ^ k0;
    c2 = u32(p0 >> 32) ^ c3 ^ k1;
    c1 = u32(p1);
    c3 = u32(p0);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}

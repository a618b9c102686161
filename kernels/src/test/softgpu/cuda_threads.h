// Barriers, warp operations, atomics and cached loads. Each that waits knows the line that calls
// it, so that a deadlock can be named.
#pragma once

#define SOFTGPU_CALLER int line = __builtin_LINE(), const char* file = __builtin_FILE()
constexpr unsigned SOFTGPU_ALL_LANES = 0xffffffffu;

inline void __syncthreads(SOFTGPU_CALLER) {
  softgpuBarrier(0, softgpu::Vote::COUNT, {"__syncthreads", file, line});
}
inline int __syncthreads_count(int value, SOFTGPU_CALLER) {
  return softgpuBarrier(value != 0, softgpu::Vote::COUNT, {"__syncthreads_count", file, line});
}
inline int __syncthreads_and(int value, SOFTGPU_CALLER) {
  return softgpuBarrier(value != 0, softgpu::Vote::AND, {"__syncthreads_and", file, line});
}
inline int __syncthreads_or(int value, SOFTGPU_CALLER) {
  return softgpuBarrier(value != 0, softgpu::Vote::OR, {"__syncthreads_or", file, line});
}
inline void __syncwarp(unsigned mask = SOFTGPU_ALL_LANES, SOFTGPU_CALLER) {
  softgpuExchange(mask, 0, {"__syncwarp", file, line});
}
inline unsigned __activemask() { return softgpuLiveLanes(); }
inline unsigned softgpuLane() { return softgpuThread->linear % warpSize; }

template <class T>
inline T softgpuShuffle(unsigned mask, T value, unsigned from, const softgpu::Place& place) {
  static_assert(sizeof(T) <= sizeof(uint64_t));
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof value);
  bits = softgpuExchange(mask, bits, place).values[from % warpSize];
  memcpy(&value, &bits, sizeof value);
  return value;
}
template <class T>
inline T __shfl_sync(unsigned mask, T value, int from, int width = warpSize, SOFTGPU_CALLER) {
  unsigned segment = softgpuLane() & ~unsigned(width - 1);
  return softgpuShuffle(mask, value, segment | (from & (width - 1)), {"__shfl_sync", file, line});
}
template <class T>
inline T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = warpSize, SOFTGPU_CALLER) {
  unsigned lane = softgpuLane(), from = lane ^ unsigned(lanes);
  bool inside = (from & ~unsigned(width - 1)) <= (lane & ~unsigned(width - 1));
  return softgpuShuffle(mask, value, inside ? from : lane, {"__shfl_xor_sync", file, line});
}
template <class T>
inline T __shfl_down_sync(unsigned mask, T value, unsigned lanes, int width = warpSize,
                          SOFTGPU_CALLER) {
  unsigned lane = softgpuLane();
  bool inside = (lane & unsigned(width - 1)) + lanes < unsigned(width);
  return softgpuShuffle(mask, value, inside ? lane + lanes : lane,
                        {"__shfl_down_sync", file, line});
}
template <class T>
inline T __shfl_up_sync(unsigned mask, T value, unsigned lanes, int width = warpSize,
                        SOFTGPU_CALLER) {
  unsigned lane = softgpuLane();
  bool inside = (lane & unsigned(width - 1)) >= lanes;
  return softgpuShuffle(mask, value, inside ? lane - lanes : lane, {"__shfl_up_sync", file, line});
}

// Combines the values of the mask's lanes that have not returned, in ascending order.
template <class T, class Combine>
inline T softgpuReduce(unsigned mask, T value, T start, Combine combine,
                       const softgpu::Place& place) {
  softgpu::Exchanged all = softgpuExchange(mask, uint64_t(value), place);
  for (int lane = 0; lane < warpSize; lane++) {
    if (all.lanes >> lane & 1) start = combine(start, T(all.values[lane]), lane);
  }
  return start;
}
inline unsigned __ballot_sync(unsigned mask, int value, SOFTGPU_CALLER) {
  auto join = [](unsigned bits, unsigned bit, int lane) { return bits | bit << lane; };
  return softgpuReduce(mask, unsigned(value != 0), 0u, join, {"__ballot_sync", file, line});
}
inline int __any_sync(unsigned mask, int value, SOFTGPU_CALLER) {
  auto join = [](int any, int one, int) { return any | one; };
  return softgpuReduce(mask, int(value != 0), 0, join, {"__any_sync", file, line});
}
inline int __all_sync(unsigned mask, int value, SOFTGPU_CALLER) {
  auto join = [](int all, int one, int) { return all & one; };
  return softgpuReduce(mask, int(value != 0), 1, join, {"__all_sync", file, line});
}
template <class T>
inline unsigned __match_any_sync(unsigned mask, T value, SOFTGPU_CALLER) {
  uint64_t mine = 0;
  memcpy(&mine, &value, sizeof value);
  auto join = [mine](uint64_t same, uint64_t one, int lane) {
    return one == mine ? same | 1u << lane : same;
  };
  return unsigned(softgpuReduce(mask, mine, uint64_t(0), join, {"__match_any_sync", file, line}));
}
template <class T>
inline T __reduce_add_sync(unsigned mask, T value, SOFTGPU_CALLER) {
  auto join = [](T sum, T one, int) { return sum + one; };
  return softgpuReduce(mask, value, T(0), join, {"__reduce_add_sync", file, line});
}
template <class T>
inline T __reduce_max_sync(unsigned mask, T value, SOFTGPU_CALLER) {
  auto join = [](T most, T one, int) { return most > one ? most : one; };
  return softgpuReduce(mask, value, value, join, {"__reduce_max_sync", file, line});
}
template <class T>
inline T __reduce_min_sync(unsigned mask, T value, SOFTGPU_CALLER) {
  auto join = [](T least, T one, int) { return least < one ? least : one; };
  return softgpuReduce(mask, value, value, join, {"__reduce_min_sync", file, line});
}
template <class T>
inline T __reduce_or_sync(unsigned mask, T value, SOFTGPU_CALLER) {
  auto join = [](T bits, T one, int) { return bits | one; };
  return softgpuReduce(mask, value, T(0), join, {"__reduce_or_sync", file, line});
}

// Integers only: a sum of floats by atomics depends on the order of threads.
template <class T>
using SoftgpuInteger = std::enable_if_t<std::is_integral_v<T>, T>;
template <class T>
using SoftgpuSame = typename std::common_type<T>::type;  // deduced from the pointer alone

template <class T>
inline SoftgpuInteger<T> atomicAdd(T* at, SoftgpuSame<T> value) {
  return __atomic_fetch_add(at, value, __ATOMIC_RELAXED);
}
template <class T>
inline SoftgpuInteger<T> atomicSub(T* at, SoftgpuSame<T> value) {
  return __atomic_fetch_sub(at, value, __ATOMIC_RELAXED);
}
template <class T>
inline SoftgpuInteger<T> atomicOr(T* at, SoftgpuSame<T> value) {
  return __atomic_fetch_or(at, value, __ATOMIC_RELAXED);
}
template <class T>
inline SoftgpuInteger<T> atomicAnd(T* at, SoftgpuSame<T> value) {
  return __atomic_fetch_and(at, value, __ATOMIC_RELAXED);
}
template <class T>
inline SoftgpuInteger<T> atomicXor(T* at, SoftgpuSame<T> value) {
  return __atomic_fetch_xor(at, value, __ATOMIC_RELAXED);
}
template <class T>
inline SoftgpuInteger<T> atomicExch(T* at, SoftgpuSame<T> value) {
  return __atomic_exchange_n(at, value, __ATOMIC_RELAXED);
}
template <class T>
inline SoftgpuInteger<T> atomicCAS(T* at, SoftgpuSame<T> expected, SoftgpuSame<T> value) {
  __atomic_compare_exchange_n(at, &expected, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
  return expected;
}
template <class T>
inline SoftgpuInteger<T> atomicMax(T* at, SoftgpuSame<T> value) {
  T old = __atomic_load_n(at, __ATOMIC_RELAXED);
  while (old < value && !__atomic_compare_exchange_n(at, &old, value, true, __ATOMIC_RELAXED,
                                                     __ATOMIC_RELAXED)) {
  }
  return old;
}
template <class T>
inline SoftgpuInteger<T> atomicMin(T* at, SoftgpuSame<T> value) {
  T old = __atomic_load_n(at, __ATOMIC_RELAXED);
  while (old > value && !__atomic_compare_exchange_n(at, &old, value, true, __ATOMIC_RELAXED,
                                                     __ATOMIC_RELAXED)) {
  }
  return old;
}
inline unsigned atomicInc(unsigned* at, unsigned limit) {
  unsigned old = __atomic_load_n(at, __ATOMIC_RELAXED);
  while (!__atomic_compare_exchange_n(at, &old, old >= limit ? 0 : old + 1, true, __ATOMIC_RELAXED,
                                      __ATOMIC_RELAXED)) {
  }
  return old;
}

inline void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
inline void __threadfence_block() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

template <class T>
inline T __ldg(const T* from) { return *from; }
template <class T>
inline T __ldcs(const T* from) { return *from; }
template <class T>
inline T __ldcg(const T* from) { return *from; }
template <class T>
inline T __ldca(const T* from) { return *from; }
template <class T>
inline void __stcs(T* to, T value) { *to = value; }
template <class T>
inline void __stcg(T* to, T value) { *to = value; }
template <class T>
inline void __stwt(T* to, T value) { *to = value; }

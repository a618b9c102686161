// OS threads that run blocks, and pieces of a matrix product.
#pragma once
#include <functional>

#include "block.h"

namespace softgpu {

// Calls body(runner, i) for every i < count and returns when all have returned.
void parallel(uint64_t count, const std::function<void(BlockRunner&, uint64_t)>& body);

Fault runKernel(const Kernel* kernel, void** parameters, dim3 grid, dim3 block,
                unsigned dynamicShared);

void setSeed(uint64_t seed);
// The next number of the sequence that setSeed began; 0 always where the seed is 0.
uint64_t nextRandom();

}  // namespace softgpu

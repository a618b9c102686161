// What the cuBLAS stand-in uses of the driver.
#pragma once
#include <cstdint>
#include <functional>

#include "faults.h"

extern "C" {
// Queues work on a stream of the current context; a CUDA error code.
__attribute__((visibility("default"))) int softgpuSubmit(
    void* stream, const std::function<softgpu::Fault()>& work);
// Calls body for every i below count on the device's OS threads.
__attribute__((visibility("default"))) void softgpuParallel(
    uint64_t count, const std::function<void(uint64_t)>& body);
// Empty when the range lies in one allocation that the device can touch, or what is wrong.
__attribute__((visibility("default"))) void softgpuCheckRange(
    const void* begin, uint64_t bytes, std::string* wrong);
// Prints a fault and keeps it for softgpuLastReport.
__attribute__((visibility("default"))) void softgpuReport(const char* text);
}

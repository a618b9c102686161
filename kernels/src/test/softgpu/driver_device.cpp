// Devices, contexts and error texts.
#include <cstdio>
#include <cstring>
#include <unordered_set>

#include "block.h"
#include "driver.h"
#include "workers.h"

using namespace softgpu;

namespace {

constexpr int DRIVER_VERSION = 13000;
const char* const NAME = "Galen software GPU";

bool inited = false;
Context* primary = nullptr;
int primaryRetained = 0;
std::unordered_set<Context*> contexts;
thread_local std::vector<Context*> stack;

Context* makeContext(bool isPrimary) {
  auto* context = new Context;
  context->primary = isPrimary;
  context->legacy = {context, true, 0, 0, 0};
  contexts.insert(context);
  return context;
}

// The context stays in memory: other threads may still name it, and are told that it ended.
void destroyContext(Context* context) {
  waitForAll(context);
  context->sticky = CONTEXT_IS_DESTROYED;
  context->pending.clear();
  for (Stream* stream : context->streams) delete stream;
  context->streams.clear();
  for (Module* module : context->modules) unload(module);
  context->modules.clear();
  Memory::device().releaseAll(context);
  contexts.erase(context);
  for (auto at = stack.begin(); at != stack.end();) {
    at = *at == context ? stack.erase(at) : at + 1;
  }
}

struct Text {
  int code;
  const char *name, *text;
};

constexpr Text TEXTS[] = {
    {SUCCESS, "CUDA_SUCCESS", "no error"},
    {INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {NO_BINARY_FOR_GPU, "CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image for this device"},
    {FILE_NOT_FOUND, "CUDA_ERROR_FILE_NOT_FOUND", "file not found"},
    {INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {NOT_READY, "CUDA_ERROR_NOT_READY", "device not ready"},
    {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access"},
    {LAUNCH_TIMEOUT, "CUDA_ERROR_LAUNCH_TIMEOUT", "the launch never ends"},
    {CONTEXT_IS_DESTROYED, "CUDA_ERROR_CONTEXT_IS_DESTROYED", "context is destroyed"},
    {ASSERT, "CUDA_ERROR_ASSERT", "device-side assert triggered"},
    {MISALIGNED_ADDRESS, "CUDA_ERROR_MISALIGNED_ADDRESS", "misaligned address"},
    {LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {NOT_SUPPORTED, "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
    {CAPTURE_UNSUPPORTED, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "not permitted in a capture"},
    {CAPTURE_INVALIDATED, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED", "the capture was invalidated"},
    {CAPTURE_UNMATCHED, "CUDA_ERROR_STREAM_CAPTURE_UNMATCHED", "not the capture's first stream"},
    {CAPTURE_UNJOINED, "CUDA_ERROR_STREAM_CAPTURE_UNJOINED", "a forked stream was not joined"},
    {CAPTURE_ISOLATION, "CUDA_ERROR_STREAM_CAPTURE_ISOLATION", "work of outside the capture"},
    {CAPTURE_IMPLICIT, "CUDA_ERROR_STREAM_CAPTURE_IMPLICIT", "implies the legacy stream"},
    {CAPTURED_EVENT, "CUDA_ERROR_CAPTURED_EVENT", "the event belongs to a capture"},
    {CAPTURE_WRONG_THREAD, "CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD", "not the capture's thread"},
};

const Text* textOf(int code) {
  for (const Text& text : TEXTS) {
    if (text.code == code) return &text;
  }
  return nullptr;
}

int attribute(int which) {
  enum {
    MAX_THREADS_PER_BLOCK = 1,
    MAX_BLOCK_X, MAX_BLOCK_Y, MAX_BLOCK_Z, MAX_GRID_X, MAX_GRID_Y, MAX_GRID_Z,
    MAX_SHARED_PER_BLOCK,
    CONSTANT_MEMORY,
    WARP,
    REGISTERS_PER_BLOCK = 12,
    CLOCK_KHZ,
    MULTIPROCESSOR_COUNT = 16,
    CONCURRENT_KERNELS = 31,
    MEMORY_CLOCK_KHZ = 36,
    BUS_BITS,
    L2_BYTES,
    MAX_THREADS_PER_MULTIPROCESSOR,
    ASYNC_ENGINES,
    UNIFIED_ADDRESSING,
    MAJOR = 75,
    MINOR,
    SHARED_PER_MULTIPROCESSOR = 81,
    REGISTERS_PER_MULTIPROCESSOR,
    MAX_SHARED_OPTIN = 97,
    MEMORY_POOLS = 115
  };
  switch (which) {
    case MAX_THREADS_PER_BLOCK: case MAX_BLOCK_X: case MAX_BLOCK_Y: return MAX_THREADS;
    case MAX_BLOCK_Z: return 64;
    case MAX_GRID_X: return 0x7fffffff;
    case MAX_GRID_Y: case MAX_GRID_Z: return 65535;
    case MAX_SHARED_PER_BLOCK: return DEFAULT_SHARED;
    case CONSTANT_MEMORY: return 65536;
    case WARP: return WARP_SIZE;
    case REGISTERS_PER_BLOCK: case REGISTERS_PER_MULTIPROCESSOR: return 65536;
    case CLOCK_KHZ: case MEMORY_CLOCK_KHZ: return 1000000;
    case MULTIPROCESSOR_COUNT: return MULTIPROCESSORS;
    case BUS_BITS: return 64;
    case L2_BYTES: return 4 << 20;
    case MAX_THREADS_PER_MULTIPROCESSOR: return 1536;
    case CONCURRENT_KERNELS: case ASYNC_ENGINES: case UNIFIED_ADDRESSING: case MEMORY_POOLS:
      return 1;
    case MAJOR: return ARCHITECTURE_MAJOR;
    case MINOR: return ARCHITECTURE_MINOR;
    case SHARED_PER_MULTIPROCESSOR: return 100 * 1024;
    case MAX_SHARED_OPTIN: return MAX_SHARED;
    default: return 0;
  }
}

}  // namespace

bool softgpu::initialized() { return inited; }

Context* softgpu::currentContext() { return stack.empty() ? nullptr : stack.back(); }

API cuInit(unsigned) {
  std::lock_guard<std::recursive_mutex> guard(driverLock());
  installSignalHandlers();
  inited = true;
  return SUCCESS;
}

API cuDriverGetVersion(int* version) {
  *version = DRIVER_VERSION;
  return SUCCESS;
}

API cuDeviceGetCount(int* count) {
  *count = 1;
  return inited ? SUCCESS : NOT_INITIALIZED;
}

API cuDeviceGet(int* device, int ordinal) {
  *device = 0;
  return !inited ? NOT_INITIALIZED : ordinal ? INVALID_DEVICE : SUCCESS;
}

API cuDeviceGetName(char* name, int length, int) {
  snprintf(name, length, "%s", NAME);
  return SUCCESS;
}

API cuDeviceGetUuid(char* uuid, int) {
  memcpy(uuid, NAME, 16);
  return SUCCESS;
}

API cuDeviceGetPCIBusId(char* id, int length, int) {
  snprintf(id, length, "0000:00:00.0");
  return SUCCESS;
}

API cuDeviceTotalMem_v2(size_t* bytes, int) {
  *bytes = Memory::device().capacity();
  return SUCCESS;
}

API cuDeviceComputeCapability(int* major, int* minor, int) {
  *major = ARCHITECTURE_MAJOR;
  *minor = ARCHITECTURE_MINOR;
  return SUCCESS;
}

API cuDeviceGetAttribute(int* value, int which, int) {
  *value = attribute(which);
  return SUCCESS;
}

API cuDeviceCanAccessPeer(int* can, int, int) {
  *can = 0;
  return SUCCESS;
}

API cuDevicePrimaryCtxRetain(Context** context, int) {
  std::lock_guard<std::recursive_mutex> guard(driverLock());
  if (!inited) return NOT_INITIALIZED;
  if (!primary) primary = makeContext(true);
  primaryRetained++;
  *context = primary;
  return SUCCESS;
}

API cuDevicePrimaryCtxReset_v2(int) {
  std::lock_guard<std::recursive_mutex> guard(driverLock());
  if (primary) destroyContext(primary);
  primary = nullptr;
  primaryRetained = 0;
  return SUCCESS;
}

API cuDevicePrimaryCtxRelease_v2(int device) {
  std::lock_guard<std::recursive_mutex> guard(driverLock());
  if (!primary) return INVALID_CONTEXT;
  return --primaryRetained ? SUCCESS : cuDevicePrimaryCtxReset_v2(device);
}

API cuDevicePrimaryCtxGetState(int, unsigned* flags, int* active) {
  *flags = 0;
  *active = primary != nullptr;
  return SUCCESS;
}

API cuDevicePrimaryCtxSetFlags_v2(int, unsigned) { return SUCCESS; }

API cuCtxCreate_v2(Context** context, unsigned, int) {
  std::lock_guard<std::recursive_mutex> guard(driverLock());
  if (!inited) return NOT_INITIALIZED;
  *context = makeContext(false);
  stack.push_back(*context);
  return SUCCESS;
}

API cuCtxDestroy_v2(Context* context) {
  std::lock_guard<std::recursive_mutex> guard(driverLock());
  if (!contexts.count(context)) return INVALID_CONTEXT;
  destroyContext(context);
  return SUCCESS;
}

API cuCtxSetCurrent(Context* context) {
  std::lock_guard<std::recursive_mutex> guard(driverLock());
  if (context && !contexts.count(context)) return INVALID_CONTEXT;
  if (!stack.empty()) stack.pop_back();
  if (context) stack.push_back(context);
  return SUCCESS;
}

API cuCtxPushCurrent_v2(Context* context) {
  std::lock_guard<std::recursive_mutex> guard(driverLock());
  if (!contexts.count(context)) return INVALID_CONTEXT;
  stack.push_back(context);
  return SUCCESS;
}

API cuCtxPopCurrent_v2(Context** context) {
  if (stack.empty()) return INVALID_CONTEXT;
  if (context) *context = stack.back();
  stack.pop_back();
  return SUCCESS;
}

API cuCtxGetCurrent(Context** context) {
  *context = currentContext();
  return SUCCESS;
}

API cuCtxGetDevice(int* device) {
  *device = 0;
  return currentContext() ? SUCCESS : INVALID_CONTEXT;
}

API cuCtxGetApiVersion(Context*, unsigned* version) {
  *version = DRIVER_VERSION;
  return SUCCESS;
}

API cuCtxGetFlags(unsigned* flags) {
  *flags = 0;
  return SUCCESS;
}

API cuCtxGetStreamPriorityRange(int* least, int* greatest) {
  *least = 0;
  *greatest = -5;
  return SUCCESS;
}

API cuCtxSynchronize() {
  return enter([](Context& context) {
    if (int refusal = refuseWhileCapturing(&context)) return refusal;
    return waitForAll(&context);
  });
}

API cuGetErrorName(int code, const char** name) {
  const Text* text = textOf(code);
  *name = text ? text->name : nullptr;
  return text ? SUCCESS : INVALID_VALUE;
}

// What a driver would say, and what really happened.
API cuGetErrorString(int code, const char** string) {
  thread_local std::string full;
  const Text* text = textOf(code);
  if (text) {
    std::string latest = code ? lastReport() : "";
    full = latest.empty() ? text->text : std::string(text->text) + ": " + latest;
  }
  *string = text ? full.c_str() : nullptr;
  return text ? SUCCESS : INVALID_VALUE;
}

// For tests: the order of threads, blocks and streams follows from the seed; 0 is ascending.
extern "C" __attribute__((visibility("default"))) void softgpuSeed(unsigned long long seed) {
  std::lock_guard<std::recursive_mutex> guard(driverLock());
  setSeed(seed);
}

// For tests of a full device; 0 gives back what it had at first.
extern "C" __attribute__((visibility("default"))) void softgpuCapacity(size_t bytes) {
  Memory::device().setCapacity(bytes);
}

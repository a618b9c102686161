// Allocations, copies and fills.
#include <algorithm>
#include <cstring>

#include "driver.h"

using namespace softgpu;

namespace {

Memory& memory() { return Memory::device(); }

int allocate(size_t bytes, Kind kind, uintptr_t* address) {
  return enter([&](Context& context) {
    if (int refusal = refuseWhileCapturing(&context)) return refusal;
    if (!bytes) return report({INVALID_VALUE, "an allocation of 0 bytes"});
    *address = memory().reserve(bytes, kind, &context);
    if (!*address) {
      waitForAll(&context);  // frees that streams have not come to yet
      *address = memory().reserve(bytes, kind, &context);
    }
    if (!*address) return OUT_OF_MEMORY;
    memory().open(*address);
    return SUCCESS;
  });
}

int release(uintptr_t address) {
  return enter([&](Context& context) {
    if (!address) return SUCCESS;
    if (int refusal = refuseWhileCapturing(&context)) return refusal;
    if (int result = waitForAll(&context)) return result;
    if (memory().release(address)) return SUCCESS;
    return report({INVALID_VALUE, format("freed: 0x%zx, %s", size_t(address),
                                         memory().describe(address).c_str())});
  });
}

Fault outside(const char* what, uintptr_t address, size_t bytes) {
  return {INVALID_VALUE, format("%s %zu bytes at 0x%zx: the range begins at %s", what, bytes,
                                size_t(address), memory().describe(address).c_str())};
}

// A range of bytes, at an address of the device or, where host is set, of pageable memory.
struct Range {
  uintptr_t address;
  bool host;

  static Range device(DevicePointer address) { return {uintptr_t(address), false}; }
  static Range hostMemory(const void* address) {
    return {uintptr_t(address), !memory().pinned(uintptr_t(address))};
  }
  static Range any(DevicePointer address) {
    return memory().owns(address) ? device(address)
                                  : hostMemory(reinterpret_cast<const void*>(address));
  }
  bool reachable(size_t bytes, bool open) const {
    return host || memory().contains(address, bytes, open);
  }
};

enum class Blocking { NO, YES };

int copy(StreamHandle handle, Range to, Range from, size_t bytes, Blocking blocking) {
  return enterStream(handle, [&](Context& context, Stream* stream) {
    if (blocking == Blocking::YES) {
      if (int refusal = refuseWhileCapturing(&context)) return refusal;
    }
    if (!bytes) return SUCCESS;
    if (!to.reachable(bytes, false)) return report(outside("copies to", to.address, bytes));
    if (!from.reachable(bytes, false)) return report(outside("copies from", from.address, bytes));
    // Pageable memory is staged: it may change as soon as this call is back, although the device
    // has not got the bytes yet. A captured copy reads it at every launch instead.
    std::shared_ptr<std::vector<unsigned char>> staged;
    if (from.host && !stream->capture) {
      auto* bytesOfHost = reinterpret_cast<const unsigned char*>(from.address);
      staged = std::make_shared<std::vector<unsigned char>>(bytesOfHost, bytesOfHost + bytes);
    }
    int result = submit(stream, [to, from, bytes, staged]() -> Fault {
      if (!to.reachable(bytes, true)) return outside("copies to", to.address, bytes);
      if (!from.reachable(bytes, true)) return outside("copies from", from.address, bytes);
      memmove(reinterpret_cast<void*>(to.address),
              staged ? staged->data() : reinterpret_cast<const void*>(from.address), bytes);
      return {};
    });
    if (result || stream->capture) return result;
    bool deviceOnly = !to.host && !memory().pinned(to.address) && !from.host &&
                      !memory().pinned(from.address);
    bool waits = to.host || (blocking == Blocking::YES && !staged && !deviceOnly);
    return waits ? waitFor(&context, stream->last) : SUCCESS;
  });
}

template <class T>
int fill(StreamHandle handle, DevicePointer to, size_t pitch, T value, size_t width,
         size_t height) {
  return enterStream(handle, [&](Context&, Stream* stream) {
    if (!width || !height) return SUCCESS;
    if (to % sizeof(T)) {
      return report({INVALID_VALUE, format("a fill of %zu-byte words at 0x%llx is misaligned",
                                           sizeof(T), to)});
    }
    size_t bytes = (height - 1) * pitch + width * sizeof(T);
    if (!memory().contains(to, bytes)) return report(outside("fills", to, bytes));
    return submit(stream, [=]() -> Fault {
      if (!memory().contains(to, bytes, true)) return outside("fills", to, bytes);
      for (size_t y = 0; y < height; y++) {
        std::fill_n(reinterpret_cast<T*>(to + y * pitch), width, value);
      }
      return {};
    });
  });
}

template <class T>
int fill(StreamHandle handle, DevicePointer to, T value, size_t count) {
  return fill(handle, to, 0, value, count, 1);
}

// As CUDA_MEMCPY2D.
struct Copy2D {
  struct Side {
    size_t x, y;
    int type;
    const void* host;
    DevicePointer device;
    void* array;
    size_t pitch;

    Range row(size_t index) const {
      enum { HOST = 1, DEVICE = 2, UNIFIED = 4 };
      size_t offset = (y + index) * pitch + x;
      if (type == HOST) return Range::hostMemory(static_cast<const char*>(host) + offset);
      return type == UNIFIED ? Range::any(device + offset) : Range::device(device + offset);
    }
  } from, to;
  size_t width, height;
};

int copy2D(StreamHandle stream, const Copy2D* what, Blocking blocking) {
  for (size_t y = 0; y < what->height; y++) {
    int result = copy(stream, what->to.row(y), what->from.row(y), what->width, blocking);
    if (result) return result;
  }
  return SUCCESS;
}

}  // namespace

API cuMemAlloc_v2(DevicePointer* pointer, size_t bytes) {
  uintptr_t address = 0;
  int result = allocate(bytes, Kind::DEVICE, &address);
  *pointer = address;
  return result;
}

API cuMemAllocManaged(DevicePointer* pointer, size_t bytes, unsigned) {
  return cuMemAlloc_v2(pointer, bytes);
}

API cuMemAllocPitch_v2(DevicePointer* pointer, size_t* pitch, size_t width, size_t height,
                       unsigned) {
  constexpr size_t UNIT = 512;
  *pitch = (width + UNIT - 1) / UNIT * UNIT;
  return cuMemAlloc_v2(pointer, *pitch * height);
}

API cuMemFree_v2(DevicePointer pointer) { return release(pointer); }

API cuMemHostAlloc(void** pointer, size_t bytes, unsigned) {
  uintptr_t address = 0;
  int result = allocate(bytes, Kind::HOST, &address);
  *pointer = reinterpret_cast<void*>(address);
  return result;
}

API cuMemAllocHost_v2(void** pointer, size_t bytes) { return cuMemHostAlloc(pointer, bytes, 0); }

API cuMemFreeHost(void* pointer) { return release(uintptr_t(pointer)); }

API cuMemHostGetDevicePointer_v2(DevicePointer* device, void* host, unsigned) {
  *device = DevicePointer(uintptr_t(host));
  return memory().pinned(*device) ? SUCCESS : INVALID_VALUE;
}

API cuMemHostRegister_v2(void* pointer, size_t bytes, unsigned) {
  memory().addExternal(uintptr_t(pointer), bytes, true);
  return SUCCESS;
}

API cuMemHostUnregister(void* pointer) {
  return enter([&](Context& context) {
    waitForAll(&context);
    return memory().removeExternal(uintptr_t(pointer)) ? SUCCESS : INVALID_VALUE;
  });
}

// The addresses are known at once, but only what comes later on the stream may touch them.
API cuMemAllocAsync(DevicePointer* pointer, size_t bytes, StreamHandle handle) {
  return enterStream(handle, [&](Context& context, Stream* stream) {
    if (stream->capture) return breakCapture(stream->capture, CAPTURE_UNSUPPORTED);
    if (!bytes) return report({INVALID_VALUE, "an allocation of 0 bytes"});
    uintptr_t address = memory().reserve(bytes, Kind::DEVICE, &context);
    if (!address) {
      waitForAll(&context);
      address = memory().reserve(bytes, Kind::DEVICE, &context);
    }
    if (!address) return OUT_OF_MEMORY;
    *pointer = address;
    return submit(stream, [address] {
      memory().open(address);
      return Fault{};
    });
  });
}

API cuMemAllocFromPoolAsync(DevicePointer* pointer, size_t bytes, void*, StreamHandle stream) {
  return cuMemAllocAsync(pointer, bytes, stream);
}

API cuMemFreeAsync(DevicePointer pointer, StreamHandle handle) {
  return enterStream(handle, [&](Context&, Stream* stream) {
    if (stream->capture) return breakCapture(stream->capture, CAPTURE_UNSUPPORTED);
    Allocation allocation;
    if (!memory().find(pointer, &allocation) || allocation.address != pointer) {
      return report({INVALID_VALUE, format("freed: 0x%llx, %s", pointer,
                                           memory().describe(pointer).c_str())});
    }
    return submit(stream, [pointer]() -> Fault {
      if (memory().release(pointer)) return {};
      return {INVALID_VALUE, format("0x%llx is freed twice", pointer)};
    });
  });
}

// One pool, which keeps nothing: what is freed can be touched no more.
API cuDeviceGetDefaultMemPool(void** pool, int) {
  static int only;
  *pool = &only;
  return SUCCESS;
}

API cuDeviceGetMemPool(void** pool, int device) { return cuDeviceGetDefaultMemPool(pool, device); }

API cuDeviceSetMemPool(int, void*) { return SUCCESS; }

API cuMemPoolCreate(void** pool, const void*) { return cuDeviceGetDefaultMemPool(pool, 0); }

API cuMemPoolDestroy(void*) { return SUCCESS; }

API cuMemPoolSetAttribute(void*, int, void*) { return SUCCESS; }

API cuMemPoolTrimTo(void*, size_t) { return SUCCESS; }

API cuMemGetInfo_v2(size_t* free, size_t* total) {
  return enter([&](Context&) {
    *total = memory().capacity();
    *free = *total - std::min(*total, memory().used());
    return SUCCESS;
  });
}

API cuMemGetAddressRange_v2(DevicePointer* base, size_t* bytes, DevicePointer pointer) {
  Allocation allocation;
  if (!memory().find(pointer, &allocation)) return INVALID_VALUE;
  if (base) *base = allocation.address;
  if (bytes) *bytes = allocation.bytes;
  return SUCCESS;
}

API cuMemcpyHtoD_v2(DevicePointer to, const void* from, size_t bytes) {
  return copy(nullptr, Range::device(to), Range::hostMemory(from), bytes, Blocking::YES);
}

API cuMemcpyDtoH_v2(void* to, DevicePointer from, size_t bytes) {
  return copy(nullptr, Range::hostMemory(to), Range::device(from), bytes, Blocking::YES);
}

API cuMemcpyDtoD_v2(DevicePointer to, DevicePointer from, size_t bytes) {
  return copy(nullptr, Range::device(to), Range::device(from), bytes, Blocking::YES);
}

API cuMemcpy(DevicePointer to, DevicePointer from, size_t bytes) {
  return copy(nullptr, Range::any(to), Range::any(from), bytes, Blocking::YES);
}

API cuMemcpyHtoDAsync_v2(DevicePointer to, const void* from, size_t bytes, StreamHandle stream) {
  return copy(stream, Range::device(to), Range::hostMemory(from), bytes, Blocking::NO);
}

API cuMemcpyDtoHAsync_v2(void* to, DevicePointer from, size_t bytes, StreamHandle stream) {
  return copy(stream, Range::hostMemory(to), Range::device(from), bytes, Blocking::NO);
}

API cuMemcpyDtoDAsync_v2(DevicePointer to, DevicePointer from, size_t bytes, StreamHandle stream) {
  return copy(stream, Range::device(to), Range::device(from), bytes, Blocking::NO);
}

API cuMemcpyAsync(DevicePointer to, DevicePointer from, size_t bytes, StreamHandle stream) {
  return copy(stream, Range::any(to), Range::any(from), bytes, Blocking::NO);
}

API cuMemcpy2D_v2(const Copy2D* what) { return copy2D(nullptr, what, Blocking::YES); }

API cuMemcpy2DUnaligned_v2(const Copy2D* what) { return copy2D(nullptr, what, Blocking::YES); }

API cuMemcpy2DAsync_v2(const Copy2D* what, StreamHandle stream) {
  return copy2D(stream, what, Blocking::NO);
}

API cuMemsetD8_v2(DevicePointer to, unsigned char value, size_t count) {
  return fill(nullptr, to, value, count);
}

API cuMemsetD16_v2(DevicePointer to, unsigned short value, size_t count) {
  return fill(nullptr, to, value, count);
}

API cuMemsetD32_v2(DevicePointer to, unsigned value, size_t count) {
  return fill(nullptr, to, value, count);
}

API cuMemsetD8Async(DevicePointer to, unsigned char value, size_t count, StreamHandle stream) {
  return fill(stream, to, value, count);
}

API cuMemsetD16Async(DevicePointer to, unsigned short value, size_t count, StreamHandle stream) {
  return fill(stream, to, value, count);
}

API cuMemsetD32Async(DevicePointer to, unsigned value, size_t count, StreamHandle stream) {
  return fill(stream, to, value, count);
}

API cuMemsetD2D8_v2(DevicePointer to, size_t pitch, unsigned char value, size_t width,
                    size_t height) {
  return fill(nullptr, to, pitch, value, width, height);
}

API cuMemsetD2D8Async(DevicePointer to, size_t pitch, unsigned char value, size_t width,
                      size_t height, StreamHandle stream) {
  return fill(stream, to, pitch, value, width, height);
}

API cuMemsetD2D32_v2(DevicePointer to, size_t pitch, unsigned value, size_t width, size_t height) {
  return fill(nullptr, to, pitch, value, width, height);
}

API cuMemsetD2D32Async(DevicePointer to, size_t pitch, unsigned value, size_t width, size_t height,
                       StreamHandle stream) {
  return fill(stream, to, pitch, value, width, height);
}

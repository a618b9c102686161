#include "library_abi.h"

#include "driver.h"
#include "workers.h"

using namespace softgpu;

int softgpuSubmit(void* handle, const std::function<Fault()>& work) {
  return enterStream(static_cast<StreamHandle>(handle),
                     [&](Context&, Stream* stream) { return submit(stream, work); });
}

void softgpuParallel(uint64_t count, const std::function<void(uint64_t)>& body) {
  parallel(count, [&](BlockRunner&, uint64_t i) { body(i); });
}

void softgpuCheckRange(const void* begin, uint64_t bytes, std::string* wrong) {
  Memory& memory = Memory::device();
  uintptr_t address = uintptr_t(begin);
  if (memory.contains(address, bytes, true)) return;
  *wrong = format("%zu bytes at 0x%zx, which is %s", size_t(bytes), size_t(address),
                  memory.describe(address).c_str());
}

void softgpuReport(const char* text) { report({INVALID_VALUE, text}); }

// What a stub of the driver answers.
extern "C" int softgpuUnsupported(const char* name) {
  return report({NOT_SUPPORTED, format("%s is not part of the software GPU", name)});
}

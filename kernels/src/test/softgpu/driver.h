// What the files that implement the driver API share.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "codes.h"
#include "graph.h"
#include "kernel_abi.h"
#include "memory.h"
#include "work.h"

#define API extern "C" __attribute__((visibility("default"))) int

namespace softgpu {

using StreamHandle = Stream*;
using DevicePointer = unsigned long long;

constexpr int ARCHITECTURE_MAJOR = 8, ARCHITECTURE_MINOR = 6;
constexpr int MULTIPROCESSORS = 4;
constexpr unsigned DEFAULT_SHARED = 48 * 1024;

bool initialized();
Context* currentContext();
// The stream of a handle: null and 1 are the legacy default stream, 2 the thread's; or null.
Stream* streamOf(Context& context, StreamHandle handle);
void unload(Module* module);

// Every call goes through here: one at a time, with a living context.
template <class Body>
int enter(Body body) {
  std::lock_guard<std::recursive_mutex> guard(driverLock());
  if (!initialized()) return NOT_INITIALIZED;
  Context* context = currentContext();
  if (!context) return report({INVALID_CONTEXT, "this thread has no current context"});
  if (context->sticky) return context->sticky;
  return body(*context);
}

template <class Body>
int enterStream(StreamHandle handle, Body body) {
  return enter([&](Context& context) {
    Stream* stream = streamOf(context, handle);
    if (!stream) return report({INVALID_HANDLE, "no such stream in the current context"});
    // The legacy stream would wait for every blocking stream, which one that is captured cannot.
    if (stream == &context.legacy) {
      for (Capture* capture : context.captures) {
        if (capture->origin->blocking) return breakCapture(capture, CAPTURE_IMPLICIT);
      }
    }
    return body(context, stream);
  });
}

}  // namespace softgpu

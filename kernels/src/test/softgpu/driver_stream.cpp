// Streams, events, captures and graphs.
#include <cstring>
#include <unordered_set>

#include "driver.h"

using namespace softgpu;

namespace {

enum { NON_BLOCKING = 1, DISABLE_TIMING = 2 };

std::unordered_set<Graph*> graphs;
std::unordered_set<GraphExec*> execs;

Stream* makeStream(Context& context, int flags, int priority) {
  static uint64_t ids = 0;
  auto* stream =
      new Stream{&context, !(flags & NON_BLOCKING), flags, priority, ++ids};
  context.streams.insert(stream);
  return stream;
}

template <class Body>
int withEvent(Event* event, Body body) {
  return enter([&](Context& context) -> int {
    if (!context.events.count(event)) return report({INVALID_HANDLE, "no such event"});
    return body(context);
  });
}

}  // namespace

Stream* softgpu::streamOf(Context& context, StreamHandle handle) {
  constexpr uintptr_t LEGACY = 1, PER_THREAD = 2;
  if (!handle || uintptr_t(handle) == LEGACY) return &context.legacy;
  if (uintptr_t(handle) == PER_THREAD) {
    thread_local std::unordered_map<Context*, Stream*> ofThread;
    Stream*& stream = ofThread[&context];
    if (!stream) stream = makeStream(context, 0, 0);
    return stream;
  }
  return context.streams.count(handle) ? handle : nullptr;
}

API cuStreamCreateWithPriority(Stream** stream, unsigned flags, int priority) {
  return enter([&](Context& context) {
    *stream = makeStream(context, int(flags), priority);
    return SUCCESS;
  });
}

API cuStreamCreate(Stream** stream, unsigned flags) {
  return cuStreamCreateWithPriority(stream, flags, 0);
}

// Its work goes on, as the driver promises; waiting for it now is one way to.
API cuStreamDestroy_v2(Stream* handle) {
  return enter([&](Context& context) -> int {
    if (!context.streams.count(handle)) return report({INVALID_HANDLE, "no such stream"});
    int result = waitFor(&context, lastOf(handle));
    context.streams.erase(handle);
    delete handle;
    return result;
  });
}

API cuStreamSynchronize(Stream* handle) {
  return enterStream(handle, [&](Context& context, Stream* stream) -> int {
    if (stream->capture) return breakCapture(stream->capture, CAPTURE_UNSUPPORTED);
    if (stream == &context.legacy) {
      if (int result = submit(stream, [] { return Fault{}; })) return result;
    }
    return waitFor(&context, lastOf(stream));
  });
}

API cuStreamQuery(Stream* handle) {
  return enterStream(handle, [&](Context& context, Stream* stream) -> int {
    if (stream->capture) return breakCapture(stream->capture, CAPTURE_UNSUPPORTED);
    makeProgress(&context);
    if (context.sticky) return context.sticky;
    return isDone(lastOf(stream)) ? SUCCESS : NOT_READY;
  });
}

API cuStreamWaitEvent(Stream* handle, Event* event, unsigned) {
  return enterStream(handle, [&](Context& context, Stream* stream) -> int {
    if (!context.events.count(event)) return report({INVALID_HANDLE, "no such event"});
    return waitEvent(stream, event);
  });
}

API cuStreamGetFlags(Stream* handle, unsigned* flags) {
  return enterStream(handle, [&](Context&, Stream* stream) {
    *flags = unsigned(stream->flags);
    return SUCCESS;
  });
}

API cuStreamGetPriority(Stream* handle, int* priority) {
  return enterStream(handle, [&](Context&, Stream* stream) {
    *priority = stream->priority;
    return SUCCESS;
  });
}

API cuStreamGetId(Stream* handle, unsigned long long* id) {
  return enterStream(handle, [&](Context&, Stream* stream) {
    *id = stream->id;
    return SUCCESS;
  });
}

API cuStreamGetCtx(Stream* handle, Context** of) {
  return enterStream(handle, [&](Context& context, Stream*) {
    *of = &context;
    return SUCCESS;
  });
}

API cuLaunchHostFunc(Stream* handle, void (*function)(void*), void* data) {
  return enterStream(handle, [&](Context&, Stream* stream) {
    return submit(stream, [function, data] {
      function(data);
      return Fault{};
    });
  });
}

API cuEventCreate(Event** event, unsigned flags) {
  return enter([&](Context& context) {
    *event = new Event{&context, !(flags & DISABLE_TIMING)};
    context.events.insert(*event);
    return SUCCESS;
  });
}

API cuEventDestroy_v2(Event* event) {
  return withEvent(event, [&](Context& context) {
    context.events.erase(event);
    delete event;
    return SUCCESS;
  });
}

API cuEventRecord(Event* event, Stream* handle) {
  return enterStream(handle, [&](Context& context, Stream* stream) -> int {
    if (!context.events.count(event)) return report({INVALID_HANDLE, "no such event"});
    return recordEvent(event, stream);
  });
}

API cuEventRecordWithFlags(Event* event, Stream* handle, unsigned) {
  return cuEventRecord(event, handle);
}

API cuEventSynchronize(Event* event) {
  return withEvent(event, [&](Context& context) -> int {
    if (event->capture) return breakCapture(event->capture, CAPTURED_EVENT);
    return waitFor(&context, event->recorded);
  });
}

API cuEventQuery(Event* event) {
  return withEvent(event, [&](Context& context) -> int {
    if (event->capture) return breakCapture(event->capture, CAPTURED_EVENT);
    makeProgress(&context);
    if (context.sticky) return context.sticky;
    return isDone(event->recorded) ? SUCCESS : NOT_READY;
  });
}

API cuEventElapsedTime(float* milliseconds, Event* from, Event* to) {
  return enter([&](Context& context) -> int {
    for (Event* event : {from, to}) {
      bool known = context.events.count(event) && event->timing && event->time;
      if (!known) return report({INVALID_HANDLE, "an event without a time"});
      if (!isDone(event->recorded)) return NOT_READY;
    }
    *milliseconds = std::chrono::duration<float, std::milli>(*to->time - *from->time).count();
    return SUCCESS;
  });
}

API cuStreamBeginCapture_v2(Stream* handle, int mode) {
  return enterStream(handle,
                     [&](Context&, Stream* stream) { return beginCapture(stream, mode); });
}

API cuStreamEndCapture(Stream* handle, Graph** graph) {
  return enterStream(handle, [&](Context&, Stream* stream) {
    int result = endCapture(stream, graph);
    if (!result) graphs.insert(*graph);
    return result;
  });
}

API cuStreamIsCapturing(Stream* handle, int* status) {
  return enterStream(handle, [&](Context&, Stream* stream) {
    constexpr int NONE = 0, ACTIVE = 1, INVALIDATED = 2;
    *status = !stream->capture ? NONE : stream->capture->broken ? INVALIDATED : ACTIVE;
    return SUCCESS;
  });
}

API cuThreadExchangeStreamCaptureMode(int* mode) {
  thread_local int current = 0;
  std::swap(*mode, current);
  return SUCCESS;
}

API cuGraphInstantiateWithFlags(GraphExec** exec, Graph* graph, unsigned long long) {
  return enter([&](Context&) -> int {
    if (!graphs.count(graph)) return report({INVALID_HANDLE, "no such graph"});
    *exec = new GraphExec{std::make_shared<const Graph>(*graph)};
    execs.insert(*exec);
    return SUCCESS;
  });
}

API cuGraphLaunch(GraphExec* exec, Stream* handle) {
  return enterStream(handle, [&](Context&, Stream* stream) -> int {
    if (!execs.count(exec)) return report({INVALID_HANDLE, "no such executable graph"});
    return launchGraph(exec, stream);
  });
}

API cuGraphUpload(GraphExec*, Stream*) { return SUCCESS; }

API cuGraphExecDestroy(GraphExec* exec) {
  return enter([&](Context&) -> int {
    if (!execs.erase(exec)) return report({INVALID_HANDLE, "no such executable graph"});
    delete exec;
    return SUCCESS;
  });
}

API cuGraphDestroy(Graph* graph) {
  return enter([&](Context&) -> int {
    if (!graphs.erase(graph)) return report({INVALID_HANDLE, "no such graph"});
    delete graph;
    return SUCCESS;
  });
}

// How many there are; the nodes themselves are not handed out.
API cuGraphGetNodes(Graph* graph, void** nodes, size_t* count) {
  return enter([&](Context&) -> int {
    if (!graphs.count(graph)) return report({INVALID_HANDLE, "no such graph"});
    if (nodes) return NOT_SUPPORTED;
    *count = graph->nodes.size();
    return SUCCESS;
  });
}

#include "graph.h"

#include <pthread.h>

#include <algorithm>

#include "codes.h"

namespace softgpu {
namespace {

enum Mode { GLOBAL = 0, THREAD_LOCAL = 1, RELAXED = 2 };

void leave(Context* context, Capture* capture) {
  auto& open = context->captures;
  open.erase(std::remove(open.begin(), open.end(), capture), open.end());
  auto release = [capture](auto* user) {
    if (user->capture != capture) return;
    user->capture = nullptr;
    user->captured.clear();
  };
  release(&context->legacy);
  for (Stream* stream : context->streams) release(stream);
  for (Event* event : context->events) release(event);
  delete capture;
}

}  // namespace

int beginCapture(Stream* stream, int mode) {
  Context* context = stream->context;
  if (stream == &context->legacy) {
    return report({CAPTURE_UNSUPPORTED, "the legacy default stream cannot be captured"});
  }
  if (stream->capture) return report({INVALID_VALUE, "the stream is being captured already"});
  stream->capture = new Capture{new Graph, mode, stream, pthread_self()};
  stream->captured.clear();
  context->captures.push_back(stream->capture);
  return SUCCESS;
}

int endCapture(Stream* stream, Graph** graph) {
  Capture* capture = stream->capture;
  *graph = nullptr;
  if (!capture) return report({INVALID_VALUE, "the stream is not being captured"});
  if (capture->origin != stream) {
    return report({CAPTURE_UNMATCHED, "the capture began on another stream"});
  }
  if (capture->mode != RELAXED && capture->thread != pthread_self()) {
    return report({CAPTURE_WRONG_THREAD, "the capture began in another thread"});
  }
  int result = capture->broken ? CAPTURE_INVALIDATED : SUCCESS;
  // Every branch must have come back to the first stream.
  std::vector<bool> reached(capture->graph->nodes.size());
  std::vector<int> open = stream->captured;
  while (!open.empty()) {
    int node = open.back();
    open.pop_back();
    if (reached[node]) continue;
    reached[node] = true;
    const auto& after = capture->graph->nodes[node].after;
    open.insert(open.end(), after.begin(), after.end());
  }
  if (!result && std::find(reached.begin(), reached.end(), false) != reached.end()) {
    result = report({CAPTURE_UNJOINED, "a stream that the capture forked to was not joined"});
  }
  Graph* made = capture->graph;
  leave(stream->context, capture);
  if (result) {
    delete made;
  } else {
    *graph = made;
  }
  return result;
}

int addToGraph(Stream* stream, Action action) {
  Capture* capture = stream->capture;
  if (capture->broken) return CAPTURE_INVALIDATED;
  auto& nodes = capture->graph->nodes;
  nodes.push_back({std::move(action), stream->captured});
  stream->captured = {int(nodes.size()) - 1};
  return SUCCESS;
}

int joinCapture(Stream* stream, Event* event) {
  if (stream == &stream->context->legacy) {
    return report({CAPTURE_IMPLICIT, "the legacy default stream waits for a captured event"});
  }
  if (stream->capture && stream->capture != event->capture) {
    return breakCapture(stream->capture, CAPTURE_ISOLATION);
  }
  stream->capture = event->capture;
  for (int node : event->captured) {
    auto& after = stream->captured;
    if (std::find(after.begin(), after.end(), node) == after.end()) after.push_back(node);
  }
  return SUCCESS;
}

int breakCapture(Capture* capture, int code) {
  capture->broken = true;
  return report({code, "this call is not allowed while a stream is captured; the capture is over"});
}

int refuseWhileCapturing(Context* context) {
  for (Capture* capture : context->captures) {
    bool concerned = capture->mode == GLOBAL ||
                     (capture->mode == THREAD_LOCAL && capture->thread == pthread_self());
    if (concerned) return breakCapture(capture, CAPTURE_UNSUPPORTED);
  }
  return SUCCESS;
}

int launchGraph(GraphExec* exec, Stream* stream) {
  if (stream->capture) return breakCapture(stream->capture, NOT_SUPPORTED);
  // Begins after the stream's work, ends before what follows; between them its own order holds.
  std::shared_ptr<const Graph> graph = exec->graph;
  int result = submit(stream, [graph] { return Fault{}; });
  if (result) return result;
  PiecePtr first = stream->last;
  std::vector<PiecePtr> pieces;
  for (const GraphNode& node : graph->nodes) {
    auto piece = std::make_shared<Piece>();
    piece->context = stream->context;
    const Action* action = &node.action;
    piece->action = [graph, action] { return (*action)(); };
    for (int earlier : node.after) piece->after.push_back(pieces[earlier]);
    if (node.after.empty()) piece->after.push_back(first);
    pieces.push_back(piece);
    stream->context->pending.push_back(piece);
  }
  return submit(stream, [] { return Fault{}; }, pieces);
}

}  // namespace softgpu

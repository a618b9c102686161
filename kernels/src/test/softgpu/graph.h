// What a capture records, and what is launched of it.
#pragma once
#include "work.h"

namespace softgpu {

struct GraphNode {
  Action action;
  std::vector<int> after;
};

struct Graph {
  std::vector<GraphNode> nodes;
};

struct GraphExec {
  std::shared_ptr<const Graph> graph;
};

int beginCapture(Stream* stream, int mode);
int endCapture(Stream* stream, Graph** graph);
int addToGraph(Stream* stream, Action action);
// The stream goes on in the capture that recorded the event.
int joinCapture(Stream* stream, Event* event);
// Ends a capture with an error that its cuStreamEndCapture will repeat as INVALIDATED.
int breakCapture(Capture* capture, int code);
// What a call that no capture allows answers while one is open: an error, or 0.
int refuseWhileCapturing(Context* context);
int launchGraph(GraphExec* exec, Stream* stream);

}  // namespace softgpu

// Streams that put off their work until something waits for it.
//
// Work is a graph: each piece comes after the piece before it on its stream, after the events it
// waits for, and after what the legacy default stream demands. Waiting for a piece runs its
// ancestors, in a random order that the graph allows, and mostly nothing else: whoever forgot an
// order finds the work of the other stream not done, or done too early.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "faults.h"

namespace softgpu {

struct Context;
struct Graph;
struct Module;
using Action = std::function<Fault()>;

struct Piece {
  Action action;
  std::vector<std::shared_ptr<Piece>> after;
  Context* context;
  bool done = false;
  unsigned unmet = 0, round = 0;  // while work is ordered
};
using PiecePtr = std::shared_ptr<Piece>;

// A stream's or several streams' way into a graph instead of to the device.
struct Capture {
  Graph* graph;
  int mode;
  struct Stream* origin;
  unsigned long thread;
  bool broken = false;
};

struct Stream {
  Context* context;
  bool blocking;  // ordered against the legacy default stream
  int flags, priority;
  uint64_t id;
  PiecePtr last = nullptr;
  Capture* capture = nullptr;
  std::vector<int> captured = {};  // what the next piece of the capture comes after
};

struct Event {
  Context* context;
  bool timing;
  PiecePtr recorded = nullptr;
  std::shared_ptr<std::chrono::steady_clock::time_point> time = nullptr;
  Capture* capture = nullptr;
  std::vector<int> captured = {};
};

struct Context {
  int device = 0;
  bool primary = false;
  int sticky = 0;  // the error that ended it
  Stream legacy;
  std::unordered_set<Stream*> streams;
  std::unordered_set<Event*> events;
  std::unordered_set<Module*> modules;
  std::vector<Capture*> captures;
  std::vector<PiecePtr> pending;
};

// One lock for all the state of the driver; held by every call, and while work runs.
std::recursive_mutex& driverLock();

// Appends work to a stream, or to the graph that captures it; it comes after the others too.
int submit(Stream* stream, Action action, const std::vector<PiecePtr>& others = {});
// Runs what must be done before the piece is.
int waitFor(Context* context, const PiecePtr& piece);
int waitForAll(Context* context);
// One piece of the pending ones, so that polling comes to an end.
void makeProgress(Context* context);
int recordEvent(Event* event, Stream* stream);
int waitEvent(Stream* stream, Event* event);
PiecePtr lastOf(Stream* stream);  // null when nothing is pending
bool isDone(const PiecePtr& piece);

}  // namespace softgpu

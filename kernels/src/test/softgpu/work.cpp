#include "work.h"

#include <algorithm>

#include "codes.h"
#include "graph.h"
#include "workers.h"

namespace softgpu {
namespace {

constexpr size_t MOST_PENDING = 2048;

void addAfter(Piece& piece, const PiecePtr& other) {
  if (!isDone(other)) piece.after.push_back(other);
}

// All that must run before the pieces, themselves included, marked with a number of this search.
std::vector<PiecePtr> ancestors(const std::vector<PiecePtr>& of) {
  static unsigned rounds = 0;
  unsigned round = ++rounds;
  std::vector<PiecePtr> found, open = of;
  while (!open.empty()) {
    PiecePtr piece = open.back();
    open.pop_back();
    if (piece->done || piece->round == round) continue;
    piece->round = round;
    found.push_back(piece);
    open.insert(open.end(), piece->after.begin(), piece->after.end());
  }
  return found;
}

size_t draw(size_t bound) { return bound > 1 ? (nextRandom() >> 16) % bound : 0; }

void finish(Piece& piece) {
  piece.done = true;
  piece.action = nullptr;
  piece.after.clear();
}

// Runs the pieces and their ancestors in a random order that respects the graph.
void runInSomeOrder(Context* context, const std::vector<PiecePtr>& targets) {
  std::vector<PiecePtr> all = ancestors(targets);
  std::vector<PiecePtr> ready;
  std::unordered_map<Piece*, std::vector<PiecePtr>> followers;
  for (const PiecePtr& piece : all) {
    piece->unmet = 0;
    for (const PiecePtr& earlier : piece->after) {
      if (earlier->done) continue;
      piece->unmet++;
      followers[earlier.get()].push_back(piece);
    }
    if (piece->unmet == 0) ready.push_back(piece);
  }
  while (!ready.empty()) {
    std::swap(ready[draw(ready.size())], ready.back());
    PiecePtr piece = ready.back();
    ready.pop_back();
    if (!piece->context->sticky) {
      if (Fault fault = piece->action()) piece->context->sticky = report(fault);
    }
    finish(*piece);
    for (const PiecePtr& follower : followers[piece.get()]) {
      if (--follower->unmet == 0) ready.push_back(follower);
    }
  }
  auto& pending = context->pending;
  pending.erase(std::remove_if(pending.begin(), pending.end(), isDone), pending.end());
}

}  // namespace

std::recursive_mutex& driverLock() {
  static auto* lock = new std::recursive_mutex;
  return *lock;
}

bool isDone(const PiecePtr& piece) { return !piece || piece->done; }

PiecePtr lastOf(Stream* stream) {
  if (isDone(stream->last)) stream->last = nullptr;
  return stream->last;
}

int submit(Stream* stream, Action action, const std::vector<PiecePtr>& others) {
  Context* context = stream->context;
  if (stream->capture) return addToGraph(stream, std::move(action));
  if (context->sticky) return context->sticky;
  auto piece = std::make_shared<Piece>();
  piece->action = std::move(action);
  piece->context = context;
  addAfter(*piece, stream->last);
  for (const PiecePtr& other : others) addAfter(*piece, other);
  if (stream == &context->legacy) {
    for (Stream* other : context->streams) {
      if (other->blocking) addAfter(*piece, other->last);
    }
  } else if (stream->blocking) {
    addAfter(*piece, context->legacy.last);
  }
  stream->last = piece;
  context->pending.push_back(piece);
  if (context->pending.size() > MOST_PENDING) makeProgress(context);
  return SUCCESS;
}

int waitFor(Context* context, const PiecePtr& piece) {
  if (!isDone(piece)) {
    std::vector<PiecePtr> targets{piece};
    // Now and then another stream is ahead of what anybody asked for.
    if (draw(4) == 1) targets.push_back(context->pending[draw(context->pending.size())]);
    runInSomeOrder(context, targets);
  }
  return context->sticky;
}

int waitForAll(Context* context) {
  runInSomeOrder(context, context->pending);
  return context->sticky;
}

void makeProgress(Context* context) {
  if (context->pending.empty()) return;
  runInSomeOrder(context, {context->pending[draw(context->pending.size())]});
}

int recordEvent(Event* event, Stream* stream) {
  auto time = std::make_shared<std::chrono::steady_clock::time_point>();
  event->time = time;
  int result = submit(stream, [time] {
    *time = std::chrono::steady_clock::now();
    return Fault{};
  });
  event->capture = stream->capture;
  event->captured = stream->captured;
  if (!stream->capture) event->recorded = stream->last;
  return result;
}

int waitEvent(Stream* stream, Event* event) {
  if (event->capture) return joinCapture(stream, event);
  PiecePtr recorded = event->recorded;
  if (stream->capture) {
    return recorded ? breakCapture(stream->capture, CAPTURE_ISOLATION) : SUCCESS;
  }
  if (isDone(recorded)) return SUCCESS;
  return submit(stream, [] { return Fault{}; }, {recorded});
}

}  // namespace softgpu

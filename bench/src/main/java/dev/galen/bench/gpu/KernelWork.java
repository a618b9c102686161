package dev.galen.bench.gpu;

import dev.galen.bench.peer.Work;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;

/**
 * Calls that are launched one behind the other, and a wait for the card at the end. The clock is
 * the host's: it is the one that PyTorch's process has as well, and it counts what an event on the
 * card would not, the time in which the card waits for the next launch. The wait is a copy of one
 * element, some ten microseconds beside a sample of at least 50 ms.
 */
final class KernelWork implements Work {
  private final Backend card;
  private final KernelCase.Call call;
  private final Span[] spans;
  private final MemorySegment element;

  /** Owns the spans. */
  KernelWork(Backend card, KernelCase.Call call, Span... spans) {
    this.card = card;
    this.call = call;
    this.spans = spans;
    this.element = MemorySegment.ofArray(new byte[spans[0].dtype().byteSize()]);
  }

  @Override
  public double run(int times) {
    await();
    long start = System.nanoTime();
    for (int i = 0; i < times; i++) {
      call.on(card, spans);
    }
    await();
    return (System.nanoTime() - start) * 1e-9;
  }

  private void await() {
    card.download(spans[0].slice(0, 1), element);
  }

  @Override
  public void close() {
    KernelCase.free(spans);
    card.trim();
  }
}

package dev.galen.bench.gpu;

import dev.galen.bench.peer.Work;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;

/**
 * Calls that are launched one behind the other, and a wait for the GPU at the end. The clock is the
 * host's: it is the one that PyTorch's process has as well, and it counts what an event on the GPU
 * would not, the time in which the GPU waits for the next launch. The wait is a copy of one
 * element, some ten microseconds beside a sample of at least 50 ms.
 */
final class KernelWork implements Work {
  private final Backend gpu;
  private final KernelCase.Call call;
  private final Span[] spans;
  private final MemorySegment element;

  /** Owns the spans. */
  KernelWork(Backend gpu, KernelCase.Call call, Span... spans) {
    this.gpu = gpu;
    this.call = call;
    this.spans = spans;
    this.element = MemorySegment.ofArray(new byte[spans[0].dtype().byteSize()]);
  }

  @Override
  public double run(int times) {
    await();
    long start = System.nanoTime();
    for (int i = 0; i < times; i++) {
      call.on(gpu, spans);
    }
    await();
    return (System.nanoTime() - start) * 1e-9;
  }

  private void await() {
    gpu.download(spans[0].slice(0, 1), element);
  }

  @Override
  public void close() {
    KernelCase.free(spans);
    gpu.trim();
  }
}

package dev.galen.bench.book;

import dev.galen.bench.peer.Work;
import dev.galen.tensor.Tensor;
import java.io.IOException;

/** Work on tensors, which are freed with it. */
record TensorWork(Work work, Tensor... tensors) implements Work {
  /** All of {@code once} counts. */
  static TensorWork of(Runnable once, Tensor... tensors) {
    return new TensorWork(Work.of(once), tensors);
  }

  @Override
  public double run(int times) throws IOException {
    return work.run(times);
  }

  @Override
  public void close() {
    for (Tensor tensor : tensors) {
      tensor.free();
    }
  }
}

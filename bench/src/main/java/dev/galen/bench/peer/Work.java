package dev.galen.bench.peer;

import java.io.IOException;

/** Something that is timed: ours, or a peer's way to do the same. */
@FunctionalInterface
public interface Work extends AutoCloseable {
  /** Does it {@code times} times; returns the seconds that took, without what does not count. */
  double run(int times) throws IOException;

  /** Gives memory and processes back. */
  @Override
  default void close() throws IOException {}

  /** All of {@code once} counts. */
  static Work of(Runnable once) {
    return times -> {
      long start = System.nanoTime();
      for (int i = 0; i < times; i++) {
        once.run();
      }
      return (System.nanoTime() - start) * 1e-9;
    };
  }
}

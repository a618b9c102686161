package dev.galen.examples.clinical.pipeline;

import java.io.PrintStream;
import java.util.Locale;

/** Is told how far a run is, after each chunk. */
@FunctionalInterface
public interface RunProgress {
  /** Nobody looks. */
  RunProgress NONE = counts -> {};

  /** The counts so far. */
  void at(RunCounts counts);

  /** A line every two seconds: records, records a second, rejects. */
  static RunProgress lines(PrintStream out) {
    return new RunProgress() {
      private final long begin = System.nanoTime();
      private long last = begin;
      private long first = -1;

      @Override
      public void at(RunCounts counts) {
        long now = System.nanoTime();
        if (first < 0) {
          first = counts.read(); // a resumed run did not do these
        }
        if (now - last < 2_000_000_000L) {
          return;
        }
        last = now;
        out.printf(
            Locale.ROOT,
            "galen: %,d records, %,.0f a second, %,d rejected%n",
            counts.read(),
            (counts.read() - first) / ((now - begin) / 1e9),
            counts.rejected());
      }
    };
  }
}

package dev.galen.kernels.cpu;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.backend.UpdateRule;
import java.util.List;

/**
 * Prints ms and GB/s (bytes read and written) of the kernels that memory limits, at the sizes of a
 * GPT-2 124M step with 256 tokens. A main, not a test: {@code java --add-modules
 * jdk.incubator.vector -cp CLASSES dev.galen.kernels.cpu.StreamSpeed [threads] [seconds per
 * kernel]}.
 */
final class StreamSpeed {
  private static final int ROWS = 256;
  private static final int COLS = 768;
  private static final int CLASSES = 50257;
  private static final int PARAMETERS = 124_439_808;

  private final VectorBackend backend;
  private final double seconds;

  private StreamSpeed(int threads, double seconds) {
    this.backend = new VectorBackend(threads);
    this.seconds = seconds;
  }

  /** See the class. */
  public static void main(String[] args) {
    int threads = args.length > 0 ? Integer.parseInt(args[0]) : 2;
    double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 2;
    new StreamSpeed(threads, seconds).run();
  }

  private void run() {
    System.out.println(backend);
    Span[] p = {random(PARAMETERS), random(PARAMETERS), random(PARAMETERS), random(PARAMETERS)};
    backend.pointwise().unary(Unary.SQUARE, p[3], p[3]);
    var step = new UpdateRule.AdamW(1e-4, 0.9, 0.999, 1e-8, 0.01, 10, 1);
    measure(
        "adamW",
        28L * PARAMETERS,
        () -> backend.optimizer().update(step, p[0], p[1], List.of(p[2], p[3])));
    measure("sumOfSquares", 4L * PARAMETERS, () -> backend.reduce().sumOfSquares(p[0]));
    Span x = random(4 * ROWS * COLS);
    Span y = random(4 * ROWS * COLS);
    Span z = random(ROWS * COLS);
    measure("gelu", 8L * x.length(), () -> backend.pointwise().unary(Unary.GELU_TANH, x, y));
    measure(
        "dropout",
        8L * ROWS * COLS,
        () ->
            backend.random().dropout(x.slice(0, ROWS * COLS), y.slice(0, ROWS * COLS), 0.1, 1, 0));
    Span[] row = {random(COLS), random(COLS), random(ROWS), random(ROWS)};
    measure(
        "layerNorm",
        8L * ROWS * COLS,
        () -> backend.norm().layerNorm(x, row[0], row[1], y, row[2], row[3], ROWS, COLS, 1e-5));
    measure(
        "residualNorm",
        16L * ROWS * COLS,
        () ->
            backend
                .norm()
                .residualLayerNorm(x, y, z, row[0], row[1], y, row[2], row[3], ROWS, COLS, 1e-5));
    measure(
        "rmsNorm",
        8L * ROWS * COLS,
        () -> backend.norm().rmsNorm(x, row[0], y, row[2], ROWS, COLS, 1e-5));
    Span logits = random(ROWS * CLASSES);
    measure(
        "softmax",
        8L * logits.length(),
        () -> backend.reduce().softmax(logits, logits, ROWS, CLASSES));
  }

  private void measure(String name, long bytes, Runnable kernel) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    long best = Long.MAX_VALUE;
    int calls = 0;
    while (calls++ < 10 || System.nanoTime() < end) {
      long from = System.nanoTime();
      kernel.run();
      best = Math.min(best, System.nanoTime() - from);
    }
    System.out.printf("%-14s %9.3f ms %6.1f GB/s%n", name, best / 1e6, (double) bytes / best);
  }

  private Span random(int length) {
    Span span = new Span(backend.allocate(4L * length), DType.F32, 0, length);
    backend.random().uniform(span, -1, 1, length, 0);
    return span;
  }
}

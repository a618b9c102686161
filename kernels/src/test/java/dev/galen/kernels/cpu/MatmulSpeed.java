package dev.galen.kernels.cpu;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.host.HostBuffer;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/**
 * Prints GFLOP/s and GB/s (of B) of the products of a GPT-2 124M step with 256 tokens and of
 * decoding. A main, not a test: {@code java --add-modules jdk.incubator.vector -cp CLASSES
 * dev.galen.kernels.cpu.MatmulSpeed [threads] [seconds per shape] [part of a name]}.
 */
final class MatmulSpeed {
  private record Case(String name, MatmulShape shape) {}

  public static void main(String[] args) {
    int threads = args.length > 0 ? Integer.parseInt(args[0]) : 2;
    double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 2;
    String only = args.length > 2 ? args[2] : "";
    var backend = new VectorBackend(threads);
    System.out.println(backend);
    var cases =
        new Case[] {
          of("qkv NN", 256, 2304, 768, false, false),
          of("proj NN", 256, 768, 768, false, false),
          of("fc NN", 256, 3072, 768, false, false),
          of("out NN", 256, 768, 3072, false, false),
          of("fc dX NT", 256, 768, 3072, false, true),
          of("out dX NT", 256, 3072, 768, false, true),
          of("fc dW TN", 768, 3072, 256, true, false),
          of("proj dW TN", 768, 768, 256, true, false),
          of("logits NT", 256, 50257, 768, false, true),
          of("logits dX NN", 256, 768, 50257, false, false),
          of("logits dW TN", 50257, 768, 256, true, false),
          of("fc NN T=1024", 1024, 3072, 768, false, false),
          of("fc m=1", 1, 3072, 768, false, false),
          of("out m=1", 1, 768, 3072, false, false),
          of("logits m=1", 1, 50257, 768, false, true),
          of("logits m=4", 4, 50257, 768, false, true),
          of("fc m=4", 4, 3072, 768, false, false),
          batch("logits B=8", 8, 50257, 768, true),
          batch("fc B=8", 8, 3072, 768, false),
          batch("out B=8", 8, 768, 3072, false),
          batch("up B=8", 8, 3072, 768, true),
          batch("logits B=32", 32, 50257, 768, true),
          batch("fc B=32", 32, 3072, 768, false),
          batch("out B=32", 32, 768, 3072, false),
          batch("up B=32", 32, 3072, 768, true),
          batch("fc B=64", 64, 3072, 768, false),
          batch("up B=64", 64, 3072, 768, true),
        };
    for (Case c : cases) {
      if (c.name.contains(only)) {
        measure(backend, c, seconds);
      }
    }
  }

  private static Case of(String name, int m, int n, int k, boolean ta, boolean tb) {
    return new Case(name, MatmulShape.single(m, n, k, ta, tb));
  }

  /** A step of decoding of so many sequences. */
  private static Case batch(String name, int sequences, int n, int k, boolean tb) {
    return new Case(name, MatmulShape.single(sequences, n, k, false, tb).withSequence(1));
  }

  private static void measure(VectorBackend backend, Case c, double seconds) {
    MatmulShape s = c.shape;
    Span a = random(backend, (long) s.m() * s.k());
    Span b = random(backend, (long) s.n() * s.k());
    Span y = random(backend, (long) s.m() * s.n());
    long end = System.nanoTime() + (long) (seconds * 1e9);
    long best = Long.MAX_VALUE;
    int calls = 0;
    while (calls++ < 10 || System.nanoTime() < end) {
      long from = System.nanoTime();
      backend.matmul().matmul(s, a, b, null, y, false);
      best = Math.min(best, System.nanoTime() - from);
    }
    System.out.printf(
        "%-14s %7.1f GFLOP/s %6.1f GB/s %9.3f ms%n",
        c.name, 2.0 * s.m() * s.n() * s.k() / best, 4.0 * s.n() * s.k() / best, best / 1e6);
    a.buffer().free("benchmark");
    b.buffer().free("benchmark");
    y.buffer().free("benchmark");
  }

  private static Span random(VectorBackend backend, long length) {
    Span span = new Span(backend.allocate(4 * length), DType.F32, 0, length);
    var random = new Random(length);
    var memory = HostBuffer.segment(span);
    for (long i = 0; i < length; i++) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() - 0.5f);
    }
    return span;
  }
}

package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;

import dev.galen.tensor.backend.Unary;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * One loop per {@link Unary}; streams are y and x. See {@link Streams} for why each has its own.
 */
final class UnaryLoops {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private UnaryLoops() {}

  static Streams.Loop of(Unary f) {
    return switch (f) {
      case NEG -> (s, n) -> neg(s[0], s[1], n);
      case EXP -> (s, n) -> exp(s[0], s[1], n);
      case LOG -> (s, n) -> log(s[0], s[1], n);
      case SQRT -> (s, n) -> sqrt(s[0], s[1], n);
      case SQUARE -> (s, n) -> square(s[0], s[1], n);
      case RECIPROCAL -> (s, n) -> reciprocal(s[0], s[1], n);
      case ABS -> (s, n) -> abs(s[0], s[1], n);
      case TANH -> (s, n) -> tanh(s[0], s[1], n);
      case SIGMOID -> (s, n) -> sigmoid(s[0], s[1], n);
      case RELU -> (s, n) -> relu(s[0], s[1], n);
      case SILU -> (s, n) -> silu(s[0], s[1], n);
      case GELU_TANH -> (s, n) -> geluTanh(s[0], s[1], n);
      case GELU_ERF -> (s, n) -> geluErf(s[0], s[1], n);
    };
  }

  private static void neg(MemorySegment y, MemorySegment x, int n) {
    for (int i = 0; i < n; i += L) {
      store(load(x, i).neg(), y, i);
    }
  }

  private static void exp(MemorySegment y, MemorySegment x, int n) {
    for (int i = 0; i < n; i += L) {
      store(VectorMath.exp(load(x, i)), y, i);
    }
  }

  /** Rare in a model, and Java's own logarithm gives the same bits everywhere. */
  private static void log(MemorySegment y, MemorySegment x, int n) {
    for (int i = 0; i < n; i++) {
      y.setAtIndex(FLOAT, i, (float) Math.log(x.getAtIndex(FLOAT, i)));
    }
  }

  private static void sqrt(MemorySegment y, MemorySegment x, int n) {
    for (int i = 0; i < n; i += L) {
      store(load(x, i).sqrt(), y, i);
    }
  }

  private static void square(MemorySegment y, MemorySegment x, int n) {
    for (int i = 0; i < n; i += L) {
      var v = load(x, i);
      store(v.mul(v), y, i);
    }
  }

  private static void reciprocal(MemorySegment y, MemorySegment x, int n) {
    for (int i = 0; i < n; i += L) {
      store(FloatVector.broadcast(F, 1f).div(load(x, i)), y, i);
    }
  }

  private static void abs(MemorySegment y, MemorySegment x, int n) {
    for (int i = 0; i < n; i += L) {
      store(load(x, i).abs(), y, i);
    }
  }

  private static void tanh(MemorySegment y, MemorySegment x, int n) {
    for (int i = 0; i < n; i += L) {
      store(VectorMath.tanh(load(x, i)), y, i);
    }
  }

  private static void sigmoid(MemorySegment y, MemorySegment x, int n) {
    for (int i = 0; i < n; i += L) {
      store(VectorMath.sigmoid(load(x, i)), y, i);
    }
  }

  private static void relu(MemorySegment y, MemorySegment x, int n) {
    for (int i = 0; i < n; i += L) {
      var v = load(x, i);
      store(v.blend(0f, v.compare(VectorOperators.LE, 0f)), y, i);
    }
  }

  private static void silu(MemorySegment y, MemorySegment x, int n) {
    for (int i = 0; i < n; i += L) {
      var v = load(x, i);
      store(v.div(VectorMath.exp(v.neg()).add(1f)), y, i);
    }
  }

  private static void geluTanh(MemorySegment y, MemorySegment x, int n) {
    for (int i = 0; i < n; i += L) {
      store(VectorMath.geluTanh(load(x, i)), y, i);
    }
  }

  private static void geluErf(MemorySegment y, MemorySegment x, int n) {
    for (int i = 0; i < n; i += L) {
      store(VectorMath.geluErf(load(x, i)), y, i);
    }
  }
}

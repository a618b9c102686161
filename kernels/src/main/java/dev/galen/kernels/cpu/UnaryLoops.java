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
 * One loop per {@link Unary}; streams are y and x. See {@link Elementwise} for why each has its
 * own.
 */
final class UnaryLoops {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private UnaryLoops() {}

  static Elementwise.Loop of(Unary f) {
    return switch (f) {
      case NEG -> UnaryLoops::neg;
      case EXP -> UnaryLoops::exp;
      case LOG -> UnaryLoops::log;
      case SQRT -> UnaryLoops::sqrt;
      case SQUARE -> UnaryLoops::square;
      case RECIPROCAL -> UnaryLoops::reciprocal;
      case ABS -> UnaryLoops::abs;
      case TANH -> UnaryLoops::tanh;
      case SIGMOID -> UnaryLoops::sigmoid;
      case RELU -> UnaryLoops::relu;
      case SILU -> UnaryLoops::silu;
      case GELU_TANH -> UnaryLoops::geluTanh;
      case GELU_ERF -> UnaryLoops::geluErf;
    };
  }

  private static void neg(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment x = slices.slice(1, n);
    for (int i = 0; i < n; i += L) {
      store(load(x, i).neg(), y, i);
    }
  }

  private static void exp(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment x = slices.slice(1, n);
    for (int i = 0; i < n; i += L) {
      store(VectorMath.exp(load(x, i)), y, i);
    }
  }

  /** Rare in a model, and Java's own logarithm gives the same bits everywhere. */
  private static void log(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment x = slices.slice(1, n);
    for (int i = 0; i < n; i++) {
      y.setAtIndex(FLOAT, i, (float) Math.log(x.getAtIndex(FLOAT, i)));
    }
  }

  private static void sqrt(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment x = slices.slice(1, n);
    for (int i = 0; i < n; i += L) {
      store(load(x, i).sqrt(), y, i);
    }
  }

  private static void square(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment x = slices.slice(1, n);
    for (int i = 0; i < n; i += L) {
      var v = load(x, i);
      store(v.mul(v), y, i);
    }
  }

  private static void reciprocal(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment x = slices.slice(1, n);
    for (int i = 0; i < n; i += L) {
      store(FloatVector.broadcast(F, 1f).div(load(x, i)), y, i);
    }
  }

  private static void abs(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment x = slices.slice(1, n);
    for (int i = 0; i < n; i += L) {
      store(load(x, i).abs(), y, i);
    }
  }

  private static void tanh(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment x = slices.slice(1, n);
    for (int i = 0; i < n; i += L) {
      store(VectorMath.tanh(load(x, i)), y, i);
    }
  }

  private static void sigmoid(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment x = slices.slice(1, n);
    for (int i = 0; i < n; i += L) {
      store(VectorMath.sigmoid(load(x, i)), y, i);
    }
  }

  private static void relu(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment x = slices.slice(1, n);
    for (int i = 0; i < n; i += L) {
      var v = load(x, i);
      store(v.blend(0f, v.compare(VectorOperators.LE, 0f)), y, i);
    }
  }

  private static void silu(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment x = slices.slice(1, n);
    for (int i = 0; i < n; i += L) {
      var v = load(x, i);
      store(v.div(VectorMath.exp(v.neg()).add(1f)), y, i);
    }
  }

  private static void geluTanh(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment x = slices.slice(1, n);
    for (int i = 0; i < n; i += L) {
      store(VectorMath.geluTanh(load(x, i)), y, i);
    }
  }

  private static void geluErf(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment x = slices.slice(1, n);
    for (int i = 0; i < n; i += L) {
      store(VectorMath.geluErf(load(x, i)), y, i);
    }
  }
}

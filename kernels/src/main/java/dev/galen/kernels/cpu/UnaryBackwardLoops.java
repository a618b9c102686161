package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;

import dev.galen.tensor.backend.Unary;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * One loop per derivative of {@link Unary}; streams are dX, dY, x and y. See {@link Streams} for
 * why each has its own.
 */
final class UnaryBackwardLoops {
  private UnaryBackwardLoops() {}

  static Streams.Loop of(Unary f) {
    return switch (f) {
      case NEG -> (s, n) -> neg(s[0], s[1], n);
      case EXP -> (s, n) -> exp(s[0], s[1], s[3], n);
      case LOG -> (s, n) -> log(s[0], s[1], s[2], n);
      case SQRT -> (s, n) -> sqrt(s[0], s[1], s[3], n);
      case SQUARE -> (s, n) -> square(s[0], s[1], s[2], n);
      case RECIPROCAL -> (s, n) -> reciprocal(s[0], s[1], s[3], n);
      case ABS -> (s, n) -> abs(s[0], s[1], s[2], n);
      case TANH -> (s, n) -> tanh(s[0], s[1], s[3], n);
      case SIGMOID -> (s, n) -> sigmoid(s[0], s[1], s[3], n);
      case RELU -> (s, n) -> relu(s[0], s[1], s[2], n);
      case SILU -> (s, n) -> silu(s[0], s[1], s[2], n);
      case GELU_TANH -> (s, n) -> geluTanh(s[0], s[1], s[2], n);
      case GELU_ERF -> (s, n) -> geluErf(s[0], s[1], s[2], n);
    };
  }

  private static void neg(MemorySegment dX, MemorySegment dY, int n) {
    for (int i = 0; i < n; i += L) {
      store(load(dY, i).neg(), dX, i);
    }
  }

  private static void exp(MemorySegment dX, MemorySegment dY, MemorySegment y, int n) {
    for (int i = 0; i < n; i += L) {
      store(load(dY, i).mul(load(y, i)), dX, i);
    }
  }

  private static void log(MemorySegment dX, MemorySegment dY, MemorySegment x, int n) {
    for (int i = 0; i < n; i += L) {
      store(load(dY, i).div(load(x, i)), dX, i);
    }
  }

  private static void sqrt(MemorySegment dX, MemorySegment dY, MemorySegment y, int n) {
    for (int i = 0; i < n; i += L) {
      var root = load(y, i);
      store(load(dY, i).div(root.add(root)), dX, i);
    }
  }

  private static void square(MemorySegment dX, MemorySegment dY, MemorySegment x, int n) {
    for (int i = 0; i < n; i += L) {
      var v = load(x, i);
      store(load(dY, i).mul(v.add(v)), dX, i);
    }
  }

  private static void reciprocal(MemorySegment dX, MemorySegment dY, MemorySegment y, int n) {
    for (int i = 0; i < n; i += L) {
      var v = load(y, i);
      store(load(dY, i).mul(v.mul(v).neg()), dX, i);
    }
  }

  private static void abs(MemorySegment dX, MemorySegment dY, MemorySegment x, int n) {
    for (int i = 0; i < n; i += L) {
      var v = load(x, i);
      var sign =
          v.blend(1f, v.compare(VectorOperators.GT, 0f))
              .blend(-1f, v.compare(VectorOperators.LT, 0f));
      store(load(dY, i).mul(sign), dX, i);
    }
  }

  private static void tanh(MemorySegment dX, MemorySegment dY, MemorySegment y, int n) {
    for (int i = 0; i < n; i += L) {
      var v = load(y, i);
      store(load(dY, i).mul(v.neg().fma(v, FloatVector.broadcast(F, 1f))), dX, i);
    }
  }

  private static void sigmoid(MemorySegment dX, MemorySegment dY, MemorySegment y, int n) {
    for (int i = 0; i < n; i += L) {
      var v = load(y, i);
      store(load(dY, i).mul(v.neg().fma(v, v)), dX, i);
    }
  }

  private static void relu(MemorySegment dX, MemorySegment dY, MemorySegment x, int n) {
    var zero = FloatVector.zero(F);
    for (int i = 0; i < n; i += L) {
      store(zero.blend(load(dY, i), load(x, i).compare(VectorOperators.GT, 0f)), dX, i);
    }
  }

  /** With s = sigmoid(x): s (1 + x (1 - s)). */
  private static void silu(MemorySegment dX, MemorySegment dY, MemorySegment x, int n) {
    var one = FloatVector.broadcast(F, 1f);
    for (int i = 0; i < n; i += L) {
      var v = load(x, i);
      var s = VectorMath.sigmoid(v);
      store(load(dY, i).mul(s.mul(v.fma(one.sub(s), one))), dX, i);
    }
  }

  private static void geluTanh(MemorySegment dX, MemorySegment dY, MemorySegment x, int n) {
    for (int i = 0; i < n; i += L) {
      store(load(dY, i).mul(VectorMath.geluTanhDerivative(load(x, i))), dX, i);
    }
  }

  private static void geluErf(MemorySegment dX, MemorySegment dY, MemorySegment x, int n) {
    for (int i = 0; i < n; i += L) {
      store(load(dY, i).mul(VectorMath.geluErfDerivative(load(x, i))), dX, i);
    }
  }
}

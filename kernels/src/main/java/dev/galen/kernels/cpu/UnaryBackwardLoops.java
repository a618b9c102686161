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
 * One loop per derivative of {@link Unary}; streams are dX, dY, x and y. See {@link Elementwise}
 * for why each has its own.
 */
final class UnaryBackwardLoops {
  private UnaryBackwardLoops() {}

  static Elementwise.Loop of(Unary f) {
    return switch (f) {
      case NEG -> UnaryBackwardLoops::neg;
      case EXP -> UnaryBackwardLoops::exp;
      case LOG -> UnaryBackwardLoops::log;
      case SQRT -> UnaryBackwardLoops::sqrt;
      case SQUARE -> UnaryBackwardLoops::square;
      case RECIPROCAL -> UnaryBackwardLoops::reciprocal;
      case ABS -> UnaryBackwardLoops::abs;
      case TANH -> UnaryBackwardLoops::tanh;
      case SIGMOID -> UnaryBackwardLoops::sigmoid;
      case RELU -> UnaryBackwardLoops::relu;
      case SILU -> UnaryBackwardLoops::silu;
      case GELU_TANH -> UnaryBackwardLoops::geluTanh;
      case GELU_ERF -> UnaryBackwardLoops::geluErf;
    };
  }

  private static void neg(Slices slices, int n) {
    MemorySegment dX = slices.slice(0, n);
    MemorySegment dY = slices.slice(1, n);
    for (int i = 0; i < n; i += L) {
      store(load(dY, i).neg(), dX, i);
    }
  }

  private static void exp(Slices slices, int n) {
    MemorySegment dX = slices.slice(0, n);
    MemorySegment dY = slices.slice(1, n);
    MemorySegment y = slices.slice(3, n);
    for (int i = 0; i < n; i += L) {
      store(load(dY, i).mul(load(y, i)), dX, i);
    }
  }

  private static void log(Slices slices, int n) {
    MemorySegment dX = slices.slice(0, n);
    MemorySegment dY = slices.slice(1, n);
    MemorySegment x = slices.slice(2, n);
    for (int i = 0; i < n; i += L) {
      store(load(dY, i).div(load(x, i)), dX, i);
    }
  }

  private static void sqrt(Slices slices, int n) {
    MemorySegment dX = slices.slice(0, n);
    MemorySegment dY = slices.slice(1, n);
    MemorySegment y = slices.slice(3, n);
    for (int i = 0; i < n; i += L) {
      var root = load(y, i);
      store(load(dY, i).div(root.add(root)), dX, i);
    }
  }

  private static void square(Slices slices, int n) {
    MemorySegment dX = slices.slice(0, n);
    MemorySegment dY = slices.slice(1, n);
    MemorySegment x = slices.slice(2, n);
    for (int i = 0; i < n; i += L) {
      var v = load(x, i);
      store(load(dY, i).mul(v.add(v)), dX, i);
    }
  }

  private static void reciprocal(Slices slices, int n) {
    MemorySegment dX = slices.slice(0, n);
    MemorySegment dY = slices.slice(1, n);
    MemorySegment y = slices.slice(3, n);
    for (int i = 0; i < n; i += L) {
      var v = load(y, i);
      store(load(dY, i).mul(v.mul(v).neg()), dX, i);
    }
  }

  private static void abs(Slices slices, int n) {
    MemorySegment dX = slices.slice(0, n);
    MemorySegment dY = slices.slice(1, n);
    MemorySegment x = slices.slice(2, n);
    for (int i = 0; i < n; i += L) {
      var v = load(x, i);
      var sign =
          v.blend(1f, v.compare(VectorOperators.GT, 0f))
              .blend(-1f, v.compare(VectorOperators.LT, 0f));
      store(load(dY, i).mul(sign), dX, i);
    }
  }

  private static void tanh(Slices slices, int n) {
    MemorySegment dX = slices.slice(0, n);
    MemorySegment dY = slices.slice(1, n);
    MemorySegment y = slices.slice(3, n);
    for (int i = 0; i < n; i += L) {
      var v = load(y, i);
      store(load(dY, i).mul(v.neg().fma(v, FloatVector.broadcast(F, 1f))), dX, i);
    }
  }

  private static void sigmoid(Slices slices, int n) {
    MemorySegment dX = slices.slice(0, n);
    MemorySegment dY = slices.slice(1, n);
    MemorySegment y = slices.slice(3, n);
    for (int i = 0; i < n; i += L) {
      var v = load(y, i);
      store(load(dY, i).mul(v.neg().fma(v, v)), dX, i);
    }
  }

  private static void relu(Slices slices, int n) {
    MemorySegment dX = slices.slice(0, n);
    MemorySegment dY = slices.slice(1, n);
    MemorySegment x = slices.slice(2, n);
    var zero = FloatVector.zero(F);
    for (int i = 0; i < n; i += L) {
      store(zero.blend(load(dY, i), load(x, i).compare(VectorOperators.GT, 0f)), dX, i);
    }
  }

  /** With s = sigmoid(x): s (1 + x (1 - s)). */
  private static void silu(Slices slices, int n) {
    MemorySegment dX = slices.slice(0, n);
    MemorySegment dY = slices.slice(1, n);
    MemorySegment x = slices.slice(2, n);
    var one = FloatVector.broadcast(F, 1f);
    for (int i = 0; i < n; i += L) {
      var v = load(x, i);
      var s = VectorMath.sigmoid(v);
      store(load(dY, i).mul(s.mul(v.fma(one.sub(s), one))), dX, i);
    }
  }

  private static void geluTanh(Slices slices, int n) {
    MemorySegment dX = slices.slice(0, n);
    MemorySegment dY = slices.slice(1, n);
    MemorySegment x = slices.slice(2, n);
    for (int i = 0; i < n; i += L) {
      store(load(dY, i).mul(VectorMath.geluTanhDerivative(load(x, i))), dX, i);
    }
  }

  private static void geluErf(Slices slices, int n) {
    MemorySegment dX = slices.slice(0, n);
    MemorySegment dY = slices.slice(1, n);
    MemorySegment x = slices.slice(2, n);
    for (int i = 0; i < n; i += L) {
      store(load(dY, i).mul(VectorMath.geluErfDerivative(load(x, i))), dX, i);
    }
  }
}

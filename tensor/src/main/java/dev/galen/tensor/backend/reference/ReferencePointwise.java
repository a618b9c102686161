package dev.galen.tensor.backend.reference;

import dev.galen.tensor.Layout;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.PointwiseKernels;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.backend.host.HostBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** The formulas of {@link Unary} and {@link Binary}, one element at a time. */
final class ReferencePointwise implements PointwiseKernels {
  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double GELU_CUBIC = 0.044715;

  @Override
  public void unary(Unary f, Span x, Span y) {
    Require.sameLength("x", x, "y", y);
    Pieces.each(
        y.length(),
        (from, count) -> {
          double[] values = Values.read(x, from, count);
          for (int i = 0; i < count; i++) {
            values[i] = apply(f, values[i]);
          }
          Values.write(values, y, from);
        });
  }

  @Override
  public void unaryBackward(Unary f, Span x, Span y, Span dY, Span dX) {
    Require.sameLength("x", x, "dX", dX);
    Require.sameLength("y", y, "dX", dX);
    Require.sameLength("dY", dY, "dX", dX);
    Pieces.each(
        dX.length(),
        (from, count) -> {
          double[] xs = Values.read(x, from, count);
          double[] ys = Values.read(y, from, count);
          double[] values = Values.read(dY, from, count);
          for (int i = 0; i < count; i++) {
            values[i] *= derivative(f, xs[i], ys[i]);
          }
          Values.write(values, dX, from);
        });
  }

  @Override
  public void binary(Binary f, Span a, Layout aLayout, Span b, Layout bLayout, Span y) {
    if (!aLayout.shape().equals(bLayout.shape())) {
      throw new IllegalArgumentException(
          "%s of shapes %s and %s: expand both to the shape of y first"
              .formatted(f, aLayout.shape(), bLayout.shape()));
    }
    long size = aLayout.shape().size();
    Require.length("a", a, aLayout.extent());
    Require.length("b", b, bLayout.extent());
    Require.length("y", y, size);
    var aWalk = new StridedWalk(aLayout);
    var bWalk = new StridedWalk(bLayout);
    MemorySegment aBytes = HostBuffer.segment(a);
    MemorySegment bBytes = HostBuffer.segment(b);
    try {
      Pieces.each(
          size,
          (from, count) -> {
            var values = new double[count];
            for (int i = 0; i < count; i++) {
              double left = Values.get(aBytes, a.dtype(), aWalk.next());
              double right = Values.get(bBytes, b.dtype(), bWalk.next());
              values[i] = apply(f, left, right);
            }
            Values.write(values, y, from);
          });
    } finally {
      Reference.reachabilityFence(a.buffer());
      Reference.reachabilityFence(b.buffer());
    }
  }

  @Override
  public void affine(Span x, double scale, double shift, Span y) {
    Require.sameLength("x", x, "y", y);
    Pieces.each(
        y.length(),
        (from, count) -> {
          double[] values = Values.read(x, from, count);
          for (int i = 0; i < count; i++) {
            values[i] = scale * values[i] + shift;
          }
          Values.write(values, y, from);
        });
  }

  @Override
  public void axpy(double alpha, Span x, Span y) {
    Require.sameLength("x", x, "y", y);
    Pieces.each(
        y.length(),
        (from, count) -> {
          double[] xs = Values.read(x, from, count);
          double[] values = Values.read(y, from, count);
          for (int i = 0; i < count; i++) {
            values[i] += alpha * xs[i];
          }
          Values.write(values, y, from);
        });
  }

  @Override
  public void gated(Unary f, Span gate, Span up, Span y, int rows, int cols, int stride) {
    requireGates("gate", gate, rows, cols, stride);
    requireGates("up", up, rows, cols, stride);
    Require.length("y", y, rows, cols);
    for (int r = 0; r < rows; r++) {
      double[] g = Values.read(gate, (long) r * stride, cols);
      double[] u = Values.read(up, (long) r * stride, cols);
      for (int i = 0; i < cols; i++) {
        u[i] *= apply(f, g[i]);
      }
      Values.write(u, y, (long) r * cols);
    }
  }

  @Override
  public void gatedBackward(
      Unary f,
      Span gate,
      Span up,
      Span dY,
      Span dGate,
      Span dUp,
      Span y,
      int rows,
      int cols,
      int stride) {
    requireGates("gate", gate, rows, cols, stride);
    requireGates("up", up, rows, cols, stride);
    requireGates("dGate", dGate, rows, cols, stride);
    requireGates("dUp", dUp, rows, cols, stride);
    Require.length("dY", dY, rows, cols);
    if (y != null) {
      Require.length("y", y, rows, cols);
    }
    for (int r = 0; r < rows; r++) {
      double[] g = Values.read(gate, (long) r * stride, cols);
      double[] u = Values.read(up, (long) r * stride, cols);
      double[] d = Values.read(dY, (long) r * cols, cols);
      var product = new double[cols];
      for (int i = 0; i < cols; i++) {
        double value = apply(f, g[i]);
        product[i] = value * u[i];
        g[i] = d[i] * u[i] * derivative(f, g[i], value);
        u[i] = d[i] * value;
      }
      Values.write(g, dGate, (long) r * stride);
      Values.write(u, dUp, (long) r * stride);
      if (y != null) {
        Values.write(product, y, (long) r * cols);
      }
    }
  }

  private static void requireGates(String name, Span span, int rows, int cols, int stride) {
    if (rows < 0 || cols < 0 || stride < cols) {
      throw new IllegalArgumentException(
          "%s cannot have the shape [%d, %d] with rows %d apart"
              .formatted(name, rows, cols, stride));
    }
    Require.length(name, span, rows == 0 ? 0 : (rows - 1L) * stride + cols);
  }

  @Override
  public void rotary(
      Span x,
      Span cos,
      Span sin,
      Span y,
      int rows,
      int tableRows,
      int heads,
      int turned,
      int half,
      boolean back) {
    long width = 2L * heads * half;
    Require.length("x", x, rows, width);
    Require.length("y", y, rows, width);
    Require.length("cos", cos, tableRows, half);
    Require.length("sin", sin, tableRows, half);
    for (int r = 0; r < rows; r++) {
      double[] c = Values.read(cos, (long) (r % tableRows) * half, half);
      double[] s = Values.read(sin, (long) (r % tableRows) * half, half);
      for (int h = 0; h < heads; h++) {
        long at = r * width + 2L * h * half;
        double[] point = Values.read(x, at, 2 * half);
        for (int i = 0; i < half && h < turned; i++) {
          double first = point[i];
          double second = point[half + i];
          double sine = back ? -s[i] : s[i];
          point[i] = first * c[i] - second * sine;
          point[half + i] = second * c[i] + first * sine;
        }
        Values.write(point, y, at);
      }
    }
  }

  /** {@code f(x)}. */
  static double apply(Unary f, double x) {
    return switch (f) {
      case NEG -> -x;
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case SQRT -> Math.sqrt(x);
      case SQUARE -> x * x;
      case RECIPROCAL -> 1 / x;
      case ABS -> Math.abs(x);
      case TANH -> Math.tanh(x);
      case SIGMOID -> sigmoid(x);
      case RELU -> Math.max(x, 0);
      case SILU -> x * sigmoid(x);
      case GELU_TANH -> 0.5 * x * (1 + Math.tanh(geluArgument(x)));
      case GELU_ERF -> x * normalCdf(x);
    };
  }

  /** {@code f'(x)}, where {@code y = f(x)}. */
  static double derivative(Unary f, double x, double y) {
    return switch (f) {
      case NEG -> -1;
      case EXP -> y;
      case LOG -> 1 / x;
      case SQRT -> 1 / (2 * y);
      case SQUARE -> 2 * x;
      case RECIPROCAL -> -y * y;
      case ABS -> Math.signum(x);
      case TANH -> 1 - y * y;
      case SIGMOID -> y * (1 - y);
      case RELU -> x > 0 ? 1 : 0;
      case SILU -> {
        double s = sigmoid(x);
        yield s * (1 + x * (1 - s));
      }
      case GELU_TANH -> {
        double t = Math.tanh(geluArgument(x));
        double slope = SQRT_2_OVER_PI * (1 + 3 * GELU_CUBIC * x * x);
        yield 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * slope;
      }
      case GELU_ERF -> normalCdf(x) + x * Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    };
  }

  private static double apply(Binary f, double a, double b) {
    return switch (f) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case EQUAL -> a == b ? 1 : 0;
      case LESS -> a < b ? 1 : 0;
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double geluArgument(double x) {
    return SQRT_2_OVER_PI * (x + GELU_CUBIC * x * x * x);
  }

  private static double normalCdf(double x) {
    return 0.5 * (1 + Erf.erf(x / Math.sqrt(2)));
  }
}

package dev.galen.kernels;

import static dev.galen.kernels.KernelParity.normal;

import dev.galen.kernels.KernelParity.Rounded;
import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;
import java.util.ArrayList;
import java.util.List;

/** Calls of what transformer blocks have beside GPT-2's: gates, rotation, rows of experts. */
public final class BlockCases {
  private BlockCases() {}

  /**
   * A call and its operands, as {@link KernelParity} takes them.
   *
   * @param reduction the longest sum
   */
  public record Case(String what, long reduction, KernelParity.Call call, Object... operands) {
    @Override
    public String toString() {
      return what;
    }
  }

  /** With {@code rows} rows of about {@code cols} elements. */
  public static List<Case> of(int rows, int cols) {
    var cases = new ArrayList<Case>();
    for (Unary f : List.of(Unary.SILU, Unary.GELU_TANH, Unary.GELU_ERF, Unary.RELU)) {
      cases.add(gated(f, rows, cols));
      cases.add(gatedInPlace(f, rows, cols));
      cases.add(gatedSideBySide(f, rows, cols));
    }
    int half = Math.max(1, cols / 6);
    cases.add(rotary(rows, rows, 3, half, false));
    cases.add(rotary(2 * rows, rows, 2, half, true));
    cases.add(scatter(rows, cols, Math.max(1, rows / 3)));
    cases.add(scatter(rows, cols, rows + 5));
    cases.add(routing(rows, Math.min(cols, 64), Math.min(3, cols)));
    return cases;
  }

  private static Case gated(Unary f, int rows, int cols) {
    int n = rows * cols;
    return new Case(
        "%s gates [%d, %d]".formatted(f, rows, cols),
        32, // as of derivatives: they multiply the rounding of a sigmoid by dY and a slope
        (backend, s) -> {
          backend.pointwise().gated(f, s[0], s[1], s[2], rows, cols, cols);
          backend
              .pointwise()
              .gatedBackward(f, s[0], s[1], s[3], s[4], s[5], s[6], rows, cols, cols);
        },
        normal(n, 1),
        normal(n, 2),
        new float[n],
        normal(n, 3),
        new float[n],
        new float[n],
        new float[n]);
  }

  /** Gradients and product where gate, up and dY were, and the product where the gate was. */
  private static Case gatedInPlace(Unary f, int rows, int cols) {
    int n = rows * cols;
    return new Case(
        "%s gates [%d, %d] in place".formatted(f, rows, cols),
        32,
        (backend, s) -> {
          backend
              .pointwise()
              .gatedBackward(f, s[0], s[1], s[2], s[0], s[1], s[2], rows, cols, cols);
          backend.pointwise().gated(f, s[3], s[4], s[3], rows, cols, cols);
        },
        normal(n, 1),
        normal(n, 2),
        normal(n, 3),
        normal(n, 4),
        normal(n, 5));
  }

  private static Case gatedSideBySide(Unary f, int rows, int cols) {
    int n = rows * cols;
    return new Case(
        "%s gates [%d, 2 x %d]".formatted(f, rows, cols),
        32,
        (backend, s) -> {
          backend.pointwise().gated(f, s[0], second(s[0], cols), s[1], rows, cols, 2 * cols);
          backend
              .pointwise()
              .gatedBackward(
                  f,
                  s[0],
                  second(s[0], cols),
                  s[2],
                  s[3],
                  second(s[3], cols),
                  null,
                  rows,
                  cols,
                  2 * cols);
        },
        normal(2 * n, 1),
        new float[n],
        normal(n, 2),
        new float[2 * n]);
  }

  private static Span second(Span span, int cols) {
    return span.slice(cols, span.length() - cols);
  }

  private static Case rotary(int rows, int tableRows, int turned, int half, boolean back) {
    int heads = 3;
    int n = rows * heads * 2 * half;
    return new Case(
        "rotary of %d of 3 heads of 2 x %d in %d rows%s"
            .formatted(turned, half, rows, back ? ", back" : ""),
        4,
        (backend, s) -> {
          backend
              .pointwise()
              .rotary(s[0], s[1], s[2], s[3], rows, tableRows, heads, turned, half, back);
          backend
              .pointwise()
              .rotary(s[4], s[1], s[2], s[4], rows, tableRows, heads, turned, half, back);
        },
        normal(n, 1),
        new Rounded(DType.F32, normal(tableRows * half, 2)),
        new Rounded(DType.F32, normal(tableRows * half, 3)),
        new float[n],
        normal(n, 4));
  }

  private static Case scatter(int rows, int cols, int yRows) {
    var ids = new int[rows];
    for (int i = 0; i < rows; i++) {
      ids[i] = (int) (i * 7L % yRows);
    }
    return new Case(
        "scatter of [%d, %d] into %d rows".formatted(rows, cols, yRows),
        cols + rows,
        (backend, s) -> {
          backend.embedding().scatter(s[0], s[1], s[2], s[3], rows, cols, yRows);
          backend
              .embedding()
              .scatterBackward(s[0], s[1], s[2], s[4], s[5], s[6], rows, cols, yRows);
          backend
              .embedding()
              .scatterBackward(s[0], s[1], s[2], s[4], s[7], null, rows, cols, yRows);
        },
        normal(rows * cols, 1),
        ids,
        new Rounded(DType.F32, normal(rows, 2)),
        normal(yRows * cols, 3),
        normal(yRows * cols, 4),
        new float[rows * cols],
        new Rounded(DType.F32, new float[rows]),
        new float[rows * cols]);
  }

  /** Some logits are equal, and one is not a number. */
  private static Case routing(int rows, int cols, int count) {
    float[] logits = normal(rows * cols, 1);
    for (int i = 0; i < logits.length; i += 3) {
      logits[i] = i % 2 == 0 ? 0f : -0f;
    }
    if (rows > 2) {
      logits[cols + cols / 2] = Float.NaN;
    }
    return new Case(
        "the %d largest of [%d, %d]".formatted(count, rows, cols),
        count,
        (backend, s) -> {
          backend.reduce().topSoftmax(s[0], s[1], s[2], rows, cols, count);
          backend.reduce().topSoftmaxBackward(s[1], s[2], s[3], s[4], rows, cols, count);
        },
        logits,
        new int[rows * count],
        new Rounded(DType.F32, new float[rows * count]),
        new Rounded(DType.F32, normal(rows * count, 2)),
        new float[rows * cols]);
  }
}

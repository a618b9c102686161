package dev.galen.tensor.testing;

import dev.galen.tensor.Shape;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.ops.FeedForwardOp;
import dev.galen.tensor.ops.GatedFeedForwardOp;
import dev.galen.tensor.ops.LinearOp;
import dev.galen.tensor.ops.LowRankLinearOp;
import java.util.ArrayList;

/** Matrix products, linear layers and feed-forward parts, gated ones too. */
final class ProductCases extends OpCases {
  ProductCases(int rows, int cols) {
    super(rows, cols);
  }

  @Override
  void addAll() {
    products();
    feedForward();
    gatedFeedForward("[in, out]", Unary.GELU_TANH, false);
    gatedFeedForward("[out, in]", Unary.SILU, true);
    packedFeedForward();
    lowRank("[out, in]", true);
    lowRank("[in, out]", false);
  }

  private void products() {
    int k = Math.min(cols, 64);
    for (boolean ta : new boolean[] {false, true}) {
      for (boolean tb : new boolean[] {false, true}) {
        Shape a = ta ? Shape.of(k, rows) : Shape.of(rows, k);
        Shape b = tb ? Shape.of(cols, k) : Shape.of(k, cols);
        String variant = (ta ? "T" : "N") + (tb ? "T" : "N");
        long longest = Math.max(k, Math.max(rows, cols));
        add(
            "Matmul",
            variant,
            longest,
            in -> in.get(0).matmul(in.get(1), ta, tb),
            unit(a),
            unit(b));
        Shape batched = Shape.of(3, a.dim(0), a.dim(1));
        add(
            "Matmul",
            "batched " + variant,
            3 * longest,
            in -> in.get(0).matmul(in.get(1), ta, tb),
            unit(batched),
            unit(b));
      }
    }
    for (boolean outputFirst : new boolean[] {false, true}) {
      Shape weight = outputFirst ? Shape.of(k, cols) : Shape.of(cols, k);
      add(
          "Linear",
          outputFirst ? "[out, in]" : "[in, out]",
          Math.max(rows, cols),
          in -> LinearOp.apply(in.get(0), in.get(1), in.get(2), outputFirst),
          unit(Shape.of(rows, cols)),
          unit(weight),
          unit(Shape.of(k)));
    }
  }

  /** Widths inside that an epilogue of cuBLASLt takes, and one that none takes. */
  private void feedForward() {
    feedForward("[in, out]", Unary.GELU_TANH, 24, true, false);
    feedForward("[out, in]", Unary.GELU_TANH, 16, true, true);
    feedForward("odd width", Unary.GELU_TANH, 21, true, false);
    feedForward("by its output's derivative", Unary.TANH, 16, true, false);
    feedForward("without biases", Unary.GELU_TANH, 24, false, true);
  }

  private void feedForward(
      String variant, Unary f, int inner, boolean hasBiases, boolean outputFirst) {
    int out = Math.min(cols, 64);
    // Matrices of variance 1/in keep what is between the layers about as large as the input.
    var inputs = new ArrayList<OpCase.Input>();
    inputs.add(matrix(-1, 1));
    inputs.add(weight(cols, inner, outputFirst));
    inputs.add(weight(inner, out, outputFirst));
    if (hasBiases) {
      inputs.add(unit(Shape.of(inner)));
      inputs.add(unit(Shape.of(out)));
    }
    add(
        "FeedForward",
        variant,
        Math.max(rows, Math.max(cols, Math.max(inner, out))),
        in ->
            FeedForwardOp.apply(
                in.get(0),
                in.get(1),
                hasBiases ? in.get(3) : null,
                f,
                in.get(2),
                hasBiases ? in.get(4) : null,
                outputFirst),
        inputs.toArray(OpCase.Input[]::new));
  }

  private void gatedFeedForward(String variant, Unary f, boolean outputFirst) {
    int inner = 24;
    int out = Math.min(cols, 64);
    add(
        "GatedFeedForward",
        variant,
        Math.max(rows, Math.max(cols, Math.max(inner, out))),
        in -> GatedFeedForwardOp.apply(in.get(0), in.get(1), in.get(2), f, in.get(3), outputFirst),
        matrix(-1, 1),
        weight(cols, inner, outputFirst),
        weight(cols, inner, outputFirst),
        weight(inner, out, outputFirst));
  }

  private void packedFeedForward() {
    int inner = 21;
    int out = Math.min(cols, 64);
    add(
        "GatedFeedForward",
        "gate and up in one, [out, in]",
        Math.max(rows, Math.max(cols, Math.max(inner, out))),
        in -> GatedFeedForwardOp.packed(in.get(0), in.get(1), Unary.SILU, in.get(2), true),
        matrix(-1, 1),
        weight(cols, 2 * inner, true),
        weight(inner, out, true));
  }

  /** Both inputs are the same, or two. */
  private void lowRank(String variant, boolean outputFirst) {
    int out = Math.min(cols, 64);
    int rank = 3;
    var inputs = new ArrayList<OpCase.Input>();
    inputs.add(matrix(-1, 1));
    inputs.add(weight(cols, out, outputFirst));
    inputs.add(unit(Shape.of(out)));
    inputs.add(weight(cols, rank, true));
    inputs.add(weight(rank, out, true));
    if (!outputFirst) {
      inputs.add(matrix(-1, 1));
    }
    add(
        "LowRankLinear",
        variant,
        Math.max(rows, Math.max(cols, out)),
        in ->
            LowRankLinearOp.apply(
                in.get(0),
                in.get(outputFirst ? 0 : 5),
                in.get(1),
                in.get(2),
                outputFirst,
                in.get(3),
                in.get(4),
                0.5),
        inputs.toArray(OpCase.Input[]::new));
  }

  private static OpCase.Input weight(int in, int out, boolean outputFirst) {
    double bound = Math.sqrt(3.0 / Math.max(1, in));
    return new OpCase.Input(outputFirst ? Shape.of(out, in) : Shape.of(in, out), -bound, bound);
  }
}

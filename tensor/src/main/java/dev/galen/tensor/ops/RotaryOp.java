package dev.galen.tensor.ops;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Span;

/**
 * Rotary position embedding (Su et al. 2021, arXiv 2104.09864). Channel i of a head's first half
 * and channel i of its second, as HuggingFace's LLaMA pairs them, are a point that is turned by its
 * angle:
 *
 * <pre>{@code
 * y1 = x1 cos - x2 sin,    dX1 = dY1 cos + dY2 sin
 * y2 = x2 cos + x1 sin,    dX2 = dY2 cos - dY1 sin
 * }</pre>
 *
 * The angles have no gradient.
 */
public final class RotaryOp {
  private RotaryOp() {}

  /**
   * Turns every head.
   *
   * @param input {@code [B, T, H D]}: queries or keys
   * @param cos {@code [T, D/2]}, or {@code [B, T, D/2]} where sequences have angles of their own;
   *     used in F32. What it is multiplied by, such as YaRN's factor, the result is
   * @param sin as cos
   * @return {@code [B, T, H D]} in the input's type
   */
  public static Tensor apply(Tensor input, Tensor cos, Tensor sin) {
    requireHeads(input, cos);
    return apply(input, cos, sin, input.dim(2) / (2 * cos.dim(-1)));
  }

  /**
   * Turns the first heads and copies the others: queries and keys of a packed projection {@code [B,
   * T, (H + 2 keyHeads) D]}, whose values are left, in one pass.
   *
   * @param turned how many heads are turned, {@code H + keyHeads} for a packed projection
   */
  public static Tensor apply(Tensor input, Tensor cos, Tensor sin, int turned) {
    requireHeads(input, cos);
    int batch = input.dim(0);
    int time = input.dim(1);
    int half = cos.dim(-1);
    int heads = input.dim(2) / (2 * half);
    Checks.require(
        cos.shape().equals(sin.shape())
            && (cos.shape().equals(Shape.of(time, half))
                || cos.shape().equals(Shape.of(batch, time, half)))
            && turned >= 0
            && turned <= heads,
        "rotary of %d heads of %s by cosines %s and sines %s",
        turned,
        input.shape(),
        cos.shape(),
        sin.shape());
    Tensor x = input.contiguous();
    Tensor c = cos.to(x.dtype().statistics()).contiguous();
    Tensor s = sin.to(x.dtype().statistics()).contiguous();
    Checks.sameBackend("rotary", x, c);
    Checks.sameBackend("rotary", x, s);
    var turn = new Turn(c, s, batch * time, c.shape().rows(), heads, turned, half);
    Tensor y = Tensors.emptyLike(x);
    turn.run(x, y.span(), false);
    return Autograd.record(
        "rotary",
        y,
        (dY, gradients) -> {
          Tensor dX = Tensors.emptyLike(x);
          turn.run(dY.contiguous(), dX.span(), true);
          gradients.add(x, dX);
        },
        x);
  }

  private static void requireHeads(Tensor input, Tensor cos) {
    Checks.require(
        input.shape().rank() == 3
            && cos.shape().rank() >= 2
            && cos.dim(-1) > 0
            && input.dim(2) % (2 * cos.dim(-1)) == 0,
        "rotary needs [B, T, H D] and angles [T, D/2] or [B, T, D/2], got %s and %s",
        input.shape(),
        cos.shape());
  }

  private record Turn(
      Tensor cos, Tensor sin, int rows, int tableRows, int heads, int turned, int half) {
    void run(Tensor x, Span y, boolean back) {
      x.backend()
          .pointwise()
          .rotary(
              x.contiguousSpan(),
              cos.contiguousSpan(),
              sin.contiguousSpan(),
              y,
              rows,
              tableRows,
              heads,
              turned,
              half,
              back);
    }
  }
}

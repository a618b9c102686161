package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Unary;
import java.util.Locale;

/** {@code y = f(x)} element by element; formulas and derivatives stand at {@link Unary}. */
public final class UnaryOp {
  private UnaryOp() {}

  /** {@code f} of each element of {@code x}. */
  public static Tensor apply(Unary f, Tensor input) {
    Tensor x = (isSteep(f) ? Autocast.widen(input) : input).contiguous();
    Tensor y = Tensors.emptyLike(x);
    x.backend().pointwise().unary(f, x.contiguousSpan(), y.span());
    return Autograd.record(
        f.name().toLowerCase(Locale.ROOT),
        y,
        (dOutput, gradients) -> {
          Tensor dY = dOutput.contiguous();
          Tensor dX = Tensors.emptyLike(x);
          x.backend()
              .pointwise()
              .unaryBackward(
                  f, x.contiguousSpan(), y.contiguousSpan(), dY.contiguousSpan(), dX.span());
          gradients.add(x, dX);
        },
        x);
  }

  /** What turns a small rounding of x into a large one of y: in F32 under {@link Autocast}. */
  private static boolean isSteep(Unary f) {
    return f == Unary.EXP || f == Unary.LOG || f == Unary.SQUARE || f == Unary.RECIPROCAL;
  }
}

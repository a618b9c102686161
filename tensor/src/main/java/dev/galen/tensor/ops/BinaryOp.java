package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.GradNode;
import dev.galen.tensor.Gradients;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Binary;
import java.util.Locale;

/**
 * {@code y = f(a, b)} with NumPy broadcasting; the gradient of a broadcast operand is summed over
 * the repeated dimensions.
 */
public final class BinaryOp {
  private BinaryOp() {}

  /** {@code f} of each pair of elements. */
  public static Tensor apply(Binary f, Tensor a, Tensor b) {
    Tensor[] operands = Autocast.promote(a, b);
    return combine(f, operands[0], operands[1]);
  }

  private static Tensor combine(Binary f, Tensor a, Tensor b) {
    String name = f.name().toLowerCase(Locale.ROOT);
    Checks.sameKind(name, a, b);
    Shape shape = Shape.broadcast(a.shape(), b.shape());
    Tensor y = Tensors.empty(a.backend(), a.dtype(), shape);
    a.backend()
        .pointwise()
        .binary(
            f, a.span(), a.layout().expand(shape), b.span(), b.layout().expand(shape), y.span());
    GradNode.Backward backward =
        switch (f) {
          case ADD -> addition(a, b);
          case SUB ->
              (dY, gradients) -> {
                sum(gradients, a, dY);
                if (gradients.needs(b)) {
                  sum(gradients, b, dY.neg());
                }
              };
          case MUL ->
              (dY, gradients) -> {
                if (gradients.needs(a)) {
                  sum(gradients, a, dY.mul(b));
                }
                if (gradients.needs(b)) {
                  sum(gradients, b, dY.mul(a));
                }
              };
          case DIV ->
              (dY, gradients) -> {
                if (gradients.needs(a)) {
                  sum(gradients, a, dY.div(b));
                }
                if (gradients.needs(b)) {
                  sum(gradients, b, dY.mul(y.detach()).div(b).neg());
                }
              };
          case MAX, MIN ->
              (dY, gradients) -> {
                // Where both are equal each takes half, as in PyTorch.
                Tensor ofA = a.equalTo(y.detach());
                Tensor ofB = b.equalTo(y.detach());
                Tensor share = dY.div(ofA.add(ofB));
                sum(gradients, a, share.mul(ofA));
                sum(gradients, b, share.mul(ofB));
              };
          case EQUAL, LESS -> null;
        };
    return backward == null ? y : Autograd.record(name, y, backward, a, b);
  }

  /** The backward half of {@code a + b}. */
  static GradNode.Backward addition(Tensor a, Tensor b) {
    return (dY, gradients) -> {
      sum(gradients, a, dY);
      sum(gradients, b, dY);
    };
  }

  private static void sum(Gradients gradients, Tensor input, Tensor gradient) {
    if (gradients.needs(input)) {
      gradients.add(input, ReduceOp.sumTo(gradient, input.shape()));
    }
  }
}

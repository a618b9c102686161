package dev.galen.tensor.ops;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;

/**
 * Which experts a token goes to, and with what weights (Shazeer et al. 2017, arXiv 1701.06538; as
 * Mixtral has it, Jiang et al. 2024, arXiv 2401.04088): the k experts of the largest logits,
 * weighed by the softmax of these k. That is the softmax of all experts, renormalised over the k.
 *
 * <pre>{@code
 * w = softmax(x_experts),   dX_experts = w (dW - sum(dW w)), 0 for all others
 * }</pre>
 */
public final class RouteOp {
  private RouteOp() {}

  /**
   * What a router decides.
   *
   * @param weights {@code [N, k]}, F32 (F64 of F64), each row's sum is 1; with gradient
   * @param experts I32 {@code [N, k]}, the largest logit's first, of equals the first one's
   */
  public record Routing(Tensor weights, Tensor experts) {}

  /**
   * Routes each row.
   *
   * @param logits {@code [N, E]}, of the router
   * @param k experts of a token, 1 to E
   */
  public static Routing apply(Tensor logits, int k) {
    Checks.require(
        logits.shape().rank() == 2 && k >= 1 && k <= logits.dim(1),
        "routing to %d experts by logits %s; they are [N, E]",
        k,
        logits.shape());
    Tensor x = Autocast.widen(logits).contiguous();
    int rows = x.dim(0);
    int cols = x.dim(1);
    Tensor weights = Tensors.empty(x.backend(), x.dtype().statistics(), Shape.of(rows, k));
    Tensor experts = Tensors.empty(x.backend(), DType.I32, Shape.of(rows, k));
    x.backend()
        .reduce()
        .topSoftmax(x.contiguousSpan(), experts.span(), weights.span(), rows, cols, k);
    Autograd.record(
        "route",
        weights,
        (dWeights, gradients) -> {
          Tensor dX = Tensors.emptyLike(x);
          x.backend()
              .reduce()
              .topSoftmaxBackward(
                  experts.contiguousSpan(),
                  weights.contiguousSpan(),
                  dWeights.contiguous().contiguousSpan(),
                  dX.span(),
                  rows,
                  cols,
                  k);
          gradients.add(x, dX);
        },
        x);
    return new Routing(weights, experts);
  }
}

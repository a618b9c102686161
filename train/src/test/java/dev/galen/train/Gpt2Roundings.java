package dev.galen.train;

import dev.galen.tensor.DType;
import dev.galen.tensor.testing.Tolerance;
import dev.galen.train.optim.MixedPrecision;
import java.util.Arrays;

/**
 * How far F16, BF16 and TF32 may take a GPT-2 of L layers from F32: by the number of roundings on
 * the longest path, each counted where {@link dev.galen.tensor.Autocast} makes it.
 *
 * <p>Forward, a linear layer rounds its weight, its output and, where that comes from a norm, its
 * input. In a block these are 3 of c_attn, 1 of attention, 2 of c_proj, 3 of c_fc, 1 of GELU and 2
 * of the other c_proj: 12. The head has 3.
 *
 * <p>Backward, the gradient is rounded once behind the loss, and in a block where it enters each
 * half, behind both c_proj, behind GELU and behind attention: 6. The sum for c_fc's bias is rounded
 * once more on a GPU. All that was rounded forward is used a second time.
 *
 * <p>So it is where each layer is computed by itself. Where {@link
 * dev.galen.tensor.ops.FeedForwardOp} finds a kernel for GELU and its product there is one rounding
 * less each way.
 */
record Gpt2Roundings(DType dtype, int layers) {
  /** TF32 has F16's 10 bits, and is rounded to at fewer places. */
  static Gpt2Roundings of(MixedPrecision precision, int layers) {
    boolean tf32 = precision == MixedPrecision.TF32;
    return new Gpt2Roundings(tf32 ? DType.F16 : DType.valueOf(precision.name()), layers);
  }

  private long forward() {
    return 12L * layers + 3;
  }

  private long backward() {
    return 6L * layers + 2;
  }

  /** Of logits, relative to their norm. */
  double logits() {
    return Tolerance.relativeNorm(dtype, forward());
  }

  /**
   * Of a mean loss, absolutely: of the label's logit and of the logarithm of the sum.
   *
   * @param rms of the logits
   */
  double loss(double rms) {
    return 2 * logits() * rms;
  }

  /** Of each parameter's gradient, relative to its norm. */
  double gradients() {
    return Tolerance.relativeNorm(dtype, 2 * forward() + backward());
  }

  /**
   * Of a loss while training, beside its own rounding: what a run wins it wins by its gradients, so
   * that to first order it misses by their relative error of that.
   *
   * @param losses of the exact run
   */
  double training(double... losses) {
    double won = losses[0] - Arrays.stream(losses).min().orElseThrow();
    return gradients() * won;
  }

  /** {@code |got - want| / |want|} in the Euclidean norm. */
  static double relativeError(double[] want, double[] got) {
    double error = 0;
    double norm = 0;
    for (int i = 0; i < want.length; i++) {
      error += (got[i] - want[i]) * (got[i] - want[i]);
      norm += want[i] * want[i];
    }
    return Math.sqrt(error / norm);
  }
}

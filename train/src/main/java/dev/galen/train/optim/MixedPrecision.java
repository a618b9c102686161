package dev.galen.train.optim;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;

/**
 * What a model's products compute in while it trains; {@link Autocast} says which operations these
 * are. Parameters, their gradients and the optimizer's state are F32 in every one.
 */
public enum MixedPrecision {
  /** Everything in F32. */
  F32,
  /**
   * F32 tensors whose products may round their operands to TF32's 10 bits, as PyTorch does with
   * {@code allow_tf32}. The same bits as {@link #F32} on a backend without such products, which the
   * CPU's are.
   */
  TF32,
  /** Products in F16, with a loss scaled by {@link GradScaler}. */
  F16,
  /** Products in BF16, which has the range of F32 and needs no scaling. */
  BF16;

  /** Computes in it on this thread until the result is closed. */
  public Autograd.Mode open() {
    return switch (this) {
      case F32 -> Autocast.off();
      case TF32 -> Autocast.tf32();
      case F16 -> Autocast.to(DType.F16);
      case BF16 -> Autocast.to(DType.BF16);
    };
  }

  /** Whether gradients of the loss itself may be too small for it. */
  public boolean needsScaling() {
    return this == F16;
  }
}

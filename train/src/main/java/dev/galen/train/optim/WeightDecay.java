package dev.galen.train.optim;

/** What optimizers with decay have in common. */
final class WeightDecay {
  /** The name that a checkpoint and {@code --change} know it by. */
  static final String SETTING = "weight-decay";

  private WeightDecay() {}

  static void require(double decay) {
    if (!(decay >= 0 && decay < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "weight decay is " + decay + ", must be a number from 0 on");
    }
  }
}

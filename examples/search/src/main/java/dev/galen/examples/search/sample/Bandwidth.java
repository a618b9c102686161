package dev.galen.examples.search.sample;

/** How wide the kernels of numbers are. */
@FunctionalInterface
interface Bandwidth {
  /** No kernel is narrower than this share of the range. */
  double least(int kernels);

  /** 1 / min(100, 1 + kernels), the magic clip of Bergstra's code and of Optuna. */
  Bandwidth CLIPPED = kernels -> 1 / Math.min(100.0, 1 + kernels);

  /**
   * That of the best trials: 1 / min(100, 1 + (finished + kernels) / 2). By their own number alone,
   * a tenth of all, kernels stay wide, and of 100 trials the last ones would still be drawn about
   * as far from the best as a tenth of the range.
   */
  static Bandwidth ofBest(int finished) {
    return kernels -> 1 / Math.min(100.0, 1 + (finished + kernels) / 2.0);
  }
}

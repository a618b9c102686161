package dev.galen.train.schedule;

/**
 * The peak, for ever: transformers' {@code constant}, and its {@code constant_with_warmup} where
 * there is a warm-up.
 */
record Constant() implements Schedule {
  @Override
  public String name() {
    return "constant";
  }

  @Override
  public Rates over(double peak, long warmup, long total) {
    return Rates.warmed(peak, warmup, step -> peak);
  }
}

package dev.galen.train.schedule;

/** {@code peak (total - step) / (total - warmup)}, and 0 from the end of the run on. */
record Linear() implements Schedule {
  @Override
  public String name() {
    return "linear";
  }

  @Override
  public Rates over(double peak, long warmup, long total) {
    double length = Math.max(1, total - warmup);
    return Rates.warmed(peak, warmup, step -> peak * Math.max(0, total - step) / length);
  }
}

package dev.galen.train.schedule;

/**
 * The learning rate of each update: a rise over {@code warmup} updates, then a curve over the rest,
 * as in HuggingFace's {@code get_*_schedule_with_warmup}.
 *
 * @param kind the curve after the rise
 * @param peak the highest rate
 * @param warmup updates of the rise
 * @param total all updates
 */
public record Schedule(Kind kind, double peak, long warmup, long total) {
  /** Curves after the rise. */
  public enum Kind {
    /** The peak, for ever. */
    CONSTANT,
    /** A straight line to 0 at the last update. */
    LINEAR,
    /** Half a cosine to 0 at the last update (Loshchilov and Hutter 2016, arXiv 1608.03983). */
    COSINE
  }

  /** Checks the numbers. */
  public Schedule {
    if (!(peak >= 0) || warmup < 0 || total < 1) {
      throw new IllegalArgumentException(
          "schedule with learning rate %s, %d warm-up steps, %d steps"
              .formatted(peak, warmup, total));
    }
  }

  /** The rate of update {@code step}, counted from 0: the first update of a rise has rate 0. */
  public double at(long step) {
    if (step < warmup) {
      return peak * step / warmup;
    }
    double length = Math.max(1, total - warmup);
    double progress = Math.min(1, (step - warmup) / length);
    return switch (kind) {
      case CONSTANT -> peak;
      case LINEAR -> peak * Math.max(0, total - step) / length;
      case COSINE -> peak * 0.5 * (1 + Math.cos(Math.PI * progress));
    };
  }
}

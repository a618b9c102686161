package dev.galen.train.schedule;

import dev.galen.train.values.NamedValues;
import java.util.List;
import java.util.Map;

/**
 * A rise, a long stay at the peak and a fall at the end (Hu et al. 2024, arXiv 2404.06395): from
 * the lowest rate to the peak over the warm-up, and back to it over the last updates.
 *
 * @param decay updates of the fall
 * @param stable updates at the peak; null for those that the run has left
 * @param rise the curve of the warm-up
 * @param fall the curve of the fall
 * @param floor the lowest rate, as a share of the peak
 * @param cycles waves of a fall by cosine, half of one in transformers
 */
public record WarmupStableDecay(
    long decay, Long stable, Curve rise, Curve fall, double floor, double cycles)
    implements Schedule {
  /** From 0 to 1, or back. */
  public enum Curve {
    /** A straight line. */
    LINEAR("linear"),
    /** A cosine. */
    COSINE("cosine"),
    /** One less a root: slow at first where it rises, fast at first where it falls. */
    ROOT("1-sqrt");

    private final String word;

    Curve(String word) {
      this.word = word;
    }

    static final List<String> WORDS = List.of(LINEAR.word, COSINE.word, ROOT.word);

    static Curve named(String word) {
      return values()[WORDS.indexOf(word)];
    }

    private double up(double x) {
      return switch (this) {
        case LINEAR -> x;
        case COSINE -> 0.5 * (1 - Math.cos(Math.PI * x));
        case ROOT -> 1 - Math.sqrt(1 - x);
      };
    }

    private double down(double x, double cycles) {
      return switch (this) {
        case LINEAR -> 1 - x;
        case COSINE -> Cosine.wave(cycles, x);
        case ROOT -> 1 - Math.sqrt(x);
      };
    }
  }

  /** Checks the numbers. */
  public WarmupStableDecay {
    Checks.require(decay >= 0, "num_decay_steps", decay, "at least 0");
    Checks.require(stable == null || stable >= 0, "num_stable_steps", stable, "at least 0");
    Checks.requireShare("min_lr_ratio", floor);
    Checks.requirePositive("num_cycles", cycles);
  }

  @Override
  public String name() {
    return "warmup_stable_decay";
  }

  @Override
  public Map<String, String> settings() {
    return NamedValues.text(
        "num_decay_steps",
        decay,
        "num_stable_steps",
        stable,
        "warmup_type",
        Checks.unless(Curve.LINEAR.word, rise.word),
        "decay_type",
        Checks.unless(Curve.COSINE.word, fall.word),
        "min_lr_ratio",
        Checks.unless(0.0, floor),
        "num_cycles",
        Checks.unless(Cosine.HALF, cycles));
  }

  @Override
  public Rates over(double peak, long warmup, long total) {
    long falls = stable == null ? total - decay : warmup + stable;
    return step -> {
      if (step < warmup) {
        return peak * Floor.above(floor, rise.up((double) step / warmup));
      }
      if (step < falls) {
        return peak;
      }
      if (step < falls + decay) {
        return peak * Floor.above(floor, fall.down((double) (step - falls) / decay, cycles));
      }
      return peak * floor;
    };
  }
}

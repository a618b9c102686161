package dev.galen.examples.search.sample;

import dev.galen.examples.search.space.Choices;
import dev.galen.examples.search.space.FloatRange;
import dev.galen.examples.search.space.IntRange;
import dev.galen.examples.search.space.Range;
import dev.galen.examples.search.trial.History;
import java.util.random.RandomGenerator;

/**
 * Every value alike, or every order of magnitude alike where the range is logarithmic (Bergstra and
 * Bengio, "Random Search for Hyper-Parameter Optimization", JMLR 2012).
 *
 * @param seed of the random numbers
 */
public record RandomSampler(long seed) implements Sampler {
  @Override
  public double sample(History history, int number, String name, Range range) {
    return draw(range, Seeds.of(seed, number, name));
  }

  /** One value of {@code range}. */
  static double draw(Range range, RandomGenerator random) {
    return switch (range) {
      case Choices choices -> random.nextInt(choices.labels().size());
      case FloatRange f -> Scale.of(f).value(random.nextDouble());
      case IntRange i -> Scale.of(i).value(random.nextDouble());
    };
  }

  @Override
  public String text() {
    return "random, seed " + seed;
  }
}

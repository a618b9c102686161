package dev.galen.train.run;

import dev.galen.train.data.Resampling;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.data.TokenSequences;
import java.util.Locale;
import java.util.function.Function;

/** How often a run learns texts of rare classes, see {@link Resampling}; never what it measures. */
public enum Resample {
  /** Each text once a pass. */
  NONE,
  /** As many of each class as the largest has. */
  OVERSAMPLE,
  /** As many of each class as the smallest has. */
  UNDERSAMPLE,
  /** As many as there are, drawn with replacement so that each class is as likely as each other. */
  BALANCED;

  /** Its name in options and in a run's JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The sequences to learn, chosen by the seed. */
  TokenSequences of(TokenSequences sequences, long seed) {
    Function<TokenSequence, Integer> classOf = sequence -> sequence.labels()[0];
    return switch (this) {
      case NONE -> sequences;
      case OVERSAMPLE -> TokenSequences.of(Resampling.oversampled(sequences, classOf, seed));
      case UNDERSAMPLE -> TokenSequences.of(Resampling.undersampled(sequences, classOf, seed));
      case BALANCED -> TokenSequences.of(Resampling.balanced(sequences, classOf, seed));
    };
  }
}

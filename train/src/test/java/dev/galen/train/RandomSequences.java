package dev.galen.train;

import dev.galen.model.testing.TinyModels;
import dev.galen.train.data.TokenSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random sequences for {@link TinyModels#gpt2}. */
public final class RandomSequences {
  private RandomSequences() {}

  /** Sequences of 5 to 40 tokens with some labels ignored, at random. */
  public static List<TokenSequence> of(int count, long seed) {
    var random = new SplittableRandom(seed);
    var sequences = new ArrayList<TokenSequence>();
    for (int i = 0; i < count; i++) {
      var ids = new int[random.nextInt(5, 41)];
      var labels = new int[ids.length];
      int masked = random.nextInt(ids.length - 2);
      for (int t = 0; t < ids.length; t++) {
        ids[t] = random.nextInt(TinyModels.VOCABULARY);
        labels[t] = t < masked ? TokenSequence.IGNORE_INDEX : ids[t];
      }
      sequences.add(new TokenSequence(ids, labels));
    }
    return sequences;
  }
}

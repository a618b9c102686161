package dev.galen.model.generate;

import java.util.Set;

/** What makes no sense of a {@link GenerationConfig}, said in one line. */
final class ConfigChecks {
  private ConfigChecks() {}

  static void requireSearch(int beams, double lengthPenalty) {
    if (beams < 1) {
      throw new IllegalArgumentException(
          "the number of beams is %d, must be at least 1".formatted(beams));
    }
    if (!Double.isFinite(lengthPenalty)) {
      throw new IllegalArgumentException(
          "length penalty is %s, must be a finite number".formatted(lengthPenalty));
    }
  }

  static void requireNoDraws(int beams, boolean sample, double temperature, int topK, double topP) {
    if (beams > 1 && sample) {
      throw new IllegalArgumentException(
          ("beam search with %d beams draws no tokens: leave out the beams, or sampling with"
                  + " temperature %s, top-k %s, top-p %s")
              .formatted(
                  beams, temperature, topK == GenerationConfig.ALL_TOKENS ? "all" : topK, topP));
    }
  }

  static void requireSequences(int sequences, boolean sample, int beams) {
    if (sequences < 1) {
      throw new IllegalArgumentException(
          "the number of texts to return is %d, must be at least 1".formatted(sequences));
    }
    if (sequences > 1 && !sample && sequences > beams) {
      throw new IllegalArgumentException(
          beams == 1
              ? "greedy decoding gives one text, not %d; sample, or search with beams"
                  .formatted(sequences)
              : "a search with %d beams gives at most as many texts, not %d"
                  .formatted(beams, sequences));
    }
  }

  static void requireEnds(int maxLength, Set<Integer> ends) {
    if (maxLength < 1) {
      throw new IllegalArgumentException(
          "max_length is %d, must be at least 1".formatted(maxLength));
    }
    for (int id : ends) {
      if (id < 0) {
        throw new IllegalArgumentException(
            "an end-of-text id is %d, must be a token's id".formatted(id));
      }
    }
  }
}

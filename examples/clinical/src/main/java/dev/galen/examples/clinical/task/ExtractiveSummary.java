package dev.galen.examples.clinical.task;

import dev.galen.examples.clinical.baseline.SparseVector;
import dev.galen.examples.clinical.baseline.TfIdf;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Summaries of a text's own sentences: the first k, or the k that are nearest to the centroid of
 * all its sentences, in the text's order (Radev, Jing, Styś and Tam, "Centroid-based summarization
 * of multiple documents", 2004): with sentences as TF-IDF vectors v_i of length 1, the score is v_i
 * · c with c = Σ v_j.
 */
final class ExtractiveSummary {
  /** Numbers of sentences that are tried. */
  static final List<Integer> LENGTHS = List.of(1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40);

  private final TfIdf words;

  private ExtractiveSummary(TfIdf words) {
    this.words = words;
  }

  /**
   * Learns how rare words are.
   *
   * @param sentences of training dialogues
   */
  static ExtractiveSummary of(List<String> sentences) {
    return new ExtractiveSummary(TfIdf.of(sentences, TfIdf.Settings.DEFAULT));
  }

  /** The first {@code k} sentences, or all where there are fewer. */
  static String lead(List<String> sentences, int k) {
    return String.join(" ", sentences.subList(0, Math.min(k, sentences.size())));
  }

  /** The {@code k} sentences nearest to the centroid, or all where there are fewer. */
  String centroid(List<String> sentences, int k) {
    List<SparseVector> vectors = words.vectors(sentences);
    Map<Integer, Double> centroid = new HashMap<>();
    for (SparseVector vector : vectors) {
      for (int i = 0; i < vector.indices().length; i++) {
        centroid.merge(vector.indices()[i], vector.values()[i], Double::sum);
      }
    }
    List<String> chosen =
        IntStream.range(0, sentences.size())
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer s) -> -score(vectors.get(s), centroid))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(k)
            .sorted()
            .map(sentences::get)
            .toList();
    return String.join(" ", chosen);
  }

  private static double score(SparseVector vector, Map<Integer, Double> centroid) {
    double score = 0;
    for (int i = 0; i < vector.indices().length; i++) {
      score += vector.values()[i] * centroid.get(vector.indices()[i]);
    }
    return score;
  }
}

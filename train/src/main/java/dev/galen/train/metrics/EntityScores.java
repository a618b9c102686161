package dev.galen.train.metrics;

import dev.galen.train.metrics.EntityScheme.Entity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Precision, recall and F of whole entities, as seqeval computes them (Tjong Kim Sang and De
 * Meulder, CoNLL 2003): an entity is right if its type, its first and its last word are.
 */
public final class EntityScores {
  private final List<String> types;
  private final ClassScores scores;
  private final double accuracy;

  private EntityScores(List<String> types, ClassScores scores, double accuracy) {
    this.types = types;
    this.scores = scores;
    this.accuracy = accuracy;
  }

  /**
   * Compares sentences.
   *
   * @param truth the tags of each sentence, at least one
   * @param predicted as many tags for each
   */
  public static EntityScores of(
      List<List<String>> truth, List<List<String>> predicted, EntityScheme scheme) {
    Weighted.requireExamples("Entity F1", truth.size(), predicted.size(), null);
    var counts = new TreeMap<String, double[]>(); // found, predicted, occurring
    long tags = 0;
    long right = 0;
    for (int s = 0; s < truth.size(); s++) {
      var is = truth.get(s);
      var said = predicted.get(s);
      if (is.size() != said.size()) {
        throw new IllegalArgumentException(
            "Example %s has %s tags and %s predicted ones".formatted(s, is.size(), said.size()));
      }
      for (int i = 0; i < is.size(); i++) {
        right += is.get(i).equals(said.get(i)) ? 1 : 0;
      }
      tags += is.size();
      Set<Entity> there = scheme.entities(is);
      Set<Entity> found = scheme.entities(said);
      there.forEach(entity -> of(counts, entity)[2]++);
      for (var entity : found) {
        double[] its = of(counts, entity);
        its[1]++;
        its[0] += there.contains(entity) ? 1 : 0;
      }
    }
    var types = new ArrayList<>(counts.keySet());
    var scores =
        ClassScores.ofCounts(
            column(counts, types, 0), column(counts, types, 1), column(counts, types, 2));
    return new EntityScores(types, scores, (double) right / tags);
  }

  private static double[] of(TreeMap<String, double[]> counts, Entity entity) {
    return counts.computeIfAbsent(entity.type(), type -> new double[3]);
  }

  private static double[] column(TreeMap<String, double[]> counts, List<String> types, int column) {
    return types.stream().mapToDouble(type -> counts.get(type)[column]).toArray();
  }

  /** The types that occur on either side, sorted. */
  public List<String> types() {
    return List.copyOf(types);
  }

  /** The scores of each type, and their averages; of the latter there may be none. */
  public ClassScores scores() {
    return scores;
  }

  /**
   * An average; 0 where there is no entity on either side, unless {@code zeroDivision} is other.
   */
  public ClassScores.Scores average(Averaging averaging, double zeroDivision) {
    return types.isEmpty()
        ? new ClassScores.Scores(zeroDivision, zeroDivision, zeroDivision, Double.NaN)
        : scores.average(averaging, 1, zeroDivision);
  }

  /** The share of tags that are right. */
  public double accuracy() {
    return accuracy;
  }
}

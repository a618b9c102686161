package dev.galen.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How much labels of each class count while a classifier or a tagger learns. The loss of an update
 * is {@code Σ w[y] (-ln p[y]) / Σ w[y]} over its labels y, in however many batches they lie: that
 * of {@code torch.nn.CrossEntropyLoss(weight=w)}. Losses that are measured on held-out data are not
 * weighted.
 *
 * @param values w, one for each class in the model's order; none where {@code balanced} or where
 *     all count the same
 * @param balanced whether each class counts the same in all: {@code w[k] = n / (K n[k])}, of n
 *     training labels n[k] of the class k, of K; scikit-learn's {@code class_weight="balanced"}
 *     (after King and Zeng, "Logistic Regression in Rare Events Data", 2001)
 */
public record ClassWeights(List<Double> values, boolean balanced) {
  /** Every label counts the same. */
  public static final ClassWeights NONE = new ClassWeights(List.of(), false);

  /** Every class counts the same. */
  public static final ClassWeights BALANCED = new ClassWeights(List.of(), true);

  private static final String WORD = "balanced";

  /** Refuses numbers below 0, and none above it. */
  public ClassWeights {
    values = List.copyOf(values);
    if (balanced && !values.isEmpty()) {
      throw new IllegalArgumentException("class weights are balanced or numbers, not both");
    }
    for (double value : values) {
      TrainingConfig.require(
          value >= 0 && Double.isFinite(value), "a class weight", value, "finite and at least 0");
    }
    boolean none = !values.isEmpty() && values.stream().allMatch(value -> value == 0);
    TrainingConfig.require(!none, "class-weights", values, "above 0 for a class at least");
  }

  /** These, one for each class. */
  public static ClassWeights of(double... values) {
    var all = new ArrayList<Double>();
    for (double value : values) {
      all.add(value);
    }
    return new ClassWeights(all, false);
  }

  /**
   * Of words.
   *
   * @param text {@code balanced}, or numbers with commas between them: {@code 1,2.5,1}
   */
  public static ClassWeights parse(String text) {
    if (text.strip().equals(WORD)) {
      return BALANCED;
    }
    var values = new ArrayList<Double>();
    for (String part : text.split(",", -1)) {
      try {
        values.add(Double.valueOf(part.strip()));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "class weights are \"%s\", must be balanced, or numbers such as 1,2.5,1"
                .formatted(text),
            e);
      }
    }
    return new ClassWeights(values, false);
  }

  /** Whether every label counts the same. */
  public boolean areNone() {
    return values.isEmpty() && !balanced;
  }

  /** As {@link #parse} reads them. */
  public String text() {
    return balanced ? WORD : values.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}

package dev.galen.model;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What a model's shape says whatever its architecture. Each architecture has a record of its own;
 * copies with one part changed come from the {@code with} methods.
 */
public interface ModelConfig {
  /** The {@code model_type} of HuggingFace's config. */
  String modelType();

  /** V. */
  int vocabularySize();

  /** The largest T of a text: what is longer is cut. */
  int contextLength();

  /**
   * The largest T that the model takes: {@link #contextLength}, unless a model that has no absolute
   * positions says otherwise; {@link Integer#MAX_VALUE} where there is no bound.
   */
  default int maxLength() {
    return contextLength();
  }

  /**
   * How many segments the model tells apart: {@link Inputs#tokenTypes} lie below it. {@link
   * Integer#MAX_VALUE} for a model that does not look at them, which is the default.
   */
  default int tokenTypes() {
    return Integer.MAX_VALUE;
  }

  /**
   * What a model's outputs follow from besides the values and shapes of its parameters: see {@link
   * Model#settings}.
   */
  default SequencedMap<String, String> settings() {
    return new LinkedHashMap<>();
  }

  /** The ids that have a meaning. */
  SpecialIds special();

  /** A classifier's classes. */
  ClassNames classes();

  /** The probability of dropout in the residual stream. */
  double dropout();

  /**
   * Parameters of the language model, to compare with the memory there is. A double, since a
   * nonsensical config overflows every integer.
   */
  double parameterCount();

  /** With another vocabulary. */
  ModelConfig withVocabulary(int size, SpecialIds ids);

  /** With one probability for all dropouts. */
  ModelConfig withDropout(double p);

  /** With other classes. */
  ModelConfig withClasses(ClassNames classes);
}

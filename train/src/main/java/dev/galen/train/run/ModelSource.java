package dev.galen.train.run;

import dev.galen.tensor.backend.WeightFormat;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where a run's model comes from: a directory, or a shape with random weights.
 *
 * @param directory a HuggingFace directory or the id of a downloaded one; null for random weights
 * @param config a {@code config.json} with the shape of a new model, or null
 * @param preset the name of such a shape, see {@link
 *     dev.galen.model.pretrained.Architectures#presets}; null with one of the others
 * @param tokenizer a directory with a tokenizer; null for the model's own, or for one that is
 *     trained on the data
 * @param dropout all dropout probabilities; null for the config's
 * @param newTokens what the tokenizer is to know beside its own
 * @param weights how the matrices of a directory lie; packed ones do not learn, but an adapter
 *     beside them does
 */
public record ModelSource(
    String directory,
    Path config,
    String preset,
    Path tokenizer,
    Double dropout,
    NewTokens newTokens,
    WeightFormat weights) {

  /** Checks that there is at most one source. */
  public ModelSource {
    if (directory != null && (config != null || preset != null)) {
      throw new IllegalArgumentException(
          "a model's directory brings its own config; leave out config and preset");
    }
    if (config != null && preset != null) {
      throw new IllegalArgumentException("give config or preset, not both");
    }
    if (dropout != null && !(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout is " + dropout + ", must be in [0, 1)");
    }
    if (weights.isPacked() && !newTokens.areNone()) {
      throw new IllegalArgumentException(
          "weights is %s, must be f32 where new tokens get rows of their own"
              .formatted(weights.name().toLowerCase(Locale.ROOT)));
    }
  }

  /** Without new tokens, its matrices F32. */
  public ModelSource(String directory, Path config, String preset, Path tokenizer, Double dropout) {
    this(directory, config, preset, tokenizer, dropout, NewTokens.NONE, WeightFormat.F32);
  }

  /** The same with new tokens. */
  public ModelSource withNewTokens(NewTokens newTokens) {
    return new ModelSource(directory, config, preset, tokenizer, dropout, newTokens, weights);
  }

  /** The same with matrices in another form. */
  public ModelSource withWeights(WeightFormat weights) {
    return new ModelSource(directory, config, preset, tokenizer, dropout, newTokens, weights);
  }

  /** The model of a directory, as it is. */
  public static ModelSource of(String directory) {
    return new ModelSource(directory, null, null, null, null);
  }

  /** A new model of a known shape, with a tokenizer of its own. */
  public static ModelSource preset(String name) {
    return new ModelSource(null, null, name, null, null);
  }

  /** Where it comes from, for messages. */
  String name() {
    return directory != null ? directory : config != null ? config.toString() : "preset " + preset;
  }

  /** Whether it has learned before. */
  public boolean isPretrained() {
    return directory != null;
  }
}

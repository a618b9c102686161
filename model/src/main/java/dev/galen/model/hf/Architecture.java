package dev.galen.model.hf;

import dev.galen.model.ModelConfig;
import dev.galen.tensor.io.TensorFiles;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A family of models as HuggingFace knows it: what its {@code config.json} means, what its tensors
 * are called, and which models can be made of both. One of another jar is found by {@link
 * java.util.ServiceLoader} under this interface's name.
 *
 * @param <C> the shape of its models
 */
public interface Architecture<C extends ModelConfig> {
  /** The {@code model_type} of its configs. */
  String modelType();

  /** C. */
  Class<C> configType();

  /**
   * Other names that a config may use, each with the one it stands for: {@code attribute_map} of
   * transformers. Where both are given the other one counts.
   */
  Map<String, String> otherNames();

  /**
   * Reads a config; what its models would not compute is refused.
   *
   * @throws IllegalArgumentException naming the field
   */
  C read(ConfigJson json);

  /**
   * The fields of a config in the order that they are written in: numbers, strings, booleans, null,
   * lists and maps of these. Those that every model has ({@code model_type}, {@code architectures},
   * {@code dtype}, a classifier's labels) are written by {@link ConfigJson}.
   */
  SequencedMap<String, Object> write(C config);

  /**
   * The shape of a model of which there is a config alone; where there are weights, {@link #names}
   * has the last word. The same unless an architecture says otherwise.
   */
  default C withoutWeights(ConfigJson json, C config) {
    return config;
  }

  /** What stands on its trunk; the first is what a directory holds unless it has another's. */
  List<Head<C, ?>> heads();

  /**
   * What the files of a directory call the parameters of a model.
   *
   * @throws IllegalArgumentException if they hold another kind of model
   */
  TensorNames<C> names(TensorFiles files, C config, Head<C, ?> head);

  /** Sizes that have a name, such as {@code gpt2-medium}. */
  SequencedMap<String, C> presets();
}

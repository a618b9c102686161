package dev.galen.model.pretrained;

import dev.galen.model.ClassNames;
import dev.galen.model.Model;
import dev.galen.model.ModelConfig;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.SpecialIds;
import dev.galen.model.hf.ModelDirectory;
import dev.galen.model.lora.AdapterDirectory;
import dev.galen.model.lora.Adapters;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.WeightFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A model of one directory with an adapter of another, in use.
 *
 * @param pretrained the model
 * @param adapters the adapter, as {@code default}
 * @param <M> the kind of model
 */
public record Adapted<M extends Model>(Pretrained<M> pretrained, Adapters adapters) {
  private static final String NAME = "default";

  /** Adds the adapter of a directory to a model that is loaded. */
  public static <M extends Model> Adapted<M> of(Pretrained<M> pretrained, Path adapter)
      throws IOException {
    var adapters = new Adapters(pretrained.model());
    adapters.load(NAME, adapter);
    return new Adapted<>(pretrained, adapters);
  }

  /**
   * Loads both. A model that has no head for {@code role} gets the adapter's, where the adapter has
   * one: a language model with the adapter of a classifier is one.
   *
   * @param format how the model's own matrices are kept
   * @throws IOException in one line that names the file and what does not fit
   */
  public static <M extends Model> Adapted<M> load(
      Path directory, Path adapter, Device device, Class<M> role, WeightFormat format)
      throws IOException {
    new AdapterDirectory(adapter).config(); // refused before the weights are read
    return of(pretrained(directory, adapter, device, role, format), adapter);
  }

  private static <M extends Model> Pretrained<M> pretrained(
      Path directory, Path adapter, Device device, Class<M> role, WeightFormat format)
      throws IOException {
    Optional<Integer> classes = new AdapterDirectory(adapter).classes();
    if (classes.isEmpty() || Pretrained.hasHead(directory, role)) {
      return Pretrained.load(directory, device, role, format);
    }
    UnaryOperator<ModelConfig> shape = shape(adapter, role, classes.get());
    return DirectoryLoad.of(directory, role, shape, true).run(device, format);
  }

  /** The classes' names are those of the config that Galen leaves beside an adapter, if any. */
  private static UnaryOperator<ModelConfig> shape(Path adapter, Class<?> role, int classes)
      throws IOException {
    if (ModelDirectory.isThere(adapter.resolve("config.json"))) {
      ModelConfig told = Pretrained.readConfig(adapter);
      if (told.classes().count() == classes) {
        return config ->
            config
                .withClasses(told.classes())
                .withVocabulary(config.vocabularySize(), told.special());
      }
    }
    return config -> {
      ModelConfig named = config.withClasses(ClassNames.of(classes));
      SpecialIds special = config.special();
      boolean padded = special.padding() >= 0 || special.ends().isEmpty();
      return padded || !SequenceClassifier.class.isAssignableFrom(role)
          ? named
          : named.withVocabulary(
              config.vocabularySize(),
              new SpecialIds(special.beginning(), special.ends(), special.ends().getFirst()));
    };
  }
}

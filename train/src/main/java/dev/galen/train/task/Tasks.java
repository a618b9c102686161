package dev.galen.train.task;

import static java.util.stream.Collectors.joining;

import dev.galen.model.MaskedLm;
import dev.galen.model.Model;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.TokenClassifier;
import dev.galen.model.pretrained.Pretrained;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The tasks there are: Galen's own, and those that {@link ServiceLoader} finds in other jars. */
public final class Tasks {
  private static final List<Task<?>> OWN =
      List.of(
          new CausalTask(),
          new ClassificationTask(),
          new EncodedTask<>("masked-lm", MaskedLm.class),
          new EncodedTask<>("tagging", TokenClassifier.class),
          new EncodedTask<>("seq2seq", Seq2SeqLm.class),
          new PreferenceTask());

  private Tasks() {}

  /**
   * The task of a name.
   *
   * @throws IllegalArgumentException naming those there are
   */
  public static Task<?> named(String name) {
    return all()
        .filter(task -> task.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the task %s is none of %s"
                        .formatted(name, all().map(Task::name).collect(joining(", ")))));
  }

  /**
   * What a directory's model is for, as its {@code config.json} says; language modelling where that
   * says nothing that is understood, which loading it will tell.
   */
  public static Task<?> ofDirectory(Path directory) {
    try {
      Class<? extends Model> kind = Pretrained.kind(directory);
      return all()
          .filter(task -> task.role().isAssignableFrom(kind))
          .findFirst()
          .orElse(OWN.getFirst());
    } catch (IOException e) {
      return OWN.getFirst();
    }
  }

  /** Galen's first. Other jars are only looked at when the stream gets there. */
  private static Stream<Task<?>> all() {
    return Stream.concat(
        OWN.stream(),
        Stream.of(Task.class)
            .flatMap(service -> ServiceLoader.load(service).stream())
            .map(provider -> (Task<?>) provider.get()));
  }
}

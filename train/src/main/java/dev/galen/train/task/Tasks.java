package dev.galen.train.task;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The tasks there are: Galen's own, and those that {@link ServiceLoader} finds in other jars. */
public final class Tasks {
  private static final List<Task<?>> OWN = List.of(new CausalTask(), new ClassificationTask());

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

  /** Galen's first. Other jars are only looked at when the stream gets there. */
  private static Stream<Task<?>> all() {
    return Stream.concat(
        OWN.stream(),
        Stream.of(Task.class)
            .flatMap(service -> ServiceLoader.load(service).stream())
            .map(provider -> (Task<?>) provider.get()));
  }
}

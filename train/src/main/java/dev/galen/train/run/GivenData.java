package dev.galen.train.run;

import dev.galen.train.data.Examples;
import java.io.IOException;
import java.util.Objects;

/**
 * Data that a program gives to a run in the place of files. A run's JSON has their name alone: who
 * repeats it gives them again. Two are equal if they have one name.
 */
public final class GivenData {
  /**
   * What there is.
   *
   * @param train learned
   * @param validation measured; may be empty
   * @param about one line for the report: what they are and how many
   */
  public record Content(Examples train, Examples validation, String about) {
    /** Checks that nothing is null. */
    public Content {
      Objects.requireNonNull(train, "train");
      Objects.requireNonNull(validation, "validation");
      Objects.requireNonNull(about, "about");
    }
  }

  /** Makes or reads the data. */
  @FunctionalInterface
  public interface Loader {
    /**
     * The same data each time: called when a run begins, and again where it looks for the examples
     * of a batch.
     */
    Content load() throws IOException;
  }

  private final String name;
  private final Loader loader;

  private GivenData(String name, Loader loader) {
    this.name = name;
    this.loader = loader;
  }

  /**
   * Data with a name.
   *
   * @param name for a run's JSON and its messages
   */
  public static GivenData of(String name, Loader loader) {
    return new GivenData(
        Objects.requireNonNull(name, "name"), Objects.requireNonNull(loader, "loader"));
  }

  /** What a run's JSON knows of them. */
  static GivenData named(String name) {
    return new GivenData(
        name,
        () -> {
          throw new IllegalArgumentException(
              "data.given is \"%s\", which the program that made this run gave it; repeat it there, or"
                      .formatted(name)
                  + " name files in data.train");
        });
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** The data. */
  Content load() throws IOException {
    return loader.load();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GivenData that && that.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}

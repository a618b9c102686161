package dev.galen.train.run;

import java.nio.file.Path;
import java.util.List;

/**
 * What a run learns from.
 *
 * @param train files; none for the clinical corpus that Galen carries
 * @param validation a file to measure on; null for a tenth of the training data, chosen by hash
 * @param length the greatest length of a sequence in tokens; null for the model's context
 */
public record DataSource(List<Path> train, Path validation, Integer length) {
  /** Keeps its own copy. */
  public DataSource {
    train = List.copyOf(train);
  }

  /** These files, of which a tenth is held out. */
  public static DataSource of(Path... train) {
    return new DataSource(List.of(train), null, null);
  }
}

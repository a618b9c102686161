package dev.galen.train.run;

import dev.galen.train.data.Packing;
import java.nio.file.Path;
import java.util.List;

/**
 * What a run learns from.
 *
 * @param train files; none for the clinical corpus that Galen carries
 * @param validation a file to measure on; null for a tenth of the training data, chosen by hash
 * @param length the greatest length of a sequence in tokens; null for the model's context
 * @param packing how the training data's documents are packed into rows of that length; null for a
 *     row each, but texts joined and cut into full rows
 */
public record DataSource(List<Path> train, Path validation, Integer length, Packing packing) {
  /** Keeps its own copy. */
  public DataSource {
    train = List.copyOf(train);
  }

  /** Documents that are not packed. */
  public DataSource(List<Path> train, Path validation, Integer length) {
    this(train, validation, length, null);
  }

  /** The same with documents packed. */
  public DataSource withPacking(Packing packing) {
    return new DataSource(train, validation, length, packing);
  }

  /** These files, of which a tenth is held out. */
  public static DataSource of(Path... train) {
    return new DataSource(List.of(train), null, null);
  }
}

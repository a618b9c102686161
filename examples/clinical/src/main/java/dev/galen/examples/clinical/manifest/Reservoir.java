package dev.galen.examples.clinical.manifest;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.train.data.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A sample of documents, each with the same probability, however many there are: Vitter's algorithm
 * R (1985). It is a function of the seed and of how many documents there are.
 */
public final class Reservoir implements DocumentSource.Sink {
  private final int size;
  private final SplittableRandom random;
  private final List<Drawn> drawn = new ArrayList<>();
  private long seen;
  private long rejected;

  private record Drawn(long number, Document document) {}

  /**
   * A sample of {@code size} documents, or of all if there are fewer.
   *
   * @throws IllegalArgumentException if the size is below 1
   */
  public Reservoir(int size, long seed) {
    if (size < 1) {
      throw new IllegalArgumentException("size is " + size + ", must be at least 1");
    }
    this.size = size;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public void accept(Document document) {
    seen++;
    if (drawn.size() < size) {
      drawn.add(new Drawn(seen, document));
      return;
    }
    long place = random.nextLong(seen);
    if (place < size) {
      drawn.set((int) place, new Drawn(seen, document));
    }
  }

  @Override
  public void reject(Origin origin, String problem) {
    rejected++;
  }

  @Override
  public void end() {}

  /** How many documents it was drawn from. */
  public long seen() {
    return seen;
  }

  /** How many records could not be used. */
  public long rejected() {
    return rejected;
  }

  /** The sample in the source's order. */
  public List<Document> documents() {
    return drawn.stream()
        .sorted(Comparator.comparingLong(Drawn::number))
        .map(Drawn::document)
        .toList();
  }
}

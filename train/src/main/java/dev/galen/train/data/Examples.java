package dev.galen.train.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Examples that can be gone through as often as needed, always in one order: held in memory, or
 * handed out anew by their source each time.
 */
public final class Examples {

  /** What hands examples out, as often as it is asked. */
  @FunctionalInterface
  public interface Source {
    /**
     * Gives all of them to {@code sink}, one by one.
     *
     * @throws IOException if they cannot be read
     */
    void forEach(Consumer<Example> sink) throws IOException;
  }

  private final List<Example> held;
  private final Source source;
  private final long count;
  private final boolean tokenised;

  private Examples(List<Example> held, Source source, Counter counter) {
    this.held = held;
    this.source = source;
    this.count = counter.count;
    this.tokenised = counter.tokenised;
  }

  /** Examples that are held already; the list is copied. */
  public static Examples of(List<? extends Example> examples) {
    List<Example> held = List.copyOf(examples);
    var counter = new Counter();
    held.forEach(counter);
    return new Examples(held, held::forEach, counter);
  }

  /**
   * Examples that are read each time they are gone through; once now, so that whatever is wrong
   * with them is found at once.
   *
   * @param source hands out the same examples in the same order each time
   * @throws IOException if the source cannot be read
   */
  public static Examples of(Source source) throws IOException {
    var counter = new Counter();
    source.forEach(counter);
    return new Examples(null, source, counter);
  }

  /** Those that {@code wanted} says yes to, now and each time it is asked. */
  public Examples where(Predicate<? super Example> wanted) throws IOException {
    if (held != null) {
      return of(held.stream().filter(wanted).toList());
    }
    return of(
        sink ->
            forEach(
                example -> {
                  if (wanted.test(example)) {
                    sink.accept(example);
                  }
                }));
  }

  /**
   * One part of them, see {@link Split#byHash}.
   *
   * @param validation the share of validation
   * @param test the share of test
   */
  public Examples part(Split.Part part, double validation, double test, long seed)
      throws IOException {
    return where(example -> Split.partOf(example, validation, test, seed) == part);
  }

  /** How many there are. */
  public long count() {
    return count;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return count == 0;
  }

  /** Whether any of them is a tokenised sequence. */
  public boolean tokenised() {
    return tokenised;
  }

  /**
   * Gives all of them to {@code sink}, one by one.
   *
   * @throws IOException if a file can no longer be read, or was changed meanwhile
   */
  public void forEach(Consumer<Example> sink) throws IOException {
    source.forEach(sink);
  }

  /**
   * All of them, one by one, if the stream's last operation takes them so; an {@link IOException}
   * arrives as an {@link UncheckedIOException}.
   */
  public Stream<Example> stream() {
    return Stream.of(source)
        .mapMulti(
            (from, sink) -> {
              try {
                from.forEach(sink::accept);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  private static final class Counter implements Consumer<Example> {
    private long count;
    private boolean tokenised;

    @Override
    public void accept(Example example) {
      count++;
      tokenised |= example.tokenised();
    }
  }
}

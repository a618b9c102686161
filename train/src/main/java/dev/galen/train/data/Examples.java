package dev.galen.train.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
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

  /**
   * Examples of which it is known how many there are, so that they are not read now.
   *
   * @param source hands them out
   * @param tokenised whether any of them is a tokenised sequence
   */
  public static Examples known(Source source, long count, boolean tokenised) {
    var counter = new Counter();
    counter.count = count;
    counter.tokenised = tokenised;
    return new Examples(null, source, counter);
  }

  /** Those at these ascending places, counted from 0; what stands behind the last is not read. */
  public List<Example> at(long... places) throws IOException {
    var found = new ArrayList<Example>();
    var place = new long[1];
    try {
      if (places.length > 0) {
        forEach(
            example -> {
              if (place[0]++ == places[found.size()]) {
                found.add(example);
                if (found.size() == places.length) {
                  throw Enough.ENOUGH;
                }
              }
            });
      }
    } catch (Enough e) {
      return found;
    }
    if (found.size() < places.length) {
      throw new IndexOutOfBoundsException(
          "place " + places[found.size()] + " of " + place[0] + " examples");
    }
    return found;
  }

  /** Ends the reading of a source. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final Enough ENOUGH = new Enough();

    private Enough() {
      super(null, null, false, false);
    }
  }

  /**
   * What {@code made} makes of each, now and each time it is asked: a note without its header, say.
   */
  public Examples map(Function<? super Example, ? extends Example> made) throws IOException {
    return held != null
        ? of(held.stream().<Example>map(made).toList())
        : of(sink -> forEach(example -> sink.accept(made.apply(example))));
  }

  /**
   * Those at these places, counted from 0, in this order.
   *
   * @throws IllegalStateException if they are read as a stream, and the places do not ascend:
   *     encode them, and use {@link TokenSequences#select}
   */
  public Examples select(int... places) throws IOException {
    for (int place : places) {
      Objects.checkIndex(place, count);
    }
    if (held != null) {
      return of(Selected.of(held, places));
    }
    int[] ascending = places.clone();
    for (int i = 1; i < ascending.length; i++) {
      if (ascending[i] <= ascending[i - 1]) {
        throw new IllegalStateException(
            "these examples are read as a stream, in one order; encode them and select sequences");
      }
    }
    return of(sink -> select(ascending, sink));
  }

  private void select(int[] ascending, Consumer<Example> sink) throws IOException {
    var next = new int[2]; // the place that is read, and the entry that is looked for
    forEach(
        example -> {
          if (next[1] < ascending.length && ascending[next[1]] == next[0]) {
            sink.accept(example);
            next[1]++;
          }
          next[0]++;
        });
  }

  /** All of them in an order of the seed's, see {@link Permutation} and {@link #select}. */
  public Examples shuffle(long seed) throws IOException {
    return select(Permutation.of(Math.toIntExact(count), seed));
  }

  /** Those that {@code wanted} says yes to, now and each time it is asked. */
  public Examples filter(Predicate<? super Example> wanted) throws IOException {
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
    return filter(example -> Split.partOf(example, validation, test, seed) == part);
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

package dev.galen.train.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Examples that can be gone through as often as needed, always in one order: held in memory where
 * their files are small beside the heap, else read from the files each time.
 */
public final class Examples {

  /** Files of up to this part of the heap are held; as objects they may take several times more. */
  private static final int HELD_PART = 16;

  /** What hands the examples out. */
  interface Source {
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
   * Reads files, one after another, to their end, so that whatever is wrong in them is found now.
   *
   * @param files data files, see {@link DataFiles}
   * @throws IOException if a file cannot be read, or holds nothing, or is malformed
   */
  public static Examples read(List<Path> files) throws IOException {
    return read(files, Runtime.getRuntime().maxMemory() / HELD_PART);
  }

  /** Holds what {@code heldBytes} of files contain. */
  static Examples read(List<Path> files, long heldBytes) throws IOException {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no data file given; expected at least one");
    }
    for (Path file : files) {
      DataFiles.requireReadable(file);
    }
    List<Stamp> stamps = stamps(files);
    if (stamps.stream().mapToLong(Stamp::bytes).sum() <= heldBytes) {
      return of(DataFiles.read(files.toArray(Path[]::new)));
    }
    Source source =
        sink -> {
          for (int i = 0; i < files.size(); i++) {
            if (!stamps.get(i).equals(Stamp.of(files.get(i)))) {
              throw new Origin(files.get(i).toString(), 0)
                  .error("changed while it was in use; run again with files that stay as they are");
            }
            DataFiles.read(files.get(i), sink);
          }
        };
    return counted(source);
  }

  private static Examples counted(Source source) throws IOException {
    var counter = new Counter();
    source.forEach(counter);
    return new Examples(null, source, counter);
  }

  private static List<Stamp> stamps(List<Path> files) throws IOException {
    var stamps = new ArrayList<Stamp>();
    for (Path file : files) {
      stamps.add(Stamp.of(file));
    }
    return stamps;
  }

  /** Those that {@code wanted} says yes to, now and each time it is asked. */
  public Examples where(Predicate<? super Example> wanted) throws IOException {
    if (held != null) {
      return of(held.stream().filter(wanted).toList());
    }
    return counted(
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
   * arrives as an {@link java.io.UncheckedIOException}.
   */
  public Stream<Example> stream() {
    return DataFiles.stream(source);
  }

  /** What changes when a file does. */
  private record Stamp(long bytes, FileTime modified) {
    static Stamp of(Path file) throws IOException {
      return new Stamp(Files.size(file), Files.getLastModifiedTime(file));
    }
  }

  private static final class Counter implements Consumer<Example> {
    private long count;
    private boolean tokenised;

    @Override
    public void accept(Example example) {
      count++;
      tokenised |= example instanceof TokenExample;
    }
  }
}

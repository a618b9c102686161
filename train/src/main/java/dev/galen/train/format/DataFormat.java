package dev.galen.train.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A format of data files or folders beyond those of {@link DataFiles}, such as one whose reader
 * needs a library. Modules add theirs as a {@link java.util.ServiceLoader} service of this type;
 * services are looked for only when a path is none of Galen's own formats, which keeps starts
 * short.
 *
 * <p>A format has no state: files may be read by several threads at once.
 */
public interface DataFormat {

  /** What names of its files end in, without the dot and in lower case: {@code parquet}. */
  Set<String> endings();

  /** Whether it reads this folder; by default it reads none. */
  default boolean readsFolder(Path folder) throws IOException {
    return false;
  }

  /** A folder that it reads, in words for messages; empty where it reads none. */
  default String folders() {
    return "";
  }

  /**
   * The parts of a folder that holds several data sets, each by its name; none by default, for what
   * {@link #read} reads.
   */
  default Map<String, Path> splits(Path folder) throws IOException {
    return Map.of();
  }

  /**
   * The files that the rows of a path come from, which are not to change while it is in use: of a
   * path that is no file, but a pattern for several, those that match.
   */
  default List<Path> files(Path path) throws IOException {
    return List.of(path);
  }

  /**
   * About how many bytes the rows of a path take: examples of many are not held, but read again
   * each time. By default as many as its files have; more where these are compressed.
   */
  default long bytes(Path path) throws IOException {
    long bytes = 0;
    for (Path file : files(path)) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  /**
   * Reads the rows one by one, holding few of them at a time.
   *
   * @param path a file, a folder, or a pattern of which {@link #files} gives files
   * @param rows gets them, and says which columns are wanted
   * @throws IOException in one line, from {@link dev.galen.train.data.Origin#error}, if the rows
   *     cannot be read
   */
  void read(Path path, RowSink rows) throws IOException;
}

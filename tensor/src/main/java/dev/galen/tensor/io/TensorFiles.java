package dev.galen.tensor.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;

/** Named tensors in one safetensors file or in several, read where they lie. */
public sealed interface TensorFiles extends AutoCloseable
    permits SafetensorsFile, SafetensorsDirectory {

  /**
   * Opens a safetensors file, or a directory that holds one or its shards.
   *
   * @throws SafetensorsException if something is missing or malformed
   */
  static TensorFiles open(Path path) throws IOException {
    return Files.isDirectory(path) ? SafetensorsDirectory.open(path) : SafetensorsFile.open(path);
  }

  /** The file or directory that was opened. */
  Path path();

  /** All tensors by name, in the order in which their data lie in the files. Unmodifiable. */
  SequencedMap<String, TensorEntry> entries();

  /**
   * The bytes of a tensor: a read-only window on the mapped file, valid until {@link #close()}. Its
   * address need not be a multiple of the element size.
   *
   * @throws IllegalArgumentException if there is no tensor of that name
   * @throws IllegalStateException if this was closed
   */
  MemorySegment segment(String name);

  /** The free strings of the header; of the first shard if there are several. Unmodifiable. */
  Map<String, String> metadata();

  /** Unmaps the files. Segments handed out before throw when they are used again. */
  @Override
  void close();

  /**
   * The tensor called {@code name}.
   *
   * @throws IllegalArgumentException if there is none
   */
  default TensorEntry entry(String name) {
    TensorEntry entry = entries().get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "%s: no tensor %s among its %d"
              .formatted(path(), Messages.quote(name), entries().size()));
    }
    return entry;
  }
}

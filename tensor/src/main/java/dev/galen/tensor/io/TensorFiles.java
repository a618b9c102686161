package dev.galen.tensor.io;

import java.io.IOException;
import java.lang.foreign.Arena;
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

  /**
   * The same with files mapped into {@code arena}, which alone decides when they are unmapped:
   * {@link #close()} leaves them. With {@link Arena#ofAuto()} a file stays mapped exactly as long
   * as anything can reach one of its segments, as a tensor does that computes where it lies.
   */
  static TensorFiles open(Path path, Arena arena) throws IOException {
    return Files.isDirectory(path)
        ? SafetensorsDirectory.open(path, arena)
        : SafetensorsFile.open(path, arena);
  }

  /** The file or directory that was opened. */
  Path path();

  /**
   * All tensors by name, in the order in which their data lie in the files, but for those of {@link
   * #foreign()}. Unmodifiable.
   */
  SequencedMap<String, TensorEntry> entries();

  /**
   * Tensors of the format's element types that Galen does not compute with: by name, the type's
   * name, such as {@code F8_E4M3}. They do no harm until one is asked for. Unmodifiable.
   */
  Map<String, String> foreign();

  /**
   * The bytes of a tensor: a read-only window on the mapped file, valid until {@link #close()}, or
   * as long as the arena that was given. Its address need not be a multiple of the element size.
   *
   * @throws IllegalArgumentException if there is no tensor of that name, or it is {@link
   *     #foreign()}
   * @throws IllegalStateException if this was closed
   */
  MemorySegment segment(String name);

  /** The free strings of the header; of the first shard if there are several. Unmodifiable. */
  Map<String, String> metadata();

  /**
   * Hands out no more segments. Unmaps the files, unless an arena was given: segments handed out
   * before then throw when they are used again.
   */
  @Override
  void close();

  /**
   * The tensor called {@code name}.
   *
   * @throws IllegalArgumentException if there is none, or it is {@link #foreign()}
   */
  default TensorEntry entry(String name) {
    TensorEntry entry = entries().get(name);
    if (entry == null && foreign().containsKey(name)) {
      throw new IllegalArgumentException(
          ("%s: tensor %s is of type %s, with which Galen does not compute; convert it to F32,"
                  + " F16 or BF16")
              .formatted(path(), Messages.quote(name), foreign().get(name)));
    }
    if (entry == null) {
      throw new IllegalArgumentException(
          "%s: no tensor %s among its %d"
              .formatted(path(), Messages.quote(name), entries().size()));
    }
    return entry;
  }
}

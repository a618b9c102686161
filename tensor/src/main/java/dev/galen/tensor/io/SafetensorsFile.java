package dev.galen.tensor.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SequencedMap;

/**
 * One safetensors file, mapped into memory: opening reads the header only, and a tensor's pages are
 * read when they are touched. Everything the header says is checked on opening, so that no later
 * read can leave the file. Thread-safe.
 *
 * <p>A file that is replaced by a rename, as {@link SafetensorsWriter} does it, stays readable here
 * as it was. One that somebody else truncates in place does not: the JVM then throws {@link
 * InternalError} at the access.
 */
public final class SafetensorsFile implements TensorFiles {
  private final Path path;
  private final Arena arena;
  private final MemorySegment file;
  private final Header header;

  private SafetensorsFile(Path path, Arena arena, MemorySegment file, Header header) {
    this.path = path;
    this.arena = arena;
    this.file = file;
    this.header = header;
  }

  /**
   * Maps {@code path} and checks its header.
   *
   * @throws SafetensorsException if the file is missing, unreadable or malformed
   */
  public static SafetensorsFile open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new SafetensorsException(path, "expected a safetensors file, found a directory");
    }
    Arena arena = Arena.ofShared();
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment file = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      return new SafetensorsFile(path, arena, file, Header.parse(path, file));
    } catch (Throwable e) {
      arena.close();
      if (e instanceof IOException io && !(e instanceof SafetensorsException)) {
        throw new SafetensorsException(path, Messages.reason(io), io);
      }
      throw e;
    }
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public SequencedMap<String, TensorEntry> entries() {
    return header.entries();
  }

  @Override
  public MemorySegment segment(String name) {
    TensorEntry entry = entry(name);
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException(path + ": is closed, cannot read " + Messages.quote(name));
    }
    return file.asSlice(header.dataStart() + entry.begin(), entry.byteSize());
  }

  @Override
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}

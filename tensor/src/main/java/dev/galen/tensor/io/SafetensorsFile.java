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
 * as it was. One that another program truncates in place does not: the JVM then throws {@link
 * InternalError} at the access, and {@link MappedFiles#explain} says which file it was.
 */
public final class SafetensorsFile implements TensorFiles {
  private final Path path;
  private final MemorySegment file;
  private final Header header;
  private final Runnable unmap;
  private boolean closed;

  private SafetensorsFile(Path path, MemorySegment file, Header header, Runnable unmap) {
    this.path = path;
    this.file = file;
    this.header = header;
    this.unmap = unmap;
  }

  /**
   * Maps {@code path} and checks its header.
   *
   * @throws SafetensorsException if the file is missing, unreadable or malformed
   */
  public static SafetensorsFile open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      return open(path, arena, arena::close);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  /** The same, mapped into {@code arena}; see {@link TensorFiles#open(Path, Arena)}. */
  public static SafetensorsFile open(Path path, Arena arena) throws IOException {
    return open(path, arena, () -> {});
  }

  private static SafetensorsFile open(Path path, Arena arena, Runnable unmap) throws IOException {
    if (Files.isDirectory(path)) {
      throw new SafetensorsException(path, "expected a safetensors file, found a directory");
    }
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment file = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      MappedFiles.add(path, file);
      return new SafetensorsFile(path, file, Header.parse(path, file), unmap);
    } catch (SafetensorsException e) {
      throw e;
    } catch (IOException e) {
      throw new SafetensorsException(path, Messages.reason(e), e);
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
  public Map<String, String> foreign() {
    return header.foreign();
  }

  @Override
  public synchronized MemorySegment segment(String name) {
    TensorEntry entry = entry(name);
    if (closed) {
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
    if (!closed) {
      closed = true;
      unmap.run();
    }
  }
}

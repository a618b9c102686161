package dev.galen.tensor.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The safetensors files that are mapped now. Memory of a file that is shortened in place, as {@code
 * cp} over it does, cannot be read any more, and the JVM says so by an {@link InternalError} that
 * names no file, in whichever thread computes with it; {@link #explain} names it. A file that is
 * replaced by a rename, as Galen writes them, stays readable where it is mapped.
 */
public final class MappedFiles {
  private static final List<Mapping> MAPPINGS = new ArrayList<>();

  /** How long a chain of causes is looked through. */
  private static final int DEEPEST_CAUSE = 20;

  private MappedFiles() {}

  /** A file as it was when it was mapped, and what lives as long as its memory. */
  private record Mapping(
      Path path,
      long size,
      Object key,
      FileTime modified,
      WeakReference<MemorySegment.Scope> scope) {
    boolean isAlive() {
      MemorySegment.Scope lifetime = scope.get();
      return lifetime != null && lifetime.isAlive();
    }

    /** What happened to the file, if its memory may have suffered from it. */
    Optional<String> damage() {
      try {
        var now = Files.readAttributes(path, BasicFileAttributes.class);
        if (key != null && !key.equals(now.fileKey())) {
          return Optional.empty(); // another file bears the name now, and ours is as it was
        }
        if (now.size() < size) {
          return Optional.of(
              "was shortened from %,d to %,d bytes while it was in use"
                  .formatted(size, now.size()));
        }
        return now.lastModifiedTime().equals(modified)
            ? Optional.empty()
            : Optional.of("was overwritten while it was in use");
      } catch (IOException e) {
        return Optional.empty();
      }
    }
  }

  /** Remembers {@code path} for as long as {@code memory} is mapped. */
  static void add(Path path, MemorySegment memory) throws IOException {
    var file = Files.readAttributes(path, BasicFileAttributes.class);
    var mapping =
        new Mapping(
            path,
            memory.byteSize(),
            file.fileKey(),
            file.lastModifiedTime(),
            new WeakReference<>(memory.scope()));
    synchronized (MAPPINGS) {
      MAPPINGS.removeIf(old -> !old.isAlive());
      MAPPINGS.add(mapping);
    }
  }

  /**
   * One line that names the file to blame, if {@code fault} or one of its causes is what a mapped
   * file leads to whose bytes are gone: the file was shortened or overwritten in place, or its disk
   * cannot be read. Empty for every other fault.
   */
  public static Optional<String> explain(Throwable fault) {
    Throwable cause = fault;
    for (int i = 0; i < DEEPEST_CAUSE && cause != null; i++) {
      if (isLostMemory(cause)) {
        return Optional.of(blame());
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }

  // The first is the JVM's own reading, the second the system's, as of a file written from there.
  private static boolean isLostMemory(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return cause instanceof InternalError && message.contains("unsafe memory access")
        || cause instanceof IOException && message.contains("Bad address");
  }

  private static String blame() {
    List<Mapping> mapped;
    synchronized (MAPPINGS) {
      mapped = MAPPINGS.stream().filter(Mapping::isAlive).toList();
    }
    var damaged =
        mapped.stream()
            .flatMap(file -> file.damage().stream().map(what -> file.path() + " " + what))
            .distinct()
            .toList();
    if (!damaged.isEmpty()) {
      return String.join(", ", damaged)
          + ": restore it, and replace such files by a rename (mv) instead of writing over them";
    }
    String paths =
        mapped.stream()
            .map(file -> file.path().toString())
            .distinct()
            .collect(Collectors.joining(", "));
    return "a mapped file could not be read any more (%s): check the disk or the network it is on"
        .formatted(paths.isEmpty() ? "it is not known which" : paths);
  }
}

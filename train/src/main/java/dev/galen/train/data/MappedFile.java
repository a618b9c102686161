package dev.galen.train.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory that may leave memory: pieces that are written to a temporary file and mapped from there.
 * The file is the user's alone and has no name once it is open, so that nothing is left of it,
 * however the process ends. It is made with its first piece.
 */
final class MappedFile {
  /** A buffer of the file's interface is counted by an int. */
  private static final long MOST_AT_ONCE = 1L << 30;

  private final Path folder;
  private final Arena arena;
  private FileChannel channel;
  private boolean unusable;

  /** A file in {@code folder} that is mapped for as long as {@code arena} lives. */
  MappedFile(Path folder, Arena arena) {
    this.folder = folder;
    this.arena = arena;
  }

  /**
   * What {@code piece} holds, mapped from the file, to be read only; or null if the file cannot be
   * made or is full, and then forever: the caller keeps the memory.
   */
  MemorySegment add(MemorySegment piece) {
    if (unusable) {
      return null;
    }
    try {
      if (channel == null) {
        channel = open();
      }
      // Written, not copied into a mapping: a disk that is full then is an exception.
      long at = channel.size();
      for (long from = 0; from < piece.byteSize(); ) {
        long most = Math.min(MOST_AT_ONCE, piece.byteSize() - from);
        from += channel.write(piece.asSlice(from, most).asByteBuffer(), at + from);
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, at, piece.byteSize(), arena);
    } catch (IOException e) {
      unusable = true;
      return null;
    }
  }

  private FileChannel open() throws IOException {
    Path file = Files.createTempFile(folder, "galen-sequences-", ".tmp");
    return FileChannel.open(
        file,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  /** Ends writing. */
  void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // All that was asked for was read; nothing depends on how it goes.
    }
  }
}

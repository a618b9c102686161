package dev.galen.tensor.io;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Replaces a file as a whole or not at all: the new content goes to a hidden file beside it, is
 * forced to the disk, and takes the old one's name in a single rename. A kill, an exception or a
 * full disk at any moment leaves the old file as it was. What a killed process left behind, the
 * next write of the same file removes.
 *
 * <p>An existing file's permissions are kept; a new one gets the process's default. A symbolic link
 * is replaced by a file, and what it pointed at is left alone. Of two writers of one file at once,
 * in one process or two, the last to finish wins; neither fails, and neither leaves a mixture.
 */
public final class AtomicFile implements AutoCloseable {
  private static final String SUFFIX = ".tmp";
  private static final int RANDOM_DIGITS = 16;
  private static final int TRIES = 100;

  // What this process is writing. Its own locks cannot say so: to look at a lock the file has to be
  // opened, and closing it again gives up every lock that the process has on it.
  private static final Set<Path> WRITING = ConcurrentHashMap.newKeySet();

  private final Path target;
  private final Path staged;
  private final FileChannel channel;

  /** Writes a file's content to {@code channel}, from its first byte to its last. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything; the channel stays open. */
    void writeTo(FileChannel channel) throws IOException;
  }

  private AtomicFile(Path target, Path staged, FileChannel channel) {
    this.target = target;
    this.staged = staged;
    this.channel = channel;
  }

  /**
   * Replaces {@code target} by what {@code content} writes.
   *
   * @throws IOException in one line that names {@code target}, which is then as it was; what else
   *     {@code content} throws passes through, with the same promise
   */
  public static void write(Path target, Content content) throws IOException {
    try (var file = stage(target, content)) {
      file.commit();
    }
  }

  /** Replaces {@code target} by {@code bytes}; see {@link #write(Path, Content)}. */
  public static void write(Path target, byte[] bytes) throws IOException {
    write(target, channel -> writeFully(channel, ByteBuffer.wrap(bytes)));
  }

  /** Replaces {@code target} by {@code text} in UTF-8; see {@link #write(Path, Content)}. */
  public static void writeString(Path target, String text) throws IOException {
    write(target, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes all of {@code bytes}, however few the channel takes at a time. */
  static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Does everything but the rename, which is left to {@link #commit()}. */
  static AtomicFile stage(Path target, Content content) throws IOException {
    if (Files.isDirectory(target)) {
      throw new IOException("cannot write " + target + ": it is a directory");
    }
    removeLeftovers(target);
    var file = open(target);
    try {
      file.keepPermissions();
      content.writeTo(file.channel);
      file.channel.force(true);
      return file;
    } catch (Throwable e) {
      file.close();
      if (e instanceof IOException io) {
        throw failed(target, io);
      }
      throw e;
    }
  }

  // Between the file's making and its lock, another process may take it for a leftover. Its content
  // would then have no name any more, so another file is made.
  private static AtomicFile open(Path target) throws IOException {
    for (int i = 1; ; i++) {
      String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
      Path staged = target.toAbsolutePath().resolveSibling(prefix(target) + random + SUFFIX);
      WRITING.add(staged);
      try {
        var channel = FileChannel.open(staged, CREATE_NEW, WRITE);
        var file = new AtomicFile(target, staged, channel);
        if (lock(channel) && Files.exists(staged)) {
          return file;
        }
        file.close();
      } catch (IOException e) {
        WRITING.remove(staged);
        throw failed(target, e);
      }
      if (i == TRIES) {
        throw new IOException("cannot write " + target + ": other processes keep removing it");
      }
    }
  }

  /** Gives the new content its name. Locked until then, so that nobody clears it away. */
  void commit() throws IOException {
    try {
      Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed(target, e);
    }
    release();
    forceDirectory(target.toAbsolutePath().getParent());
  }

  /** Removes what was staged and not committed. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(staged);
    } catch (IOException e) {
      // The next write removes it; what made this one fail is worth more than this.
    } finally {
      release();
    }
  }

  private void release() {
    WRITING.remove(staged);
    try {
      channel.close();
    } catch (IOException e) {
      // Its content is on the disk already, or not wanted.
    }
  }

  private static IOException failed(Path target, IOException e) {
    return new IOException("cannot write " + target + ": " + Messages.reason(e), e);
  }

  private void keepPermissions() throws IOException {
    var view = Files.getFileAttributeView(target, PosixFileAttributeView.class);
    if (view != null && Files.exists(target)) {
      Files.setPosixFilePermissions(staged, view.readAttributes().permissions());
    }
  }

  // The lock tells removeLeftovers of another process that the file is in use. It goes when the
  // process dies. Where the file system has no locks, nothing is ever cleared away.
  private static boolean lock(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (IOException | OverlappingFileLockException e) {
      return true;
    }
  }

  private static void removeLeftovers(Path target) throws IOException {
    String prefix = prefix(target);
    Path directory = target.toAbsolutePath().getParent();
    if (!Files.isDirectory(directory)) {
      throw new IOException("cannot write " + target + ": no such folder as " + directory);
    }
    try (var siblings = Files.newDirectoryStream(directory, path -> isStaged(path, prefix))) {
      for (Path leftover : siblings) {
        if (!WRITING.contains(leftover)) {
          removeUnlessInUse(leftover);
        }
      }
    } catch (IOException e) {
      // A folder that cannot be listed may still be written to.
    }
  }

  private static void removeUnlessInUse(Path leftover) {
    try (var channel = FileChannel.open(leftover, WRITE);
        var lock = channel.tryLock()) {
      if (lock != null) {
        Files.delete(leftover);
      }
    } catch (IOException | OverlappingFileLockException e) {
      // In use by another thread, or not ours to remove.
    }
  }

  private static String prefix(Path target) {
    return "." + target.getFileName() + ".";
  }

  private static boolean isStaged(Path path, String prefix) {
    String name = path.getFileName().toString();
    return name.startsWith(prefix)
        && name.endsWith(SUFFIX)
        && name.length() == prefix.length() + RANDOM_DIGITS + SUFFIX.length();
  }

  /** Makes a rename or a removal in {@code directory} last through a power failure. */
  static void forceDirectory(Path directory) {
    try (var channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows cannot open a directory; its renames are journalled.
    }
  }
}

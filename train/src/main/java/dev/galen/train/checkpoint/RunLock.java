package dev.galen.train.checkpoint;

import dev.galen.tensor.io.ErrorText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps two runs from writing to one folder: holds a lock on the file {@code .lock} there, which
 * the system takes away when the process dies, however it dies. Closing removes the file, and the
 * folder too if it was made for the lock and is still empty.
 */
public final class RunLock implements AutoCloseable {
  private static final String NAME = ".lock";

  /** Far behind what is written there, so that others can read it where locks forbid that. */
  private static final long LOCKED_BYTE = 1L << 40;

  private static final int LONGEST_OWNER = 100;

  /**
   * The folders of this process. A second channel on the same file must not be opened to ask: where
   * locks are POSIX's, closing it would give the first one's lock away.
   */
  private static final Set<Path> HELD = new HashSet<>();

  private final Path run;
  private final boolean made;
  private Path real;
  private FileChannel channel;
  private Object key;
  private String warning;

  private RunLock(Path run, boolean made) {
    this.run = run;
    this.made = made;
  }

  /**
   * Takes the folder {@code run}, which is made if it does not stand.
   *
   * @throws IOException in one line, if another run has it, or nothing can be written there
   */
  public static RunLock acquire(Path run) throws IOException {
    boolean made = !Files.exists(run);
    var lock = new RunLock(run, made);
    lock.take();
    return lock;
  }

  private void take() throws IOException {
    try {
      Files.createDirectories(run);
      real = run.toRealPath();
    } catch (FileAlreadyExistsException e) {
      throw new IOException(e.getFile() + ": is a file, a folder is needed there", e);
    } catch (IOException e) {
      throw new IOException(run + ": no directory can be made there: " + ErrorText.reason(e), e);
    }
    synchronized (HELD) {
      if (!HELD.add(real)) {
        throw new IOException(held("this very process, " + ProcessHandle.current().pid()));
      }
    }
    boolean taken = false;
    try {
      while (!lock()) {
        // The file was removed by its owner between our looking and our locking.
      }
      taken = true;
    } finally {
      if (!taken) {
        release();
      }
    }
  }

  /** One attempt; false where the file was replaced meanwhile. */
  private boolean lock() throws IOException {
    Path file = real.resolve(NAME);
    try {
      if (!Files.exists(file)) {
        createFile(file);
      }
      Object before = fileKey(file);
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!locked()) {
        String owner = owner();
        channel.close();
        throw new IOException(held(owner));
      }
      key = fileKey(file);
      if (key != null && key.equals(before) || key == null && Files.exists(file)) {
        sign();
        return true;
      }
    } catch (NoSuchFileException e) {
      if (!Files.isDirectory(real)) {
        throw new IOException(run + ": was removed", e);
      }
      if (Files.isSymbolicLink(file)) { // it would be looked for again without end
        throw ErrorText.named(file, e);
      }
    } catch (FileSystemException e) {
      if (Files.isDirectory(file) || Files.isSymbolicLink(file)) {
        throw ErrorText.named(file, e);
      }
      throw new IOException(run + ": nothing can be written there: " + ErrorText.reason(e), e);
    }
    closeChannel();
    return false;
  }

  private static void createFile(Path file) throws IOException {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      // Another process was faster; one of the two gets the lock.
    }
  }

  /** False where another process has the lock; where there are no locks, a warning and true. */
  private boolean locked() {
    try {
      FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
      return lock != null;
    } catch (IOException e) {
      warning =
          "%s: cannot be locked there (%s); see to it that no other run writes to it"
              .formatted(run, ErrorText.reason(e));
      return true;
    }
  }

  private String owner() {
    try {
      ByteBuffer text = ByteBuffer.allocate(LONGEST_OWNER);
      channel.read(text, 0);
      String owner =
          new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
      return owner.matches("\\d{1,19}") ? "process " + owner : "another process";
    } catch (IOException e) {
      return "another process";
    }
  }

  private void sign() throws IOException {
    String owner = ProcessHandle.current().pid() + "\n";
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.US_ASCII)), 0);
    } catch (IOException e) {
      throw ErrorText.named(run.resolve(NAME), e);
    }
  }

  private String held(String owner) {
    return "%s: another run writes there (%s); let it end first, or choose another folder"
        .formatted(run, owner);
  }

  /** What is to be told of a file system without locks: there nothing is held. */
  public Optional<String> warning() {
    return Optional.ofNullable(warning);
  }

  /** Whether this is a lock of {@code folder}. */
  public boolean holds(Path folder) {
    return run.toAbsolutePath().normalize().equals(folder.toAbsolutePath().normalize());
  }

  /**
   * Takes the folder again if it, or the file in it, was removed meanwhile.
   *
   * @return whether that was so
   * @throws IOException in one line, if another run has it now, or it cannot be made again
   */
  public boolean renew() throws IOException {
    Path file = real.resolve(NAME);
    if (Objects.equals(key, fileKey(file)) && Files.exists(file)) {
      return false;
    }
    release();
    take();
    return true;
  }

  private static Object fileKey(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  private void closeChannel() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // It was only locked.
      }
      channel = null;
    }
  }

  private void release() {
    closeChannel();
    synchronized (HELD) {
      HELD.remove(real);
    }
  }

  /** Lets the folder go. */
  @Override
  public void close() {
    if (channel == null) {
      return;
    }
    try {
      Path file = real.resolve(NAME);
      if (Objects.equals(key, fileKey(file))) {
        Files.deleteIfExists(file); // while it is locked, so that no other process's is removed
      }
      if (made) {
        Files.deleteIfExists(real);
      }
    } catch (IOException e) {
      // The folder holds the run's files, or was removed: the lock ends all the same.
    }
    release();
  }
}

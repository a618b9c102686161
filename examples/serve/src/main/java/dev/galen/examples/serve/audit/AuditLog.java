package dev.galen.examples.serve.audit;

import dev.galen.tensor.io.ErrorText;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;

/**
 * The log of a server that runs. {@link #append} returns when its entry is on the disk, so that a
 * kill or a power failure takes back nothing that was promised. Of a line that was cut off, the
 * next {@link #open} moves what there is to a file beside the log and goes on after the last whole
 * line. On a full disk {@link #append} throws, takes back what it wrote, and the log stays whole.
 */
public final class AuditLog implements AutoCloseable {
  private final Path file;
  // Not a FileChannel, which an interrupted request would close for all that come after it.
  private final RandomAccessFile log;
  private Head head;
  private long bytes;
  private boolean broken;

  private AuditLog(Path file, RandomAccessFile log, Head head, long bytes) {
    this.file = file;
    this.log = log;
    this.head = head;
    this.bytes = bytes;
  }

  /**
   * Opens or makes the log at {@code file}, and checks its chain.
   *
   * @throws IOException in one line if it cannot be written, another process writes it, or its
   *     chain is broken: then it has to be moved away and looked at
   */
  public static AuditLog open(Path file) throws IOException {
    RandomAccessFile log = create(file);
    try {
      lock(file, log);
      var checked = AuditCheck.check(file, Optional.empty());
      if (!checked.ok()) {
        throw new IOException(
            checked.problem() + "; move the log away, start a new one, and find out who wrote it");
      }
      if (checked.tornBytes() > 0) {
        setAside(file, log, checked);
      }
      log.seek(checked.wholeBytes());
      return new AuditLog(file, log, checked.head(), checked.wholeBytes());
    } catch (IOException e) {
      log.close();
      throw e;
    }
  }

  private static RandomAccessFile create(Path file) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try {
      if (!Files.exists(file)) {
        Files.createFile(file, posix ? new FileAttribute<?>[] {mode} : new FileAttribute<?>[0]);
      }
    } catch (FileAlreadyExistsException e) {
      // Another server was faster; the lock tells.
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
    return new RandomAccessFile(file.toFile(), "rw");
  }

  private static void lock(Path file, RandomAccessFile log) throws IOException {
    try {
      if (log.getChannel().tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      // Another log of this process has it.
    }
    throw new IOException(file + ": another server writes this log; give each its own");
  }

  private static void setAside(Path file, RandomAccessFile log, AuditCheck.Result checked)
      throws IOException {
    var torn = new byte[Math.toIntExact(checked.tornBytes()) + 1];
    log.seek(checked.wholeBytes());
    log.readFully(torn, 0, torn.length - 1);
    torn[torn.length - 1] = '\n';
    Path aside = file.resolveSibling(file.getFileName() + ".torn");
    Files.write(
        aside, torn, StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.SYNC);
    log.setLength(checked.wholeBytes());
    log.getFD().sync();
  }

  /**
   * Appends an entry and forces it to the disk.
   *
   * @throws IOException in one line if it cannot; nothing of it stays
   */
  public synchronized void append(AuditEntry entry) throws IOException {
    String line = AuditEntry.line(head.entries() + 1, head.hash(), entry);
    byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      if (broken) {
        takeBack();
      }
      log.write(text);
      log.getFD().sync();
      broken = false;
    } catch (IOException e) {
      broken = true;
      var told =
          new IOException("cannot write the audit log " + file + ": " + ErrorText.reason(e), e);
      try {
        takeBack();
      } catch (IOException again) { // what is left, the next append takes back
        told.addSuppressed(again);
      }
      throw told;
    }
    bytes += text.length;
    int end = line.length() - "\"}".length();
    head = new Head(head.entries() + 1, line.substring(end - AuditEntry.ZERO.length(), end));
  }

  private void takeBack() throws IOException {
    log.setLength(bytes);
    log.seek(bytes);
  }

  /**
   * Tells before a request is let in whether it can be told of at its end. After an append that
   * failed, this tries another.
   *
   * @throws IOException in one line if the log cannot be written
   */
  public synchronized void requireWritable() throws IOException {
    if (broken) {
      append(new AuditEntry(Instant.now(), "server", "audit", "", "", "", "writable again"));
    }
  }

  /** The last entry, to be kept elsewhere. */
  public synchronized Head head() {
    return head;
  }

  /** Closes the file; a second time does nothing. */
  @Override
  public synchronized void close() throws IOException {
    log.close();
  }
}

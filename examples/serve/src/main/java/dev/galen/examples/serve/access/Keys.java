package dev.galen.examples.serve.access;

import dev.galen.tensor.io.ErrorText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The keys that a running server takes. The file is read again when it has changed, within {@value
 * #CHECK_MILLIS} ms, so that a revoked key ends without a restart. If it cannot be read then, what
 * was read before stays in force, and the trouble is told once.
 */
public final class Keys {
  private static final long CHECK_MILLIS = 1000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final KeyFile file;
  private final Consumer<String> warn;
  private volatile List<ApiKey> keys;
  private Object version;
  private long checked;

  /**
   * Reads {@code file}.
   *
   * @param warn told in one line when a changed file cannot be read
   * @throws IOException if it cannot be read, or has no key that counts
   */
  public Keys(KeyFile file, Consumer<String> warn) throws IOException {
    this.file = file;
    this.warn = warn;
    this.version = version();
    this.keys = file.read();
    this.checked = System.nanoTime();
    if (keys.stream().noneMatch(ApiKey::active)) {
      throw new IOException(
          file.path() + ": has no key that counts; make one with `galen serve keys add`");
    }
  }

  /** The owner of a secret. Every key is compared, in constant time, whatever was found before. */
  public Optional<Principal> bySecret(String secret) {
    refresh();
    String hash = Secrets.hash(secret);
    ApiKey found = null;
    for (ApiKey key : keys) {
      if (Secrets.equal(key.hash(), hash) && key.active()) {
        found = key;
      }
    }
    return Optional.ofNullable(found).map(ApiKey::principal);
  }

  /** The owner of the key {@code id}, if it still counts. */
  public Optional<Principal> byId(String id) {
    refresh();
    return keys.stream()
        .filter(key -> key.id().equals(id) && key.active())
        .findFirst()
        .map(ApiKey::principal);
  }

  private synchronized void refresh() {
    long now = System.nanoTime();
    if (now - checked < CHECK_MILLIS * NANOS_PER_MILLI) {
      return;
    }
    checked = now;
    try {
      Object newest = version();
      if (!newest.equals(version)) {
        version = newest;
        keys = file.read();
      }
    } catch (IOException e) {
      if (!"".equals(version)) {
        version = "";
        warn.accept("the keys stay as they were: " + ErrorText.of(e));
      }
    }
  }

  private record Version(FileTime modified, long bytes, Object inode) {}

  private Object version() throws IOException {
    try {
      var attributes = Files.readAttributes(file.path(), BasicFileAttributes.class);
      Object inode = attributes.fileKey();
      return new Version(
          attributes.lastModifiedTime(), attributes.size(), inode == null ? "" : inode);
    } catch (IOException e) {
      throw ErrorText.named(file.path(), e);
    }
  }
}

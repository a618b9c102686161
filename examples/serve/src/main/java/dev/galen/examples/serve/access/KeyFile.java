package dev.galen.examples.serve.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tensor.io.ErrorText;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The file of API keys: {@code {"keys": [{"id": ..., "name": ..., "role": ..., "hash": ...,
 * "created": ..., "revoked": ...}]}}. Only its owner can read it; changes replace it as a whole.
 */
public final class KeyFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;

  /** The keys at {@code path}, which need not be there yet. */
  public KeyFile(Path path) {
    this.path = path;
  }

  /**
   * A new key, and its secret, which is kept nowhere.
   *
   * @param key what the file has of it
   * @param secret what its owner sends as {@code Authorization: Bearer ...}
   */
  public record Added(ApiKey key, String secret) {
    /** Without the secret, so that no log has it. */
    @Override
    public String toString() {
      return "Added[" + key + "]";
    }
  }

  /** Makes a key for {@code name}. */
  public Added add(String name, Role role) throws IOException {
    String secret = ApiKey.newSecret();
    var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    var key = new ApiKey(ApiKey.newId(), name, role, Secrets.hash(secret), now, null);
    change(
        keys -> {
          var all = new ArrayList<>(keys);
          all.add(key);
          return all;
        });
    return new Added(key, secret);
  }

  /**
   * Takes a key's rights away, also on servers that run. Its entry stays, for the audit log's sake.
   *
   * @throws IllegalArgumentException if there is no such key, or it is revoked already
   */
  public ApiKey revoke(String id) throws IOException {
    var revoked = new ArrayList<ApiKey>();
    change(
        keys -> keys.stream().map(key -> key.id().equals(id) ? end(key, revoked) : key).toList());
    return revoked.getFirst();
  }

  private static ApiKey end(ApiKey key, List<ApiKey> revoked) {
    if (!key.active()) {
      throw new IllegalArgumentException(
          "key %s is revoked already, since %s".formatted(key.id(), key.revoked()));
    }
    var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    revoked.add(new ApiKey(key.id(), key.name(), key.role(), key.hash(), key.created(), now));
    return revoked.getFirst();
  }

  /**
   * The keys there are, revoked ones included, in the order they were made in.
   *
   * @throws IOException in one line that names the file
   */
  public List<ApiKey> read() throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (IOException e) {
      throw ErrorText.named(path, e);
    }
    try {
      JsonNode keys = JSON.readTree(bytes).path("keys");
      if (!keys.isArray()) {
        throw new IllegalArgumentException("has no list of keys");
      }
      var all = new ArrayList<ApiKey>();
      for (JsonNode key : keys) {
        all.add(key(key));
      }
      return List.copyOf(all);
    } catch (JsonProcessingException e) {
      throw new IOException(path + ": not valid JSON, at line " + e.getLocation().getLineNr(), e);
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  private static ApiKey key(JsonNode key) {
    return new ApiKey(
        text(key, "id"),
        text(key, "name"),
        Role.of(text(key, "role")),
        text(key, "hash"),
        Instant.parse(text(key, "created")),
        key.hasNonNull("revoked") ? Instant.parse(text(key, "revoked")) : null);
  }

  private static String text(JsonNode key, String field) {
    if (!key.path(field).isTextual()) {
      throw new IllegalArgumentException("a key has no text as its " + field);
    }
    return key.path(field).textValue();
  }

  // Two commands at once would each write what the other has not seen; the lock lets one wait.
  private void change(UnaryOperator<List<ApiKey>> change) throws IOException {
    Path lock = path.resolveSibling(path.getFileName() + ".lock");
    try (var channel = lockChannel(lock);
        var held = channel.lock()) {
      List<ApiKey> before = Files.exists(path) ? read() : List.of();
      List<ApiKey> after = change.apply(before);
      if (after.equals(before)) {
        throw new IllegalArgumentException(
            "%s: there is no such key; it has %s"
                .formatted(path, before.isEmpty() ? "none" : String.join(", ", ids(before))));
      }
      write(after);
    }
  }

  private static List<String> ids(List<ApiKey> keys) {
    return keys.stream().map(ApiKey::id).toList();
  }

  private FileChannel lockChannel(Path lock) throws IOException {
    try {
      return FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException("cannot write " + path + ": " + ErrorText.reason(e), e);
    }
  }

  private void write(List<ApiKey> keys) throws IOException {
    var root = JSON.createObjectNode();
    var list = root.putArray("keys");
    for (ApiKey key : keys) {
      var entry =
          list.addObject()
              .put("id", key.id())
              .put("name", key.name())
              .put("role", key.role().label())
              .put("hash", key.hash())
              .put("created", key.created().toString());
      if (!key.active()) {
        entry.put("revoked", key.revoked().toString());
      }
    }
    createPrivate();
    AtomicFile.writeString(
        path, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
  }

  // AtomicFile keeps the permissions of a file that is there.
  private void createPrivate() throws IOException {
    if (!Files.exists(path)
        && path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(path, "{\"keys\": []}\n");
    }
  }

  /** Where it lies. */
  public Path path() {
    return path;
  }
}

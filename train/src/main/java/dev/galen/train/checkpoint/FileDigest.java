package dev.galen.train.checkpoint;

import dev.galen.tensor.io.ErrorText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file's size and SHA-256, as one word of {@code state.json}: {@code SHA-256 BYTES NAME}.
 *
 * @param name within its folder
 * @param bytes its size
 * @param sha256 64 hexadecimal digits
 */
record FileDigest(String name, long bytes, String sha256) {
  private static final int CHUNK_BYTES = 1 << 20;

  /** Reads the file once. */
  static FileDigest of(Path file) throws IOException {
    MessageDigest digest = newSha256();
    long bytes = 0;
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
      while (channel.read(chunk) >= 0) {
        bytes += chunk.flip().remaining();
        digest.update(chunk);
        chunk.clear();
      }
    }
    String hex = HexFormat.of().formatHex(digest.digest());
    return new FileDigest(file.getFileName().toString(), bytes, hex);
  }

  static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  /** Back from {@link #word}; null where {@code word} is none. */
  static FileDigest parse(String word) {
    String[] parts = word.split(" ", 3);
    boolean holds =
        parts.length == 3
            && parts[0].matches("[0-9a-f]{64}")
            && parts[1].matches("\\d{1,18}")
            && parts[2].matches("[^/\\\\]+");
    return holds ? new FileDigest(parts[2], Long.parseLong(parts[1]), parts[0]) : null;
  }

  String word() {
    return sha256 + " " + bytes + " " + name;
  }

  private static String hash(Path file) throws IOException {
    try {
      return of(file).sha256();
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
  }

  /** Throws in one line unless the file in {@code directory} is what this was made of. */
  void require(Path directory) throws IOException {
    Path file = directory.resolve(name);
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": is a folder; a file is needed there");
    }
    if (!Files.exists(file)) {
      throw new IOException(file + ": no such file");
    }
    long size = Files.size(file);
    if (size != bytes) {
      throw new IOException("%s: has %,d bytes, was saved with %,d".formatted(file, size, bytes));
    }
    if (!hash(file).equals(sha256)) {
      throw new IOException(file + ": is damaged, its SHA-256 is not the one it was saved with");
    }
  }
}

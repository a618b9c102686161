package dev.galen.train.run;

import dev.galen.train.format.DataFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** SHA-256 of texts and files, each with its length, so that none runs into the next. */
final class ContentDigest {
  private static final int BUFFER = 1 << 18;

  /** Digits that tell contents apart, and fit a file's name. */
  private static final int DIGITS = 32;

  private final MessageDigest sha256;

  ContentDigest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  ContentDigest text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sha256.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    sha256.update(bytes);
    return this;
  }

  private void file(Path file) throws IOException {
    text(Files.size(file) + " bytes");
    var buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count; (count = in.read(buffer)) >= 0; ) {
        sha256.update(buffer, 0, count);
      }
    }
  }

  /**
   * A file or folder of data: what its files hold, and how their names end, which tells a format.
   */
  ContentDigest data(Path path) throws IOException {
    for (Path file : DataFiles.files(path)) {
      String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
      text(name.substring(Math.max(0, name.lastIndexOf('.'))));
      file(file);
    }
    return Files.isDirectory(path) ? all(files(path, ".json")) : this;
  }

  /** The chat templates of a directory. */
  ContentDigest templates(Path directory) throws IOException {
    all(files(directory, ".jinja"));
    for (String name : List.of("tokenizer_config.json", "chat_template.json")) {
      if (Files.isRegularFile(directory.resolve(name))) {
        all(List.of(directory.resolve(name)));
      }
    }
    Path more = directory.resolve("additional_chat_templates");
    return Files.isDirectory(more) ? all(files(more, ".jinja")) : this;
  }

  /** Saves something to a folder. */
  @FunctionalInterface
  interface Saver {
    void save(Path folder) throws IOException;
  }

  /** The files that something is saved as. */
  ContentDigest saved(Saver saver) throws IOException {
    Path scratch = Files.createTempDirectory("galen-digest");
    try {
      saver.save(scratch);
      return all(files(scratch, ""));
    } finally {
      for (Path file : files(scratch, "")) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(scratch);
    }
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> Files.isRegularFile(file) && file.toString().endsWith(ending))
          .sorted()
          .toList();
    }
  }

  private ContentDigest all(List<Path> files) throws IOException {
    for (Path file : files) {
      text(file.getFileName().toString());
      file(file);
    }
    return this;
  }

  String hex() {
    return HexFormat.of().formatHex(sha256.digest()).substring(0, DIGITS);
  }
}

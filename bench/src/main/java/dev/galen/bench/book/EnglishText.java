package dev.galen.bench.book;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * English that is on every machine that can build Galen: the licences and manual pages of its JDK,
 * about a megabyte, each text once. Generated text would not do: it repeats its words more than
 * people do, which flatters a tokenizer that remembers them.
 */
final class EnglishText {
  private EnglishText() {}

  static List<String> lines() throws IOException {
    Path jdk = Path.of(System.getProperty("java.home"));
    List<String> lines =
        Stream.concat(files(jdk.resolve("legal")), files(jdk.resolve("man")))
            .map(EnglishText::read)
            .distinct()
            .flatMap(String::lines)
            .toList();
    if (lines.isEmpty()) {
      throw new IOException(
          jdk
              + ": has neither legal nor man, whose texts are tokenized; give a text, or take a JDK");
    }
    return lines;
  }

  private static Stream<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    try (var paths = Files.walk(folder)) {
      return paths.filter(Files::isRegularFile).sorted().toList().stream();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

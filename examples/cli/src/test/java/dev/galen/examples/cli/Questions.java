package dev.galen.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A data file to answer. */
final class Questions {
  private Questions() {}

  /** {@code count} questions as JSON lines. */
  static Path write(Path file, int count) throws IOException {
    var lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(
          "{\"id\": \"%d\", \"question\": \"Sign %d?\", \"answer\": \"Fever %d.\"}%n"
              .formatted(i, i, i));
    }
    return Files.writeString(file, lines);
  }
}

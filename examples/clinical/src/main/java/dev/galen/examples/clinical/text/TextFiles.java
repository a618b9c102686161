package dev.galen.examples.clinical.text;

import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files of UTF-8 that a user gives beside the data; what is wrong is told with the file's name. */
public final class TextFiles {
  private TextFiles() {}

  /**
   * A reader of a file, which the caller closes.
   *
   * @throws IOException if it cannot be read; later if it is no UTF-8
   */
  public static BufferedReader reader(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": is a folder; a file is needed there");
    }
    var decoder = StandardCharsets.UTF_8.newDecoder();
    Reader plain = new InputStreamReader(Files.newInputStream(file), decoder);
    return new BufferedReader(
        new FilterReader(plain) {
          @Override
          public int read(char[] target, int offset, int length) throws IOException {
            try {
              return super.read(target, offset, length);
            } catch (CharacterCodingException e) {
              throw new IOException(file + ": is not valid UTF-8; save it as UTF-8", e);
            }
          }
        });
  }

  /** All of a file, without a byte order mark. */
  public static String read(Path file) throws IOException {
    try (BufferedReader reader = reader(file)) {
      String text = reader.readAllAsString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
  }

  /** The lines of a file, without a byte order mark. */
  public static List<String> lines(Path file) throws IOException {
    return read(file).lines().toList();
  }
}

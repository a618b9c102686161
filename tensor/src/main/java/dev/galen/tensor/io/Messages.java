package dev.galen.tensor.io;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Turns what files contain and what file systems throw into text fit for one line. */
final class Messages {
  private static final int LONGEST_QUOTE = 120;

  private Messages() {}

  /** {@code text} in quotes, cut to a sensible length, with control characters made visible. */
  static String quote(String text) {
    var quoted = new StringBuilder("\"");
    int shown = Math.min(text.length(), LONGEST_QUOTE);
    for (int i = 0; i < shown; i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append(shown < text.length() ? "...\"" : "\"").toString();
  }

  /** Whether {@code text} has a UTF-8 form; text with half a surrogate pair has none. */
  static boolean isEncodable(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /**
   * Why {@code e} was thrown, without the path: the messages of most file system exceptions are the
   * path and nothing else.
   */
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file or folder";
      case AccessDeniedException _ -> "permission denied";
      case ClosedByInterruptException _ -> "the thread was interrupted";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}

package dev.galen.tensor.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Text fit for one line, from what files contain and what file systems throw. */
final class Messages {
  private Messages() {}

  /** See {@link ErrorText#quote}. */
  static String quote(String text) {
    return ErrorText.quote(text);
  }

  /** Whether {@code text} has a UTF-8 form; text with half a surrogate pair has none. */
  static boolean isEncodable(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /** See {@link ErrorText#reason}. */
  static String reason(IOException e) {
    return ErrorText.reason(e);
  }
}

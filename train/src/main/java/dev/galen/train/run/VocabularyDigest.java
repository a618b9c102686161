package dev.galen.train.run;

import dev.galen.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What tells a tokenizer from others: its tokens in their order, and what ends a text. */
final class VocabularyDigest {
  /** Digits of a SHA-256 that tell two apart, and that fit a message. */
  private static final int DIGITS = 16;

  private VocabularyDigest() {}

  static String of(Tokenizer tokenizer) {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
    int size = tokenizer.vocabularySize();
    for (int id = 0; id < size; id++) {
      sha256.update((spelling(tokenizer, id) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    sha256.update((byte) tokenizer.endOfTextId().orElse(-1));
    String digits = HexFormat.of().formatHex(sha256.digest()).substring(0, DIGITS);
    return "of %d tokens, sha256 %s".formatted(size, digits);
  }

  private static String spelling(Tokenizer tokenizer, int id) {
    try {
      return tokenizer.token(id);
    } catch (IllegalArgumentException e) {
      return ""; // a gap in the vocabulary
    }
  }
}

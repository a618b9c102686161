package dev.galen.examples.clinical.pubmedqa;

import dev.galen.train.data.QuestionExample;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What tells the data of a run from others, wherever their files are and whatever their names. */
final class RunDigest {
  private RunDigest() {}

  /**
   * The SHA-256 of the records, their parts and the texts that are read before them.
   *
   * @param texts that a model reads before, see {@link PublicTexts}
   */
  static String of(PubMedQa data, OfficialSplit split, List<String> texts) {
    MessageDigest digest = sha256();
    for (QuestionExample record : data.records()) {
      add(digest, record.id());
      add(digest, split.parts().get(record.id()).toString());
      add(digest, record.question());
      add(digest, record.context());
      add(digest, record.answer());
      add(digest, record.decision());
    }
    texts.forEach(text -> add(digest, text));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

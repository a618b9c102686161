package dev.galen.examples.clinical.pubmedqa;

import dev.galen.tensor.io.AtomicFile;
import dev.galen.train.data.QuestionExample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What tells the data of a run from others, wherever their files are and whatever their names. */
public final class RunDigest {
  private RunDigest() {}

  /**
   * The SHA-256 of the records, their parts and the texts that are read before them.
   *
   * @param texts that a model reads before, see {@link PublicTexts}
   */
  public static String of(PubMedQa data, OfficialSplit split, List<String> texts) {
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

  /**
   * Keeps what a run is of in its folder, or refuses a folder that is of another one.
   *
   * @param settings all that results follow from
   * @throws IOException in one line that names the file
   */
  public static void requireSame(Path output, String settings) throws IOException {
    Path kept = output.resolve("settings.json");
    if (!Files.exists(kept)) {
      AtomicFile.writeString(kept, settings);
    } else if (!Files.readString(kept).equals(settings)) {
      throw new IOException(
          kept
              + ": the folder has a run with other data or settings; give --out another folder, or"
              + " what that run was given to go on with it");
    }
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

package dev.galen.examples.serve.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tensor.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reviewed records as JSON lines that {@code galen train} reads: {@code text} and {@code label} for
 * a classifier's, {@code prompt} and {@code completion} for others, and in {@code provenance} where
 * each came from. The answer is the correction, or what was said to be right.
 */
public final class TrainingRows {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> CLASSIFIED = Set.of("diagnose");
  private static final int PAGE = 100;

  private TrainingRows() {}

  /** What was written: rows, and accepted records that say what is wrong and not what is right. */
  public record Written(long rows, long leftOut) {}

  /**
   * Writes the accepted records to {@code file}, which is replaced as a whole. It has texts in
   * plain: whoever exports answers for them.
   */
  public static Written write(Records records, Path file) throws IOException {
    var counts = new long[2];
    AtomicFile.write(
        file,
        channel -> {
          String last = null;
          while (true) {
            List<StoredRecord> page = records.list(StoredRecord.State.ACCEPTED, last, PAGE);
            for (StoredRecord record : page) {
              String line = row(record);
              counts[line == null ? 1 : 0]++;
              if (line != null) {
                var bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                  channel.write(bytes);
                }
              }
            }
            if (page.isEmpty()) {
              return;
            }
            last = page.getLast().id();
          }
        });
    return new Written(counts[0], counts[1]);
  }

  private static String row(StoredRecord record) throws IOException {
    StoredRecord.Content what = record.what();
    String answer =
        switch (what.verdict()) {
          case RIGHT -> what.answer();
          case CORRECTED -> what.correction();
          case WRONG, NONE -> null;
        };
    if (answer == null) {
      return null;
    }
    boolean classified = CLASSIFIED.contains(what.task());
    ObjectNode row = JSON.createObjectNode();
    row.put(classified ? "text" : "prompt", what.input());
    row.put(classified ? "label" : "completion", answer);
    row.putObject("provenance")
        .put("record", record.id())
        .put("kind", what.kind().name().toLowerCase(Locale.ROOT))
        .put("task", what.task())
        .put("model", what.model())
        .put("verdict", what.verdict().name().toLowerCase(Locale.ROOT))
        .put("author", what.author())
        .put("created", record.created().toString())
        .put("reviewer", record.reviewer())
        .put("reviewed", record.reviewed().toString());
    return JSON.writeValueAsString(row);
  }
}

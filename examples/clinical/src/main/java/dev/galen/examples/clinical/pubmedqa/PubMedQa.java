package dev.galen.examples.clinical.pubmedqa;

import dev.galen.train.data.Example;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.format.DataFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * The expert-labelled records, in the order of their file: the original form {@code {pubid:
 * record}}, or rows with {@code pubid, question, context, long_answer, final_decision} as Hugging
 * Face has them, in any format that Galen reads.
 *
 * @param records each with an id of its own and a decision
 */
public record PubMedQa(List<QuestionExample> records) {
  /** The classes, in the order that their numbers have here. */
  public static final List<String> DECISIONS = List.of("yes", "no", "maybe");

  /** Checks that records can be told apart and have what is to be predicted. */
  public PubMedQa {
    records = List.copyOf(records);
    for (QuestionExample record : records) {
      if (record.decision() == null) {
        throw new IllegalArgumentException(
            record.origin() + ": the record has no final_decision; expected yes, no or maybe");
      }
    }
    requireIds(records);
  }

  private static void requireIds(List<QuestionExample> records) {
    var seen = new HashMap<String, QuestionExample>();
    for (QuestionExample record : records) {
      if (record.id().isEmpty()) {
        throw new IllegalArgumentException(record.origin() + ": the record has no pubid");
      }
      QuestionExample other = seen.put(record.id(), record);
      if (other != null) {
        throw new IllegalArgumentException(
            "%s: the pubid %s stands at %s, too"
                .formatted(record.origin(), record.id(), other.origin()));
      }
    }
  }

  /**
   * Reads what is to be answered: records of the same forms, with or without a decision.
   *
   * @throws IOException in one line that names file, line and field, or a file without a record
   */
  public static List<QuestionExample> questions(Path file) throws IOException {
    List<QuestionExample> records = records(file);
    if (records.isEmpty()) {
      throw new IOException(file + ": has no record; expected one or more");
    }
    try {
      requireIds(records);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    return records;
  }

  private static List<QuestionExample> records(Path file) throws IOException {
    var records = new ArrayList<QuestionExample>();
    for (Example example : DataFiles.read(file)) {
      if (!(example instanceof QuestionExample record)) {
        throw example
            .origin()
            .error("the record is no question; expected PubMedQA's QUESTION or question");
      }
      records.add(record);
    }
    return records;
  }

  /** The number of a record's decision, its place in {@link #DECISIONS}. */
  public static int label(QuestionExample record) {
    return DECISIONS.indexOf(record.decision());
  }

  /** The numbers of records' decisions. */
  public static int[] labels(List<QuestionExample> records) {
    return records.stream().mapToInt(PubMedQa::label).toArray();
  }
}

package dev.galen.examples.serve.store;

import java.time.Instant;

/**
 * Something that a person said of an answer, or an answer that waits for a person.
 *
 * @param id as {@link Records#add} gave it
 * @param created when
 * @param what the record is of
 * @param state of its review
 * @param reviewer who reviewed it, or null
 * @param reviewed when, or null
 */
public record StoredRecord(
    String id, Instant created, Content what, State state, String reviewer, Instant reviewed) {

  /** Why there is a record. */
  public enum Kind {
    /** A user said that the answer is right, wrong, or what it should be. */
    FEEDBACK,
    /** The server held an answer back. */
    HELD
  }

  /** What was said of the answer. */
  public enum Verdict {
    /** Nothing yet. */
    NONE,
    /** It is right. */
    RIGHT,
    /** It is wrong. */
    WRONG,
    /** It should be the correction. */
    CORRECTED
  }

  /** Of a review. */
  public enum State {
    /** Nobody has looked at it. */
    WAITING,
    /** A reviewer agrees with the verdict. */
    ACCEPTED,
    /** A reviewer does not, and it is used for nothing. */
    REJECTED
  }

  /**
   * What a record is of.
   *
   * @param kind why there is one
   * @param author id of who said it, or asked
   * @param model that answered, with its version
   * @param task such as {@code summarize} or {@code diagnose}
   * @param verdict what was said
   * @param patient reference, which is kept as a keyed hash alone: null in what is read back
   * @param input what was asked
   * @param answer what came
   * @param correction what should have come, or null
   * @param note why it is held, or a remark; or null
   */
  public record Content(
      Kind kind,
      String author,
      String model,
      String task,
      Verdict verdict,
      String patient,
      String input,
      String answer,
      String correction,
      String note) {
    /** Checks that a correction stands where the verdict says so, and there alone. */
    public Content {
      if ((verdict == Verdict.CORRECTED) != (correction != null && !correction.isBlank())) {
        throw new IllegalArgumentException(
            "a correction must be there if the verdict is \"corrected\", and only then");
      }
    }

    /** Without its texts, so that no log has them. */
    @Override
    public String toString() {
      return "Content[%s, %s, %s, %s]".formatted(kind, model, task, verdict);
    }
  }
}

package dev.galen.examples.clinical.document;

/** A record cannot be used. The message says why, without a word of its text. */
public final class RejectedException extends Exception {
  private static final long serialVersionUID = 1;

  /** Why, in words that follow {@code file:line: }. */
  public RejectedException(String problem) {
    super(problem);
  }
}

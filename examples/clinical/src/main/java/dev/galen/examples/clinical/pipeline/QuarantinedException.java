package dev.galen.examples.clinical.pipeline;

/**
 * A document is well formed, but its text did not survive its way here. It goes to the quarantine
 * with its id and the reason, which has no word of the text.
 */
public final class QuarantinedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Why, in words that follow the document's id. */
  public QuarantinedException(String reason) {
    super(reason);
  }
}

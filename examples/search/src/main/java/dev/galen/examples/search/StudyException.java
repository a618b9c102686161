package dev.galen.examples.search;

/** Thrown by an objective to fail its trial and end the study: no trial can be better. */
public final class StudyException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Ends the study.
   *
   * @param cause what {@link Study#optimize} throws
   */
  public StudyException(RuntimeException cause) {
    super(cause.getMessage(), cause);
  }

  @Override
  public synchronized RuntimeException getCause() {
    return (RuntimeException) super.getCause();
  }
}

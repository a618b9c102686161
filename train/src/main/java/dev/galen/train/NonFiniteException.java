package dev.galen.train;

/**
 * A loss or a gradient stopped being a number; the message says at which step and where. A trainer
 * stands where it stood before that update.
 */
public final class NonFiniteException extends RuntimeException {
  /** The batch of an update of which no single one can be named. */
  static final int ALL = -1;

  private static final long serialVersionUID = 1L;

  private final int batch;
  private final String place;

  /**
   * One that is found.
   *
   * @param batch number of the batch in its update, from 0, or {@link #ALL}
   * @param place what is the first that is no number
   */
  NonFiniteException(String message, int batch, String place) {
    super(message);
    this.batch = batch;
    this.place = place;
  }

  /** The same, with what became of the run. */
  NonFiniteException(NonFiniteException found, String consequence) {
    super(found.getMessage() + "; " + consequence, found);
    this.batch = found.batch;
    this.place = found.place;
  }

  /** Which batch of an update it was, from 0; -1 where no single one can be named. */
  public int batch() {
    return batch;
  }

  /** The parameter, gradient or layer's output that is the first which is no number, in words. */
  public String place() {
    return place;
  }
}

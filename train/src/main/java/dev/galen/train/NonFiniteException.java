package dev.galen.train;

import dev.galen.train.data.Batch;
import dev.galen.train.data.TokenSequence;
import java.util.List;
import java.util.Optional;

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
  private final transient MeasuredBatch measured; // not what another process has to know

  /**
   * Sequences that were measured side by side.
   *
   * @param sequences in their order
   * @param form of their labels
   */
  record MeasuredBatch(List<TokenSequence> sequences, Batch.Labels form) {}

  /**
   * One that is found in an update.
   *
   * @param batch number of the batch in its update, from 0, or {@link #ALL}
   * @param place what is the first that is no number
   */
  NonFiniteException(String message, int batch, String place) {
    super(message);
    this.batch = batch;
    this.place = place;
    this.measured = null;
  }

  /** One that is found in an evaluation. */
  NonFiniteException(String message, MeasuredBatch measured, String place) {
    super(message);
    this.batch = ALL;
    this.place = place;
    this.measured = measured;
  }

  /** The same, with what became of the run. */
  NonFiniteException(NonFiniteException found, String consequence) {
    super(found.getMessage() + "; " + consequence, found);
    this.batch = found.batch;
    this.place = found.place;
    this.measured = found.measured;
  }

  /** The batch of an evaluation, if it was one. */
  Optional<MeasuredBatch> measured() {
    return Optional.ofNullable(measured);
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

package dev.galen.model.generate;

/** A model gave NaN or infinity where a logit was due: its weights are damaged. */
public final class NonFiniteLogitException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  NonFiniteLogitException(String message) {
    super(message);
  }
}

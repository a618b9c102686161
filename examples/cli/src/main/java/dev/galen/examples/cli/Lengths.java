package dev.galen.examples.cli;

/** The longest sequence, as an option gave it. */
final class Lengths {
  private Lengths() {}

  /**
   * {@code wanted}, or the model's context where nothing was wanted.
   *
   * @param model where its config lies, for messages
   */
  static int require(Integer wanted, int context, Object model) {
    if (context < 2) {
      throw new IllegalArgumentException(
          "%s: n_positions is %d in its config; a context of one token predicts nothing"
              .formatted(model, context));
    }
    if (wanted == null) {
      return context;
    }
    if (wanted < 2 || wanted > context) {
      throw new IllegalArgumentException(
          "--length is " + wanted + ", must be 2 to the model's context of " + context);
    }
    return wanted;
  }
}

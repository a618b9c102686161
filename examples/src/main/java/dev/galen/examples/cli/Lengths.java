package dev.galen.examples.cli;

/** The longest sequence, as an option gave it. */
final class Lengths {
  private Lengths() {}

  /** {@code wanted}, or the model's context where nothing was wanted. */
  static int require(Integer wanted, int context) {
    if (context < 2) {
      throw new IllegalArgumentException(
          "the model's config.json says n_positions %d; a context of one token predicts nothing"
              .formatted(context));
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

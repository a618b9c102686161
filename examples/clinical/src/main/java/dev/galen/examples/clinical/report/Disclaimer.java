package dev.galen.examples.clinical.report;

/** What every output for people says. */
public final class Disclaimer {
  /** The sentence. */
  public static final String TEXT =
      "Nothing here is medical advice; what a model says has to be checked by a clinician.";

  private Disclaimer() {}
}

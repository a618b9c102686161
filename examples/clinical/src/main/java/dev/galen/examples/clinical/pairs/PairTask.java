package dev.galen.examples.clinical.pairs;

import java.util.Locale;

/** What pairs teach. */
public enum PairTask {
  /** A long text becomes a short one. */
  SUMMARISE,
  /** A question is answered, from a context where there is one. */
  ANSWER,
  /** Two reports of a patient become what has changed. */
  COMPARE,
  /** A report becomes a label. */
  FLAG;

  /** Its name in options and files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

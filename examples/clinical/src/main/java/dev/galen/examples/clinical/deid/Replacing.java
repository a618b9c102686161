package dev.galen.examples.clinical.deid;

/** What is put in the place of an identifier. */
public enum Replacing {
  /**
   * A tag, such as {@code [NAME]}; of a postal code of the United States its first three digits.
   */
  TAGS,
  /**
   * Another name, number or place of the same form, the same one wherever it returns with a
   * patient; dates are shifted.
   */
  SURROGATES,
  /** Dates are shifted by the same number of days throughout a patient, all else becomes tags. */
  SHIFT
}

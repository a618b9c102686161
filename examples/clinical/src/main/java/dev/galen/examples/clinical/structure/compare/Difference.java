package dev.galen.examples.clinical.structure.compare;

import dev.galen.examples.clinical.document.Annotation;

/**
 * One difference of two reports.
 *
 * @param kind what kind of difference
 * @param what the value, finding, part of the body or section that it is about
 * @param left what the first report says; empty if nothing
 * @param right what the second report says; empty if nothing
 * @param leftPlace where; null if nowhere
 * @param rightPlace where; null if nowhere
 */
public record Difference(
    Kind kind,
    String what,
    String left,
    String right,
    Annotation leftPlace,
    Annotation rightPlace) {
  /** What differs. */
  public enum Kind {
    /** A value is another one. */
    VALUE_CHANGED,
    /** The first report alone has a value. */
    VALUE_MISSING,
    /** The second report alone has a value. */
    VALUE_ADDED,
    /** The first report alone names a drug. */
    DRUG_MISSING,
    /** The second report alone names a drug. */
    DRUG_ADDED,
    /** A finding is present, absent or uncertain in one, and another of these in the other. */
    ASSERTION_CHANGED,
    /** The first report alone has a finding. */
    FINDING_MISSING,
    /** The second report alone has a finding. */
    FINDING_ADDED,
    /** Another side of the body. */
    SIDE_CHANGED,
    /** The first report alone has a section. */
    SECTION_MISSING,
    /** The second report alone has a section. */
    SECTION_ADDED,
    /** A number that is no value is another one. */
    NUMBER_CHANGED,
    /** The first report alone has a number. */
    NUMBER_MISSING,
    /** The second report alone has a number. */
    NUMBER_ADDED
  }
}

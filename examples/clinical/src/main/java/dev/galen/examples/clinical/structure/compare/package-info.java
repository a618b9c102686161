/**
 * What differs between two reports: values with their units, findings, sides, sections, numbers.
 *
 * <p>{@link dev.galen.examples.clinical.structure.compare.Comparison} is the way in.
 */
package dev.galen.examples.clinical.structure.compare;

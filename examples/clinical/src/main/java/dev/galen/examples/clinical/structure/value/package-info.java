/**
 * Vital signs, laboratory values and doses in the ways notes write them.
 *
 * <p>{@link dev.galen.examples.clinical.structure.value.Values} is the way in. One pass over the
 * words keeps the last name seen ({@code ValueScan}); each number is first told by its form from
 * dates, times, telephone numbers and fractions ({@code NumberText}), then by its unit ({@code
 * Units}) and the name before it. The words lie in {@code words.txt}, {@code units.txt}, {@code
 * orders.txt} and {@code drugs.txt}.
 */
package dev.galen.examples.clinical.structure.value;

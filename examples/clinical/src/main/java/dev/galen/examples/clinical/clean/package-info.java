/**
 * Cleans text without losing what is clinical in it: {@link
 * dev.galen.examples.clinical.clean.Cleaning}, from the most careful to what notebooks do.
 *
 * <p>{@link dev.galen.examples.clinical.clean.SafeCleaner} has one class for each thing that it
 * mends; {@link dev.galen.examples.clinical.clean.Cleaned} knows where each place of the cleaned
 * text was. {@link dev.galen.examples.clinical.clean.SpellingCorrector} is apart and off by
 * default.
 */
package dev.galen.examples.clinical.clean;

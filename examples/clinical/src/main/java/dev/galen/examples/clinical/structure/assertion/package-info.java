/**
 * Whether a finding is there, absent or doubtful, whose it is and when.
 *
 * <p>{@link dev.galen.examples.clinical.structure.assertion.Assertions} decides by cues in the
 * finding's sentence, from {@code cues.txt}, after the idea of NegEx (Chapman et al., 2001) and
 * ConText (Harkema et al., 2009); the lists are our own.
 */
package dev.galen.examples.clinical.structure.assertion;

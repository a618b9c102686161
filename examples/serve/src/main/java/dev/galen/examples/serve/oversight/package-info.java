/**
 * What a person has to look at.
 *
 * <p>{@code Oversight} marks answers that are uncertain, or say what their input does not; {@code
 * TrainingProfile} is what training data were like, without a word of them, and {@code
 * DriftMonitor} how far live inputs have moved from it.
 */
package dev.galen.examples.serve.oversight;

/**
 * Example programs.
 *
 * <p>{@link dev.galen.examples.FineTune} fine-tunes a GPT-2 in twenty lines, those of the README,
 * and {@link dev.galen.examples.Tour} shows the rest; {@code llama} is an architecture of its own,
 * that of {@code docs/your-own-model.md}.
 */
package dev.galen.examples;

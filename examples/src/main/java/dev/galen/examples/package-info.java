/**
 * Example programs.
 *
 * <p>{@link dev.galen.examples.FineTune} fine-tunes a GPT-2 in twenty lines, those of the README;
 * {@code llama} is an architecture of its own, that of {@code docs/your-own-model.md}; {@code cli}
 * is the {@code galen} command.
 */
package dev.galen.examples;

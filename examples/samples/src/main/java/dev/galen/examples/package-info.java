/**
 * Example programs.
 *
 * <p>{@link dev.galen.examples.WholeRun} fine-tunes as the command does, {@link
 * dev.galen.examples.FineTune} step by step, and {@link dev.galen.examples.Tour} shows the rest;
 * {@code llama} is an architecture of its own, that of {@code docs/your-own-model.md}.
 */
package dev.galen.examples;

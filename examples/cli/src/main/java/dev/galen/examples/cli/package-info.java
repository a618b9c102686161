/**
 * The {@code galen} command.
 *
 * <p>{@link dev.galen.examples.cli.Galen} is the main class; a {@code ...Command} maps options to
 * calls of the library modules and prints what they return, a {@code ...Options} is a group of
 * options that several commands share. What a command knows beyond that belongs into a library.
 */
package dev.galen.examples.cli;

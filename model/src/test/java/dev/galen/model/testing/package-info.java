/**
 * The small models that tests of all modules work on. It reaches them in the test-jar of {@code
 * model}, so it is a package that no module has.
 *
 * <ul>
 *   <li>{@code TinyModels}: new ones, with random weights that are the same each time, and their
 *       directories.
 *   <li>{@code CountedModel}: one that counts what is asked of it.
 * </ul>
 */
package dev.galen.model.testing;

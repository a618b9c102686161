/**
 * What a search may choose from: a {@link dev.galen.examples.search.space.Range} for each
 * parameter, with numbers ({@link dev.galen.examples.search.space.FloatRange}, {@link
 * dev.galen.examples.search.space.IntRange}) or a list ({@link
 * dev.galen.examples.search.space.Choices}), and a {@link
 * dev.galen.examples.search.space.Suggestion} that was made from it.
 */
package dev.galen.examples.search.space;

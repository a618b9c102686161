/**
 * Searches for the values at which a function is best. {@link dev.galen.examples.search.Study} is
 * where to begin; {@code space} has what may be chosen, {@code sample} who chooses, {@code prune}
 * who ends early, {@code store} where it is kept, {@code recipe} the search over a training run's
 * settings, {@code report} tables and pictures.
 */
package dev.galen.examples.search;

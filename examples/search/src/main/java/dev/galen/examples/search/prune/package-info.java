/**
 * When a trial is ended early: a {@link dev.galen.examples.search.prune.Pruner} compares what it
 * reports on its way with what others did. {@link dev.galen.examples.search.prune.AshaPruner} and
 * {@link dev.galen.examples.search.prune.MedianPruner} are functions of the history, and keep
 * nothing.
 */
package dev.galen.examples.search.prune;

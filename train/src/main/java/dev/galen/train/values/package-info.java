/**
 * Settings by name, as a command line and a run's JSON give them: {@link
 * dev.galen.train.values.NamedValues} reads numbers, flags and words, and refuses what nobody asks
 * for. Schedules and optimizers are made from it.
 */
package dev.galen.train.values;

/**
 * The learning rate over a run: {@link dev.galen.train.schedule.Schedule} is a value of the config,
 * {@link dev.galen.train.schedule.Rates} the rate of each update of one run. {@link
 * dev.galen.train.schedule.Schedules} makes those of transformers and PyTorch by name and numbers,
 * a record each; {@link dev.galen.train.schedule.ReduceOnPlateau} and {@link
 * dev.galen.train.schedule.Greedy} follow what is measured, and have a state that checkpoints keep.
 */
package dev.galen.train.schedule;

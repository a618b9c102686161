/**
 * What models are trained for.
 *
 * <p>A {@link dev.galen.train.task.Task} says how rows are read, which model learns from them, how
 * they become sequences, and how the trained model is measured; {@link dev.galen.train.task.Tasks}
 * knows all there are. {@link dev.galen.train.task.CausalTask} continues and answers texts, {@link
 * dev.galen.train.task.ClassificationTask} names their classes.
 */
package dev.galen.train.task;

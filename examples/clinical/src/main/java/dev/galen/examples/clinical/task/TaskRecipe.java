package dev.galen.examples.clinical.task;

import dev.galen.train.schedule.Schedule;

/**
 * How the model of a task learns where nothing else is said.
 *
 * @param task of the trainer, such as {@code classification}
 * @param shape of a model with random weights
 * @param length tokens of a sequence at most
 * @param epochs passes over the examples
 * @param batch sequences an update
 * @param rate the peak learning rate of random weights
 * @param pretrainedRate that of a model that was given
 * @param schedule of the rate
 * @param warmup share of the updates until the peak
 * @param decay of the matrices
 */
record TaskRecipe(
    String task,
    NewModel shape,
    int length,
    int epochs,
    int batch,
    double rate,
    double pretrainedRate,
    Schedule schedule,
    double warmup,
    double decay) {}

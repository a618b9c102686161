/**
 * The learning rate over a run: {@link dev.galen.train.schedule.Schedule} gives the rate of each
 * update, a rise over the warm-up and then a curve, as HuggingFace's {@code
 * get_*_schedule_with_warmup} do; {@link dev.galen.train.schedule.Schedule.Kind} names the curves.
 */
package dev.galen.train.schedule;

/**
 * Tasks from data to report: {@link dev.galen.examples.clinical.task.SectionTask} names the section
 * a text is of, {@link dev.galen.examples.clinical.task.SummaryTask} writes notes of dialogues,
 * {@link dev.galen.examples.clinical.task.AnswerTask} answers questions, {@link
 * dev.galen.examples.clinical.task.ChoiceTask} chooses among options by likelihood. Each trains by
 * Galen's trainer ({@link dev.galen.examples.clinical.task.TaskTraining}), goes on where it was
 * killed, and is measured beside what needs no network.
 */
package dev.galen.examples.clinical.task;

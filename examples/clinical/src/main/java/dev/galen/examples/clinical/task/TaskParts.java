package dev.galen.examples.clinical.task;

/**
 * The documents of a task.
 *
 * @param train what is learned
 * @param test what is measured
 */
public record TaskParts(TaskDocuments train, TaskDocuments test) {}

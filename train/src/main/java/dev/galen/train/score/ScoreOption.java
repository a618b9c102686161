package dev.galen.train.score;

/**
 * An option of metrics, as the command line has it.
 *
 * @param name such as {@code smooth-value}
 * @param label what its value is, such as {@code X}; null for one without a value
 * @param help one line
 */
public record ScoreOption(String name, String label, String help) {}

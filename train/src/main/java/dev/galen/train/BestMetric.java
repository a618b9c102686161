package dev.galen.train;

/**
 * The best that a run was while it trained.
 *
 * @param metric its name, without {@code eval_}
 * @param value what it was
 * @param step the update after which it was measured
 */
public record BestMetric(String metric, double value, long step) {}

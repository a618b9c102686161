package dev.galen.model.engine;

/**
 * A token that could have come.
 *
 * @param id of the token
 * @param logProbability by the model's own logits, before any setting changes them; in nats
 */
public record TokenAlternative(int id, double logProbability) {}

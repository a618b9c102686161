package dev.galen.model.engine;

/**
 * What a request took.
 *
 * @param promptTokens of the prompt, counted once
 * @param cachedTokens of those, how many were not computed because an earlier request had been
 * @param newTokens of all texts that were made, those of texts not among the best too
 */
public record GenerationUsage(int promptTokens, int cachedTokens, int newTokens) {}

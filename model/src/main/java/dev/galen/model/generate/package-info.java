/**
 * Turns a language model's logits into text, token by token.
 *
 * <p>{@link dev.galen.model.generate.Generator} is the entrance; {@link
 * dev.galen.model.generate.GenerationConfig} says how. A {@link
 * dev.galen.model.generate.LogitsProcessor} reshapes logits ({@code RepetitionPenalty Temperature
 * TopK TopP} and others), a {@link dev.galen.model.generate.TokenRule} where it has to know the
 * text ({@code TokenRules}), a {@link dev.galen.model.generate.Sampler} picks a token, {@code
 * BeamSearch} keeps several continuations, {@link dev.galen.model.nn.KvCache} makes a token cost
 * one position.
 */
package dev.galen.model.generate;

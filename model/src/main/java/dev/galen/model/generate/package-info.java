/**
 * Turns a language model's logits into text, token by token.
 *
 * <p>{@link dev.galen.model.generate.Generator} is the entrance; {@link
 * dev.galen.model.generate.GenerationConfig} says how, a {@link
 * dev.galen.model.generate.Continuation} is what comes of it. A {@link
 * dev.galen.model.generate.LogitsProcessor} reshapes logits ({@code RepetitionPenalty Temperature
 * TopK TopP} and others), a {@link dev.galen.model.generate.TokenRule} where it has to know the
 * text ({@code TokenRules}), a {@link dev.galen.model.generate.Sampler} picks a token, {@code
 * TokenByToken} makes texts side by side, {@code BeamSearch} keeps several continuations, {@link
 * dev.galen.model.generate.StoppingRule} ends a text, {@link dev.galen.model.nn.KvCache} makes a
 * token cost one position.
 */
package dev.galen.model.generate;

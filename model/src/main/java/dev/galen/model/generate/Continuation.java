package dev.galen.model.generate;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * A text that a {@link Generator} made.
 *
 * @param prompt which of the given prompts it continues, from 0
 * @param ids prompt and continuation; of a model with an encoder the decoder's first id and what
 *     follows it. A token that ended the text is the last; nothing is padded
 * @param start where the new ones begin in {@code ids}
 * @param logProbabilities of each new token in nats, behind all processors; in a beam search what
 *     each token adds to the text's score before that is divided by its length. Empty unless {@link
 *     GenerationConfig#scores()}
 * @param score a beam search's measure of the text, {@code sum / newTokens^lengthPenalty}, by which
 *     several are ordered; else empty
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record Continuation(
    int prompt, int[] ids, int start, double[] logProbabilities, OptionalDouble score) {
  /** The new tokens. */
  public int[] newIds() {
    return Arrays.copyOfRange(ids, start, ids.length);
  }
}

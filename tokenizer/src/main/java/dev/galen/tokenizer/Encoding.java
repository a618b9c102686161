package dev.galen.tokenizer;

import java.util.Arrays;

/**
 * A text, or two, as tokens with their places. All arrays have one entry a token, and are the
 * caller's own.
 *
 * <p>Offsets are indexes of Java's strings (UTF-16), so that {@code text.substring(starts[i],
 * ends[i])} is what a token stands for. HuggingFace's tokenizers counts the same places in code
 * points, which differ behind an emoji. A token that has a part of a character's bytes alone, as
 * byte-level vocabularies cut them, has the place of the whole character.
 *
 * @param ids the ids
 * @param starts where each token starts in its text; 0 for a token that is put around texts
 * @param ends where each token ends in its text; 0 for a token that is put around texts
 * @param typeIds the segment of each token, {@code token_type_ids} in HuggingFace's library
 * @param texts which text each token comes from, 0 or 1; -1 if it is put around them
 * @param special whether each token is put around texts by the post-processor; a special token that
 *     the text spells is not, as in HuggingFace's {@code special_tokens_mask}; padding is
 * @param attentionMask 1 for each token, 0 for padding
 */
public record Encoding(
    int[] ids,
    int[] starts,
    int[] ends,
    int[] typeIds,
    int[] texts,
    boolean[] special,
    int[] attentionMask) {

  /** Tokens without padding. */
  public Encoding(
      int[] ids, int[] starts, int[] ends, int[] typeIds, int[] texts, boolean[] special) {
    this(ids, starts, ends, typeIds, texts, special, ones(ids.length));
  }

  private static int[] ones(int count) {
    var ones = new int[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  /**
   * This encoding with its places counted in code points, as HuggingFace's tokenizers counts them.
   *
   * @param encoded the text or the two texts that were encoded
   */
  public Encoding inCodePoints(String... encoded) {
    return new Encoding(
        ids,
        codePoints(starts, encoded),
        codePoints(ends, encoded),
        typeIds,
        texts,
        special,
        attentionMask);
  }

  private int[] codePoints(int[] indexes, String... encoded) {
    var counted = new int[indexes.length];
    for (int i = 0; i < counted.length; i++) {
      counted[i] = texts[i] < 0 ? 0 : encoded[texts[i]].codePointCount(0, indexes[i]);
    }
    return counted;
  }

  /** How many tokens there are. */
  public int size() {
    return ids.length;
  }
}

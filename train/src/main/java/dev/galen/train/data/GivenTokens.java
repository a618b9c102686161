package dev.galen.train.data;

import static dev.galen.train.data.TokenSequence.IGNORE_INDEX;

/**
 * Rows that are tokens already go to a language model as they are, or are refused.
 *
 * @param vocabularySize ids lie below it
 * @param maxLength the most tokens of a row, unless it is packed with others
 */
record GivenTokens(int vocabularySize, int maxLength) {

  /** Given labels, and a mask that hides some positions. */
  TokenSequence of(EncodedExample row, Packing packing) {
    TokenSequence bare =
        of(new TokenExample(row.inputIds(), row.integers(), row.origin()), packing);
    return new TokenSequence(bare.inputIds(), bare.labels(), 0, null, row.attentionMask());
  }

  TokenSequence of(TokenExample example, Packing packing) {
    int[] ids = example.inputIds();
    if (packing != null && example.documents() != null) {
      throw new IllegalArgumentException(
          example.origin() + ": is a row of several documents already; leave packing out");
    }
    if (ids.length > maxLength && packing == null) {
      throw new IllegalArgumentException(
          example.origin()
              + ": the sequence has "
              + ids.length
              + " tokens and the model's length is "
              + maxLength
              + "; cut the data or raise the length");
    }
    requireInVocabulary("input_ids", ids, example.origin());
    int[] labels = example.labels();
    if (labels != null) {
      requireInVocabulary("labels", labels, example.origin());
    }
    if (example.documents() != null) {
      return TokenSequence.packed(
          ids, (labels == null ? ids : labels).clone(), null, example.documents());
    }
    return labels == null ? TokenSequence.text(ids) : new TokenSequence(ids, labels);
  }

  private void requireInVocabulary(String name, int[] ids, Origin origin) {
    boolean labels = name.equals("labels");
    for (int i = 0; i < ids.length; i++) {
      if ((ids[i] < 0 || ids[i] >= vocabularySize) && !(labels && ids[i] == IGNORE_INDEX)) {
        throw new IllegalArgumentException(
            "%s: %s holds %d at position %d; the vocabulary has %d tokens, so ids go from 0 to %d%s"
                .formatted(
                    origin,
                    name,
                    ids[i],
                    i,
                    vocabularySize,
                    vocabularySize - 1,
                    labels ? ", and -100 is ignored" : ""));
      }
    }
  }
}

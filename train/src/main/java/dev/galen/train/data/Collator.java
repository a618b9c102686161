package dev.galen.train.data;

import dev.galen.model.Model;
import java.util.List;

/** Puts sequences side by side as one kind of {@link Model} takes them. */
public interface Collator {
  /**
   * A batch of sequences.
   *
   * @param sequences at least one
   */
  Batch collate(List<TokenSequence> sequences);

  /** The number of labels of a sequence that count in the loss. */
  int labels(TokenSequence sequence);

  /** The same of one of many, which is not read where that can be helped. */
  default int labels(TokenSequences sequences, int index) {
    return labels(sequences.get(index));
  }

  /** Whether a sequence may have another number of labels than of tokens, as a decoder's has. */
  default boolean hasOwnLabels() {
    return false;
  }

  /** The same as {@link #sample(int)} with so many labels, where these are counted apart. */
  default TokenSequence sample(int length, int labels) {
    return sample(length);
  }

  /** A sequence of {@code length} tokens whose meaning does not matter, to measure memory with. */
  TokenSequence sample(int length);
}

package dev.galen.train.data;

import dev.galen.model.CausalLm;
import java.util.Arrays;
import java.util.List;

/**
 * Batches for a {@link CausalLm}: a label for each token, padding on the right.
 *
 * @param paddingId what stands behind the end of a shorter sequence, see {@link
 *     SequenceEncoder#paddingId}
 */
public record CausalCollator(int paddingId) implements Collator {
  @Override
  public Batch collate(List<TokenSequence> sequences) {
    var padded = PaddedIds.of(sequences, paddingId);
    int cols = padded.cols();
    var labels = new int[padded.ids().length];
    Arrays.fill(labels, TokenSequence.IGNORE_INDEX);
    int count = 0;
    for (int row = 0; row < sequences.size(); row++) {
      TokenSequence sequence = sequences.get(row);
      if (sequence.labels().length != sequence.length()) {
        throw new IllegalArgumentException(
            "a sequence of %d tokens has %d labels; a language model needs one for each token"
                .formatted(sequence.length(), sequence.labels().length));
      }
      System.arraycopy(sequence.labels(), 0, labels, row * cols, sequence.length());
      count += sequence.tokens();
    }
    return new Batch(sequences.size(), cols, padded.ids(), labels, padded.mask(), null, count);
  }

  @Override
  public int labels(TokenSequence sequence) {
    return sequence.tokens();
  }

  @Override
  public int labels(TokenSequences sequences, int index) {
    return sequences.tokens(index);
  }

  @Override
  public TokenSequence sample(int length) {
    return TokenSequence.text(new int[length]);
  }
}

package dev.galen.train.data;

import dev.galen.model.SequenceClassifier;
import java.util.List;

/**
 * Batches for a {@link SequenceClassifier}: one label for each sequence, padding on the right.
 *
 * @param paddingId what stands behind the end of a shorter sequence; a text that ends with it ends
 *     before it
 */
public record ClassCollator(int paddingId) implements Collator {
  @Override
  public Batch collate(List<TokenSequence> sequences) {
    var padded = PaddedIds.of(sequences, paddingId);
    int rows = sequences.size();
    var labels = new int[rows];
    var last = new int[rows];
    int count = 0;
    for (int row = 0; row < rows; row++) {
      TokenSequence sequence = sequences.get(row);
      if (sequence.labels().length != 1) {
        throw new IllegalArgumentException(
            "a sequence has %d labels; a classifier needs one, the text's class"
                .formatted(sequence.labels().length));
      }
      labels[row] = sequence.labels()[0];
      last[row] = row * padded.cols() + last(sequence.inputIds());
      count += labels(sequence);
    }
    return new Batch(rows, padded.cols(), padded.ids(), labels, padded.mask(), last, count);
  }

  /** Transformers takes the last token that is no padding by its id, wherever it stands. */
  private int last(int[] ids) {
    int last = ids.length - 1;
    while (last > 0 && ids[last] == paddingId) {
      last--;
    }
    return last;
  }

  @Override
  public int labels(TokenSequence sequence) {
    return sequence.labels()[0] == TokenSequence.IGNORE_INDEX ? 0 : 1;
  }

  @Override
  public TokenSequence sample(int length) {
    return new TokenSequence(new int[length], new int[1]);
  }
}

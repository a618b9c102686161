package dev.galen.train.data;

import dev.galen.model.CausalLm;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.ops.Documents;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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
    int rows = sequences.size();
    return new Batch(
        rows,
        cols,
        padded.ids(),
        labels,
        padded.mask(),
        null,
        count,
        null,
        new Batch.Labels(DType.I32, Shape.of(rows, cols)),
        documents(sequences, cols));
  }

  /** Those of every row, and what pads it as one more; null where each row is one text. */
  private static Documents documents(List<TokenSequence> sequences, int cols) {
    if (sequences.stream().allMatch(sequence -> sequence.documents() == null)) {
      return null;
    }
    var lengths = IntStream.builder();
    for (TokenSequence sequence : sequences) {
      int[] own = sequence.documents();
      for (int length : own == null ? new int[] {sequence.length()} : own) {
        lengths.add(length);
      }
      if (sequence.length() < cols) {
        lengths.add(cols - sequence.length());
      }
    }
    return new Documents(lengths.build().toArray());
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

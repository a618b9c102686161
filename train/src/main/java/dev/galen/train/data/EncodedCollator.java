package dev.galen.train.data;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Batches of sequences that are encoded already, with labels of tokens: those of the ids' own
 * positions, as a masked language model and a tagger learn them, or those that a decoder is to
 * write.
 *
 * @param paddingId what stands behind the end of a shorter sequence
 * @param ofDecoder whether labels are those of a decoder, of which there may be any number
 */
public record EncodedCollator(int paddingId, boolean ofDecoder) implements Collator {
  @Override
  public Batch collate(List<TokenSequence> sequences) {
    var padded = PaddedIds.of(sequences, paddingId);
    int rows = sequences.size();
    int width = ofDecoder ? 0 : padded.cols();
    for (TokenSequence sequence : sequences) {
      width = Math.max(width, sequence.labels().length);
    }
    var labels = new int[rows * width];
    Arrays.fill(labels, TokenSequence.IGNORE_INDEX);
    int count = 0;
    for (int row = 0; row < rows; row++) {
      TokenSequence sequence = sequences.get(row);
      if (!ofDecoder && sequence.labels().length != sequence.length()) {
        throw new IllegalArgumentException(
            "a sequence of %d tokens has %d labels; it needs one for each token"
                .formatted(sequence.length(), sequence.labels().length));
      }
      System.arraycopy(sequence.labels(), 0, labels, row * width, sequence.labels().length);
      count += labels(sequence);
    }
    return new Batch(
        rows,
        padded.cols(),
        padded.ids(),
        labels,
        padded.mask(),
        null,
        count,
        padded.types(),
        new Batch.Labels(DType.I32, Shape.of(rows, width)));
  }

  @Override
  public int labels(TokenSequence sequence) {
    int count = 0;
    for (int label : sequence.labels()) {
      count += label == TokenSequence.IGNORE_INDEX ? 0 : 1;
    }
    return count;
  }

  @Override
  public boolean hasOwnLabels() {
    return ofDecoder;
  }

  @Override
  public TokenSequence sample(int length, int labels) {
    return new TokenSequence(new int[length], new int[labels], 0, null, null);
  }

  @Override
  public TokenSequence sample(int length) {
    return TokenSequence.text(new int[length]);
  }
}

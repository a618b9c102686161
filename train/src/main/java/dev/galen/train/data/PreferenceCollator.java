package dev.galen.train.data;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Batches of {@link PreferenceTokens}: of B pairs 2B rows, all better completions and then all
 * worse ones, padded on the right to the longest, as TRL puts them. The labels, {@code [2B, T +
 * 2]}, are T of the tokens, of which the prompt's do not count, and the bits of the reference's ln
 * p of the row.
 *
 * @param paddingId what stands behind the end of a shorter row
 */
public record PreferenceCollator(int paddingId) implements Collator {
  @Override
  public Batch collate(List<TokenSequence> sequences) {
    var rows = new ArrayList<TokenSequence>();
    List<PreferenceTokens> pairs = sequences.stream().map(PreferenceTokens::of).toList();
    pairs.forEach(pair -> rows.add(pair.chosen()));
    pairs.forEach(pair -> rows.add(pair.rejected()));
    var padded = PaddedIds.of(rows, paddingId);
    int cols = padded.cols();
    var labels = new int[rows.size() * (cols + 2)];
    Arrays.fill(labels, TokenSequence.IGNORE_INDEX);
    for (int row = 0; row < rows.size(); row++) {
      int from = row * (cols + 2);
      int[] own = rows.get(row).labels();
      System.arraycopy(own, 0, labels, from, own.length);
      PreferenceTokens pair = pairs.get(row % pairs.size());
      PreferenceTokens.put(
          labels,
          from + cols,
          row < pairs.size() ? pair.referenceChosen() : pair.referenceRejected());
    }
    return new Batch(
        rows.size(),
        cols,
        padded.ids(),
        labels,
        padded.mask(),
        null,
        pairs.size(),
        null,
        new Batch.Labels(DType.I32, Shape.of(rows.size(), cols + 2)));
  }

  /** A pair is one label. */
  @Override
  public int labels(TokenSequence sequence) {
    return 1;
  }

  @Override
  public int labels(TokenSequences sequences, int index) {
    return 1;
  }

  /** Two halves of a prompt of one token and a completion. */
  @Override
  public TokenSequence sample(int length) {
    int half = Math.max(2, length / 2);
    return new PreferenceTokens(new int[2 * half], 1, half, half, 0, 0).sequence();
  }
}

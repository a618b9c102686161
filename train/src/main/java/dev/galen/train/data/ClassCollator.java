package dev.galen.train.data;

import dev.galen.model.ClassNames;
import dev.galen.model.ProblemType;
import dev.galen.model.SequenceClassifier;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import java.util.List;

/**
 * Batches for a {@link SequenceClassifier}: one label for each sequence, or a number for each of
 * its classes.
 *
 * @param paddingId what stands behind the end of a shorter sequence; a text that ends with it ends
 *     before it
 * @param classes what the model predicts
 */
public record ClassCollator(int paddingId, ClassNames classes) implements Collator {
  /** For texts that have one class each. */
  public ClassCollator(int paddingId) {
    this(paddingId, ClassNames.of(2).withProblem(ProblemType.SINGLE_LABEL));
  }

  @Override
  public Batch collate(List<TokenSequence> sequences) {
    var padded = PaddedIds.of(sequences, paddingId);
    int rows = sequences.size();
    boolean numbers = isOfNumbers(sequences.getFirst());
    var last = new int[rows];
    int count = 0;
    int width = numbers ? classes.count() : 1;
    var labels = new int[rows * width];
    for (int row = 0; row < rows; row++) {
      TokenSequence sequence = sequences.get(row);
      if (sequence.labels().length != width) {
        throw new IllegalArgumentException(
            "a sequence has %d labels; a classifier needs %d, %s"
                .formatted(
                    sequence.labels().length,
                    width,
                    numbers ? "a number for each class" : "the text's class"));
      }
      System.arraycopy(sequence.labels(), 0, labels, row * width, width);
      last[row] = row * padded.cols() + last(sequence.inputIds());
      count += labels(sequence);
    }
    var form =
        numbers
            ? new Batch.Labels(DType.F32, Shape.of(rows, width))
            : new Batch.Labels(DType.I32, Shape.of(rows));
    return new Batch(
        rows,
        padded.cols(),
        padded.ids(),
        labels,
        padded.mask(),
        last,
        count,
        padded.types(),
        form);
  }

  /** Whether a text's labels are the bits of numbers, one for each class. */
  private boolean isOfNumbers(TokenSequence sequence) {
    ProblemType problem = classes.problem();
    return problem == null
        ? classes.count() == 1 || sequence.labels().length > 1
        : problem != ProblemType.SINGLE_LABEL;
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
    ProblemType problem = classes.problem();
    boolean single = problem == null || problem == ProblemType.SINGLE_LABEL;
    var labels = new int[single ? 1 : classes.count()];
    return new TokenSequence(new int[length], labels, 0, null, null);
  }
}

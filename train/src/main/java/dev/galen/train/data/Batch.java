package dev.galen.train.data;

import dev.galen.model.Inputs;
import dev.galen.model.Inputs.Padding;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.ops.Documents;
import java.lang.foreign.MemorySegment;

/**
 * Sequences side by side, as a {@link Collator} makes them: what a model's {@link Inputs} are, on
 * the heap. Arrays are row-major.
 *
 * @param rows B, the number of sequences
 * @param cols T, the length of the longest sequence
 * @param inputIds token ids, [B, T]
 * @param labels {@link TokenSequence#IGNORE_INDEX} where nothing is to be learned; of the form
 *     below
 * @param attentionMask 1 for a token, 0 for padding, [B, T]
 * @param lastTokens where each sequence's last token stands in {@code inputIds}, [B]; null where
 *     labels are not of whole texts
 * @param tokens the number of labels that count
 * @param tokenTypes which segment each token belongs to, [B, T]; null where all is one
 * @param form of the labels
 * @param documents texts that stand side by side in the rows, what pads them among them; null where
 *     a row is one text
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record Batch(
    int rows,
    int cols,
    int[] inputIds,
    int[] labels,
    byte[] attentionMask,
    int[] lastTokens,
    int tokens,
    int[] tokenTypes,
    Labels form,
    Documents documents) {

  /**
   * How a model takes the labels.
   *
   * @param dtype I32, or F32 where {@code labels} are the bits of floats
   * @param shape [B, T] of tokens, [B] of texts, [B, classes] of texts with a number for each
   *     class, [B, S] of what a decoder is to write
   */
  public record Labels(DType dtype, Shape shape) {}

  /** Checks that the arrays are of the size that rows and columns say. */
  public Batch {
    int size = Math.multiplyExact(rows, cols);
    long labelled = form.shape().size();
    if (inputIds.length != size || labels.length != labelled || attentionMask.length != size) {
      throw new IllegalArgumentException(
          "%d x %d needs %d ids, %d labels and a mask of %d; got %d, %d and %d"
              .formatted(
                  rows,
                  cols,
                  size,
                  labelled,
                  size,
                  inputIds.length,
                  labels.length,
                  attentionMask.length));
    }
    if (lastTokens != null && lastTokens.length != rows) {
      throw new IllegalArgumentException(lastTokens.length + " last tokens of " + rows + " rows");
    }
    if (tokenTypes != null && tokenTypes.length != size) {
      throw new IllegalArgumentException(tokenTypes.length + " token types of " + size + " ids");
    }
    if (documents != null) {
      documents.requireRows(rows, cols);
    }
  }

  /** Rows of one text each. */
  public Batch(
      int rows,
      int cols,
      int[] inputIds,
      int[] labels,
      byte[] attentionMask,
      int[] lastTokens,
      int tokens,
      int[] tokenTypes,
      Labels form) {
    this(rows, cols, inputIds, labels, attentionMask, lastTokens, tokens, tokenTypes, form, null);
  }

  /** Labels that are ids of tokens, [B, T], or with last tokens classes of texts, [B]. */
  public Batch(
      int rows,
      int cols,
      int[] inputIds,
      int[] labels,
      byte[] attentionMask,
      int[] lastTokens,
      int tokens) {
    Shape shape = lastTokens == null ? Shape.of(rows, cols) : Shape.of(rows);
    var form = new Labels(DType.I32, shape);
    this(rows, cols, inputIds, labels, attentionMask, lastTokens, tokens, null, form, null);
  }

  /**
   * Checks that a batch can be counted: its positions are numbered by 32-bit integers.
   *
   * @param rows B, the number of sequences
   * @param cols T, the length of the longest
   * @throws IllegalArgumentException if there are more
   */
  public static void requirePositions(int rows, int cols) {
    if ((long) rows * cols > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          ("a batch of %,d sequences, padded to the longest of %,d tokens, has %,d positions, and"
                  + " at most %,d can be; lower the batch size to %,d, or the length")
              .formatted(
                  rows, cols, (long) rows * cols, Integer.MAX_VALUE, Integer.MAX_VALUE / cols));
    }
  }

  /** The batch as a model's inputs, in the innermost memory scope. */
  public Inputs inputs(Backend backend) {
    Tensor ids = Tensors.of(backend, inputIds, rows, cols);
    MemorySegment values = MemorySegment.ofArray(labels);
    int[] dims = form.shape().toArray();
    Inputs inputs = Inputs.of(ids, Tensors.upload(backend, form.dtype(), values, dims));
    if (lastTokens != null) {
      inputs = inputs.withLastTokens(Tensors.of(backend, lastTokens, rows));
    }
    if (tokenTypes != null) {
      inputs = inputs.withTokenTypes(Tensors.of(backend, tokenTypes, rows, cols));
    }
    if (documents != null) {
      inputs = inputs.withDocuments(documents);
    }
    Padding padding = padding();
    return padding == Padding.NONE
        ? inputs
        : inputs.withMask(Tensors.of(backend, attentionMask, rows, cols), padding);
  }

  /** Positions that hold a token. */
  public long positions() {
    long positions = 0;
    for (byte mask : attentionMask) {
      positions += mask;
    }
    return positions;
  }

  /** Whether any row is padded; when none is, the attention mask can be left out. */
  public boolean padded() {
    return positions() < attentionMask.length;
  }

  /** Where rows are padded; anywhere but behind their tokens counts as in front of them. */
  public Padding padding() {
    boolean padded = false;
    for (int i = 0; i < attentionMask.length; i++) {
      padded |= attentionMask[i] == 0;
      if (i % cols > 0 && attentionMask[i] > attentionMask[i - 1]) {
        return Padding.LEFT;
      }
    }
    return padded ? Padding.RIGHT : Padding.NONE;
  }
}

package dev.galen.train.data;

import java.util.Arrays;

/**
 * The encoding of examples one by one, so that no more than one of them is held as text. Made by
 * {@link ExampleEncoder#encoding}.
 */
public final class SequenceEncoding {

  private static final int FIRST_BLOCK = 1024;

  private final ExampleEncoder encoder;
  private final TokenSequences.Builder sequences;
  private final int maxLength;
  private int[] block; // as long as it was ever filled: a context may be declared without end
  private int filled;
  private int overlap; // tokens that a window has in common with the one before it
  private int seen; // of those in the block, how many stood in the window before
  private boolean begun;

  SequenceEncoding(ExampleEncoder encoder) {
    this(encoder, encoder.vocabularySize());
  }

  /** The same with ids and labels below {@code bound}. */
  SequenceEncoding(ExampleEncoder encoder, int bound) {
    this.encoder = encoder;
    this.sequences = TokenSequences.builder(bound);
    this.maxLength = encoder.maxLength();
    this.block = new int[Math.min(maxLength, FIRST_BLOCK)];
  }

  /**
   * From now on windows of long texts begin every {@code stride} tokens, as {@link
   * dev.galen.train.metrics.StridedWindow} has it: tokens that stood in the window before are read,
   * and not learned again. By default they begin where the one before ended.
   *
   * @throws IllegalArgumentException if the stride is not from 1 to the greatest length
   */
  public SequenceEncoding withStride(int stride) {
    if (stride < 1 || stride > maxLength) {
      throw new IllegalArgumentException(
          "stride is %d, must be from 1 to the length, %d".formatted(stride, maxLength));
    }
    overlap = maxLength - stride;
    return this;
  }

  /**
   * Encodes one example behind those before it.
   *
   * @throws IllegalArgumentException with one line that names file and line if a tokenised sequence
   *     does not fit the model, a question is too long, or there is no tokenizer for text
   */
  public SequenceEncoding add(Example example) {
    encoder.encode(example, this);
    return this;
  }

  /** Adds a sequence that is encoded already. */
  public SequenceEncoding add(TokenSequence sequence) {
    sequences.add(sequence);
    return this;
  }

  /** Sequences that are complete. */
  int completed() {
    return sequences.size();
  }

  /**
   * Sequences that an example which is added now may be the last part of: complete ones and one.
   */
  int begun() {
    return completed() + (filled > 0 ? 1 : 0);
  }

  /** All sequences in the order in which they became complete; nothing can be added any more. */
  public TokenSequences finish() {
    flush();
    return sequences.build();
  }

  /** Adds what stands between documents, but not before the first one. */
  void separate(int[] ids) {
    if (begun) {
      fill(ids);
    }
    begun = true;
  }

  /** Adds ids to the block that is being filled. */
  void fill(int[] ids) {
    for (int from = 0; from < ids.length; ) {
      int count = Math.min(ids.length - from, maxLength - filled);
      if (filled + count > block.length) {
        long room = Math.max(filled + count, 2L * block.length);
        block = Arrays.copyOf(block, (int) Math.min(room, maxLength));
      }
      System.arraycopy(ids, from, block, filled, count);
      filled += count;
      from += count;
      if (filled == maxLength) {
        addBlock();
        System.arraycopy(block, filled - overlap, block, 0, overlap);
        filled = overlap;
        seen = overlap;
      }
    }
  }

  /** Ends the block that is being filled. */
  void flush() {
    if (filled > Math.max(1, seen)) {
      addBlock();
    }
    filled = 0;
    seen = 0;
  }

  private void addBlock() {
    int[] ids = Arrays.copyOf(block, filled);
    if (seen == 0) {
      sequences.add(TokenSequence.text(ids));
    } else {
      int[] labels = ids.clone();
      Arrays.fill(labels, 0, seen, TokenSequence.IGNORE_INDEX);
      sequences.add(new TokenSequence(ids, labels));
    }
  }
}

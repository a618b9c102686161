package dev.galen.train.data;

import dev.galen.model.ModelConfig;

/** Checks encoded rows against a model and hands them on as they are. */
public final class EncodedEncoder implements ExampleEncoder {
  private final int vocabularySize;
  private final int labelCount;
  private final int maxLength;
  private final EncodedCollator collator;

  /**
   * An encoder for models whose labels are those of tokens.
   *
   * @param config the model's shape
   * @param labelCount labels lie below it: the classes of a tagger, else the vocabulary
   * @param maxLength the greatest length of a sequence
   * @param ofDecoder whether labels are those of a decoder
   */
  public EncodedEncoder(ModelConfig config, int labelCount, int maxLength, boolean ofDecoder) {
    this.vocabularySize = config.vocabularySize();
    this.labelCount = labelCount;
    this.maxLength = maxLength;
    this.collator = new EncodedCollator(Math.max(config.special().padding(), 0), ofDecoder);
  }

  @Override
  public void encode(Example example, SequenceEncoding into) {
    if (!(example instanceof EncodedExample row) || row.form() != EncodedExample.Form.INTEGERS) {
      throw new IllegalArgumentException(
          example.origin() + ": expected input_ids and labels, a list of integers");
    }
    requireBelow(row, "input_ids", row.inputIds(), vocabularySize, false);
    requireBelow(row, "labels", row.integers(), labelCount, true);
    if (row.inputIds().length > maxLength) {
      throw new IllegalArgumentException(
          "%s: input_ids has %d ids, the length is %d; cut the row, or give a greater length"
              .formatted(row.origin(), row.inputIds().length, maxLength));
    }
    if (!collator.ofDecoder() && row.labels().length != row.inputIds().length) {
      throw new IllegalArgumentException(
          "%s: labels has %d entries and input_ids has %d; they must be as long as each other"
              .formatted(row.origin(), row.labels().length, row.inputIds().length));
    }
    into.add(row.sequence(row.integers()));
  }

  static void requireBelow(
      EncodedExample row, String field, int[] values, int bound, boolean mayBeIgnored) {
    for (int value : values) {
      boolean ignored = mayBeIgnored && value == TokenSequence.IGNORE_INDEX;
      if ((value < 0 || value >= bound) && !ignored) {
        throw new IllegalArgumentException(
            "%s: %s holds %d; the model has 0 to %d"
                .formatted(row.origin(), field, value, bound - 1));
      }
    }
  }

  @Override
  public int vocabularySize() {
    return Math.max(vocabularySize, labelCount);
  }

  @Override
  public int maxLength() {
    return maxLength;
  }

  @Override
  public Collator collator() {
    return collator;
  }
}

package dev.galen.train.data;

import dev.galen.model.ModelConfig;

/** Checks encoded rows against a model and hands them on as they are. */
public final class EncodedEncoder implements ExampleEncoder {
  private final int vocabularySize;
  private final int labelCount;
  private final int tokenTypes;
  private final int maxLength;
  private final int rowLength;
  private final EncodedCollator collator;

  /**
   * An encoder for models whose labels are those of tokens.
   *
   * @param config the model's shape
   * @param labelCount labels lie below it: the classes of a tagger, else the vocabulary
   * @param maxLength the greatest length of a sequence; the model's context sets no bound where the
   *     model has none
   * @param ofDecoder whether labels are those of a decoder
   */
  public EncodedEncoder(ModelConfig config, int labelCount, int maxLength, boolean ofDecoder) {
    this.vocabularySize = config.vocabularySize();
    this.labelCount = labelCount;
    this.tokenTypes = config.tokenTypes();
    this.maxLength = maxLength;
    this.rowLength = rowLength(config, maxLength);
    this.collator = new EncodedCollator(Math.max(config.special().padding(), 0), ofDecoder);
  }

  @Override
  public void encode(Example example, SequenceEncoding into) {
    if (!(example instanceof EncodedExample row) || row.form() != EncodedExample.Form.INTEGERS) {
      throw new IllegalArgumentException(
          example.origin() + ": expected input_ids and labels, a list of integers");
    }
    requireInputs(row, vocabularySize, tokenTypes, rowLength);
    requireBelow(row, "labels", row.integers(), labelCount, true);
    if (!collator.ofDecoder() && row.labels().length != row.inputIds().length) {
      throw new IllegalArgumentException(
          "%s: labels has %d entries and input_ids has %d; they must be as long as each other"
              .formatted(row.origin(), row.labels().length, row.inputIds().length));
    }
    into.add(row.sequence(row.integers()));
  }

  /**
   * The most tokens of a row: {@code maxLength}, or what the model takes at all where that is its
   * context. Rows are not cut, as texts are: the context alone is no reason to refuse one.
   */
  public static int rowLength(ModelConfig config, int maxLength) {
    return maxLength == config.contextLength() ? config.maxLength() : maxLength;
  }

  static void requireInputs(EncodedExample row, int vocabulary, int tokenTypes, int length) {
    requireBelow(row, "input_ids", row.inputIds(), vocabulary, false);
    if (row.tokenTypes() != null) {
      requireBelow(row, "token_type_ids", row.tokenTypes(), tokenTypes, false);
    }
    if (row.inputIds().length > length) {
      throw new IllegalArgumentException(
          "%s: input_ids has %d ids, the length is %d; cut the row, or give a greater length"
              .formatted(row.origin(), row.inputIds().length, length));
    }
  }

  static void requireBelow(
      EncodedExample row, String field, int[] values, int bound, boolean mayBeIgnored) {
    for (int value : values) {
      boolean ignored = mayBeIgnored && value == TokenSequence.IGNORE_INDEX;
      if ((value < 0 || value >= bound) && !ignored) {
        throw new IllegalArgumentException(
            "%s: %s holds %d; %s"
                .formatted(
                    row.origin(),
                    field,
                    value,
                    bound == Integer.MAX_VALUE
                        ? "expected 0 or more"
                        : "the model has 0 to " + (bound - 1)));
      }
    }
  }

  @Override
  public SequenceEncoding encoding() {
    return new SequenceEncoding(this, Math.max(vocabularySize(), tokenTypes));
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

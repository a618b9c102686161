package dev.galen.train.data;

import java.util.List;

/** Turns examples into sequences that a model of one vocabulary and length can take. */
public interface ExampleEncoder {
  /**
   * Adds the sequences of one example.
   *
   * @throws IllegalArgumentException with one line that names file and line if it does not fit
   */
  void encode(Example example, SequenceEncoding into);

  /** Whether an example leaves room for what is to be learned of it; most do. */
  default boolean fits(Example example) {
    return true;
  }

  /** V: ids lie below it. */
  int vocabularySize();

  /** The greatest length of a sequence. */
  int maxLength();

  /** Makes batches of the sequences. */
  Collator collator();

  /** Starts to encode examples one by one, for those that are not held as a list. */
  default SequenceEncoding encoding() {
    return new SequenceEncoding(this);
  }

  /** Encodes examples in their order. */
  default TokenSequences encode(List<? extends Example> examples) {
    SequenceEncoding encoding = encoding();
    examples.forEach(encoding::add);
    return encoding.finish();
  }
}

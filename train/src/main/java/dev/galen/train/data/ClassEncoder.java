package dev.galen.train.data;

import dev.galen.model.ClassNames;
import dev.galen.model.ModelConfig;
import dev.galen.model.ProblemType;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Turns classified texts into sequences with one label each. Around a text stands what the
 * tokenizer's post-processor says; what is too long loses its end, as with HuggingFace's {@code
 * truncation=True}.
 */
public final class ClassEncoder implements ExampleEncoder {
  private final Tokenizer tokenizer;
  private final ClassNames classes;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final int vocabularySize;
  private final int maxLength;
  private final int paddingId;
  private final int tokenTypes;
  private final int rowLength;

  /** The first example, and whether it has a number for each class; null before there is one. */
  private Origin first;

  private boolean firstHasNumbers;

  /**
   * An encoder for a classifier.
   *
   * @param tokenizer the model's, or null: then only tokenised examples can be encoded
   * @param config the model's shape
   * @param maxLength the greatest length of a sequence; the model's context sets no bound on rows
   *     that are encoded already where the model has none
   */
  public ClassEncoder(Tokenizer tokenizer, ModelConfig config, int maxLength) {
    this(
        tokenizer,
        config.classes(),
        config.vocabularySize(),
        maxLength,
        config.special().padding(),
        config.tokenTypes(),
        EncodedEncoder.rowLength(config, maxLength));
  }

  /**
   * An encoder for a classifier that takes any token types.
   *
   * @param tokenizer the model's, or null: then only tokenised examples can be encoded
   * @param classes what labels are
   * @param vocabularySize the rows of the model's embedding
   * @param maxLength the greatest length of a sequence
   * @param paddingId the model's, which batches are filled up with; negative for the tokenizer's
   */
  public ClassEncoder(
      Tokenizer tokenizer, ClassNames classes, int vocabularySize, int maxLength, int paddingId) {
    this(tokenizer, classes, vocabularySize, maxLength, paddingId, Integer.MAX_VALUE, maxLength);
  }

  private ClassEncoder(
      Tokenizer tokenizer,
      ClassNames classes,
      int vocabularySize,
      int maxLength,
      int paddingId,
      int tokenTypes,
      int rowLength) {
    if (maxLength < 1) {
      throw new IllegalArgumentException("length is " + maxLength + ", must be at least 1");
    }
    this.tokenizer = tokenizer;
    this.classes = classes;
    this.vocabularySize = vocabularySize;
    this.maxLength = maxLength;
    this.paddingId = paddingId;
    this.tokenTypes = tokenTypes;
    this.rowLength = rowLength;
    for (int i = 0; i < classes.count(); i++) {
      numbers.put(Integer.toString(i), i);
    }
    for (int i = 0; i < classes.count(); i++) {
      numbers.put(classes.names().get(i), i); // a name that looks like a number is a name
    }
  }

  @Override
  public void encode(Example example, SequenceEncoding into) {
    requireAlike(example);
    switch (example) {
      case ClassifiedExample e -> into.add(sequence(ids(e), e.label(), e.origin()));
      case ClassifiedTokens e -> into.add(sequence(known(e), e.label(), e.origin()));
      case EncodedExample e -> into.add(encoded(e));
      default ->
          throw new IllegalArgumentException(
              "%s: is a %s; a classifier learns from a text and a label"
                  .formatted(example.origin(), example.getClass().getSimpleName()));
    }
  }

  /** A row with a class, or with a number for each class. */
  private TokenSequence encoded(EncodedExample row) {
    EncodedEncoder.requireInputs(row, vocabularySize, tokenTypes, rowLength);
    if (isOfNumbers(row)) {
      if (row.labels().length != classes.count()) {
        throw new IllegalArgumentException(
            "%s: labels has %d numbers, the model has %d classes"
                .formatted(row.origin(), row.labels().length, classes.count()));
      }
      return row.sequence(row.floatBits());
    }
    if (row.form() != EncodedExample.Form.INTEGER) {
      throw new IllegalArgumentException(
          row.origin() + ": labels is no single integer; the model gives a text one class");
    }
    EncodedEncoder.requireBelow(row, "labels", row.integers(), classes.count(), true);
    return row.sequence(row.integers());
  }

  /** Where the config does not say what is predicted, the first example does, for all. */
  private void requireAlike(Example example) {
    if (classes.problem() != null || classes.count() == 1) {
      return;
    }
    boolean numbers = example instanceof EncodedExample row && isOfNumbers(row);
    if (first == null) {
      first = example.origin();
      firstHasNumbers = numbers;
    } else if (numbers != firstHasNumbers) {
      throw new IllegalArgumentException(
          "%s: %s, and %s has %s; give every row the same"
              .formatted(
                  example.origin(),
                  labels(example, numbers),
                  first,
                  numbers ? "a single class" : "a number for each class"));
    }
  }

  private static String labels(Example example, boolean numbers) {
    if (!(example instanceof EncodedExample row)) {
      return "label is a single class";
    }
    return numbers
        ? "labels has %d numbers".formatted(row.labels().length)
        : "labels is %d, a single class".formatted(row.integers()[0]);
  }

  /** As transformers decides it, but that a list of integers is several labels, too. */
  private boolean isOfNumbers(EncodedExample row) {
    ProblemType problem = classes.problem();
    return problem == null
        ? classes.count() == 1 || row.form() != EncodedExample.Form.INTEGER
        : problem != ProblemType.SINGLE_LABEL;
  }

  /** Bits of numbers, which labels may be, are no ids of any vocabulary. */
  @Override
  public SequenceEncoding encoding() {
    return classes.problem() == ProblemType.SINGLE_LABEL
        ? new SequenceEncoding(this, Math.max(vocabularySize, tokenTypes))
        : new SequenceEncoding(this, Integer.MAX_VALUE);
  }

  private TokenSequence sequence(int[] ids, String label, Origin origin) {
    if (classes.problem() != null && classes.problem() != ProblemType.SINGLE_LABEL) {
      throw new IllegalArgumentException(
          ("%s: problem_type is %s, which rows with one label cannot teach; give input_ids and"
                  + " labels, a list of numbers")
              .formatted(origin, classes.problem().configName()));
    }
    int[] kept = ids.length <= maxLength ? ids : Arrays.copyOf(ids, maxLength);
    return TokenSequence.classified(kept, number(label, origin), ids.length - kept.length);
  }

  private int[] ids(ClassifiedExample example) {
    if (tokenizer == null) {
      throw new IllegalArgumentException(
          example.origin()
              + ": is text, and the model comes without a tokenizer; name one, or give input_ids");
    }
    int[] ids = tokenizer.encodeWithSpecialTokens(example.text(), SpecialTokens.TEXT);
    if (ids.length == 0) {
      throw new IllegalArgumentException(example.origin() + ": the text has no tokens");
    }
    return ids;
  }

  private int[] known(ClassifiedTokens example) {
    for (int id : example.inputIds()) {
      if (id < 0 || id >= vocabularySize) {
        throw new IllegalArgumentException(
            "%s: input_ids holds %d; the vocabulary has %d tokens, so ids go from 0 to %d"
                .formatted(example.origin(), id, vocabularySize, vocabularySize - 1));
      }
    }
    return example.inputIds();
  }

  private int number(String label, Origin origin) {
    Integer number = numbers.get(label);
    if (number == null) {
      throw new IllegalArgumentException(
          "%s: label is \"%s\", which is none of the model's classes: %s"
              .formatted(origin, label, String.join(", ", classes.names())));
    }
    return number;
  }

  /** The class of a sequence's label. */
  public ClassNames classes() {
    return classes;
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
  }

  @Override
  public int maxLength() {
    return maxLength;
  }

  /** What batches are filled up with: the model's padding id, the tokenizer's, its end, or 0. */
  public int paddingId() {
    if (paddingId >= 0) {
      return paddingId;
    }
    return tokenizer == null ? 0 : tokenizer.paddingId().orElse(tokenizer.endOfTextId().orElse(0));
  }

  @Override
  public Collator collator() {
    return new ClassCollator(paddingId(), classes);
  }
}

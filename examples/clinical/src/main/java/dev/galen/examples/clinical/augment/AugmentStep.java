package dev.galen.examples.clinical.augment;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.FieldValue;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.examples.clinical.pipeline.DocumentStep;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Gives each training document on, and behind it copies with another text. A copy keeps every field
 * and gets {@code augmented}, the way it was made, and {@code augmented_from}, the original's id;
 * both get the original's id as {@code group} if they have none. What a copy is depends on the
 * document's id and the seed alone.
 */
public final class AugmentStep implements DocumentStep {
  private final Augmenter augmenter;
  private final int copies;
  private final long seed;
  private final String splitField;
  private final LongAdder made = new LongAdder();
  private final LongAdder changed = new LongAdder();
  private final LongAdder words = new LongAdder();

  /**
   * @param copies of each document, at least 1; fewer where there is nothing to change
   * @param splitField the field that marks what is no training document
   */
  public AugmentStep(Augmenter augmenter, int copies, long seed, String splitField) {
    if (copies < 1) {
      throw new IllegalArgumentException("copies is " + copies + ", must be at least 1");
    }
    this.augmenter = augmenter;
    this.copies = copies;
    this.seed = seed;
    this.splitField = splitField;
  }

  /** Refuses what is marked as held out; a document without a mark is one of training. */
  public static void requireTraining(Document document, String splitField) {
    String split = document.field(splitField);
    if (split == null) {
      return;
    }
    switch (split.toLowerCase(Locale.ROOT)) {
      case "train", "training" -> {}
      default ->
          throw new IllegalArgumentException(
              "%s: the field %s is %s; training documents alone are augmented, give those"
                  .formatted(document.origin(), splitField, FieldValue.shown(split)));
    }
  }

  @Override
  public void apply(Document document, Consumer<Document> out) throws RejectedException {
    requireTraining(document, splitField);
    String group = document.field("group");
    Document original = group == null ? document.with("group", document.id()) : document;
    out.accept(original);
    for (int copy = 0; copy < copies; copy++) {
      var random = new SplittableRandom(seed * 31 + document.id().hashCode() + ((long) copy << 32));
      Augmenter.Result result = augmenter.apply(original, copy, random);
      words.add(result.words());
      if (result.document() == null) {
        continue;
      }
      made.increment();
      changed.add(result.changed());
      Document other = result.document();
      var fields = new LinkedHashMap<>(other.fields());
      fields.put("augmented", augmenter.name());
      fields.put("augmented_from", document.id());
      out.accept(
          new Document(
              document.id() + "+" + (copy + 1),
              other.text(),
              fields,
              other.annotations(),
              document.origin()));
    }
  }

  /** How many copies were made, by this process. */
  public long made() {
    return made.sum();
  }

  /** The share of the words that were changed, by this process. */
  public double rate() {
    return words.sum() == 0 ? 0 : (double) changed.sum() / words.sum();
  }
}

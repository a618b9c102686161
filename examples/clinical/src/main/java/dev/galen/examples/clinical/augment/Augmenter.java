package dev.galen.examples.clinical.augment;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import java.util.SplittableRandom;

/** One way to make another document of a document. Several threads use it at once. */
public interface Augmenter {
  /**
   * What came of a document.
   *
   * @param document with another text, and its spans moved; null if there is nothing to change
   * @param changed how many words of the original were changed
   * @param words how many words it has
   */
  record Result(Document document, int changed, int words) {}

  /** What is put into the copies' field {@code augmented}. */
  String name();

  /**
   * Makes one.
   *
   * @param copy which copy of the document it is, from 0
   * @throws RejectedException if the document is none that it can work on
   */
  Result apply(Document document, int copy, SplittableRandom random) throws RejectedException;
}

package dev.galen.examples.clinical.clean;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.Edits;
import java.util.List;

/**
 * A cleaned text and the way back to the text it was.
 *
 * @param text the cleaned text
 * @param steps the changes in their order, each of the text that the one before has made
 */
public record Cleaned(String text, List<Edits> steps) {
  /** Keeps its own copy of the steps. */
  public Cleaned {
    steps = List.copyOf(steps);
  }

  /** Whether anything differs. */
  public boolean isChanged() {
    return !steps.isEmpty();
  }

  /** Where the place that begins at {@code index} of the cleaned text begins in the original. */
  public int oldStart(int index) {
    for (int i = steps.size() - 1; i >= 0; i--) {
      index = steps.get(i).oldStart(index);
    }
    return index;
  }

  /** Where the place that ends at {@code index} of the cleaned text ends in the original. */
  public int oldEnd(int index) {
    for (int i = steps.size() - 1; i >= 0; i--) {
      index = steps.get(i).oldEnd(index);
    }
    return index;
  }

  /** Where the place that begins at {@code index} of the original begins in the cleaned text. */
  public int newStart(int index) {
    for (Edits step : steps) {
      index = step.newStart(index);
    }
    return index;
  }

  /** Where the place that ends at {@code index} of the original ends in the cleaned text. */
  public int newEnd(int index) {
    for (Edits step : steps) {
      index = step.newEnd(index);
    }
    return index;
  }

  /** The document with the cleaned text and its annotations moved. */
  public Document applyTo(Document document) {
    for (Edits step : steps) {
      document = step.applyTo(document);
    }
    return document;
  }
}

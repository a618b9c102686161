package dev.galen.examples.clinical.pipeline;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import java.util.ArrayList;
import java.util.function.Consumer;

/**
 * What is done with each document, on several threads at once: a function of the document and the
 * step's own settings alone.
 */
@FunctionalInterface
public interface DocumentStep {
  /**
   * Gives what becomes of a document to {@code out}: none, one or several.
   *
   * @throws RejectedException if the document cannot be used; it goes to the rejects
   */
  void apply(Document document, Consumer<Document> out) throws RejectedException;

  /** This step, then the next one. */
  default DocumentStep then(DocumentStep next) {
    return (document, out) -> {
      var between = new ArrayList<Document>();
      apply(document, between::add);
      for (Document one : between) {
        next.apply(one, out);
      }
    };
  }
}

package dev.galen.examples.clinical.deid;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.Edits;
import dev.galen.examples.clinical.pipeline.DocumentStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Replaces the identifiers in the text of documents by tags. */
public final class Deidentifier implements DocumentStep {
  /** Replaces by tags, such as {@code [NAME]}. */
  public static Deidentifier tags() {
    return new Deidentifier();
  }

  private Deidentifier() {}

  @Override
  public void apply(Document document, Consumer<Document> out) {
    List<Identifier> identifiers = IdentifierFinder.find(document.text());
    var edits = new Edits(document.text());
    for (Identifier one : identifiers) {
      edits.replace(one.start(), one.end(), one.category().tag());
    }
    out.accept(edits.applyTo(document));
  }

  /** The identifiers of a text as annotations, with the rule and its confidence. */
  public static List<Annotation> annotations(String text) {
    List<Annotation> all = new ArrayList<>();
    for (Identifier one : IdentifierFinder.find(text)) {
      all.add(
          new Annotation(
              one.start(), one.end(), one.category().name(), Map.of("rule", one.rule())));
    }
    return all;
  }
}

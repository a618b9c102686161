package dev.galen.examples.clinical.pairs;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentStep;
import dev.galen.examples.clinical.structure.compare.Comparison;
import dev.galen.examples.clinical.structure.compare.Difference;
import java.util.List;
import java.util.function.Consumer;

/**
 * Says what has changed since the {@code prior} report, in the field {@code changes}, where a
 * document has the one and not the other: a line for each difference that {@link Comparison} finds.
 */
public final class ChangesStep implements DocumentStep {
  private final Comparison comparison = new Comparison(null);

  @Override
  public void apply(Document document, Consumer<Document> out) {
    String prior = document.field("prior");
    boolean told = document.field("changes") != null || document.field("comparison") != null;
    out.accept(
        prior == null || told
            ? document
            : document.with("changes", changes(comparison.of(prior, document.text()))));
  }

  private static String changes(List<Difference> differences) {
    if (differences.isEmpty()) {
      return "No change.";
    }
    var changes = new StringBuilder();
    for (Difference one : differences) {
      String kind = one.kind().name();
      changes.append(changes.isEmpty() ? "" : "\n");
      if (kind.endsWith("_ADDED")) {
        changes.append("New: ").append(said(one.what(), one.right()));
      } else if (kind.endsWith("_MISSING")) {
        changes.append("Gone: ").append(said(one.what(), one.left()));
      } else {
        changes.append("Changed: ").append(one.what()).append(": ");
        changes.append(one.left()).append(" -> ").append(one.right());
      }
    }
    return changes.toString();
  }

  private static String said(String what, String value) {
    return value.isEmpty() || value.equals(what) ? what : what + ": " + value;
  }
}

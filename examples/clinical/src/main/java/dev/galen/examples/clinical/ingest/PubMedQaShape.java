package dev.galen.examples.clinical.ingest;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * PubMedQA in its own form, {@code QUESTION, CONTEXTS, LABELS, MESHES, ...} under the article's id,
 * and in that of HuggingFace, {@code pubid, question, context {contexts, labels, meshes}, ...}. The
 * text is the abstract's contexts, a line each, with their names as annotations.
 */
final class PubMedQaShape implements RowShape {
  private static final Set<String> DECISIONS = Set.of("yes", "no", "maybe");

  @Override
  public String name() {
    return "pubmedqa";
  }

  @Override
  public String reads() {
    return "PubMedQA, as published and as HuggingFace's columns";
  }

  @Override
  public boolean recognises(Row first) {
    Set<String> names = first.names();
    return names.contains("question")
        && (names.contains("contexts")
            || !first.object("context").value("contexts").isMissingNode());
  }

  @Override
  public PublishedSet published(Row first) {
    return PublishedSet.PUBMEDQA;
  }

  @Override
  public Document document(Row row, IngestOptions options) throws RejectedException {
    Row context = row.value("context").isObject() ? row.object("context") : row;
    List<String> contexts = context.list("contexts");
    List<String> labels = context.list("labels");
    if (contexts.isEmpty()) {
      throw new RejectedException("no CONTEXTS; expected a list of paragraphs");
    }
    if (!labels.isEmpty() && labels.size() != contexts.size()) {
      throw new RejectedException(
          "%d LABELS for %d CONTEXTS; expected as many".formatted(labels.size(), contexts.size()));
    }
    var fields = new LinkedHashMap<String, String>();
    fields.put("question", row.need("question"));
    put(fields, "answer", row.string("long_answer"));
    String decision = row.string("final_decision", "decision");
    if (decision != null) {
      String label = decision.strip().toLowerCase(Locale.ROOT);
      if (!DECISIONS.contains(label)) {
        throw new RejectedException("final_decision is none of yes, no, maybe");
      }
      fields.put("label", label);
    }
    put(fields, "meshes", String.join("; ", context.list("meshes")));
    put(fields, "year", row.string("year"));
    for (String name : List.of("reasoning_required_pred", "reasoning_free_pred")) {
      // HuggingFace's features make a list of characters of the word.
      List<String> word = row.list(name).isEmpty() ? context.list(name) : row.list(name);
      put(fields, name, String.join("", word));
    }
    var text = new StringBuilder();
    var sections = new ArrayList<Annotation>();
    for (int i = 0; i < contexts.size(); i++) {
      text.append(i > 0 ? "\n" : "");
      int start = text.length();
      text.append(contexts.get(i));
      if (!labels.isEmpty()) {
        sections.add(
            new Annotation(
                start, text.length(), "section", java.util.Map.of("label", labels.get(i))));
      }
    }
    String id = row.key().isEmpty() ? row.need("pubid", "id") : row.key();
    return new Document(id, text.toString(), fields, sections, row.origin());
  }

  static void put(LinkedHashMap<String, String> fields, String name, String value) {
    if (value != null && !value.isEmpty()) {
      fields.put(name, value);
    }
  }
}

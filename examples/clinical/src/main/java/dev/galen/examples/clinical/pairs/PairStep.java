package dev.galen.examples.clinical.pairs;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.examples.clinical.pipeline.DocumentStep;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes pairs of documents: one for each template whose fields a document has. The pair is a
 * document whose text is the output and whose fields are those of {@link PairFormat}. A document of
 * which no template makes a pair is rejected.
 */
public final class PairStep implements DocumentStep {
  /** Fields of the document that a pair keeps, so that a split can be made of pairs. */
  static final List<String> KEPT = List.of("split", "group", "patient");

  private final List<PairTemplate> templates;
  private final Map<String, String> names;

  /**
   * @param templates at least one
   * @param names of fields by the names that the templates have for them, where they differ
   */
  public PairStep(List<PairTemplate> templates, Map<String, String> names) {
    if (templates.isEmpty()) {
      throw new IllegalArgumentException("no template given; expected at least one");
    }
    this.templates = List.copyOf(templates);
    this.names = Map.copyOf(names);
  }

  @Override
  public void apply(Document document, Consumer<Document> out) throws RejectedException {
    Document renamed = renamed(document);
    RejectedException problem = null;
    boolean any = false;
    for (PairTemplate template : templates) {
      PairTemplate.Filled filled;
      try {
        filled = template.fill(renamed);
      } catch (RejectedException e) {
        problem = problem == null ? e : problem;
        continue;
      }
      any = true;
      var fields = new LinkedHashMap<String, String>();
      fields.put("instruction", filled.instruction());
      fields.put("input", filled.input());
      fields.put("output", filled.output());
      fields.put("template", template.name());
      fields.put("version", template.version());
      for (String field : KEPT) {
        if (document.field(field) != null) {
          fields.put(field, document.field(field));
        }
      }
      out.accept(new Document(document.id(), filled.output(), fields, document.origin()));
    }
    if (!any) {
      throw problem;
    }
  }

  /** The document with the templates' names; one whose field is not there has no value. */
  private Document renamed(Document document) throws RejectedException {
    var own = new LinkedHashMap<>(document.fields());
    own.keySet().removeAll(names.keySet());
    Document renamed =
        new Document(
            document.id(), document.text(), own, document.annotations(), document.origin());
    for (Map.Entry<String, String> name : names.entrySet()) {
      String value =
          name.getValue().equals("text") ? document.text() : document.field(name.getValue());
      if (value == null && name.getKey().equals("text")) {
        throw new RejectedException("no field " + name.getValue() + ", which is to be the text");
      }
      if (value == null) {
        continue;
      }
      renamed =
          name.getKey().equals("text")
              ? renamed.withText(value, List.of())
              : renamed.with(name.getKey(), value);
    }
    return renamed;
  }
}

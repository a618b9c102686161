package dev.galen.examples.clinical.ingest;

import static dev.galen.examples.clinical.ingest.PubMedQaShape.put;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import java.util.LinkedHashMap;
import java.util.Set;

/**
 * MedQuAD as rows: {@code id, source, url, focus, qtype, question, answer} and the longer names of
 * its copies. The text is the answer. Pairs without an answer are left out: their publishers took
 * those of some sites away.
 */
final class MedQuadShape implements RowShape {
  @Override
  public String name() {
    return "medquad";
  }

  @Override
  public String reads() {
    return "MedQuAD as rows";
  }

  @Override
  public boolean recognises(Row first) {
    Set<String> names = first.names();
    return names.containsAll(Set.of("question", "answer"))
        && (names.contains("qtype")
            || names.containsAll(Set.of("question_type", "document_source"))
            || names.containsAll(Set.of("source", "focus_area")));
  }

  @Override
  public PublishedSet published(Row first) {
    return PublishedSet.MEDQUAD;
  }

  @Override
  public Document document(Row row, IngestOptions options) throws RejectedException, LeftOut {
    String answer = row.string("answer");
    if (answer == null || answer.isBlank()) {
      throw new LeftOut("no answer");
    }
    var fields = new LinkedHashMap<String, String>();
    fields.put("question", row.need("question"));
    put(fields, "label", row.string("qtype", "question_type"));
    put(fields, "focus", row.string("focus", "document_focus", "question_focus", "focus_area"));
    put(fields, "synonyms", row.string("synonyms", "umls_synonyms"));
    put(fields, "source", row.string("source", "document_source"));
    put(fields, "url", row.string("url", "document_url"));
    String id = row.string("id", "question_id", "pid");
    return new Document(id == null ? row.origin().toString() : id, answer, fields, row.origin());
  }
}

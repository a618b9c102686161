package dev.galen.examples.clinical.ingest;

import static dev.galen.examples.clinical.ingest.PubMedQaShape.put;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import java.util.LinkedHashMap;
import java.util.Set;

/** MIMIC-IV-Note's {@code discharge.csv} and {@code radiology.csv}. */
final class MimicDischargeShape implements RowShape {
  @Override
  public String name() {
    return "mimic-iv";
  }

  @Override
  public String reads() {
    return "MIMIC-IV-Note's discharge.csv and radiology.csv";
  }

  @Override
  public boolean recognises(Row first) {
    return first
        .names()
        .containsAll(Set.of("note_id", "subject_id", "hadm_id", "note_type", "note_seq", "text"));
  }

  @Override
  public PublishedSet published(Row first) {
    String text = first.string("text");
    return text != null && text.contains("___") ? PublishedSet.MIMIC_IV_NOTE : null;
  }

  @Override
  public Document document(Row row, IngestOptions options) throws RejectedException {
    var fields = new LinkedHashMap<String, String>();
    put(fields, "patient", row.string("subject_id"));
    put(fields, "admission", row.string("hadm_id"));
    put(fields, "date", row.string("charttime"));
    put(fields, "type", row.string("note_type"));
    put(fields, "sequence", row.string("note_seq"));
    String text = row.need("text");
    return new Document(row.need("note_id"), text, fields, Placeholders.of(text), row.origin());
  }
}

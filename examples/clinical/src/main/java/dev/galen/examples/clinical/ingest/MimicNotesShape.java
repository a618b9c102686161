package dev.galen.examples.clinical.ingest;

import static dev.galen.examples.clinical.ingest.PubMedQaShape.put;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import java.util.LinkedHashMap;
import java.util.Set;

/**
 * MIMIC-III's {@code NOTEEVENTS.csv}. Notes that a physician marked as an error ({@code ISERROR} is
 * 1) are left out; placeholders become annotations.
 */
final class MimicNotesShape implements RowShape {
  @Override
  public String name() {
    return "mimic-iii";
  }

  @Override
  public String reads() {
    return "MIMIC-III's NOTEEVENTS.csv";
  }

  @Override
  public boolean recognises(Row first) {
    return first.names().containsAll(Set.of("row_id", "subject_id", "category", "iserror", "text"));
  }

  @Override
  public PublishedSet published(Row first) {
    String text = first.string("text");
    return text != null && text.contains("[**") ? PublishedSet.MIMIC_III : null;
  }

  @Override
  public Document document(Row row, IngestOptions options) throws RejectedException, LeftOut {
    String error = row.string("iserror");
    if (error != null && error.strip().matches("1(\\.0)?|(?i)true")) {
      throw new LeftOut("ISERROR is 1");
    }
    var fields = new LinkedHashMap<String, String>();
    put(fields, "patient", row.string("subject_id"));
    put(fields, "admission", row.string("hadm_id"));
    put(fields, "date", row.string("charttime", "chartdate"));
    String category = row.string("category");
    put(fields, "type", category == null ? null : category.strip());
    put(fields, "description", row.string("description"));
    put(fields, "author", row.string("cgid"));
    String text = row.need("text");
    return new Document(row.need("row_id"), text, fields, Placeholders.of(text), row.origin());
  }
}

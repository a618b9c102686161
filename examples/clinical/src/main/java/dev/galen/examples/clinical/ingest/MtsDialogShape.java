package dev.galen.examples.clinical.ingest;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Set;

/**
 * MTS-Dialog: {@code ID, section_header, section_text, dialogue}. The text is the section's, its
 * header the field {@code label}.
 */
final class MtsDialogShape implements RowShape {
  private static final Set<String> HEADERS =
      Set.of(
          "FAM/SOCHX",
          "GENHX",
          "PASTMEDICALHX",
          "CC",
          "PASTSURGICAL",
          "ROS",
          "ALLERGY",
          "MEDICATIONS",
          "ASSESSMENT",
          "EXAM",
          "DIAGNOSIS",
          "DISPOSITION",
          "PLAN",
          "IMMUNIZATIONS",
          "EDCOURSE",
          "IMAGING",
          "GYNHX",
          "PROCEDURES",
          "OTHER_HISTORY",
          "LABS");

  @Override
  public String name() {
    return "mts-dialog";
  }

  @Override
  public String reads() {
    return "MTS-Dialog";
  }

  @Override
  public boolean recognises(Row first) {
    return first.names().containsAll(Set.of("section_header", "section_text", "dialogue"));
  }

  /** A hospital's own table may have these columns, but not these codes of sections. */
  @Override
  public PublishedSet published(Row first) {
    String header = first.string("section_header");
    boolean known = header != null && HEADERS.contains(header.strip().toUpperCase(Locale.ROOT));
    return known && first.names().contains("id") ? PublishedSet.MTS_DIALOG : null;
  }

  @Override
  public Document document(Row row, IngestOptions options) throws RejectedException {
    var fields = new LinkedHashMap<String, String>();
    fields.put("label", row.need("section_header").strip());
    fields.put("dialogue", row.need("dialogue"));
    String id = row.string("id");
    return new Document(
        id == null ? row.origin().toString() : id, row.need("section_text"), fields, row.origin());
  }
}

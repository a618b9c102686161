package dev.galen.examples.clinical.ingest;

import static dev.galen.examples.clinical.ingest.PubMedQaShape.put;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * ACI-Bench: {@code dataset, encounter_id, dialogue, note}, and {@code src, tgt, file} of its JSON.
 * The text is the note.
 */
final class AciBenchShape implements RowShape {
  private static final Pattern SUBSETS = Pattern.compile("\\b(aci|virtassist|virtscribe)\\b");

  @Override
  public String name() {
    return "aci-bench";
  }

  @Override
  public String reads() {
    return "ACI-Bench, CSV and JSON";
  }

  @Override
  public boolean recognises(Row first) {
    return first.names().containsAll(Set.of("encounter_id", "dialogue", "note"))
        || first.names().containsAll(Set.of("src", "tgt", "file"));
  }

  /** A hospital's own table may have these columns, but not the subsets' names. */
  @Override
  public PublishedSet published(Row first) {
    String subset = first.string("dataset", "file");
    boolean named = subset != null && SUBSETS.matcher(subset).find();
    return named ? PublishedSet.ACI_BENCH : null;
  }

  @Override
  public Document document(Row row, IngestOptions options) throws RejectedException {
    var fields = new LinkedHashMap<String, String>();
    put(fields, "dataset", row.string("dataset"));
    fields.put("dialogue", row.need("dialogue", "src"));
    return new Document(
        row.need("encounter_id", "file"), row.need("note", "tgt"), fields, row.origin());
  }
}

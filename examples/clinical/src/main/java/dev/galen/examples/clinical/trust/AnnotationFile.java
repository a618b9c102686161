package dev.galen.examples.clinical.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.DocumentJson;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;

/** What one annotator has left. */
final class AnnotationFile {
  private static final JsonMapper MAPPER = new JsonMapper();

  private AnnotationFile() {}

  /**
   * The annotated texts by their id.
   *
   * @param label the field that has the label; null where spans were annotated
   * @throws IOException naming the place, if a row cannot be used or an id stands there twice:
   *     agreement over some of the rows would not be that of the files
   */
  static SequencedMap<String, Annotated> read(Path file, String label) throws IOException {
    return label == null ? spans(file) : labels(file, label);
  }

  private static SequencedMap<String, Annotated> labels(Path file, String label)
      throws IOException {
    FieldRows rows = FieldRows.read(file, Set.of("id", label), Set.of("text"));
    if (!rows.rejects().isEmpty()) {
      throw new IOException(rows.rejects().getFirst() + "; each row needs id and " + label);
    }
    var all = new LinkedHashMap<String, Annotated>();
    for (FieldRows.Row row : rows.rows()) {
      String id = row.field("id").strip();
      put(
          all,
          new Annotated(id, row.field("text"), row.field(label).strip(), List.of()),
          row.origin());
    }
    return all;
  }

  private static SequencedMap<String, Annotated> spans(Path file) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (!name.endsWith(".jsonl") && !name.endsWith(".ndjson")) {
      throw new IOException(
          file + ": annotated spans are read from JSON lines; name a label by --label for a table");
    }
    var all = new LinkedHashMap<String, Annotated>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      var here = new Origin(file.toString(), i + 1);
      if (lines.get(i).isBlank()) {
        continue;
      }
      Document document;
      try {
        document = DocumentJson.read(lines.get(i), here);
        JsonNode id = MAPPER.readTree(lines.get(i)).path("id");
        if (id.isMissingNode() || id.isNull()) {
          throw new RejectedException("no field id; both annotators' files need the same ids");
        }
      } catch (RejectedException e) {
        throw new IOException(here + ": " + e.getMessage(), e);
      }
      requireOnePerPlace(document.annotations(), here);
      put(all, new Annotated(document.id(), document.text(), null, document.annotations()), here);
    }
    if (all.isEmpty()) {
      throw new IOException(file + ": has no document");
    }
    return all;
  }

  private static void requireOnePerPlace(List<Annotation> spans, Origin here) throws IOException {
    var places = new HashSet<List<Integer>>();
    for (Annotation span : spans) {
      if (!places.add(List.of(span.start(), span.end()))) {
        throw new IOException(
            here + ": two spans have the same bounds; an annotator gives a place one category");
      }
    }
  }

  private static void put(SequencedMap<String, Annotated> all, Annotated one, Origin here)
      throws IOException {
    if (all.put(one.id(), one) != null) {
      throw new IOException(here + ": the id stands there twice; ids have to be different");
    }
  }
}

package dev.galen.examples.clinical.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.CodePoints;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/**
 * Presidio's samples: {@code full_text} and {@code spans [{entity_type, entity_value,
 * start_position, end_position}]} in code points.
 */
final class EntitySpansShape implements RowShape {
  @Override
  public String name() {
    return "presidio";
  }

  @Override
  public String reads() {
    return "Presidio's samples with spans";
  }

  @Override
  public boolean recognises(Row first) {
    return first.names().containsAll(Set.of("full_text", "masked", "spans"));
  }

  @Override
  public PublishedSet published(Row first) {
    return PublishedSet.PRESIDIO;
  }

  @Override
  public Document document(Row row, IngestOptions options) throws RejectedException {
    String text = row.need("full_text");
    var places = new CodePoints(text);
    int length = text.codePointCount(0, text.length());
    List<Annotation> annotations = new ArrayList<>();
    for (JsonNode span : row.value("spans")) {
      int start = span.path("start_position").asInt(-1);
      int end = span.path("end_position").asInt(-1);
      if (start < 0 || end < start || end > length) {
        throw new RejectedException(
            "a span from %d to %d in a text of %d code points".formatted(start, end, length));
      }
      String category = span.path("entity_type").asText("");
      if (category.isEmpty()) {
        throw new RejectedException("a span without entity_type");
      }
      annotations.add(new Annotation(places.index(start), places.index(end), category));
    }
    var fields = new LinkedHashMap<String, String>();
    PubMedQaShape.put(fields, "template", row.string("template_id"));
    String id = row.string("id");
    return new Document(
        id == null ? row.origin().toString() : id, text, fields, annotations, row.origin());
  }
}

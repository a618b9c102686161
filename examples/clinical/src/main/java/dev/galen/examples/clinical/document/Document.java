package dev.galen.examples.clinical.document;

import dev.galen.train.data.Origin;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A report, note, abstract or other text.
 *
 * @param id the source's own name of it; unique within a source
 * @param text the text
 * @param fields what the source says besides, by name, in the source's order: {@code patient},
 *     {@code date}, {@code type}, {@code label}, ...
 * @param annotations what is known about places of the text, in no particular order
 * @param origin the file and line it comes from
 */
public record Document(
    String id,
    String text,
    Map<String, String> fields,
    List<Annotation> annotations,
    Origin origin) {
  /** Checks that no annotation leaves the text, and keeps its own copies. */
  public Document {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(origin, "origin");
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    annotations = List.copyOf(annotations);
    for (Annotation annotation : annotations) {
      if (annotation.end() > text.length()) {
        throw new IllegalArgumentException(
            "%s: annotation %s from %d to %d of a text of %d characters"
                .formatted(
                    origin,
                    annotation.category(),
                    annotation.start(),
                    annotation.end(),
                    text.length()));
      }
    }
  }

  /** A text without annotations. */
  public Document(String id, String text, Map<String, String> fields, Origin origin) {
    this(id, text, fields, List.of(), origin);
  }

  /** A field, or null if the source does not have it. */
  public String field(String name) {
    return fields.get(name);
  }

  /** The same with a field set. */
  public Document with(String field, String value) {
    var changed = new LinkedHashMap<>(fields);
    changed.put(field, value);
    return new Document(id, text, changed, annotations, origin);
  }

  /** The same with other annotations. */
  public Document withAnnotations(List<Annotation> annotations) {
    return new Document(id, text, fields, annotations, origin);
  }

  /** The same with another text, whose annotations are given. */
  public Document withText(String text, List<Annotation> annotations) {
    return new Document(id, text, fields, annotations, origin);
  }
}

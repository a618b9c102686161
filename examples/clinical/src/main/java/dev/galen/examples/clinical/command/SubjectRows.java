package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.trust.BiasAudit.Subject;
import dev.galen.examples.clinical.trust.FieldRows;
import dev.galen.examples.clinical.trust.TextClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;

/** Rows of data for a classifier; what cannot be used is told on standard error. */
final class SubjectRows {
  private SubjectRows() {}

  static FieldRows read(
      Path data, String text, String label, List<String> groups, boolean needsLabel)
      throws IOException {
    var required = new LinkedHashSet<String>(List.of(text));
    var optional = new LinkedHashSet<String>(groups);
    (needsLabel ? required : optional).add(label);
    optional.add("id");
    FieldRows rows = FieldRows.read(data, required, optional);
    rows.rejects().forEach(problem -> System.err.println("galen: left out " + problem));
    return rows;
  }

  /**
   * The rows as texts with the number of their class.
   *
   * @throws IOException naming the line of a label that is none of the model's classes
   */
  static List<Subject> subjects(
      FieldRows rows, TextClassifier classifier, String text, String label, List<String> groups)
      throws IOException {
    var subjects = new ArrayList<Subject>();
    for (FieldRows.Row row : rows.rows()) {
      String given = row.field(label);
      boolean none = given == null || given.isBlank();
      int number = none ? -1 : classifier.number(given.strip());
      if (!none && number < 0) {
        throw new IOException(
            "%s: %s is \"%s\", which is none of the model's classes: %s"
                .formatted(row.origin(), label, given, String.join(", ", classifier.classes())));
      }
      var values = new LinkedHashMap<String, String>();
      for (String group : groups) {
        String value = row.field(group);
        if (value != null && !value.isBlank()) {
          values.put(group, value.strip());
        }
      }
      String id = row.field("id");
      subjects.add(
          new Subject(id == null ? row.origin().toString() : id, row.field(text), number, values));
    }
    return subjects;
  }
}

package dev.galen.examples.clinical.manifest;

import dev.galen.examples.clinical.deid.Category;
import dev.galen.examples.clinical.deid.FieldNames;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.examples.clinical.pipeline.DocumentStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What becomes of the fields of a document that is de-identified. A patient's number becomes the
 * patient's place in the source, {@code P1}, {@code P2}, ..., so that documents of one patient stay
 * together; of a date the year stays; names, addresses and the like are taken out; what stands in
 * other fields is de-identified as the text is.
 */
final class FieldSafety {
  private static final Pattern YEAR = Pattern.compile("(?<!\\d)(1[89]|2[01])\\d{2}(?!\\d)");

  private FieldSafety() {}

  /** Numbers patients in the order in which a source gives them. */
  static final class Patients {
    private final Map<String, Integer> numbers = new HashMap<>();

    /** The document with its patient's number in the place of what the source has. */
    Document numbered(Document document) {
      Document numbered = document;
      for (Map.Entry<String, String> field : document.fields().entrySet()) {
        if (isPatient(field.getKey())) {
          int number = numbers.computeIfAbsent(field.getValue().strip(), key -> numbers.size() + 1);
          numbered = numbered.with(field.getKey(), "P" + number);
        }
      }
      return numbered;
    }
  }

  private static boolean isPatient(String name) {
    return FieldNames.isPatient(name) || FieldNames.category(name) == Category.MRN;
  }

  /** The document with safe fields; patients have their numbers already. */
  static Document safe(Document document, DocumentStep step) throws RejectedException {
    var fields = new LinkedHashMap<String, String>();
    for (Map.Entry<String, String> field : document.fields().entrySet()) {
      Category category = FieldNames.category(field.getKey());
      if (isPatient(field.getKey())) {
        fields.put(field.getKey(), field.getValue());
      } else if (category == null) {
        fields.put(field.getKey(), words(document, field.getValue(), step));
      } else if (category == Category.DATE && !FieldNames.isBirth(field.getKey())) {
        Matcher year = YEAR.matcher(field.getValue());
        if (year.find()) {
          fields.put(field.getKey(), year.group());
        }
      }
    }
    return new Document(
        document.id(), document.text(), fields, document.annotations(), document.origin());
  }

  private static String words(Document document, String value, DocumentStep step)
      throws RejectedException {
    List<Document> safe = new ArrayList<>();
    step.apply(new Document(document.id(), value, Map.of(), document.origin()), safe::add);
    var words = new StringBuilder();
    safe.forEach(one -> words.append(one.text()));
    return words.toString();
  }
}

package dev.galen.examples.clinical.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Rows of any table: one field is the text, one the id, all others are fields. */
final class PlainShape implements RowShape {
  /** Usual names of the text, the likeliest first. */
  static final List<String> TEXTS =
      List.of(
          "text",
          "note_text",
          "notetext",
          "report_text",
          "reporttext",
          "note",
          "report",
          "full_text",
          "fulltext",
          "document_text",
          "content",
          "body",
          "transcription",
          "narrative",
          "document",
          "clinical_note",
          "clinical_notes",
          "notes",
          "findings",
          "impression",
          "abstract",
          "contents",
          "message",
          "sentence",
          "section_text");

  private static final List<String> IDS =
      List.of(
          "id",
          "_id",
          "doc_id",
          "docid",
          "document_id",
          "documentid",
          "note_id",
          "noteid",
          "report_id",
          "reportid",
          "row_id",
          "rowid",
          "record_id",
          "uid",
          "accession",
          "accession_number",
          "pmid",
          "pubid");

  /** Names that other steps know by one of their own. */
  private static final Map<String, String> SAME =
      Map.of(
          "patient_id", "patient",
          "patientid", "patient",
          "subject_id", "patient",
          "mrn", "patient",
          "note_date", "date",
          "report_date", "date",
          "charttime", "date",
          "note_type", "type",
          "report_type", "type");

  @Override
  public String name() {
    return "table";
  }

  @Override
  public String reads() {
    return "rows with a field text, note, report, ... (--text names another)";
  }

  @Override
  public boolean recognises(Row first) {
    return true;
  }

  @Override
  public Document document(Row row, IngestOptions options) throws RejectedException {
    String textField = options.text();
    if (textField == null) {
      textField = first(row, TEXTS);
      if (textField == null) {
        throw new RejectedException(noText(row.names().size()));
      }
    } else if (row.value(textField).isMissingNode()) {
      throw new RejectedException("no field %s, which --text names".formatted(textField));
    }
    String text = row.string(textField);
    if (text == null || text.isBlank()) {
      throw new RejectedException("its text is empty (the field " + textField + ")");
    }
    String idField = options.id() == null ? first(row, IDS) : options.id();
    if (options.id() != null && row.string(idField) == null) {
      throw new RejectedException("no field %s, which --id names".formatted(idField));
    }
    String id = idField == null ? null : row.string(idField);
    if (id == null) {
      id = row.key().isEmpty() ? row.origin().toString() : row.key();
    }
    var without = new HashSet<String>(Set.of(textField.toLowerCase(Locale.ROOT)));
    if (idField != null) {
      without.add(idField.toLowerCase(Locale.ROOT));
    }
    Map<String, String> fields = row.fields(without);
    for (Map.Entry<String, String> same : SAME.entrySet()) {
      String value = row.string(same.getKey());
      if (value != null) {
        fields.putIfAbsent(same.getValue(), value);
      }
    }
    return new Document(id, text, fields, row.origin());
  }

  private static String first(Row row, List<String> names) {
    for (String name : names) {
      JsonNode value = row.value(name);
      if (!value.isMissingNode() && !value.isContainerNode()) {
        return name;
      }
    }
    return null;
  }

  /** The fields' names are not told: in a table without a header they are a patient's text. */
  private static String noText(int fields) {
    return "none of %d fields is the text (called text, note, report, ...); name it by --text"
        .formatted(fields);
  }

  /** What is wrong with a table whose columns are these; null for nothing. */
  static String problem(List<String> columns, IngestOptions options) {
    List<String> names =
        columns.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    if (options.text() == null) {
      return TEXTS.stream().anyMatch(names::contains) ? null : noText(columns.size());
    }
    return names.contains(options.text().toLowerCase(Locale.ROOT))
        ? null
        : "no column %s, which --text names".formatted(options.text());
  }
}

package dev.galen.train.format;

import dev.galen.train.data.Example;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.text.PythonText;
import java.io.IOException;
import java.util.Set;

/**
 * MTS-Dialog and ACI-Bench: a visit's dialogue is the context, and the note that shall be written
 * of it the answer.
 */
final class DialogueSchema implements RowSchema {

  @Override
  public String name() {
    return "dialogue and section_text (or note)";
  }

  @Override
  public Set<String> fields() {
    return Set.of("dialogue", "section_header", "section_text", "note", "id", "pubid");
  }

  @Override
  public boolean matches(RowFields row) {
    return row.has("dialogue") && (row.has("section_text") || row.has("note"));
  }

  @Override
  public boolean misses(String field, RowFields row) {
    return !QuestionSchema.IDS.contains(field);
  }

  @Override
  public Example read(RowFields row) throws IOException {
    String section =
        row.value("section_header") == null ? "" : PythonText.strip(row.string("section_header"));
    String question =
        section.isEmpty()
            ? "Write the clinical note of this visit."
            : "Write the section " + section + " of the clinical note.";
    return new QuestionExample(
        QuestionSchema.id(row),
        question,
        row.words("dialogue"),
        row.same("section_text", "note"),
        null,
        row.origin());
  }
}

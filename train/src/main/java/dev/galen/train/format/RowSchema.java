package dev.galen.train.format;

import dev.galen.train.data.Example;
import java.io.IOException;
import java.util.Set;

/**
 * One shape of row: which fields it has, and what {@link Example} it becomes. {@link RowSchemas}
 * asks an ordered list of them; a module adds its own as a {@link java.util.ServiceLoader} service
 * of this type, or passes a list.
 *
 * <pre>{@code
 * public final class NoteSchema implements RowSchema {
 *   public String name() { return "note_text"; }
 *   public Set<String> fields() { return Set.of("note_text"); }
 *   public boolean matches(RowFields row) { return row.has("note_text"); }
 *   public Example read(RowFields row) throws IOException {
 *     return new TextExample(row.words("note_text"), row.origin());
 *   }
 * }
 * }</pre>
 *
 * <p>A schema has no state: files may be read by several threads at once.
 */
public interface RowSchema {

  /** The shape by its fields, as messages list it: {@code prompt and completion}. */
  String name();

  /**
   * Every field that {@link #read} may look at. Values of fields that no schema of a list names are
   * not even kept.
   */
  Set<String> fields();

  /**
   * Those of the fields that may be objects: a JSON document that begins with one is a row, where
   * another object would be the first record of a map. By default none.
   */
  default Set<String> objectFields() {
    return Set.of();
  }

  /** Whether a row has this shape; the first schema that says yes reads it. */
  boolean matches(RowFields row);

  /**
   * Reads a row that {@linkplain #matches has this shape}.
   *
   * @return the example, or null for a row that is passed over because it is blank
   * @throws IOException with one line from {@link RowFields#error} if the row is not what it should
   *     be
   */
  Example read(RowFields row) throws IOException;

  /**
   * Whether something is lost if a row gives {@code field}, one of {@link #fields}, but is read by
   * another schema. Such a row is refused. By default yes; no for what means nothing on its own.
   */
  default boolean misses(String field, RowFields row) {
    return true;
  }

  /**
   * Whether a row of this shape may give {@code field}, which another schema reads and this one
   * does not. By default no, and the row is refused.
   */
  default boolean permits(String field, RowFields row) {
    return false;
  }
}

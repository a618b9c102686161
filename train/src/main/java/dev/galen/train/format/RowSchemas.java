package dev.galen.train.format;

import dev.galen.train.data.Example;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An ordered list of {@link RowSchema}s. The first that matches reads a row. A row that gives a
 * field of another schema beside, which would be left out without a word, is refused.
 */
public final class RowSchemas {

  private static final List<RowSchema> BUILT_IN =
      List.of(
          new TokenSchema(),
          new QuestionSchema(),
          new ChatSchema(),
          new PromptSchema(),
          new DialogueSchema(),
          new TextSchema(),
          new InstructionSchema());

  private final List<RowSchema> schemas;
  private final Map<String, List<RowSchema>> byField = new HashMap<>();
  private final Set<String> objectFields;

  /**
   * @param schemas what reads rows, in this order
   * @param beside schemas that read none, but whose fields are not left out in silence
   */
  /** The field that says what a row belongs to, where rows become that alone; else null. */
  private final String group;

  private RowSchemas(List<RowSchema> schemas, List<RowSchema> beside) {
    this.schemas = List.copyOf(schemas);
    this.group = null;
    List<RowSchema> known = Stream.concat(schemas.stream(), beside.stream()).toList();
    for (RowSchema schema : known) {
      for (String field : schema.fields()) {
        byField.computeIfAbsent(field, name -> new ArrayList<>()).add(schema);
      }
    }
    this.objectFields =
        known.stream().flatMap(s -> s.objectFields().stream()).collect(Collectors.toSet());
  }

  /**
   * The schemas for a language model: those of services, then Galen's own in the order of {@link
   * DataFiles}' table.
   */
  public static RowSchemas standard() {
    return Standard.SCHEMAS;
  }

  /**
   * The schemas for classification: {@code text} and {@code label}, which become a {@link
   * dev.galen.train.data.ClassifiedExample}, {@code input_ids} and {@code label}, or {@code
   * input_ids} and {@code labels}.
   */
  public static RowSchemas classification() {
    return new RowSchemas(
        List.of(new ClassifiedTokensSchema(), new ClassificationSchema(), new EncodedSchema()),
        standard().list());
  }

  /**
   * The schema for rows that are given to a model as they are: {@code input_ids} and {@code
   * labels}, and {@code attention_mask} and {@code token_type_ids} where there are any, which
   * become an {@link dev.galen.train.data.EncodedExample}.
   */
  public static RowSchemas encoded() {
    return new RowSchemas(List.of(new EncodedSchema()), standard().list());
  }

  /**
   * The schema for preferences: {@code prompt}, {@code chosen} and {@code rejected}, which become a
   * {@link dev.galen.train.data.PreferenceExample}, or a {@link dev.galen.train.data.PreferenceIds}
   * of lists of ids.
   */
  public static RowSchemas preference() {
    return new RowSchemas(List.of(new PreferenceSchema()), standard().list());
  }

  /** These schemas in this order, and no other. */
  public static RowSchemas of(List<RowSchema> schemas) {
    if (schemas.isEmpty()) {
      throw new IllegalArgumentException("no row schema given; expected at least one");
    }
    return new RowSchemas(schemas, List.of());
  }

  private RowSchemas(RowSchemas others, String group) {
    this.schemas = others.schemas;
    this.byField.putAll(others.byField);
    this.objectFields = others.objectFields;
    this.group = group;
  }

  /**
   * Schemas that take the rows that these take, and give for each an example whose key is what the
   * row belongs to.
   *
   * @param field the field that says it, such as {@code patient}: a string, number or truth value;
   *     a row without it is refused
   */
  public RowSchemas groupedBy(String field) {
    return new RowSchemas(this, field);
  }

  /** The schemas that read rows, in their order. */
  public List<RowSchema> list() {
    return schemas;
  }

  /** The standard schemas behind the services that {@code loader} finds. */
  static RowSchemas standard(ClassLoader loader) {
    var schemas = new ArrayList<RowSchema>();
    ServiceLoader.load(RowSchema.class, loader).forEach(schemas::add);
    schemas.addAll(BUILT_IN);
    return new RowSchemas(schemas, List.of());
  }

  /** Whether a row's field of this name may be looked at; others need not be kept. */
  boolean mayRead(String field) {
    return byField.containsKey(field) || field.equals(group);
  }

  /** Whether a field of this name may hold an object. */
  boolean mayBeObject(String field) {
    return objectFields.contains(field);
  }

  /** Reads a row; null if it is blank. */
  Example read(RowFields row) throws IOException {
    for (RowSchema schema : schemas) {
      if (schema.matches(row)) {
        requireNothingLost(schema, row);
        Example example = read(schema, row);
        return group == null || example == null ? example : RowGroup.of(row, group);
      }
    }
    throw row.error(
        "fields are "
            + row.names()
            + "; expected "
            + schemas.stream().map(RowSchema::name).collect(Collectors.joining("; or ")));
  }

  /** The examples' own checks become the reader's kind of error, and name the place. */
  private static Example read(RowSchema schema, RowFields row) throws IOException {
    try {
      return schema.read(row);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(row.origin() + ": ")
          ? new IOException(message, e)
          : row.error(message);
    }
  }

  private void requireNothingLost(RowSchema schema, RowFields row) throws IOException {
    var lost = new ArrayList<String>();
    Set<String> own = schema.fields();
    for (String field : row.given(row.names())) {
      if (!own.contains(field)
          && byField.getOrDefault(field, List.of()).stream()
              .anyMatch(reader -> reader.misses(field, row))
          && !schema.permits(field, row)) {
        lost.add(field);
      }
    }
    if (!lost.isEmpty()) {
      throw row.error(
          "fields are "
              + row.names()
              + "; read as "
              + schema.name()
              + ", which would leave out "
              + String.join(" and ", lost)
              + "; put it into the fields that are read, or take it out of the row");
    }
  }

  /** Found once, and not before rows are read. */
  private static final class Standard {
    private static final RowSchemas SCHEMAS = standard(RowSchemas.class.getClassLoader());
  }
}

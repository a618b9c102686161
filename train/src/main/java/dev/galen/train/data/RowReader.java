package dev.galen.train.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.text.PythonText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tells what a row is by its fields and makes the {@link Example} of it. JSON, JSON lines and CSV
 * all end here, so that there is one place that knows the data sets' names.
 */
final class RowReader {

  /** Fields of a row that may be objects, so that a row is not taken for a map of records. */
  static final Set<String> OBJECT_FIELDS = Set.of("context", "options");

  private static final String EXPECTED =
      "expected input_ids; or question and answer (or long_answer); or prompt and completion;"
          + " or dialogue and section_text (or note); or text";

  private final ObjectNode row;
  private final Origin origin;

  RowReader(ObjectNode row, Origin origin) {
    this.row = row;
    this.origin = origin;
  }

  /**
   * Reads the row.
   *
   * @param key the record's key in a map of records; empty when it has none
   * @return the example, or null for a row of blank text
   */
  Example read(String key) throws IOException {
    if (row.has("input_ids")) {
      return tokens();
    }
    if (row.has("question") || row.has("QUESTION")) {
      return question(key);
    }
    if (row.has("prompt") && row.has("completion")) {
      return new PromptExample(string("prompt"), words("completion"), origin);
    }
    if (row.has("dialogue") && (row.has("section_text") || row.has("note"))) {
      return dialogue(key);
    }
    if (row.has("text")) {
      String text = string("text");
      return PythonText.isBlank(text) ? null : new TextExample(text, origin);
    }
    var names = new ArrayList<String>();
    row.fieldNames().forEachRemaining(names::add);
    throw origin.error("fields are " + names + "; " + EXPECTED);
  }

  private TokenExample tokens() throws IOException {
    int[] ids = integers("input_ids");
    int[] labels = isAbsent("labels") ? null : integers("labels");
    if (!isAbsent("attention_mask")) {
      int[] mask = integers("attention_mask");
      for (int i = 0; i < mask.length; i++) {
        if (mask[i] != 1) {
          throw origin.error(
              "attention_mask is "
                  + mask[i]
                  + " at position "
                  + i
                  + "; expected sequences without padding, which is added batch by batch");
        }
      }
    }
    return valid(() -> new TokenExample(ids, labels, origin));
  }

  private QuestionExample question(String key) throws IOException {
    String question = words("question", "QUESTION");
    String answer = words("long_answer", "LONG_ANSWER", "answer");
    String context = context();
    String decision = decision();
    String id = id(key);
    return valid(() -> new QuestionExample(id, question, context, answer, decision, origin));
  }

  /** A visit's dialogue as the context, and the note that shall be written of it as the answer. */
  private QuestionExample dialogue(String key) throws IOException {
    String section = isAbsent("section_header") ? "" : PythonText.strip(string("section_header"));
    String question =
        section.isEmpty()
            ? "Write the clinical note of this visit."
            : "Write the section " + section + " of the clinical note.";
    String note = words("section_text", "note");
    return new QuestionExample(id(key), question, words("dialogue"), note, null, origin);
  }

  private String context() throws IOException {
    JsonNode node = first("context", "CONTEXTS", "contexts");
    if (node instanceof ObjectNode object) {
      node = object.get("contexts");
      if (node == null) {
        throw origin.error("context is an object without contexts; expected a list of paragraphs");
      }
    }
    if (node == null) {
      return options();
    }
    return node.isArray() ? paragraphs(node) : text(node, "context");
  }

  private String paragraphs(JsonNode list) throws IOException {
    List<String> paragraphs = new ArrayList<>();
    for (JsonNode paragraph : list) {
      paragraphs.add(text(paragraph, "a paragraph of the context"));
    }
    return String.join("\n", paragraphs);
  }

  /** The choices of a multiple-choice question, one to a line; empty when there are none. */
  private String options() throws IOException {
    if (!(row.get("options") instanceof ObjectNode options)) {
      return "";
    }
    List<String> lines = new ArrayList<>();
    for (var option : options.properties()) {
      lines.add(option.getKey() + ". " + text(option.getValue(), "option " + option.getKey()));
    }
    return String.join("\n", lines);
  }

  private String decision() throws IOException {
    JsonNode node = first("final_decision", "decision");
    if (node == null) {
      return null;
    }
    String decision = PythonText.strip(text(node, "final_decision")).toLowerCase(Locale.ROOT);
    return decision.isEmpty() ? null : decision;
  }

  private String id(String key) throws IOException {
    JsonNode node = first("id", "pubid");
    if (!key.isEmpty() || node == null) {
      return key;
    }
    return node.isIntegralNumber() ? node.asText() : text(node, "id");
  }

  private boolean isAbsent(String name) {
    JsonNode node = row.get(name);
    return node == null || node.isNull();
  }

  /** The first of these fields that the row has and that is not null; null when there is none. */
  private JsonNode first(String... names) {
    for (String name : names) {
      if (!isAbsent(name)) {
        return row.get(name);
      }
    }
    return null;
  }

  /** A field that must be there and hold more than white space. */
  private String words(String... names) throws IOException {
    String value = string(names);
    if (PythonText.isBlank(value)) {
      throw origin.error("the field " + names[0] + " is blank; expected text");
    }
    return value;
  }

  /** A field that must be there and be a string. */
  private String string(String... names) throws IOException {
    JsonNode node = first(names);
    if (node == null) {
      throw origin.error("the field " + String.join(" or ", names) + " is missing");
    }
    return text(node, names[0]);
  }

  private String text(JsonNode node, String name) throws IOException {
    if (!node.isTextual()) {
      throw origin.error("the field " + name + " is " + describe(node) + "; expected a string");
    }
    String text = node.textValue();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw origin.error(
              "the field %s holds a lone surrogate (\\u%04x); expected whole characters"
                  .formatted(name, (int) c));
        }
        i++;
      }
    }
    return text;
  }

  private int[] integers(String name) throws IOException {
    JsonNode list = row.get(name);
    if (!list.isArray()) {
      throw origin.error(
          "the field " + name + " is " + describe(list) + "; expected a list of integers");
    }
    var values = new int[list.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode value = list.get(i);
      if (!value.isIntegralNumber() || !value.canConvertToInt()) {
        throw origin.error(
            name + " holds " + value + " at position " + i + "; expected a 32-bit integer");
      }
      values[i] = value.intValue();
    }
    return values;
  }

  /** A node's kind in words, for messages. */
  static String describe(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT, POJO -> "an object";
      case STRING -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "a boolean";
      case NULL, MISSING, BINARY -> "null";
    };
  }

  /** The records' own checks, as the reader's kind of error: their messages name the place too. */
  private static <T> T valid(Supplier<T> example) throws IOException {
    try {
      return example.get();
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}

package dev.galen.train.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.data.Example;
import dev.galen.train.data.Origin;
import dev.galen.train.data.PromptExample;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.TextExample;
import dev.galen.train.data.TokenExample;
import dev.galen.train.text.PythonText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
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
  static final Set<String> OBJECT_FIELDS =
      Set.of("context", "options", "choices", "answers", "meta", "metadata", "meta_info");

  /** What a question is asked about. */
  private static final List<String> CONTEXTS = List.of("context", "CONTEXTS", "contexts");

  /** The same by the names of other data sets; looked at where there is none of the above. */
  private static final List<String> PASSAGES =
      List.of("passage", "article", "abstract", "support", "document");

  /** The key of the right choice. */
  private static final List<String> ANSWER_KEYS = List.of("answer_idx", "answerKey", "answer_key");

  private static final Set<String> FIELDS = fields();

  private static final String EXPECTED =
      "expected input_ids; or question and answer (or long_answer, or answer_idx with"
          + " options); or prompt and completion;"
          + " or dialogue and section_text (or note); or text";

  private final RowFields row;
  private final Origin origin;

  RowReader(ObjectNode row, Origin origin) {
    this.row = new RowFields(row, origin);
    this.origin = origin;
  }

  private static Set<String> fields() {
    var fields =
        new LinkedHashSet<>(
            List.of(
                "input_ids",
                "labels",
                "attention_mask",
                "question",
                "QUESTION",
                "long_answer",
                "LONG_ANSWER",
                "answer",
                "answers",
                "final_decision",
                "decision",
                "id",
                "pubid",
                "prompt",
                "completion",
                "dialogue",
                "section_header",
                "section_text",
                "note",
                "text"));
    fields.addAll(CONTEXTS);
    fields.addAll(PASSAGES);
    fields.addAll(ANSWER_KEYS);
    return fields;
  }

  /** Whether a row's field of this name may be looked at; others need not be kept. */
  static boolean mayRead(String name) {
    return FIELDS.contains(name) || Choices.mayBe(name);
  }

  /** A node's kind in words, for messages. */
  static String describe(JsonNode node) {
    return RowFields.describe(node);
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
      return prompt();
    }
    if (row.has("dialogue") && (row.has("section_text") || row.has("note"))) {
      return dialogue(key);
    }
    if (row.has("text")) {
      String text = row.string("text");
      return PythonText.isBlank(text) ? null : new TextExample(text, origin);
    }
    throw origin.error("fields are " + row.names() + "; " + EXPECTED);
  }

  private TokenExample tokens() throws IOException {
    int[] ids = row.integers("input_ids");
    int[] labels = row.value("labels") == null ? null : row.integers("labels");
    if (row.value("attention_mask") != null) {
      int[] mask = row.integers("attention_mask");
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
    String question = row.words("question", "QUESTION");
    Choices choices = Choices.of(row);
    String answer = answer(choices);
    String context = joined(context(), choices.lines());
    String decision = decision();
    String id = id(key);
    return valid(() -> new QuestionExample(id, question, context, answer, decision, origin));
  }

  private static String joined(String context, String choices) {
    return PythonText.isBlank(context)
        ? choices
        : choices.isEmpty() ? context : context + "\n" + choices;
  }

  /** The long answer, the answer, the one text of SQuAD's answers, or the right choice's text. */
  private String answer(Choices choices) throws IOException {
    if (row.first("long_answer", "LONG_ANSWER", "answer") != null) {
      return row.words("long_answer", "LONG_ANSWER", "answer");
    }
    if (row.value("answers") != null) {
      return oneOf(row.value("answers"));
    }
    for (String name : row.given(ANSWER_KEYS)) {
      String answer = choices.text(row.string(name).strip());
      if (answer == null || answer.isBlank()) {
        throw origin.error(
            "the field "
                + name
                + " names no choice: \""
                + row.string(name)
                + "\"; expected a key"
                + " of options, or answer");
      }
      return answer;
    }
    return row.words("long_answer", "LONG_ANSWER", "answer");
  }

  /** An answer that several readers gave is one when they agree. */
  private String oneOf(JsonNode answers) throws IOException {
    JsonNode list = answers instanceof ObjectNode object ? object.path("text") : answers;
    Set<String> texts = new LinkedHashSet<>();
    for (JsonNode text : list) {
      texts.add(row.text(text, "an entry of answers"));
    }
    if (texts.size() != 1 || texts.iterator().next().isBlank()) {
      throw origin.error(
          "the field answers holds " + texts.size() + " different texts; expected one, or answer");
    }
    return texts.iterator().next();
  }

  /** A prompt stands as it is, so nothing beside it would be seen by the model. */
  private PromptExample prompt() throws IOException {
    List<String> beside = row.given(CONTEXTS);
    beside.addAll(row.given(List.of("options", "choices")));
    if (!beside.isEmpty()) {
      throw origin.error(
          "the fields are prompt and "
              + String.join(" and ", beside)
              + ", and a prompt is shown as"
              + " it stands; put them into the prompt, or name it question");
    }
    return new PromptExample(row.string("prompt"), row.words("completion"), origin);
  }

  /** A visit's dialogue as the context, and the note that shall be written of it as the answer. */
  private QuestionExample dialogue(String key) throws IOException {
    String section =
        row.value("section_header") == null ? "" : PythonText.strip(row.string("section_header"));
    String question =
        section.isEmpty()
            ? "Write the clinical note of this visit."
            : "Write the section " + section + " of the clinical note.";
    String note = row.words("section_text", "note");
    return new QuestionExample(id(key), question, row.words("dialogue"), note, null, origin);
  }

  private String context() throws IOException {
    List<String> given = row.given(CONTEXTS);
    if (given.isEmpty()) {
      given = row.given(PASSAGES);
    }
    if (given.isEmpty()) {
      return "";
    }
    if (given.size() > 1) {
      throw origin.error(
          "the fields " + String.join(" and ", given) + " are all given; expected one context");
    }
    String name = given.getFirst();
    JsonNode node = row.value(name);
    if (node instanceof ObjectNode object) {
      node = object.get("contexts");
      if (node == null) {
        throw origin.error(name + " is an object without contexts; expected a list of paragraphs");
      }
    }
    return node.isArray() ? paragraphs(node) : row.text(node, name);
  }

  private String paragraphs(JsonNode list) throws IOException {
    List<String> paragraphs = new ArrayList<>();
    for (JsonNode paragraph : list) {
      paragraphs.add(row.text(paragraph, "a paragraph of the context"));
    }
    return String.join("\n", paragraphs);
  }

  private String decision() throws IOException {
    JsonNode node = row.first("final_decision", "decision");
    if (node == null) {
      return null;
    }
    String decision = PythonText.strip(row.text(node, "final_decision")).toLowerCase(Locale.ROOT);
    return decision.isEmpty() ? null : decision;
  }

  private String id(String key) throws IOException {
    JsonNode node = row.first("id", "pubid");
    if (!key.isEmpty() || node == null) {
      return key;
    }
    return node.isIntegralNumber() ? node.asText() : row.text(node, "id");
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

package dev.galen.train.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tensor.io.ErrorText;
import dev.galen.train.text.PythonText;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The answer to a question: {@code long_answer} or {@code answer}; the one text of SQuAD's {@code
 * answers}; or the choice that {@code answer_idx}, {@code answerKey} or {@code cop} names. Fields
 * that are given together must say the same.
 *
 * <p>A number is a place in a list of choices, counted from 0 as MMLU does. MedMCQA's {@code cop}
 * is counted from 0 on Hugging Face and from 1 in the original files, so it is read where only one
 * of both is a choice.
 */
final class Answers {

  private static final String[] TEXTS = {"long_answer", "LONG_ANSWER", "answer"};
  private static final String READERS = "answers";
  private static final String COP = "cop";
  private static final List<String> KEYS =
      List.of("answer_idx", "answerKey", "answer_key", "answer_index", COP);

  static final List<String> FIELDS =
      Stream.of(List.of(TEXTS), List.of(READERS), KEYS).flatMap(List::stream).toList();

  private final RowFields row;
  private final Choices choices;

  /** What each field that is given may mean; several texts where it does not say which. */
  private final Map<String, Set<String>> said = new LinkedHashMap<>();

  private Answers(RowFields row, Choices choices) {
    this.row = row;
    this.choices = choices;
  }

  /**
   * The row's answer.
   *
   * @param decision the row's decision, or null; it is no answer, but a reader may think so
   */
  static String of(RowFields row, Choices choices, String decision) throws IOException {
    var answers = new Answers(row, choices);
    answers.collect();
    if (answers.said.isEmpty() && decision != null) {
      throw row.error(
          "the field long_answer or LONG_ANSWER or answer is missing; a decision alone has no answer"
              + " to rest on: add one, or write prompt and completion");
    }
    return answers.agreed();
  }

  private void collect() throws IOException {
    for (String name : row.given(List.of(TEXTS))) {
      said.put(name, Set.of(text(name)));
    }
    if (row.value(READERS) != null) {
      Set<String> readers = readers(row.value(READERS));
      if (said.isEmpty() || !readers.isEmpty()) { // SQuAD's unanswered questions have none
        said.put(READERS, readers);
      }
    }
    for (String name : row.given(KEYS)) {
      // Without choices a key beside an answer tells nothing, and alone it names none.
      if (said.isEmpty() || choices.haveKeys()) {
        said.put(name, named(name));
      }
    }
  }

  private String agreed() throws IOException {
    if (said.isEmpty()) {
      return row.words(TEXTS);
    }
    String first = said.keySet().iterator().next();
    if (said.size() == 1 && said.get(first).size() == 1) {
      return said.get(first).iterator().next();
    }
    List<String> answers =
        said.get(first).stream()
            .filter(answer -> said.values().stream().allMatch(texts -> holds(texts, answer)))
            .toList();
    if (answers.size() == 1) {
      return answers.getFirst();
    }
    if (answers.isEmpty() && said.size() > 1) {
      throw row.error(
          "the fields "
              + String.join(" and ", said.keySet())
              + " do not say the same: "
              + String.join("; ", said.entrySet().stream().map(Answers::shown).toList())
              + "; expected one of them, or several that agree");
    }
    throw unclear(first);
  }

  private static String shown(Map.Entry<String, Set<String>> meaning) {
    return meaning.getKey()
        + " is "
        + String.join(" or ", meaning.getValue().stream().map(ErrorText::quote).toList());
  }

  private IOException unclear(String name) {
    int texts = said.get(name).size();
    if (name.equals(READERS)) {
      return row.error(
          "the field answers holds " + texts + " different texts; expected one, or answer");
    }
    return row.error(
        "the field "
            + name
            + " is "
            + row.value(name).asText()
            + ", which counts from 0 (Hugging Face) or from 1 (the original files): "
            + String.join(" or ", said.get(name).stream().map(ErrorText::quote).toList())
            + "; expected answer_idx with the choice's letter, or answer with its text");
  }

  private boolean holds(Set<String> texts, String answer) {
    return texts.stream().anyMatch(text -> same(text, answer) || same(answer, text));
  }

  /** Whether an answer is a text, or the choice of that text by its key. */
  private boolean same(String answer, String text) {
    String plain = PythonText.strip(answer);
    String other = PythonText.strip(text);
    String choice = choices.text(plain);
    return plain.equals(other)
        || choice != null && PythonText.strip(choice).equals(other)
        || choices.line(plain, other);
  }

  private String text(String name) throws IOException {
    JsonNode node = row.value(name);
    if (node.isIntegralNumber() && choices.areListed()) {
      return at(name, node);
    }
    String text = row.words(name);
    if (choices.areListed() && isNumber(text) && !choices.know(PythonText.strip(text))) {
      throw row.error(
          "the field "
              + name
              + " is "
              + ErrorText.quote(text)
              + ", which is neither a choice nor its letter; write the place of a choice, counted"
              + " from 0, as a number, or its text");
    }
    return text;
  }

  private static boolean isNumber(String text) {
    return PythonText.strip(text).matches("[0-9]{1,9}");
  }

  /** The choice at a place in their list. */
  private String at(String name, JsonNode place) throws IOException {
    String text = place.canConvertToInt() ? choices.at(place.intValue()) : null;
    if (text == null) {
      throw row.error(
          "the field %s is %s and there are %d choices; expected a place from 0 to %d"
              .formatted(name, place.asText(), choices.count(), choices.count() - 1));
    }
    if (choices.know(place.asText()) && !text.equals(place.asText())) {
      throw row.error(
          "the field "
              + name
              + " is "
              + place.asText()
              + ", which is a choice and the place of another; expected the choice's letter");
    }
    return text;
  }

  private Set<String> readers(JsonNode answers) throws IOException {
    JsonNode list = answers instanceof ObjectNode object ? object.path("text") : answers;
    if (!list.isArray()) {
      throw row.error(
          "the field answers is "
              + RowFields.describe(answers)
              + "; expected a list of texts, or {text: [...]}");
    }
    Set<String> texts = new LinkedHashSet<>();
    for (JsonNode text : list) {
      String given = row.text(text, "an entry of answers");
      if (!PythonText.isBlank(given)) {
        texts.add(given);
      }
    }
    return texts;
  }

  /** The texts that a choice's key may mean. */
  private Set<String> named(String name) throws IOException {
    JsonNode node = row.value(name);
    if (node.isIntegralNumber() && choices.areListed() && !name.equals(COP)) {
      return Set.of(at(name, node));
    }
    String key = node.isIntegralNumber() ? node.asText() : PythonText.strip(row.string(name));
    Set<String> texts = new LinkedHashSet<>();
    if (name.equals(COP) && isNumber(key)) {
      int place = Integer.parseInt(key);
      add(texts, choices.at(place));
      add(texts, choices.at(place - 1));
    } else {
      add(texts, choices.text(name.equals(COP) ? Choices.upper(key) : key));
    }
    if (texts.isEmpty()) {
      throw row.error(
          "the field "
              + name
              + " names no choice: "
              + ErrorText.quote(key)
              + "; expected a key of options, or answer");
    }
    return texts;
  }

  private static void add(Set<String> texts, String text) {
    if (text != null && !PythonText.isBlank(text)) {
      texts.add(text);
    }
  }
}

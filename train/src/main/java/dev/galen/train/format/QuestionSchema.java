package dev.galen.train.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.data.Example;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.text.PythonText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A question with its answer, as PubMedQA, SQuAD, MedQA, MMLU, ARC, RACE and others have it: what
 * it is asked about and its {@link Choices} become the context, see {@link Answers} for the answer.
 */
final class QuestionSchema implements RowSchema {

  /** A record's own name; looked at in this order where the record has no key in a map. */
  static final List<String> IDS = List.of("id", "pubid");

  private static final String[] QUESTIONS = {"question", "QUESTION"};
  private static final String[] DECISIONS = {"final_decision", "decision"};

  /** What a question is asked about, by the names of the data sets. */
  private static final List<String> CONTEXTS =
      List.of(
          "context",
          "CONTEXTS",
          "contexts",
          "passage",
          "article",
          "abstract",
          "support",
          "document");

  private static final Set<String> FIELDS = allFields();

  private static Set<String> allFields() {
    var fields = new LinkedHashSet<String>(IDS);
    fields.addAll(List.of(QUESTIONS));
    fields.addAll(List.of(DECISIONS));
    fields.addAll(CONTEXTS);
    fields.addAll(Answers.FIELDS);
    fields.addAll(Choices.FIELDS);
    return Set.copyOf(fields);
  }

  @Override
  public String name() {
    return "question and answer (or long_answer, or answer_idx with options)";
  }

  @Override
  public Set<String> fields() {
    return FIELDS;
  }

  @Override
  public Set<String> objectFields() {
    return Set.of("context", "options", "choices", "answers");
  }

  @Override
  public boolean matches(RowFields row) {
    return row.has("question") || row.has("QUESTION");
  }

  /** A record's name says nothing to a model, and a field named a is not yet a choice. */
  @Override
  public boolean misses(String field, RowFields row) {
    return !IDS.contains(field)
        && (!Choices.FIELDS.contains(field) || Choices.given(row).contains(field));
  }

  @Override
  public Example read(RowFields row) throws IOException {
    String question = row.same(QUESTIONS);
    Choices choices = Choices.of(row);
    String decision = decision(row);
    String answer = Answers.of(row, choices, decision);
    requireOneDecision(row, decision, answer);
    String context = joined(context(row), choices.lines());
    return new QuestionExample(id(row), question, context, answer, decision, row.origin());
  }

  private static String joined(String context, String choices) {
    return PythonText.isBlank(context)
        ? choices
        : choices.isEmpty() ? context : context + "\n" + choices;
  }

  private static String context(RowFields row) throws IOException {
    List<String> given = row.given(CONTEXTS);
    if (given.isEmpty()) {
      return "";
    }
    if (given.size() > 1) {
      throw row.error(
          "the fields " + String.join(" and ", given) + " are all given; expected one context");
    }
    String name = given.getFirst();
    JsonNode node = row.value(name);
    if (node instanceof ObjectNode object) {
      node = object.get("contexts");
      if (node == null) {
        throw row.error(name + " is an object without contexts; expected a list of paragraphs");
      }
    }
    return node.isArray() ? paragraphs(row, node) : row.text(node, name);
  }

  private static String paragraphs(RowFields row, JsonNode list) throws IOException {
    List<String> paragraphs = new ArrayList<>();
    for (JsonNode paragraph : list) {
      paragraphs.add(row.text(paragraph, "a paragraph of the context"));
    }
    return String.join("\n", paragraphs);
  }

  /** An answer that is nothing but a decision has to be the one that is given. */
  private static void requireOneDecision(RowFields row, String decision, String answer)
      throws IOException {
    String said = PythonText.strip(answer).toLowerCase(Locale.ROOT);
    if (decision != null && QuestionExample.DECISIONS.contains(said) && !said.equals(decision)) {
      throw row.error("the answer is " + said + ", the decision " + decision + "; expected one");
    }
  }

  private static String decision(RowFields row) throws IOException {
    return row.given(List.of(DECISIONS)).isEmpty()
        ? null
        : PythonText.strip(row.same(DECISIONS)).toLowerCase(Locale.ROOT);
  }

  /** The record's key, or its id; empty where it has neither. */
  static String id(RowFields row) throws IOException {
    for (String name : IDS) {
      JsonNode node = row.value(name);
      if (row.key().isEmpty() && node != null) {
        return node.isIntegralNumber() ? node.asText() : row.text(node, name);
      }
    }
    return row.key();
  }
}

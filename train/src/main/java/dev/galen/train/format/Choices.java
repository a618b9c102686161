package dev.galen.train.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The choices of a multiple-choice question, whichever way a data set writes them down.
 *
 * <table>
 *   <caption>What is read</caption>
 *   <tr><th>fields</th><th>as in</th></tr>
 *   <tr><td>{@code options: {"A": "one", "B": "two"}}</td><td>MedQA</td></tr>
 *   <tr><td>{@code options: ["one", "two"]}, lettered A, B, ...</td><td>MMLU, RACE</td></tr>
 *   <tr><td>{@code options: [{"key": "A", "value": "one"}]}</td><td>MedQA's sources</td></tr>
 *   <tr><td>{@code choices: {"text": ["one"], "label": ["A"]}}</td><td>ARC</td></tr>
 *   <tr><td>{@code opa}, {@code opb}, ... or {@code A}, {@code B}, ... or {@code option_a}, ...</td>
 *       <td>MedMCQA, CMMLU</td></tr>
 * </table>
 *
 * <p>{@code options} and {@code choices} mean the same. A choice of null is none: tables that hold
 * rows of four and of five choices fill up with it.
 */
final class Choices {

  private static final List<String> NAMES = List.of("options", "choices");
  private static final Pattern SINGLE =
      Pattern.compile("op([a-e])|([a-eA-E])|(?:option|choice|ending)_?([a-eA-E]|\\d)");
  private static final Set<String> KEYS = Set.of("key", "label");
  private static final Set<String> VALUES = Set.of("value", "text");
  private static final int LETTERS = 26;

  private final RowFields fields;
  private final Map<String, String> byKey = new LinkedHashMap<>();
  private String asGiven = "";

  private Choices(RowFields fields) {
    this.fields = fields;
  }

  /** Whether choices may stand in a field of this name. */
  static boolean mayBe(String name) {
    return NAMES.contains(name) || SINGLE.matcher(name).matches();
  }

  /** The row's choices; there may be none. */
  static Choices of(RowFields fields) throws IOException {
    var choices = new Choices(fields);
    List<String> lists = fields.given(NAMES);
    if (lists.size() > 1) {
      throw fields.origin().error("the fields options and choices are both given; expected one");
    }
    if (!lists.isEmpty()) {
      choices.read(lists.getFirst(), fields.value(lists.getFirst()));
    } else {
      choices.readSingles();
    }
    return choices;
  }

  private void read(String name, JsonNode node) throws IOException {
    switch (node) {
      case ArrayNode list -> readList(name, list);
      case ObjectNode object when isTable(object) -> readTable(name, object);
      case ObjectNode object -> {
        for (var choice : object.properties()) {
          put(name, choice.getKey(), choice.getValue());
        }
      }
      default -> asGiven = fields.text(node, name).strip();
    }
  }

  private void readList(String name, ArrayNode list) throws IOException {
    if (list.size() > LETTERS) {
      throw error(name, "has " + list.size() + " entries; expected at most " + LETTERS);
    }
    for (int i = 0; i < list.size(); i++) {
      JsonNode choice = list.get(i);
      if (choice instanceof ObjectNode object) {
        put(name, fields.text(field(name, object, KEYS), "key of " + name), value(name, object));
      } else {
        put(name, letter(i), choice);
      }
    }
  }

  private JsonNode value(String name, ObjectNode choice) throws IOException {
    return field(name, choice, VALUES);
  }

  private JsonNode field(String name, ObjectNode choice, Set<String> names) throws IOException {
    for (String field : names) {
      if (choice.hasNonNull(field)) {
        return choice.get(field);
      }
    }
    throw error(
        name, "holds an object that is neither {key, value} nor {label, text}; expected strings");
  }

  /** Columns side by side, as Hugging Face keeps a list of objects. */
  private static boolean isTable(ObjectNode object) {
    return object.path("text").isArray();
  }

  private void readTable(String name, ObjectNode table) throws IOException {
    JsonNode texts = table.get("text");
    JsonNode labels = table.path("label");
    if (labels.size() != texts.size()) {
      throw error(
          name,
          "has " + texts.size() + " texts and " + labels.size() + " labels; expected as many");
    }
    for (int i = 0; i < texts.size(); i++) {
      put(name, fields.text(labels.get(i), "label of " + name), texts.get(i));
    }
  }

  /** One choice in each field, keyed by the end of the field's name. */
  private void readSingles() throws IOException {
    var found = new LinkedHashMap<String, String>();
    for (String name : fields.given(fields.names())) {
      Matcher matcher = SINGLE.matcher(name);
      if (matcher.matches()) {
        String key = matcher.group(matcher.start(1) >= 0 ? 1 : matcher.start(2) >= 0 ? 2 : 3);
        found.put(key.toUpperCase(Locale.ROOT), name);
      }
    }
    if (found.size() < 2) {
      return; // A field named a is not yet a choice.
    }
    for (var choice : found.entrySet()) {
      put(choice.getValue(), choice.getKey(), fields.value(choice.getValue()));
    }
  }

  private void put(String name, String key, JsonNode text) throws IOException {
    if (text.isNull()) {
      return;
    }
    if (byKey.put(key, fields.text(text, "option " + key)) != null) {
      throw error(name, "names the choice " + key + " twice");
    }
  }

  private IOException error(String name, String problem) {
    return fields.origin().error("the field " + name + " " + problem);
  }

  private static String letter(int index) {
    return String.valueOf((char) ('A' + index));
  }

  /** The text of a choice by its key; null when there is none of that key. */
  String text(String key) {
    return byKey.get(key);
  }

  /** The choices for a prompt, one to a line; empty when there are none. */
  String lines() {
    List<String> lines = new ArrayList<>();
    byKey.forEach((key, text) -> lines.add(key + ". " + text));
    return lines.isEmpty() ? asGiven : String.join("\n", lines);
  }
}

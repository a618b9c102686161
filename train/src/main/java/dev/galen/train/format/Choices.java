package dev.galen.train.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

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

  private static final Set<String> KEYS = Set.of("key", "label");
  private static final Set<String> VALUES = Set.of("value", "text");
  private static final int LETTERS = 26;

  /** The fields that hold one choice, by their name. */
  private static final Map<String, Single> SINGLES = allSingles();

  /** Every field that choices may stand in. */
  static final Set<String> FIELDS = allFields();

  private final RowFields fields;
  private final Map<String, String> byKey = new LinkedHashMap<>();
  private String asGiven = "";
  private boolean listed;

  /**
   * A field that holds one choice.
   *
   * @param family what the names of the row's other choices begin with too; empty for a letter
   * @param key the end of the name, as a capital
   */
  private record Single(String name, String family, String key) {}

  private Choices(RowFields fields) {
    this.fields = fields;
  }

  private static Map<String, Single> allSingles() {
    var singles = new HashMap<String, Single>();
    addSingles(singles, "op", "op", "a b c d e");
    addSingles(singles, "", "", "a b c d e A B C D E");
    for (String family : List.of("option", "choice", "ending")) {
      addSingles(singles, family, family, "a b c d e A B C D E 0 1 2 3 4 5 6 7 8 9");
      addSingles(singles, family, family + "_", "a b c d e A B C D E 0 1 2 3 4 5 6 7 8 9");
    }
    return singles;
  }

  private static void addSingles(
      Map<String, Single> singles, String family, String prefix, String ends) {
    for (String end : ends.split(" ")) {
      singles.put(prefix + end, new Single(prefix + end, family, upper(end)));
    }
  }

  private static Set<String> allFields() {
    var all = new HashSet<>(SINGLES.keySet());
    all.addAll(NAMES);
    return all;
  }

  /** The row's choices; there may be none. */
  static Choices of(RowFields fields) throws IOException {
    var choices = new Choices(fields);
    List<String> lists = fields.given(NAMES);
    List<Single> singles = singles(fields);
    List<String> ways = new ArrayList<>(lists);
    var families = new HashSet<String>();
    for (Single single : singles) {
      if (families.add(single.family())) {
        ways.add(single.name());
      }
    }
    if (ways.size() > 1) {
      throw fields.error(
          "the fields " + String.join(" and ", ways) + " are both given; expected choices one way");
    }
    if (!lists.isEmpty()) {
      choices.read(lists.getFirst(), fields.value(lists.getFirst()));
    } else {
      choices.readSingles(singles);
    }
    return choices;
  }

  /** The fields of the row in which choices stand. */
  static Set<String> given(RowFields fields) {
    var given = new HashSet<>(fields.given(NAMES));
    singles(fields).forEach(single -> given.add(single.name()));
    return given;
  }

  /** The fields of one choice each; a lone field named by a letter is none. */
  private static List<Single> singles(RowFields fields) {
    var singles = new ArrayList<Single>();
    for (String name : fields.given(fields.names())) {
      Single single = SINGLES.get(name);
      if (single != null) {
        singles.add(single);
      }
    }
    boolean loneLetter = singles.size() == 1 && singles.getFirst().family().isEmpty();
    return loneLetter ? List.of() : singles;
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
        listed = true;
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

  private void readSingles(List<Single> singles) throws IOException {
    if (singles.size() == 1) {
      throw error(singles.getFirst().name(), "is the only choice; expected at least two");
    }
    for (Single single : singles) {
      put(single.name(), single.key(), fields.value(single.name()));
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
    return fields.error("the field " + name + " " + problem);
  }

  private static String letter(int index) {
    return String.valueOf((char) ('A' + index));
  }

  static String upper(String key) {
    return key.toUpperCase(Locale.ROOT);
  }

  /** Whether choices can be named by keys: there are some, and not as one text. */
  boolean haveKeys() {
    return !byKey.isEmpty();
  }

  /** Whether the choices are a list of texts, so that a number can be a place in it. */
  boolean areListed() {
    return listed;
  }

  int count() {
    return byKey.size();
  }

  /** The text of a choice by its key; null when there is none of that key. */
  String text(String key) {
    return byKey.get(key);
  }

  /** The text of the choice of A, B, ... at a place counted from 0; null when there is none. */
  String at(int place) {
    return place >= 0 && place < LETTERS ? byKey.get(letter(place)) : null;
  }

  /** Whether this is the key or the text of a choice. */
  boolean know(String keyOrText) {
    return byKey.containsKey(keyOrText) || byKey.containsValue(keyOrText);
  }

  /** Whether {@code answer} is the line that a prompt has for the choice of this text. */
  boolean line(String answer, String text) {
    return byKey.entrySet().stream()
        .anyMatch(
            choice ->
                choice.getValue().strip().equals(text)
                    && answer.equals(choice.getKey() + ". " + text));
  }

  /** The choices for a prompt, one to a line; empty when there are none. */
  String lines() {
    List<String> lines = new ArrayList<>();
    byKey.forEach((key, text) -> lines.add(key + ". " + text));
    return lines.isEmpty() ? asGiven : String.join("\n", lines);
  }
}

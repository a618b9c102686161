package dev.galen.examples.clinical.ingest;

import static dev.galen.examples.clinical.ingest.PubMedQaShape.put;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * MedQA: {@code question, options {A, B, ..}, answer, answer_idx, meta_info}; options as a list of
 * {@code {key, value}}; and HuggingFace's {@code sent1, ending0 .. ending3, label}. The text is the
 * question; each option is a field {@code option_A}, the right one's letter the field {@code
 * label}.
 */
final class MedQaShape implements RowShape {
  @Override
  public String name() {
    return "medqa";
  }

  @Override
  public String reads() {
    return "MedQA, four or five options";
  }

  @Override
  public boolean recognises(Row first) {
    Set<String> names = first.names();
    return names.contains("question")
            && names.contains("options")
            && (names.contains("answer_idx") || names.contains("meta_info"))
        || names.containsAll(Set.of("sent1", "ending0", "ending1", "label"));
  }

  @Override
  public PublishedSet published(Row first) {
    return PublishedSet.MEDQA;
  }

  @Override
  public Document document(Row row, IngestOptions options) throws RejectedException {
    Map<String, String> choices = choices(row);
    if (choices.size() < 2) {
      throw new RejectedException("no options; expected at least two, by letter");
    }
    var fields = new LinkedHashMap<String, String>();
    choices.forEach((letter, choice) -> fields.put("option_" + letter, choice));
    String label = label(row, choices);
    if (label != null) {
      fields.put("answer", choices.get(label));
      fields.put("label", label);
    }
    put(fields, "step", row.string("meta_info"));
    String id = row.string("realidx", "id", "question_id");
    return new Document(
        id == null ? row.origin().toString() : id,
        row.need("question", "sent1"),
        fields,
        row.origin());
  }

  private static Map<String, String> choices(Row row) {
    var choices = new LinkedHashMap<String, String>();
    JsonNode given = row.value("options");
    if (given.isTextual()) {
      given = tree(given.asText()); // a table has an object in a cell
    }
    if (given.isObject()) {
      given.properties().forEach(one -> choices.put(one.getKey(), one.getValue().asText()));
    }
    for (JsonNode one : given.isArray() ? given : row.values().arrayNode()) {
      String letter = letter(choices.size());
      choices.put(
          one.path("key").asText(letter),
          one.isObject() ? one.path("value").asText() : one.asText());
    }
    for (int i = 0; given.isMissingNode() && row.string("ending" + i) != null; i++) {
      choices.put(letter(i), row.string("ending" + i));
    }
    return choices;
  }

  private static JsonNode tree(String json) {
    try {
      return JsonText.MAPPER.readTree(json);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return JsonText.MAPPER.missingNode();
    }
  }

  private static String letter(int index) {
    return String.valueOf((char) ('A' + index));
  }

  /** The letter of the right option, or null where the row has none. */
  private static String label(Row row, Map<String, String> choices) throws RejectedException {
    String index = row.string("answer_idx");
    if (index == null && row.names().contains("sent1")) {
      String number = row.string("label");
      if (number == null || number.isBlank() || number.equals("-1")) {
        return null;
      }
      index = number.matches("\\d") ? letter(Integer.parseInt(number)) : number;
    }
    String answer = row.string("answer");
    if (index == null) {
      for (Map.Entry<String, String> choice : choices.entrySet()) {
        if (choice.getValue().equals(answer)) {
          return choice.getKey();
        }
      }
      if (answer == null) {
        return null;
      }
      throw new RejectedException("the answer is none of the options");
    }
    if (!choices.containsKey(index)) {
      throw new RejectedException("answer_idx is none of " + String.join(", ", choices.keySet()));
    }
    if (answer != null && !answer.equals(choices.get(index))) {
      throw new RejectedException("answer and answer_idx name different options");
    }
    return index;
  }
}

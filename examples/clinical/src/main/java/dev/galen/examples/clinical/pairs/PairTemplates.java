package dev.galen.examples.clinical.pairs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.examples.clinical.text.TextFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The templates of this version of Galen, and those of files. */
public final class PairTemplates {
  private static final Set<String> FIELDS =
      Set.of("name", "version", "task", "instruction", "input", "output");

  /**
   * One of each task, and a second of those that have two usual forms; never changed, only added.
   */
  private static final List<PairTemplate> BUILT_IN =
      List.of(
          new PairTemplate(
              "summarise",
              "1",
              PairTask.SUMMARISE,
              "Summarise the clinical text. State only what it says.",
              "{text}",
              "{summary|impression|conclusion}"),
          new PairTemplate(
              "summarise-dialogue",
              "1",
              PairTask.SUMMARISE,
              "Write the clinical note of this conversation between a doctor and a patient.",
              "{dialogue}",
              "{note|section_text|text}"),
          new PairTemplate(
              "answer",
              "1",
              PairTask.ANSWER,
              "Answer the question from the context.",
              "Question: {question}\nContext: {context|text}",
              "{answer|long_answer}"),
          new PairTemplate(
              "answer-question",
              "1",
              PairTask.ANSWER,
              "Answer the medical question.",
              "{question}",
              "{answer|long_answer|text}"),
          new PairTemplate(
              "compare",
              "1",
              PairTask.COMPARE,
              "Compare the current report with the prior one. Say what is new, changed and gone.",
              "Prior report:\n{prior}\n\nCurrent report:\n{text}",
              "{changes|comparison}"),
          new PairTemplate(
              "flag",
              "1",
              PairTask.FLAG,
              "Label the report. Answer with the label alone.",
              "{text}",
              "{label|flag}"));

  private PairTemplates() {}

  /** Galen's own. */
  public static List<PairTemplate> builtIn() {
    return BUILT_IN;
  }

  /**
   * The template of an id: {@code name@version}, or {@code name} for its newest version.
   *
   * @param templates in which it is looked for; later ones are newer
   */
  public static PairTemplate of(String id, List<PairTemplate> templates) {
    PairTemplate found = null;
    for (PairTemplate template : templates) {
      if (template.id().equals(id) || template.name().equals(id)) {
        found = template;
      }
    }
    if (found == null) {
      throw new IllegalArgumentException(
          "template is %s; expected one of %s"
              .formatted(
                  id, templates.stream().map(PairTemplate::id).collect(Collectors.joining(", "))));
    }
    return found;
  }

  /**
   * Reads templates from a file: a JSON object with name, version, task, instruction, input and
   * output, or an array of them.
   *
   * @throws IOException if it cannot be read, or is no such file
   */
  public static List<PairTemplate> read(Path file) throws IOException {
    JsonNode json;
    try {
      json = new JsonMapper().readTree(TextFiles.read(file));
    } catch (JsonProcessingException e) {
      throw new IOException(
          file + ":" + e.getLocation().getLineNr() + ": is not JSON; expected templates", e);
    }
    List<PairTemplate> templates = new ArrayList<>();
    for (JsonNode one : json.isArray() ? json : List.of(json)) {
      templates.add(template(one, file + ": template " + (templates.size() + 1) + ": "));
    }
    if (templates.isEmpty()) {
      throw new IOException(file + ": holds no template; expected at least one");
    }
    return templates;
  }

  private static PairTemplate template(JsonNode json, String place) throws IOException {
    for (String field : FIELDS) {
      if (!json.path(field).isTextual()) {
        throw new IOException(place + "no field " + field + "; expected a string");
      }
    }
    for (var field : json.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        throw new IOException(place + "unknown field " + field.getKey() + "; expected " + FIELDS);
      }
    }
    PairTask task = null;
    for (PairTask one : PairTask.values()) {
      task = one.word().equals(json.get("task").asText()) ? one : task;
    }
    if (task == null) {
      throw new IOException(
          place
              + "task is "
              + json.get("task").asText()
              + "; expected summarise, answer, compare or flag");
    }
    try {
      return new PairTemplate(
          json.get("name").asText(),
          json.get("version").asText(),
          task,
          json.get("instruction").asText(),
          json.get("input").asText(),
          json.get("output").asText());
    } catch (IllegalArgumentException e) {
      throw new IOException(place + e.getMessage(), e);
    }
  }
}

package dev.galen.train.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tensor.io.ErrorText;
import dev.galen.train.data.Origin;
import dev.galen.train.format.DataFiles;
import dev.galen.train.format.RowSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The rows of a JSON-lines file, one object each, or of a file or folder that a {@link
 * dev.galen.train.format.DataFormat} reads. A file of a single object whose fields are whole
 * columns, such as {@code {"y_true": [...], "y_pred": [...]}}, is read as its rows; it may have the
 * metric's options, too.
 */
public final class ScoreRows {
  static final List<String> PREDICTION =
      List.of(
          "prediction",
          "predicted",
          "predictions",
          "y_pred",
          "pred",
          "hypothesis",
          "hyp",
          "candidate",
          "output",
          "generated",
          "response");
  static final List<String> TRUTH =
      List.of(
          "references",
          "reference",
          "refs",
          "ref",
          "y_true",
          "label",
          "labels",
          "true",
          "truth",
          "targets",
          "target",
          "gold",
          "expected",
          "tags");
  static final List<String> SCORES =
      List.of(
          "scores",
          "score",
          "y_score",
          "probabilities",
          "probability",
          "probs",
          "prob",
          "y_prob",
          "y_proba");
  static final List<String> WEIGHT = List.of("weight", "sample_weight");

  private static final Map<String, String> COLUMNS =
      Map.of(
          "hypotheses", "hypothesis",
          "predictions", "prediction",
          "y_true", "y_true",
          "y_pred", "y_pred",
          "y_score", "y_score",
          "y_prob", "y_prob",
          "y_proba", "y_proba");

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Path file;
  private final List<Row> rows;
  private final Map<String, String> settings;

  private ScoreRows(Path file, List<Row> rows, Map<String, String> settings) {
    this.file = file;
    this.rows = rows;
    this.settings = settings;
  }

  /** One row, and the line that it stands on. */
  record Row(Path file, int line, ObjectNode fields) {
    /** The first of {@code names} that the row has, if any. */
    Optional<JsonNode> find(List<String> names) {
      return names.stream().filter(fields::has).findFirst().map(fields::get);
    }

    JsonNode get(List<String> names) {
      return find(names)
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "%s:%d: the row has no field \"%s\" (or %s)"
                          .formatted(
                              file,
                              line,
                              names.getFirst(),
                              String.join(", ", names.subList(1, names.size())))));
    }

    IllegalArgumentException refuse(List<String> names, JsonNode value, String wanted) {
      String name = names.stream().filter(fields::has).findFirst().orElse(names.getFirst());
      return new IllegalArgumentException(
          "%s:%d: field \"%s\" is %s, must be %s"
              .formatted(file, line, name, ErrorText.line(shortened(value)), wanted));
    }

    private static String shortened(JsonNode value) {
      String text = value.toString();
      return text.length() > 80 ? text.substring(0, 80) + "..." : text;
    }

    String text(List<String> names) {
      JsonNode value = get(names);
      if (!value.isTextual()) {
        throw refuse(names, value, "a text");
      }
      return value.textValue();
    }

    /** A text, or a list of them. */
    List<String> texts(List<String> names) {
      JsonNode value = get(names);
      if (value.isTextual()) {
        return List.of(value.textValue());
      }
      var texts = new ArrayList<String>();
      for (JsonNode element : value) {
        if (element.isTextual()) {
          texts.add(element.textValue());
        } else if (!element.isNull()) {
          throw refuse(names, value, "a text or a list of texts");
        }
      }
      if (!value.isArray() || texts.isEmpty()) {
        throw refuse(names, value, "a text or a list of texts, at least one");
      }
      return texts;
    }

    double number(List<String> names) {
      JsonNode value = get(names);
      if (!value.isNumber() && !value.isBoolean()) {
        throw refuse(names, value, "a number");
      }
      return value.isBoolean() ? (value.booleanValue() ? 1 : 0) : value.doubleValue();
    }

    double[] numbers(List<String> names) {
      JsonNode value = get(names);
      if (!value.isArray()) {
        throw refuse(names, value, "a list of numbers");
      }
      var numbers = new double[value.size()];
      for (int i = 0; i < numbers.length; i++) {
        if (!value.get(i).isNumber()) {
          throw refuse(names, value, "a list of numbers");
        }
        numbers[i] = value.get(i).doubleValue();
      }
      return numbers;
    }

    String label(List<String> names) {
      JsonNode value = get(names);
      if (value.isArray() && value.size() == 1) {
        value = value.get(0);
      }
      if (!value.isValueNode() || value.isNull()) {
        throw refuse(names, value, "a label: a text, a number or a truth value");
      }
      return Labels.text(value);
    }
  }

  /**
   * Reads a file.
   *
   * @param sequences whether a list of tags is one row's, not a column
   * @param options the metric's; a file of a single object may have them as fields, with low lines
   *     for hyphens
   */
  static ScoreRows read(Path file, boolean sequences, List<String> options) throws IOException {
    List<Row> columns = columns(file);
    if (!columns.isEmpty()) {
      return new ScoreRows(file, columns, Map.of());
    }
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
    var rows = new ArrayList<Row>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        rows.add(new Row(file, i + 1, object(file, i + 1, lines.get(i))));
      }
    }
    if (rows.isEmpty()) {
      throw new IOException(
          file + ": is empty; write one JSON object a line, such as {\"prediction\": ...}");
    }
    if (rows.size() > 1) {
      return new ScoreRows(file, rows, Map.of());
    }
    var settings = settings(rows.getFirst(), options);
    return new ScoreRows(file, spread(rows.getFirst(), sequences), settings);
  }

  /** The rows of a file or folder whose format a service brings; none of JSON lines. */
  private static List<Row> columns(Path file) throws IOException {
    var rows = new ArrayList<Row>();
    boolean read =
        DataFiles.readRows(
            file,
            new RowSink() {
              @Override
              public boolean reads(String column) {
                return true;
              }

              @Override
              public void row(Map<String, ?> row, Origin origin) {
                ObjectNode fields = JSON.valueToTree(row);
                fields.properties().removeIf(field -> field.getValue().isNull());
                rows.add(new Row(Path.of(origin.file()), (int) origin.line(), fields));
              }
            });
    if (read && rows.isEmpty()) {
      throw new IOException(file + ": holds no rows; expected at least one");
    }
    return rows;
  }

  /** Takes the metric's options out of a row. */
  private static Map<String, String> settings(Row row, List<String> options) {
    var settings = new TreeMap<String, String>();
    for (String option : options) {
      String name = option.replace('-', '_');
      boolean isTruth = name.equals("labels") && !row.fields.has("y_true");
      JsonNode value = isTruth ? null : row.fields.remove(name);
      if (value != null && !value.isNull() && !(value.isBoolean() && !value.booleanValue())) {
        settings.put(option, value.isArray() ? value.toString() : value.asText());
      }
    }
    return settings;
  }

  private static ObjectNode object(Path file, int line, String text) throws IOException {
    try {
      if (JSON.readTree(text) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s:%d: is no JSON object: %s".formatted(file, line, e.getOriginalMessage()), e);
    }
    throw new IOException("%s:%d: is no JSON object; write {...}".formatted(file, line));
  }

  /** The rows of a single object that has columns, or that object. */
  private static List<Row> spread(Row row, boolean sequences) {
    var columns =
        COLUMNS.keySet().stream()
            .filter(name -> row.fields.path(name).isArray())
            .filter(name -> !sequences || row.fields.get(name).path(0).isArray())
            .toList();
    if (columns.isEmpty()) {
      return List.of(row);
    }
    int count = row.fields.get(columns.getFirst()).size();
    var rows = new ArrayList<Row>();
    for (int i = 0; i < count; i++) {
      var fields = JSON.createObjectNode();
      int at = i;
      row.fields
          .properties()
          .forEach(
              field -> {
                String name = COLUMNS.getOrDefault(field.getKey(), field.getKey());
                fields.set(name, element(row, field.getKey(), field.getValue(), at, count));
              });
      rows.add(new Row(row.file, row.line, fields));
    }
    return rows;
  }

  private static JsonNode element(Row row, String name, JsonNode value, int at, int count) {
    boolean ofReferences = name.equals("references") || name.equals("reference_lists");
    if (ofReferences && isStreams(value, count)) {
      var own = JSON.createArrayNode();
      value.forEach(stream -> own.add(stream.get(at)));
      return own;
    }
    if (value.isArray() && value.size() != count) {
      throw new IllegalArgumentException(
          "%s:%d: column \"%s\" has %d entries, another has %d"
              .formatted(row.file, row.line, name, value.size(), count));
    }
    return value.isArray() ? value.get(at) : value;
  }

  /** Whether references are sacrebleu's: a list for each number, with an entry for each text. */
  private static boolean isStreams(JsonNode value, int count) {
    for (JsonNode stream : value) {
      if (!stream.isArray() || stream.size() != count) {
        return false;
      }
      for (JsonNode text : stream) {
        if (!text.isTextual() && !text.isNull()) {
          return false;
        }
      }
    }
    return value.isArray() && !value.isEmpty();
  }

  Path file() {
    return file;
  }

  /** The options that a file of a single object has itself. */
  Map<String, String> settings() {
    return settings;
  }

  List<Row> rows() {
    return rows;
  }

  /** The weights of the rows, or null where none has one. */
  double[] weights() {
    if (rows.stream().noneMatch(row -> row.find(WEIGHT).isPresent())) {
      return null;
    }
    return rows.stream().mapToDouble(row -> row.number(WEIGHT)).toArray();
  }

  double[] numbers(List<String> names) {
    return rows.stream().mapToDouble(row -> row.number(names)).toArray();
  }
}

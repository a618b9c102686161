package dev.galen.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.tensor.io.ErrorText;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Texts or token ids as the JSON lines of a file: one object for each. */
final class Rows {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Rows() {}

  /**
   * A row.
   *
   * @param text what it says; empty where it has ids
   * @param ids its tokens, special ones included, without those that its mask hides
   * @param tokenTypes which text of a pair each belongs to, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
  record Row(Optional<String> text, int[] ids, int[] tokenTypes) {
    /** A row of one text. */
    Row(Optional<String> text, int[] ids) {
      this(text, ids, null);
    }
  }

  /**
   * The rows of {@code file}.
   *
   * @param name of the field that has a text; ids are under {@code input_ids}, or under {@code
   *     name_ids}
   * @param tokenizer for texts, if there is one
   */
  static List<Row> read(Path file, String name, Optional<Tokenizer> tokenizer) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        try {
          rows.add(row(lines.get(i), name, tokenizer));
        } catch (JsonProcessingException e) {
          throw new IOException(
              "%s:%d: is no JSON object: %s".formatted(file, i + 1, e.getOriginalMessage()), e);
        } catch (IllegalArgumentException e) {
          throw new IOException("%s:%d: %s".formatted(file, i + 1, e.getMessage()), e);
        }
      }
    }
    if (rows.isEmpty()) {
      throw new IOException(
          "%s: is empty; write one JSON object a line, such as {\"%s\": \"...\"}"
              .formatted(file, name));
    }
    return rows;
  }

  private static Row row(String line, String name, Optional<Tokenizer> tokenizer)
      throws JsonProcessingException {
    JsonNode row = JSON.readTree(line);
    JsonNode text = row.get(name);
    JsonNode ids = row.has("input_ids") ? row.get("input_ids") : row.get(name + "_ids");
    if (text != null && ids == null && text.isTextual()) {
      return new Row(Optional.of(text.textValue()), encode(text.textValue(), tokenizer));
    }
    if (text == null && ids != null && ids.isArray()) {
      int[] values = numbers("id", ids);
      int[] types = beside(row, "token_type_ids", values.length);
      int[] mask = beside(row, "attention_mask", values.length);
      return mask == null
          ? new Row(Optional.empty(), values, types)
          : unpadded(values, types, mask);
    }
    throw new IllegalArgumentException(
        "needs either a text under \"%s\" or a list of numbers under \"input_ids\""
            .formatted(name));
  }

  private static int[] numbers(String what, JsonNode list) {
    var values = new int[list.size()];
    for (int i = 0; i < values.length; i++) {
      if (!list.get(i).isInt()) {
        throw new IllegalArgumentException(
            "%s %d is %s, must be a number".formatted(what, i, list.get(i)));
      }
      values[i] = list.get(i).intValue();
    }
    return values;
  }

  /** The list of one number a token under {@code name}, or null if there is none. */
  private static int[] beside(JsonNode row, String name, int length) {
    JsonNode list = row.get(name);
    if (list == null || list.isNull()) {
      return null;
    }
    if (!list.isArray() || list.size() != length) {
      throw new IllegalArgumentException(
          "%s is %s, must be a list of %d numbers".formatted(name, list, length));
    }
    int[] values = numbers(name, list);
    for (int value : values) {
      if (value < 0 || (name.equals("attention_mask") && value > 1)) {
        throw new IllegalArgumentException(
            "%s has %d, must have %s"
                .formatted(name, value, name.equals("attention_mask") ? "0 or 1" : "0 or more"));
      }
    }
    return values;
  }

  /** The row without its padding, which may stand at either end. */
  private static Row unpadded(int[] ids, int[] types, int[] mask) {
    int from = 0;
    while (from < mask.length && mask[from] == 0) {
      from++;
    }
    int to = mask.length;
    while (to > from && mask[to - 1] == 0) {
      to--;
    }
    for (int i = from; i < to; i++) {
      if (mask[i] == 0) {
        throw new IllegalArgumentException(
            "attention_mask hides position %d between others; only the ends may be hidden"
                .formatted(i));
      }
    }
    return new Row(
        Optional.empty(),
        Arrays.copyOfRange(ids, from, to),
        types == null ? null : Arrays.copyOfRange(types, from, to));
  }

  /** A text's ids, with what the tokenizer's files put around it. */
  static int[] encode(String text, Optional<Tokenizer> tokenizer) {
    return tokenizer
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the model has no tokenizer for texts; give --tokenizer DIR, or token ids"))
        .encodeWithSpecialTokens(text, SpecialTokens.REFUSE);
  }
}

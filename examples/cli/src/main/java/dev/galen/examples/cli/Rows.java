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
   * @param ids its tokens, special ones included
   */
  @SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
  record Row(Optional<String> text, int[] ids) {}

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
      var values = new int[ids.size()];
      for (int i = 0; i < values.length; i++) {
        if (!ids.get(i).isInt()) {
          throw new IllegalArgumentException(
              "id %d is %s, must be a number".formatted(i, ids.get(i)));
        }
        values[i] = ids.get(i).intValue();
      }
      return new Row(Optional.empty(), values);
    }
    throw new IllegalArgumentException(
        "needs either a text under \"%s\" or a list of numbers under \"input_ids\""
            .formatted(name));
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

package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.galen.tokenizer.text.Quote;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code tokenizer.json} says of the length of texts. HuggingFace's transformers does it only
 * for a caller who asks for it.
 *
 * @param truncation how they are cut, or null
 * @param padding how they are filled up, or null
 */
public record Limits(Cut truncation, Fill padding) {

  /**
   * How texts are cut.
   *
   * @param strategy LONGEST_FIRST, ONLY_FIRST or ONLY_SECOND
   * @param left whether they are cut on the left
   */
  public record Cut(int maxLength, String strategy, int stride, boolean left) {}

  /**
   * How texts are filled up.
   *
   * @param length to what length; 0 for the longest
   * @param multipleOf to a multiple of what; 0 for any
   */
  public record Fill(int length, int multipleOf, boolean left, int id, int typeId) {}

  static final Limits NONE = new Limits(null, null);

  private static final List<String> STRATEGIES = List.of("LongestFirst", "OnlyFirst", "OnlySecond");

  private static final List<String> NAMES = List.of("LONGEST_FIRST", "ONLY_FIRST", "ONLY_SECOND");

  static Limits read(JsonNode root, Path file) throws IOException {
    var cut = root.path("truncation");
    var fill = root.path("padding");
    if (!cut.isObject() && !fill.isObject()) {
      return NONE;
    }
    return new Limits(
        cut.isObject() ? cut(stage(cut, "truncation", file)) : null,
        fill.isObject() ? fill(stage(fill, "padding", file)) : null);
  }

  private static StageJson stage(JsonNode node, String field, Path file) {
    return new StageJson(node, field, file, null, false, null);
  }

  private static Cut cut(StageJson json) throws IOException {
    var strategy = json.text("strategy", "LongestFirst");
    int known = STRATEGIES.indexOf(strategy);
    if (known < 0) {
      throw json.refused(
          "truncation with strategy " + Quote.of(strategy),
          "LongestFirst, OnlyFirst and" + " OnlySecond are");
    }
    return new Cut(
        notNegative(json, "max_length", 512),
        NAMES.get(known),
        notNegative(json, "stride", 0),
        isLeft(json));
  }

  private static Fill fill(StageJson json) throws IOException {
    var strategy = json.node().path("strategy");
    boolean longest = strategy.isMissingNode() || strategy.asText().equals("BatchLongest");
    var fixed = strategy.isObject() ? strategy.path("Fixed") : MissingNode.getInstance();
    if (!longest && !fixed.isInt()) {
      throw json.refused(
          "padding with strategy " + Quote.of(strategy.toString()), "BatchLongest and Fixed are");
    }
    return new Fill(
        longest ? 0 : fixed.intValue(),
        notNegative(json, "pad_to_multiple_of", 0),
        isLeft(json),
        notNegative(json, "pad_id", 0),
        notNegative(json, "pad_type_id", 0));
  }

  private static int notNegative(StageJson json, String name, int fallback) throws IOException {
    int number = json.number(name, fallback);
    if (number < 0) {
      throw new IOException("%s: %s is %d".formatted(json.place(), name, number));
    }
    return number;
  }

  private static boolean isLeft(StageJson json) throws IOException {
    var direction = json.text("direction", "Right");
    if (!direction.equals("Left") && !direction.equals("Right")) {
      throw json.refused(
          json.field() + " with direction " + Quote.of(direction), "Left and Right are");
    }
    return direction.equals("Left");
  }
}

package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class LogitsProcessorTest {
  private static final float OUT = Float.NEGATIVE_INFINITY;
  private static final int[] NO_IDS = {};

  /**
   * Bit for bit what transformers' processors give. Which of several equal logits top-p keeps is
   * left to PyTorch's sort there, so those rows are held against each other in order.
   */
  @TestFactory
  Stream<DynamicTest> equalsTransformers() throws IOException {
    JsonNode processed = Models.expected().get("processed");
    int[] seen = Models.ints(processed.get("seen"));
    return StreamSupport.stream(processed.get("cases").spliterator(), false)
        .map(
            expected -> {
              String row = expected.get("row").textValue();
              JsonNode settings = expected.get("settings");
              return DynamicTest.dynamicTest(
                  row + " " + settings,
                  () -> {
                    float[] logits = Models.floats(processed.get("rows").get(row));
                    float[] before = logits.clone();
                    float[] actual = processor(settings).apply(logits, seen);
                    assertArrayEquals(before, logits, "the argument was changed");
                    float[] wanted = Models.floats(expected.get("scores"));
                    if (settings.has("topP") && hasTies(before)) {
                      Arrays.sort(wanted);
                      Arrays.sort(actual);
                    }
                    assertArrayEquals(wanted, actual);
                  });
            });
  }

  private static boolean hasTies(float[] logits) {
    float[] sorted = logits.clone();
    Arrays.sort(sorted);
    return IntStream.range(1, sorted.length).anyMatch(i -> sorted[i] == sorted[i - 1]);
  }

  private static LogitsProcessor processor(JsonNode settings) {
    var processor = LogitsProcessor.NONE;
    for (Map.Entry<String, JsonNode> setting : settings.properties()) {
      double value = setting.getValue().doubleValue();
      processor =
          processor.then(
              switch (setting.getKey()) {
                case "repetitionPenalty" -> new RepetitionPenalty(value);
                case "temperature" -> new Temperature(value);
                case "topK" -> new TopK((int) value);
                case "topP" -> new TopP(value);
                default -> throw new AssertionError(setting);
              });
    }
    return processor;
  }

  @Test
  void topKKeepsAllThatEqualTheLowestKept() {
    float[] logits = {1, 5, 3, 3, 3, 0};
    assertArrayEquals(new float[] {OUT, 5, 3, 3, 3, OUT}, new TopK(2).apply(logits, NO_IDS));
    assertArrayEquals(new float[] {OUT, 5, OUT, OUT, OUT, OUT}, new TopK(1).apply(logits, NO_IDS));
    assertArrayEquals(logits, new TopK(6).apply(logits, NO_IDS));
  }

  @Test
  void topPKeepsTheFewestTokensThatHoldP() {
    // Probabilities 1/2, 1/4, 1/8, 1/8, which floats hold exactly enough to tell the sides apart.
    float[] logits = {log(4), log(8), log(2), log(2)};
    assertArrayEquals(new float[] {OUT, log(8), OUT, OUT}, new TopP(0.49).apply(logits, NO_IDS));
    assertArrayEquals(new float[] {log(4), log(8), OUT, OUT}, new TopP(0.51).apply(logits, NO_IDS));
    assertArrayEquals(
        new float[] {log(4), log(8), log(2), OUT}, new TopP(0.80).apply(logits, NO_IDS));
    assertArrayEquals(logits, new TopP(0.99).apply(logits, NO_IDS));
    assertArrayEquals(logits, new TopP(1).apply(logits, NO_IDS));
  }

  @Test
  void topPKeepsOneTokenHoweverSmallP() {
    float[] logits = {0, 0.1f, 0};
    assertArrayEquals(new float[] {OUT, 0.1f, OUT}, new TopP(1e-9).apply(logits, NO_IDS));
    float[] equal = new TopP(1e-9).apply(new float[50_257], NO_IDS);
    assertEquals(0, equal[0]);
    assertEquals(50_256, IntStream.range(0, equal.length).filter(i -> equal[i] == OUT).count());
  }

  @Test
  void topPLooksAtWhatTopKLeft() {
    float[] logits = {3, 2, 1, 0};
    LogitsProcessor both = new TopK(2).then(new TopP(0.7));
    assertArrayEquals(new float[] {3, OUT, OUT, OUT}, both.apply(logits, NO_IDS));
    assertArrayEquals(new float[] {3, 2, OUT, OUT}, new TopP(0.7).apply(logits, NO_IDS));
  }

  @Test
  void repetitionPenaltyCountsATokenOnce() {
    float[] logits = {2, -2, 0, 2};
    assertArrayEquals(
        new float[] {1, -4, 0, 2},
        new RepetitionPenalty(2).apply(logits, new int[] {1, 0, 1, 0, 0, 2}));
  }

  @Test
  void settingsOutOfRangeAreNamed() {
    var messages =
        List.of(
            message(() -> new Temperature(0)),
            message(() -> new Temperature(Double.NaN)),
            message(() -> new TopK(0)),
            message(() -> new TopP(0)),
            message(() -> new TopP(1.01)),
            message(() -> new RepetitionPenalty(-1)));
    assertEquals(
        List.of(
            "temperature is 0.0, must be a positive number; for no randomness decode greedily",
            "temperature is NaN, must be a positive number; for no randomness decode greedily",
            "top-k is 0, must be at least 1",
            "top-p is 0.0, must be in (0, 1]",
            "top-p is 1.01, must be in (0, 1]",
            "repetition penalty is -1.0, must be a positive number; 1 changes nothing"),
        messages);
  }

  private static String message(Runnable body) {
    return assertThrows(IllegalArgumentException.class, body::run).getMessage();
  }

  private static float log(double x) {
    return (float) Math.log(x);
  }
}

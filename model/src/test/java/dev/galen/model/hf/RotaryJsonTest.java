package dev.galen.model.hf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.nn.RotaryConfig;
import dev.galen.model.nn.RotaryScaling;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rotary embeddings as a config has them. */
class RotaryJsonTest {
  private static final int POSITIONS = 64;
  private static final int HEAD_SIZE = 8;

  private static RotaryConfig read(String config, int headSize) {
    var fields = new JsonFields(LenientJson.parseObject(config));
    return RotaryJson.read(new ConfigJson(fields, Map.of(), false), 10000, POSITIONS, headSize);
  }

  private static RotaryScaling scaling(String parameters) {
    return read("{\"rope_parameters\": " + parameters + "}", HEAD_SIZE).scaling();
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    List<Double> shorter = List.of(1.0, 1.5, 2.0, 3.0);
    List<Double> longer = List.of(4.0, 5.0, 6.0, 7.0);
    for (RotaryScaling scaling :
        List.of(
            RotaryScaling.NONE,
            new RotaryScaling.Linear(3),
            new RotaryScaling.DynamicNtk(3, POSITIONS),
            new RotaryScaling.Yarn(3, 16, 1.25, 24, 2, false),
            new RotaryScaling.Yarn(3, 16, 1.25, 24, 2, true),
            new RotaryScaling.Llama3(8, 1.5, 4.5, 16),
            new RotaryScaling.LongRope(shorter, longer, 16, 1.25))) {
      var config = new RotaryConfig(500, scaling);
      ObjectNode json = LenientJson.parseObject("{}");
      json.set("rope_parameters", LenientJson.tree(RotaryJson.write(config)));
      assertEquals(config, read(LenientJson.text(json), HEAD_SIZE));
    }
  }

  /** Defaults of transformers' yarn and longrope, and the length that each is relative to. */
  @Test
  void whatIsLeftOutFollowsFromThePositions() {
    assertEquals(
        new RotaryScaling.Yarn(4, 16, RotaryScaling.Yarn.attentionFactor(4, 0, 0), 32, 1, true),
        scaling("{\"rope_type\": \"yarn\", \"original_max_position_embeddings\": 16}"));
    assertEquals(
        new RotaryScaling.Yarn(4, 64, RotaryScaling.Yarn.attentionFactor(4, 0.5, 0.25), 8, 2, true),
        scaling(
            "{\"rope_type\": \"yarn\", \"factor\": 4, \"mscale\": 0.5, \"mscale_all_dim\": 0.25,"
                + " \"beta_fast\": 8, \"beta_slow\": 2}"));
    assertEquals(
        new RotaryScaling.LongRope(
            List.of(1.0), List.of(2.0), 16, RotaryScaling.LongRope.attentionFactor(4, 16)),
        read(
                "{\"rope_parameters\": {\"rope_type\": \"longrope\", \"short_factor\": [1],"
                    + " \"long_factor\": [2], \"original_max_position_embeddings\": 16}}",
                2)
            .scaling());
    // What stands beside the parameters counts before what is in them.
    assertEquals(
        32,
        ((RotaryScaling.Llama3)
                read(
                        "{\"original_max_position_embeddings\": 32, \"rope_parameters\": {"
                            + "\"rope_type\": \"llama3\", \"factor\": 2, \"low_freq_factor\": 1,"
                            + " \"high_freq_factor\": 4,"
                            + " \"original_max_position_embeddings\": 16}}",
                        HEAD_SIZE)
                    .scaling())
            .original());
  }

  @Test
  void dynamicScalingNeedsMoreThanOnePairOfChannels() {
    String dynamic = "{\"rope_parameters\": {\"rope_type\": \"dynamic\", \"factor\": 2}}";
    assertEquals(new RotaryScaling.DynamicNtk(2, POSITIONS), read(dynamic, 4).scaling());
    var refusal = assertThrows(IllegalArgumentException.class, () -> read(dynamic, 2));
    assertTrue(refusal.getMessage().endsWith("heads of more than 2 channels, not of 2"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"rope_theta\": 0} | rope_theta is 0.0, must be positive",
        "{\"rope_scaling\": \"linear\"} | rope_scaling is \"linear\", expected an object",
        "{\"rope_parameters\": 5} | rope_parameters is 5, expected an object",
        "{\"partial_rotary_factor\": 0.5} | partial_rotary_factor other than 1 is not supported",
        "{\"original_max_position_embeddings\": 0} | original_max_position_embeddings is 0, must be",
        "{\"rope_parameters\": {\"rope_type\": \"yarn\", \"factor\": -1}} | factor is -1.0, must be",
        "{\"rope_parameters\": {\"rope_type\": \"yarn\", \"beta_fast\": -1}} | beta_fast is -1.0",
        "{\"rope_parameters\": {\"rope_type\": \"yarn\", \"beta_slow\": -1}} | beta_slow is -1.0",
        "{\"rope_parameters\": {\"rope_type\": \"longrope\", \"short_factor\": [1, 1, 1, 0]}}"
            + " | short_factor is 0.0, must be positive",
        "{\"rope_parameters\": {\"rope_type\": \"longrope\", \"short_factor\": [1, 1, 1, 1],"
            + " \"long_factor\": [1, 1]}} | long_factor has 2 numbers, must have 4",
      })
  void whatCannotBeComputedIsNamed(String config, String reason) {
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> read(config, HEAD_SIZE)).getMessage();
    assertTrue(refusal.contains(reason), refusal);
  }
}

package dev.galen.model.llama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.ModelConfig;
import dev.galen.model.nn.RotaryConfig;
import dev.galen.model.nn.RotaryScaling;
import dev.galen.model.pretrained.Pretrained;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What LLaMA's relatives make of a config.json, as versions 4 and 5 of transformers write it. */
class LlamaConfigsTest {
  private static final String SIZES =
      """
      "vocab_size": 50, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 3,
      "num_attention_heads": 4, "max_position_embeddings": 64\
      """;

  @TempDir Path folder;

  private ModelConfig read(String type, String more) throws IOException {
    String config = "{\"model_type\": \"%s\", %s%s}".formatted(type, SIZES, more);
    Files.writeString(folder.resolve("config.json"), config);
    return Pretrained.readConfig(folder);
  }

  private LlamaConfig llama(String more) throws IOException {
    return (LlamaConfig) read("llama", more);
  }

  private void refused(String type, String more, String reason) {
    var e = assertThrows(IOException.class, () -> read(type, more));
    assertTrue(e.getMessage().contains("config.json: "), e.getMessage());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @Test
  void positionsAreReadFromBothSpellings() throws IOException {
    var wanted = new RotaryConfig(500, new RotaryScaling.Linear(4));
    for (String spelling :
        List.of(
            "\"rope_theta\": 500.0, \"rope_scaling\": {\"type\": \"linear\", \"factor\": 4.0}",
            "\"rope_theta\": 500, \"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 4}",
            "\"rope_parameters\": {\"rope_theta\": 500, \"rope_type\": \"linear\", \"factor\": 4}",
            "\"rope_scaling\": null, \"rope_theta\": 7,"
                + "\"rope_parameters\": {\"rope_theta\": 500, \"type\": \"linear\", \"factor\": 4}")) {
      assertEquals(wanted, llama(", " + spelling).rotary(), spelling);
    }
    assertEquals(RotaryConfig.of(10000), llama("").rotary());
    assertEquals(RotaryConfig.of(10000), llama(", \"rope_scaling\": null").rotary());
    assertEquals(RotaryConfig.of(7), llama(", \"rope_theta\": 7").rotary());
    assertEquals(RotaryConfig.of(7), llama(", \"rope_theta\": 7, \"rope_scaling\": {}").rotary());
  }

  /** By the formulas of transformers, whose numbers stand in the fixtures of train. */
  @Test
  void whatScalingLeavesOutIsAssumed() throws IOException {
    var yarn =
        (RotaryScaling.Yarn)
            llama(", \"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4}").rotary().scaling();
    assertEquals(64, yarn.original());
    assertEquals(0.1 * Math.log(4) + 1, yarn.attentionFactor());
    assertEquals(
        256, llama(", \"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4}").contextLength());
    var longRope =
        (RotaryScaling.LongRope)
            llama(
                    ", \"original_max_position_embeddings\": 16, \"rope_scaling\": {\"type\":"
                        + " \"longrope\", \"short_factor\": [1, 1, 1, 1],"
                        + " \"long_factor\": [1, 2, 3, 4]}")
                .rotary()
                .scaling();
    assertEquals(16, longRope.original());
    assertEquals(Math.sqrt(1 + Math.log(4) / Math.log(16)), longRope.attentionFactor());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\": \"mrope\"} | rope_type mrope is not supported; default, linear",
        "{\"type\": \"linear\"} | no factor, which rope_type linear needs",
        "{\"type\": \"linear\", \"factor\": 0} | factor is 0.0, must be positive",
        "{\"type\": \"linear\", \"factor\": 2, \"bent\": 1} | rope_parameters: bent is not supported",
        "{\"type\": \"default\", \"partial_rotary_factor\": 0.5} | partial_rotary_factor other than 1",
        "{\"type\": \"llama3\", \"factor\": 2, \"low_freq_factor\": 1} | no high_freq_factor",
        "{\"type\": \"longrope\", \"short_factor\": [1]} | short_factor has 1 numbers, must have 4",
        "{\"full_attention\": {}} | full_attention is not supported",
        "[1] | rope_scaling is [1], expected an object",
      })
  void scalingThatIsNotObeyedIsRefusedByName(String scaling, String reason) {
    refused("llama", ", \"rope_scaling\": " + scaling, reason);
  }

  @Test
  void headsOfKeysAndTheirSizeMayBeGivenOrNot() throws IOException {
    assertEquals(4, llama("").keyHeads());
    assertEquals(8, llama(", \"head_dim\": null").headSize());
    assertEquals(10, llama(", \"head_dim\": 10, \"num_key_value_heads\": 2").headSize());
    refused("llama", ", \"num_key_value_heads\": 3", "num_key_value_heads is 3, must be a divisor");
    refused("llama", ", \"head_dim\": 5", "head_dim is 5, must be positive and even");
    // A Mistral's file that says nothing means 8, of which 4 heads have no use.
    refused("mistral", "", "num_key_value_heads is 8");
    String none = ", \"num_key_value_heads\": null";
    assertEquals(4, ((LlamaConfig) read("mistral", none)).keyHeads());
  }

  @Test
  void windowsAreEachFamilysOwn() throws IOException {
    String heads = ", \"num_key_value_heads\": 2";
    assertEquals(List.of(0, 0, 0), llama(", \"sliding_window\": 8").windows());
    assertEquals(List.of(4096, 4096, 4096), windows("mistral", heads));
    assertEquals(List.of(0, 0, 0), windows("mistral", heads + ", \"sliding_window\": null"));
    assertEquals(List.of(5, 5, 5), windows("mistral", heads + ", \"sliding_window\": 5"));
    refused(
        "mistral",
        heads + ", \"layer_types\": [\"full_attention\"]",
        "layer_types has full_attention, but with sliding_window 4096");
    String qwen = heads + ", \"sliding_window\": 8, \"use_sliding_window\": true";
    assertEquals(List.of(0, 0, 0), windows("qwen2", heads + ", \"sliding_window\": 8"));
    assertEquals(List.of(0, 0, 0), windows("qwen2", qwen));
    assertEquals(List.of(0, 0, 8), windows("qwen2", qwen + ", \"max_window_layers\": 2"));
    String types = "\"layer_types\": [\"full_attention\", \"sliding_attention\", \"%s\"]";
    assertEquals(
        List.of(0, 8, 0), windows("qwen2", qwen + ", " + types.formatted("full_attention")));
    refused("qwen2", qwen + ", " + types.formatted("chunked"), "layer_types has chunked");
    refused("qwen2", heads + ", " + types.formatted("full_attention"), "no sliding_window");
  }

  private List<Integer> windows(String type, String more) throws IOException {
    return ((LlamaConfig) read(type, more)).windows();
  }

  @Test
  void biasesAreEachFamilysOwn() throws IOException {
    String both = ", \"num_key_value_heads\": 2, \"attention_bias\": true, \"mlp_bias\": true";
    assertEquals(new LlamaConfig.Biases(true, true, true), llama(both).biases());
    assertEquals(LlamaConfig.Biases.NONE, ((LlamaConfig) read("mistral", both)).biases());
    assertEquals(LlamaConfig.Biases.QWEN2, ((LlamaConfig) read("qwen2", both)).biases());
  }

  @Test
  void whatNoModelHereObeysIsRefusedByName() {
    refused("llama", ", \"quantization_config\": {}", "quantization_config is not supported");
    refused("llama", ", \"hidden_act\": \"silly\"", "hidden_act silly is not one of");
  }
}

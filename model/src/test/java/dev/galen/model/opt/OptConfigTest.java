package dev.galen.model.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.pretrained.Pretrained;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptConfigTest {
  @TempDir Path folder;

  private OptConfig read(String more) throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"opt\"%s}".formatted(more));
    return (OptConfig) Pretrained.readConfig(folder);
  }

  @Test
  void whatIsLeftOutIsTheSmallestModels() throws IOException {
    OptConfig config = read("");
    assertEquals(50272, config.vocabularySize());
    assertEquals(768, config.embeddingChannels());
    assertEquals(3072, config.innerChannels());
    assertTrue(config.normBefore() && config.finalNorm() && config.bias() && config.tiedHead());
  }

  @Test
  void theLastNormMayBeRemovedAndIsNoneBehindNormalisedSums() throws IOException {
    assertFalse(read(", \"_remove_final_layer_norm\": true").finalNorm());
    assertFalse(read(", \"do_layer_norm_before\": false").finalNorm());
    assertTrue(read(", \"word_embed_proj_dim\": 512").projects());
    assertFalse(read(", \"word_embed_proj_dim\": null").projects());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"layerdrop\": 0.1 | layerdrop other than 0 is not supported",
        "\"layer_norm_elementwise_affine\": false | layer_norm_elementwise_affine false is not",
        "\"hidden_size\": 770 | hidden_size is 770, must be a positive multiple",
        "\"dropout\": 1.5 | dropout is 1.5, must be in [0, 1)",
        "\"quantization_config\": {} | quantization_config is not supported",
      })
  void whatNoModelHereObeysIsRefusedByName(String field, String reason) {
    var e = assertThrows(IOException.class, () -> read(", " + field));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }
}

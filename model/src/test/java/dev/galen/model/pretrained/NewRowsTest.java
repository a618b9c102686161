package dev.galen.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.CausalLm;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.WeightFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that grow with their vocabulary. */
class NewRowsTest {
  @TempDir Path folder;

  @Test
  void newTokensBeginAsTheMean() throws IOException {
    Path directory = TinyModels.write(folder.resolve("model"));
    Pretrained<CausalLm> before = Pretrained.load(directory, Device.CPU);
    int vocabulary = before.model().vocabularySize();
    Tensor ids = Tensors.of(Device.CPU, new int[] {5, 6, 7, 8}, 1, 4);
    double[] logits = before.model().logits(ids).toDoubles();
    Map<String, Tensor> old = before.model().parameters();
    double[] embedding = old.get("transformer.wte.weight").toDoubles();

    Pretrained<CausalLm> after = before.withTokens(tokens(before, 2), 1);
    CausalLm model = after.model();
    assertEquals(vocabulary + 2, model.vocabularySize());
    assertEquals(before.model().endOfTextIds(), model.endOfTextIds());
    assertEquals(List.copyOf(old.keySet()), List.copyOf(model.parameters().keySet()));
    for (Map.Entry<String, Tensor> entry : model.parameters().entrySet()) {
      if (!entry.getKey().endsWith("wte.weight")) {
        assertSame(old.get(entry.getKey()), entry.getValue(), entry.getKey());
      }
    }
    int channels = embedding.length / vocabulary;
    double[] rows = model.parameters().get("transformer.wte.weight").toDoubles();
    assertArrayEquals(embedding, Arrays.copyOf(rows, embedding.length));
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int row = 0; row < vocabulary; row++) {
        sum += embedding[row * channels + c];
      }
      assertEquals(sum / vocabulary, rows[vocabulary * channels + c], 1e-7);
      assertEquals(rows[vocabulary * channels + c], rows[(vocabulary + 1) * channels + c]);
    }
    double[] larger = model.logits(ids).toDoubles();
    for (int t = 0; t < 4; t++) {
      for (int id = 0; id < vocabulary; id++) {
        assertEquals(logits[t * vocabulary + id], larger[t * (vocabulary + 2) + id], 1e-6);
      }
    }

    Path saved = folder.resolve("saved");
    Pretrained.save(model, after.requireTokenizer(), after.directory(), saved);
    assertTrue(Files.readString(saved.resolve("config.json")).contains("\"vocab_size\" : 302"));
    Pretrained<CausalLm> again = Pretrained.load(saved, Device.CPU);
    assertArrayEquals(larger, again.model().logits(ids).toDoubles());
    assertEquals(vocabulary + 1, again.requireTokenizer().id("<last>").orElseThrow());
  }

  /** Tokens that need so many rows more than the model has. */
  private static List<String> tokens(Pretrained<CausalLm> model, int more) throws IOException {
    var tokens = new ArrayList<String>();
    int known = model.requireTokenizer().vocabularySize();
    for (int i = known; i < model.model().vocabularySize() + more - 1; i++) {
      tokens.add("<new" + i + ">");
    }
    tokens.add("<last>");
    return tokens;
  }

  @Test
  void rowsToSpareAreUsedAndMultiplesFilled() throws IOException {
    Path directory = TinyModels.write(folder.resolve("model"));
    Pretrained<CausalLm> before = Pretrained.load(directory, Device.CPU);
    Pretrained<CausalLm> grown = before.withTokens(tokens(before, 1), 64);
    assertEquals(320, grown.model().vocabularySize());
    assertEquals(301, grown.requireTokenizer().vocabularySize());
    assertSame(grown.model(), grown.withTokens(List.of("<unit>"), 1).model());
    assertThrows(IllegalArgumentException.class, () -> grown.withTokens(List.of("a"), 0));
    Pretrained<CausalLm> packed = Pretrained.load(directory, Device.CPU, WeightFormat.INT8);
    List<String> tokens = tokens(packed, 1);
    assertThrows(IllegalStateException.class, () -> packed.withTokens(tokens, 1));
  }
}

package dev.galen.tokenizer.bpe;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tokenizer.StageCases;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merges of characters make the tokens of HuggingFace's, whatever the settings. */
class ModelsTest {

  @TempDir Path folder;

  @Test
  void tokensAreThoseOfTheLibrary() throws IOException {
    int rows = 0;
    for (var set : StageCases.of("models.json")) {
      var component = set.get("model");
      if (component.get("type").textValue().equals("BPE")) {
        var model = StageCases.stages(folder, "model", component).model();
        for (var row : set.get("texts")) {
          StageCases.assertTokens(model, row, component + " " + row.get(0));
          rows++;
        }
      }
    }
    assertTrue(rows >= 450, rows + " texts");
  }
}

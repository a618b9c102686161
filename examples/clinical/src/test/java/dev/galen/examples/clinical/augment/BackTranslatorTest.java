package dev.galen.examples.clinical.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.model.t5.T5;
import dev.galen.model.t5.T5Config;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.TokenizerFiles;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackTranslatorTest {
  private static final Map<String, String> RETURNED =
      Map.of(
          "He has a cough.", "A cough is what he has.",
          "No fever at 38.2 C.", "Fever at 38.2 C.",
          "Given aspirin.", "Given aspirin.",
          "Seen by the nurse.", "");

  private static Document document() {
    String text = "He has a cough. No fever at 38.2 C.\nGiven aspirin. Seen by the nurse. Well.";
    return new Document(
        "1",
        text,
        Map.of("label", "a"),
        List.of(
            new Annotation(9, 14, "finding"),
            new Annotation(0, 15, "sentence"),
            new Annotation(3, 6, "verb"),
            new Annotation(28, 32, "temperature"),
            new Annotation(0, text.length(), "all"),
            new Annotation(4, 20, "cut")),
        Origin.MEMORY);
  }

  @Test
  void sentencesThatKeepTheirFactsComeBack() {
    var translator =
        new BackTranslator(
            sentences -> sentences,
            sentences ->
                sentences.stream().map(s -> s.equals("Well.") ? null : RETURNED.get(s)).toList());
    Augmenter.Result result = translator.apply(document(), 0, new SplittableRandom(0));
    String text = result.document().text();
    assertEquals(
        "A cough is what he has. No fever at 38.2 C.\nGiven aspirin. Seen by the nurse. Well.",
        text);
    assertEquals(
        List.of("cough", "A cough is what he has.", "has", "38.2", text),
        result.document().annotations().stream().map(a -> a.in(text)).toList());
    assertEquals(4, result.changed());
    assertEquals(16, result.words());
    assertNull(translator.apply(document(), 1, new SplittableRandom(0)).document());
  }

  @Test
  void factsAreNumbersUnitsNegationsAndDrugs() {
    assertTrue(FactGuard.agree("5 mg of aspirin, no pain", "No pain; aspirin 5 mg"));
    for (String other :
        List.of(
            "5 mcg of aspirin, no pain",
            "5 mg of warfarin, no pain",
            "5 mg of aspirin, pain",
            "50 mg of aspirin, no pain",
            "<5 mg of aspirin, no pain")) {
      assertTrue(!FactGuard.agree("5 mg of aspirin, no pain", other), other);
    }
  }

  @Test
  void modelsOfGalenTranslate(@TempDir Path folder) throws IOException {
    Tokenizer tokenizer = TokenizerFiles.load(TinyModels.write(folder.resolve("gpt2")));
    Path directory = folder.resolve("t5");
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("config.json"),
        """
        {"model_type": "t5", "architectures": ["T5ForConditionalGeneration"], "vocab_size": 300,
         "d_model": 16, "d_kv": 8, "num_heads": 2, "d_ff": 32, "num_layers": 1,
         "num_decoder_layers": 1, "feed_forward_proj": "relu", "decoder_start_token_id": 0,
         "eos_token_id": 1, "pad_token_id": 0}
        """);
    var config = (T5Config) Pretrained.readConfig(directory);
    var model = new T5(config, Weights.initialised(Device.CPU, new Philox(3)), new Philox(1));
    Pretrained.save(model, tokenizer, directory);
    var translator = BackTranslator.load(directory, directory, "to French: ", "to English: ");
    Augmenter.Result once = translator.apply(document(), 0, new SplittableRandom(0));
    assertEquals(once, translator.apply(document(), 0, new SplittableRandom(5)));
    assertEquals(16, once.words());
    assertTrue(
        assertThrows(
                IOException.class,
                () -> BackTranslator.load(folder.resolve("gpt2"), directory, "", ""))
            .getMessage()
            .contains("gpt2"));
  }
}

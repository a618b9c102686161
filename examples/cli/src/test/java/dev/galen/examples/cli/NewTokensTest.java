package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.testing.TinyModels;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code galen train --new-tokens}: a vocabulary grows, and the model with it. */
class NewTokensTest {
  private static final String QUICK =
      " --batch 2 --learning-rate 3e-3 --schedule constant --no-shuffle --json --out ";

  @TempDir Path folder;

  @TempDir static Path shared;

  private static Path model;

  @BeforeAll
  static void makeModel() throws IOException {
    model = TinyModels.write(shared.resolve("model"));
  }

  private static Run galen(String line, Object... values) {
    return Run.galen(line.formatted(values).split(" "));
  }

  private Path texts() throws IOException {
    String row = "{\"text\": \"Fever and troponin are <sign>s of it.\"}\n";
    return Files.writeString(folder.resolve("texts.jsonl"), row.repeat(6));
  }

  @Test
  void aModelLearnsThem() throws IOException {
    Path data = texts();
    var tokens = new ArrayList<String>(List.of("troponin"));
    int known = TokenizerFiles.load(model).vocabularySize();
    while (known + tokens.size() < 301) { // two more than the model has rows
      tokens.add("<new" + tokens.size() + ">");
    }
    tokens.add("<sign>");
    Path list = Files.writeString(folder.resolve("tokens.txt"), String.join("\n", tokens) + "\n");
    String train = "train --model %s --data %s --steps 4 --save-every 2 --new-tokens %s";
    Path out = folder.resolve("out");
    List<Double> losses = losses(galen(train + QUICK + out, model, data, list));
    assertTrue(losses.getLast() < losses.getFirst(), losses.toString());
    Tokenizer tokenizer = TokenizerFiles.load(out);
    assertEquals(302, tokenizer.vocabularySize());
    assertEquals(301, tokenizer.id("<sign>").orElseThrow());
    JsonNode json = Run.parse(Files.readString(out.resolve("config.json")));
    assertEquals(302, json.get("vocab_size").asInt());
    String run = Files.readString(out.resolve("run.json"));
    assertTrue(run.contains("\"newTokens\" : [ \"troponin\", \"<new1>\""), run);
    galen("generate --model %s --prompt troponin --max-new-tokens 2", out).good();
    galen("evaluate --model %s --data %s", out, data).good();

    Path again = folder.resolve("again");
    Path spec = Files.writeString(folder.resolve("again.json"), run.replace(out + "", again + ""));
    assertEquals(losses, losses(galen("train --spec %s --json", spec)));
    Path parted = folder.resolve("parted");
    galen(train.replace("4", "2") + QUICK + parted, model, data, list).good();
    assertEquals(
        losses.subList(2, 4),
        losses(galen(train + " --resume" + QUICK + parted, model, data, list)));
  }

  private static List<Double> losses(Run run) {
    return run.good().json().stream()
        .filter(line -> line.has("step") && line.has("loss"))
        .map(line -> line.get("loss").asDouble())
        .toList();
  }

  @Test
  void aNewModelHasThemToo() throws IOException {
    Path config = TinyModels.writeConfig(folder.resolve("config.json"));
    for (String source : List.of("--config " + config + " --tokenizer " + model, "--preset tiny")) {
      Path out = folder.resolve("out" + source.length());
      galen(
              "train %s --data %s --steps 1 --length 16 --new-tokens troponin"
                  + " --vocabulary-multiple 8"
                  + QUICK
                  + out,
              source,
              texts())
          .good();
      int rows = Run.parse(Files.readString(out.resolve("config.json"))).get("vocab_size").asInt();
      assertTrue(rows % 8 == 0 || rows == 300, source + " has " + rows); // or fits as it is
      assertTrue(TokenizerFiles.load(out).id("troponin").orElseThrow() < rows);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--new-tokens a,,b | new-tokens holds \"\", must be tokens with a character",
        "--vocabulary-multiple 8 | vocabulary-multiple is 8, must be left out without new-tokens",
        "--new-tokens a --vocabulary-multiple 0 | vocabulary-multiple is 0, must be at least 1",
        "--new-tokens <a> --lora 2 | --new-tokens is <a>, but an adapter would not bring the rows",
      })
  void whatCannotBeAddedIsRefused(String options, String line) throws IOException {
    String refusal =
        galen(
                "train %s --model %s --data %s --steps 1 --out %s",
                options, model, texts(), folder.resolve("out"))
            .refusal();
    assertTrue(refusal.contains(line), refusal);
  }
}

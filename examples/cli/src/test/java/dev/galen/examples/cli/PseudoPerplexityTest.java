package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.ClassNames;
import dev.galen.model.SpecialIds;
import dev.galen.model.bert.BertConfig;
import dev.galen.model.bert.BertMaskedLm;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.TokenizerFiles;
import dev.galen.train.PseudoPerplexity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code galen evaluate --pseudo-perplexity}. */
class PseudoPerplexityTest {
  private static final BertConfig CONFIG =
      new BertConfig(
          10,
          32,
          2,
          32,
          2,
          4,
          64,
          Unary.GELU_ERF,
          0.1,
          0.1,
          null,
          1e-12,
          0.5,
          true,
          true,
          SpecialIds.NONE,
          ClassNames.of(3));

  @TempDir Path folder;

  private static Run galen(String... words) {
    return Run.galen(words);
  }

  private BertMaskedLm write(Path directory) throws IOException {
    Path words = Files.createDirectories(folder.resolve("words"));
    Files.writeString(
        words.resolve("vocab.txt"),
        String.join(
            "\n", "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "fever", "is", "a", "sign", "."));
    Files.writeString(
        words.resolve("tokenizer_config.json"),
        """
        {"tokenizer_class": "BertTokenizer", "unk_token": "[UNK]", "sep_token": "[SEP]",
         "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": "[MASK]"}
        """);
    var model =
        new BertMaskedLm(CONFIG, Weights.initialised(Device.CPU, new Philox(7)), new Philox(0));
    Pretrained.save(model, TokenizerFiles.load(words), directory);
    return model;
  }

  @Test
  void everyTokenIsGuessed() throws IOException {
    Path directory = folder.resolve("model");
    BertMaskedLm model = write(directory);
    Set<Integer> special = Set.of(0, 1, 2, 3, 4);
    var first = PseudoPerplexity.of(model, new int[] {2, 5, 6, 7, 8, 9, 3}, special, 4, 4);
    var second = PseudoPerplexity.of(model, new int[] {2, 8, 5, 3}, special, 4, 4);
    double mean = (first.loss() * 5 + second.loss() * 2) / 7;
    Path texts =
        Files.writeString(
            folder.resolve("texts.jsonl"),
            "{\"text\": \"Fever is a sign.\"}\n{\"input_ids\": [2, 8, 5, 3]}\n");
    Run run =
        galen(
            "evaluate",
            "--model",
            directory.toString(),
            "--data",
            texts.toString(),
            "--pseudo-perplexity",
            "--json");
    JsonNode json = run.good().json().getLast();
    assertEquals(Math.exp(mean), json.get("pseudoPerplexity").asDouble(), 1e-4 * Math.exp(mean));
    assertEquals(7, json.get("tokens").asInt());
    assertFalse(json.has("perplexity") || json.has("loss"), json.toString());
  }

  @Test
  void whatHasNoneIsRefused() throws IOException {
    Path bert = folder.resolve("model");
    write(bert);
    Path gpt2 = TinyModels.write(folder.resolve("gpt2"));
    String[] of = {"evaluate", "--pseudo-perplexity", "--text", "Fever.", "--model"};
    String refusal = galen(of[0], of[1], of[2], of[3], of[4], gpt2.toString()).refusal();
    assertTrue(refusal.contains("is of a masked language model, not of the task"), refusal);
    refusal = galen(of[0], of[1], of[4], bert.toString()).refusal();
    assertTrue(refusal.contains("needs --data FILE or --text TEXT"), refusal);
    refusal =
        galen(of[0], of[1], of[2], "[MASK]", of[4], bert.toString(), "--length", "4").refusal();
    assertTrue(refusal.contains("--batch alone beside it"), refusal);
  }
}

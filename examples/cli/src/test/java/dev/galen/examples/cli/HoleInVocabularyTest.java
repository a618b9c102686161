package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model that says nothing but id 302: its tokenizer has ids 0 to 299 and 305, its embedding 312
 * rows. transformers 5.18 prints nothing for such an id and goes on.
 */
class HoleInVocabularyTest {
  @TempDir Path folder;
  private String model;
  private String questions;

  @BeforeEach
  void find() throws URISyntaxException {
    var directory = Path.of(HoleInVocabularyTest.class.getResource("hole-in-vocabulary").toURI());
    model = directory.toString();
    questions = directory.resolve("qa.jsonl").toString();
  }

  @Test
  void generationGoesOn() {
    String[] args = {
      "generate", "--model", model, "--prompt", "the drug", "--greedy", "--max-new-tokens", "4"
    };
    assertEquals("the drug", Run.galen(args).good().out().strip());
    JsonNode json = Run.galen(with(args, "--json")).object();
    assertEquals("[259,285,302,302,302,302]", json.get("ids").toString());
    assertEquals("the drug", json.get("text").textValue());
  }

  @Test
  void promptsMayHoldIdsWithoutATokenToo() {
    JsonNode json =
        Run.galen(
                "generate",
                "--model",
                model,
                "--prompt-ids",
                "259,301,309,285",
                "--greedy",
                "--max-new-tokens",
                "1",
                "--json")
            .object();
    assertEquals("the drug", json.get("text").textValue());
  }

  @Test
  void answersAreEmpty() {
    JsonNode json =
        Run.galen(
                "evaluate",
                "--model",
                model,
                "--data",
                questions,
                "--generate",
                "--max-new-tokens",
                "4",
                "--json")
            .object();
    assertTrue(json.get("loss").doubleValue() > 0);
    assertEquals(0, json.get("rouge1").doubleValue());
  }

  @Test
  void aFineTuneEndsWithItsReport() throws IOException {
    Path out = folder.resolve("out");
    Run.galen(
            "finetune",
            "--model",
            model,
            "--data",
            questions,
            "--steps",
            "1",
            "--learning-rate",
            "0",
            "--out",
            out.toString())
        .good();
    assertTrue(Files.exists(out.resolve("report.md")));
  }

  private static String[] with(String[] args, String more) {
    var all = Arrays.copyOf(args, args.length + 1);
    all[args.length] = more;
    return all;
  }
}

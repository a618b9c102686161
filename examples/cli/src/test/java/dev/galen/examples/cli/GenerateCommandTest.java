package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code galen generate} with several texts and all its settings, and {@code galen embed}. */
final class GenerateCommandTest {
  @TempDir static Path folder;
  private static String model;

  @BeforeAll
  static void write() throws IOException {
    model = TinyModels.write(folder.resolve("model")).toString();
  }

  private static Run galen(String command, String... more) {
    String[] words = {command, "--model", model};
    return Run.galen(
        Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray(String[]::new));
  }

  private static String file(String name, String lines) throws IOException {
    return Files.writeString(folder.resolve(name), lines).toString();
  }

  @Test
  void promptsOfAFileGiveTheTextsThatTheyGiveAlone() throws IOException {
    String prompts =
        file(
            "prompts.jsonl",
            """
            {"prompt": "The heart"}

            {"prompt_ids": [5, 9, 70]}
            {"input_ids": [8]}
            """);
    List<JsonNode> texts =
        galen("generate", "--prompts", prompts, "--greedy", "--max-new-tokens", "6", "--json")
            .json();
    String[][] alone = {
      {"--prompt", "The heart"}, {"--prompt-ids", "5,9,70"}, {"--prompt-ids", "8"}
    };
    assertEquals(3, texts.size());
    for (int i = 0; i < 3; i++) {
      JsonNode one =
          galen("generate", alone[i][0], alone[i][1], "--greedy", "--max-new-tokens", "6", "--json")
              .object();
      assertEquals(i, texts.get(i).get("prompt").intValue());
      assertEquals(one.get("ids"), texts.get(i).get("ids"));
      assertEquals(one.get("text"), texts.get(i).get("text"));
      assertFalse(one.has("prompt") || one.has("logProbabilities"));
    }
    String text =
        galen("generate", "--prompts", prompts, "--greedy", "--max-new-tokens", "6").out();
    for (JsonNode one : texts) {
      assertTrue(text.contains(one.get("text").textValue()), text);
    }
  }

  @Test
  void beamsGiveSeveralTextsWithTheirScores() {
    List<JsonNode> texts =
        galen(
                "generate",
                "--prompt-ids",
                "5,9",
                "--beams",
                "3",
                "--num-return-sequences",
                "2",
                "--length-penalty",
                "0.5",
                "--early-stopping",
                "never",
                "--scores",
                "--max-new-tokens",
                "4",
                "--json")
            .json();
    assertEquals(2, texts.size());
    for (JsonNode text : texts) {
      double sum = 0;
      for (JsonNode part : text.get("logProbabilities")) {
        sum += part.doubleValue();
      }
      int count = text.get("ids").size() - 2;
      assertEquals(count, text.get("logProbabilities").size());
      assertEquals(sum / Math.sqrt(count), text.get("score").doubleValue(), 1e-6);
    }
    assertTrue(texts.get(0).get("score").doubleValue() >= texts.get(1).get("score").doubleValue());
  }

  @Test
  void aStopEndsTheText() {
    String[] args = {
      "--prompt", "The heart", "--greedy", "--max-new-tokens", "8", "--json", "--scores"
    };
    JsonNode whole = galen("generate", args).object();
    int[] ids = new int[whole.get("ids").size()];
    Arrays.setAll(ids, i -> whole.get("ids").get(i).intValue());
    int third = ids.length - 8 + 2;
    Run decoded = Run.fed("" + ids[third], "tokenize", "--tokenizer", model, "--decode", "--json");
    String stop = decoded.object().get("text").textValue();
    JsonNode cut =
        galen(
                "generate",
                Stream.concat(Arrays.stream(args), Stream.of("--stop", stop, "--stop", "-never"))
                    .toArray(String[]::new))
            .object();
    assertTrue(cut.get("ids").size() <= third + 1, cut + " of " + whole);
    assertTrue(cut.get("text").textValue().endsWith(stop), cut.toString());
    assertEquals(cut.get("ids").size() - (ids.length - 8), cut.get("logProbabilities").size());
  }

  @Test
  void whatMakesNoSenseIsNamed() throws IOException {
    String empty = file("empty.jsonl", "\n");
    String broken = file("broken.jsonl", "{\"prompt\": \"x\"}\n{\"prompt\"");
    String both = file("both.jsonl", "{\"prompt\": \"x\", \"input_ids\": [1]}");
    String odd = file("odd.jsonl", "{\"input_ids\": [1, \"x\"]}");
    String[][] cases = {
      {"--prompts", empty, "empty.jsonl: is empty"},
      {"--prompts", broken, "broken.jsonl:2: is no JSON object"},
      {"--prompts", both, "both.jsonl:1: needs either a text under \"prompt\" or"},
      {"--prompts", odd, "odd.jsonl:1: id 1 is \"x\", must be a number"},
      {"--prompts", "nowhere.jsonl", "nowhere.jsonl"},
    };
    for (String[] one : cases) {
      Run run = galen("generate", one[0], one[1]);
      assertTrue(run.refusal().contains(one[2]), run.err());
    }
    assertRefused("give a text by --prompt", "--greedy");
    assertRefused("--prompts has all texts", "--prompts", odd, "--prompt", "x");
    assertRefused("are for a beam search; give --beams", "--prompt", "x", "--length-penalty", "2");
    assertRefused(
        "early_stopping is \"soon\", expected true, false or \"never\"",
        "--prompt",
        "x",
        "--beams",
        "2",
        "--early-stopping",
        "soon");
    assertRefused(
        "greedy decoding gives one text, not 2",
        "--prompt",
        "x",
        "--greedy",
        "--num-return-sequences",
        "2");
    assertRefused("min_p is 1.5, must be in [0, 1]", "--prompt", "x", "--min-p", "1.5");
    assertRefused("so do --min-p", "--prompt", "x", "--min-p", "0.5", "--greedy");
  }

  private static void assertRefused(String expected, String... args) {
    Run run = galen("generate", args);
    assertTrue(run.refusal().contains(expected), run.err());
  }

  /** Models with and without an encoder, as transformers has them. */
  @Test
  void theSharedModelsSayWhatTransformersSays() throws IOException {
    Path shared = shared();
    assumeTrue(shared != null, "skipped: shared/data/hf-tiny is not beside the repository");
    for (String name : List.of("gpt2-lm", "llama", "mixtral", "opt", "t5", "t5-gated")) {
      Path directory = shared.resolve("shared/data/hf-tiny").resolve(name);
      JsonNode expected = new ObjectMapper().readTree(directory.resolve("expected.json").toFile());
      String[][] ways = {
        {"greedy", "--greedy", "--max-new-tokens", "24"},
        {"beam4", "--beams", "4", "--max-new-tokens", "16"}
      };
      for (String[] way : ways) {
        JsonNode one = expected.get(way[0]);
        String prompt = one.get("prompt").toString().replaceAll("[\\[\\] ]", "");
        String[] args = {"generate", "--model", directory.toString(), "--prompt-ids", prompt};
        Run run =
            Run.galen(
                Stream.of(args, Arrays.copyOfRange(way, 1, way.length), new String[] {"--json"})
                    .flatMap(Arrays::stream)
                    .toArray(String[]::new));
        assertEquals(one.get("ids"), run.object().get("ids"), name + " " + way[0]);
      }
      JsonNode vector =
          Run.galen("embed", "--model", directory.toString(), "--data", ids(), "--json").object();
      assertTrue(vector.get("embedding").size() >= 16, name);
    }
  }

  /** The folder that has the shared data, or null. */
  private static Path shared() {
    Path shared = Path.of("").toAbsolutePath();
    while (shared != null && !Files.exists(shared.resolve("shared/data/hf-tiny"))) {
      shared = shared.getParent();
    }
    return shared;
  }

  private static String ids() throws IOException {
    return file("ids.jsonl", "{\"input_ids\": [3, 17, 5]}");
  }

  @Test
  void textsAreEmbedded() throws IOException {
    String data = file("texts.jsonl", "{\"text\": \"The heart\"}\n{\"input_ids\": [5, 9]}\n");
    List<JsonNode> all = galen("embed", "--data", data, "--json").json();
    assertEquals(2, all.size());
    assertEquals(16, all.get(0).get("embedding").size());
    JsonNode one = galen("embed", "--text", "The heart", "--json").object();
    assertEquals(all.get(0), one);
    for (String pool : List.of("cls", "last")) {
      JsonNode other = galen("embed", "--text", "The heart", "--json", "--pool", pool).object();
      assertFalse(one.equals(other), pool);
    }
    JsonNode first = galen("embed", "--text", "The heart", "--json", "--layer", "0").object();
    assertFalse(one.equals(first));
    Run plain = galen("embed", "--text", "The heart").good();
    assertEquals(16, plain.out().strip().split(" ").length);
    assertTrue(galen("embed", "--text", "x", "--layer", "9").refusal().contains("layer is 9"));
    assertTrue(galen("embed", "--text", "").refusal().contains("0 tokens"));
    String odd = file("odd-text.jsonl", "{\"input_ids\": [1]}\n{\"input_ids\": [999]}");
    Run bad = galen("embed", "--data", odd);
    assertTrue(bad.refusal().contains("odd-text.jsonl, text 1: token id 999"), bad.err());
  }

  @Test
  void whatIsPaddedIsEmbeddedAsItIsAlone() throws IOException {
    String data =
        file(
            "padded.jsonl",
            """
            {"input_ids": [5, 9]}
            {"input_ids": [5, 9, 0, 0], "attention_mask": [1, 1, 0, 0]}
            {"input_ids": [0, 5, 9], "attention_mask": [0, 1, 1]}
            """);
    List<JsonNode> all = galen("embed", "--data", data, "--json").json();
    assertEquals(all.get(0), all.get(1));
    assertEquals(all.get(0), all.get(2));
    String[] bad = {
      "{'input_ids': [5, 9, 7], 'attention_mask': [1, 0, 1]} | hides position 1",
      "{'input_ids': [5, 9], 'attention_mask': [1]} | must be a list of 2 numbers",
      "{'input_ids': [5, 9], 'attention_mask': [1, 2]} | attention_mask has 2",
      "{'input_ids': [5, 9], 'token_type_ids': [0, -1]} | token_type_ids has -1",
    };
    for (String row : bad) {
      String[] parts = row.split(" \\| ", -1);
      String odd = file("odd.jsonl", parts[0].replace('\'', '"') + "\n");
      assertTrue(galen("embed", "--data", odd).refusal().contains("odd.jsonl:1: "));
      assertTrue(galen("embed", "--data", odd).refusal().contains(parts[1]), row);
    }
  }

  @Test
  void theSecondTextOfAPairHasItsType() throws IOException {
    Path shared = shared();
    assumeTrue(shared != null, "skipped: shared/data/hf-tiny is not beside the repository");
    Path bert = shared.resolve("shared/data/hf-tiny/bert-classifier");
    String data =
        file(
            "pairs.jsonl",
            """
            {"input_ids": [5, 6, 7, 8]}
            {"input_ids": [5, 6, 7, 8], "token_type_ids": [0, 0, 0, 0]}
            {"input_ids": [5, 6, 7, 8], "token_type_ids": [0, 0, 1, 1]}
            """);
    List<JsonNode> all =
        Run.galen("embed", "--model", bert.toString(), "--data", data, "--json").json();
    assertEquals(all.get(0), all.get(1));
    assertFalse(all.get(0).equals(all.get(2)));
    String third = file("third.jsonl", "{\"input_ids\": [5, 6], \"token_type_ids\": [0, 2]}\n");
    Run bad = Run.galen("embed", "--model", bert.toString(), "--data", third);
    assertTrue(bad.refusal().contains("token_type_ids has 2, the model knows 0 to 1"), bad.err());
  }
}

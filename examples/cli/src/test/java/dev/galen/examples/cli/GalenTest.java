package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Every command but the training ones, as a user types it. */
class GalenTest {
  @TempDir static Path folder;
  private static String model;

  @BeforeAll
  static void writeModel() throws IOException {
    model = TinyModels.write(folder.resolve("model")).toString();
  }

  @Test
  void withoutACommandTheCommandsAreListed() {
    String usage = Run.galen().good().out();
    for (String command :
        "finetune train evaluate generate tokenize inspect doctor download".split(" ")) {
      assertTrue(usage.contains("\n  " + command + " "), command);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "finetune",
        "train",
        "evaluate",
        "generate",
        "tokenize",
        "tokenizer train",
        "inspect",
        "doctor",
        "download"
      })
  void helpExplainsEveryOption(String command) {
    var words = new ArrayList<>(List.of(command.split(" ")));
    CommandLine spec = Galen.commandLine();
    for (String word : words) {
      spec = spec.getSubcommands().get(word);
    }
    words.add("--help");
    String help = Run.galen(words.toArray(String[]::new)).good().out();
    for (OptionSpec option : spec.getCommandSpec().options()) {
      assertTrue(help.contains(option.longestName()), option.longestName());
      assertTrue(option.description().length > 0, option.longestName());
    }
  }

  @Test
  void aLibraryStackIsShownOnlyForDebug() {
    Run quiet = Run.galen("inspect", "nowhere");
    assertTrue(quiet.refusal().contains("nowhere"), quiet.err());
    Run loud = Run.galen("inspect", "nowhere", "--debug");
    assertEquals(2, loud.code());
    assertTrue(loud.err().contains("\tat "), loud.err());
  }

  @Test
  void generationStreamsTheTextThatJsonHolds() {
    String[] args = {"generate", "--model", model, "--prompt", "The heart", "--seed", "7"};
    String text = Run.galen(args).good().out();
    JsonNode json = Run.galen(with(args, "--json")).object();
    assertEquals(text, json.get("text").textValue() + System.lineSeparator());
    assertTrue(text.startsWith("The heart"), text);
    assertTrue(json.get("ids").size() > 2);
  }

  @Test
  void generationIsRepeatableAndKeepsToItsOptions() {
    for (String[] way :
        new String[][] {
          {"--greedy"},
          {"--weights", "int8", "--beams", "2"},
          {"--beams", "3"},
          {"--device", "reference"},
          {"--temperature", "0.7", "--top-k", "20", "--top-p", "0.9"},
          {"--repetition-penalty", "1.3", "--seed", "3"},
        }) {
      String[] args =
          with(
              with(
                  new String[] {"generate", "--model", model, "--prompt-ids", "5,9", "--json"},
                  "--max-new-tokens",
                  "4"),
              way);
      JsonNode first = Run.galen(args).object();
      assertEquals(first, Run.galen(args).object(), String.join(" ", way));
      assertTrue(first.get("ids").size() <= 6, first.toString());
      assertEquals(5, first.get("ids").get(0).intValue());
    }
  }

  @Test
  void generationEndsWithTheContext() {
    String[] args = {"generate", "--model", model, "--prompt-ids", "5", "--greedy", "--json"};
    assertTrue(Run.galen(with(args, "--max-new-tokens", "5000")).object().get("ids").size() <= 32);
  }

  @Test
  void tokenizeKeepsLinesAndDecodeBringsThemBack() {
    String text = " leading\n\nreturn\r\nHërz 심장 🫀\nlast";
    Run ids = Run.fed(text, "tokenize", "--tokenizer", model).good();
    assertEquals(5, ids.out().lines().count());
    assertEquals("", ids.out().lines().toList().get(1));
    Run back = Run.fed(ids.out(), "tokenize", "--tokenizer", model, "--decode").good();
    assertEquals(text + "\n", back.out());
  }

  @Test
  void tokenizeSpeaksJson() {
    List<JsonNode> ids = Run.fed("a\n\nb c", "tokenize", "--tokenizer", model, "--json").json();
    assertEquals(3, ids.size());
    assertEquals(0, ids.get(1).get("ids").size());
    String line = ids.get(2).get("ids").toString().replaceAll("[\\[\\],]", " ");
    String[] args = {"tokenize", "--tokenizer", model, "--decode", "--json"};
    assertEquals("b c", Run.fed(line, args).object().get("text").textValue());
  }

  @Test
  void tokenizeTellsTheLineOfASpecialToken() {
    String[] args = {"tokenize", "--tokenizer", model};
    Run refused = Run.fed("a\nb <|endoftext|>\n", args);
    assertTrue(refused.refusal().contains("standard input, line 2: "), refused.err());
    assertEquals(1, refused.out().lines().count());
    String text = Run.fed("<|endoftext|>", with(args, "--special", "text")).good().out();
    String id = Run.fed("<|endoftext|>", with(args, "--special", "parse")).good().out();
    assertTrue(text.split(" ").length > 1 && id.strip().matches("\\d+"), text + id);
  }

  @Test
  void aTokenizerIsTrained() throws IOException {
    Path text = Files.writeString(folder.resolve("corpus.txt"), TinyModels.TEXT);
    String out = folder.resolve("bpe").toString();
    JsonNode json =
        Run.galen(
                "tokenizer train --vocabulary 270 --json --data %s --out %s"
                    .formatted(text, out)
                    .split(" "))
            .object();
    assertEquals(270, json.get("tokens").intValue());
    assertEquals(
        1, Run.fed("The heart", "tokenize", "--tokenizer", out).good().out().lines().count());
  }

  @Test
  void inspectCountsTheParameters() {
    JsonNode json = Run.galen("inspect", model, "--json").object();
    assertEquals(11_904, json.get("parameters").intValue());
    assertEquals("[300,16]", json.get("shapes").get("transformer.wte.weight").toString());
    String tree = Run.galen("inspect", model).good().out();
    assertTrue(tree.contains("parameters: 11,904"), tree);
    assertTrue(tree.contains("weight [16, 48]"), tree);
  }

  @Test
  void doctorNamesTheBackendsAndTheDevice() {
    JsonNode json = Run.galen("doctor", "--json").object();
    assertEquals("cpu", json.get("device").textValue());
    for (JsonNode backend : json.get("backends")) {
      boolean available = backend.get("available").booleanValue();
      assertFalse(backend.get("reason").textValue().isEmpty());
      assertEquals(available, backend.get("remedy").textValue().isEmpty(), backend.toString());
    }
  }

  @Test
  void evaluateMeasuresEveryTokenOnceWhateverTheWindows() throws IOException {
    Path text = Files.writeString(folder.resolve("held.txt"), TinyModels.TEXT);
    String[] args = {"evaluate", "--model", model, "--data", text.toString(), "--json"};
    JsonNode half = Run.galen(args).object();
    JsonNode small = Run.galen(with(args, "--length", "16", "--stride", "3")).object();
    assertEquals(half.get("tokens"), small.get("tokens"));
    assertEquals(
        half.get("perplexity").doubleValue(), Math.exp(half.get("loss").doubleValue()), 1e-9);
  }

  @Test
  void evaluateScoresAnswersAndMixesFiles() throws IOException {
    Path questions = Questions.write(folder.resolve("q.jsonl"), 3);
    Path tokens = Files.writeString(folder.resolve("t.jsonl"), "{\"input_ids\": [1, 2, 3]}\n");
    String[] args = {
      "evaluate", "--model", model, "--data", questions.toString(), tokens.toString(), "--json"
    };
    JsonNode json = Run.galen(with(args, "--generate", "--max-new-tokens", "4")).object();
    for (String key : "loss perplexity tokens bleu rouge1 rouge2 rougeL".split(" ")) {
      assertTrue(json.get(key).isNumber(), key);
    }
    assertEquals(3, json.get("questions").intValue());
    assertEquals(4, json.get("answerTokens").intValue());
    assertTrue(json.get("cutAnswers").isInt());
    // Unless told otherwise an answer has the room that the longest reference takes.
    Run room = Run.galen(with(args, "--generate"));
    assertTrue(room.object().get("answerTokens").intValue() > 4, room.out());
  }

  private static String[] with(String[] args, String... more) {
    var all = new ArrayList<>(List.of(args));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}

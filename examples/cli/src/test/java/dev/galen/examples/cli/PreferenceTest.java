package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code galen train --task preference}: from pairs to a model that prefers the better. */
class PreferenceTest {
  private static final String QUICK =
      " --batch 4 --learning-rate 3e-3 --schedule constant --json --out ";

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

  /** The better completion says that fever is a sign. */
  private Path texts() throws IOException {
    var rows = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      rows.append(
          "{\"prompt\": \"Fever %d\", \"chosen\": \" is a sign.\", \"rejected\": \" pumps%s\"}%n"
              .formatted(i, " blood".repeat(1 + i % 3)));
    }
    return Files.writeString(folder.resolve("texts.jsonl"), rows);
  }

  private Path ids(String prompt, String chosen, String rejected) throws IOException {
    var rows = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      rows.append(
          "{\"%s\": %s, \"%s\": %s, \"%s\": %s}%n"
              .formatted(
                  prompt,
                  Arrays.toString(new int[] {5 + i, 6, 7}),
                  chosen,
                  Arrays.toString(new int[] {20, 21, 22 + i}),
                  rejected,
                  Arrays.toString(new int[] {30 + i, 31})));
    }
    return Files.writeString(folder.resolve(prompt + ".jsonl"), rows);
  }

  private static List<Double> losses(Run run) {
    return run.good().json().stream()
        .filter(line -> line.has("step") && line.has("loss"))
        .map(line -> line.get("loss").asDouble())
        .toList();
  }

  @Test
  void aModelLearnsToPrefer() throws IOException {
    Path rows = texts();
    Path out = folder.resolve("out");
    Run run =
        galen(
            "train --task preference --model %s --data %s --valid %s --steps 12" + QUICK + out,
            model,
            rows,
            rows);
    List<Double> losses = losses(run);
    assertEquals(Math.log(2), losses.getFirst(), 1e-6);
    assertTrue(losses.getLast() < 0.9 * losses.getFirst(), losses.toString());
    JsonNode end = run.json().getLast();
    assertEquals(1, end.get("rewards/accuracies").asDouble(), end.toString());
    double chosen = end.get("rewards/chosen").asDouble();
    double rejected = end.get("rewards/rejected").asDouble();
    assertEquals(chosen - rejected, end.get("rewards/margins").asDouble(), 1e-9);
    assertTrue(chosen > rejected && end.get("logps/chosen").asDouble() < 0, end.toString());
    assertEquals(Math.log(2), end.get("lossBefore").asDouble(), 1e-6);
    assertTrue(Files.readString(out.resolve("report.md")).contains("| rewards/margins |"));

    Path again = folder.resolve("again");
    String json = Files.readString(out.resolve("run.json"));
    Path spec =
        Files.writeString(
            folder.resolve("again.json"), json.replace(out.toString(), again.toString()));
    galen("train --spec %s", spec).good();
    assertSame(out, again);
    galen("generate --model %s --prompt Fever --max-new-tokens 2", out).good();
  }

  private static void assertSame(Path one, Path other) throws IOException {
    assertEquals(
        -1, Files.mismatch(one.resolve("model.safetensors"), other.resolve("model.safetensors")));
  }

  @Test
  void idsAreReadByBothNames() throws IOException {
    Path texts = ids("prompt", "chosen", "rejected");
    Path named = ids("prompt_ids", "chosen_ids", "rejected_ids");
    String train = "train --task preference --model %s --data %s --steps 3 --beta 0.5" + QUICK;
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    assertEquals(
        losses(galen(train + one, model, texts)), losses(galen(train + two, model, named)));
    assertSame(one, two);
  }

  @Test
  void aRunResumesWithTheBitsOfOneThatWasNotStopped() throws IOException {
    Path rows = ids("prompt", "chosen", "rejected");
    for (String adapter : List.of("", " --lora 2")) {
      String train =
          "train --task preference --model %s --data %s --save-every 2 --preference-loss ipo"
              + adapter
              + QUICK;
      Path whole = folder.resolve("whole" + adapter.length());
      Path parted = folder.resolve("parted" + adapter.length());
      List<Double> all = losses(galen(train + whole + " --steps 6", model, rows));
      galen(train + parted + " --steps 4", model, rows).good();
      List<Double> rest = losses(galen(train + parted + " --steps 6 --resume", model, rows));
      assertEquals(all.subList(4, 6), rest);
      String json = Files.readString(whole.resolve("run.json"));
      assertTrue(json.contains("\"preferenceLoss\" : \"ipo\""), json);
      if (adapter.isEmpty()) {
        assertSame(whole, parted);
      } else {
        String file = "adapter_model.safetensors";
        assertEquals(-1, Files.mismatch(whole.resolve(file), parted.resolve(file)));
      }
      String other =
          galen(train + parted + " --steps 8 --resume --beta 0.2", model, rows).refusal();
      assertTrue(other.contains("beta 0.1") && other.contains("beta 0.2"), other);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--beta 0 | beta is 0.0, must be above 0",
        "--preference-loss hinge --discopop-tau 0.1 | discopop-tau is 0.1, must be left out without",
        "--preference-loss discopop --discopop-tau 0 | discopop-tau is 0.0, must be above 0",
        "--preference-loss sigmoid,sft --preference-weights 1 | preference-weights is [1.0], must be",
        "--preference-loss kto | there is no preference loss \"kto\"; there are",
        "--preference-loss hinge --label-smoothing 0.1 | label smoothing is 0.1, must be 0 for",
        "--label-smoothing 0.5 | label smoothing is 0.5, must be 0 to below 0.5",
        "--dropout 0.1 | --dropout is 0.1, must be 0 for the task preference",
        "--lora 2 --lora-dropout 0.1 | --lora-dropout is 0.1, must be 0 for the task preference",
        "--class-weights 1,2 | --class-weights is 1.0,2.0, but the labels of preference",
        "--positive-weights 1,2 | --positive-weights is 1.0,2.0, which is for the classification of",
        "--length 4 | prompt.jsonl:1: prompt and chosen have 6 tokens, the length is 4",
        "--task language-model --beta 0.2 | --preference-loss is sigmoid and --beta 0.2, which",
      })
  void settingsThatDoNotFitAreRefused(String options, String line) throws IOException {
    String task = options.startsWith("--task") ? "" : "--task preference ";
    String refusal =
        galen(
                "train %s%s --model %s --data %s --steps 1 --out %s",
                task, options, model, ids("prompt", "chosen", "rejected"), folder.resolve("out"))
            .refusal();
    assertTrue(refusal.contains(line), refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"prompt\": \"a\", \"chosen\": \"b\"} | expected prompt, chosen and rejected",
        "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": 3} | the field rejected is a number",
        "{\"prompt\": [{\"role\": \"user\"}], \"chosen\": [], \"rejected\": []} | list of messages",
        "{\"prompt\": [1], \"chosen\": [], \"rejected\": [2]} | rows.jsonl:1: chosen is empty",
        "{\"prompt\": [1], \"chosen\": [999], \"rejected\": [2]} | chosen holds 999; the model has",
        "{\"prompt\": [1], \"chosen\": \"b\", \"rejected\": [2]} | the field chosen is a string",
      })
  void rowsThatAreNoPairsAreRefused(String row, String line) throws IOException {
    Path rows = Files.writeString(folder.resolve("rows.jsonl"), row + "\n");
    String refusal =
        galen(
                "train --task preference --model %s --data %s --steps 1 --out %s",
                model, rows, folder.resolve("out"))
            .refusal();
    assertTrue(refusal.contains(line), refusal);
  }

  /** The sum of losses, and losses without a reference. */
  @Test
  void otherLossesLearn() throws IOException {
    Path rows = ids("prompt", "chosen", "rejected");
    String train = "train --task preference --model %s --data %s --valid %2$s --steps 6";
    for (String loss :
        List.of("orpo --beta 0.5", "sigmoid,sft --preference-weights 1,0.5", "aot", "discopop")) {
      Path out = folder.resolve(loss.substring(0, 3));
      Run run = galen(train + QUICK + out + " --preference-loss " + loss, model, rows);
      List<Double> losses = losses(run);
      assertTrue(losses.getLast() < losses.getFirst(), losses.toString());
      JsonNode end = run.json().getLast();
      assertEquals(loss.startsWith("orpo"), end.has("log_odds_ratio"), end.toString());
      // DiscoPOP's loss falls to both sides of no margin.
      boolean learned = end.get("rewards/margins").asDouble() > 0;
      assertTrue(learned || loss.equals("discopop"), end.toString());
      assertTrue(Files.readString(out.resolve("report.md")).contains("--preference-loss"));
    }
  }

  @Test
  void aModelAloneHasNoReference() throws IOException {
    String refusal =
        galen("evaluate --task preference --model %s --data %s", model, texts()).refusal();
    assertTrue(refusal.contains("give train the rows as --valid"), refusal);
  }
}

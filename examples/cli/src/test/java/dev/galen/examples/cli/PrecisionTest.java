package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --precision}: what it changes, what it logs, and that a run keeps its own. */
class PrecisionTest {
  @TempDir Path folder;
  private Path text;
  private Path config;

  @BeforeEach
  void writeFiles() throws IOException {
    text = Files.writeString(folder.resolve("text.txt"), TinyModels.TEXT);
    config = TinyModels.writeConfig(folder.resolve("config.json"));
  }

  private Run train(Path out, String options) {
    String command = "train --data %s --config %s --save-every 1 --out %s %s";
    return Run.galen(command.formatted(text, config, out, options).split(" "));
  }

  private static List<JsonNode> steps(Path out) throws IOException {
    return Files.readAllLines(out.resolve("log.jsonl")).stream()
        .map(Run::parse)
        .filter(line -> line.has("step"))
        .toList();
  }

  @Test
  void eachHasItsBitsAndF32IsTheDefault() throws IOException {
    train(folder.resolve("plain"), "--steps 2").good();
    for (String precision : List.of("f32", "tf32", "bf16", "f16")) {
      train(folder.resolve(precision), "--steps 2 --precision " + precision).good();
      String report = Files.readString(folder.resolve(precision).resolve("report.md"));
      assertTrue(report.contains("| precision | " + precision.toUpperCase()), report);
      JsonNode plain = steps(folder.resolve("plain")).get(1);
      JsonNode step = steps(folder.resolve(precision)).get(1);
      if (precision.contains("f32")) {
        assertEquals(plain.get("loss"), step.get("loss"));
      } else {
        assertNotEquals(plain.get("loss"), step.get("loss"));
      }
      assertEquals(precision.equals("f16"), step.has("lossScale"));
    }
    assertEquals(65536, steps(folder.resolve("f16")).getFirst().get("lossScale").asDouble());
  }

  @Test
  void aResumedRunGoesOnWithItsScaleAndTellsWhatItSkips() throws IOException {
    Path out = folder.resolve("out");
    train(out, "--steps 1 --precision f16").good();
    String other = train(out, "--steps 2 --precision bf16 --resume").refusal();
    assertTrue(other.contains("was made in F16, this run computes in BF16"), other);

    Path state = out.resolve("checkpoint-1").resolve("state.json");
    Files.writeString(state, Files.readString(state).replace("65536.0", 0x1p100 + ""));
    Run run = train(out, "--steps 3 --precision f16 --resume").good();
    assertTrue(
        run.err().contains("update 2 skipped: its gradients overflow at loss scale"), "" + run);
    JsonNode skipped = steps(out).get(1);
    assertTrue(skipped.get("skipped").booleanValue());
    assertFalse(skipped.has("loss"));
    assertEquals(0x1p100, skipped.get("lossScale").asDouble());
    assertEquals(0x1p99, steps(out).get(2).get("lossScale").asDouble());
  }
}

package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands read Parquet, Arrow and the folders of datasets as they read JSON lines. */
class FormatsCommandTest {
  /** What galen-formats has for its own tests, in the folder beside this module's. */
  private static final Path FIXTURES = Path.of("../formats/src/test/resources/formats");

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    TinyModels.writeConfig(folder.resolve("shape.json"));
  }

  private List<String> losses(Path data, String... more) {
    var words =
        List.of(
            "train",
            "--config=" + folder.resolve("shape.json"),
            "--data=" + data,
            "--length=24",
            "--batch=2",
            "--steps=3",
            "--max-new-tokens=1",
            "--out=" + folder.resolve("out-" + data.getFileName()));
    var all = new ArrayList<>(words);
    all.addAll(List.of(more));
    all.add("--json");
    return Run.galen(all.toArray(String[]::new)).json().stream()
        .filter(line -> line.has("step"))
        .map(line -> line.get("loss").toString())
        .toList();
  }

  @Test
  void aFolderOfDatasetsTrainsAsItsRowsInJsonLines() throws IOException {
    Path rows = folder.resolve("rows.jsonl");
    Files.copy(FIXTURES.resolve("folder.jsonl"), rows);
    List<String> expected = losses(rows);
    assertEquals(3, expected.size());
    assertEquals(expected, losses(FIXTURES.resolve("folder")));
    Path tabs = folder.resolve("rows.tsv");
    var lines = new StringBuilder("label\ttext\n");
    for (String line : Files.readAllLines(rows)) {
      JsonNode row = Run.parse(line);
      lines.append(row.get("label")).append('\t').append(row.get("text").asText()).append('\n');
    }
    assertEquals(expected, losses(Files.writeString(tabs, lines)));
  }

  @Test
  void aFolderOfSeveralTrainsAndMeasures() {
    Path several = FIXTURES.resolve("dict");
    List<String> expected =
        losses(several.resolve("train"), "--valid=" + several.resolve("validation"));
    assertEquals(expected, losses(several));
    Run other =
        Run.galen(
            "train",
            "--data=" + several.resolve("train"),
            "--valid=" + FIXTURES.resolve("text.parquet"),
            "--out=" + folder.resolve("other"));
    assertTrue(other.refusal().endsWith("text.parquet: no such file"), other.err());
  }

  @Test
  void evaluateAndScoreTakeThemToo() throws IOException {
    Path model = TinyModels.write(folder.resolve("model"));
    Path rows = folder.resolve("rows.jsonl");
    Files.copy(FIXTURES.resolve("folder.jsonl"), rows);
    String evaluate = "evaluate --model=" + model + " --length=16 --json --data=";
    JsonNode expected = Run.galen((evaluate + rows).split(" ")).object();
    assertEquals(expected, Run.galen((evaluate + FIXTURES.resolve("folder")).split(" ")).object());
    assertEquals(
        "galen: "
            + FIXTURES.resolve("dict")
            + ": holds the data sets train, validation, test; name one of them, such as "
            + FIXTURES.resolve("dict/train"),
        Run.galen((evaluate + FIXTURES.resolve("dict")).split(" ")).refusal());

    String score = "score --metric=accuracy --json --data=";
    Path pairs = FIXTURES.resolve("scores.parquet");
    assertEquals(0.75, Run.galen((score + pairs).split(" ")).object().required("score").asDouble());
    Path cut = folder.resolve("cut.parquet");
    byte[] whole = Files.readAllBytes(pairs);
    Files.write(cut, Arrays.copyOf(whole, whole.length - 20));
    String refusal = Run.galen((score + cut).split(" ")).refusal();
    assertTrue(refusal.startsWith("galen: " + cut + ": is no Parquet file"), refusal);
  }
}

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

/** {@code galen train --packing}: documents side by side in rows. */
class PackingTest {
  private static final String QUICK =
      " --learning-rate 3e-3 --schedule constant --dropout 0 --no-shuffle --json --out ";

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

  private static int[] ids(int length, int from) {
    var ids = new int[length];
    Arrays.setAll(ids, i -> (from + 13 * i) % 290);
    return ids;
  }

  private Path documents(int... lengths) throws IOException {
    var rows = new StringBuilder();
    for (int i = 0; i < lengths.length; i++) {
      rows.append("{\"input_ids\": %s}%n".formatted(Arrays.toString(ids(lengths[i], 7 * i))));
    }
    return Files.writeString(folder.resolve("documents.jsonl"), rows);
  }

  private static List<Double> losses(Run run) {
    return run.good().json().stream()
        .filter(line -> line.has("step") && line.has("loss"))
        .map(line -> line.get("loss").asDouble())
        .toList();
  }

  /** Four documents in two rows are one batch of four: the same losses, update by update. */
  @Test
  void packedDocumentsLearnAsApart() throws IOException {
    Path data = documents(20, 12, 25, 7);
    String train = "train --model %s --data %s --steps 4" + QUICK;
    List<Double> apart = losses(galen(train + folder.resolve("a") + " --batch 4", model, data));
    Path out = folder.resolve("b");
    List<Double> packed = losses(galen(train + out + " --batch 2 --packing bfd", model, data));
    for (int i = 0; i < 4; i++) {
      assertEquals(apart.get(i), packed.get(i), 2e-6 * apart.get(i));
    }
    assertTrue(Files.readString(out.resolve("run.json")).contains("\"packing\" : \"bfd\""));
    assertTrue(Files.readString(out.resolve("report.md")).contains("--packing bfd"));
    Path again = folder.resolve("c");
    String json = Files.readString(out.resolve("run.json"));
    Path spec = Files.writeString(folder.resolve("c.json"), json.replace(out + "", again + ""));
    assertEquals(packed, losses(galen("train --spec %s --json", spec)));
  }

  /** What has too many tokens for a row is cut, or becomes several documents. */
  @Test
  void longDocumentsAreCutOrSplit() throws IOException {
    Path data = documents(50, 20);
    String train = "train --model %s --data %s --steps 1 --batch 9 --length 32";
    Run cut = galen(train + QUICK + folder.resolve("a") + " --packing bfd", model, data);
    String said = cut.good().err();
    assertTrue(said.contains("bfd: 2 documents in 2 rows, 81.3 % of their 32 tokens"), said);
    assertTrue(said.contains("1 of 2 sequences to 32 tokens, by 18 tokens"), said);
    said =
        galen(train + QUICK + folder.resolve("b") + " --packing bfd_split", model, data)
            .good()
            .err();
    assertTrue(said.contains("bfd_split: 2 documents in 3 rows"), said);
    said =
        galen(train + QUICK + folder.resolve("c") + " --packing wrapped", model, data).good().err();
    assertTrue(said.contains("wrapped: 2 documents in 3 rows, 72.9 %"), said);
  }

  @Test
  void aStoppedRunGoesOnWithItsRows() throws IOException {
    Path data = documents(9, 20, 12, 3, 25, 7, 30, 5);
    String train = "train --model %s --data %s --packing bfd --save-every 2 --batch 1" + QUICK;
    List<Double> all = losses(galen(train + folder.resolve("a") + " --steps 4", model, data));
    Path parted = folder.resolve("b");
    galen(train + parted + " --steps 2", model, data).good();
    String resume = train + parted + " --steps 4 --resume";
    assertEquals(all.subList(2, 4), losses(galen(resume, model, data)));
    String other = galen(resume.replace("bfd", "bfd_split"), model, documents(9, 40, 3)).refusal();
    assertTrue(other.contains("data of "), other);
  }

  /** A row that is packed already is measured as its documents are. */
  @Test
  void packedRowsAreMeasuredAsTheirDocuments() throws IOException {
    Path data = documents(9, 6);
    double apart = loss(data);
    String both =
        Arrays.toString(ids(9, 0)).replace("]", ", ") + Arrays.toString(ids(6, 7)).substring(1);
    Path positions =
        Files.writeString(
            folder.resolve("positions.jsonl"),
            "{\"input_ids\": %s, \"position_ids\": [0,1,2,3,4,5,6,7,8,0,1,2,3,4,5]}%n"
                .formatted(both));
    Path lengths =
        Files.writeString(
            folder.resolve("lengths.jsonl"),
            "{\"input_ids\": %s, \"labels\": %1$s, \"seq_lengths\": [9, 6]}%n".formatted(both));
    assertEquals(apart, loss(positions), 1e-6);
    assertEquals(apart, loss(lengths), 1e-6);
    assertTrue(
        galen(
                "train --model %s --data %s --packing bfd --steps 1 --out %s",
                model, positions, folder.resolve("out"))
            .refusal()
            .contains("positions.jsonl:1: is a row of several documents already"));
  }

  private static double loss(Path data) {
    JsonNode json =
        galen("evaluate --model %s --data %s --json", model, data).good().json().getLast();
    return json.get("loss").asDouble();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--packing ffd | packing is ffd, must be one of [bfd, bfd_split, wrapped]",
        "--task classification --packing bfd | --packing is bfd, which is for texts of a language",
        "--task preference --packing wrapped | not for the task preference; leave it out",
      })
  void whatCannotBePackedIsRefused(String options, String line) throws IOException {
    String refusal =
        galen(
                "train %s --model %s --data %s --steps 1 --out %s",
                options, model, documents(4, 5), folder.resolve("out"))
            .refusal();
    assertTrue(refusal.contains(line), refusal);
  }
}

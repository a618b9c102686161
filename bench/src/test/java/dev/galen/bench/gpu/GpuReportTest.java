package dev.galen.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.bench.book.Contender;
import dev.galen.bench.book.Interleaved;
import dev.galen.bench.peer.Work;
import dev.galen.model.gpt2.Gpt2Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuReportTest {
  private static final GpuSetup SETUP =
      new GpuSetup("a GPU", "580.1", "", "25", "abc", "PyTorch 2");
  private static final Interleaved ONCE = new Interleaved(3, 0, 0);

  /** Takes {@code seconds} for each run without taking them. */
  private static Contender worker(String name, double seconds) {
    return new Contender(name, () -> times -> times * seconds);
  }

  private static Contender broken(String name, String message) {
    return new Contender(
        name,
        () -> {
          throw new IOException(message);
        });
  }

  @Test
  void figuresAreHeldAgainstTheOtherAndTheRoof(@TempDir Path directory) throws IOException {
    var report = new GpuReport(SETUP, true, directory);
    GpuResult copy =
        GpuRow.memory("copy/f32", 8e9, List.of(worker("Galen", 4), worker("PyTorch", 2)))
            .measure(ONCE);
    report.roofs().measured(Roof.COPY, copy);
    report.add(copy);
    String line =
        report.add(GpuRow.memory("norm/x", 4e9, List.of(worker("Galen", 2))).measure(ONCE));
    assertEquals("| norm/x | Galen | 2 | GB/s |  | 50% |  | 0% |\n", line);

    String table = Files.readString(directory.resolve("table.md"));
    assertTrue(table.startsWith("a GPU, driver 580.1, Galen abc"), table);
    assertTrue(table.contains("| copy/f32 | PyTorch | 4 | GB/s | 0.50 | 100% |"), table);
    List<JsonNode> lines = lines(directory);
    assertEquals(3, lines.size());
    assertEquals(0.5, lines.get(1).get("ratio").doubleValue());
    assertEquals("abc", lines.get(1).get("commit").textValue());
    assertTrue(lines.get(1).get("real").booleanValue());
    assertTrue(report.failed().isEmpty());
  }

  @Test
  void aContenderThatFailsSaysWhyAndTheOthersGoOn(@TempDir Path directory) throws IOException {
    var report = new GpuReport(SETUP, false, directory);
    for (boolean alone : new boolean[] {false, true}) {
      GpuRow row =
          GpuRow.memory("norm/x", 1e9, List.of(broken("Galen", "no"), worker("PyTorch", 1)));
      report.add(
          new GpuRow(row.name(), row.unit(), 1e9, row.cost(), row.roof(), alone, row.contenders())
              .measure(ONCE));
    }
    assertEquals(List.of("norm/x: no", "norm/x: no"), report.failed());
    List<JsonNode> lines = lines(directory);
    assertEquals("no", lines.get(0).get("problem").textValue());
    assertEquals(1, lines.get(1).get("value").doubleValue());
    assertFalse(lines.get(1).has("ratio"));
    assertTrue(Files.readString(directory.resolve("table.md")).contains("no figure here means"));
  }

  /** Else two models would share the GPU's memory. */
  @Test
  void aloneMeansThatTheFirstIsClosedBeforeTheSecondBegins() {
    var events = new ArrayList<String>();
    List<Contender> contenders = List.of(recorded("Galen", events), recorded("PyTorch", events));
    GpuRow row = GpuRow.memory("x/y", 1, contenders);
    new GpuRow("x/y", row.unit(), 1, row.cost(), row.roof(), true, contenders).measure(ONCE);
    assertEquals(List.of("+Galen", "-Galen", "+PyTorch", "-PyTorch"), events);
    events.clear();
    row.measure(ONCE);
    assertEquals(List.of("+Galen", "+PyTorch", "-Galen", "-PyTorch"), events);
  }

  private static Contender recorded(String name, List<String> events) {
    return new Contender(
        name,
        () -> {
          events.add("+" + name);
          return new Work() {
            @Override
            public double run(int times) {
              return times;
            }

            @Override
            public void close() {
              events.add("-" + name);
            }
          };
        });
  }

  /** 124,439,808 parameters, 786,432 of them positions. */
  @Test
  void theFormulaOfMfu() {
    assertEquals(
        6 * (124_439_808.0 - 786_432) + 12.0 * 12 * 768 * 1024,
        TrainRows.flopsPerToken(Gpt2Config.gpt2(), 1024));
  }

  private static List<JsonNode> lines(Path directory) throws IOException {
    var lines = new ArrayList<JsonNode>();
    for (String line : Files.readAllLines(directory.resolve("results.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }
}

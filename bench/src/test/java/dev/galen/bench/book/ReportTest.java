package dev.galen.bench.book;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Machine MACHINE =
      new Machine(
          "abc1234",
          "A cpu",
          2,
          2,
          512,
          "25",
          "-Xmx2g",
          0.1,
          new TreeMap<>(Map.of("torch", "2.13")));

  private static final Calibration CALIBRATION =
      new Calibration(50e9, 100e9, 80e9, 160e9, 10e9, 20e9, 15e9, 18e9);

  private static Measured product(double spread, double peerSpread, double steal) {
    return new Measured(
        "matmul/a",
        Unit.GFLOP_PER_SECOND,
        60,
        spread,
        steal,
        new Cost(60e9, 1e9),
        1,
        List.of(
            new Measured.Beside("PyTorch", 75, peerSpread, 0.8),
            new Measured.Beside("other", 30, 0.02, 2)));
  }

  @Test
  void aLineOfJsonForEachPeer() {
    var lines = Report.lines(product(0.02, 0.03, 0));
    assertEquals(2, lines.size());
    JsonNode line = lines.getFirst();
    assertEquals("matmul/a", line.get("name").asText());
    assertEquals(60, line.get("value").asDouble());
    assertEquals("GFLOP/s", line.get("unit").asText());
    assertEquals("PyTorch", line.get("peer").asText());
    assertEquals(75, line.get("peerValue").asDouble());
    assertEquals(0.8, line.get("ratio").asDouble());
    assertEquals(0.02, line.get("spread").asDouble());
    assertFalse(line.get("noisy").asBoolean());
  }

  @Test
  void aLineAloneHasNoPeer() {
    JsonNode line = Report.lines(Measured.figure("growth/x", Unit.TIMES, 1.02)).getFirst();
    assertFalse(line.has("peer"));
    assertEquals(1.02, line.get("value").asDouble());
  }

  @Test
  void spreadOnEitherSideAndStealAreNoise() {
    assertFalse(product(0.1, 0.1, 0.05).isNoisy());
    assertTrue(product(0.11, 0.02, 0).isNoisy());
    assertTrue(product(0.02, 0.11, 0).isNoisy());
    assertTrue(product(0.02, 0.02, 0.06).isNoisy());
  }

  @Test
  void writesTableResultsAndPicture(@TempDir Path folder) throws IOException {
    new Report(MACHINE, CALIBRATION, List.of(product(0.02, 0.03, 0))).write(folder);
    String table = Files.readString(folder.resolve("table.md"));
    assertTrue(table.contains("| matmul/a | 60 | GFLOP/s | PyTorch | 75 | 0.80 |"), table);
    assertTrue(table.contains("60 GFLOP/s, 60% of peak"), table);
    assertTrue(table.contains("load 0.1, torch 2.13."), table);
    List<JsonNode> lines = read(folder.resolve("results.jsonl"));
    assertEquals(CALIBRATION.rows().size() + 2, lines.size());
    for (JsonNode line : lines) {
      for (String field :
          List.of(
              "name",
              "value",
              "unit",
              "commit",
              "cpu",
              "cores",
              "jdk",
              "flags",
              "vectorBits",
              "steal")) {
        assertTrue(line.has(field), field + " in " + line);
      }
      assertEquals("2.13", line.at("/python/torch").asText());
    }
    String svg = Files.readString(folder.resolve("roofline.svg"));
    assertEquals(1, svg.lines().filter(line -> line.startsWith("<circle")).count(), svg);
    assertTrue(svg.contains("matmul/a</text>") && svg.contains("100 GFLOP/s</text>"), svg);
  }

  private static List<JsonNode> read(Path file) throws IOException {
    var mapper = new ObjectMapper();
    try (var values = mapper.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
      return values.readAll();
    }
  }
}

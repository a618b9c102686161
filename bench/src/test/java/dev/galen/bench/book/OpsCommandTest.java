package dev.galen.bench.book;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.bench.OpCases;
import dev.galen.tensor.testing.OpCase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpsCommandTest {
  private static final Machine MACHINE =
      new Machine("abc1234", "A cpu", 2, 2, 512, "25", "-Xmx2g", 0.1, new TreeMap<>());

  @Test
  void everyOperationIsTimedAtTwoShapesAndTheVocabulary() {
    Map<String, List<String>> all = OpsCommand.everything();
    for (OpCase op : OpCases.at(2, 2)) {
      assertTrue(all.get(op.name()).size() >= 2 || op.name().equals(OpCases.VOCABULARY), op.name());
    }
    assertTrue(all.get("Softmax rows").contains("13x50257"));
    assertEquals(List.of("13x768"), all.get(OpCases.VOCABULARY));
  }

  @Test
  void whatCannotBeIsCode2(@TempDir Path folder) throws Exception {
    assertEquals(2, OpsCommand.run(MACHINE, folder, "-p", "op=Convolution"));
    assertEquals(2, OpsCommand.run(MACHINE, folder, "--no-such-option"));
    assertEquals(2, OpsCommand.run(MACHINE, folder, options("Unary exp", "13x0")));
    assertEquals(2, OpsCommand.run(MACHINE, folder, options("Unary exp", "13")));
  }

  /** None of these measures anything. */
  @Test
  void questionsAreAnsweredAtOnce(@TempDir Path folder) throws Exception {
    for (String help : List.of("--help", "-h")) {
      String said = said(folder, 0, help);
      assertTrue(said.startsWith("Usage: galen bench ops "), said);
      assertTrue(said.contains("-wi <int>"), said);
    }
    for (String list : List.of("-l", "--list", "-lp")) {
      List<String> lines = said(folder, 0, list).lines().toList();
      assertEquals(OpsCommand.everything().size(), lines.size());
      assertTrue(lines.contains("Softmax rows  256x768 207x769 13x50257"), lines.toString());
    }
    assertTrue(said(folder, 0, "-lprof").contains("gc"));
    assertTrue(said(folder, 0, "-lrf").contains("json"));
    assertEquals("", said(folder, 2, "Linear"));
    try (var files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
  }

  private static String said(Path folder, int code, String... args) throws Exception {
    PrintStream before = System.out;
    var out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      assertEquals(code, OpsCommand.run(MACHINE, folder, args));
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void anOperationThatCannotRunIsCode1(@TempDir Path folder) throws Exception {
    // 193 channels make three heads, but not equal ones.
    assertEquals(1, OpsCommand.run(MACHINE, folder, options("Attention causal over", "5x193")));
  }

  private static String[] options(String op, String shape) {
    return new String[] {
      "-p",
      "op=" + op,
      "-p",
      "shape=" + shape,
      "-f",
      "0",
      "-wi",
      "0",
      "-i",
      "2",
      "-r",
      "20ms",
      "-v",
      "SILENT"
    };
  }

  @Test
  void measuresAnOperation(@TempDir Path folder) throws Exception {
    assertEquals(0, OpsCommand.run(MACHINE, folder, options("Unary exp", "13x50")));
    List<String> lines = Files.readAllLines(folder.resolve("results.jsonl"));
    JsonNode limit = new ObjectMapper().readTree(lines.getFirst());
    assertTrue(limit.get("name").asText().startsWith("machine/"));
    JsonNode row = new ObjectMapper().readTree(lines.getLast());
    assertEquals("ops/Unary exp/13x50", row.get("name").asText());
    double seconds = row.get("value").asDouble() * 1e-6;
    assertEquals(3 * 13 * 50 / seconds * 1e-9, row.get("gflops").asDouble(), 1e-2);
    assertTrue(row.get("ofL2").asDouble() > 0 && row.get("ofL2").asDouble() < 1);
    assertTrue(Files.readString(folder.resolve("table.md")).contains("ops/Unary exp/13x50"));
  }
}

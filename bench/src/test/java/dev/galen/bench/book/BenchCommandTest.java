package dev.galen.bench.book;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
  private record Run(int code, String out, String err) {}

  private static Run run(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    var newOut = new ByteArrayOutputStream();
    var newErr = new ByteArrayOutputStream();
    System.setOut(new PrintStream(newOut, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(newErr, true, StandardCharsets.UTF_8));
    try {
      int code = BenchCommand.run(args);
      return new Run(
          code, newOut.toString(StandardCharsets.UTF_8), newErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  @Test
  void whatCannotBeIsOneLineAndCode2() {
    for (String[] args :
        new String[][] {
          {"no-such-row"},
          {"--no-such-option"},
          {"--runs", "0"},
          {"--runs", "x"},
          {"growth/attention-memory/t512", "--llmc", "no-such-folder"},
          {"--list", "--text", "no-such-file"},
          {"--list", ""},
          {"growth/attention-memory/t512", "--out", "pom.xml"}
        }) {
      Run run = run(args);
      assertEquals(2, run.code(), run.err());
      assertEquals("", run.out());
      assertEquals(1, run.err().lines().count(), run.err());
      assertTrue(run.err().startsWith("galen: "), run.err());
    }
  }

  @Test
  void measuresARowAsJson(@TempDir Path folder) throws IOException {
    Run run = run("growth/attention-memory/t512", "--json", "--out", folder.toString());
    assertEquals(0, run.code(), run.err());
    var first = new ObjectMapper().readTree(run.out().lines().findFirst().orElseThrow());
    assertEquals("growth/attention-memory/t512", first.get("name").asText());
    assertTrue(first.get("value").asDouble() > 0);
    assertTrue(run.out().lines().allMatch(line -> line.startsWith("{")), run.out());
    assertTrue(Files.size(folder.resolve("results.jsonl")) > 0);
  }
}

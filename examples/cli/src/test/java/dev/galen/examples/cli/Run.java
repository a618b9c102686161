package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What one command did, run inside of this process.
 *
 * @param code its exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record Run(int code, String out, String err) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Run galen(String... args) {
    return fed("", args);
  }

  /** With {@code input} on standard input. */
  static Run fed(String input, String... args) {
    InputStream oldIn = System.in;
    PrintStream oldOut = System.out;
    PrintStream oldErr = System.err;
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    try (var outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
        var errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
      System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
      System.setOut(outStream);
      System.setErr(errStream);
      int code = Galen.run(args);
      return new Run(
          code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setIn(oldIn);
      System.setOut(oldOut);
      System.setErr(oldErr);
    }
  }

  /** This run, which must have worked. */
  Run good() {
    assertEquals(0, code, err);
    return this;
  }

  /** The one line that explains a refusal; a run may have told what it did so far before it. */
  String refusal() {
    assertEquals(2, code, out + err);
    assertTrue(!err.contains("\tat "), err);
    List<String> lines = err.lines().filter(line -> line.startsWith("galen: ")).toList();
    assertEquals(1, lines.size(), err);
    assertTrue(err.endsWith(lines.getFirst() + System.lineSeparator()), err);
    return lines.getFirst();
  }

  /** Standard output as JSON objects, one from each line and nothing else. */
  List<JsonNode> json() {
    return good().out().lines().map(Run::parse).toList();
  }

  /** The only JSON object. */
  JsonNode object() {
    List<JsonNode> all = json();
    assertEquals(1, all.size(), out);
    return all.getFirst();
  }

  static ObjectNode parseObject(String text) {
    return (ObjectNode) parse(text);
  }

  static JsonNode parse(String line) {
    try {
      JsonNode json = JSON.readTree(line);
      assertTrue(json.isObject(), line);
      return json;
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + line, e);
    }
  }
}

package dev.galen.examples.clinical.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DeidCommandsTest {
  @TempDir private Path folder;
  private int code;

  private String galen(Object... args) {
    var out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      var line = new CommandLine(new ClinicalCommand());
      line.setCaseInsensitiveEnumValuesAllowed(true);
      line.setErr(new PrintWriter(System.out, true));
      var words = new String[args.length];
      for (int i = 0; i < args.length; i++) {
        words[i] = args[i].toString();
      }
      code = line.execute(words);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void spansAreCodePointsOfTheTextAsItWas() throws IOException {
    Path in = folder.resolve("in.jsonl");
    Files.writeString(in, "{\"text\":\"\\ud83d\\ude00\\r\\nMr. Okafor came.\"}\n{\"text\":\"\"}\n");
    String[] lines = galen("deidentify", "--in", in, "--spans").split("\n");
    assertEquals(0, code);
    assertTrue(lines[0].contains("\"text\":\"😀\\r\\nMr. Okafor came.\""), lines[0]);
    assertTrue(lines[0].contains("{\"start\":3,\"end\":13,\"category\":\"NAME\""), lines[0]);
    assertTrue(lines[1].contains("\"text\":\"\""), lines[1]);
    assertTrue(lines[1].contains("\"spans\":[]"), lines[1]);
  }

  @Test
  void aCorpusIsWrittenReplacedAndScored() throws IOException {
    Path gold = folder.resolve("gold.jsonl");
    galen("deid-corpus", "--out", gold, "--documents", 20);
    assertEquals(20, Files.readAllLines(gold).size());
    assertTrue(galen("deid-score", "--gold", gold).contains("token recall"));
    assertEquals(0, code);
    Path key = Files.writeString(folder.resolve("key"), "0123456789abcdef");
    Path one = folder.resolve("one.jsonl");
    Path two = folder.resolve("two.jsonl");
    galen(
        "deidentify",
        "--in",
        gold,
        "--out",
        one,
        "--by",
        "surrogates",
        "--secret",
        key,
        "--review",
        folder.resolve("review"));
    galen("deidentify", "--in", gold, "--out", two, "--by", "surrogates", "--secret", key);
    assertEquals(Files.readString(one), Files.readString(two));
    assertTrue(Files.readAllLines(folder.resolve("review")).size() > 100);
  }

  @Test
  void badOptionsAreNamed() throws IOException {
    Path in = Files.writeString(folder.resolve("in"), "{\"text\":\"a\"}\n");
    Path key = Files.writeString(folder.resolve("key"), "short");
    assertTrue(
        galen("deidentify", "--in", in, "--secret", key).contains("5 bytes; expected at least 16"));
    assertEquals(2, code);
    assertTrue(galen("deidentify", "--in", in, "--by", "magic").contains("magic"));
    assertEquals(2, code);
    galen("deidentify", "--in", in, "--spans", "--by", "shift");
    assertEquals(2, code);
  }

  @Test
  void aReviewReplacesNeitherInputNorOutput() throws IOException {
    Path in = Files.writeString(folder.resolve("in.jsonl"), "{\"text\":\"Mr. Okafor\"}\n");
    Path out = folder.resolve("out.jsonl");
    galen("deidentify", "--in", in, "--out", out, "--review", in);
    assertNotEquals(0, code);
    galen("deidentify", "--in", in, "--out", out, "--review", out);
    assertNotEquals(0, code);
    galen("deidentify", "--in", in, "--out", in);
    assertNotEquals(0, code);
    assertEquals("{\"text\":\"Mr. Okafor\"}\n", Files.readString(in));
  }
}

package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.testing.TinyModels;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A result that was lost is an error, unless its reader went away. */
class OutputTest {
  private static final String COMMANDS =
      """
      --help
      --version
      finetune --help
      doctor
      doctor --json
      inspect MODEL
      inspect MODEL --json
      evaluate --model MODEL --data TEXT
      evaluate --model MODEL --data TEXT --json
      generate --model MODEL --prompt x --max-new-tokens 2
      generate --model MODEL --prompt x --max-new-tokens 2 --json
      tokenize --tokenizer MODEL
      tokenize --tokenizer MODEL --json
      tokenizer train --data TEXT --out OUT --vocabulary 270
      train --data TEXT --config CONFIG --steps 2 --out OUT
      train --data TEXT --config CONFIG --steps 2 --out OUT --json
      """;

  @TempDir static Path folder;
  private static String model;
  private static String text;
  private static String config;
  private static int outs;

  @BeforeAll
  static void writeFiles() throws IOException {
    model = TinyModels.write(folder.resolve("model")).toString();
    text = Files.writeString(folder.resolve("ok.txt"), TinyModels.TEXT).toString();
    config = TinyModels.writeConfig(folder.resolve("config.json")).toString();
  }

  /** Takes some bytes, then answers as the system does. */
  private static final class Failing extends OutputStream {
    private final String reason;
    private int room;

    Failing(int room, String reason) {
      this.room = room;
      this.reason = reason;
    }

    @Override
    public void write(int b) throws IOException {
      if (room-- <= 0) {
        throw new IOException(reason);
      }
    }
  }

  @Test
  void aFullDiskUnderStandardOutputIsAnErrorOfEveryCommand() {
    for (String command : COMMANDS.lines().toList()) {
      for (int room : new int[] {0, 1}) {
        Run run = run(new Failing(room, "No space left on device"), command);
        assertEquals(2, run.code(), command + run.err());
        assertTrue(
            run.err()
                .endsWith(
                    "galen: standard output: No space left on device" + System.lineSeparator()),
            command + run.err());
      }
    }
  }

  @Test
  void aReaderThatWentAwayIsNone() {
    for (String command : COMMANDS.lines().toList()) {
      Run run = run(new Failing(1, "Broken pipe"), command);
      assertEquals(0, run.code(), command + run.err());
      assertTrue(!run.err().contains("galen: "), command + run.err());
    }
  }

  @Test
  void aTrainingOutlivesItsReader() {
    String out = folder.resolve("outlived").toString();
    Run run =
        run(
            new Failing(0, "Broken pipe"),
            "train --data TEXT --config CONFIG --steps 2 --json --out " + out);
    assertEquals(0, run.code(), run.err());
    assertTrue(Files.exists(Path.of(out, "model.safetensors")));
  }

  private static Run run(OutputStream target, String command) {
    String out = folder.resolve("out" + outs++).toString();
    String[] args =
        Arrays.stream(command.split(" +"))
            .map(
                word ->
                    word.replace("MODEL", model)
                        .replace("TEXT", text)
                        .replace("CONFIG", config)
                        .replace("OUT", out))
            .toArray(String[]::new);
    InputStream oldIn = System.in;
    PrintStream oldErr = System.err;
    var err = new ByteArrayOutputStream();
    try (var errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
      System.setIn(new ByteArrayInputStream("one\ntwo\n".getBytes(StandardCharsets.UTF_8)));
      System.setErr(errStream);
      int code = Galen.run(target, args);
      return new Run(code, "", err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setIn(oldIn);
      System.setErr(oldErr);
    }
  }
}

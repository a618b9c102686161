package dev.galen.model.hf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSON as Python writes it, NaN included. */
class LenientJsonTest {
  @TempDir Path folder;

  @Test
  void numbersThatJsonLacksComeBack() {
    String text = "{\"a\":NaN,\"b\":-Infinity,\"c\":Infinity}";
    String written = LenientJson.text(LenientJson.parseObject(text));
    assertEquals(text, written.replaceAll("\\s", ""));
    assertTrue(written.endsWith("}\n"), written);
  }

  @Test
  void whatIsNoObjectIsRefusedByFile() throws IOException {
    Path file = folder.resolve("config.json");
    for (String text : List.of("", "[1]", "7", "null")) {
      Files.writeString(file, text);
      assertEquals(file + ": expected a JSON object", refusal(file));
    }
    for (String text : List.of("{", "{} {}", "{\"a\": yes}")) {
      Files.writeString(file, text);
      assertTrue(refusal(file).startsWith(file + ": not valid JSON: "), refusal(file));
    }
    Files.delete(file);
    assertTrue(refusal(file).startsWith(file + ": "), refusal(file));
  }

  private static String refusal(Path file) {
    return assertThrows(IOException.class, () -> LenientJson.readObject(file)).getMessage();
  }
}

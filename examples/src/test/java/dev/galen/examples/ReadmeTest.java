package dev.galen.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's program is the one that compiles. */
class ReadmeTest {
  private static final Path SOURCE = Path.of("src/main/java/dev/galen/examples/FineTune.java");

  @Test
  void theReadmeShowsTheExampleThatCompiles() throws IOException {
    String readme = Files.readString(Path.of("../README.md"));
    int from = readme.indexOf("```java\n") + "```java\n".length();
    String shown = readme.substring(from, readme.indexOf("```", from));

    String source = Files.readString(SOURCE);
    int start = source.indexOf("throws IOException {\n") + "throws IOException {\n".length();
    String body = source.substring(start, source.indexOf("\n  }\n}", start) + 1).indent(-4);
    assertEquals(body, shown);
    assertTrue(shown.lines().count() <= 21, "the README promises a short example");
  }
}

package dev.galen.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's programs are those that compile, and what it points to is there. */
class ReadmeTest {
  private static final Path README = Path.of("../README.md");
  private static final Path SOURCES = Path.of("src/main/java/dev/galen/examples");

  @Test
  void theReadmeShowsTheExamplesThatCompile() throws IOException {
    List<String> shown = matches("```java\n(.*?)```");
    assertEquals(2, shown.size());
    assertEquals(body("FineTune.java", "    var gpt2"), shown.getFirst());
    assertTrue(shown.getFirst().lines().count() <= 21, "the README promises a short example");
    assertEquals(body("Tour.java", "    int[] prompt"), shown.getLast());
  }

  @Test
  void everyFileThatItPointsToIsThere() throws IOException {
    for (String link : matches("\\]\\(([^)#]+)[^)]*\\)")) {
      if (!link.contains("://")) {
        assertTrue(Files.exists(README.resolveSibling(link)), link);
      }
    }
  }

  private static List<String> matches(String pattern) throws IOException {
    return Pattern.compile(pattern, Pattern.DOTALL)
        .matcher(Files.readString(README))
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
  }

  /** The lines of {@code main}, from the first that begins so. */
  private static String body(String file, String from) throws IOException {
    String source = Files.readString(SOURCES.resolve(file));
    int start = source.indexOf(from);
    return source.substring(start, source.indexOf("\n  }\n}", start) + 1).indent(-4);
  }
}

package dev.galen.examples.llama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/your-own-model.md} shows is what compiles, and all of it. */
class YourOwnModelPageTest {
  private static final Path PAGE = Path.of("../../docs/your-own-model.md");
  private static final Path SOURCES = Path.of("src/main/java/dev/galen/examples/llama");
  private static final Path TESTS = Path.of("src/test/java/dev/galen/examples/llama");

  @Test
  void everyBlockStandsInASource() throws IOException {
    List<String> sources = new ArrayList<>();
    try (Stream<Path> files = Stream.concat(Files.list(SOURCES), Files.list(TESTS))) {
      for (Path file : files.toList()) {
        sources.add(normalized(Files.readString(file)));
      }
    }
    List<String> blocks = blocks();
    assertTrue(blocks.size() > 10, "blocks of Java on the page: " + blocks.size());
    for (String block : blocks) {
      assertTrue(
          sources.stream().anyMatch(source -> source.contains(normalized(block))),
          () -> "no source has this block of " + PAGE + ":\n" + block);
    }
  }

  @Test
  void everyLineOfTheModelStandsOnThePage() throws IOException {
    String page = String.join("\n", blocks());
    String source = Files.readString(SOURCES.resolve("Llama.java"));
    String code = source.substring(source.indexOf("public final class"));
    List<String> shown = normalized(page).lines().toList();
    assertEquals(
        List.of(), normalized(code).lines().filter(line -> !shown.contains(line)).toList());
  }

  private static List<String> blocks() throws IOException {
    return Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(PAGE))
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  /** The lines without indentation, Javadoc and what is empty. */
  private static String normalized(String java) {
    return java.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("/**") && !line.startsWith("*"))
        .collect(Collectors.joining("\n"));
  }
}

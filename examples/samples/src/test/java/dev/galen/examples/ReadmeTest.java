package dev.galen.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.random.Philox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The README's programs are those that compile, and what it points to is there. */
class ReadmeTest {
  private static final Path README = Path.of("../../README.md");
  private static final Path SOURCES = Path.of("src/main/java/dev/galen/examples");

  @Test
  void theReadmeShowsTheExamplesThatCompile() throws IOException {
    List<String> shown = matches("```java\n(.*?)```");
    assertEquals(3, shown.size());
    assertEquals(body("WholeRun.java", "    var model"), shown.getFirst());
    assertEquals(body("FineTune.java", "    var gpt2"), shown.get(1));
    assertTrue(shown.get(1).lines().count() <= 21, "the README promises a short example");
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

  /** Both programs, where a tokenizer is missing. */
  @Test
  void aModelWithoutATokenizerIsNamed(@TempDir Path folder) throws IOException {
    var config = Gpt2Config.tiny(16);
    var weights = Weights.initialised(Device.REFERENCE, new Philox(1));
    Pretrained.save(new Gpt2CausalLm(config, weights, new Philox(0)), null, folder);
    String name = folder.toString();
    for (Executable program :
        List.<Executable>of(
            () -> FineTune.main(new String[] {name, "data.txt", name}),
            () -> Tour.main(new String[] {name, "Fever"}))) {
      String message = assertThrows(IOException.class, program).getMessage();
      assertTrue(message.startsWith(folder + ": has no tokenizer: neither "), message);
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

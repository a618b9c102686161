package dev.galen.train.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** Reads the expectations of these tests: our own beside them, and the optional shared ones. */
final class Fixtures {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Fixtures() {}

  /** One part of what metric_cases.py wrote. */
  static JsonNode own(String part) throws IOException {
    return read("metric_cases.json").required(part);
  }

  /** A file beside these tests. */
  static JsonNode read(String name) throws IOException {
    try (var in = Fixtures.class.getResourceAsStream(name)) {
      return JSON.readTree(in);
    }
  }

  /** A file of the shared data folder; skips the test where there is none. */
  static JsonNode shared(String file) throws IOException {
    var path = sharedData().resolve(file);
    assumeTrue(
        Files.isRegularFile(path),
        "skipped: " + file + " needs the shared data folder, by -Dgalen.shared.data=DIR");
    return JSON.readTree(path.toFile());
  }

  private static Path sharedData() {
    var property = System.getProperty("galen.shared.data");
    if (property != null) {
      return Path.of(property);
    }
    for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      var candidate = at.resolve("shared").resolve("data");
      if (Files.isDirectory(candidate)) {
        return candidate;
      }
    }
    return Path.of("shared", "data");
  }

  static <T> List<T> list(JsonNode array, Function<JsonNode, T> element) {
    return StreamSupport.stream(array.spliterator(), false).map(element).toList();
  }

  static List<String> strings(JsonNode array) {
    return list(array, JsonNode::asText);
  }

  /** The words of a text that are separated by single spaces. */
  static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  static double[] doubles(JsonNode array) {
    return list(array, JsonNode::asDouble).stream().mapToDouble(Double::doubleValue).toArray();
  }

  static int[] ints(JsonNode array) {
    return list(array, JsonNode::asInt).stream().mapToInt(Integer::intValue).toArray();
  }

  static double[][] rows(JsonNode matrix) {
    return list(matrix, Fixtures::doubles).toArray(double[][]::new);
  }

  /** Absolute and relative 1e-9: the absolute one alone would take 0 for BLEU's 1e-155. */
  static void assertClose(double expected, double actual, String message) {
    if (expected == 0 || Double.isNaN(expected)) {
      assertEquals(expected, actual, message);
    } else {
      assertEquals(expected, actual, 1e-9 * Math.min(1, Math.abs(expected)), message);
    }
  }
}

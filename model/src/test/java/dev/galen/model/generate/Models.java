package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.CausalLm;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;

/** The model that transformers has computed with, and what it made of it. */
final class Models {
  /** V of the fixture. */
  static final int VOCABULARY = 61;

  /** T of the fixture. */
  static final int CONTEXT = 40;

  /** The fixture's end of text. */
  static final int END = 31;

  private static final ObjectMapper JSON = new ObjectMapper();

  private Models() {}

  /** The model beside {@code make.py}. */
  static Gpt2CausalLm fixture(Device device) throws IOException {
    return Pretrained.load(directory(), device, Gpt2CausalLm.class).model();
  }

  /** What transformers made of it. */
  static JsonNode expected() throws IOException {
    return JSON.readTree(directory().resolve("expected.json").toFile());
  }

  private static Path directory() {
    try {
      return Path.of(Models.class.getResource("/dev/galen/model/tiny-gpt2").toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * An entry of the optional shared data; the test is skipped, with a reason, where it is absent.
   */
  static Path shared(String name) {
    String given = System.getProperty("galen.shared.data");
    Path found = given == null ? null : Path.of(given, name);
    for (Path up = Path.of("").toAbsolutePath(); found == null && up != null; up = up.getParent()) {
      Path candidate = up.resolve("shared/data").resolve(name);
      found = Files.exists(candidate) ? candidate : null;
    }
    assumeTrue(
        found != null && Files.exists(found),
        "skipped: shared/data/" + name + " is not beside the repository");
    return found;
  }

  /** No more than {@code before} bytes are live; less, once the cleaner has run for other tests. */
  static void assertFreed(CausalLm model, long before) {
    long live = model.backend().memory().live();
    assertTrue(live <= before, "%d bytes are live, %d too many".formatted(live, live - before));
  }

  static JsonNode read(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }

  /** Logits as the fixture has them: null is negative infinity. */
  static float[] floats(JsonNode array) {
    var values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode value = array.get(i);
      values[i] = value.isNull() ? Float.NEGATIVE_INFINITY : (float) value.doubleValue();
    }
    return values;
  }
}

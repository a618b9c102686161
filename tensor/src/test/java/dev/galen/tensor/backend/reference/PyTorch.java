package dev.galen.tensor.backend.reference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** What PyTorch computed: pytorch.txt, beside the script that wrote it. */
final class PyTorch {
  private static final Map<String, double[]> VALUES = read();

  private PyTorch() {}

  static double[] get(String name) {
    double[] values = VALUES.get(name);
    if (values == null) {
      throw new IllegalArgumentException("pytorch.txt has no line " + name);
    }
    return values;
  }

  private static Map<String, double[]> read() {
    try (var in = PyTorch.class.getResourceAsStream("pytorch.txt")) {
      var values = new HashMap<String, double[]>();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(" "))
          .forEach(
              words ->
                  values.put(
                      words[0],
                      Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray()));
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

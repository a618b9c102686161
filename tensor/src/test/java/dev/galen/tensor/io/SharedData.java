package dev.galen.tensor.io;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The optional shared data: a folder {@code shared/data} beside the repository. */
final class SharedData {
  private SharedData() {}

  /** The entry called {@code name}; the test is skipped, with a reason, where it is absent. */
  static Path find(String name) {
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
}

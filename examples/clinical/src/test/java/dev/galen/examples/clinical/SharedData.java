package dev.galen.examples.clinical;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds the project's shared data files, which a clone may not have. */
public final class SharedData {
  private SharedData() {}

  /**
   * The path of a file below {@code shared/data}; skips the test, with a reason, if it is absent.
   */
  public static Path require(String name) {
    String property = System.getProperty("galen.shared.data");
    if (property != null && Files.exists(Path.of(property, name))) {
      return Path.of(property, name);
    }
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path file = folder.resolve("shared/data").resolve(name);
      if (Files.exists(file)) {
        return file;
      }
    }
    Assumptions.abort("shared/data/" + name + " is not on this machine");
    throw new AssertionError("unreachable");
  }
}

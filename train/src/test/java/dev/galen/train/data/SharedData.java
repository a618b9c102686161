package dev.galen.train.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the optional shared data sets, which are not part of the repository. */
public final class SharedData {

  private SharedData() {}

  /** A file below {@code shared/data}; where it is absent the test is skipped and says so. */
  public static Path file(String name) {
    Path root = root();
    assumeTrue(
        root != null && Files.exists(root.resolve(name)),
        "skipped: no shared/data/" + name + " beside the repository (or galen.shared.data)");
    return root.resolve(name);
  }

  /** The same where absence skips nothing. */
  public static Optional<Path> find(String name) {
    return Optional.ofNullable(root()).map(root -> root.resolve(name)).filter(Files::exists);
  }

  private static Path root() {
    String property = System.getProperty("galen.shared.data");
    if (property != null) {
      return Path.of(property);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("shared/data"))) {
        return at.resolve("shared/data");
      }
    }
    return null;
  }
}

package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;

/** The optional data beside the repository, or a skipped test that says what it lacks. */
public final class SharedData {

  private SharedData() {}

  /** A file or folder of {@code shared/data}; skips the test when there is none. */
  public static Path require(String name) {
    var property = System.getProperty("galen.shared.data");
    if (property != null && Files.exists(Path.of(property, name))) {
      return Path.of(property, name);
    }
    for (var up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      var found = up.resolve("shared/data").resolve(name);
      if (Files.exists(found)) {
        return found;
      }
    }
    return abort(
        "skipped: no shared/data/%s beside the repository (or under -Dgalen.shared.data)"
            .formatted(name));
  }
}

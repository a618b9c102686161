package dev.galen.examples.clinical.pubmedqa;

import dev.galen.tensor.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which folders of a run are whole, so that one that was killed does not make them again. */
final class Stage {
  private static final String MARK = "done";

  private Stage() {}

  static boolean isDone(Path folder) {
    return Files.exists(folder.resolve(MARK));
  }

  static void done(Path folder) throws IOException {
    AtomicFile.writeString(folder.resolve(MARK), "");
  }
}

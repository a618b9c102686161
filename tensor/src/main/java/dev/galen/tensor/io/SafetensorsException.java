package dev.galen.tensor.io;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A safetensors file or index that cannot be read. The message is one complete line: the file, the
 * tensor where there is one, what was found and what was expected.
 */
public final class SafetensorsException extends IOException {
  private static final long serialVersionUID = 1;

  SafetensorsException(Path path, String problem) {
    super(path + ": " + problem);
  }

  SafetensorsException(Path path, String problem, Throwable cause) {
    super(path + ": " + problem, cause);
  }
}

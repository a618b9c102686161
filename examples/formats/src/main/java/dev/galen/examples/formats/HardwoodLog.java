package dev.galen.examples.formats;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Hardwood logs which decompressors it found; a command's output is no place for that. */
final class HardwoodLog {
  /** Held, since the logging of the JDK forgets levels of loggers that nobody holds. */
  private static final Logger LOGGER = Logger.getLogger("dev.hardwood");

  private HardwoodLog() {}

  /** Lets warnings through, and no more, unless a level was set. */
  static void quiet() {
    if (LOGGER.getLevel() == null) {
      LOGGER.setLevel(Level.WARNING);
    }
  }
}

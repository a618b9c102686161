package dev.galen.examples.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells whether a person looks on. */
final class Terminals {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private Terminals() {}

  /** Whether standard error is a terminal, wherever standard output goes. */
  static boolean isStandardError() {
    try {
      // Java's own console speaks of standard input and output only.
      String target = Files.readSymbolicLink(STANDARD_ERROR).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      Console console = System.console();
      return console != null && console.isTerminal();
    }
  }
}

package dev.galen.examples.cli;

import java.io.IOException;

/** The reader of standard output is gone, as {@code head} is after its lines. */
final class ClosedPipeException extends IOException {
  private static final long serialVersionUID = 1L;

  ClosedPipeException() {
    super("the reader of standard output is gone");
  }
}

package dev.galen.examples.formats;

/** What a file says cannot be; the reader adds the place. */
final class DamagedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DamagedException(String problem) {
    super(problem);
  }
}

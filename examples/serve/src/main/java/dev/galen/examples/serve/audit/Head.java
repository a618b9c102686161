package dev.galen.examples.serve.audit;

/**
 * The last entry of a log: kept elsewhere (another machine, a printout), it shows later that the
 * log's end was cut off or the whole of it was written anew.
 *
 * @param entries how many there are
 * @param hash of the last
 */
public record Head(long entries, String hash) {
  /** As {@code 1234:9f86d0...}. */
  @Override
  public String toString() {
    return entries + ":" + hash;
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static Head of(String text) {
    if (!text.matches("[0-9]{1,18}:[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "the head is \"%s\", must be a number, a colon and 64 hexadecimal digits"
              .formatted(text));
    }
    int colon = text.indexOf(':');
    return new Head(Long.parseLong(text.substring(0, colon)), text.substring(colon + 1));
  }
}

package dev.galen.tensor.backend;

/**
 * Whether something can be used here.
 *
 * @param available yes or no
 * @param reason what was found, or what is missing
 * @param remedy what to do where it is missing, else empty
 */
public record Availability(boolean available, String reason, String remedy) {
  /** Usable; {@code found} says what was found. */
  public static Availability yes(String found) {
    return new Availability(true, found, "");
  }

  /** Not usable. */
  public static Availability no(String reason, String remedy) {
    return new Availability(false, reason, remedy);
  }
}

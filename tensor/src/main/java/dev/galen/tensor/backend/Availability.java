package dev.galen.tensor.backend;

/**
 * Whether something can be used here.
 *
 * @param available yes or no
 * @param reason what was found, or what is missing
 * @param remedy what to do where it is missing, else empty
 * @param absent whether nothing of it is here, so that it is not missed: no driver, no GPU
 */
public record Availability(boolean available, String reason, String remedy, boolean absent) {
  /** Usable; {@code found} says what was found. */
  public static Availability yes(String found) {
    return new Availability(true, found, "", false);
  }

  /** Not usable, although something of it is here. */
  public static Availability no(String reason, String remedy) {
    return new Availability(false, reason, remedy, false);
  }

  /** Not usable, and nothing of it is here. */
  public static Availability absent(String reason, String remedy) {
    return new Availability(false, reason, remedy, true);
  }
}

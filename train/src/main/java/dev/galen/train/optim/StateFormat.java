package dev.galen.train.optim;

import dev.galen.tensor.backend.RoundedState;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What an optimizer keeps its state as from update to update; it computes in F32 always. */
public enum StateFormat {
  /** 4 bytes an element. */
  F32(Float.BYTES),
  /** 2 bytes an element. */
  BF16(Short.BYTES),
  /** A byte an element, and an F32 scale for each block of 256. */
  INT8(Byte.BYTES + (double) Float.BYTES / RoundedState.BLOCK);

  /** Its name as a setting. */
  public static final String SETTING = "optimizer-states";

  private final double bytes;

  StateFormat(double bytes) {
    this.bytes = bytes;
  }

  /** Bytes of so many states of an element. */
  public double bytes(int states) {
    return bytes * states;
  }

  /** Its name in settings: {@code int8}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The format of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static StateFormat named(String word) {
    for (StateFormat format : values()) {
      if (format.word().equalsIgnoreCase(word)) {
        return format;
      }
    }
    List<String> words = Arrays.stream(values()).map(StateFormat::word).toList();
    throw new IllegalArgumentException(
        "%s is %s, expected one of %s".formatted(SETTING, word, words));
  }
}

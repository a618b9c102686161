package dev.galen.train.chart;

/**
 * Colours that readers with any kind of colour vision tell apart (Okabe and Ito, "Color Universal
 * Design", 2008), darker on light paper and lighter on dark.
 */
public enum Colour {
  /** The first choice. */
  BLUE("#0072b2", "#56b4e9"),
  /** The second, farthest from the first. */
  VERMILION("#d55e00", "#ff8c3a"),
  /** The third. */
  GREEN("#00815f", "#2fc99c"),
  /** The fourth. */
  PURPLE("#b8578f", "#e39ac6"),
  /** The fifth. */
  YELLOW("#b58900", "#f0c642"),
  /** For what only guides the eye. */
  GREY("#7d858e", "#8b949e");

  final String light;
  final String dark;

  Colour(String light, String dark) {
    this.light = light;
    this.dark = dark;
  }

  /** The colour of the {@code i}-th of several equal series, from 0; they repeat after five. */
  public static Colour of(int i) {
    return values()[Math.floorMod(i, values().length - 1)];
  }
}

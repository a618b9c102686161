package dev.galen.examples.clinical.ingest;

import java.util.Comparator;

/**
 * A character on a page, in coordinates whose x runs along its text and whose y runs up, in points.
 *
 * @param text what it says; a ligature is several characters
 * @param left where it begins
 * @param right where the next one would begin
 * @param base the y of its baseline
 * @param size the height of its font
 * @param space how wide a space of its font is
 */
record Glyph(String text, double left, double right, double base, double size, double space) {
  static final Comparator<Glyph> ALONG = Comparator.comparingDouble(Glyph::left);

  boolean isSpace() {
    return text.isBlank();
  }

  /** Whether it stands on the line of {@code other}, also as its superscript or subscript. */
  boolean isOnLineOf(Glyph other) {
    double low = Math.max(base - 0.2 * size, other.base - 0.2 * other.size);
    double high = Math.min(base + 0.7 * size, other.base + 0.7 * other.size);
    return high - low > 0.4 * Math.min(size, other.size);
  }
}

package dev.galen.examples.clinical.ingest;

import java.util.ArrayList;
import java.util.List;

/**
 * Glyphs of one line without a gap as wide as one between columns, in the order of their places.
 */
final class PageRun {
  private final List<Glyph> glyphs = new ArrayList<>();
  private double left = Double.MAX_VALUE;
  private double right = -Double.MAX_VALUE;
  private double top = -Double.MAX_VALUE;
  private double bottom = Double.MAX_VALUE;
  private Glyph tallest;

  void add(Glyph glyph) {
    glyphs.add(glyph);
    left = Math.min(left, glyph.left());
    right = Math.max(right, glyph.right());
    top = Math.max(top, glyph.base() + 0.7 * glyph.size());
    bottom = Math.min(bottom, glyph.base() - 0.2 * glyph.size());
    if (tallest == null || glyph.size() > tallest.size()) {
      tallest = glyph;
    }
  }

  void addAll(PageRun other) {
    other.glyphs.forEach(this::add);
  }

  List<Glyph> glyphs() {
    return glyphs;
  }

  double left() {
    return left;
  }

  double right() {
    return right;
  }

  double top() {
    return top;
  }

  double bottom() {
    return bottom;
  }

  double width() {
    return right - left;
  }

  double size() {
    return tallest.size();
  }

  /** Whether the two stand on one line. */
  boolean isOnLineOf(PageRun other) {
    return tallest.isOnLineOf(other.tallest);
  }

  /** The characters, with a space where there is a gap. */
  String text() {
    var sorted = new ArrayList<>(glyphs);
    sorted.sort(Glyph.ALONG);
    var text = new StringBuilder();
    Glyph last = null;
    for (Glyph glyph : sorted) {
      if (last != null && isGap(last, glyph) && !endsInSpace(text)) {
        text.append(' ');
      }
      if (!glyph.isSpace()) {
        text.append(glyph.text());
      } else if (!text.isEmpty() && !endsInSpace(text)) {
        text.append(' ');
      }
      last = glyph;
    }
    return text.toString().stripTrailing();
  }

  private static boolean endsInSpace(StringBuilder text) {
    return !text.isEmpty() && text.charAt(text.length() - 1) == ' ';
  }

  /** Half a space, or a seventh of the font's height where it has none. */
  private static boolean isGap(Glyph last, Glyph next) {
    double space = last.space() > 0.05 * last.size() ? last.space() : 0.28 * last.size();
    return next.left() - last.right() > 0.5 * Math.min(space, 0.4 * last.size());
  }
}

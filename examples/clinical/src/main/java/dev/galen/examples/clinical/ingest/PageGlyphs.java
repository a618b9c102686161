package dev.galen.examples.clinical.ingest;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.apache.pdfbox.util.Matrix;

/**
 * The glyphs of pages by the angle at which they stand, so that what is rotated is read along its
 * own lines, whatever the page's own rotation says.
 */
final class PageGlyphs extends PDFTextStripper {
  /** Accents that some programs draw over a letter, and what joins them to it. */
  private static final Map<String, String> ACCENTS =
      Map.of(
          "\u00b4", "\u0301", "\u0060", "\u0300", "\u005e", "\u0302", "\u02c6", "\u0302", "\u00a8",
          "\u0308", "\u02dc", "\u0303", "\u00b8", "\u0327", "\u02da", "\u030a");

  private final Map<Integer, List<Glyph>> byAngle = new TreeMap<>();
  private final Map<String, List<Glyph>> seen = new HashMap<>();

  PageGlyphs() {}

  /**
   * The glyphs of a page, counted from 0, a list for each angle, that with most of them first.
   * Glyphs that are drawn twice, to look bold, are there once.
   */
  List<List<Glyph>> of(PDDocument document, int page) throws IOException {
    byAngle.clear();
    seen.clear();
    setStartPage(page + 1);
    setEndPage(page + 1);
    writeText(document, Writer.nullWriter());
    var lists = new ArrayList<>(byAngle.values());
    lists.sort((one, other) -> Integer.compare(other.size(), one.size()));
    lists.replaceAll(PageGlyphs::accented);
    return lists;
  }

  @Override
  protected void processTextPosition(TextPosition place) {
    String text = place.getUnicode();
    if (text == null || text.isEmpty() || text.equals("\u0000")) {
      return;
    }
    Matrix matrix = place.getTextMatrix();
    double angle = Math.atan2(matrix.getShearY(), matrix.getScaleX());
    double size = Math.hypot(matrix.getShearX(), matrix.getScaleY());
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    double x = matrix.getTranslateX();
    double y = matrix.getTranslateY();
    double left = x * cos + y * sin;
    double right = Math.max(left, place.getEndX() * cos + place.getEndY() * sin);
    double space = place.getWidthOfSpace();
    if (!(size > 0.1) || !(right < 1e6) || !(left > -1e6)) {
      return; // nothing that is seen
    }
    var glyph = new Glyph(text, left, right, y * cos - x * sin, size, space);
    List<Glyph> same = seen.computeIfAbsent(text, key -> new ArrayList<>());
    if (!glyph.isSpace()) {
      for (Glyph other : same) {
        if (Math.abs(other.left() - left) < 0.15 * size
            && Math.abs(other.base() - glyph.base()) < 0.15 * size) {
          return;
        }
      }
      same.add(glyph);
    }
    byAngle
        .computeIfAbsent((int) Math.round(Math.toDegrees(angle)), key -> new ArrayList<>())
        .add(glyph);
  }

  /** Joins accents that stand over a letter to it. */
  private static List<Glyph> accented(List<Glyph> glyphs) {
    List<Glyph> joined = new ArrayList<>(glyphs.size());
    for (int i = 0; i < glyphs.size(); i++) {
      Glyph one = glyphs.get(i);
      Glyph next = i + 1 < glyphs.size() ? glyphs.get(i + 1) : null;
      String accent = ACCENTS.get(one.text());
      if (accent != null && next != null && isOver(one, next)) {
        joined.add(letter(next, accent));
        i++;
      } else if (accent != null && !joined.isEmpty() && isOver(one, joined.getLast())) {
        joined.set(joined.size() - 1, letter(joined.getLast(), accent));
      } else {
        joined.add(one);
      }
    }
    return joined;
  }

  private static boolean isOver(Glyph accent, Glyph letter) {
    double middle = (accent.left() + accent.right()) / 2;
    return letter.text().length() == 1
        && Character.isLetter(letter.text().charAt(0))
        && middle > letter.left()
        && middle < letter.right()
        && Math.abs(accent.base() - letter.base()) < 0.5 * letter.size();
  }

  private static Glyph letter(Glyph letter, String accent) {
    String composed =
        java.text.Normalizer.normalize(letter.text() + accent, java.text.Normalizer.Form.NFC);
    return new Glyph(
        composed, letter.left(), letter.right(), letter.base(), letter.size(), letter.space());
  }
}

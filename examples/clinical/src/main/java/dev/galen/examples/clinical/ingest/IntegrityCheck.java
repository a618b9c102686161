package dev.galen.examples.clinical.ingest;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentStep;
import dev.galen.examples.clinical.pipeline.QuarantinedException;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Lets those documents through whose text survived its way here, and quarantines the others.
 *
 * <table>
 *   <caption>What is quarantined</caption>
 *   <tr><th>what</th><th>more than</th></tr>
 *   <tr><td>replacement characters (U+FFFD)</td><td>0.2% of the characters that are no white
 *       space</td></tr>
 *   <tr><td>garbage: control characters, private use, unassigned code points, half surrogate pairs,
 *       {@code (cid:12)}</td><td>2%</td></tr>
 *   <tr><td>UTF-8 that was read as Latin-1, such as Ã©</td><td>0.5%</td></tr>
 *   <tr><td>characters that are neither letter, digit nor usual punctuation</td><td>40%, of 100
 *       characters or more</td></tr>
 *   <tr><td>digits</td><td>70%, of 200 characters or more</td></tr>
 *   <tr><td>empty pages (field {@code pages_empty} of {@code pages})</td><td>half of several</td></tr>
 *   <tr><td>confidence of recognised words (field {@code ocr_confidence})</td><td>(less than) 50 of
 *       100</td></tr>
 * </table>
 */
public final class IntegrityCheck implements DocumentStep {
  private static final double REPLACEMENTS = 0.002;
  private static final double GARBAGE = 0.02;
  private static final double MOJIBAKE = 0.005;
  private static final double SYMBOLS = 0.4;
  private static final double DIGITS = 0.7;
  private static final int SHORT = 100;
  private static final int SHORT_DIGITS = 200;
  private static final double CONFIDENCE = 50;

  /** What clinical text is written with besides letters and digits. */
  private static final String PUNCTUATION = ".,;:!?'\"()[]{}/\\-–—_+*=<>%&#@|~^$°±µ×·•’‘“”…≥≤²³";

  /** The check; it has no settings. */
  public IntegrityCheck() {}

  /** What a text is made of, in code points that are no white space. */
  private static final class Census {
    private int characters;
    private int replacements;
    private int garbage;
    private int mojibake;
    private int symbols;
    private int digits;

    Census(String text) {
      for (int i = 0; i < text.length(); ) {
        int c = text.codePointAt(i);
        int next = i + Character.charCount(c);
        if (!Character.isWhitespace(c) && !Character.isSpaceChar(c)) {
          count(text, c, i, next);
        }
        i = next;
      }
    }

    private void count(String text, int c, int at, int next) {
      characters++;
      if (c < 0x80) { // nearly all there is
        if (c >= '0' && c <= '9') {
          digits++;
        } else if (c < ' ' || c == 0x7F) {
          garbage++;
        } else if (c == '(' && text.startsWith("cid:", next)) {
          garbage += 4;
        } else if (!Character.isLetter(c) && PUNCTUATION.indexOf(c) < 0) {
          symbols++;
        }
        return;
      }
      if (c == 0xFFFD) {
        replacements++;
        return;
      }
      switch (Character.getType(c)) {
        case Character.CONTROL, Character.PRIVATE_USE, Character.UNASSIGNED, Character.SURROGATE ->
            garbage++;
        case Character.DECIMAL_DIGIT_NUMBER -> digits++;
        default -> {
          if (!Character.isLetter(c) && PUNCTUATION.indexOf(c) < 0 && !isMark(c)) {
            symbols++;
          }
          if (isMojibake(text, c, next)) {
            mojibake += 2;
          }
        }
      }
    }

    private static boolean isMark(int c) {
      int type = Character.getType(c);
      return type == Character.NON_SPACING_MARK
          || type == Character.COMBINING_SPACING_MARK
          || type == Character.ENCLOSING_MARK
          || type == Character.FORMAT
          || type == Character.OTHER_PUNCTUATION;
    }

    /** The two bytes of a UTF-8 letter read as Latin-1 or windows-1252. */
    private static boolean isMojibake(String text, int c, int next) {
      if (next >= text.length()) {
        return false;
      }
      char second = text.charAt(next);
      return (c == 'Ã' || c == 'Â') && second >= 0x80 && second <= 0xBF
          || c == 'â' && (second == '€' || second == 0x80);
    }
  }

  @Override
  public void apply(Document document, Consumer<Document> out) {
    String reason = reason(document);
    if (reason != null) {
      throw new QuarantinedException(reason);
    }
    out.accept(document);
  }

  /** Why a document is no good; null if it is. */
  public static String reason(Document document) {
    String pages = pages(document);
    if (pages != null) {
      return pages;
    }
    var census = new Census(document.text());
    int all = census.characters;
    if (all == 0) {
      return "no text";
    }
    if (census.replacements > REPLACEMENTS * all) {
      return share("replacement characters", census.replacements, all);
    }
    if (census.garbage > GARBAGE * all) {
      return share("garbage", census.garbage, all);
    }
    if (census.mojibake > MOJIBAKE * all && census.mojibake > 4) {
      return share("UTF-8 read as Latin-1", census.mojibake, all);
    }
    if (all >= SHORT && census.symbols > SYMBOLS * all) {
      return share("symbols", census.symbols, all);
    }
    if (all >= SHORT_DIGITS && census.digits > DIGITS * all) {
      return share("digits", census.digits, all);
    }
    return confidence(document);
  }

  private static String share(String what, int count, int all) {
    return String.format(Locale.ROOT, "%s: %.1f%% of the characters", what, 100.0 * count / all);
  }

  private static String pages(Document document) {
    Double pages = number(document, "pages");
    Double empty = number(document, "pages_empty");
    if (pages == null || empty == null || pages < 2 || 2 * empty <= pages) {
      return null;
    }
    return "%.0f of %.0f pages are empty".formatted(empty, pages);
  }

  private static String confidence(Document document) {
    Double mean = number(document, "ocr_confidence");
    return mean == null || mean >= CONFIDENCE
        ? null
        : String.format(
            Locale.ROOT, "words were recognised with a confidence of %.0f of 100", mean);
  }

  private static Double number(Document document, String field) {
    String value = document.field(field);
    try {
      return value == null ? null : Double.valueOf(value);
    } catch (NumberFormatException e) {
      return null; // the source's own field of that name
    }
  }
}

package dev.galen.examples.clinical.ingest;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.Edits;
import dev.galen.train.data.Origin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A document of pages: each is an annotation {@code page} with its number. Typesetting is undone:
 * ligatures and soft hyphens, and words that a line end broke.
 */
final class PageText {
  private static final Map<Integer, String> LIGATURES =
      Map.of(
          0xFB00, "ff", 0xFB01, "fi", 0xFB02, "fl", 0xFB03, "ffi", 0xFB04, "ffl", 0xFB05, "st",
          0xFB06, "st");

  /** A word, its hyphen (or a soft one) at a line end, and what goes on in the next line. */
  private static final Pattern BROKEN_WORD =
      Pattern.compile(
          "(\\p{L}[\\p{L}\\p{M}]*)([-\u2010\u00ad])[ ]*\\n+(?=([\\p{L}\\d][\\p{L}\\p{M}\\d]*))");

  /** What a hyphen stays behind when nothing in the text says otherwise. */
  private static final Set<String> HYPHENATED =
      Set.of(
          "non", "self", "well", "follow", "x", "t", "half", "left", "right", "low", "high", "long",
          "beta", "alpha", "gamma");

  /** Endings of words of their own: "low-er", "well-ness". */
  private static final Set<String> ENDINGS =
      Set.of("er", "ers", "est", "ness", "ly", "ward", "wards", "ing", "ed");

  private final StringBuilder text = new StringBuilder();
  private final List<Annotation> annotations = new ArrayList<>();
  private int pages;

  /** Begins a page; what is added until {@link #endPage} is on it. */
  int beginPage() {
    if (pages > 0 && !text.isEmpty()) {
      text.append(text.charAt(text.length() - 1) == '\n' ? "\n" : "\n\n");
    }
    pages++;
    return text.length();
  }

  /** Adds text; gives where it begins. */
  int add(String more) {
    int start = text.length();
    text.append(more);
    return start;
  }

  /** Marks what was added from {@code start} on. */
  void mark(int start, String category, Map<String, String> attributes) {
    annotations.add(new Annotation(start, text.length(), category, attributes));
  }

  /** Ends the page that began at {@code start}; whether it has text. */
  boolean endPage(int start) {
    mark(start, "page", Map.of("number", Integer.toString(pages)));
    return !text.substring(start).isBlank();
  }

  /** The document, its typesetting undone. */
  Document document(String id, Map<String, String> fields, Origin origin) {
    var raw = new Document(id, text.toString(), fields, annotations, origin);
    return plain(unbroken(plain(raw, false)), true);
  }

  /**
   * Without ligatures, and for {@code soft} without soft hyphens, which a line end is looked for
   * at.
   */
  private static Document plain(Document document, boolean soft) {
    String text = document.text();
    var edits = new Edits(text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\u00ad' && soft) {
        edits.delete(i, i + 1);
      } else if (c == '\u00a0') {
        edits.replace(i, i + 1, " ");
      } else if (c >= 0xFB00 && c <= 0xFB06) {
        edits.replace(i, i + 1, LIGATURES.get((int) c));
      }
    }
    return edits.applyTo(document);
  }

  private static Document unbroken(Document document) {
    String text = document.text();
    Set<String> words = words(text);
    var edits = new Edits(text);
    Matcher broken = BROKEN_WORD.matcher(text);
    while (broken.find()) {
      String first = broken.group(1);
      String second = broken.group(3);
      int hyphen = broken.start(2);
      if (broken.group(2).equals("\u00ad")) {
        edits.delete(hyphen, broken.end());
      } else if (isOneWord(first, second, words)) {
        edits.delete(hyphen, broken.end());
      } else {
        edits.delete(hyphen + 1, broken.end());
      }
    }
    return edits.applyTo(document);
  }

  /** Whether a hyphen at a line end is the line's, not the word's. */
  private static boolean isOneWord(String first, String second, Set<String> words) {
    if (!Character.isLowerCase(second.codePointAt(0))) {
      return false; // COVID-19, X-Ray
    }
    String one = (first + second).toLowerCase(Locale.ROOT);
    String two = (first + "-" + second).toLowerCase(Locale.ROOT);
    if (words.contains(one) != words.contains(two)) {
      return words.contains(one);
    }
    return !HYPHENATED.contains(first.toLowerCase(Locale.ROOT)) || ENDINGS.contains(second);
  }

  /** The words of a text that no line end breaks, with their hyphens. */
  private static Set<String> words(String text) {
    Set<String> words = new HashSet<>();
    Matcher word = Pattern.compile("\\p{L}[\\p{L}\\p{M}-]*\\p{L}").matcher(text);
    while (word.find()) {
      words.add(word.group().toLowerCase(Locale.ROOT));
    }
    return words;
  }
}

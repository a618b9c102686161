package dev.galen.examples.clinical.structure.tag;

import dev.galen.examples.clinical.document.Annotation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sets findings between {@code <finding>} and {@code </finding>}.
 *
 * <p>A text that holds such a tag itself gets a backslash into it ({@code <\finding>}), and one
 * more where there are some already, so that {@link #strip} gives back exactly the text that {@link
 * #tag} was given, whatever it is. For all other texts stripping is to take the tags out.
 */
public final class FindingTags {
  private static final String OPEN = "<finding>";
  private static final String CLOSE = "</finding>";
  private static final Pattern LOOKALIKE = Pattern.compile("<(\\\\*/?finding>)");
  private static final Pattern ESCAPED = Pattern.compile("<\\\\(\\\\*/?finding>)");

  private FindingTags() {}

  /**
   * The text with tags around the places; of places that overlap, the one that begins first, or the
   * longest of these, is tagged.
   */
  public static String tag(String text, List<Annotation> places) {
    List<Annotation> sorted = new ArrayList<>(places);
    sorted.sort(
        Comparator.comparingInt(Annotation::start)
            .thenComparing(Comparator.comparingInt(Annotation::end).reversed()));
    // Where a tag of the text's own begins, a backslash is put behind its first sign.
    List<Integer> escapes = new ArrayList<>();
    Matcher own = LOOKALIKE.matcher(text);
    while (own.find()) {
      escapes.add(own.start() + 1);
    }
    var tagged = new StringBuilder(text.length() + 20 * sorted.size());
    int copied = 0;
    int escape = 0;
    int last = 0;
    for (Annotation place : sorted) {
      if (place.start() < last || place.start() == place.end()) {
        continue;
      }
      last = place.end();
      for (int end : new int[] {place.start(), place.end()}) {
        while (escape < escapes.size() && escapes.get(escape) <= end) {
          tagged.append(text, copied, escapes.get(escape)).append('\\');
          copied = escapes.get(escape++);
        }
        tagged.append(text, copied, end).append(end == place.start() ? OPEN : CLOSE);
        copied = end;
      }
    }
    while (escape < escapes.size()) {
      tagged.append(text, copied, escapes.get(escape)).append('\\');
      copied = escapes.get(escape++);
    }
    return tagged.append(text, copied, text.length()).toString();
  }

  /** The text that {@link #tag} was given. */
  public static String strip(String tagged) {
    String plain = tagged.replace(OPEN, "").replace(CLOSE, "");
    return ESCAPED.matcher(plain).replaceAll(m -> Matcher.quoteReplacement("<" + m.group(1)));
  }
}

package dev.galen.examples.clinical.clean;

import dev.galen.examples.clinical.document.Edits;
import dev.galen.examples.clinical.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The two functions by which notebooks clean text, character for character as Python does it. */
final class NotebookCleaners {
  /** nltk's English stop words without their apostrophes' forms, which are in no cleaned text. */
  private static final Set<String> STOP_WORDS =
      Set.of(
          ("i me my myself we our ours ourselves you your yours yourself yourselves he him his himself"
                  + " she her hers herself it its itself they them their theirs themselves what which who"
                  + " whom this that these those am is are was were be been being have has had having do"
                  + " does did doing a an the and but if or because as until while of at by for with about"
                  + " against between into through during before after above below to from up down in out"
                  + " on off over under again further then once here there when where why how all any both"
                  + " each few more most other some such no nor not only own same so than too very s t can"
                  + " will just don should now d ll m o re ve y ain aren couldn didn doesn hadn hasn haven"
                  + " isn ma mightn mustn needn shan shouldn wasn weren won wouldn")
              .split(" "));

  private NotebookCleaners() {}

  static Cleaned alphanumeric(String text) {
    List<Edits> steps = new ArrayList<>();
    String lower = lower(text, steps);
    var edits = new Edits(lower);
    for (int i = 0; i < lower.length(); i++) {
      char c = lower.charAt(i);
      boolean kept =
          c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || isSpace(c);
      if (!kept) {
        edits.delete(i, i + 1);
      }
    }
    return cleaned(edits, lower, steps);
  }

  static Cleaned withoutStopWords(String text) {
    List<Edits> steps = new ArrayList<>();
    String lower = lower(text, steps);
    var marks = new Edits(lower);
    for (int i = 0; i < lower.length(); i++) {
      if (isPunctuation(lower.charAt(i))) {
        marks.delete(i, i + 1);
      }
    }
    String bare = add(marks, lower, steps);
    var words = new Edits(bare);
    int end = 0; // of the last word that is kept
    boolean any = false;
    int at = 0;
    while (at < bare.length()) {
      if (isSpace(bare.charAt(at))) {
        at++;
        continue;
      }
      int to = at;
      while (to < bare.length() && !isSpace(bare.charAt(to))) {
        to++;
      }
      if (!STOP_WORDS.contains(bare.substring(at, to))) {
        words.replace(end, at, any ? " " : "");
        any = true;
        end = to;
      }
      at = to;
    }
    words.delete(end, bare.length());
    return cleaned(words, bare, steps);
  }

  /** {@code str.lower()}; a character at a time, so that places stay known. */
  private static String lower(String text, List<Edits> steps) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.equals(text)) {
      return text;
    }
    var edits = new Edits(text);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int size = Character.charCount(c);
      if (Character.isUpperCase(c) || Character.isTitleCase(c)) {
        edits.replace(i, i + size, text.substring(i, i + size).toLowerCase(Locale.ROOT));
      }
      i += size;
    }
    if (!edits.result().equals(lower)) { // a final sigma, which looks at its neighbours
      edits = new Edits(text).replace(0, text.length(), lower);
    }
    return add(edits, text, steps);
  }

  private static String add(Edits edits, String text, List<Edits> steps) {
    if (edits.isEmpty()) {
      return text;
    }
    steps.add(edits);
    return edits.result();
  }

  private static Cleaned cleaned(Edits edits, String text, List<Edits> steps) {
    return new Cleaned(add(edits, text, steps), steps);
  }

  /** What {@code str.isspace} says: Unicode's white space and four separators of ASCII. */
  private static boolean isSpace(char c) {
    return Words.isSpace(c) || c >= 0x1C && c <= 0x1F;
  }

  /** Python's {@code string.punctuation}. */
  private static boolean isPunctuation(char c) {
    return c >= '!' && c <= '/'
        || c >= ':' && c <= '@'
        || c >= '[' && c <= '`'
        || c >= '{' && c <= '~';
  }
}

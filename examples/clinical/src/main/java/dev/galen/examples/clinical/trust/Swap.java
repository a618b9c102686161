package dev.galen.examples.clinical.trust;

import dev.galen.examples.clinical.document.Edits;
import dev.galen.examples.clinical.report.MarkedText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with some words exchanged, so that a model's answer to both can be compared.
 *
 * @param kind what was exchanged: {@code gender}, {@code age}, {@code ethnicity to Black}
 * @param changes from left to right, none of them empty
 * @param original the text before
 */
public record Swap(String kind, List<Change> changes, String original) {
  private static final Pattern ARTICLE = Pattern.compile("\\b([Aa])(n?)\\s+$");

  /**
   * A word that was exchanged.
   *
   * @param start where it begins in the original
   * @param end where it ends
   * @param replacement what stands there instead
   */
  public record Change(int start, int end, String replacement) {}

  /** Copies the list. */
  public Swap {
    changes = List.copyOf(changes);
  }

  /** The changes with those of "a" and "an" that follow from them. */
  static Swap of(String kind, List<Change> words, String text) {
    var all = new ArrayList<>(words);
    for (Change change : words) {
      int from = Math.max(0, change.start() - 12);
      Matcher article = ARTICLE.matcher(text.substring(from, change.start()));
      if (article.find()) {
        boolean vowel = isSpokenWithVowel(change.replacement());
        if (vowel == article.group(2).isEmpty()) {
          all.add(
              new Change(
                  from + article.start(),
                  from + article.end(2),
                  article.group(1) + (vowel ? "n" : "")));
        }
      }
    }
    all.sort(Comparator.comparingInt(Change::start));
    return new Swap(kind, all, text);
  }

  /** "An 85-year-old", "an 18-year-old", "an Asian man", "a European". */
  private static boolean isSpokenWithVowel(String word) {
    if (Character.isDigit(word.charAt(0))) {
      return word.startsWith("8") || word.matches("1[18](?!\\d).*");
    }
    return "aeiouAEIOU".indexOf(word.charAt(0)) >= 0 && !word.matches("(?i)(?:eu|uni|one).*");
  }

  /** The changes as edits, which move spans along. */
  public Edits edits() {
    var edits = new Edits(original);
    changes.forEach(c -> edits.replace(c.start(), c.end(), c.replacement()));
    return edits;
  }

  /** The text with the words exchanged. */
  public String text() {
    return edits().result();
  }

  /** The same with what was exchanged marked. */
  MarkedText marked() {
    var pieces = new ArrayList<MarkedText.Piece>();
    int at = 0;
    for (Change change : changes) {
      pieces.add(new MarkedText.Piece(original.substring(at, change.start()), 0));
      pieces.add(new MarkedText.Piece(change.replacement(), 1));
      at = change.end();
    }
    pieces.add(new MarkedText.Piece(original.substring(at), 0));
    return new MarkedText("The text with the marked words exchanged.", pieces);
  }
}

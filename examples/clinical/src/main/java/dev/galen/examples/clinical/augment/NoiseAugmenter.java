package dev.galen.examples.clinical.augment;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.Edits;
import dev.galen.examples.clinical.text.ProtectedWords;
import dev.galen.examples.clinical.text.Word;
import dev.galen.examples.clinical.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Typing errors in a share of the words: one each, in a word of letters that is not protected. The
 * rate is of all words, numbers and abbreviations included, as long as enough of them may change.
 */
public final class NoiseAugmenter implements Augmenter {
  /** A kind of error. */
  public enum Kind {
    /** A letter becomes its neighbour on an American keyboard. */
    KEYBOARD,
    /** Two letters that differ change places. */
    SWAP,
    /** A letter is missing. */
    DROP,
    /** A letter is in the other case. */
    CASE
  }

  private static final int SHORTEST = 4;
  private static final String[] ROWS = {"qwertyuiop", "asdfghjkl", "zxcvbnm"};

  private final List<Kind> kinds;
  private final double rate;
  private final ProtectedWords kept;

  /**
   * @param kinds what may happen to a word, each as likely as the other
   * @param rate the share of the words that get an error, in (0, 1]
   * @param kept words that get none
   */
  public NoiseAugmenter(Set<Kind> kinds, double rate, ProtectedWords kept) {
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("no kind of noise given; expected at least one");
    }
    this.kinds = List.copyOf(new TreeSet<>(kinds));
    this.rate = Rates.require(rate);
    this.kept = kept;
  }

  @Override
  public String name() {
    return "noise";
  }

  @Override
  public Result apply(Document document, int copy, SplittableRandom random) {
    String text = document.text();
    List<Word> places = new ArrayList<>();
    int words = 0;
    for (Word word : Words.of(text)) {
      words += word.kind() == Word.Kind.SIGN ? 0 : 1;
      if (mayChange(text, word)) {
        places.add(word);
      }
    }
    var edits = new Edits(text);
    int count = Rates.count(rate, words, places.size(), random);
    for (int place : Rates.choose(count, places.size(), random)) {
      Word word = places.get(place);
      String written = word.in(text);
      edits.replace(word.start(), word.end(), wrong(written, random));
    }
    return new Result(count == 0 ? null : edits.applyTo(document), count, words);
  }

  private boolean mayChange(String text, Word word) {
    if (word.kind() != Word.Kind.WORD || word.end() - word.start() < SHORTEST) {
      return false;
    }
    for (int i = word.start(); i < word.end(); i++) {
      char c = text.charAt(i);
      if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')) {
        return false;
      }
    }
    return !kept.contains(word.in(text));
  }

  /** The word with one error, which makes no protected word of it. */
  private String wrong(String word, SplittableRandom random) {
    while (true) {
      Kind kind = kinds.get(random.nextInt(kinds.size()));
      int at = random.nextInt(word.length());
      String other =
          switch (kind) {
            case KEYBOARD -> replaced(word, at, neighbour(word.charAt(at), random));
            case SWAP -> swapped(word, at);
            case DROP -> word.substring(0, at) + word.substring(at + 1);
            case CASE -> replaced(word, at, flipped(word.charAt(at)));
          };
      if (other.equals(word)) {
        if (kinds.equals(List.of(Kind.SWAP)) && word.chars().distinct().count() == 1) {
          return word; // such as "aaaa", in which nothing can be swapped
        }
        continue;
      }
      if (!ProtectedWords.isNegation(other.toLowerCase(Locale.ROOT))) {
        return other;
      }
    }
  }

  private static String replaced(String word, int at, char c) {
    return word.substring(0, at) + c + word.substring(at + 1);
  }

  private static String swapped(String word, int at) {
    if (at + 1 == word.length()) {
      return word;
    }
    return word.substring(0, at) + word.charAt(at + 1) + word.charAt(at) + word.substring(at + 2);
  }

  private static char flipped(char c) {
    return Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c);
  }

  private static char neighbour(char c, SplittableRandom random) {
    char lower = Character.toLowerCase(c);
    for (int row = 0; row < ROWS.length; row++) {
      int at = ROWS[row].indexOf(lower);
      if (at >= 0) {
        var near = new StringBuilder();
        for (int r = row - 1; r <= row + 1; r++) {
          for (int k = at - 1; k <= at + 1; k++) {
            boolean key = r >= 0 && r < ROWS.length && k >= 0 && k < ROWS[r].length();
            if (key && !(r == row && k == at)) {
              near.append(ROWS[r].charAt(k));
            }
          }
        }
        char other = near.charAt(random.nextInt(near.length()));
        return Character.isUpperCase(c) ? Character.toUpperCase(other) : other;
      }
    }
    return c;
  }
}

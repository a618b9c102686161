package dev.galen.examples.clinical.clean;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.Edits;
import dev.galen.examples.clinical.text.ProtectedWords;
import dev.galen.examples.clinical.text.Word;
import dev.galen.examples.clinical.text.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Puts words of a lexicon in the place of words that are a letter or two away from one. It touches
 * no number, no unit, no drug, no abbreviation, no negation ({@link ProtectedWords}), nothing
 * before a dose, and no word that begins with a capital within a sentence, which is likely a name.
 *
 * <p>A word of four letters or more is corrected at a distance of 1, one of eight at 2, where the
 * first letter is the same and one word of the lexicon is the only one at the least distance, or
 * ten times as frequent as the next. Each correction is an annotation {@code spelling} whose
 * attribute {@code was} holds what was written; {@link #undo} puts it back.
 */
public final class SpellingCorrector {
  /** The category of the annotations. */
  public static final String CATEGORY = "spelling";

  private static final int SHORTEST = 4;
  private static final int SHORTEST_FOR_TWO = 8;
  private static final int MORE_FREQUENT = 10;
  private static final int MOST_KEPT = 100_000;

  private final Lexicon lexicon;
  private final ProtectedWords kept;
  private final Map<String, Optional<String>> known = new ConcurrentHashMap<>();

  /** One that corrects to words of {@code lexicon} and leaves {@code kept} as they are. */
  public SpellingCorrector(Lexicon lexicon, ProtectedWords kept) {
    this.lexicon = lexicon;
    this.kept = kept;
  }

  /** The document with its text corrected. */
  public Document apply(Document document) {
    String text = document.text();
    var edits = new Edits(text);
    List<int[]> places = new ArrayList<>();
    List<String> was = new ArrayList<>();
    List<Word> words = Words.of(text);
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      if (!mayChange(text, words, i)) {
        continue;
      }
      String written = word.in(text);
      String better = correction(written.toLowerCase(Locale.ROOT));
      if (better != null) {
        better =
            Character.isUpperCase(written.charAt(0))
                ? better.substring(0, 1).toUpperCase(Locale.ROOT) + better.substring(1)
                : better;
        edits.replace(word.start(), word.end(), better);
        places.add(new int[] {word.start(), word.end()});
        was.add(written);
      }
    }
    if (edits.isEmpty()) {
      return document;
    }
    Document corrected = edits.applyTo(document);
    var annotations = new ArrayList<>(corrected.annotations());
    for (int i = 0; i < places.size(); i++) {
      annotations.add(
          new Annotation(
              edits.newStart(places.get(i)[0]),
              edits.newEnd(places.get(i)[1]),
              CATEGORY,
              Map.of("was", was.get(i))));
    }
    return corrected.withAnnotations(annotations);
  }

  /** The document with every correction taken back. */
  public static Document undo(Document document) {
    var edits = new Edits(document.text());
    document.annotations().stream()
        .filter(a -> a.category().equals(CATEGORY) && a.attributes().containsKey("was"))
        .sorted(Comparator.comparingInt(Annotation::start))
        .forEach(a -> edits.replace(a.start(), a.end(), a.attributes().get("was")));
    Document before = edits.applyTo(document);
    return before.withAnnotations(
        before.annotations().stream().filter(a -> !a.category().equals(CATEGORY)).toList());
  }

  private boolean mayChange(String text, List<Word> words, int at) {
    Word word = words.get(at);
    if (word.kind() != Word.Kind.WORD || word.end() - word.start() < SHORTEST) {
      return false;
    }
    for (int i = word.start(); i < word.end(); i++) {
      if (!Character.isLetter(text.charAt(i))) {
        return false;
      }
    }
    boolean first = at == 0 || isEnd(words.get(at - 1), text) || startsLine(text, word.start());
    if (Character.isUpperCase(text.charAt(word.start())) && !first) {
      return false;
    }
    boolean beforeDose =
        at + 1 < words.size()
            && words.get(at + 1).kind() == Word.Kind.NUMBER
            && words.get(at + 1).start() - word.end() <= 1;
    return !beforeDose && !kept.contains(word.in(text));
  }

  private static boolean isEnd(Word word, String text) {
    return word.kind() == Word.Kind.SIGN && ".!?:".indexOf(text.charAt(word.start())) >= 0;
  }

  private static boolean startsLine(String text, int at) {
    return text.charAt(at - 1) == '\n';
  }

  /** What a word in small letters should be; null if it stays. */
  private String correction(String word) {
    if (lexicon.contains(word)) {
      return null;
    }
    Optional<String> found = known.get(word);
    if (found == null) {
      found = Optional.ofNullable(find(word));
      if (known.size() < MOST_KEPT) {
        known.put(word, found);
      }
    }
    return found.orElse(null);
  }

  private String find(String word) {
    int most = word.length() >= SHORTEST_FOR_TWO ? 2 : 1;
    String best = null;
    long frequency = 0;
    long next = 0;
    int distance = most + 1;
    for (int length = word.length() - most; length <= word.length() + most; length++) {
      for (String candidate : lexicon.words(word.charAt(0), length)) {
        int away = EditDistance.of(word, candidate, Math.min(most, distance));
        long count = lexicon.frequency(candidate);
        if (away < distance) {
          distance = away;
          best = candidate;
          frequency = count;
          next = 0;
        } else if (away == distance && away <= most) {
          next = Math.max(next, Math.min(count, frequency));
          best = count > frequency ? candidate : best;
          frequency = Math.max(frequency, count);
        }
      }
    }
    // A plural or another form of a word of the lexicon is no error; a drug is never put in.
    boolean form = best != null && (isForm(word, best) || isForm(best, word));
    boolean certain = next == 0 || frequency >= MORE_FREQUENT * next;
    return best == null || form || !certain || kept.contains(best) ? null : best;
  }

  private static boolean isForm(String longer, String shorter) {
    if (!longer.startsWith(shorter.substring(0, shorter.length() - 1))) {
      return false;
    }
    for (String ending :
        new String[] {"s", "es", "ed", "d", "ly", "al", "ic", "y", "er", "a", "ae"}) {
      if (longer.equals(shorter + ending)) {
        return true;
      }
    }
    return longer.equals(shorter.substring(0, shorter.length() - 1) + "ies");
  }
}

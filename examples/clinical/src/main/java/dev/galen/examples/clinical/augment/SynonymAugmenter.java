package dev.galen.examples.clinical.augment;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.Edits;
import dev.galen.examples.clinical.text.ProtectedWords;
import dev.galen.examples.clinical.text.Word;
import dev.galen.examples.clinical.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Puts synonyms in the place of a share of the words, at least one where there is one: phrases of
 * dictionaries, the longest first, else words of WordNet. It touches no negation, number, unit or
 * drug, puts none in, keeps the case of the first letter, and makes "a" of "an" where it has to.
 */
public final class SynonymAugmenter implements Augmenter {
  private final List<SynonymDictionary> dictionaries;
  private final WordNet wordNet;
  private final double rate;
  private final ProtectedWords kept;

  /**
   * @param dictionaries those of phrases; the first that knows one counts
   * @param wordNet for words that no dictionary knows; null for none
   * @param rate the share of the words that are changed, in (0, 1]
   * @param kept words that WordNet may not change
   */
  public SynonymAugmenter(
      List<SynonymDictionary> dictionaries, WordNet wordNet, double rate, ProtectedWords kept) {
    this.dictionaries = List.copyOf(dictionaries);
    this.wordNet = wordNet;
    this.rate = Rates.require(rate);
    this.kept = kept;
  }

  @Override
  public String name() {
    return "synonyms";
  }

  /** A phrase of a text, and what may stand in its place. */
  private record Place(int first, int last, List<String> synonyms) {}

  @Override
  public Result apply(Document document, int copy, SplittableRandom random) {
    String text = document.text();
    List<Word> words = Words.of(text);
    int count = 0;
    for (Word word : words) {
      count += word.kind() == Word.Kind.SIGN ? 0 : 1;
    }
    List<Place> places = places(text, words);
    if (places.isEmpty()) {
      return new Result(null, 0, count);
    }
    int wanted = Math.max(1, Rates.count(rate, count, places.size(), random));
    var edits = new Edits(text);
    int changed = 0;
    int done = 0;
    for (int at : Rates.choose(wanted, places.size(), random)) {
      Place place = places.get(at);
      String synonym = place.synonyms().get(random.nextInt(place.synonyms().size()));
      replace(text, words, place, synonym, done, edits);
      done = words.get(place.last()).end();
      changed += place.last() - place.first() + 1;
    }
    return new Result(edits.applyTo(document), changed, count);
  }

  private List<Place> places(String text, List<Word> words) {
    List<Place> places = new ArrayList<>();
    int at = 0;
    while (at < words.size()) {
      Place place = phrase(text, words, at);
      if (place == null) {
        at++;
      } else {
        places.add(place);
        at = place.last() + 1;
      }
    }
    return places;
  }

  /** The longest phrase of a dictionary that begins with a word, or the word in WordNet. */
  private Place phrase(String text, List<Word> words, int first) {
    if (words.get(first).kind() != Word.Kind.WORD) {
      return null;
    }
    for (SynonymDictionary dictionary : dictionaries) {
      int last = lastOfPhrase(text, words, first, dictionary.longest());
      for (; last >= first; last--) {
        List<String> synonyms = allowed(dictionary.of(joined(text, words, first, last)));
        if (!synonyms.isEmpty()) {
          return new Place(first, last, synonyms);
        }
      }
    }
    String word = words.get(first).in(text);
    if (wordNet == null || kept.contains(word) || isNameWithin(text, words, first)) {
      return null;
    }
    List<String> synonyms = wordNet.of(word.toLowerCase(Locale.ROOT));
    return synonyms.isEmpty() ? null : new Place(first, first, synonyms);
  }

  /** How far a phrase may go: over words with one space between, none of them protected. */
  private static int lastOfPhrase(String text, List<Word> words, int first, int longest) {
    int last = first - 1;
    while (last + 1 < words.size() && last - first + 1 < longest) {
      Word next = words.get(last + 1);
      boolean adjacent =
          last < first
              || next.start() - words.get(last).end() == 1 && text.charAt(next.start() - 1) == ' ';
      if (!adjacent || next.kind() != Word.Kind.WORD || isFact(next.in(text))) {
        break;
      }
      last++;
    }
    return last;
  }

  private static boolean isFact(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    return ProtectedWords.isNegation(lower)
        || ProtectedWords.isUnit(lower)
        || ProtectedWords.isDrug(lower);
  }

  /** Without those that would bring a negation, a number or a drug. */
  private static List<String> allowed(List<String> synonyms) {
    return synonyms.stream()
        .filter(
            phrase ->
                Words.of(phrase).stream()
                    .noneMatch(w -> w.kind() == Word.Kind.NUMBER || isFact(w.in(phrase))))
        .toList();
  }

  private static String joined(String text, List<Word> words, int first, int last) {
    return text.substring(words.get(first).start(), words.get(last).end()).toLowerCase(Locale.ROOT);
  }

  /** A word with a capital that begins no sentence is likely a name. */
  private static boolean isNameWithin(String text, List<Word> words, int at) {
    if (!Character.isUpperCase(text.charAt(words.get(at).start())) || at == 0) {
      return false;
    }
    Word before = words.get(at - 1);
    boolean line = text.substring(before.end(), words.get(at).start()).indexOf('\n') >= 0;
    return !line && ".!?:".indexOf(text.charAt(before.end() - 1)) < 0;
  }

  private static void replace(
      String text, List<Word> words, Place place, String synonym, int done, Edits edits) {
    Word first = words.get(place.first());
    if (place.first() > 0) {
      Word article = words.get(place.first() - 1);
      String written = article.in(text);
      String lower = written.toLowerCase(Locale.ROOT);
      boolean vowel = "aeiou".indexOf(Character.toLowerCase(synonym.charAt(0))) >= 0;
      boolean wrong = lower.equals("a") && vowel || lower.equals("an") && !vowel;
      if (wrong && article.start() >= done && first.start() - article.end() == 1) {
        edits.replace(article.start(), article.end(), written.charAt(0) + (vowel ? "n" : ""));
      }
    }
    String written = text.substring(first.start(), words.get(place.last()).end());
    edits.replace(first.start(), words.get(place.last()).end(), inCaseOf(written, synonym));
  }

  private static String inCaseOf(String written, String synonym) {
    boolean capitals = written.length() > 3 && written.equals(written.toUpperCase(Locale.ROOT));
    if (capitals) {
      return synonym.toUpperCase(Locale.ROOT);
    }
    return Character.isUpperCase(written.charAt(0))
        ? synonym.substring(0, 1).toUpperCase(Locale.ROOT) + synonym.substring(1)
        : synonym;
  }
}

package dev.galen.examples.clinical.baseline;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Texts as vectors of their words' weights: tf · idf, of Euclidean length 1, with idf = ln((1 + n)
 * / (1 + df)) + 1 over n texts, of which df have the word (Spärck Jones, "A statistical
 * interpretation of term specificity and its application in retrieval", 1972; smoothed as
 * scikit-learn's {@code TfidfVectorizer} does it, whose defaults these are). Words are runs of two
 * or more letters, digits and underscores, in lower case.
 */
public final class TfIdf {
  /**
   * What counts as a feature.
   *
   * @param words the most words of a feature, 1 for single ones, 2 for pairs besides
   * @param minTexts the fewest texts that have it
   * @param sublinear whether a word that occurs tf times counts 1 + ln(tf) times
   */
  public record Settings(int words, int minTexts, boolean sublinear) {
    /** scikit-learn's. */
    public static final Settings DEFAULT = new Settings(1, 1, false);

    /** Checks the numbers. */
    public Settings {
      if (words < 1 || minTexts < 1) {
        throw new IllegalArgumentException(
            "words is %d and minTexts %d, must be at least 1".formatted(words, minTexts));
      }
    }
  }

  private final Settings settings;
  private final Map<String, Integer> places = new TreeMap<>();
  private final double[] idf;

  private TfIdf(Settings settings, List<String> texts) {
    this.settings = settings;
    var found = new TreeMap<String, Integer>();
    for (String text : texts) {
      new HashSet<>(features(text)).forEach(feature -> found.merge(feature, 1, Integer::sum));
    }
    found.values().removeIf(count -> count < settings.minTexts());
    idf = new double[found.size()];
    found.forEach(
        (feature, count) -> {
          idf[places.size()] = Math.log((1.0 + texts.size()) / (1.0 + count)) + 1;
          places.put(feature, places.size());
        });
    if (places.isEmpty()) {
      throw new IllegalArgumentException(
          "no word of two letters or more occurs in %d of the %d texts"
              .formatted(settings.minTexts(), texts.size()));
    }
  }

  /** Learns the features of texts and how rare each is. */
  public static TfIdf of(List<String> texts, Settings settings) {
    return new TfIdf(settings, texts);
  }

  /** The number of features. */
  public int size() {
    return idf.length;
  }

  /** A text's weights; words that were not learned are left out. */
  public SparseVector vector(String text) {
    var counts = new TreeMap<Integer, Integer>();
    for (String feature : features(text)) {
      Integer place = places.get(feature);
      if (place != null) {
        counts.merge(place, 1, Integer::sum);
      }
    }
    var indices = new int[counts.size()];
    var values = new double[counts.size()];
    double squares = 0;
    int at = 0;
    for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
      double tf = settings.sublinear() ? 1 + Math.log(entry.getValue()) : entry.getValue();
      indices[at] = entry.getKey();
      values[at] = tf * idf[entry.getKey()];
      squares += values[at] * values[at];
      at++;
    }
    double length = Math.sqrt(squares);
    for (int i = 0; i < values.length; i++) {
      values[i] /= length;
    }
    return new SparseVector(indices, values);
  }

  /** The vectors of texts. */
  public List<SparseVector> vectors(List<String> texts) {
    return texts.stream().map(this::vector).toList();
  }

  private List<String> features(String text) {
    List<String> words = words(text);
    if (settings.words() == 1) {
      return words;
    }
    var features = new ArrayList<String>(words);
    for (int n = 2; n <= settings.words(); n++) {
      for (int i = 0; i + n <= words.size(); i++) {
        features.add(String.join(" ", words.subList(i, i + n)));
      }
    }
    return features;
  }

  /** The words of a text: what {@code (?u)\b\w\w+\b} finds in Python. */
  static List<String> words(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    var words = new ArrayList<String>();
    int start = -1;
    int length = 0;
    int at = 0;
    while (at <= lower.length()) {
      int character = at < lower.length() ? lower.codePointAt(at) : ' ';
      if (isOfWord(character)) {
        start = start < 0 ? at : start;
        length++;
      } else {
        if (length > 1) {
          words.add(lower.substring(start, at));
        }
        start = -1;
        length = 0;
      }
      at += Character.charCount(character);
    }
    return words;
  }

  /** As Python's {@code \w}: no combining marks, but every kind of number. */
  private static boolean isOfWord(int character) {
    return character == '_'
        || Character.isLetter(character)
        || switch (Character.getType(character)) {
          case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
              true;
          default -> false;
        };
  }
}

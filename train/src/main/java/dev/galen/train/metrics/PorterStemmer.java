package dev.galen.train.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Strips English suffixes: "relational" and "relations" become "relat" (Porter, "An algorithm for
 * suffix stripping", Program 14(3), 1980). Gives the same stems as nltk's stemmer in each of its
 * modes; ROUGE uses the default one.
 *
 * <p>The <i>measure</i> m of a stem is the number of times a vowel is followed by a consonant; y is
 * a vowel after a consonant. In each step the first rule whose suffix fits decides, even if its
 * condition on the remaining stem then forbids the change. Characters other than a, e, i, o, u and
 * y are consonants; one outside the basic plane counts as two. Irregular forms are found in any
 * case, as in nltk 3.10 (3.8 finds them in lower case only). Immutable and thread-safe.
 */
public final class PorterStemmer {

  /** Which variant of the algorithm. */
  public enum Mode {
    /**
     * nltk's improvements on top of Martin Porter's: a table of irregular forms, "ties" to "tie"
     * but "flies" to "fli", y to i only after a consonant, some step 2 rules.
     */
    NLTK_EXTENSIONS,
    /** The author's own later changes: short words kept, -bli and -logi. */
    MARTIN_EXTENSIONS,
    /** The paper to the letter. */
    ORIGINAL_ALGORITHM
  }

  private static final Map<String, String> IRREGULAR =
      Map.ofEntries(
          Map.entry("sky", "sky"),
          Map.entry("skies", "sky"),
          Map.entry("dying", "die"),
          Map.entry("lying", "lie"),
          Map.entry("tying", "tie"),
          Map.entry("news", "news"),
          Map.entry("innings", "inning"),
          Map.entry("inning", "inning"),
          Map.entry("outings", "outing"),
          Map.entry("outing", "outing"),
          Map.entry("cannings", "canning"),
          Map.entry("canning", "canning"),
          Map.entry("howe", "howe"),
          Map.entry("proceed", "proceed"),
          Map.entry("exceed", "exceed"),
          Map.entry("succeed", "succeed"));

  /** Replaces a suffix where the stem before it meets the condition. */
  private record Rule(String suffix, String replacement, Predicate<String> condition) {}

  private static final List<Rule> PLURALS = rules(stem -> true, "sses:ss ies:i ss:ss s:");

  private static final List<Rule> REPAIRS = rules(stem -> true, "at:ate bl:ble iz:ize");

  private static final List<Rule> NOUNS = // step 3
      rules(PorterStemmer::hasMeasure, "icate:ic ative: alize:al iciti:ic ical:ic ful: ness:");

  private static final List<Rule> ENDINGS = endings();

  private final Mode mode;
  private final List<Rule> doubleSuffixes; // step 2

  /** A stemmer in nltk's default mode. */
  public PorterStemmer() {
    this(Mode.NLTK_EXTENSIONS);
  }

  /** A stemmer in the given mode. */
  public PorterStemmer(Mode mode) {
    this.mode = mode;
    this.doubleSuffixes = doubleSuffixes(mode);
  }

  /** The stem of a word in lower case; the word may be empty. */
  public String stem(String word) {
    var lower = word.toLowerCase(Locale.ROOT);
    if (mode == Mode.NLTK_EXTENSIONS && IRREGULAR.containsKey(lower)) {
      return IRREGULAR.get(lower);
    }
    if (mode != Mode.ORIGINAL_ALGORITHM && word.length() <= 2) {
      return lower;
    }
    var stem = stripPlural(lower);
    stem = stripPast(stem);
    stem = softenY(stem);
    stem = stripDouble(stem);
    stem = apply(NOUNS, stem);
    stem = apply(ENDINGS, stem);
    stem = stripFinalE(stem);
    return stem.endsWith("ll") && measure(cut(stem, 1)) > 1 ? cut(stem, 1) : stem;
  }

  /** Step 1a. */
  private String stripPlural(String word) {
    if (mode == Mode.NLTK_EXTENSIONS && word.length() == 4 && word.endsWith("ies")) {
      return cut(word, 1);
    }
    return apply(PLURALS, word);
  }

  /** Step 1b: -eed, -ed and -ing. */
  private String stripPast(String word) {
    if (mode == Mode.NLTK_EXTENSIONS && word.endsWith("ied")) {
      return cut(word, word.length() == 4 ? 1 : 2);
    }
    if (word.endsWith("eed")) {
      return measure(cut(word, 3)) > 0 ? cut(word, 1) : word;
    }
    for (var suffix : List.of("ed", "ing")) {
      if (word.endsWith(suffix) && containsVowel(cut(word, suffix.length()))) {
        return repair(cut(word, suffix.length()));
      }
    }
    return word;
  }

  /** What step 1b leaves gets its e back, or loses half of a doubled consonant. */
  private String repair(String stem) {
    var repaired = apply(REPAIRS, stem);
    if (!repaired.equals(stem)) {
      return repaired;
    }
    if (endsWithDoubleConsonant(stem)) {
      return "lsz".indexOf(stem.charAt(stem.length() - 1)) >= 0 ? stem : cut(stem, 1);
    }
    return measure(stem) == 1 && endsWithShortSyllable(stem) ? stem + "e" : stem;
  }

  /** Step 1c: y to i. */
  private String softenY(String word) {
    if (!word.endsWith("y")) {
      return word;
    }
    var stem = cut(word, 1);
    boolean soften =
        mode == Mode.NLTK_EXTENSIONS
            ? stem.length() > 1 && consonants(stem)[stem.length() - 1]
            : containsVowel(stem);
    return soften ? stem + "i" : word;
  }

  /** Step 2. */
  private String stripDouble(String word) {
    if (mode == Mode.NLTK_EXTENSIONS && word.endsWith("alli") && measure(cut(word, 4)) > 0) {
      return stripDouble(cut(word, 2));
    }
    return apply(doubleSuffixes, word);
  }

  /** Step 5a. */
  private String stripFinalE(String word) {
    if (!word.endsWith("e")) {
      return word;
    }
    var stem = cut(word, 1);
    int measure = measure(stem);
    return measure > 1 || (measure == 1 && !endsWithShortSyllable(stem)) ? stem : word;
  }

  private static List<Rule> doubleSuffixes(Mode mode) {
    var rules =
        new ArrayList<Rule>(
            rules(
                PorterStemmer::hasMeasure, "ational:ate tional:tion enci:ence anci:ance izer:ize"));
    rules.addAll(
        rules(
            PorterStemmer::hasMeasure, mode == Mode.ORIGINAL_ALGORITHM ? "abli:able" : "bli:ble"));
    rules.addAll(
        rules(
            PorterStemmer::hasMeasure,
            "alli:al entli:ent eli:e ousli:ous ization:ize ation:ate ator:ate alism:al"
                + " iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble"));
    if (mode == Mode.NLTK_EXTENSIONS) {
      rules.addAll(rules(PorterStemmer::hasMeasure, "fulli:ful"));
      // The l belongs to the stem that is measured, so that "geologi" changes too.
      rules.add(new Rule("logi", "log", stem -> measure(stem + "l") > 0));
    } else if (mode == Mode.MARTIN_EXTENSIONS) {
      rules.addAll(rules(PorterStemmer::hasMeasure, "logi:log"));
    }
    return List.copyOf(rules);
  }

  /** Step 4. */
  private static List<Rule> endings() {
    Predicate<String> afterSOrT =
        stem -> measure(stem) > 1 && (stem.endsWith("s") || stem.endsWith("t"));
    var rules =
        new ArrayList<Rule>(
            rules(
                PorterStemmer::hasLongMeasure,
                "al: ance: ence: er: ic: able: ible: ant: ement: ment: ent:"));
    rules.add(new Rule("ion", "", afterSOrT));
    rules.addAll(rules(PorterStemmer::hasLongMeasure, "ou: ism: ate: iti: ous: ive: ize:"));
    return List.copyOf(rules);
  }

  /** Rules that share a condition, each written as "suffix:replacement". */
  private static List<Rule> rules(Predicate<String> condition, String table) {
    return Stream.of(table.split(" "))
        .map(rule -> rule.split(":", 2))
        .map(rule -> new Rule(rule[0], rule[1], condition))
        .toList();
  }

  private static String apply(List<Rule> rules, String word) {
    for (var rule : rules) {
      if (word.endsWith(rule.suffix)) {
        var stem = cut(word, rule.suffix.length());
        return rule.condition.test(stem) ? stem + rule.replacement : word;
      }
    }
    return word;
  }

  private static String cut(String word, int letters) {
    return word.substring(0, word.length() - letters);
  }

  /** For each letter whether it is a consonant. */
  private static boolean[] consonants(String word) {
    var consonants = new boolean[word.length()];
    for (int i = 0; i < consonants.length; i++) {
      char letter = word.charAt(i);
      consonants[i] = letter == 'y' ? i == 0 || !consonants[i - 1] : "aeiou".indexOf(letter) < 0;
    }
    return consonants;
  }

  private static int measure(String stem) {
    var consonants = consonants(stem);
    int measure = 0;
    for (int i = 1; i < consonants.length; i++) {
      if (consonants[i] && !consonants[i - 1]) {
        measure++;
      }
    }
    return measure;
  }

  private static boolean hasMeasure(String stem) {
    return measure(stem) > 0;
  }

  private static boolean hasLongMeasure(String stem) {
    return measure(stem) > 1;
  }

  private static boolean containsVowel(String stem) {
    for (boolean consonant : consonants(stem)) {
      if (!consonant) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsWithDoubleConsonant(String stem) {
    int last = stem.length() - 1;
    return last >= 1 && stem.charAt(last) == stem.charAt(last - 1) && consonants(stem)[last];
  }

  /** Consonant, vowel, consonant other than w, x and y; for nltk also a word like "at". */
  private boolean endsWithShortSyllable(String stem) {
    var consonants = consonants(stem);
    int last = consonants.length - 1;
    if (last < 1 || !consonants[last] || consonants[last - 1]) {
      return false;
    }
    return last == 1
        ? mode == Mode.NLTK_EXTENSIONS
        : consonants[last - 2] && "wxy".indexOf(stem.charAt(last)) < 0;
  }
}

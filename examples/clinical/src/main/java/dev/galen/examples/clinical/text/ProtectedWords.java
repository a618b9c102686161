package dev.galen.examples.clinical.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Words that no program may exchange for others: negations and what limits a statement, numbers and
 * units, drugs, and abbreviations. A word counts as a drug if it is one of some hundred common ones
 * or ends as their international names do, such as {@code -pril} or {@code -mycin}.
 */
public final class ProtectedWords {
  private static final Set<String> NEGATIONS =
      Set.of(
          ("no not none nor neither never without cannot nothing nobody nowhere absent absence negative"
                  + " denies denied deny denying declines declined ruled rule unremarkable free lacks lack"
                  + " fails failed unlikely possible possibly probable probably likely may might could"
                  + " questionable suspected suspicious versus except if unless hardly barely rarely"
                  + " resolved unable nonspecific normal abnormal positive stable unstable left right"
                  + " bilateral unilateral upper lower increased decreased increase decrease more less"
                  + " first second third one two three four five six seven eight nine ten once twice"
                  + " half double daily weekly monthly hourly nightly before after")
              .split(" "));
  private static final Set<String> UNITS =
      Set.of(
          ("mg mcg \u00B5g \u03BCg ug g gm gram grams kg lb lbs pound pounds oz ounce ounces ml cc l dl"
                  + " liter liters litre litres mm cm m in inch inches ft feet mmhg cmh2o kpa mmol meq"
                  + " mol umol nmol pmol miu iu unit units percent degree degrees celsius fahrenheit bpm"
                  + " min mins minute minutes sec second seconds hr hrs hour hours day days week weeks"
                  + " month months year years hz mv mev gy tablet tablets tab tabs capsule capsules puff"
                  + " puffs drop drops spray sprays dose doses")
              .split(" "));
  private static final List<String> STEMS =
      List.of(
          "pril",
          "prilat",
          "sartan",
          "olol",
          "alol",
          "dipine",
          "statin",
          "cillin",
          "mycin",
          "micin",
          "floxacin",
          "cycline",
          "azole",
          "conazole",
          "vir",
          "mab",
          "tinib",
          "gliptin",
          "gliflozin",
          "glutide",
          "parin",
          "xaban",
          "gatran",
          "platin",
          "taxel",
          "rubicin",
          "azepam",
          "azolam",
          "barbital",
          "caine",
          "codone",
          "morphone",
          "fentanil",
          "setron",
          "prazole",
          "tidine",
          "triptan",
          "oxetine",
          "azine",
          "dronate",
          "thiazide",
          "semide",
          "terol",
          "tropium",
          "sone",
          "solone",
          "penem",
          "sulfa",
          "amide",
          "triptyline",
          "gabalin",
          "lukast",
          "profen",
          "coxib");
  private static final int SHORTEST_WITH_STEM = 7;

  private static final Set<String> DRUGS = drugs();

  private final Set<String> more;

  private ProtectedWords(Set<String> more) {
    this.more = more;
  }

  /** Those that Galen knows. */
  public static ProtectedWords standard() {
    return new ProtectedWords(Set.of());
  }

  /** These and others, such as the drugs of a formulary. */
  public ProtectedWords and(Iterable<String> words) {
    var all = new HashSet<>(more);
    for (String word : words) {
      all.add(word.strip().toLowerCase(Locale.ROOT));
    }
    return new ProtectedWords(Set.copyOf(all));
  }

  /** Whether a word, as it is written, may not be exchanged. */
  public boolean contains(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    return more.contains(lower)
        || isNegation(lower)
        || isUnit(lower)
        || isDrug(lower)
        || isAbbreviation(word);
  }

  /** Whether a word in small letters negates or limits what is said, or counts. */
  public static boolean isNegation(String lower) {
    return NEGATIONS.contains(lower)
        || lower.endsWith("n't")
        || lower.endsWith("n\u2019t")
        || lower.startsWith("non-");
  }

  /** Whether a word in small letters is a unit. */
  public static boolean isUnit(String lower) {
    return UNITS.contains(lower);
  }

  /** Whether a word in small letters is, or looks like, a drug. */
  public static boolean isDrug(String lower) {
    if (DRUGS.contains(lower)) {
      return true;
    }
    if (lower.length() < SHORTEST_WITH_STEM) {
      return false;
    }
    for (String stem : STEMS) {
      if (lower.endsWith(stem)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a word is written as abbreviations are: with a dot or a digit inside, capital letters
   * behind its first, or two letters at most.
   */
  public static boolean isAbbreviation(String word) {
    int letters = 0;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == '.' || Character.isDigit(c) || i > 0 && Character.isUpperCase(c)) {
        return true;
      }
      letters += Character.isLetter(c) ? 1 : 0;
    }
    return letters <= 2;
  }

  private static Set<String> drugs() {
    var drugs = new HashSet<String>();
    try (var in = ProtectedWords.class.getResourceAsStream("drugs.txt");
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line; (line = lines.readLine()) != null; ) {
        if (!line.startsWith("#")) {
          drugs.addAll(List.of(line.split(" ")));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("drugs.txt of the jar cannot be read", e);
    }
    return Set.copyOf(drugs);
  }
}

package dev.galen.examples.clinical.trust;

import dev.galen.examples.clinical.trust.Swap.Change;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counterfactual swaps: the same text about a person of the other gender, of another age, of
 * another ethnic descriptor. Grammar is kept: "her" becomes "him" or "his", "a 55-year-old" becomes
 * "a 25-year-old", "a white man" "an Asian man". Nothing is touched inside of the names of drugs,
 * diseases and signs (white matter, German measles, HER2, Hers disease, Dr. White).
 *
 * <p>Texts about what one sex alone has (a pregnancy, a prostate) have no swap of gender; given
 * names stay.
 */
public final class Swaps {
  /** How the kinds of swaps of ethnic descriptors begin. */
  static final String ETHNICITY = "ethnicity to ";

  private static final List<String> ETHNIC = List.of("white", "Black", "Asian", "Hispanic");

  private static final Pattern ONE_SEX =
      Pattern.compile(
          "(?i)\\b(?:pregnan\\w*|gravid\\w*|g\\d+ ?p\\d+|para \\d|uter(?:us|ine)|ovar\\w+|cervix|pap"
              + " (?:smear|test)|menopaus\\w*|postmenopaus\\w*|perimenopaus\\w*|menstru\\w*|menses|"
              + "vagin\\w*|vulv\\w*|hysterectom\\w*|mammogra\\w*|breasts?|prostat\\w*|testic\\w*|"
              + "testes|scrot\\w*|penis|penile|erectile|psa|sperm\\w*|lmp|obstetric\\w*|"
              + "gyn[ae]+colog\\w*|(?:pre)?eclampsia|vasectom\\w*|circumcis\\w*|ejaculat\\w*|"
              + "endometri\\w*|fallopian|postpartum|antepartum|trimester|gestation\\w*|lactating|"
              + "c-section|cesarean|orchi\\w*|epididym\\w*|hypospadias|cervical cancer|"
              + "dysmenorrh\\w*|amenorrh\\w*)\\b");

  private static final Pattern AGE =
      Pattern.compile(
          "(?<![\\d.,/-])(\\d{2})(?=(?:[- ]?(?:years?|yrs?)[- ]old\\b|[- ]?(?:y/o|y\\.o\\.|yo)(?!\\w)))"
              + "|(?<=\\b(?:[Aa]ged?|[Aa]ge of|[Aa]ge:|AGE:|age is)\\s)(\\d{2})"
              + "(?![\\d.,%/]*\\d)(?!\\s?(?:-|–|to|and|or|months?|weeks?|days?|%))");

  private static final Pattern AGE_WORD =
      Pattern.compile(
          "(?i)\\b(elderly|young)(?= (?:\\w+ )?(?:man|woman|male|female|gentleman|lady|patient|adult|"
              + "person)\\b)");

  private static final String PERSON =
      "(?:man|woman|men|women|males?|females?|boys?|girls?|gentleman|gentlemen|lady|ladies|patients?|"
          + "persons?|people|adults?|child|children|infants?|individuals?|participants|subjects|"
          + "race|ethnicity|origin|descent)";

  private static final String BETWEEN =
      "(?:\\d{1,3}[- ](?:years?|yrs?)[- ]old|\\d{1,3} ?(?:y/o|yo)|elderly|young|adult|obese|"
          + "healthy|right-handed|left-handed|non-smoking|male|female)";

  private static final Pattern DESCRIPTOR =
      Pattern.compile(
          "(?i)(?<!\\bDr\\. )(?<!\\bDr )(?<!\\bMr\\. )(?<!\\bMs\\. )(?<!\\bMrs\\. )(?<![\\w-])"
              + "(white|caucasian|black|african[- ]american|asian|hispanic|latino|latina)"
              + "(?=(?:[ ,]+"
              + BETWEEN
              + "){0,3}[ ,]+"
              + PERSON
              + "\\b)|(?<=\\b(?:race|ethnicity): )"
              + "(white|caucasian|black|african[- ]american|asian|hispanic|latino|latina)\\b");

  private Swaps() {}

  /** All swaps of a text: of gender, of age, and one for each other ethnic descriptor. */
  public static List<Swap> of(String text) {
    var swaps = new ArrayList<Swap>();
    gender(text).ifPresent(swaps::add);
    age(text).ifPresent(swaps::add);
    swaps.addAll(ethnicity(text));
    return swaps;
  }

  /** The text about a person of the other gender; empty where it does not tell one. */
  public static Optional<Swap> gender(String text) {
    if (ONE_SEX.matcher(text).find()) {
      return Optional.empty();
    }
    List<Change> changes = GenderWords.changes(text);
    return changes.isEmpty() ? Optional.empty() : Optional.of(Swap.of("gender", changes, text));
  }

  /**
   * The text about an adult who is 30 years older, below 55, or younger; the old and the young
   * change places. Ages below 18 and above 89 stay.
   */
  public static Optional<Swap> age(String text) {
    var changes = new ArrayList<Change>();
    Matcher number = AGE.matcher(text);
    while (number.find()) {
      int age = Integer.parseInt(number.group(number.group(1) != null ? 1 : 2));
      if (age >= 18 && age <= 89) {
        changes.add(
            new Change(
                number.start(), number.end(), Integer.toString(age < 55 ? age + 30 : age - 30)));
      }
    }
    Matcher word = AGE_WORD.matcher(text);
    while (word.find()) {
      boolean old = word.group(1).equalsIgnoreCase("elderly");
      changes.add(
          new Change(word.start(1), word.end(1), cased(old ? "young" : "elderly", word.group(1))));
    }
    changes.sort(Comparator.comparingInt(Change::start));
    return changes.isEmpty() ? Optional.empty() : Optional.of(Swap.of("age", changes, text));
  }

  /** The text with each other ethnic descriptor in the place of the one that it has. */
  public static List<Swap> ethnicity(String text) {
    List<MatchResult> found = DESCRIPTOR.matcher(text).results().toList();
    var swaps = new ArrayList<Swap>();
    if (found.isEmpty()) {
      return swaps;
    }
    for (String other : ETHNIC) {
      var changes = new ArrayList<Change>();
      for (MatchResult one : found) {
        if (!group(one.group()).equals(other)) {
          boolean capital = Character.isUpperCase(one.group().charAt(0));
          boolean begins = one.start() == 0 || ".\n".indexOf(lastVisible(text, one.start())) >= 0;
          String word = capital && begins ? capitalised(other) : other;
          changes.add(new Change(one.start(), one.end(), word));
        }
      }
      if (!changes.isEmpty()) {
        swaps.add(Swap.of(ETHNICITY + other, changes, text));
      }
    }
    return swaps;
  }

  private static char lastVisible(String text, int before) {
    for (int i = before - 1; i >= 0; i--) {
      if (text.charAt(i) != ' ') {
        return text.charAt(i);
      }
    }
    return '.';
  }

  private static String group(String descriptor) {
    return switch (descriptor.toLowerCase(Locale.ROOT).replace('-', ' ')) {
      case "white", "caucasian" -> "white";
      case "black", "african american" -> "Black";
      case "asian" -> "Asian";
      default -> "Hispanic";
    };
  }

  /** A word with the capitals of another. */
  static String cased(String word, String like) {
    if (like.length() > 1 && like.equals(like.toUpperCase(Locale.ROOT))) {
      return word.toUpperCase(Locale.ROOT);
    }
    return Character.isUpperCase(like.charAt(0)) ? capitalised(word) : word;
  }

  private static String capitalised(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}

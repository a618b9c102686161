package dev.galen.examples.clinical.trust;

import dev.galen.examples.clinical.trust.Swap.Change;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words that tell a person's gender, and their counterparts in the same place of a sentence. */
final class GenderWords {
  private static final Map<String, String> PAIRS = new HashMap<>();

  static {
    String[] both = {
      "he",
      "she",
      "himself",
      "herself",
      "man",
      "woman",
      "men",
      "women",
      "male",
      "female",
      "males",
      "females",
      "boy",
      "girl",
      "boys",
      "girls",
      "gentleman",
      "lady",
      "gentlemen",
      "ladies",
      "father",
      "mother",
      "fathers",
      "mothers",
      "dad",
      "mom",
      "son",
      "daughter",
      "sons",
      "daughters",
      "brother",
      "sister",
      "brothers",
      "sisters",
      "husband",
      "wife",
      "husbands",
      "wives",
      "boyfriend",
      "girlfriend",
      "grandfather",
      "grandmother",
      "grandson",
      "granddaughter",
      "uncle",
      "aunt",
      "uncles",
      "aunts",
      "nephew",
      "niece",
      "widower",
      "widow",
      "sir",
      "madam"
    };
    for (int i = 0; i < both.length; i += 2) {
      PAIRS.put(both[i], both[i + 1]);
      PAIRS.put(both[i + 1], both[i]);
    }
    PAIRS.put("him", "her");
    PAIRS.put("hers", "his");
  }

  /** Titles as they are spelt; MS is multiple sclerosis, ms a time, MR a magnetic resonance. */
  private static final Map<String, String> TITLES =
      Map.of("Mr", "Ms", "Ms", "Mr", "Mrs", "Mr", "Miss", "Mr");

  /** Names of diseases, signs, places and things that have such a word in them. */
  private static final Pattern NAMES =
      Pattern.compile(
          "\\bHER-? ?2(?:/neu)?|\\bHers(?:'|’)?(?:s)? disease|(?i:\\b(?:sister mary joseph\\w*|sister"
              + " chromatids?|daughter (?:cells?|chromosomes?|colon(?:y|ies)|isotopes?)|mother"
              + " cells?|aunt minnie|lady windermere\\w*|(?:brigham and )?wom[ea]n['’]s (?:and"
              + " (?:children|infants?)['’]s )?(?:hospital|health|clinic)|male pattern|female"
              + " pattern|male-pattern|female-pattern|isle of man|boy scouts?|girl scouts?|old"
              + " man['’]s|man-made|manmade|alpha male))\\b");

  private static final Pattern WORD =
      Pattern.compile("(?<![\\p{L}\\p{N}-])\\p{L}+(?![\\p{L}\\p{N}])");

  /** 45M, 72 yo F, Sex: F. */
  private static final Pattern LETTER =
      Pattern.compile(
          "(?<![\\d.,])(?:[1-8]\\d ?|\\d{1,2} ?(?:y/o|y\\.o\\.|yo|yr|year[- ]old) ?)([MF])"
              + "(?![\\p{L}\\p{N}-])(?! ?(?i:foley|catheter|sheath|french|drain|tube|cannula))"
              + "|(?i:\\b(?:sex|gender)) ?[:=] ?([MF])(?![\\p{L}\\p{N}])");

  /** What follows a title: a name, or what stands in the place of one. */
  private static final Pattern NAMED = Pattern.compile("\\.?\\s+[\\p{Lu}_\\[<]");

  private GenderWords() {}

  static List<Change> changes(String text) {
    var names = new boolean[text.length()];
    Matcher name = NAMES.matcher(text);
    while (name.find()) {
      Arrays.fill(names, name.start(), name.end(), true);
    }
    var changes = new ArrayList<Change>();
    Matcher word = WORD.matcher(text);
    while (word.find()) {
      String other = names[word.start()] ? null : counterpart(text, word.start(), word.end());
      if (other != null) {
        changes.add(new Change(word.start(), word.end(), other));
      }
    }
    Matcher letter = LETTER.matcher(text);
    while (letter.find()) {
      int group = letter.group(1) != null ? 1 : 2;
      changes.add(
          new Change(
              letter.start(group), letter.end(group), letter.group(group).equals("M") ? "F" : "M"));
    }
    changes.sort(Comparator.comparingInt(Change::start));
    return changes;
  }

  private static String counterpart(String text, int start, int end) {
    String word = text.substring(start, end);
    if (TITLES.containsKey(word)) {
      return NAMED.matcher(text).region(end, text.length()).lookingAt() ? TITLES.get(word) : null;
    }
    String lower = word.toLowerCase(Locale.ROOT);
    if (word.length() > 1
        && word.equals(word.toUpperCase(Locale.ROOT))
        && !isShouted(text, start)) {
      return null; // HE is hepatic encephalopathy there, and HER a gene
    }
    String other =
        switch (lower) {
          case "her" -> Pronouns.isObject(text, start, end) ? "him" : "his";
          case "his" -> Pronouns.standsAlone(text, start, end) ? "hers" : "her";
          default -> PAIRS.get(lower);
        };
    return other == null ? null : Swaps.cased(other, word);
  }

  /** Whether the line is in capitals. */
  private static boolean isShouted(String text, int start) {
    int from = text.lastIndexOf('\n', start) + 1;
    int to = text.indexOf('\n', start);
    String line = text.substring(from, to < 0 ? text.length() : to);
    return line.chars().filter(Character::isUpperCase).count()
        > line.chars().filter(Character::isLowerCase).count();
  }
}

package dev.galen.examples.clinical.trust;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a generated text says that its input does not: numbers, units, drugs, conditions,
 * abbreviations and names that are absent from it. Numbers are compared by value, whether they are
 * written in digits or words, with or without commas, in a range or alone; a number with a unit has
 * to have it in the input as well, or the same amount in another unit of the kind. Words are
 * compared without regard to case, plural, spelling of the Atlantic's other side, and well-known
 * abbreviations.
 *
 * <p>What is listed has to be looked at, and is not wrong for that: a sum that the text works out,
 * say. What is not listed may be wrong all the same, such as a negation that was lost.
 */
public final class Faithfulness {
  private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}\\p{M}'’]*");
  private static final Pattern CODE =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}-])(?=[\\p{L}\\p{N}-]*\\p{Lu})[\\p{L}\\p{N}]+(?:-[\\p{L}\\p{N}]+)*");
  private static final Pattern SHOUTED = Pattern.compile("\\p{Lu}{2,6}s?");
  private static final Pattern MIXED = Pattern.compile("(?=.*\\d)(?=.*\\p{Lu})[\\p{L}\\p{N}-]+");
  private static final Pattern SENTENCE =
      Pattern.compile("(?:^|[.!?:;\\n\"“(*•]|\\s-)[\\s\"“(*•]*$");

  /** The space within M G, E K G and M R I, as a conversation is written down. */
  private static final Pattern SPELT =
      Pattern.compile("(?<=(?<![\\p{L}\\p{N}])\\p{Lu}) (?=\\p{Lu}(?![\\p{L}\\p{N}]))");

  private static final Pattern TITLE = Pattern.compile("\\b(?:Dr|Mr|Mrs|Ms|Prof)\\.\\s$");
  private static final Pattern ROMAN = Pattern.compile("[IVX]+");
  private static final double EXACT = 1e-9;

  /** Words that begin with a capital and name nobody. */
  private static final Set<String> CAPITALS =
      Set.of(
          ("i he she it they we you the a an mr mrs ms dr patient patients pt doctor no yes and or of"
                  + " in on for with to by at from his her their this that there none hpi heent ros"
                  + " pmh")
              .split(" "));

  private Faithfulness() {}

  /** What is absent. */
  public enum Kind {
    /** A number. */
    NUMBER,
    /** A number that the input has with other units alone. */
    UNIT,
    /** A drug, condition or procedure. */
    TERM,
    /** An abbreviation, or a name with digits. */
    CODE,
    /** A name. */
    NAME
  }

  /**
   * Something that the input does not have.
   *
   * @param kind what it is
   * @param start where it begins in the generated text
   * @param end where it ends
   * @param text what stands there
   */
  public record Unsupported(Kind kind, int start, int end, String text) {}

  /**
   * Lists what a generated text has and its input has not, in the text's order.
   *
   * @param input all that the text was made from
   */
  public static List<Unsupported> check(String input, String generated) {
    var found = new ArrayList<Unsupported>();
    String spelt = SPELT.matcher(input).replaceAll("");
    numbers(input, spelt, generated, found);
    words(input + "\n" + spelt, generated, found);
    found.sort(Comparator.comparingInt(Unsupported::start).thenComparingInt(Unsupported::end));
    return List.copyOf(found);
  }

  // ---- numbers

  private static void numbers(
      String input, String spelt, String generated, List<Unsupported> found) {
    var given = new ArrayList<>(Quantities.of(input));
    if (!spelt.equals(input)) {
      given.addAll(Quantities.of(spelt));
    }
    for (Quantities.Quantity stated : Quantities.of(generated)) {
      if (!stated.stated() || given.stream().anyMatch(one -> supports(one, stated))) {
        continue;
      }
      boolean elsewhere =
          stated.unit() != null
              && given.stream()
                  .anyMatch(one -> one.unit() != null && near(one.value(), stated.value(), EXACT));
      found.add(
          new Unsupported(
              elsewhere ? Kind.UNIT : Kind.NUMBER,
              stated.start(),
              stated.end(),
              generated.substring(stated.start(), stated.end())));
    }
  }

  private static boolean supports(Quantities.Quantity given, Quantities.Quantity stated) {
    if (given.unit() != null && stated.unit() != null) {
      return given.unit().dimension().equals(stated.unit().dimension())
          && equal(
              given.value() * given.unit().factor(),
              stated.value() * stated.unit().factor(),
              stated);
    }
    return equal(given.value(), stated.value(), stated)
        || share(given, stated)
        || share(stated, given);
  }

  /** 0.63 is 63%. */
  private static boolean share(Quantities.Quantity plain, Quantities.Quantity percent) {
    return plain.unit() == null
        && percent.unit() != null
        && percent.unit().name().equals("%")
        && near(100 * plain.value(), percent.value(), 1e-6);
  }

  private static boolean equal(double given, double stated, Quantities.Quantity quantity) {
    return near(given, stated, 1e-6) || quantity.rounded() && near(given, stated, 0.05);
  }

  private static boolean near(double a, double b, double share) {
    return Math.abs(a - b) <= share * Math.max(Math.abs(a), Math.abs(b));
  }

  // ---- words

  private static void words(String input, String generated, List<Unsupported> found) {
    String lower = input.toLowerCase(Locale.ROOT);
    var given = new HashSet<String>();
    Matcher of = WORD.matcher(lower);
    while (of.find()) {
      given.add(Terms.base(of.group()));
    }
    for (String part : lower.split("[^\\p{L}\\p{N}]+")) {
      given.add(part);
    }
    String initials = initials(input) + "\n" + initials(generated);
    var seen = new HashSet<Integer>();
    Matcher code = CODE.matcher(generated);
    while (code.find()) {
      if (isCode(code.group(), generated, code.start())
          && !isGivenCode(code.group(), lower, given, initials)) {
        found.add(new Unsupported(Kind.CODE, code.start(), code.end(), code.group()));
      }
      if (isCode(code.group(), generated, code.start())) {
        for (int i = code.start(); i < code.end(); i++) {
          seen.add(i);
        }
      }
    }
    Matcher word = WORD.matcher(generated);
    while (word.find()) {
      String name = word.group().toLowerCase(Locale.ROOT);
      if (seen.contains(word.start())) {
        continue;
      }
      if (Terms.isDrug(bare(name)) || Terms.isCondition(bare(name))) {
        if (!given.contains(Terms.base(name)) && !isGivenTerm(bare(name), lower, given)) {
          found.add(new Unsupported(Kind.TERM, word.start(), word.end(), word.group()));
        }
      } else if (isName(generated, word.start(), word.group())
          && !given.contains(Terms.base(name))
          && !given.contains(bare(name))
          && !isGivenTerm(bare(name), lower, given)) {
        found.add(new Unsupported(Kind.NAME, word.start(), word.end(), word.group()));
      }
    }
  }

  private static String bare(String name) {
    return name.replaceAll("['’]s?$", "");
  }

  private static boolean isGivenTerm(String name, String lower, Set<String> given) {
    var names = new HashSet<>(Terms.synonyms(name));
    names.addAll(Terms.synonyms(Terms.base(name)));
    return names.stream().anyMatch(other -> isIn(other, lower, given));
  }

  private static boolean isIn(String name, String lower, Set<String> given) {
    return name.indexOf(' ') >= 0 ? lower.contains(name) : given.contains(name);
  }

  private static boolean isCode(String code, String text, int start) {
    return !ROMAN.matcher(code).matches()
        && (SHOUTED.matcher(code).matches() && !isLineOfCapitals(text, start)
            || MIXED.matcher(code).matches()
                && !code.matches("\\p{L}?\\d+(?:st|nd|rd|th|[FC])")
                && !code.matches("\\d.*-(?:year|month|week|day|hour).*|\\d.*"));
  }

  /** A heading, in which capitals mean nothing. */
  private static boolean isLineOfCapitals(String text, int start) {
    int from = text.lastIndexOf('\n', start) + 1;
    int to = text.indexOf('\n', start);
    String line = text.substring(from, to < 0 ? text.length() : to);
    long upper = line.chars().filter(Character::isUpperCase).count();
    long lower = line.chars().filter(Character::isLowerCase).count();
    return upper > 6 && upper > 2 * lower;
  }

  private static boolean isGivenCode(
      String code, String lower, Set<String> given, String initials) {
    String name = code.toLowerCase(Locale.ROOT);
    String single = name.endsWith("s") ? name.substring(0, name.length() - 1) : name;
    String joined = name.replace("-", "");
    return given.contains(name)
        || given.contains(single)
        || lower.contains(name)
        || lower.replaceAll("[\\s-]", "").contains(joined)
            && joined.chars().anyMatch(Character::isDigit)
        || single.length() > 1 && initials.contains(single)
        || isGivenTerm(name, lower, given)
        || isGivenTerm(single, lower, given)
        || CAPITALS.contains(name);
  }

  /** The first letters of a text's words, small words left out and put in. */
  private static String initials(String text) {
    var all = new StringBuilder();
    var without = new StringBuilder();
    Matcher word = WORD.matcher(text.toLowerCase(Locale.ROOT));
    while (word.find()) {
      char first = word.group().charAt(0);
      all.append(first);
      if (!Set.of("of", "and", "the", "in", "for", "with", "to", "a").contains(word.group())) {
        without.append(first);
      }
    }
    return all + "\n" + without;
  }

  /** A capital in the middle of a sentence, in a line where capitals are rare. */
  private static boolean isName(String text, int start, String word) {
    if (word.length() < 3
        || !Character.isUpperCase(word.charAt(0))
        || CAPITALS.contains(bare(word.toLowerCase(Locale.ROOT)))
        || word.chars().filter(Character::isUpperCase).count() > 1) {
      return false;
    }
    String before = text.substring(Math.max(0, start - 8), start);
    if (start == 0 || SENTENCE.matcher(before).find() && !TITLE.matcher(before).find()) {
      return false;
    }
    int from = text.lastIndexOf('\n', start) + 1;
    int to = text.indexOf('\n', start);
    String line = text.substring(from, to < 0 ? text.length() : to);
    long words = WORD.matcher(line).results().filter(w -> w.group().length() > 3).count();
    long capital =
        WORD.matcher(line)
            .results()
            .filter(w -> w.group().length() > 3 && Character.isUpperCase(w.group().charAt(0)))
            .count();
    return words < 3 || 2 * capital <= words;
  }
}

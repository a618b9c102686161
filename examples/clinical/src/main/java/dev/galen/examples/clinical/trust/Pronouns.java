package dev.galen.examples.clinical.trust;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What "her" and "his" stand for in a sentence: English has one word where the other gender has
 * two.
 */
final class Pronouns {
  /** What may follow "her" where it is an object: no noun begins with these. */
  private static final Set<String> BEHIND_OBJECT =
      words(
          "a an the this these that those any some and or but nor so as at by for from "
              + "in into of on onto to with without about after before during until till "
              + "since because if when while where whether who which what how why than "
              + "through over under up down out off back again today tomorrow yesterday "
              + "tonight now then here there home too also not is was were are has had have "
              + "will would can could should may might must did does do be been twice once "
              + "every each immediately anyway instead alone against per being taking having "
              + "more awake asleep comfortable aware unable able well ");

  /** May stand before a noun, or at the end of the sentence. */
  private static final Set<String> EITHER =
      Set.of("daily", "weekly", "monthly", "last", "next", "later", "first", "early", "late");

  /** Verbs in front of "her" behind which what follows is given to her. */
  private static final Set<String> GIVING =
      words(
          "give gave given giving gives offer offered offering prescribe prescribed "
              + "send sent bring brought ");

  /** Verbs in front of "her" behind which she does something. */
  private static final Set<String> LETTING =
      words(
          "let lets make makes made making help helps helped have had has see saw hear "
              + "heard watch watched let's ");

  private static final Set<String> DOING =
      words(
          "go feel walk know sit stand take do come leave sleep rest return continue "
              + "try see eat drink stop start use call follow hold keep stay vomit cough "
              + "breathe lie get undergo ");

  /** "Saw her last week", but "since her last visit". */
  private static final Set<String> SEEING = Set.of("saw", "seen", "see", "evaluated", "examined");

  private static final Set<String> TIMES = Set.of("week", "month", "year", "night", "time");

  /** "A friend of his". */
  private static final Pattern FRIEND =
      Pattern.compile("(?i)\\b(?:friend|relative|cousin|neighbou?r|colleague|co-?worker)s? of $");

  private static final Set<String> KIN =
      words(
          "mother father husband wife son daughter brother sister family parents "
              + "children doctor physician nurse caregiver partner ");

  private static final Pattern NEXT =
      Pattern.compile("[ \\t]+([\\p{L}\\p{N}][\\p{L}\\p{N}'’/.-]*)");

  private static final Pattern LAST = Pattern.compile("([\\p{L}'’]+)[ \\t]+$");
  private static final Pattern AMOUNT =
      Pattern.compile("[ \\t]+[\\d.,]+ ?(?:mg|g|mcg|µg|ml|mL|units?|tablets?|doses?|L|l)\\b");

  private Pronouns() {}

  private static Set<String> words(String all) {
    return Set.of(all.strip().split(" "));
  }

  /** Whether "her" is whom something is done to or for, and not whose something is. */
  static boolean isObject(String text, int start, int end) {
    Matcher next = NEXT.matcher(text).region(end, text.length());
    if (!next.lookingAt()) {
      return true; // a stop, a comma, the end
    }
    String word = next.group(1).toLowerCase(Locale.ROOT).replaceAll("[.]$", "");
    String before = before(text, start);
    if (BEHIND_OBJECT.contains(word)
        || LETTING.contains(before) && DOING.contains(word)
        || GIVING.contains(before) && !KIN.contains(word)
        || AMOUNT.matcher(text).region(end, text.length()).lookingAt()) {
      return true;
    }
    if (EITHER.contains(word) || word.endsWith("ly") && !word.equals("family")) {
      Matcher second = NEXT.matcher(text).region(next.end(), text.length());
      if (next.group(1).endsWith(".") || !second.lookingAt()) {
        return true;
      }
      String then = second.group(1).toLowerCase(Locale.ROOT).replaceAll("[.]$", "");
      return BEHIND_OBJECT.contains(then) || TIMES.contains(then) && SEEING.contains(before);
    }
    return false;
  }

  /** Whether "his" stands without what is his: "the decision was his", "a friend of his". */
  static boolean standsAlone(String text, int start, int end) {
    Matcher next = NEXT.matcher(text).region(end, text.length());
    if (!next.lookingAt()) {
      return true;
    }
    String word = next.group(1).toLowerCase(Locale.ROOT);
    return Set.of("is", "was", "are", "were", "and", "or", "but", "who", "that", "has", "had")
            .contains(word)
        || FRIEND.matcher(text.substring(Math.max(0, start - 30), start)).find();
  }

  private static String before(String text, int start) {
    Matcher last = LAST.matcher(text.substring(Math.max(0, start - 30), start));
    return last.find() ? last.group(1).toLowerCase(Locale.ROOT) : "";
  }
}

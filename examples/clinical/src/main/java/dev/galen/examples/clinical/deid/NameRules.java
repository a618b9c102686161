package dev.galen.examples.clinical.deid;

import java.util.HashSet;
import java.util.Set;

/**
 * Names of persons: behind a title, label or relation; from the lists of names; and again wherever
 * a name found in the text returns.
 */
final class NameRules {
  private static final Set<String> LABELS =
      Words.set(
          """
          name patient pt attending physician provider surgeon by cc pcp nurse author
          resident consultant guardian kin contact mother father spouse wife husband
          guarantor insured subscriber witness interpreter clinician doctor rn md np pa
          to from dear daughter son signed signature attn assistant anesthesiologist
          radiologist pathologist oncologist cardiologist dictator transcriptionist
          informant holder caregiver names them sincerely regards
          """);

  private static final Set<String> NAMING =
      Words.set(
          """
          named called name nicknamed is hi hello hey dear thanks bye under m am s meet
          ask heard contacted per with by saw seen and told him her to me as guardian
          between of for page call via
          """);

  private static final Set<String> CREDENTIALS =
      Words.set(
          """
          md do rn np pa phd lpn dds dpm mph facs facc bsn msn crna psyd pharmd lcsw cnm
          aprn fnp
          """);

  private final Tokens tokens;
  private final Found found;
  private final Context context;

  /** Words of surely found names. */
  private final Set<String> seen = new HashSet<>();

  NameRules(Tokens tokens, Found found) {
    this.tokens = tokens;
    this.found = found;
    this.context = new Context(tokens);
  }

  void find() {
    for (int i = 0; i < tokens.count; i++) {
      if (tokens.word(i)) {
        i = Math.max(i, at(i));
      }
    }
    again();
  }

  private int at(int i) {
    int titled = titled(i);
    if (titled >= 0) {
      return titled;
    }
    int labelled = labelled(i);
    if (labelled >= 0) {
      return labelled;
    }
    int reversed = reversed(i);
    if (reversed >= 0) {
      return reversed;
    }
    return listed(i);
  }

  /** Behind a title: Mr. Grant, Dr. May, nurse Joy. */
  private int titled(int i) {
    String word = tokens.lower(i);
    if (!Words.title(word)) {
      return -1;
    }
    boolean brief = tokens.length(i) <= 4 && !word.equals("aunt");
    if (!brief
        && tokens.is(i, Lexicon.WORD)
        && !tokens.capital(i)
        && !tokens.lowerCase
        && !capitalName(i + 1)) {
      return -1;
    }
    int first = i + 1;
    if (tokens.sign(first, '.')) {
      first++;
    }
    if (first >= tokens.count || !tokens.sameLine(first) || !tokens.word(first)) {
      return -1;
    }
    boolean lower = !tokens.capital(first);
    boolean known = tokens.is(first, Lexicon.NAME | Lexicon.AMBIGUOUS);
    if (lower
        && (!brief
            || word.equals("sr")
            || !known && tokens.is(first, Lexicon.WORD)
            || Words.particle(tokens.lower(first)) && !context.cased(first + 1))) {
      return -1;
    }
    boolean initial = tokens.initial(first);
    if (initial && !(tokens.sign(first + 1, '.') && context.cased(first + 2))) {
      return -1;
    }
    if (!brief && !known && context.plain(first)
        || lower
            && known
            && tokens.is(first, Lexicon.WORD)
            && !word.equals("mr")
            && !word.equals("mrs")
            && !word.equals("ms")
            && !word.equals("dr")) {
      return -1;
    }
    if (!lower
        && !known
        && tokens.is(first, Lexicon.WORD)
        && !initial
        && (!brief || tokens.length(first) < 4)) {
      return -1;
    }
    int last = lower ? lowerRun(first, 3) : context.run(first, 4);
    return name(first, last, "title", 0.95);
  }

  private boolean capitalName(int i) {
    return tokens.capital(i) && tokens.is(i, Lexicon.NAME | Lexicon.AMBIGUOUS)
        || context.unknown(i) && tokens.capital(i);
  }

  /** A run of words in lower case behind a cue: the first, and names behind it. */
  private int lowerRun(int first, int most) {
    int last = first;
    for (int at = first + 1; at < tokens.count && at - first < most && tokens.sameLine(at); at++) {
      if (tokens.is(at, Lexicon.NAME) && !tokens.is(at, Lexicon.WORD | Lexicon.AMBIGUOUS)) {
        last = at;
      } else if (!Words.particle(tokens.lower(at))) {
        break;
      }
    }
    return last;
  }

  /** Behind a label with a colon: Name: May Grant; Attending: Rose, Mark. */
  private int labelled(int i) {
    if (!LABELS.contains(tokens.lower(i)) || !tokens.sign(i + 1, ':')) {
      return -1;
    }
    int first = i + 2;
    if (Words.title(tokens.lower(first)) && tokens.sign(first + 1, '.')) {
      return -1; // its own rule
    }
    if (!tokens.word(first) || !tokens.sameLine(first)) {
      return -1;
    }
    boolean name = tokens.lower(i).equals("name") || tokens.lower(i).equals("names");
    boolean known = tokens.is(first, Lexicon.NAME | Lexicon.AMBIGUOUS);
    boolean possible =
        name
            ? known || !tokens.is(first, Lexicon.WORD)
            : tokens.capital(first)
                && (known && !verbish(first)
                    || context.unknown(first) && tokens.is(first + 1, Lexicon.NAME));
    if (!possible) {
      return -1;
    }
    int last = tokens.capital(first) ? context.run(first, 5) : lowerRun(first, 4);
    if (tokens.sign(last + 1, ',')
        && context.cased(last + 2)
        && tokens.sameLine(last + 2)
        && tokens.is(last + 2, Lexicon.NAME | Lexicon.AMBIGUOUS)) {
      last = context.run(last + 2, 3);
    }
    return name(first, last, "label", 0.93);
  }

  /** Whether the word stands as the first of a sentence: "Patient: Will you ...", "Hope so". */
  private boolean verbish(int i) {
    boolean single = !tokens.capital(i + 1) && tokens.word(i + 1) && tokens.sameLine(i + 1);
    return context.verb(i) || tokens.is(i, Lexicon.WORD) && single;
  }

  /** Grant, John M. */
  private int reversed(int i) {
    if (!tokens.sign(i + 1, ',')
        || !tokens.capital(i)
        || !tokens.sameLine(i + 2)
        || !tokens.capital(i + 2)) {
      return -1;
    }
    boolean surname = tokens.is(i, Lexicon.SURNAME) || context.unknown(i) && tokens.begins(i);
    boolean given =
        tokens.is(i + 2, Lexicon.GIVEN) && !tokens.is(i + 2, Lexicon.WORD | Lexicon.PLACE);
    boolean list =
        tokens.sign(i + 3, ',') && !CREDENTIALS.contains(tokens.lower(i + 4))
            || tokens.is(i, Lexicon.PLACE) && !tokens.is(i, Lexicon.SURNAME);
    if (!surname
        || !given
        || list && !tokens.begins(i)
        || tokens.is(i, Lexicon.WORD) && !tokens.is(i, Lexicon.AMBIGUOUS)) {
      return -1;
    }
    return name(i, context.run(i + 2, 3), "reversed", 0.88);
  }

  /** From the lists of names. */
  private int listed(int i) {
    if (!context.cased(i)) {
      return cued(i);
    }
    boolean given = tokens.is(i, Lexicon.GIVEN);
    boolean strongGiven = context.strong(i, Lexicon.GIVEN) && !place(i);
    int last = context.run(i, 5);
    if (tokens.upper(i) && tokens.length(i) < 4 && last == i) {
      return -1;
    }
    if (last > i && (given || tokens.is(i, Lexicon.SURNAME)) && !context.plain(i)
        || last > i && given && tokens.capital(i) && !context.verb(i)) {
      boolean second = false;
      for (int k = i + 1; k <= last; k++) {
        second |= tokens.is(k, Lexicon.NAME) && !context.plain(k) || context.unknown(k);
      }
      boolean titled =
          tokens.is(i, Lexicon.WORD) && tokens.begins(i) && !strongSurname(i + 1, last);
      if (second && !titled && !context.term(i, last) && !(tokens.lowerCase && !strongGiven)) {
        return name(i, last, "given-surname", strongGiven ? 0.86 : 0.72);
      }
    }
    if (strongGiven && !context.term(i, i)) {
      return name(i, Math.max(i, last), "given", tokens.lowerCase ? 0.6 : 0.75);
    }
    if (cue(i)) {
      return name(i, last, "cue", 0.72);
    }
    if (tokens.lowerCase) {
      return -1;
    }
    if (context.strong(i, Lexicon.SURNAME)
        && !tokens.is(i, Lexicon.EPONYM | Lexicon.PLACE)
        && !tokens.upper(i)
        && !context.term(i, last)
        && (!tokens.begins(i) || person(last))) {
      return name(i, last, "surname", 0.6);
    }
    if (context.unknown(i) && !context.term(i, last) && !tokens.upper(i)) {
      return shape(i, last);
    }
    return -1;
  }

  private boolean place(int i) {
    return tokens.is(i, Lexicon.PLACE) && Words.beforePlace(tokens.lower(i - 1));
  }

  private boolean strongSurname(int first, int last) {
    for (int i = first; i <= last; i++) {
      if (context.strong(i, Lexicon.NAME)) {
        return true;
      }
    }
    return false;
  }

  /** An unknown word that looks like a name, or does what persons do. */
  private int shape(int i, int last) {
    boolean like = false;
    for (int k = i; k <= last; k++) {
      like |=
          tokens.word(k)
              && (tokens.foreign(k)
                  || Words.nameLike(tokens.lower(k)) && !tokens.is(k, Lexicon.EPONYM));
    }
    boolean named = false;
    for (int k = i + 1; k <= last; k++) {
      named |= context.strong(k, Lexicon.NAME);
    }
    if (named || like && (!tokens.begins(i) || last > i || person(last))) {
      return name(i, last, "shape", named ? 0.6 : 0.5);
    }
    if (person(last) && (tokens.begins(i) || !tokens.is(i, Lexicon.EPONYM))) {
      return name(i, last, "person-verb", 0.5);
    }
    return -1;
  }

  private boolean person(int last) {
    String next = tokens.lower(last + 1);
    return Words.personVerb(next)
        || tokens.apostrophe(last + 1)
            && tokens.joined(last, last + 1)
            && Context.relation(tokens.lower(last + 3))
        || next.equals("is") && tokens.number(last + 3)
        || next.equals("is")
            && (tokens.lower(last + 2).equals("very") || tokens.lower(last + 2).equals("my"));
  }

  /**
   * Whether what stands before the word says that a name follows: her husband Grant, called May.
   */
  private boolean cue(int i) {
    if (!tokens.capital(i) && !tokens.lowerCase
        || tokens.begins(i)
        || tokens.is(i, Lexicon.PLACE) && !tokens.is(i, Lexicon.NAME)
        || context.term(i, i)) {
      return false;
    }
    int before = i - 1;
    if (tokens.sign(before, ',') || tokens.sign(before, '(')) {
      before--;
    }
    String word = tokens.lower(before);
    boolean name =
        tokens.is(i, Lexicon.NAME | Lexicon.AMBIGUOUS)
            && (!tokens.is(i, Lexicon.WORD) || tokens.capital(i) && !tokens.lowerCase);
    boolean possible = name || context.unknown(i);
    if (!possible || context.verb(i)) {
      return false;
    }
    boolean relation =
        Context.relation(word)
            && !word.equals("room")
            && !word.equals("office")
            && !word.equals("care");
    if (relation && (name || context.unknown(i) && !tokens.lowerCase)) {
      return true;
    }
    if (tokens.lowerCase
        && tokens.is(i, Lexicon.AMBIGUOUS)
        && !word.equals("named")
        && !word.equals("hi")) {
      return false;
    }
    return before == i - 1
        && NAMING.contains(word)
        && (tokens.is(i, Lexicon.NAME)
                && !month(i)
                && (tokens.capital(i) || !tokens.is(i, Lexicon.WORD))
            || context.unknown(i) && naming(i - 1) && !tokens.upper(i));
  }

  private boolean month(int i) {
    return switch (tokens.lower(i)) {
      case "may", "april", "june", "august", "march", "summer", "autumn", "winter" -> true;
      default -> false;
    };
  }

  /** Whether the token says outright that a name follows. */
  private boolean naming(int i) {
    return switch (tokens.lower(i)) {
      case "named", "nicknamed", "dear", "hi", "hello", "called", "name" -> true;
      case "is", "to", "as" ->
          tokens.lower(i - 1).equals("name")
              || tokens.lower(i - 2).equals("name")
              || tokens.lower(i - 3).equals("name");
      case "me" -> tokens.lower(i - 1).equals("call") || tokens.lower(i - 1).equals("calls");
      case "under" -> tokens.lower(i - 1).equals("s");
      default -> false;
    };
  }

  /** Words in lower case behind "my name is" and its kin in a text with capitals. */
  private int cued(int i) {
    if (tokens.word(i)
        && !tokens.capital(i)
        && tokens.length(i) > 2
        && naming(i - 1)
        && !tokens.lower(i - 1).equals("called")
        && !tokens.lower(i - 1).equals("name")
        && context.strong(i, Lexicon.NAME)) {
      return name(i, lowerRun(i, 3), "cue-lower", 0.7);
    }
    return -1;
  }

  private int name(int first, int last, String rule, double confidence) {
    found.add(tokens.starts[first], tokens.ends[last], Category.NAME, "name:" + rule, confidence);
    if (confidence >= 0.7) {
      for (int i = first; i <= last; i++) {
        if (tokens.word(i)
            && tokens.length(i) > 2
            && !Words.particle(tokens.lower(i))
            && !Words.suffix(tokens.lower(i))) {
          seen.add(tokens.lower(i));
        }
      }
    }
    return last;
  }

  /** Finds the words of names again where nothing but the word itself says that it is one. */
  private void again() {
    if (seen.isEmpty()) {
      return;
    }
    for (int i = 0; i < tokens.count; i++) {
      if (!tokens.capital(i)
          || !seen.contains(tokens.lower(i))
          || found.covers(tokens.starts[i], tokens.ends[i])) {
        continue;
      }
      boolean plain = tokens.is(i, Lexicon.AMBIGUOUS | Lexicon.WORD | Lexicon.EPONYM);
      if (plain
          && (tokens.begins(i) && !person(i)
              || context.term(i, i)
              || context.verb(i)
              || month(i) && tokens.lower(i - 1).equals("in"))) {
        continue;
      }
      found.add(tokens.starts[i], tokens.ends[i], Category.NAME, "name:again", plain ? 0.5 : 0.65);
    }
  }
}

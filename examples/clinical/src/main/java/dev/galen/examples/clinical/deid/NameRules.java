package dev.galen.examples.clinical.deid;

import java.util.HashSet;
import java.util.Set;

/**
 * Names of persons: behind a title or a label, the family name first, as {@link ListedNames} finds
 * them, and again wherever a name found in the text returns.
 */
final class NameRules {
  private static final Set<String> LABELS =
      Words.set(
          """
          name names patient pt attending physician provider surgeon by cc re pcp nurse author resident consultant
          guardian kin contact mother father spouse wife husband guarantor insured subscriber witness interpreter
          clinician doctor rn md np pa to from dear daughter son signed signature attn assistant anesthesiologist
          radiologist pathologist oncologist cardiologist dictator transcriptionist informant holder caregiver
          """);

  private static final Set<String> CREDENTIALS =
      Words.set(
          "md do rn np pa phd lpn dds dpm mph facs facc bsn msn crna psyd pharmd lcsw cnm aprn fnp");

  private final Tokens tokens;
  private final Found found;
  private final Context context;
  private final ListedNames listed;

  /** Words of surely found names. */
  private final Set<String> seen = new HashSet<>();

  NameRules(Tokens tokens, Found found) {
    this.tokens = tokens;
    this.found = found;
    this.context = new Context(tokens);
    this.listed = new ListedNames(tokens, context, this);
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
    int last = titled(i);
    last = last < 0 ? labelled(i) : last;
    last = last < 0 ? reversed(i) : last;
    return last < 0 ? listed.at(i) : last;
  }

  /** Behind a title: Mr. Grant, Dr. May, nurse Joy. */
  private int titled(int i) {
    String word = tokens.lower(i);
    if (!Words.title(word)) {
      return -1;
    }
    boolean brief = Words.briefTitle(word);
    boolean dot = brief && tokens.sign(i + 1, '.') && tokens.joined(i, i + 1);
    int first = dot ? i + 2 : i + 1;
    if (!tokens.word(first) || !tokens.sameLine(first) || dot && !tokens.sameLine(i + 1)) {
      return -1;
    }
    boolean lower = !tokens.capital(first);
    boolean known = tokens.is(first, Lexicon.NAME | Lexicon.AMBIGUOUS);
    boolean initial = tokens.initial(first);
    boolean plain = tokens.is(first, Lexicon.WORD);
    if (tokens.number(i - 1) && !dot
        || initial && !(tokens.sign(first + 1, '.') && context.cased(first + 2))) {
      return -1;
    }
    // MR angiography and MS lesions are no titles.
    if (!dot
        && tokens.upper(i)
        && !(tokens.upper(first) && known)
        && !(tokens.capital(first) && tokens.is(first, Lexicon.NAME))) {
      return -1;
    }
    boolean name;
    if (lower) {
      name = brief && (known || !plain && !context.plain(first)) && !function(first);
    } else if (brief) {
      name = known || initial || !plain || tokens.length(first) > 3 && dot && !tokens.begins(i + 3);
    } else {
      name =
          !tokens.begins(first)
              && (known && !plain || tokens.capital(i) && known || context.unknown(first));
    }
    if (!name || !brief && context.verb(first)) {
      return -1;
    }
    int last = lower ? lowerRun(first, 3) : context.run(first, 4);
    return name(brief ? i : first, last, "title", 0.95);
  }

  /** Words that are no name in lower case whatever stands before them. */
  private boolean function(int i) {
    return tokens.is(i, Lexicon.WORD) && tokens.length(i) <= 3;
  }

  /** A run of words in lower case behind a cue: the first, and names behind it. */
  int lowerRun(int first, int most) {
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
    if (!tokens.word(first) || !tokens.sameLine(first) || Words.briefTitle(tokens.lower(first))) {
      return -1;
    }
    boolean outright = tokens.lower(i).equals("name") || tokens.lower(i).equals("names");
    boolean known = tokens.is(first, Lexicon.NAME | Lexicon.AMBIGUOUS);
    boolean next = context.cased(first + 1) && tokens.is(first + 1, Lexicon.NAME);
    int given = family(first) + 2;
    boolean reversed =
        tokens.sign(given - 1, ',')
            && tokens.sameLine(given)
            && context.candidate(given)
            && !CREDENTIALS.contains(tokens.lower(given))
            && (context.candidate(first) || tokens.is(first, Lexicon.AMBIGUOUS))
            && !tokens.is(first, Lexicon.DRUG)
            && (tokens.is(first, Lexicon.NAME | Lexicon.AMBIGUOUS) || context.unknown(first))
            && (tokens.is(given, Lexicon.NAME) || context.unknown(given));
    boolean initial =
        tokens.initial(first)
            && tokens.capital(first)
            && tokens.sign(first + 1, '.')
            && tokens.sameLine(first + 2)
            && tokens.length(first + 2) > 4
            && (context.unknown(first + 2) || context.strong(first + 2, Lexicon.NAME));
    boolean end = first + 1 >= tokens.count || !tokens.sameLine(first + 1);
    boolean possible;
    if (initial) {
      possible = true;
    } else if (outright) {
      possible = known || !tokens.is(first, Lexicon.WORD);
    } else {
      possible =
          reversed
              || tokens.capital(first)
                  && (known
                          && !context.verb(first)
                          && (!tokens.is(first, Lexicon.WORD)
                              || next && tokens.length(first) > 2 && !tokens.is(first, Lexicon.DRUG)
                              || end && tokens.is(first, Lexicon.AMBIGUOUS))
                      || context.unknown(first) && next);
    }
    if (!possible) {
      return -1;
    }
    int last = tokens.capital(first) ? context.run(first, 5) : lowerRun(first, 4);
    if (tokens.sign(last + 1, ',')
        && context.cased(last + 2)
        && tokens.sameLine(last + 2)
        && (reversed || tokens.is(last + 2, Lexicon.NAME | Lexicon.AMBIGUOUS))
        && !CREDENTIALS.contains(tokens.lower(last + 2))) {
      last = context.run(last + 2, 3);
    }
    return name(first, last, "label", 0.93);
  }

  /** Grant, John M. */
  private int reversed(int i) {
    int given = family(i) + 2;
    if (!tokens.sign(given - 1, ',')
        || !tokens.capital(i)
        || !tokens.sameLine(given)
        || !tokens.capital(given)) {
      return -1;
    }
    boolean surname = tokens.is(i, Lexicon.SURNAME) || context.unknown(i) && tokens.begins(i);
    boolean first =
        tokens.is(given, Lexicon.GIVEN) && !tokens.is(given, Lexicon.WORD | Lexicon.PLACE);
    first |= tokens.initial(given) && tokens.sign(given + 1, '.') && tokens.is(i, Lexicon.SURNAME);
    boolean list = tokens.sign(given + 1, ',') && !CREDENTIALS.contains(tokens.lower(given + 2));
    boolean place = tokens.is(i, Lexicon.PLACE) && !tokens.is(i, Lexicon.SURNAME);
    boolean word = tokens.is(i, Lexicon.WORD) && !tokens.is(i, Lexicon.AMBIGUOUS);
    if (!surname || !first || word || place || list && !tokens.begins(i)) {
      return -1;
    }
    return name(i, context.run(given, 3), "reversed", 0.88);
  }

  /** The last word of a family name that may have hyphens: Hargreaves-Quill. */
  private int family(int i) {
    int last = i;
    while (tokens.sign(last + 1, '-')
        && tokens.joined(last, last + 1)
        && tokens.joined(last + 1, last + 2)
        && context.cased(last + 2)
        && last - i < 6) {
      last += 2;
    }
    return last;
  }

  /** Whether an initial stands before the name, as in T. Abernathy. */
  private boolean behindInitial(int first) {
    return tokens.sign(first - 1, '.')
        && tokens.initial(first - 2)
        && tokens.joined(first - 2, first - 1)
        && tokens.sameLine(first)
        && tokens.capital(first)
        && (first < 3 || tokens.begins(first - 2) || !tokens.word(first - 3));
  }

  /** Notes a name; the last of its tokens. */
  int name(int first, int last, String rule, double confidence) {
    first = behindInitial(first) ? first - 2 : first;
    found.add(tokens.starts[first], tokens.ends[last], Category.NAME, "name:" + rule, confidence);
    if (confidence >= 0.7) {
      for (int i = first; i <= last; i++) {
        String word = tokens.lower(i);
        if (word.length() > 2
            && !Words.particle(word)
            && !Words.suffix(word)
            && !Words.title(word)) {
          seen.add(word);
        }
      }
    }
    return last;
  }

  /** Whether the token is a verb of what happened to somebody. */
  private boolean did(int i) {
    return switch (tokens.lower(i)) {
      case "was", "is", "has", "had", "did", "does" -> true;
      default -> Words.personVerb(tokens.lower(i)) || tokens.apostrophe(i);
    };
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
      boolean kept =
          tokens.begins(i) && !did(i + 1)
              || context.term(i, i)
              || context.verb(i)
              || tokens.is(i, Lexicon.WORD) && tokens.upper(i);
      if (plain && kept) {
        continue;
      }
      found.add(tokens.starts[i], tokens.ends[i], Category.NAME, "name:again", plain ? 0.5 : 0.65);
    }
  }
}

package dev.galen.examples.clinical.deid;

/** What surrounds a word says of it: questions that the rules for names and places share. */
final class Context {
  /** Most tokens of a name, its signs among them. */
  private static final int LONGEST = 24;

  private final Tokens tokens;

  Context(Tokens tokens) {
    this.tokens = tokens;
  }

  /** Whether the word could be part of a name: in the case of one, and no plain word. */
  boolean candidate(int i) {
    return cased(i) && !plain(i);
  }

  /** Whether it is written as a name is: with a capital, or in a text without any. */
  boolean cased(int i) {
    return tokens.word(i) && (tokens.capital(i) || tokens.lowerCase) && tokens.length(i) > 1;
  }

  /** Whether it is known as a word that no name is read from without a title or label. */
  boolean plain(int i) {
    if (Words.briefTitle(tokens.lower(i))) {
      return true;
    }
    if (tokens.is(i, Lexicon.DRUG) && !tokens.is(i, Lexicon.GIVEN)) {
      return true;
    }
    if (tokens.is(i, Lexicon.WORD)) {
      return true;
    }
    if (tokens.is(i, Lexicon.NAME | Lexicon.PLACE)) {
      return false;
    }
    String word = tokens.lower(i);
    return Words.english(word) && !tokens.foreign(i)
        || Words.drug(word)
        || Words.genus(word)
        || tokens.upper(i) && tokens.length(i) < 6
        || plural(word);
  }

  private static boolean plural(String word) {
    return word.length() > 4
        && (word.endsWith("s") && known(word.substring(0, word.length() - 1))
            || word.endsWith("es") && known(word.substring(0, word.length() - 2))
            || word.endsWith("ed")
                && (known(word.substring(0, word.length() - 2))
                    || known(word.substring(0, word.length() - 1)))
            || word.endsWith("er") && known(word.substring(0, word.length() - 2))
            || word.endsWith("y") && known(word.substring(0, word.length() - 1)));
  }

  /** Whether any list has the word. */
  boolean known(int i) {
    return tokens.is(i, ~0);
  }

  private static boolean known(String word) {
    return (Lexicon.get().of(word) & Lexicon.WORD) != 0;
  }

  /** A name that is nothing else: in a list of names, and no word, drug or place. */
  boolean strong(int i, int flag) {
    return tokens.is(i, flag) && !tokens.is(i, Lexicon.AMBIGUOUS | Lexicon.WORD | Lexicon.DRUG);
  }

  /** Whether no list has the word. */
  boolean unknown(int i) {
    return candidate(i)
        && !tokens.is(i, Lexicon.NAME | Lexicon.PLACE | Lexicon.EPONYM | Lexicon.AMBIGUOUS);
  }

  /**
   * Whether the words from {@code first} to {@code last} belong to a clinical term: Bell's palsy.
   */
  boolean term(int first, int last) {
    int next = last + 1;
    boolean possessive =
        tokens.apostrophe(next) && tokens.lower(next + 1).equals("s") && tokens.joined(last, next);
    boolean plural = tokens.apostrophe(next) && tokens.joined(last, next) && !possessive;
    next += possessive ? 2 : plural ? 1 : 0;
    boolean eponym = tokens.is(last, Lexicon.EPONYM) || tokens.is(first, Lexicon.EPONYM);
    if (eponym
        && (possessive || plural)
        && !cased(next)
        && !Words.clinicalHead(tokens.lower(next))) {
      // "history of Parkinson's." is the disease; "Parkinson's wife" is not.
      return !relation(tokens.lower(next));
    }
    for (int k = 0; k < 4 && next + k < tokens.count; k++) {
      int at = next + k;
      if (tokens.sign(at, '-') || tokens.sign(at, '/') || tokens.sign(at, '–')) {
        continue;
      }
      if (!tokens.word(at) || !tokens.sameLine(at) && k > 0) {
        return false;
      }
      if (Words.clinicalHead(tokens.lower(at))) {
        // An unknown name needs the term right behind it.
        return eponym || k == 0 || k == 1 && (possessive || tokens.sign(next, '-') || cased(next));
      }
      if (!eponym && !cased(at)) {
        return false;
      }
    }
    return false;
  }

  /** Whether the word is a person's relation to another, so that a name may follow. */
  static boolean person(String word) {
    return relation(word)
        && switch (word) {
          case "room",
              "office",
              "house",
              "chart",
              "care",
              "note",
              "address",
              "phone",
              "children",
              "family" ->
              false;
          default -> true;
        };
  }

  /** Whether the word is what a person has: a relative, or a thing. */
  static boolean relation(String word) {
    return switch (word) {
      case "wife",
          "husband",
          "son",
          "daughter",
          "mother",
          "father",
          "sister",
          "brother",
          "partner",
          "kid",
          "kids",
          "friend",
          "neighbor",
          "aunt",
          "uncle",
          "niece",
          "nephew",
          "cousin",
          "grandmother",
          "grandfather",
          "grandson",
          "granddaughter",
          "boyfriend",
          "girlfriend",
          "fiance",
          "fiancee",
          "mom",
          "dad",
          "roommate",
          "caregiver",
          "spouse",
          "twin",
          "stepmother",
          "stepfather",
          "stepson",
          "stepdaughter",
          "children",
          "guardian",
          "child",
          "baby",
          "boss",
          "family",
          "nurse",
          "doctor",
          "surgeon",
          "therapist",
          "room",
          "office",
          "house",
          "chart",
          "care",
          "note",
          "address",
          "phone" ->
          true;
      default -> false;
    };
  }

  /** The last token of a run of words that look like one name, from {@code first} on. */
  int run(int first, int most) {
    int last = first;
    int words = 1;
    int at = first + 1;
    while (at < tokens.count && words < most && at - first < LONGEST && tokens.sameLine(at)) {
      if (tokens.sign(at, '-')
          && tokens.joined(at - 1, at)
          && tokens.joined(at, at + 1)
          && cased(at + 1)) {
        last = at + 1;
        at += 2;
      } else if (tokens.sign(at, '.') && (tokens.initial(at - 1)) && tokens.joined(at - 1, at)) {
        last = at;
        at++;
      } else if (tokens.initial(at)
          && (tokens.sign(at + 1, '.') || cased(at + 1) && tokens.sameLine(at + 1))
          && !tokens.lower(at).equals("i")) {
        last = at;
        at++;
        words++;
      } else if (Words.suffix(tokens.lower(at))) {
        last = at;
        at += tokens.sign(at + 1, '.') && tokens.joined(at, at + 1) ? 2 : 1;
      } else if (Words.particle(tokens.lower(at))
          && (candidate(at + 1) && tokens.sameLine(at + 1)
              || Words.particle(tokens.lower(at + 1)) && candidate(at + 2))) {
        at++;
      } else if (candidate(at)
          || cased(at)
              && tokens.is(at, Lexicon.AMBIGUOUS)
              && tokens.capital(at)
              && !verb(at)
              && words < 3) {
        last = at;
        at++;
        words++;
      } else {
        break;
      }
    }
    return last;
  }

  /** Whether "Will" and its kin stand where a verb stands. */
  boolean verb(int i) {
    String next = tokens.lower(i + 1);
    return switch (tokens.lower(i)) {
      case "will", "may", "can", "do", "hope", "mark", "grant", "chase", "drew", "bill" ->
          switch (next) {
            case "i",
                "you",
                "he",
                "she",
                "it",
                "we",
                "they",
                "the",
                "a",
                "an",
                "be",
                "not",
                "this",
                "that",
                "your",
                "my",
                "his",
                "her",
                "their",
                "our",
                "have",
                "to",
                "for",
                "on",
                "resume",
                "continue",
                "need",
                "see",
                "get",
                "follow",
                "check",
                "start",
                "also",
                "take",
                "give",
                "discuss",
                "obtain",
                "refer",
                "plan",
                "order",
                "try" ->
                true;
            default -> false;
          };
      default -> false;
    };
  }
}

package dev.galen.examples.clinical.deid;

import java.util.Set;

/** Names of persons by the lists of names, by their shape, and by what stands around them. */
final class ListedNames {
  /** Words before a name of the lists. */
  private static final Set<String> NAMING =
      Words.set(
          """
          named called name nicknamed is hi hello hey dear thanks bye under m am s meet ask heard contacted per with by
          saw seen and told him her to me as between of for page call via says said but or
          """);

  private final Tokens tokens;
  private final Context context;
  private final NameRules names;
  private final PersonCues cues;

  ListedNames(Tokens tokens, Context context, NameRules names) {
    this.tokens = tokens;
    this.context = context;
    this.names = names;
    this.cues = new PersonCues(tokens);
  }

  /** The last token of the name that begins with a token, or -1. */
  int at(int i) {
    if (!context.cased(i)) {
      return lower(i);
    }
    boolean alone = tokens.upper(i) && !tokens.upper(i - 1) && !tokens.upper(i + 1);
    int last = context.run(i, 5);
    if (alone && last == i && (tokens.length(i) < 4 || !cue(i))) {
      return -1; // an abbreviation
    }
    int several = several(i, last);
    several = several < 0 ? persons(i, last) : several;
    if (several >= 0) {
      return several;
    }
    boolean given = context.strong(i, Lexicon.GIVEN) && !place(i);
    if (given && !context.term(i, i)) {
      return names.name(i, Math.max(i, last), "given", tokens.lowerCase ? 0.6 : 0.75);
    }
    if (cue(i)) {
      return names.name(i, last, "cue", 0.72);
    }
    int list = list(i);
    if (list >= 0) {
      return list;
    }
    if (tokens.lowerCase) {
      return -1;
    }
    if (speaker(i, last)) {
      return names.name(i, last, "speaker", 0.6);
    }
    if (context.strong(i, Lexicon.SURNAME)
        && !tokens.is(i, Lexicon.EPONYM | Lexicon.PLACE)
        && !tokens.upper(i)
        && !context.term(i, last)
        && (!tokens.begins(i) || cues.person(last))) {
      return names.name(i, last, "surname", 0.6);
    }
    if (tokens.is(i, Lexicon.NAME)
        && !tokens.is(i, Lexicon.WORD)
        && !context.term(i, last)
        && cues.person(last)) {
      return names.name(i, last, "person", 0.55);
    }
    if (context.unknown(i) && !context.term(i, last) && !tokens.upper(i)) {
      return shape(i, last);
    }
    return -1;
  }

  /** A name of several words, one of them known or an initial. */
  private int several(int i, int last) {
    if (last == i) {
      return -1;
    }
    boolean given = tokens.is(i, Lexicon.GIVEN);
    boolean listed = tokens.is(i, Lexicon.NAME) && !context.plain(i);
    boolean second = false;
    boolean initial = false;
    boolean sure = false;
    boolean unknown = false;
    for (int k = i + 1; k <= last; k++) {
      second |= tokens.is(k, Lexicon.NAME) && !context.plain(k) || context.unknown(k);
      initial |= tokens.initial(k) && k < last;
      sure |= context.strong(k, Lexicon.NAME);
      unknown |= context.unknown(k) && !tokens.upper(k);
    }
    boolean candidate =
        listed
            || given && tokens.capital(i) && !context.verb(i)
            || context.unknown(i) && initial && tokens.word(last);
    // "Will Smith" begins a sentence as a name, "Will need" does not.
    boolean word = tokens.is(i, Lexicon.WORD) && tokens.begins(i) && !sure && !unknown;
    boolean strong = context.strong(i, Lexicon.GIVEN);
    if (!candidate || !second || word || context.term(i, last) || tokens.lowerCase && !strong) {
      return -1;
    }
    return names.name(i, last, "several", strong ? 0.86 : 0.72);
  }

  /** Words that are names, too, where somebody is meant: Will Faith was told, Summer (daughter). */
  private int persons(int i, int last) {
    boolean likely = tokens.is(i, Lexicon.NAME | Lexicon.AMBIGUOUS) || context.unknown(i);
    if (!likely || tokens.lowerCase || tokens.upper(i) || context.term(i, last)) {
      return -1;
    }
    if (cues.related(last + 1)) {
      return names.name(i, last, "related", 0.7);
    }
    boolean known = tokens.is(i, Lexicon.GIVEN | Lexicon.AMBIGUOUS);
    if (known && cues.patient(i - 1) && !tokens.begins(i) && last > i) {
      return names.name(i, last, "patient", 0.65);
    }
    int end = last;
    if (end == i
        && tokens.is(i, Lexicon.GIVEN)
        && context.cased(i + 1)
        && tokens.sameLine(i + 1)
        && !tokens.upper(i + 1)
        && !Words.clinicalHead(tokens.lower(i + 1))) {
      end = i + 1;
    }
    boolean person = cues.person(end) || cues.suffered(end + 1) && !tokens.is(i, Lexicon.EPONYM);
    boolean named = known && (end > i || cues.kin(i + 1));
    return named && person && !context.verb(i) ? names.name(i, end, "persons", 0.6) : -1;
  }

  private boolean place(int i) {
    return tokens.is(i, Lexicon.PLACE) && Words.beforePlace(tokens.lower(i - 1));
  }

  /** An enumeration, one of whose names is known: Monjeau, Graves and Reed. */
  private int list(int i) {
    if (tokens.lowerCase || !listable(i) || !tokens.sign(i + 1, ',') || tokens.sign(i - 1, ',')) {
      return -1;
    }
    int at = i;
    int count = 1;
    boolean sure = false;
    while (count < 12) {
      sure |= context.strong(at, Lexicon.NAME) && !tokens.is(at, Lexicon.EPONYM | Lexicon.PLACE);
      int next = tokens.sign(at + 1, ',') ? at + 2 : at + 1;
      next = tokens.lower(next).equals("and") || tokens.lower(next).equals("or") ? next + 1 : next;
      if (next == at + 1 || !listable(next) || !tokens.sameLine(next)) {
        break;
      }
      at = next;
      count++;
    }
    if (count < 3 || !sure) {
      return -1;
    }
    for (int k = i; k <= at; k++) {
      if (listable(k)) {
        names.name(k, k, "list", 0.55);
      }
    }
    return at;
  }

  private boolean listable(int i) {
    return tokens.capital(i)
        && tokens.length(i) > 2
        && !tokens.upper(i)
        && (tokens.is(i, Lexicon.NAME | Lexicon.AMBIGUOUS) && !tokens.is(i, Lexicon.DRUG)
            || context.unknown(i));
  }

  /** Who speaks, or is spoken to: "Vinka: What a wife", "Warrane, can I", "Remember me, Kelly?". */
  private boolean speaker(int i, int last) {
    boolean known =
        tokens.is(i, Lexicon.NAME) && !context.plain(i)
            || tokens.is(i, Lexicon.AMBIGUOUS) && tokens.is(i, Lexicon.NAME);
    boolean like = context.unknown(i) && !tokens.upper(i);
    int next = last + 1;
    if (tokens.begins(i)
        && tokens.sign(next, ':')
        && tokens.joined(last, next)
        && !tokens.is(i, Lexicon.DRUG)) {
      boolean quoted = tokens.sign(next + 1, '"') || tokens.sign(next + 1, '“');
      boolean line = i == 0 || !tokens.sameLine(i);
      return line
          && (known && (!tokens.is(i, Lexicon.WORD) || quoted)
              || like
                  && (quoted
                      || tokens.foreign(i)
                      || Words.nameLike(tokens.lower(i))
                      || cues.said(next + 1)));
    }
    if (i == 0 && tokens.sign(next, ',') && (known || like)) {
      return switch (tokens.lower(next + 1)) {
        case "can",
            "could",
            "please",
            "would",
            "will",
            "are",
            "do",
            "you",
            "thank",
            "i",
            "is",
            "may",
            "when",
            "what",
            "how",
            "why",
            "your",
            "have" ->
            true;
        default -> false;
      };
    }
    return known
        && !tokens.begins(i)
        && tokens.capital(i)
        && tokens.sign(i - 1, ',')
        && (tokens.sign(next, '?') || tokens.sign(next, '!'));
  }

  /** An unknown word that looks like a name, or does what persons do. */
  private int shape(int i, int last) {
    boolean like = false;
    boolean named = false;
    for (int k = i; k <= last; k++) {
      like |=
          tokens.word(k)
              && (tokens.foreign(k)
                  || Words.nameLike(tokens.lower(k)) && !tokens.is(k, Lexicon.EPONYM));
      named |= k > i && context.strong(k, Lexicon.NAME);
    }
    if (named || like && (!tokens.begins(i) || last > i || cues.person(last))) {
      return names.name(i, last, "shape", named ? 0.6 : 0.5);
    }
    boolean brief = last == i && Words.abbreviation(tokens.lower(i)); // Pt's wife
    return cues.person(last) && !brief ? names.name(i, last, "person", 0.5) : -1;
  }

  /**
   * Whether what stands before the word says that a name follows: her husband Grant, called May.
   */
  private boolean cue(int i) {
    if (tokens.is(i, Lexicon.PLACE) && !tokens.is(i, Lexicon.NAME)
        || context.term(i, i)
        || context.verb(i)) {
      return false;
    }
    boolean listed = tokens.is(i, Lexicon.NAME | Lexicon.AMBIGUOUS);
    boolean word = tokens.is(i, Lexicon.WORD);
    boolean name = listed && (!word || tokens.capital(i) && !tokens.lowerCase);
    boolean unknown = context.unknown(i);
    if (!name && !unknown || asked(i)) {
      return name || unknown;
    }
    if (tokens.begins(i)) {
      return false;
    }
    int before = i - 1;
    if (tokens.sign(before, ',') || tokens.sign(before, '(')) {
      before--;
    }
    boolean relation = Context.person(tokens.lower(before));
    if (relation
        && (name && (tokens.capital(i) || !tokens.is(i, Lexicon.AMBIGUOUS))
            || unknown
                && !tokens.lowerCase
                && (before == i - 1 || tokens.sign(context.run(i, 4) + 1, ',')))) {
      return true;
    }
    if (before != i - 1) {
      return false;
    }
    if (naming(i - 1)) {
      return name || unknown && !tokens.upper(i);
    }
    boolean only =
        tokens.is(i, Lexicon.NAME)
            && !word
            && !(tokens.lowerCase && tokens.is(i, Lexicon.AMBIGUOUS))
            && !tokens.is(i, Lexicon.EPONYM | Lexicon.PLACE);
    boolean like = unknown && !tokens.upper(i) && tokens.length(i) > 3;
    if (like && cues.spoken(i - 1)) {
      return true;
    }
    int last = context.run(i, 4);
    if (like && last > i && cues.done(i - 1) && !tokens.is(last, Lexicon.WORD)) {
      return true;
    }
    boolean told = like && cues.told(i - 1);
    return NAMING.contains(tokens.lower(i - 1)) && only || told && cues.pause(last + 1);
  }

  /** Whether a name was asked for right before: "What's your last name? Boyle". */
  private boolean asked(int i) {
    return (tokens.sign(i - 1, '?') || tokens.sign(i - 1, ':'))
        && tokens.lower(i - 2).equals("name");
  }

  /** Whether the token says outright that a name follows. */
  private boolean naming(int i) {
    return switch (tokens.lower(i)) {
      case "named", "nicknamed", "dear", "hi", "hello", "called" -> true;
      case "name" ->
          tokens.lower(i - 1).endsWith("s")
              || tokens.lower(i - 1).equals("last")
              || tokens.lower(i - 1).equals("first")
              || tokens.lower(i - 1).equals("the");
      case "is", "to", "as" ->
          tokens.lower(i - 1).equals("name") || tokens.lower(i - 2).equals("name") || changed(i);
      case "me" -> tokens.lower(i - 1).equals("call") || tokens.lower(i - 1).equals("calls");
      case "under" -> tokens.lower(i - 1).equals("s");
      default -> false;
    };
  }

  /** "please change it to". */
  private boolean changed(int i) {
    return tokens.lower(i).equals("to")
        && (tokens.lower(i - 1).equals("it") && tokens.lower(i - 2).startsWith("c"));
  }

  /** Words in lower case behind "my name is" and its kin in a text with capitals. */
  private int lower(int i) {
    if (tokens.word(i)
        && !tokens.capital(i)
        && tokens.length(i) > 2
        && naming(i - 1)
        && !tokens.lower(i - 1).equals("called")
        && !tokens.lower(i - 1).equals("name")
        && context.strong(i, Lexicon.NAME)) {
      return names.name(i, names.lowerRun(i, 3), "cue-lower", 0.7);
    }
    return -1;
  }
}

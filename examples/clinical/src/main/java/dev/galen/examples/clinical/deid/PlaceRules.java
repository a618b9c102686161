package dev.galen.examples.clinical.deid;

import java.util.Locale;
import java.util.Set;

/** Cities, regions and countries. */
final class PlaceRules {
  private static final Set<String> BEHIND =
      Words.set(
          """
          county city township village beach springs island islands valley bay province
          district prefecture parish borough hills
          """);

  private static final Set<String> STATES =
      Words.set(
          """
          AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT
          NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC
          """);

  /** Most words of a place. */
  private static final int LONGEST = 4;

  private final Tokens tokens;
  private final Found found;
  private final Context context;

  private PlaceRules(Tokens tokens, Found found) {
    this.tokens = tokens;
    this.found = found;
    this.context = new Context(tokens);
  }

  static void find(Tokens tokens, Found found) {
    var rules = new PlaceRules(tokens, found);
    for (int i = 0; i < tokens.count; i++) {
      if (rules.context.cased(i)) {
        i = rules.at(i);
      }
    }
  }

  /** Looks for a place that begins with the token; the last token that it looked at. */
  private int at(int i) {
    int several = tokens.is(i, Lexicon.PLACE_HEAD) ? several(i) : -1;
    if (several > 0) {
      if (!context.term(i, several)) {
        add(i, several, "place", 0.84);
      }
      return several;
    }
    if (tokens.sign(i + 1, ',')
        && STATES.contains(upperOf(i + 2))
        && (tokens.upper(i + 2) || tokens.lowerCase)
        && !context.plain(i)) {
      int first = i;
      while (first > 0
          && context.candidate(first - 1)
          && tokens.sameLine(first)
          && i - first < 2
          && !tokens.begins(first - 1)) {
        first--;
      }
      add(first, i + 2, "city-state", 0.87);
      return i + 2;
    }
    if (BEHIND.contains(tokens.lower(i + 1))
        && context.cased(i + 1)
        && tokens.sameLine(i + 1)
        && context.candidate(i)
        && !tokens.begins(i)) {
      add(i, i + 1, "place-named", 0.8);
      return i + 1;
    }
    if (tokens.is(i, Lexicon.PLACE)) {
      known(i);
    } else if (context.unknown(i)) {
      unknown(i);
    }
    return i;
  }

  private String upperOf(int i) {
    return tokens.word(i) && tokens.length(i) == 2 ? tokens.lower(i).toUpperCase(Locale.ROOT) : "";
  }

  private int several(int i) {
    var joined = new StringBuilder(tokens.lower(i));
    int best = -1;
    int at = i + 1;
    for (int words = 1; words < LONGEST && at < tokens.count; at++) {
      if (tokens.sign(at, '.') || tokens.sign(at, '-')) {
        continue;
      }
      if (!tokens.word(at)) {
        break;
      }
      joined.append(' ').append(tokens.lower(at));
      words++;
      if (Lexicon.get().place(joined.toString()) != 0 && (tokens.capital(at) || tokens.lowerCase)) {
        best = at;
      }
    }
    return best;
  }

  private void known(int i) {
    if (tokens.is(i, Lexicon.WORD)
        || tokens.upper(i) && tokens.length(i) < 4
        || context.term(i, i)) {
      return;
    }
    boolean before = Words.beforePlace(tokens.lower(i - 1));
    boolean ambiguous = tokens.is(i, Lexicon.AMBIGUOUS | Lexicon.NAME | Lexicon.EPONYM);
    if (tokens.lowerCase && ambiguous && !before) {
      return;
    }
    if (ambiguous && !before && !(tokens.sign(i - 1, ',') && tokens.is(i - 2, Lexicon.PLACE))) {
      // A name, unless the text says a place: NameRules has it.
      if (!tokens.is(i, Lexicon.NAME | Lexicon.AMBIGUOUS)
          || tokens.is(i, Lexicon.STATE | Lexicon.COUNTRY) && !tokens.begins(i)) {
        add(i, i, "place", 0.5);
      }
      return;
    }
    add(i, i, "place", ambiguous ? 0.7 : 0.82);
  }

  /** An unknown word where a place stands. */
  private void unknown(int i) {
    String before = tokens.lower(i - 1);
    boolean strict =
        switch (before) {
          case "in", "from", "near", "to", "visiting", "visited", "leaving" -> true;
          default -> false;
        };
    if (!strict
        || tokens.begins(i)
        || !tokens.capital(i)
        || tokens.upper(i) && tokens.length(i) < 5) {
      return;
    }
    int last = context.run(i, 4);
    boolean live = live(i - 2);
    String next = tokens.lower(last + 1);
    if (context.term(i, last) || Words.genus(tokens.lower(i)) || Words.clinicalHead(next)) {
      return;
    }
    add(i, last, "place-context", live ? 0.7 : 0.42);
  }

  private boolean live(int i) {
    return switch (tokens.lower(i)) {
      case "live",
          "lives",
          "lived",
          "living",
          "born",
          "moved",
          "travel",
          "traveling",
          "travelling",
          "traveled",
          "reside",
          "resides",
          "residing",
          "works",
          "raised",
          "grew",
          "up",
          "return",
          "returned",
          "based",
          "trip",
          "flight",
          "move",
          "migrated",
          "emigrated",
          "originally" ->
          true;
      default -> false;
    };
  }

  private void add(int first, int last, String rule, double confidence) {
    found.add(tokens.starts[first], tokens.ends[last], Category.LOCATION, rule, confidence);
  }
}

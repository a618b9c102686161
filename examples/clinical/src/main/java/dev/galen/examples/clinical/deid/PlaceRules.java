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
      } else {
        rules.lower(i);
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
        && (tokens.upper(i + 2) || tokens.lowerCase && tokens.is(i, Lexicon.PLACE))
        && !context.plain(i)
        && !credential(i)) {
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
    } else if (context.unknown(i) || moved(i) || part(i)) {
      unknown(i);
    }
    return i;
  }

  /** A word of direction or size before an unknown name: from Lower Tidmarsh. */
  private boolean part(int i) {
    return switch (tokens.lower(i)) {
      case "lower", "upper", "great", "little", "north", "south", "east", "west", "old", "new" ->
          tokens.capital(i)
              && tokens.capital(i + 1)
              && !tokens.upper(i + 1)
              && context.unknown(i + 1)
              && tokens.sameLine(i + 1)
              && !Words.clinicalHead(tokens.lower(i + 2));
      default -> false;
    };
  }

  /** Whether a place has to follow, whatever the word's ending: born in Szombathely. */
  private boolean moved(int i) {
    return move(i - 2)
        && before(i - 1)
        && tokens.capital(i)
        && !tokens.upper(i)
        && !context.known(i);
  }

  /** Whether what looks like a state is what a person has learned: Betty Ross, PA. */
  private boolean credential(int i) {
    return !tokens.is(i, Lexicon.PLACE)
        && !tokens.number(i + 3)
        && switch (tokens.lower(i + 2)) {
          case "pa", "md", "ma", "do" -> true;
          default -> false;
        };
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
        || context.term(i, i)
        || tokens.lower(i).equals("leiden") && tokens.lower(i - 1).equals("v")) {
      return; // factor V Leiden
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
    zip(i);
  }

  /** An unknown word where a place stands. */
  private void unknown(int i) {
    boolean label =
        tokens.sign(i - 1, ':')
            && (tokens.lower(i - 2).equals("where")
                || tokens.lower(i - 2).equals("city")
                || tokens.lower(i - 2).equals("town"));
    boolean town = tokens.lower(i - 1).equals("city") || tokens.lower(i - 1).equals("town");
    boolean live = live(i - 2) && before(i - 1) || visit(i - 1);
    boolean strict =
        switch (tokens.lower(i - 1)) {
          case "in", "from", "near", "leaving" -> true;
          default -> false;
        };
    int last = context.run(i, 4);
    boolean code = code(last);
    boolean bridge =
        tokens.lower(last + 1).equals("bridge")
            || tokens.lower(last + 1).equals("country") && tokens.lower(last + 2).equals("club");
    if (!label && !town && !live && !strict && !bridge
        || tokens.begins(i) && !label && !bridge
        || tokens.lowerCase && !live && !label && !town && !code
        || tokens.upper(i) && !(live || town || label || code) && strict
        || context.term(i, last)
        || Words.genus(tokens.lower(i))
        || Words.clinicalHead(tokens.lower(last + 1)) && !bridge) {
      return;
    }
    add(i, last, "place-context", live || label ? 0.7 : 0.42);
    zip(last);
  }

  private boolean before(int i) {
    return switch (tokens.lower(i)) {
      case "in", "from", "near", "to", "at" -> true;
      default -> false;
    };
  }

  private boolean visit(int i) {
    return switch (tokens.lower(i)) {
      case "visit", "visiting", "visited" -> true;
      default -> false;
    };
  }

  /** Whether a number that could be a postal code stands behind the token. */
  private boolean code(int last) {
    int at = last + 1;
    if (!tokens.number(at)
        || !tokens.sameLine(at)
        || tokens.length(at) < 4
        || tokens.length(at) > 6) {
      return false;
    }
    String digits = tokens.raw(at);
    boolean year = digits.length() == 4 && (digits.startsWith("19") || digits.startsWith("20"));
    return !year
        && !CodeRules.quantity(tokens.text, tokens.ends[at])
        && !(tokens.sign(at + 1, '.') && tokens.joined(at, at + 1) && tokens.number(at + 2));
  }

  private void zip(int last) {
    if (code(last)) {
      int end = tokens.sign(last + 2, '-') && tokens.number(last + 3) ? last + 3 : last + 1;
      found.add(tokens.starts[last + 1], tokens.ends[end], Category.ZIP, "zip-behind-place", 0.6);
    }
  }

  /** A place in lower case behind "lives in". */
  private void lower(int i) {
    if (tokens.word(i)
        && tokens.length(i) > 3
        && live(i - 2)
        && before(i - 1)
        && (tokens.is(i, Lexicon.PLACE) || !context.known(i) && !context.plain(i) && move(i - 2))) {
      add(i, i, "place-lower", 0.5);
    }
  }

  private boolean move(int i) {
    return switch (tokens.lower(i)) {
      case "live", "lives", "lived", "living", "born", "reside", "resides", "residing" -> true;
      default -> false;
    };
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

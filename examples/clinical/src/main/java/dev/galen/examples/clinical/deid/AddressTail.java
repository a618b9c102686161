package dev.galen.examples.clinical.deid;

import java.util.Set;

/** Where an address ends that begins with a street: behind its further parts and lines. */
final class AddressTail {
  /** Most tokens of a line of an address. */
  private static final int LONGEST = 30;

  private final Tokens tokens;

  AddressTail(Tokens tokens) {
    this.tokens = tokens;
  }

  private boolean named(int i) {
    return tokens.word(i) && (tokens.capital(i) || tokens.lowerCase);
  }

  /** The rest of an address: further lines and parts with names, codes and numbers. */
  int end(int last) {
    int end = last;
    int next = last + 1;
    int parts = 0;
    while (next < tokens.count && parts < 16) {
      boolean comma =
          !tokens.sameLine(next) && (tokens.sign(next, '>') || tokens.sign(next, '|'))
              || quoted(next)
              || tokens.sign(next, ',')
              || tokens.sign(next, '(')
              || tokens.sign(next, ')')
              || tokens.sign(next, '.') && tokens.word(next - 1) && tokens.length(next - 1) <= 3;
      if (!tokens.sameLine(next) && (blank(next) || !addressed(next))) {
        break;
      }
      if (comma) {
        next++;
        continue;
      }
      boolean state = tokens.upper(next) && tokens.length(next) == 2;
      boolean label = tokens.sign(next + 1, ':');
      boolean flat = Set.of("apt", "suite", "ste", "flat", "unit").contains(tokens.lower(next));
      boolean name =
          named(next)
              && !label
              && (state
                  || flat
                  || tokens.is(next, Lexicon.PLACE | Lexicon.NAME)
                  || !tokens.is(next, Lexicon.WORD | Lexicon.DRUG)
                      && !Words.english(tokens.lower(next))
                      && !tokens.lower(next).equals("i"));
      boolean number =
          tokens.number(next) && tokens.length(next) <= 6 && (parts > 0 || tokens.sameLine(next));
      boolean particle =
          tokens.word(next)
              && Words.particle(tokens.lower(next))
              && named(next + 1)
              && tokens.sameLine(next + 1);
      boolean hyphen =
          tokens.sign(next, '-') && tokens.joined(next - 1, next) && tokens.joined(next, next + 1);
      if (!name && !number && !particle && !hyphen) {
        break;
      }
      if (number && CodeRules.quantity(tokens.text, tokens.ends[next])) {
        break;
      }
      if (name && !tokens.sameLine(next) && tokens.lower(next).equals("phone")) {
        break;
      }
      if (number
          && tokens.length(next) >= 5
          && !tokens.is(next + 1, Lexicon.COUNTRY)
          && parts > 0) {
        int more = tokens.sign(next + 1, '-') && tokens.number(next + 2) ? next + 2 : next;
        return tokens.word(more + 1)
                && tokens.sameLine(more + 1)
                && tokens.capital(more + 1)
                && !tokens.begins(more + 1)
            ? more + 1
            : more;
      }
      parts++;
      end = particle || hyphen ? end : next;
      next++;
    }
    return end;
  }

  /** Whether a line could be one of an address: few words, none of them in lower case. */
  private boolean addressed(int first) {
    int at = first;
    int words = 0;
    while (at < tokens.count && (at == first || tokens.sameLine(at))) {
      if (at - first > LONGEST) {
        return false;
      }
      boolean lower = tokens.word(at) && !tokens.capital(at) && !tokens.lowerCase;
      if (lower
              && !Words.particle(tokens.lower(at))
              && !AddressRules.STREETS.contains(tokens.lower(at))
          || tokens.sign(at, ':') && at < first + 4) {
        return false;
      }
      if (tokens.word(at)
          && tokens.is(at, Lexicon.WORD | Lexicon.DRUG)
          && !tokens.is(at, Lexicon.NAME | Lexicon.PLACE)
          && words == 0
          && !AddressRules.STREETS.contains(tokens.lower(at))) {
        return false;
      }
      words += tokens.word(at) ? 1 : 0;
      at++;
    }
    return words <= 7;
  }

  /** Whether the sign belongs to a run of signs that begins a line. */
  private boolean quoted(int i) {
    int at = i;
    while (at > 0 && tokens.sign(at, '?')) {
      if (!tokens.sameLine(at)) {
        return true;
      }
      at--;
    }
    return false;
  }

  /** Whether an empty line stands before the token. */
  private boolean blank(int i) {
    String gap = tokens.text.substring(tokens.ends[i - 1], tokens.starts[i]);
    return gap.indexOf('\n') != gap.lastIndexOf('\n');
  }
}

package dev.galen.examples.clinical.deid;

import java.util.Set;

/** Street addresses, boxes, flats and postal codes of many countries. */
final class AddressRules {
  static final Set<String> STREETS =
      Words.set(
          """
          street st str avenue ave av road rd boulevard blvd lane ln drive dr court ct
          place pl square sq terrace ter parkway pkwy highway hwy way circle cir trail
          trl alley plaza loop crescent cres close grove gardens mews row walk quay
          turnpike pike bypass expressway freeway heights hill hollow manor meadow
          meadows mill mills mission path point ridge run springs station summit track
          trace turn valley view vista crossing causeway esplanade parade promenade
          radial route rue shoal shore spur stravenue throughway tunnel union viaduct
          village ville well wells branch bridge brook burg camp canyon cape center
          cliff club common corner corners course cove creek crest dale dam divide
          estate estates extension fall falls ferry field fields flat flats ford forest
          forge fork forks fort garden gateway glen green harbor haven inlet island isle
          junction key keys knoll knolls lake lakes land landing light locks lodge mall
          mountain neck orchard oval overpass park pass passage pine pines plain plains
          port prairie ramp ranch rapid rapids rest river skyway stream trafficway
          underpass gate utca útja út tér ulica ulice gasse straße strasse weg platz
          allee vej gade gata gatan väg vägen katu tie tänav põik puiestee cesta trg
          gatve iela straat laan plein caddesi sokak nám náměstí třída u
          """);

  /** Words that begin the name of a street in languages that put them first. */
  private static final Set<String> STREETS_FIRST =
      Words.set(
          """
          rue via viale corso piazza rua avenida av avenue calle paseo plaza camino
          carrera ul ulica os al aleja boulevard bd allée chemin place quai travessa
          estrada praça largo c ctra vicolo strada calea bulevardul ulice r impasse vico
          rambla jalan jl cité cite route ronda urb rruga
          """);

  private static final Set<String> DIRECTIONS = Set.of("n", "s", "e", "w", "no", "so");

  private static final String[] STREET_ENDINGS = {
    "straße", "strasse", "strass", "weg", "gasse", "gata", "gatan", "gade", "gate", "vej", "vegen",
        "vägen", "vagen", "veien",
    "katu", "kuja", "polku", "straat", "laan", "plein", "dijk", "gracht", "kade", "utca", "allee",
        "alle", "platz", "damm",
    "stræde", "vænget", "vangen", "marken", "parken", "stien", "bakken", "haven", "tie", "rinne",
        "stien", "ring", "markt", "hof",
    "singel", "wei", "pad", "steeg", "steinsgata", "stigen", "gränd", "backen", "plan", "torget",
        "torvet", "vang", "toft", "lunden"
  };

  private final Tokens tokens;
  private final Found found;
  private final AddressTail tail;

  private AddressRules(Tokens tokens, Found found) {
    this.tokens = tokens;
    this.found = found;
    this.tail = new AddressTail(tokens);
  }

  static void find(Tokens tokens, Found found) {
    var rules = new AddressRules(tokens, found);
    for (int i = 0; i < tokens.count; i++) {
      if (tokens.word(i)) {
        rules.corner(i);
        rules.streetLast(i);
        rules.streetFirst(i);
      } else if (tokens.hasDigit(i)) {
        rules.numbered(i);
      }
    }
  }

  private boolean house(int i) {
    return tokens.hasDigit(i)
        && tokens.length(i) <= 5
        && Character.isDigit(tokens.text.charAt(tokens.starts[i]));
  }

  private boolean named(int i) {
    return tokens.word(i) && (tokens.capital(i) || tokens.lowerCase);
  }

  /** A street's word behind its name: 12 Old Mill Road, Kimberly Way. */
  private void streetLast(int i) {
    String word = tokens.lower(i);
    boolean ending = ending(word, i);
    if (!STREETS.contains(word) && !ending
        || !ending && !tokens.capital(i) && !tokens.lowerCase && !word.equals("street")) {
      return;
    }
    int first = ending ? i : i - 1;
    if (!ending
        && !(named(first) && tokens.sameLine(i))
        && !(tokens.hasDigit(first) && tokens.sameLine(i))) {
      return;
    }
    int wide = first;
    while (wide > 0 && named(wide - 1) && tokens.sameLine(wide) && i - wide < 4) {
      wide--;
      if (wide == first - 1 && !tokens.is(wide, Lexicon.WORD)) {
        first = wide;
      }
    }
    if (tokens.sign(wide - 1, '.')
        && DIRECTIONS.contains(tokens.lower(wide - 2))
        && tokens.joined(wide - 2, wide - 1)) {
      wide -= 2;
    }
    boolean number = wide > 0 && house(wide - 1) && tokens.sameLine(wide);
    first = number ? wide : first;
    if (number) {
      first--;
      if (first > 0 && house(first - 1) && tokens.sameLine(first)) {
        first--;
      } else if (tokens.sign(first - 1, '-')
          && tokens.joined(first - 1, first)
          && tokens.joined(first - 2, first - 1)
          && house(first - 2)) {
        first -= 2; // 88-12 Jamaica Ave
      }
    }
    boolean after =
        i + 1 < tokens.count
            && tokens.number(i + 1)
            && tokens.length(i + 1) <= 4
            && tokens.sameLine(i + 1);
    boolean certain =
        Words.set(
                """
          street avenue road boulevard lane drive st ave rd blvd ln terrace utca
          crescent parkway highway
          """)
            .contains(word);
    if (number && !tokens.is(first + 1, Lexicon.WORD)
        || number && certain
        || certain
            && !tokens.is(i - 1, Lexicon.WORD)
            && tokens.capital(i - 1)
            && !Words.title(word)
            && !word.equals("st")
            && tokens.length(i - 1) > 2
        || ending && (after || number || word.length() > 7 && tokens.foreign(i))
        || after && !tokens.is(i - 1, Lexicon.WORD) && certain) {
      add(first, i, "street");
    }
  }

  private boolean ending(String word, int i) {
    if (word.length() < 7
        || !named(i)
        || tokens.is(i, Lexicon.WORD | Lexicon.NAME | Lexicon.EPONYM)) {
      return false;
    }
    for (String one : STREET_ENDINGS) {
      if (word.endsWith(one)) {
        return true;
      }
    }
    return false;
  }

  /** A street's word before its name: Rue de Pologne 36, Via Tasso 129. */
  private void streetFirst(int i) {
    String word = tokens.lower(i);
    if (!STREETS_FIRST.contains(word) || !named(i) && word.length() > 2 && !tokens.lowerCase) {
      return;
    }
    int last = i;
    int next = i + 1;
    if (tokens.sign(next, '.')) {
      next++;
    }
    boolean name = false;
    while (next < tokens.count
        && tokens.sameLine(next)
        && next - i < 7
        && (named(next)
            || Words.particle(tokens.lower(next))
            || tokens.apostrophe(next)
            || tokens.initial(next)
            || tokens.sign(next, '.') && tokens.initial(next - 1))
        && !tokens.is(next, Lexicon.WORD)) {
      name |= named(next) && tokens.length(next) > 1;
      last = named(next) ? next : last;
      next++;
    }
    boolean before = i > 0 && house(i - 1) && tokens.sameLine(i);
    boolean after = last + 1 < tokens.count && house(last + 1) && tokens.sameLine(last + 1);
    if (name
        && (before
            || after
            || word.length() > 2
                && !word.equals("place")
                && !word.equals("via")
                && !word.equals("route")
                && !word.equals("plaza"))) {
      int first = before ? i - 1 : i;
      if (before && i > 1 && house(i - 2) && tokens.sameLine(i - 1)) {
        first--;
      }
      add(first, after ? last + 1 : last, "street");
    }
  }

  /** The corner of two streets. */
  private void corner(int i) {
    if (!tokens.lower(i).equals("corner") || !tokens.lower(i + 1).equals("of")) {
      return;
    }
    int at = i + 2;
    boolean and = false;
    while (at < tokens.count
        && tokens.sameLine(at)
        && at - i < 14
        && (named(at)
            || house(at)
            || tokens.sign(at, '.') && tokens.length(at - 1) < 4
            || Words.particle(tokens.lower(at))
            || STREETS.contains(tokens.lower(at))
            || !and && tokens.lower(at).equals("and"))) {
      and |= tokens.lower(at).equals("and");
      at++;
    }
    if (and && at > i + 4) {
      found.add(tokens.starts[i + 2], tokens.ends[at - 1], Category.LOCATION, "corner", 0.85);
    }
  }

  /** A number, words that no dictionary has, and another number, a flat or a town behind them. */
  private void numbered(int i) {
    if (!house(i)) {
      return;
    }
    int next = i + 1;
    while (next < tokens.count && house(next) && tokens.sameLine(next) && next - i < 3) {
      next++;
    }
    int names = 0;
    boolean words = false;
    int last = next;
    while (next < tokens.count
        && tokens.sameLine(next)
        && next - i < 8
        && (named(next) && !known(next)
            || names > 0 && STREETS.contains(tokens.lower(next))
            || names > 0
                && (Words.particle(tokens.lower(next))
                    || tokens.sign(next, '.')
                    || tokens.apostrophe(next)
                    || tokens.sign(next, '-')))) {
      if (named(next)) {
        names++;
        words |= tokens.length(next) > 3 || !tokens.upper(next);
        last = next;
      }
      next++;
    }
    if (!words) { // 2L NC. EF 35
      return;
    }
    int street = STREETS.contains(tokens.lower(last + 1)) ? last + 1 : last;
    street = tokens.sign(street + 1, '.') ? street + 1 : street;
    last = street + 1 < tokens.count && house(street + 1) ? street : last;
    boolean number = last + 1 < tokens.count && house(last + 1) && tokens.sameLine(last + 1);
    String behind = tokens.lower(number ? last + 2 : last + 1);
    boolean flat = Set.of("apt", "suite", "ste", "flat", "unit").contains(behind);
    if (flat
        || number
            && !table(i, last + 1)
            && tokens.length(i) + names > 2
            && !CodeRules.quantity(tokens.text, tokens.ends[last + 1])) {
      add(i, number ? last + 1 : last, "numbered");
    }
  }

  /** Whether the numbers are of a list of values: WBC 7 Hgb 13 Hct 40. */
  private boolean table(int first, int second) {
    int before = first - 1;
    boolean value = tokens.sign(before, '.') && tokens.number(before - 1);
    boolean label =
        (tokens.word(before) || tokens.hasDigit(before))
            && tokens.sameLine(first)
            && !Words.beforePlace(tokens.lower(before));
    for (int i = first + 1; i < second; i++) {
      if (tokens.word(i) && STREETS.contains(tokens.lower(i))) {
        return false;
      }
    }
    return value || label && second == first + 2;
  }

  private boolean known(int i) {
    String word = tokens.lower(i);
    return tokens.is(i, Lexicon.WORD | Lexicon.DRUG) && !tokens.is(i, Lexicon.NAME | Lexicon.PLACE)
        || Words.english(word) && !tokens.is(i, Lexicon.NAME)
        || Words.drug(word)
        || tokens.length(i) == 1
        || CodeRules.quantity(tokens.text, tokens.starts[i]);
  }

  private void add(int first, int last, String rule) {
    int end = tail.end(last);
    found.add(tokens.starts[first], tokens.ends[end], Category.LOCATION, rule, 0.9);
  }
}

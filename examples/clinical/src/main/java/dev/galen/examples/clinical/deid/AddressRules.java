package dev.galen.examples.clinical.deid;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Street addresses, boxes, flats and postal codes of many countries. */
final class AddressRules {
  private static final Set<String> STREETS =
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

  private static final Pattern MILITARY =
      Pattern.compile(
          "(?:(?:PSC|CMR|Unit)\\s+\\d{2,5},?\\s+Box\\s+\\d{1,5}|US(?:NS|S|NV|CGC)\\s+\\p{L}[\\p{L}'’.-]*(?: \\p{L}[\\p{L}'’.-]*)?)\\s*[,\\n ]\\s*"
              + "(?:APO|FPO|DPO),?\\s+(?:A[AEP])\\s+\\d{5}(?:-\\d{4})?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern BOX =
      Pattern.compile(
          "(?<![\\p{L}])(?:P\\.? ?O\\.? ?Box|Post Office Box|Postfach|Apartado|Casilla|Postboks|Box)\\s{1,2}#?\\d{1,6}(?!\\w)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern FLAT =
      Pattern.compile(
          "(?<![\\p{L}])(?:Apt|Apartment|Suite|Ste|Flat|Unit|Lot)\\b\\.?\\s{0,2}#?\\s?(?:No\\.? )?\\d{1,5}[A-Z]?(?![\\w.%/])",
          Pattern.CASE_INSENSITIVE);

  static final Pattern STATE_ZIP =
      Pattern.compile(
          "(?<![\\p{L}])(?:A[KLRZAEP]|C[AOT]|D[CE]|FL|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]"
              + "|UT|V[AIT]|W[AIVY])\\.?,?\\s{1,2}(\\d{5}(?:-\\d{4})?)(?![\\w-])");
  private static final Pattern ZIP_LABEL =
      Pattern.compile(
          "\\b(?:zip(?: ?code)?|postal code|post ?code|plz|cep)[ :#=is]{0,6}([A-Z0-9]{2,5}(?:[- ][A-Z0-9]{3,4})?)(?!\\w)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern BRITISH =
      Pattern.compile(
          "(?<![\\w-])(?:[A-Z]{1,2}\\d[A-Z\\d]? \\d(?!ST|ND|RD|TH|MG|ML)[ABD-HJLNP-UW-Z]{2})(?![\\w-])");
  private static final Pattern CANADIAN =
      Pattern.compile("(?<![\\w-])[ABCEGHJ-NPRSTVXY]\\d[A-Z] ?\\d[A-Z]\\d(?![\\w-])");

  private final Tokens tokens;
  private final Found found;

  private AddressRules(Tokens tokens, Found found) {
    this.tokens = tokens;
    this.found = found;
  }

  static void find(Tokens tokens, Found found) {
    String text = tokens.text;
    all(MILITARY, text, found, 0, Category.LOCATION, "military", 0.97);
    all(BOX, text, found, 0, Category.LOCATION, "box", 0.8);
    all(FLAT, text, found, 0, Category.LOCATION, "flat", 0.8);
    all(STATE_ZIP, text, found, 1, Category.ZIP, "state-zip", 0.92);
    all(BRITISH, text, found, 0, Category.ZIP, "postcode", 0.85);
    all(CANADIAN, text, found, 0, Category.ZIP, "postcode", 0.85);
    Matcher zip = ZIP_LABEL.matcher(text);
    while (zip.find()) {
      if (zip.group(1).chars().anyMatch(Character::isDigit)) {
        found.add(zip.start(1), zip.end(1), Category.ZIP, "zip-label", 0.92);
      }
    }
    var rules = new AddressRules(tokens, found);
    for (int i = 0; i < tokens.count; i++) {
      if (tokens.word(i)) {
        rules.streetLast(i);
        rules.streetFirst(i);
      } else if (tokens.hasDigit(i)) {
        rules.numbered(i);
      }
    }
  }

  private static void all(
      Pattern pattern,
      String text,
      Found found,
      int group,
      Category category,
      String rule,
      double sure) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.start(group), matcher.end(group), category, rule, sure);
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
    boolean number = wide > 0 && house(wide - 1) && tokens.sameLine(wide);
    first = number ? wide : first;
    if (number) {
      first--;
      if (first > 0 && house(first - 1) && tokens.sameLine(first)) {
        first--;
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
    int last = next;
    while (next < tokens.count
        && tokens.sameLine(next)
        && next - i < 8
        && (named(next) && !known(next)
            || names > 0
                && (Words.particle(tokens.lower(next))
                    || tokens.sign(next, '.')
                    || tokens.apostrophe(next)
                    || tokens.sign(next, '-')))) {
      if (named(next)) {
        names++;
        last = next;
      }
      next++;
    }
    if (names == 0) {
      return;
    }
    boolean number = last + 1 < tokens.count && house(last + 1) && tokens.sameLine(last + 1);
    String behind = tokens.lower(number ? last + 2 : last + 1);
    boolean flat = Set.of("apt", "suite", "ste", "flat", "unit").contains(behind);
    if (flat
        || number
            && tokens.length(i) + names > 2
            && !CodeRules.quantity(tokens.text, tokens.ends[last + 1])) {
      add(i, number ? last + 1 : last, "numbered");
    }
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
    int end = extend(last);
    found.add(tokens.starts[first], tokens.ends[end], Category.LOCATION, rule, 0.9);
  }

  /** The rest of an address: further lines and parts with names, codes and numbers. */
  private int extend(int last) {
    int end = last;
    int next = last + 1;
    int parts = 0;
    while (next < tokens.count && parts < 16) {
      boolean comma =
          tokens.sign(next, ',')
              || tokens.sign(next, '(')
              || tokens.sign(next, ')')
              || tokens.sign(next, '.') && tokens.word(next - 1) && tokens.length(next - 1) <= 3;
      if (!tokens.sameLine(next) && blank(next)) {
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
      parts++;
      end = particle || hyphen ? end : next;
      next++;
    }
    return end;
  }

  /** Whether an empty line stands before the token. */
  private boolean blank(int i) {
    String gap = tokens.text.substring(tokens.ends[i - 1], tokens.starts[i]);
    return gap.indexOf('\n') != gap.lastIndexOf('\n');
  }
}

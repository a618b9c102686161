package dev.galen.examples.clinical.deid;

import java.util.Set;

/** Hospitals, companies, schools and other organisations. */
final class OrganizationRules {
  private static final Set<String> HEADS =
      Words.set(
          """
          hospital hospitals clinic clinics infirmary hospice university college
          institute institut foundation pharmacy laboratories labs laboratory medicine
          health healthcare center centre bank insurance academy school elementary
          church associates partners technologies orchestra museum library airlines
          airport systems solutions services society association group medical
          rehabilitation rehab manor lodge sanatorium polyclinic practice dispensary
          restaurant hotel press ministry council trust nursing home pediatrics
          cardiology oncology orthopedics prison jail penitentiary shelter agency
          company industries motors investments consulting ventures studios network
          media software analytics energy logistics movers data finance capital security
          corporation incorporated holdings enterprises universität universidad
          université hôpital krankenhaus klinik klinikum
          """);

  private static final Set<String> FORMS =
      Words.set(
          """
          inc llc ltd plc corp corporation incorporated gmbh llp pllc limited ag sarl oy
          ab aps bv kft spa
          """);

  /** Words before a head that make no name of it: General Hospital, Medical Center. */
  private static final Set<String> GENERIC =
      Words.set(
          """
          the a this our your medical health university general community local county
          regional state city outpatient inpatient mental primary care public national
          teaching surgery surgical cancer pain wound diabetes heart women's children's
          emergency nursing skilled physical home behavioral family international world
          united american british european royal veterans tertiary acute day high oral
          medicine clinic hospital center services department human and of for internal
          sports preventive social data support study focus control treatment age blood
          intensive trauma sleep urgent dental eye nuclear school clinical research
          patient patients s in at with by on to from her his per
          """);

  private final Tokens tokens;
  private final Found found;
  private final Context context;

  private OrganizationRules(Tokens tokens, Found found) {
    this.tokens = tokens;
    this.found = found;
    this.context = new Context(tokens);
  }

  static void find(Tokens tokens, Found found) {
    var rules = new OrganizationRules(tokens, found);
    for (int i = 0; i < tokens.count; i++) {
      if (!tokens.word(i)) {
        continue;
      }
      rules.form(i);
      rules.head(i);
      rules.of(i);
      rules.known(i);
      rules.pair(i);
      rules.cue(i);
    }
  }

  private boolean part(int i) {
    return tokens.capital(i) || tokens.lowerCase && tokens.word(i) && !tokens.is(i, Lexicon.WORD);
  }

  /** Smith Ltd., Scale Unlimited Inc. */
  private void form(int i) {
    if (!FORMS.contains(tokens.lower(i))
        || !tokens.sameLine(i)
        || tokens.length(i) == 2 && !tokens.upper(i) && !tokens.capital(i)) {
      return;
    }
    int at = i - 1;
    if (tokens.sign(at, ',')) {
      at--;
    }
    boolean common =
        switch (tokens.lower(i)) {
          case "ag", "ab", "oy", "bv", "spa", "limited", "aps" -> true;
          default -> false;
        };
    if (common && (context.plain(at) || tokens.sign(i + 1, '-'))) {
      return;
    }
    int first = back(at, 5);
    if (first <= at && (tokens.capital(first) || !tokens.is(first, Lexicon.WORD))) {
      int end = tokens.sign(i + 1, '.') && tokens.joined(i, i + 1) ? i + 1 : i;
      add(first, end, "organization-form", 0.9);
    }
  }

  private int back(int at, int most) {
    int first = at + 1;
    while (first > 0
        && at + 1 - first < most
        && tokens.sameLine(first)
        && (part(first - 1)
            || first <= at
                && (tokens.sign(first - 1, '&')
                    || tokens.sign(first - 1, '-') && tokens.joined(first - 1, first)
                    || tokens.hasDigit(first - 1)))
        && !starter(first - 1, first <= at)) {
      first--;
    }
    while (first <= at && !tokens.word(first) && !tokens.hasDigit(first)) {
      first++;
    }
    return first;
  }

  /** A word that begins a sentence and not a name, such as "The" or "At". */
  private boolean starter(int i, boolean inside) {
    return inside
            && tokens.begins(i)
            && tokens.is(i, Lexicon.WORD)
            && !tokens.is(i, Lexicon.NAME | Lexicon.PLACE)
        || GENERIC.contains(tokens.lower(i))
            && tokens.lower(i).length() < 5
            && !tokens.lower(i).equals("high")
            && !tokens.lower(i).equals("eye");
  }

  /** Names before a word such as Hospital. */
  private void head(int i) {
    if (!HEADS.contains(tokens.lower(i)) || !tokens.capital(i) && !tokens.lowerCase) {
      return;
    }
    int first = i;
    boolean name = false;
    while (first > 0 && i - first < 8 && tokens.sameLine(first)) {
      int before = first - 1;
      if (tokens.apostrophe(before)
          || tokens.lower(before).equals("s") && tokens.apostrophe(before - 1)
          || tokens.sign(before, '-')
          || tokens.sign(before, '&')
          || tokens.sign(before, '.') && Words.abbreviation(tokens.lower(before - 1))) {
        first--;
        continue;
      }
      String word = tokens.lower(before);
      boolean generic = GENERIC.contains(word) || HEADS.contains(word);
      if (!part(before) && !(word.equals("of") || word.equals("and") || word.equals("for"))
          || starter(before, true) && tokens.capital(before) && !word.equals("of")) {
        break;
      }
      if ((word.equals("of") || word.equals("and") || word.equals("for")) && !part(before - 1)) {
        break;
      }
      name |=
          !(tokens.lowerCase && !tokens.is(before, Lexicon.NAME | Lexicon.PLACE | Lexicon.COMPANY))
              && !generic
              && context.cased(before)
              && (!context.plain(before)
                  || tokens.is(before, Lexicon.NAME | Lexicon.PLACE | Lexicon.EPONYM)
                  || word.equals("st")
                  || word.equals("saint")
                  || strongHead(i) && !tokens.begins(before) && !Words.english(word));
      first--;
    }
    while (first < i && !tokens.word(first)) {
      first++;
    }
    if (!name || first == i || context.term(i - 1, i - 1) && !strongHead(i)) {
      return;
    }
    int last = i;
    while (tokens.capital(last + 1)
        && tokens.sameLine(last + 1)
        && (HEADS.contains(tokens.lower(last + 1)) || tokens.lower(last + 1).equals("facility"))) {
      last++;
    }
    add(first, last, "organization", strongHead(i) ? 0.86 : 0.6);
  }

  private boolean strongHead(int i) {
    return switch (tokens.lower(i)) {
      case "hospital",
          "clinic",
          "infirmary",
          "hospice",
          "university",
          "college",
          "institute",
          "foundation",
          "pharmacy",
          "laboratories",
          "academy",
          "elementary",
          "bank",
          "healthcare",
          "center",
          "centre" ->
          true;
      default -> false;
    };
  }

  /** University of Geneva, Children's Hospital of Pittsburgh. */
  private void of(int i) {
    if (!tokens.lower(i).equals("of")
        || !HEADS.contains(tokens.lower(i - 1)) && !tokens.lower(i - 1).equals("department")
        || !context.cased(i - 1)) {
      return;
    }
    int at = tokens.lower(i + 1).equals("the") ? i + 2 : i + 1;
    if (!context.cased(at)
        || tokens.is(at, Lexicon.WORD) && !tokens.is(at, Lexicon.PLACE)
        || !tokens.sameLine(at)) {
      return;
    }
    int last = context.run(at, 4);
    int first = i - 1;
    while (first > 0
        && tokens.capital(first - 1)
        && tokens.sameLine(first)
        && i - first < 4
        && !tokens.begins(first - 1)) {
      first--;
    }
    if (!(Words.english(tokens.lower(at)) && !tokens.is(at, Lexicon.PLACE | Lexicon.NAME))) {
      add(first, last, "organization-of", 0.88);
    }
  }

  private void known(int i) {
    if (tokens.is(i, Lexicon.COMPANY)
        && context.cased(i)
        && !tokens.is(i, Lexicon.WORD)
        && !(tokens.is(i, Lexicon.NAME | Lexicon.PLACE | Lexicon.DRUG)
            && !tokens.lower(i - 1).equals("at"))
        && !tokens.lowerCase) {
      add(i, i, "company", 0.6);
    }
  }

  /** Where an organisation stands: works for X, the X website, the address of X. */
  private void cue(int i) {
    boolean named = tokens.capital(i) || tokens.lowerCase && context.unknown(i);
    if (!named || tokens.length(i) < 2 || tokens.lower(i).equals("i")) {
      return;
    }
    int last = i;
    while (last - i < 4
        && tokens.sameLine(last + 1)
        && (tokens.capital(last + 1)
            || tokens.lower(last + 1).equals("and") && tokens.capital(last + 2))
        && !tokens.begins(last + 1)) {
      last++;
    }
    boolean place = tokens.is(i, Lexicon.PLACE) && last == i;
    boolean title = Words.briefTitle(tokens.lower(i));
    boolean behind =
        behind(last + 1)
            && !tokens.begins(i)
            && tokens.lower(i - 1).equals("the")
            && !tokens.is(i, Lexicon.WORD);
    boolean start = tokens.begins(i) && context.unknown(i) && !tokens.upper(i) && what(last + 1);
    boolean before =
        !tokens.begins(i)
            && employer(i)
            && !place
            && !title
            && !(last == i && context.plain(i) && !tokens.upper(i))
            && !context.term(i, last);
    if (before || behind || start) {
      add(i, last, "organization-cue", before ? 0.68 : 0.44);
    }
  }

  private boolean employer(int i) {
    String before = tokens.lower(i - 1);
    String verb = tokens.lower(i - 2);
    return switch (before) {
      case "for", "at", "with", "by" ->
          switch (verb) {
            case "work",
                "works",
                "worked",
                "working",
                "employed",
                "hired",
                "job",
                "position",
                "year",
                "years",
                "career",
                "internship",
                "volunteers",
                "intern",
                "retired" ->
                before.equals("at")
                    || verb.startsWith("w")
                    || verb.equals("employed")
                    || verb.equals("hired");
            default -> before.equals("at") && context.unknown(i) && !tokens.upper(i);
          };
      case "of" ->
          verb.equals("address")
              || verb.equals("website")
              || verb.equals("ceo")
              || verb.equals("employee")
              || verb.equals("founder")
              || verb.equals("director");
      case "support", "joined", "joining", "became", "founded" ->
          context.unknown(i) || tokens.capital(i + 1);
      case "to" -> verb.equals("according") && context.unknown(i);
      default -> false;
    };
  }

  private boolean behind(int i) {
    return switch (tokens.lower(i)) {
      case "office",
          "offices",
          "website",
          "headquarters",
          "factory",
          "warehouse",
          "store",
          "campus",
          "orchestra",
          "employee",
          "employees",
          "app" ->
          true;
      default -> false;
    };
  }

  /** "is a design agency", "is the brainchild". */
  private boolean what(int i) {
    if (!tokens.lower(i).equals("is")) {
      return false;
    }
    String next = tokens.lower(i + 1);
    return (next.equals("a") || next.equals("an") || next.equals("the")) && tokens.word(i + 2);
  }

  /** Garcia-Roberson; Glover, Ruiz and Armstrong: firms of surnames. */
  private void pair(int i) {
    if (!tokens.is(i, Lexicon.SURNAME) || !context.cased(i)) {
      return;
    }
    if (tokens.sign(i + 1, ',')
        && tokens.is(i + 2, Lexicon.SURNAME)
        && tokens.lower(i + 3).equals("and")
        && tokens.is(i + 4, Lexicon.SURNAME)
        && context.cased(i + 2)
        && context.cased(i + 4)) {
      add(i, i + 4, "organization-firm", 0.8);
    }
  }

  private void add(int first, int last, String rule, double confidence) {
    found.add(tokens.starts[first], tokens.ends[last], Category.ORGANIZATION, rule, confidence);
  }
}

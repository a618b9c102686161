package dev.galen.examples.clinical.deid;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of an address that have a form of their own: boxes, flats, postal codes. */
final class PostalRules {
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
          "(?<![\\p{L}])(?:Apt|Apartment|Suite|Ste|Flat|Unit|Lot)\\b\\.?\\s{0,2}#?\\s?(?:No\\.? )?\\d{1,5}[A-Z]?(?![\\w.%/]| of )",
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
      Pattern.compile(
          "(?<![\\w-])(?!T[0-4]N[0-3]M[01])[ABCEGHJ-NPRSTVXY]\\d[A-Z] ?\\d[A-Z]\\d(?![\\w-])");

  private final Tokens tokens;
  private final Found found;
  private final Probe military;
  private final Probe box;
  private final Probe flat;
  private final Probe stateZip;
  private final Probe zipLabel;
  private final Probe british;
  private final Probe canadian;

  private PostalRules(Tokens tokens, Found found) {
    this.tokens = tokens;
    this.found = found;
    military = new Probe(MILITARY, tokens.text);
    box = new Probe(BOX, tokens.text);
    flat = new Probe(FLAT, tokens.text);
    stateZip = new Probe(STATE_ZIP, tokens.text);
    zipLabel = new Probe(ZIP_LABEL, tokens.text);
    british = new Probe(BRITISH, tokens.text);
    canadian = new Probe(CANADIAN, tokens.text);
  }

  static void find(Tokens tokens, Found found) {
    var rules = new PostalRules(tokens, found);
    for (int i = 0; i < tokens.count; i++) {
      if (tokens.word(i)) {
        rules.forms(i);
      } else if (tokens.hasDigit(i)) {
        rules.codes(i);
      }
    }
  }

  private void forms(int i) {
    int start = tokens.starts[i];
    switch (tokens.lower(i)) {
      case "psc", "cmr", "unit", "usns", "uss", "usnv", "uscgc" -> {
        add(military.at(start), 0, Category.LOCATION, "military", 0.97);
        add(flat.at(start), 0, Category.LOCATION, "flat", 0.8);
      }
      case "p", "po", "post", "box", "postfach", "apartado", "casilla", "postboks", "postal" -> {
        add(box.at(start), 0, Category.LOCATION, "box", 0.8);
        zip(start);
      }
      case "apt", "apartment", "suite", "ste", "flat", "lot" ->
          add(flat.at(start), 0, Category.LOCATION, "flat", 0.8);
      case "zip", "plz", "cep", "postcode", "zipcode" -> zip(start);
      default -> {
        if (tokens.length(i) == 2 && tokens.upper(i)) {
          add(stateZip.at(start), 1, Category.ZIP, "state-zip", 0.92);
        }
      }
    }
  }

  private void zip(int start) {
    Matcher match = zipLabel.at(start);
    if (match != null && match.group(1).chars().anyMatch(Character::isDigit)) {
      add(match, 1, Category.ZIP, "zip-label", 0.92);
    }
  }

  private void codes(int i) {
    int start = tokens.starts[i];
    if (Character.isUpperCase(tokens.text.charAt(start))) {
      add(british.at(start), 0, Category.ZIP, "postcode", 0.85);
      add(canadian.at(start), 0, Category.ZIP, "postcode", 0.85);
    }
  }

  private void add(Matcher match, int group, Category category, String rule, double sure) {
    if (match != null) {
      found.add(match.start(group), match.end(group), category, rule, sure);
    }
  }
}

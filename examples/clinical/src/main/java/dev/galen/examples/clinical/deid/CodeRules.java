package dev.galen.examples.clinical.deid;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers and codes by their own form. */
final class CodeRules {
  private record Rule(String name, Category category, Pattern pattern, double confidence) {}

  private static Rule form(String name, Category category, String regex, double confidence) {
    return new Rule(name, category, Pattern.compile(regex), confidence);
  }

  private static final List<Rule> FORMED =
      List.of(
          form(
              "ssn",
              Category.SSN,
              "(?<![\\w-])\\d{3}-\\d{2}-\\d{4}(?:-?[A-Z]\\d?)?(?![\\w-])",
              0.9),
          form(
              "ssn-masked",
              Category.SSN,
              "(?<![\\w-])(?:[Xx*]{3}|\\d{3})[- ](?:[Xx*]{2}|\\d{2})[- ]\\d{4}(?![\\w-])",
              0.8),
          form(
              "ip",
              Category.IP,
              "(?<![\\w.])(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?![\\w]|\\.\\d)",
              0.9),
          form(
              "ip6",
              Category.IP,
              "(?<![\\w:])(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}(?![\\w:])"
                  + "|(?<![\\w:])(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6}(?![\\w:]|\\.\\d)"
                  + "|(?<![\\w:])::(?:[0-9A-Fa-f]{1,4}:){0,6}(?:(?:\\d{1,3}\\.){3}\\d{1,3}|[0-9A-Fa-f]{1,4})(?![\\w:]|\\.\\d)"
                  + "|(?<![\\w:])(?:[0-9A-Fa-f]{1,4}:){1,6}:?(?:[0-9A-Fa-f]{1,4}:){0,5}(?:\\d{1,3}\\.){3}\\d{1,3}(?![\\w:]|\\.\\d)",
              0.9),
          form(
              "mac",
              Category.DEVICE,
              "(?<![\\w:-])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![\\w:-])",
              0.95),
          form(
              "uuid",
              Category.ID,
              "(?<![\\w-])[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}(?![\\w-])",
              0.95),
          form(
              "vin",
              Category.VEHICLE,
              "(?<![\\w-])(?=[A-Z0-9]{0,16}[0-9])(?=[A-Z0-9]{0,16}[A-Z])[A-HJ-NPR-Z0-9]{13}\\d{4}(?![\\w-])",
              0.85),
          form(
              "card",
              Category.ACCOUNT,
              "(?<![\\w.-])\\d{4}[ -]\\d{4}[ -]\\d{4}[ -]\\d{1,7}(?![\\w-])"
                  + "|(?<![\\w.-])3\\d{3}[ -]\\d{6}[ -]\\d{5}(?![\\w-])",
              0.9),
          form(
              "iban",
              Category.ACCOUNT,
              "(?<![\\w-])[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?![\\w-])",
              0.85),
          form("long-number", Category.ACCOUNT, "(?<![\\w.,-])\\d{12,19}(?![\\w]|[.,]\\d)", 0.6),
          form("number-9", Category.ID, "(?<![\\w.,-])\\d{9,11}(?![\\w]|[.,]\\d)", 0.4),
          form(
              "letters-number",
              Category.ID,
              "(?<![\\w-])(?!NCT|ISRCTN|PMC|PMID|DRKS|ACTRN|UMIN|ICD|CPT|SNOMED|GSE|RS)[A-Z]{1,4}-?\\d{6,12}(?![\\w-])",
              0.5),
          form("hash-number", Category.ID, "(?<=[#№] ?)[A-Z]{0,3}-?\\d{5,11}(?![\\w])", 0.6));

  private static final Pattern EMAIL =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}._%+-])[\\p{L}\\p{N}._%+'-]{1,64}+ ?@ ?[\\p{L}\\p{N}-]{1,63}+(?:\\.[\\p{L}\\p{N}-]{1,63}+){1,8}");
  private static final Pattern URL =
      Pattern.compile("(?i)(?<![\\p{L}\\p{N}])(?:(?:https?|ftps?)://|www\\.)[^\\s<>\"'\\])}]{2,}+");
  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?i)(?<![\\w@.-])(?:[a-z0-9][a-z0-9-]{0,62}+\\.){1,5}"
              + "(?:com|org|net|edu|gov|mil|info|biz|io|app|health|co\\.[a-z]{2}|ac\\.uk|nhs\\.uk|com\\.[a-z]{2}"
              + "|uk|de|fr|eu|nl|se|dk|fi|pl|cz|hu|ch|ca|ru|jp|cn|local|lan|intranet|internal|corp|localdomain)(?![\\w-]|\\.\\w)(?:/[^\\s<>\"')\\]]{0,200}+)?");
  private static final Pattern HANDLE =
      Pattern.compile("(?<![\\w@.])@[A-Za-z][A-Za-z0-9_]{3,29}+(?![\\w.@])");
  private static final Pattern IMAGE =
      Pattern.compile(
          "(?i)(?<![\\w/.-])[\\w/-][\\w/.-]{0,80}\\.(?:jpe?g|png|gif|tiff?|bmp|heic|dcm|webp)(?![\\w-])");

  private CodeRules() {}

  static void find(Tokens tokens, Found found) {
    String text = tokens.text;
    if (text.indexOf('@') >= 0) {
      all(EMAIL, text, found, Category.EMAIL, "email", 0.99);
      all(HANDLE, text, found, Category.ID, "handle", 0.7);
    }
    if (text.contains("://") || text.contains("www.") || text.contains("WWW.")) {
      url(text, found);
    }
    List<Probe> formed = FORMED.stream().map(rule -> new Probe(rule.pattern(), text)).toList();
    var domain = new Probe(DOMAIN, text);
    var image = new Probe(IMAGE, text);
    for (int i = 0; i < tokens.count; i++) {
      int start = tokens.starts[i];
      boolean digit = tokens.hasDigit(i);
      if (digit || tokens.upper(i) && tokens.length(i) < 5 || code(tokens, i)) {
        formed(formed, start, found);
      }
      if ((digit || tokens.word(i)) && joins(tokens, i)) {
        add(domain.at(start), found, Category.URL, "domain", 0.85);
        add(image.at(start), found, Category.PHOTO, "image-file", 0.9);
      }
    }
  }

  /** Whether a sign and more follow without a blank, as within a domain or the name of a file. */
  private static boolean joins(Tokens tokens, int i) {
    return (tokens.sign(i + 1, '.')
            || tokens.sign(i + 1, '-')
            || tokens.sign(i + 1, '_')
            || tokens.sign(i + 1, '/'))
        && tokens.joined(i, i + 1)
        && tokens.joined(i + 1, i + 2);
  }

  /** Whether letters begin a code of hexadecimal digits, or masked ones. */
  private static boolean code(Tokens tokens, int i) {
    return tokens.word(i)
            && tokens.length(i) <= 8
            && tokens.joined(i, i + 1)
            && (tokens.sign(i + 1, ':') || tokens.sign(i + 1, '-'))
        || tokens.sign(i, '*') && !tokens.sign(i - 1, '*')
        || tokens.sign(i, ':') && tokens.sign(i + 1, ':') && !tokens.sign(i - 1, ':');
  }

  private static void formed(List<Probe> probes, int start, Found found) {
    for (int k = 0; k < probes.size(); k++) {
      Rule rule = FORMED.get(k);
      Matcher match = probes.get(k).at(start);
      if (match != null && (!rule.name().equals("ip6") || match.end() - match.start() > 6)) {
        found.add(match.start(), match.end(), rule.category(), rule.name(), rule.confidence());
      }
    }
  }

  private static void add(Matcher match, Found found, Category category, String rule, double sure) {
    if (match != null) {
      found.add(match.start(), match.end(), category, rule, sure);
    }
  }

  private static void url(String text, Found found) {
    Matcher matcher = URL.matcher(text);
    while (matcher.find()) {
      int end = matcher.end();
      while (".,;:!?".indexOf(text.charAt(end - 1)) >= 0) {
        end--;
      }
      found.add(matcher.start(), end, Category.URL, "url", 0.99);
    }
  }

  private static void all(
      Pattern pattern, String text, Found found, Category category, String rule, double sure) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.start(), matcher.end(), category, rule, sure);
    }
  }

  private static final Pattern UNIT =
      Pattern.compile(
          "\\s?(?:%|mg|mcg|µg|ug|ml|mm|cm|kg|lbs?|units?|mmhg|bpm|dollars|times|days?|weeks?|months?|years?|hours?"
              + "|minutes?|patients|points)(?![\\p{L}])",
          Pattern.CASE_INSENSITIVE);

  /** Whether a unit follows, so that the number counts something. */
  static boolean quantity(String text, int end) {
    return UNIT.matcher(text).region(end, Math.min(text.length(), end + 12)).lookingAt();
  }
}

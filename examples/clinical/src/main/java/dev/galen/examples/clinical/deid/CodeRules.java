package dev.galen.examples.clinical.deid;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers and codes: by their own form, or by the label before them. */
final class CodeRules {
  /** What may stand between a label and its value. */
  private static final String LINK =
      "(?:'s)?[\\s:#=.(*-]{0,5}(?:(?:numbers?|num|no|nos|nr|id|ids|code|is|was|are|of|ending in|ending|last"
          + " four|reads?|on file)\\b[\\s:#=.(*-]{0,5}){0,3}";

  /** A code with a digit: letters, digits, and single signs between them. */
  private static final String VALUE =
      "((?=[A-Za-z./-]{0,12}[0-9])[A-Za-z0-9]++(?:[-/.][A-Za-z0-9]++){0,6}(?:[ ](?=\\d{2,}\\b)\\d++){0,4})";

  /**
   * @param digits that the value has to have
   */
  private record Rule(
      String name, Category category, Pattern pattern, int digits, double confidence) {}

  private static Rule label(Category category, String labels, int digits) {
    return new Rule(
        "label:" + category.name().toLowerCase(Locale.ROOT),
        category,
        Pattern.compile(
            "(?<![\\p{L}\\p{N}])(?:" + labels + ")(?![\\p{L}])" + LINK + VALUE,
            Pattern.CASE_INSENSITIVE),
        digits,
        0.95);
  }

  private static Rule form(String name, Category category, String regex, double confidence) {
    return new Rule(name, category, Pattern.compile(regex), 0, confidence);
  }

  private static final List<Rule> LABELLED =
      List.of(
          label(Category.SSN, "ssn|ss#|social security|soc\\.? sec\\.?|social", 4),
          label(
              Category.MRN,
              "mrn|mr ?#|mr no|m\\.r\\.n\\.|medical rec(?:ord)?s?|med\\.? rec\\.?|chart (?=no|num|#|id)"
                  + "|hospital (?=no|num|#|id)|patient (?=id|no\\b|num|#)|pt\\.? (?=id|no\\b|num|#)"
                  + "|unit (?=no\\b|num|#)|record (?=no|num|#|id)|emr|ehr|urn|pid|hosp\\.? ?#",
              3),
          label(
              Category.HEALTH_PLAN,
              "member(?:ship)? (?=id|no|num|#)|member|policy(?:holder)?|beneficiary|subscriber"
                  + "|group (?=no|num|#|id)|grp|medicare|medicaid|hicn|mbi|health ?plan|plan (?=id|no|num|#)"
                  + "|insurance|payer|nhs|hmo|ppo|cigna|aetna|humana|blue cross(?: blue shield)?|bcbs|tricare"
                  + "|unitedhealthcare|kaiser(?: permanente)?|coverage",
              4),
          label(
              Category.ACCOUNT,
              "account|acct\\.?|a/c|acc\\.?(?= ?(?:no|num|#))|bill(?:ing)?|invoice|iban|card|visa|mastercard"
                  + "|amex|routing|bank|debit|credit|fin\\b|encounter (?=no|num|#|id)|visit (?=no|num|#|id)|csn|har"
                  + "|swift|bic|sort code|receipt|payment|guarantor",
              4),
          label(
              Category.LICENSE,
              "licen[sc]e|lic\\.?|dea|npi|certificate|certification|cert\\.?|driver'?s? licen[sc]e|dl\\b"
                  + "|passport|permit|medical board|board cert|upin|registration (?=no|num|#|id)|gmc|state id"
                  + "|credential",
              4),
          label(
              Category.VEHICLE,
              "vin|vehicle(?: identification)?|licen[sc]e plate|plate|plates|tag (?=no|num|#)|car reg\\w*"
                  + "|number plate|truck|motorcycle reg\\w*",
              2),
          label(
              Category.DEVICE,
              "serial|s/n|sn\\b|ser\\.?|device|udi|lot (?=no|num|#)|lot\\b|implant|pacemaker|pump serial|imei"
                  + "|model (?=no|num|#)|mac address|generator|asset|icd serial|meid",
              4),
          label(
              Category.BIOMETRIC,
              "finger ?prints?|thumb ?prints?|palm ?prints?|voice ?prints?|retinal? (?:scans?|images?)"
                  + "|iris(?: scans?| codes?)?|face ?(?:id|prints?|templates?)|biometrics?(?: templates?| hash)?"
                  + "|dna (?:profile|sample)|gait signature",
              2),
          label(
              Category.PHOTO,
              "photo(?:graph)?s?|picture|headshot|portrait|mugshot|face image|selfie|image (?=file|no|num|#|id)",
              3),
          label(
              Category.ID,
              "accession|specimen|case (?=id|no\\b|num|#)|ref(?:erence)?\\.?|order (?=id|no\\b|num|#)"
                  + "|employee|badge|student|study id|subject (?=id|no\\b|num|#)|trial subject|participant"
                  + "|ticket|claim|tracking|confirmation|identifier|user ?(?:name|id)?|id|id#|login|prescription"
                  + "|rx (?=no\\b|num|#)|rx ?#|donor|sample id|requisition|req ?#|employer id|ein|tin|tax id"
                  + "|national id|citizen|military id|service number|pin",
              4));

  private static final List<Rule> WITH_DIGITS =
      List.of(
          form("ssn", Category.SSN, "(?<![\\w-])\\d{3}-\\d{2}-\\d{4}(?![\\w-])", 0.9),
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
                  + "|(?<![\\w:])(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6}(?![\\w:])",
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
              + "|uk|de|fr|eu|nl|se|dk|fi|pl|cz|hu|ch|ca|ru|jp|cn)(?![\\w-]|\\.\\w)(?:/[^\\s<>\"')\\]]{0,200}+)?");
  private static final Pattern HANDLE =
      Pattern.compile("(?<![\\w@.])@[A-Za-z][A-Za-z0-9_]{3,29}+(?![\\w.@])");
  private static final Pattern IMAGE =
      Pattern.compile(
          "(?i)(?<![\\w/.-])[\\w/-][\\w/.-]{0,80}\\.(?:jpe?g|png|gif|tiff?|bmp|heic|dcm|webp)(?![\\w-])");

  private CodeRules() {}

  static void find(String text, Found found) {
    if (text.indexOf('@') >= 0) {
      all(EMAIL, text, found, Category.EMAIL, "email", 0.99);
      all(HANDLE, text, found, Category.ID, "handle", 0.7);
    }
    if (text.indexOf('.') >= 0) {
      url(text, found);
      all(DOMAIN, text, found, Category.URL, "domain", 0.85);
      all(IMAGE, text, found, Category.PHOTO, "image-file", 0.9);
    }
    if (!digits(text)) {
      return;
    }
    for (Rule rule : WITH_DIGITS) {
      Matcher matcher = rule.pattern().matcher(text);
      while (matcher.find()) {
        if (!rule.name().equals("ip6")
            || text.substring(matcher.start(), matcher.end()).length() > 6) {
          found.add(
              matcher.start(), matcher.end(), rule.category(), rule.name(), rule.confidence());
        }
      }
    }
    for (Rule rule : LABELLED) {
      Matcher matcher = rule.pattern().matcher(text);
      while (matcher.find()) {
        int start = matcher.start(1);
        int end = matcher.end(1);
        if (enough(text, start, end, rule.digits()) && !quantity(text, end)) {
          found.add(start, end, rule.category(), rule.name(), rule.confidence());
        }
      }
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

  private static boolean digits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= '0' && text.charAt(i) <= '9') {
        return true;
      }
    }
    return false;
  }

  private static boolean enough(String text, int start, int end, int digits) {
    int seen = 0;
    int others = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        seen++;
      } else if (Character.isLetter(c)) {
        others++;
      }
    }
    // A year behind a label, as in "licence 2019", is no number of it.
    boolean year =
        end - start == 4 && (text.startsWith("19", start) || text.startsWith("20", start));
    return !year && (seen >= digits || seen >= 1 && seen + others >= digits + 2);
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

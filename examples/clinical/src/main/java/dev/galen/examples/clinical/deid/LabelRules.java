package dev.galen.examples.clinical.deid;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers and codes by the label before them. */
final class LabelRules {
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
  private record Rule(String name, Category category, Pattern pattern, int digits) {}

  private static Rule label(Category category, String labels, int digits) {
    return new Rule(
        "label:" + category.name().toLowerCase(Locale.ROOT),
        category,
        Pattern.compile(
            "(?<![\\p{L}\\p{N}])(?:" + labels + ")(?:(?<=\\s)|(?![\\p{L}]))" + LINK + VALUE,
            Pattern.CASE_INSENSITIVE),
        digits);
  }

  /** The first words of the labels. */
  private static final Set<String> LABEL_WORDS =
      Words.set(
          """
          ssn ss social soc mrn mr m medical med chart hospital patient pt unit record emr ehr urn pid hosp member
          membership policy policyholder beneficiary subscriber group grp medicare medicaid hicn mbi health
          healthplan plan insurance payer nhs hmo ppo cigna aetna humana blue bcbs tricare unitedhealthcare kaiser
          coverage account acct a acc bill billing invoice iban card visa mastercard amex routing bank debit credit
          fin encounter visit csn har swift bic sort receipt payment guarantor license licence lic dea npi
          certificate certification cert driver drivers dl passport permit board upin registration gmc state
          credential vin vehicle plate plates tag car number truck motorcycle serial s sn ser device udi lot implant
          pacemaker pump imei model mac generator asset icd meid finger fingerprint fingerprints thumb thumbprint
          thumbprints palm palmprint palmprints voice voiceprint voiceprints retina retinal iris face faceid
          faceprint biometric biometrics dna gait photo photos photograph photographs picture headshot portrait
          mugshot selfie image accession specimen case ref reference order employee badge student study subject
          trial participant ticket claim tracking confirmation identifier user username userid id login prescription
          rx donor sample job subj pager beeper pgr hic requisition req employer ein tin tax national citizen military service pin last
          """);

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
                  + "|group (?=no|num|#|id|[A-Z]{0,3}\\d{4})|grp|medicare|medicaid|hicn?|mbi|health ?plan|plan (?=id|no|num|#)"
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
              "licen[sc]e|lic\\.?|dea|npi|certificate|certification|cert\\.?|driver'?s? licen[sc]e|(?<!/)dl\\b"
                  + "|passport|permit|medical board|board cert|upin|registration (?=no|num|#|id)|gmc|state id"
                  + "|credential",
              4),
          label(
              Category.VEHICLE,
              "vin|vehicle(?: identification)?|licen[sc]e plate|plate|plates|tag (?=no|num|#)|car reg\\w*"
                  + "|number plate|truck|motorcycle reg\\w*",
              2),
          new Rule(
              "label:plate",
              Category.VEHICLE,
              Pattern.compile(
                  "(?<![\\p{L}])(?i:(?:licen[sc]e |number |vehicle |car )?plates?|(?:vehicle|car|licen[sc]e) tags?)(?i:"
                      + LINK
                      + ")((?:[A-Z]{1,3}-)?[A-Z]{1,3} (?=[A-Z]{0,4}\\d)[A-Z0-9]{2,8})(?!\\w)"),
              2),
          new Rule(
              "label:udi",
              Category.DEVICE,
              Pattern.compile(
                  "(?<![\\p{L}])UDI(?:-DI)?[ :#]{0,3}(\\(01\\)\\d{14}(?:\\(\\d{2}\\)[A-Za-z0-9-]{1,20}){0,6})"),
              14),
          new Rule(
              "label:last-four",
              Category.SSN,
              Pattern.compile(
                  "(?<![\\p{L}])last (?:four|4)(?: digits?)?(?: of (?:the |his |her )?(?:ssn|social(?: security)?(?: number)?))?"
                      + "[ :#]{1,3}(?:is |are |was )?(\\d{4})(?![\\w/-]|[.,]\\d)",
                  Pattern.CASE_INSENSITIVE),
              4),
          label(Category.PHONE, "pager|beeper|pgr", 4),
          label(
              Category.DEVICE,
              "serial|s/n|sn\\b|ser\\.?|device|udi|lot (?=no|num|#)|lot\\b|implant|pacemaker|pump serial|imei"
                  + "|model (?=no|num|#)|mac address|generator|asset|icd serial|meid",
              4),
          label(
              Category.BIOMETRIC,
              "(?:finger|thumb|palm|voice) ?prints?(?: templates?| hash(?:es)?| scans?)?|retinal? (?:scans?|images?)"
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
                  + "|job (?=id|no\\b|num|#|\\d{5})|job#|subj|rx (?=no\\b|num|#)|rx ?#|donor|sample id|requisition|req ?#|employer id|ein|tin|tax id"
                  + "|national id|citizen|military id|service number|pin",
              4));

  private LabelRules() {}

  static void find(Tokens tokens, Found found) {
    String text = tokens.text;
    List<Probe> probes = LABELLED.stream().map(rule -> new Probe(rule.pattern(), text)).toList();
    for (int i = 0; i < tokens.count; i++) {
      if (tokens.word(i) && LABEL_WORDS.contains(tokens.lower(i))) {
        labelled(probes, text, tokens.starts[i], found);
      }
    }
  }

  private static void labelled(List<Probe> probes, String text, int at, Found found) {
    for (int k = 0; k < probes.size(); k++) {
      Rule rule = LABELLED.get(k);
      Matcher match = probes.get(k).at(at);
      if (match != null
          && enough(text, match.start(1), match.end(1), rule.digits())
          && !CodeRules.quantity(text, match.end(1))) {
        found.add(match.start(1), match.end(1), rule.category(), rule.name(), 0.95);
      }
    }
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
}

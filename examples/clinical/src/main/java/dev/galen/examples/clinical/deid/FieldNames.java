package dev.galen.examples.clinical.deid;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * What the name of a field says of its value. {@code patientName}, {@code Patient Name}, {@code
 * patient-name} and {@code record.patient_name} are one name.
 */
public final class FieldNames {
  private static final Pattern CAMEL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  private static final Pattern PATIENT =
      Pattern.compile("(patient|subject|person)(_?(id|no|number|key))?");

  private static final Pattern BIRTH = Pattern.compile(".*(birth|dob).*");

  /** The first that fits counts. */
  private static final Map<Category, Pattern> CATEGORIES = new LinkedHashMap<>();

  // Files have the same few names in every record.
  private static final Map<String, Said> KNOWN = new ConcurrentHashMap<>();

  private static final int MOST_KNOWN = 1000;

  private static void list(Category category, String names) {
    CATEGORIES.put(category, Pattern.compile(names));
  }

  static {
    list(
        Category.NAME,
        "((patient|first|last|given|family|middle|full|sur|maiden|doctor|provider|physician|nurse)_?)?name"
            + "|((attending|referring)_)?(doctor|provider|physician|practitioner|surgeon|clinician)(_?(id|name|no))?"
            + "|(attending|author|signed_?by|dictated_?by|contact|next_?of_?kin|guardian)(_?(id|name|no))?");
    list(Category.MRN, "mrn|medical_?record.*");
    list(Category.SSN, ".*(ssn|social_?security).*");
    list(Category.FAX, ".*fax.*");
    list(Category.PHONE, ".*phone.*|tel|mobile");
    list(Category.EMAIL, ".*e_?mail.*");
    list(Category.IP, "ip(_?address)?");
    list(Category.URL, "url");
    list(Category.ZIP, ".*(postcode|postal|zip).*");
    list(Category.LOCATION, ".*(address|street).*|city|town|county");
    list(Category.ORGANIZATION, "hospital|facility|organi[sz]ation|employer");
    list(Category.HEALTH_PLAN, ".*(insurance|beneficiary).*|member_?id");
    list(Category.ACCOUNT, ".*account.*");
    list(Category.LICENSE, ".*(licen[cs]e|passport).*");
    list(Category.VEHICLE, ".*vehicle.*");
    list(Category.DEVICE, ".*serial.*");
    list(
        Category.ID,
        "(encounter|visit)(_?id)?|admission|accession.*|message|(hadm|stay|csn|fin)(_?(id|no))?");
    list(Category.DATE, ".*(birth|dob|date|time|admitted|discharged).*");
  }

  private FieldNames() {}

  /** The last part of a name, in small letters, its words joined by underscores. */
  private static String plain(String name) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    return CAMEL.matcher(last).replaceAll("_").toLowerCase(Locale.ROOT).replaceAll("[ -]+", "_");
  }

  /** What one name says. */
  private record Said(boolean patient, boolean birth, Category category) {
    static Said of(String name) {
      String plain = plain(name);
      Category category = null;
      for (Map.Entry<Category, Pattern> entry : CATEGORIES.entrySet()) {
        if (entry.getValue().matcher(plain).matches()) {
          category = entry.getKey();
          break;
        }
      }
      return new Said(PATIENT.matcher(plain).matches(), BIRTH.matcher(plain).matches(), category);
    }
  }

  private static Said said(String name) {
    Said known = KNOWN.get(name);
    if (known != null) {
      return known;
    }
    Said said = Said.of(name);
    if (KNOWN.size() < MOST_KNOWN) {
      KNOWN.put(name, said);
    }
    return said;
  }

  /** Whether a field of this name tells one patient from another. */
  public static boolean isPatient(String name) {
    return said(name).patient();
  }

  /** Whether a field of this name holds a date of birth: its year can tell an age over 89. */
  public static boolean isBirth(String name) {
    return said(name).birth();
  }

  /** The kind of identifier that a field of this name holds; null if the name says nothing. */
  public static Category category(String name) {
    return said(name).category();
  }
}

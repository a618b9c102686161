package dev.galen.examples.clinical.deid;

/** What the name of a field says of its value. */
final class FieldNames {
  private FieldNames() {}

  /** The kind of identifier that a field of this name holds; null if the name says nothing. */
  static Category category(String name) {
    return switch (name) {
      case "name",
          "patient_name",
          "first_name",
          "last_name",
          "given_name",
          "family_name",
          "physician",
          "provider",
          "author",
          "doctor",
          "attending",
          "attending_physician",
          "referring_physician",
          "practitioner",
          "contact" ->
          Category.NAME;
      case "dob",
          "birth_date",
          "birthdate",
          "date_of_birth",
          "date",
          "admission_date",
          "discharge_date",
          "chartdate",
          "charttime",
          "storetime",
          "visit_date",
          "note_date" ->
          Category.DATE;
      case "mrn", "medical_record_number", "hadm_id", "encounter", "encounter_id", "visit_id" ->
          Category.MRN;
      case "ssn", "social_security_number" -> Category.SSN;
      case "phone", "telephone", "mobile" -> Category.PHONE;
      case "fax" -> Category.FAX;
      case "email", "e-mail" -> Category.EMAIL;
      case "address", "street", "city" -> Category.LOCATION;
      case "zip", "zip_code", "postal_code" -> Category.ZIP;
      case "account", "account_number" -> Category.ACCOUNT;
      case "insurance", "insurance_id", "member_id" -> Category.HEALTH_PLAN;
      case "hospital", "facility", "organization", "employer" -> Category.ORGANIZATION;
      case "ip", "ip_address" -> Category.IP;
      default -> null;
    };
  }
}

package dev.galen.examples.clinical.deid;

/**
 * What an identifier is: the eighteen kinds of HIPAA's Safe Harbor, with organisations and ages
 * named apart from places and dates.
 */
public enum Category {
  /** (A) Names of persons. */
  NAME,
  /** (B) Places smaller than a state, with the states and countries that stand beside them. */
  LOCATION,
  /** (B) Postal codes; their first three digits may stay where 20,000 people or more live. */
  ZIP,
  /** (B) Hospitals, employers, schools and other organisations: they tell a place. */
  ORGANIZATION,
  /** (C) Dates but for the year. */
  DATE,
  /** (C) Ages over 89. */
  AGE,
  /** (D) Telephone numbers. */
  PHONE,
  /** (E) Fax numbers. */
  FAX,
  /** (F) E-mail addresses. */
  EMAIL,
  /** (G) Social security numbers. */
  SSN,
  /** (H) Medical record numbers. */
  MRN,
  /** (I) Numbers of health plans and their members. */
  HEALTH_PLAN,
  /** (J) Account and card numbers. */
  ACCOUNT,
  /** (K) Numbers of certificates and licences. */
  LICENSE,
  /** (L) Vehicles' identifiers and plates. */
  VEHICLE,
  /** (M) Devices' identifiers and serial numbers. */
  DEVICE,
  /** (N) Addresses on the web. */
  URL,
  /** (O) Addresses of computers. */
  IP,
  /** (P) Fingerprints, voice prints and their like. */
  BIOMETRIC,
  /** (Q) Photographs of faces and their like. */
  PHOTO,
  /** (R) Any other number, characteristic or code that is one person's. */
  ID;

  /** What stands in the identifier's place: {@code [NAME]}. */
  public String tag() {
    return "[" + name() + "]";
  }

  /** Whether it is a number or code of a fixed form, and no word of language. */
  public boolean structured() {
    return switch (this) {
      case NAME, LOCATION, ORGANIZATION -> false;
      default -> true;
    };
  }
}

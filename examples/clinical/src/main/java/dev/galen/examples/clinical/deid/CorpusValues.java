package dev.galen.examples.clinical.deid;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Invented values for the slots of the synthetic corpus. Each part has names of its own. */
final class CorpusValues {
  private static final List<String> AMBIGUOUS =
      List.of(
          "May", "Grant", "Will", "Rose", "Mark", "Hope", "Grace", "June", "Drew", "Dawn", "Hunter",
          "Faith", "Joy", "Frank", "Bill", "Victor");
  private static final List<String> DATES =
      List.of(
          "MM/dd/yyyy",
          "M/d/yy",
          "yyyy-MM-dd",
          "d-MMM-yy",
          "MMMM d, yyyy",
          "d MMMM yyyy",
          "MMM d, yyyy",
          "MM-dd-yyyy",
          "dd.MM.yyyy",
          "ddMMMyyyy",
          "MMMM yyyy",
          "MMMM d");
  private static final List<String> CITIES =
      List.of(
          "Portland",
          "Leeds",
          "Toronto",
          "Nairobi",
          "Osaka",
          "Gdansk",
          "Lyon",
          "Tucson",
          "Omaha",
          "Bergen",
          "Mumbai",
          "Quito");
  private static final List<String> STREETS =
      List.of(
          "Maple Street",
          "Old Mill Road",
          "Kimberly Way",
          "Lakeview Drive",
          "Harbor Lane",
          "Second Avenue",
          "Elm Court",
          "Sunset Blvd");
  private static final List<String> STATES = List.of("MA", "TX", "OR", "NY", "CA", "OH", "GA");
  private static final List<String> HOSPITALS =
      List.of(
          "St. Agnes Hospital",
          "Riverbend Medical Center",
          "Lakeside Clinic",
          "Mercy General Hospital",
          "Northfield Hospital",
          "Oak Hill Nursing Home");
  private static final List<String> COMPANIES =
      List.of(
          "Harlow Industries",
          "Bexley and Sons Ltd.",
          "Nordhaven Inc.",
          "Castlemere Foods",
          "Pine Ridge Elementary School");

  private final RandomGenerator random;
  private final List<String> givens;
  private final List<String> surnames;

  CorpusValues(boolean test, RandomGenerator random) {
    this.random = random;
    givens = names(test, "given", Lexicon.FEMALE, Lexicon.MALE);
    surnames = names(test, "surname", Lexicon.SURNAME);
  }

  /** The part's own names, and every other one of the finder's. */
  private static List<String> names(boolean test, String kind, int... flags) {
    List<String> all =
        new ArrayList<>(DeidCorpus.section("corpus-names.txt", kind + (test ? " test" : " train")));
    for (int flag : flags) {
      List<String> listed = Lexicon.get().names(flag);
      for (int i = test ? 1 : 0; i < listed.size(); i += 8) {
        String name = listed.get(i);
        all.add(Character.toUpperCase(name.charAt(0)) + name.substring(1));
      }
    }
    return all;
  }

  private <T> T one(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private String digits(int count) {
    var digits = new StringBuilder().append((char) ('1' + random.nextInt(9)));
    while (digits.length() < count) {
      digits.append((char) ('0' + random.nextInt(10)));
    }
    return digits.toString();
  }

  private String letters(int count) {
    var letters = new StringBuilder();
    while (letters.length() < count) {
      letters.append("ABCDEFGHJKLMNPRSTUVWXYZ".charAt(random.nextInt(23)));
    }
    return letters.toString();
  }

  private String date() {
    var day = LocalDate.of(1940, 1, 1).plusDays(random.nextInt(31_000));
    String pattern = one(DATES);
    return day.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
  }

  private String phone() {
    return switch (random.nextInt(6)) {
      case 0 -> "(" + digits(3) + ") " + digits(3) + "-" + digits(4);
      case 1 -> digits(3) + "." + digits(3) + "." + digits(4);
      case 2 -> "+44 20 " + digits(4) + " " + digits(4);
      case 3 -> digits(3) + "-" + digits(3) + "-" + digits(4) + " ext. " + digits(3);
      case 4 -> "+1 " + digits(3) + " " + digits(3) + " " + digits(4);
      default -> digits(3) + "-" + digits(3) + "-" + digits(4);
    };
  }

  /** The category of a slot; null if what stands there is no identifier. */
  static Category category(String slot) {
    return switch (slot) {
      case "given", "surname", "initial", "ambiguous", "title" -> Category.NAME;
      case "street", "city" -> Category.LOCATION;
      case "zip" -> Category.ZIP;
      case "hospital", "company" -> Category.ORGANIZATION;
      case "date" -> Category.DATE;
      case "old" -> Category.AGE;
      case "phone" -> Category.PHONE;
      case "fax" -> Category.FAX;
      case "email" -> Category.EMAIL;
      case "ssn" -> Category.SSN;
      case "mrn" -> Category.MRN;
      case "plan" -> Category.HEALTH_PLAN;
      case "account" -> Category.ACCOUNT;
      case "license" -> Category.LICENSE;
      case "vin", "plate" -> Category.VEHICLE;
      case "device" -> Category.DEVICE;
      case "url" -> Category.URL;
      case "ip" -> Category.IP;
      case "biometric" -> Category.BIOMETRIC;
      case "photo" -> Category.PHOTO;
      case "code" -> Category.ID;
      default -> null;
    };
  }

  /** A value for a slot. */
  String value(String slot) {
    return switch (slot) {
      case "given" -> one(givens);
      case "surname" -> one(surnames);
      case "initial" -> letters(1) + ".";
      case "ambiguous" -> one(AMBIGUOUS);
      case "title" -> one(List.of("Mr.", "Mrs.", "Ms.", "Miss"));
      case "pronoun" -> one(List.of("her", "his"));
      case "street" ->
          digits(1 + random.nextInt(4))
              + " "
              + one(STREETS)
              + (random.nextInt(3) == 0 ? ", Apt. " + digits(2) : "");
      case "city" -> one(CITIES);
      case "state" -> one(STATES);
      case "zip" -> digits(5) + (random.nextInt(4) == 0 ? "-" + digits(4) : "");
      case "hospital" -> one(HOSPITALS);
      case "company" -> one(COMPANIES);
      case "date" -> date();
      case "old" -> String.valueOf(90 + random.nextInt(14));
      case "phone", "fax" -> phone();
      case "email" ->
          (one(givens) + "." + digits(3) + "@mail.example.org").toLowerCase(Locale.ROOT);
      case "ssn" -> digits(3) + "-" + digits(2) + "-" + digits(4);
      case "mrn" -> random.nextBoolean() ? digits(7) : letters(2) + digits(6);
      case "plan" -> letters(3) + digits(8);
      case "account" -> random.nextBoolean() ? digits(16) : digits(9);
      case "license" -> letters(1) + digits(7);
      case "vin" -> "1" + letters(2) + "BH41J" + letters(1) + "X" + letters(2) + digits(5);
      case "plate" -> digits(1) + letters(3) + digits(3);
      case "device" -> letters(2) + "-" + digits(6);
      case "url" -> "https://portal.example.org/" + digits(5);
      case "ip" ->
          "10." + random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256);
      case "biometric" -> "B" + digits(6);
      case "photo" -> "img_" + digits(4) + ".jpg";
      case "code" -> letters(1) + digits(2) + "-" + digits(5);
      default -> throw new IllegalArgumentException("no slot {" + slot + "}");
    };
  }
}

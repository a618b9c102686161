package dev.galen.examples.clinical.deid;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Names, places and numbers in the place of others: each a function of the secret, the patient and
 * what stands there, so that a name has the same surrogate wherever it returns.
 */
final class Surrogates {
  /** Areas of fewer than 20,000 people by the census of 2000: their three digits become 000. */
  private static final Set<String> RESTRICTED =
      Words.set("036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893");

  private static final Set<String> KEPT =
      Words.set(
          """
          hospital clinic center centre medical university college institute school health care general county
          regional community memorial pharmacy foundation church bank group associates inc llc ltd plc corp
          corporation company of and the for street st avenue ave road rd lane ln drive dr boulevard blvd court ct
          place way terrace circle highway parkway square apt apartment suite ste unit flat box po p.o floor room
          north south east west city town village psc apo fpo dpo
          """);

  private final Secret secret;

  Surrogates(Secret secret) {
    this.secret = secret;
  }

  /** The three digits that may stay of a postal code of the United States; null of another one. */
  static String zip3(String zip) {
    if (!zip.matches("\\d{5}(?:-\\d{4})?")) {
      return null;
    }
    String three = zip.substring(0, 3);
    return RESTRICTED.contains(three) ? "000" : three;
  }

  /** What takes the place of {@code value}; never called for a date. */
  String of(Category category, String value, String patient) {
    if (value.isEmpty()) {
      return "";
    }
    return switch (category) {
      case NAME, LOCATION, ORGANIZATION -> words(category, value, patient);
      case AGE -> "90";
      case ZIP -> {
        String three = zip3(value);
        yield three == null
            ? coded(value, patient)
            : three + value.substring(3).replaceAll("\\d", "0");
      }
      case EMAIL -> "person" + number(value, patient, 1_000_000) + "@example.org";
      case URL -> "https://example.org/" + number(value, patient, 1_000_000);
      case IP ->
          value.indexOf(':') < 0
              ? "192.0.2." + number(value, patient, 256)
              : "2001:db8::" + Integer.toHexString(number(value, patient, 65_536));
      case SSN -> "9" + coded(value, patient).substring(1);
      default -> coded(value, patient);
    };
  }

  private int number(String value, String patient, int bound) {
    return secret.number("code\0" + patient, value.toLowerCase(Locale.ROOT), bound);
  }

  /** The same form with other digits and letters. */
  private String coded(String value, String patient) {
    var key = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = Character.toLowerCase(value.charAt(i));
      if (Character.isLetterOrDigit(c)) {
        key.append(c);
      }
    }
    var out = new StringBuilder(value.length());
    byte[] bits = null;
    int at = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!Character.isLetterOrDigit(c)) {
        out.append(c);
        continue;
      }
      if (at % 32 == 0) {
        bits = secret.digest("code\0" + patient + "\0" + at / 32, key.toString());
      }
      int bit = bits[at++ % 32] & 0xFF;
      if (Character.isDigit(c)) {
        out.append((char) ('0' + bit % 10));
      } else {
        out.append((char) ((Character.isUpperCase(c) ? 'A' : 'a') + bit % 26));
      }
    }
    return out.toString();
  }

  private String words(Category category, String value, String patient) {
    var tokens = new Tokens(value);
    var out = new StringBuilder();
    int at = 0;
    for (int i = 0; i < tokens.count; i++) {
      out.append(value, at, tokens.starts[i]);
      at = tokens.ends[i];
      String raw = tokens.raw(i);
      if (tokens.word(i)) {
        out.append(word(category, tokens, i, patient));
      } else {
        out.append(tokens.hasDigit(i) ? coded(raw, patient) : raw);
      }
    }
    return out.append(value.substring(at)).toString();
  }

  private String word(Category category, Tokens tokens, int i, String patient) {
    String raw = tokens.raw(i);
    String lower = tokens.lower(i);
    boolean name = category == Category.NAME;
    if (tokens.length(i) == 1) {
      return name && Character.isLetter(raw.charAt(0))
          ? cased(raw, String.valueOf((char) ('a' + letter(lower, patient))))
          : raw;
    }
    boolean kept =
        name
            ? Words.briefTitle(lower) || Words.particle(lower) || Words.suffix(lower)
            : KEPT.contains(lower)
                || tokens.is(i, Lexicon.STATE | Lexicon.COUNTRY)
                || category == Category.LOCATION && tokens.upper(i) && tokens.length(i) == 2
                || Words.particle(lower) && !tokens.capital(i);
    if (kept) {
      return raw;
    }
    List<String> list = list(category, tokens, i);
    int at = secret.number("word\0" + patient, Tokens.plain(lower), list.size());
    String other = list.get(at);
    return cased(raw, other.equals(lower) ? list.get((at + 1) % list.size()) : other);
  }

  private int letter(String lower, String patient) {
    return secret.number("letter\0" + patient, lower, 26);
  }

  /** The list of the word's own kind, which follows from the word alone. */
  private static List<String> list(Category category, Tokens tokens, int i) {
    if (category == Category.NAME) {
      boolean female = tokens.is(i, Lexicon.FEMALE);
      boolean male = tokens.is(i, Lexicon.MALE);
      boolean surname = tokens.is(i, Lexicon.SURNAME);
      if (female != male) {
        return Lexicon.get().names(female ? Lexicon.FEMALE : Lexicon.MALE);
      }
      return Lexicon.get().names(female && !surname ? Lexicon.MALE : Lexicon.SURNAME);
    }
    return tokens.is(i, Lexicon.CITY)
        ? Lexicon.get().names(Lexicon.CITY)
        : Lexicon.get().names(Lexicon.SURNAME);
  }

  private static String cased(String like, String lower) {
    if (like.length() > 1 && like.equals(like.toUpperCase(Locale.ROOT))) {
      return lower.toUpperCase(Locale.ROOT);
    }
    if (!Character.isUpperCase(like.codePointAt(0))) {
      return lower;
    }
    return Character.toUpperCase(lower.charAt(0)) + lower.substring(1);
  }
}

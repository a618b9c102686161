package dev.galen.model.engine.constraint;

import dev.galen.model.engine.constraint.NumberParts.Bounds;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What strings of a format are made as. Each is a part of what the format allows that every
 * validator takes: dates are of the years 1000 to 9999 without a leap day, addresses plain.
 */
final class Formats {
  private static final String DATE =
      "[1-9][0-9]{3}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
          + "|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))";
  private static final String TIME =
      "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?"
          + "(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])";
  private static final String LABEL = "[a-z0-9](-?[a-z0-9]){0,20}";
  private static final String HOST = "(" + LABEL + "\\.){1,3}[a-z]{2,8}";
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";

  private static final Map<String, String> PATTERNS =
      new TreeMap<>(
          Map.of(
              "date", whole(DATE),
              "time", whole(TIME),
              "date-time", whole(DATE + "T" + TIME),
              "duration", whole("P([0-9]{1,4}[YMWD]|T[0-9]{1,4}[HMS])"),
              "email", whole("[A-Za-z0-9_+-]{1,32}(\\.[A-Za-z0-9_+-]{1,16})?@" + HOST),
              "hostname", whole(HOST),
              "ipv4", whole("(" + OCTET + "\\.){3}" + OCTET),
              "ipv6", whole("([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}"),
              "uri", whole("https?://" + HOST + "(/[A-Za-z0-9._~-]*)*(\\?[A-Za-z0-9._~=&-]*)?"),
              "uuid", whole("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")));

  private static final Bounds INT32 =
      new Bounds(
          BigDecimal.valueOf(Integer.MIN_VALUE), true, BigDecimal.valueOf(Integer.MAX_VALUE), true);

  /** Formats of numbers that OpenAPI has; all but the first allow what is made anyway. */
  private static final Map<String, Bounds> NUMBERS =
      Map.of("int32", INT32, "int64", Bounds.NONE, "float", Bounds.NONE, "double", Bounds.NONE);

  private Formats() {}

  private static String whole(String pattern) {
    return "^(" + pattern + ")$";
  }

  static Set<String> names() {
    return PATTERNS.keySet();
  }

  static Optional<String> pattern(String format) {
    return Optional.ofNullable(PATTERNS.get(format));
  }

  static boolean isOfNumbers(String format) {
    return NUMBERS.containsKey(format);
  }

  static Bounds bounds(String format) {
    return NUMBERS.get(format);
  }
}

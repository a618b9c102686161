package dev.galen.tokenizer.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Numbers from texts and other numbers, as Python's {@code int}, {@code float} and {@code round}.
 */
final class Numbers {

  private Numbers() {}

  /** A number without what is behind its point. */
  static Object truncate(double real) {
    if (Double.isNaN(real) || Double.isInfinite(real)) {
      throw new JinjaException(
          Double.isNaN(real)
              ? "cannot convert float NaN to integer"
              : "cannot convert float infinity to integer");
    }
    return Arithmetic.integer(new BigDecimal(real).toBigInteger());
  }

  /** A whole number in some base with its prefix, sign and underscores; null if it is none. */
  static Object wholeOrNull(String text, int base) {
    String digits = PythonText.stripStart(PythonText.stripEnd(text)).toLowerCase(Locale.ROOT);
    boolean negative = digits.startsWith("-");
    digits = negative || digits.startsWith("+") ? digits.substring(1) : digits;
    String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "?";
    if (digits.startsWith(prefix)) {
      digits = digits.substring(2);
      digits = digits.startsWith("_") ? digits.substring(1) : digits;
    }
    boolean spaced = digits.startsWith("_") || digits.endsWith("_") || digits.contains("__");
    digits = digits.replace("_", "");
    boolean valid = !digits.isEmpty() && !spaced && digits.length() < 5000;
    for (int i = 0; valid && i < digits.length(); i++) {
      valid = Character.digit(digits.charAt(i), base) >= 0;
    }
    if (!valid) {
      return null;
    }
    var number = new BigInteger(digits, base);
    return Arithmetic.integer(negative ? number.negate() : number);
  }

  /** A real number; null if it is none. */
  static Double realOrNull(String text) {
    if (text.length() > 400) {
      return null;
    }
    String digits = PythonText.stripStart(PythonText.stripEnd(text));
    String word = digits.toLowerCase(Locale.ROOT).replaceFirst("^[+-]", "");
    if (word.equals("inf") || word.equals("infinity")) {
      return digits.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    if (word.equals("nan")) {
      return Double.NaN;
    }
    boolean valid =
        word.matches(
            "([0-9]+(_[0-9]+)*\\.?|([0-9]+(_[0-9]+)*)?\\.[0-9]+(_[0-9]+)*)(e[+-]?[0-9]+)?");
    return valid ? Double.valueOf(digits.replace("_", "")) : null;
  }

  /** The filter {@code int}. */
  static Object toInt(Arguments arguments) {
    Arguments.Bound bound = arguments.bind(1, "value", "default", "base");
    Object value = bound.get("value");
    Object fallback = bound.get("default", 0L);
    String text = Values.textOrNull(value);
    if (text != null) {
      int base = Math.clamp(bound.number("base", 10), 2, 36);
      Object whole = wholeOrNull(text, base);
      Double real = whole == null ? realOrNull(text) : null;
      boolean finite = real != null && !real.isNaN() && !real.isInfinite();
      return whole != null ? whole : finite ? truncate(real) : fallback;
    }
    return switch (value) {
      case Undefined undefined -> throw undefined.failure();
      case Double real -> real.isNaN() || real.isInfinite() ? fallback : truncate(real);
      case null -> fallback;
      default -> {
        BigInteger whole = Arithmetic.bigOrNull(value);
        yield whole == null ? fallback : Arithmetic.integer(whole);
      }
    };
  }

  /** The filter {@code float}. */
  static Object toFloat(Arguments arguments) {
    Arguments.Bound bound = arguments.bind(1, "value", "default");
    Object value = bound.get("value");
    Object fallback = bound.get("default", 0.0);
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (Arithmetic.isNumber(value)) {
      return Arithmetic.real(value);
    }
    String text = Values.textOrNull(value);
    Double real = text == null ? null : realOrNull(text);
    return real == null ? fallback : real;
  }

  /** The filter {@code round}: to the nearest, and to the even one of two that are as near. */
  static Object round(Arguments arguments) {
    Arguments.Bound bound = arguments.bind(1, "value", "precision", "method");
    Object value = bound.get("value");
    int places = (int) Math.clamp(bound.number("precision", 0), -400, 400);
    String method = bound.text("method", "common");
    if (!Arithmetic.isNumber(value)) {
      throw new JinjaException(
          "type %s doesn't define __round__ method".formatted(Values.typeName(value)));
    }
    return switch (method) {
      case "common" -> nearest(value, places);
      case "ceil" -> Math.ceil(scaled(value, places)) / Math.pow(10, places);
      case "floor" -> Math.floor(scaled(value, places)) / Math.pow(10, places);
      default -> throw new JinjaException("method must be common, ceil or floor");
    };
  }

  private static double scaled(Object value, int places) {
    return Arithmetic.real(value) * Math.pow(10, places);
  }

  private static Object nearest(Object value, int places) {
    if (value instanceof Double real) {
      if (real.isNaN() || real.isInfinite()) {
        return real;
      }
      return Math.copySign(
          new BigDecimal(real).setScale(places, RoundingMode.HALF_EVEN).doubleValue(), real);
    }
    BigInteger whole = Arithmetic.bigOrNull(value);
    return Arithmetic.integer(
        places >= 0
            ? whole
            : new BigDecimal(whole).setScale(places, RoundingMode.HALF_EVEN).toBigInteger());
  }

  /** {@code filesizeformat}: a number of bytes with a prefix, {@code 4.1 MB}. */
  static Object fileSize(Arguments arguments) {
    Arguments.Bound bound = arguments.bind(1, "value", "binary");
    boolean binary = bound.flag("binary");
    double bytes = bytes(bound.get("value"));
    if (bytes == 1) {
      return "1 Byte";
    }
    int base = binary ? 1024 : 1000;
    if (bytes < base) {
      return truncate(bytes) + " Bytes";
    }
    String prefixes = binary ? "KMGTPEZY" : "kMGTPEZY";
    int i = 0;
    double unit = Math.pow(base, 2);
    while (i < prefixes.length() - 1 && !(bytes < unit)) {
      i++;
      unit = BigInteger.valueOf(base).pow(i + 2).doubleValue();
    }
    String number =
        new FieldFormat(' ', '\0', '-', false, 0, '\0', 1, 'f').number(base * bytes / unit);
    return number + " " + prefixes.charAt(i) + (binary ? "iB" : "B");
  }

  private static double bytes(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    String text = Values.textOrNull(value);
    if (text != null) {
      Double real = realOrNull(text);
      if (real == null) {
        throw new JinjaException("could not convert string to float: " + PythonText.repr(text));
      }
      return real;
    }
    if (!Arithmetic.isNumber(value)) {
      throw new JinjaException(
          "float() argument must be a string or a real number, not '%s'"
              .formatted(Values.typeName(value)));
    }
    return Arithmetic.real(value);
  }
}

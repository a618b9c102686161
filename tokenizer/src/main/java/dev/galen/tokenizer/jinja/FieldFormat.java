package dev.galen.tokenizer.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * How a value is written into a field of {@code "%5.2f" % x} or {@code "{:5.2f}".format(x)}.
 *
 * @param fill what a field is filled up with
 * @param align {@code <}, {@code >}, {@code ^}, {@code =} (behind the sign), or 0 for the type's
 *     own
 * @param sign {@code +}, a space, or {@code -} for negative numbers only
 * @param alternate whether hexadecimal and octal digits get a prefix
 * @param width at least so many characters
 * @param grouping what stands between thousands, or 0
 * @param precision digits behind the point, or characters of a text; -1 for the type's own
 * @param type {@code d f F e E g G n x X o b s c %}, or 0 for the value's own
 */
record FieldFormat(
    int fill,
    char align,
    char sign,
    boolean alternate,
    int width,
    char grouping,
    int precision,
    char type) {
  private static final int MOST = 10_000;

  FieldFormat {
    if (width > MOST || precision > MOST) {
      throw new JinjaException("a field is wider than " + MOST + " characters");
    }
  }

  String text(String text) {
    boolean cut = precision >= 0 && precision < PythonText.length(text);
    return pad("", cut ? text.substring(0, text.offsetByCodePoints(0, precision)) : text, '<');
  }

  String number(Object value) {
    BigInteger whole = Arithmetic.bigOrNull(value);
    boolean real = "fFeEgG%".indexOf(type) >= 0 && type != 0;
    if (whole == null || real) {
      return real(Arithmetic.real(value));
    }
    String digits =
        switch (type) {
          case 'x' -> (alternate ? "0x" : "") + whole.abs().toString(16);
          case 'X' -> (alternate ? "0X" : "") + whole.abs().toString(16).toUpperCase(Locale.ROOT);
          case 'o' -> (alternate ? "0o" : "") + whole.abs().toString(8);
          case 'b' -> (alternate ? "0b" : "") + whole.abs().toString(2);
          default -> group(whole.abs().toString());
        };
    return pad(signOf(whole.signum() < 0), digits, '>');
  }

  private String real(double value) {
    boolean negative = value < 0 || (value == 0 && 1 / value < 0);
    String suffix = type == '%' ? "%" : "";
    String digits;
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      digits = Double.isNaN(value) ? "nan" : "inf";
      digits = Character.isUpperCase(type) ? digits.toUpperCase(Locale.ROOT) : digits;
    } else if (type == 0 && precision < 0) {
      digits = Arithmetic.repr(Math.abs(value));
    } else if (type == 'e' || type == 'E') {
      digits = scientific(Math.abs(value), precision < 0 ? 6 : precision, type);
    } else if (type == 0 || "gGn".indexOf(type) >= 0) {
      digits = general(Math.abs(value));
    } else {
      double scaled = type == '%' ? value * 100 : value;
      digits =
          new BigDecimal(Math.abs(scaled))
              .setScale(precision < 0 ? 6 : precision, RoundingMode.HALF_EVEN)
              .toPlainString();
    }
    return pad(signOf(negative), group(digits) + suffix, '>');
  }

  /** {@code g}: so many significant digits, and an exponent where it is large or small. */
  private String general(double value) {
    int digits = precision < 0 ? 6 : Math.max(1, precision);
    int exponent = exponent(value, rounded(value, digits));
    // Without a type there is a digit behind the point, which has to have a place.
    int most = type == 0 ? digits - 1 : digits;
    if (exponent >= -4 && exponent < most) {
      String fixed =
          new BigDecimal(value)
              .setScale(digits - 1 - exponent, RoundingMode.HALF_EVEN)
              .toPlainString();
      String shorter = withoutZeros(fixed);
      return type == 0 && shorter.indexOf('.') < 0 ? shorter + ".0" : shorter;
    }
    String whole = scientific(value, digits - 1, type == 'G' ? 'E' : 'e');
    int split = Math.max(whole.indexOf('e'), whole.indexOf('E'));
    return withoutZeros(whole.substring(0, split)) + whole.substring(split);
  }

  private String withoutZeros(String digits) {
    if (alternate || digits.indexOf('.') < 0) {
      return digits;
    }
    int end = digits.length();
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    return digits.substring(0, digits.charAt(end - 1) == '.' ? end - 1 : end);
  }

  private static BigDecimal rounded(double value, int digits) {
    return value == 0
        ? BigDecimal.ZERO
        : new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
  }

  private static int exponent(double value, BigDecimal rounded) {
    return value == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
  }

  private static String scientific(double value, int places, char letter) {
    BigDecimal rounded = rounded(value, places + 1);
    int exponent = exponent(value, rounded);
    String digits =
        rounded.movePointLeft(exponent).setScale(places, RoundingMode.UNNECESSARY).toPlainString();
    return "%s%c%s%02d".formatted(digits, letter, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  private String group(String digits) {
    if (grouping == 0) {
      return digits;
    }
    int end = digits.indexOf('.') < 0 ? digits.length() : digits.indexOf('.');
    var grouped = new StringBuilder(digits);
    for (int i = end - 3; i > 0; i -= 3) {
      grouped.insert(i, grouping);
    }
    return grouped.toString();
  }

  private String signOf(boolean negative) {
    return negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
  }

  private String pad(String signText, String body, char ownAlign) {
    int missing = width - signText.length() - PythonText.length(body);
    if (missing <= 0) {
      return signText + body;
    }
    String filler = Character.toString(fill);
    return switch (align == 0 ? ownAlign : align) {
      case '<' -> signText + body + filler.repeat(missing);
      case '=' -> signText + filler.repeat(missing) + body;
      case '^' ->
          filler.repeat(missing / 2) + signText + body + filler.repeat(missing - missing / 2);
      default -> filler.repeat(missing) + signText + body;
    };
  }
}

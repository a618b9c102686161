package dev.galen.tensor;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Floating numbers as text of one width, by the rules of {@code numpy.array2string}: the shortest
 * digits that give the number back in its type, at most 8 behind the point; with exponents where
 * the numbers are large, small or far apart.
 */
final class DecimalColumn {
  private static final int PRECISION = 8;
  private static final double SMALL = 1e-4;
  private static final double FAR_APART = 1000;

  private final DType dtype;

  private DecimalColumn(DType dtype) {
    this.dtype = dtype;
  }

  /** One number's text, split at its point. */
  private record Parts(String whole, String fraction, String exponent) {}

  /** All numbers, each padded to the width of the widest. */
  static String[] texts(double[] values, DType dtype) {
    return new DecimalColumn(dtype).texts(values);
  }

  /** One number on its own. */
  static String scalar(double value, DType dtype) {
    if (!Double.isFinite(value)) {
      return name(value);
    }
    var column = new DecimalColumn(dtype);
    double size = Math.abs(value);
    double cutoff = dtype == DType.F64 ? 1e16 : Math.pow(10, column.typeDigits());
    BigDecimal digits = column.shortest(size);
    if (size != 0 && (size < SMALL || size >= cutoff)) {
      Parts parts = column.scientific(value, digits);
      String fraction = parts.fraction.isEmpty() ? "" : "." + parts.fraction;
      return parts.whole + fraction + "e" + parts.exponent;
    }
    Parts parts = column.positional(value, digits);
    return parts.whole + "." + (parts.fraction.isEmpty() ? "0" : parts.fraction);
  }

  private String[] texts(double[] values) {
    var parts = new Parts[values.length];
    boolean hasExponents = needsExponents(values);
    int whole = 0;
    int fraction = 0;
    int exponent = 0;
    boolean anyFinite = false;
    for (int i = 0; i < values.length; i++) {
      if (Double.isFinite(values[i])) {
        anyFinite = true;
        parts[i] = hasExponents ? scientific(values[i]) : positional(values[i]);
        whole = Math.max(whole, parts[i].whole.length());
        fraction = Math.max(fraction, parts[i].fraction.length());
        exponent = Math.max(exponent, parts[i].exponent.length());
      }
    }
    int right = hasExponents && anyFinite ? fraction + 1 + exponent : fraction;
    for (double value : values) {
      if (!Double.isFinite(value)) {
        whole = Math.max(whole, name(value).length() - right - 1);
      }
    }
    var texts = new String[values.length];
    for (int i = 0; i < values.length; i++) {
      if (parts[i] == null) {
        texts[i] = left(name(values[i]), whole + 1 + right);
      } else if (hasExponents) {
        Parts all = scientific(values[i], rounded(values[i], fraction)); // digits to the last place
        String digits = all.fraction + "0".repeat(fraction - all.fraction.length());
        String power = all.exponent;
        String zeros = "0".repeat(exponent - power.length());
        texts[i] =
            left(all.whole, whole)
                + ("." + digits + "e" + power.charAt(0) + zeros + power.substring(1));
      } else {
        String spaces = " ".repeat(fraction - parts[i].fraction.length());
        texts[i] = left(parts[i].whole, whole) + "." + parts[i].fraction + spaces;
      }
    }
    return texts;
  }

  private boolean needsExponents(double[] values) {
    double largest = 0;
    double smallest = Double.POSITIVE_INFINITY;
    for (double value : values) {
      if (Double.isFinite(value) && value != 0) {
        largest = Math.max(largest, Math.abs(value));
        smallest = Math.min(smallest, Math.abs(value));
      }
    }
    return largest != 0
        && (largest >= Math.pow(10, Math.min(PRECISION, typeDigits()))
            || smallest < inType(SMALL)
            || inType(largest / smallest) > FAR_APART);
  }

  private Parts positional(double value) {
    BigDecimal digits = shortest(Math.abs(value));
    return positional(
        value,
        digits.scale() > PRECISION
            ? new BigDecimal(Math.abs(value)).setScale(PRECISION, RoundingMode.HALF_EVEN)
            : digits);
  }

  private Parts positional(double value, BigDecimal size) {
    BigDecimal digits = stripped(size);
    String text = digits.scale() < 0 ? digits.toBigInteger().toString() : digits.toPlainString();
    int point = text.indexOf('.');
    String whole = point < 0 ? text : text.substring(0, point);
    return new Parts(sign(value) + whole, point < 0 ? "" : text.substring(point + 1), "");
  }

  private Parts scientific(double value) {
    BigDecimal digits = shortest(Math.abs(value));
    return scientific(
        value, digits.precision() > PRECISION + 1 ? rounded(value, PRECISION) : digits);
  }

  /** With {@code places} behind the point of its first digit. */
  private static BigDecimal rounded(double value, int places) {
    return new BigDecimal(Math.abs(value))
        .round(new MathContext(places + 1, RoundingMode.HALF_EVEN));
  }

  private Parts scientific(double value, BigDecimal size) {
    BigDecimal digits = stripped(size);
    String text = digits.unscaledValue().toString();
    int power = value == 0 ? 0 : text.length() - 1 - digits.scale();
    return new Parts(
        sign(value) + text.charAt(0),
        text.substring(1),
        (power < 0 ? "-" : "+") + "%02d".formatted(Math.abs(power)));
  }

  /** The fewest digits that are nearest to {@code value} among the numbers of the type. */
  private BigDecimal shortest(double value) {
    var exact = new BigDecimal(value);
    for (int digits = 1; digits < 17; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (inType(rounded.doubleValue()) == value) {
        return stripped(rounded);
      }
    }
    return stripped(exact.round(new MathContext(17, RoundingMode.HALF_EVEN)));
  }

  private static BigDecimal stripped(BigDecimal value) {
    return value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
  }

  /** The nearest number of the type. */
  private double inType(double value) {
    return switch (dtype) {
      case F32 -> (float) value;
      case F16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
      case BF16 -> DType.fromBFloat16(DType.toBFloat16((float) value));
      default -> value;
    };
  }

  /** Decimal digits that the type can always tell apart. */
  private int typeDigits() {
    return switch (dtype) {
      case F32 -> 6;
      case F16 -> 3;
      case BF16 -> 2;
      default -> 15;
    };
  }

  private static String sign(double value) {
    return Double.doubleToRawLongBits(value) < 0 ? "-" : "";
  }

  private static String name(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    return value < 0 ? "-inf" : "inf";
  }

  private static String left(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }
}

package dev.galen.examples.clinical.structure.unit;

import dev.galen.examples.clinical.structure.scan.Phrases;
import dev.galen.examples.clinical.structure.value.ValueNames;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Turns a measured value of one unit into another, by the analyte.
 *
 * <p>Between mg/dL and mmol/L lies the molar mass M: {@code mg/dL = mmol/L * M / 10}. So glucose (M
 * = 180.156 g/mol) has 18.0156, cholesterol with HDL and LDL (386.65) 38.665, triglycerides 88.57,
 * for the usual mean mass of 885.7 g/mol of what is a mixture, creatinine (113.12) 88.4 µmol/L for
 * each mg/dL, urea nitrogen (two atoms of N, 28.014) 2.8014. Hemoglobin A1c follows the IFCC's
 * master equation, {@code NGSP % = 0.09148 * mmol/mol + 2.152}. A pound is 0.45359237 kg, an inch
 * 2.54 cm, a mmHg 0.133322 kPa, and {@code °F = 1.8 * °C + 32}. The whole table is {@code
 * units.txt}.
 *
 * <p>An analyte or unit that the table does not have is left as it is and flagged: no factor is
 * guessed.
 */
public final class UnitConversion {
  /** Digits that count in a result: none of these methods is more exact. */
  private static final MathContext DIGITS = new MathContext(4, RoundingMode.HALF_EVEN);

  /** Whose units are asked for. */
  public enum System {
    /** Units of the United States: mg/dL, °F, lb, in, mmHg. */
    CONVENTIONAL,
    /** SI units: mmol/L, °C, kg, cm, kPa. */
    SI
  }

  /**
   * A value with its unit.
   *
   * @param value the number, or two of them as in {@code 140/90} or {@code 95-97}
   * @param unit its unit
   * @param problem why nothing was converted, or null if it was or the unit was right already
   */
  public record Converted(String value, String unit, String problem) {}

  private record Line(double scale, double offset) {}

  private record Quantity(String conventional, String si, Map<String, Line> units) {}

  private static final Map<String, Quantity> QUANTITIES = new HashMap<>();

  static {
    for (Phrases row : Phrases.of(UnitConversion.class, "units.txt")) {
      Map<String, Line> units = new LinkedHashMap<>();
      for (String phrase : row.phrases()) {
        String[] parts = phrase.split(" +");
        double offset = parts.length > 2 ? Double.parseDouble(parts[2]) : 0;
        units.put(parts[0], new Line(Double.parseDouble(parts[1]), offset));
      }
      QUANTITIES.put(row.head().get(0), new Quantity(row.head().get(1), row.head().get(2), units));
    }
  }

  private UnitConversion() {}

  /**
   * A number of {@code unit} in {@code target}, not rounded; NaN if the table lacks one of them.
   *
   * @param quantity an analyte or vital sign, such as {@code glucose} or {@code temperature}
   */
  public static double convert(String quantity, double value, String unit, String target) {
    Quantity known = QUANTITIES.get(quantity);
    Line from = known == null ? null : known.units().get(unit);
    Line to = known == null ? null : known.units().get(target);
    if (from == null || to == null) {
      return Double.NaN;
    }
    return (value * from.scale() + from.offset() - to.offset()) / to.scale();
  }

  /** The unit that a system has for a quantity, or null if the table does not have the quantity. */
  public static String unit(String quantity, System system) {
    Quantity known = QUANTITIES.get(quantity);
    if (known == null) {
      return null;
    }
    return system == System.SI ? known.si() : known.conventional();
  }

  /** The value in the units of {@code system}, rounded to four digits; as it is, if unknown. */
  public static Converted to(System system, String quantity, String value, String unit) {
    String target = unit(quantity, system);
    return target == null
        ? new Converted(value, unit, "unknown quantity " + quantity)
        : to(target, quantity, value, unit);
  }

  /** The value in {@code target}, rounded to four digits; as it is, if unknown. */
  public static Converted to(String target, String quantity, String value, String unit) {
    if (!QUANTITIES.containsKey(quantity)) {
      String name = ValueNames.quantity(quantity);
      if (QUANTITIES.containsKey(name)) {
        return to(target, name, value, unit);
      }
    }
    Quantity known = QUANTITIES.get(quantity);
    if (known == null) {
      return new Converted(value, unit, "unknown quantity " + quantity);
    }
    String right = ValueNames.unit(target);
    String given = ValueNames.unit(unit);
    if (!known.units().containsKey(target) && known.units().containsKey(right)
        || unit != null && !known.units().containsKey(unit) && known.units().containsKey(given)) {
      return to(
          known.units().containsKey(target) ? target : right,
          quantity,
          value,
          known.units().containsKey(unit) ? unit : given);
    }
    if (!known.units().containsKey(target)) {
      return new Converted(value, unit, "unknown unit " + target);
    }
    if (unit == null || unit.isEmpty()) {
      return new Converted(value, unit, "no unit");
    }
    if (unit.equals(target)) {
      return new Converted(value, unit, null);
    }
    if (unit.indexOf(' ') > 0) {
      return compound(target, quantity, value, unit);
    }
    if (!known.units().containsKey(unit)) {
      return new Converted(value, unit, "unknown unit " + unit);
    }
    int slash = value.indexOf('/');
    int dash = value.indexOf('-', 1);
    int cut = slash > 0 ? slash : dash;
    if (cut > 0) {
      String upper = number(quantity, value.substring(0, cut), unit, target);
      String lower = number(quantity, value.substring(cut + 1), unit, target);
      return upper == null || lower == null
          ? new Converted(value, unit, "not two numbers")
          : new Converted(upper + value.charAt(cut) + lower, target, null);
    }
    String one = number(quantity, value, unit, target);
    return one == null
        ? new Converted(value, unit, "not a number")
        : new Converted(one, target, null);
  }

  /** "5 ft 10 in", "12 lb 4 oz": the sum of its parts. */
  private static Converted compound(String target, String quantity, String value, String unit) {
    String[] parts = value.split(" ");
    double sum = 0;
    for (int i = 0; i + 1 < parts.length; i += 2) {
      Double part = parsed(parts[i]);
      double converted = part == null ? Double.NaN : convert(quantity, part, parts[i + 1], target);
      if (Double.isNaN(converted)) {
        return new Converted(value, unit, "unknown unit " + unit);
      }
      sum += converted;
    }
    return new Converted(rounded(sum), target, null);
  }

  private static String number(String quantity, String value, String unit, String target) {
    Double number = parsed(value);
    return number == null ? null : rounded(convert(quantity, number, unit, target));
  }

  /** The number of a value such as {@code 5.5}, or null. */
  public static Double parsed(String value) {
    try {
      return Double.valueOf(value);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static String rounded(double value) {
    return new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
  }
}

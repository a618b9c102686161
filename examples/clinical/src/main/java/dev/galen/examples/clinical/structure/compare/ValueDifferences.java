package dev.galen.examples.clinical.structure.compare;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.structure.compare.Difference.Kind;
import dev.galen.examples.clinical.structure.scan.Phrases;
import dev.galen.examples.clinical.structure.unit.UnitConversion;
import dev.galen.examples.clinical.structure.value.DoseWords;
import dev.galen.examples.clinical.structure.value.ValueNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Values that differ, in whatever units they are. */
final class ValueDifferences {
  /** Relative difference up to which two values of different units are one, rounded differently. */
  private static final double ROUNDING = 0.012;

  private static final String DOSE = "dose of ";

  private static final Map<String, String> GENERIC = new HashMap<>();

  static {
    for (Phrases line : Phrases.of(ValueDifferences.class, "brands.txt")) {
      for (String brand : line.phrases()) {
        GENERIC.put(brand, line.head().getFirst());
      }
    }
  }

  private ValueDifferences() {}

  static List<Difference> of(
      List<Annotation> left, List<Annotation> right, String leftText, String rightText) {
    Map<String, List<Annotation>> a = grouped(left);
    Map<String, List<Annotation>> b = grouped(right);
    Set<String> keys = new LinkedHashSet<>(a.keySet());
    keys.addAll(b.keySet());
    List<Difference> differences = new ArrayList<>();
    for (String key : keys) {
      List<Annotation> ones = new ArrayList<>(a.getOrDefault(key, List.of()));
      List<Annotation> others = new ArrayList<>(b.getOrDefault(key, List.of()));
      List<Annotation> allOthers = List.copyOf(others);
      List<Annotation> allOnes = List.copyOf(ones);
      ones.removeIf(one -> allOthers.stream().anyMatch(other -> same(one, other)));
      others.removeIf(other -> allOnes.stream().anyMatch(one -> same(one, other)));
      int pairs = Math.min(ones.size(), others.size());
      for (int i = 0; i < pairs; i++) {
        differences.add(
            new Difference(
                Kind.VALUE_CHANGED,
                key,
                ones.get(i).in(leftText),
                others.get(i).in(rightText),
                ones.get(i),
                others.get(i)));
      }
      for (Annotation one : ones.subList(pairs, ones.size())) {
        differences.add(new Difference(Kind.VALUE_MISSING, key, one.in(leftText), "", one, null));
      }
      for (Annotation other : others.subList(pairs, others.size())) {
        differences.add(
            new Difference(Kind.VALUE_ADDED, key, "", other.in(rightText), null, other));
      }
    }
    return differences;
  }

  /** Drugs that one report alone names, but those whose dose is told already. */
  static List<Difference> drugs(List<Difference> told, String left, String right) {
    Map<String, Annotation> a = named(left);
    Map<String, Annotation> b = named(right);
    Set<String> doses = new LinkedHashSet<>();
    told.forEach(one -> doses.add(one.what()));
    List<Difference> differences = new ArrayList<>();
    a.forEach(
        (drug, place) -> {
          if (!b.containsKey(drug) && !doses.contains(DOSE + drug)) {
            differences.add(new Difference(Kind.DRUG_MISSING, drug, drug, "", place, null));
          }
        });
    b.forEach(
        (drug, place) -> {
          if (!a.containsKey(drug) && !doses.contains(DOSE + drug)) {
            differences.add(new Difference(Kind.DRUG_ADDED, drug, "", drug, null, place));
          }
        });
    return differences;
  }

  private static Map<String, Annotation> named(String text) {
    Map<String, Annotation> named = new LinkedHashMap<>();
    for (Annotation drug : ValueNames.drugs(text)) {
      named.putIfAbsent(generic(drug.in(text)), drug);
    }
    return named;
  }

  private static Map<String, List<Annotation>> grouped(List<Annotation> values) {
    Map<String, List<Annotation>> groups = new LinkedHashMap<>();
    for (Annotation value : values) {
      List<Annotation> group = groups.computeIfAbsent(key(value), k -> new ArrayList<>());
      if (group.stream().noneMatch(other -> same(other, value))) {
        group.add(value);
      }
    }
    return groups;
  }

  private static String key(Annotation value) {
    Map<String, String> a = value.attributes();
    return switch (a.get("kind")) {
      case "lab" -> a.get("name");
      case "dose" -> DOSE + generic(a.getOrDefault("drug", "?"));
      case "blood_pressure" ->
          a.containsKey("part") ? "blood_pressure " + a.get("part") : "blood_pressure";
      default -> a.get("kind");
    };
  }

  private static String generic(String drug) {
    String lower = drug.toLowerCase(Locale.ROOT);
    return GENERIC.getOrDefault(lower, lower);
  }

  private static boolean same(Annotation one, Annotation other) {
    Map<String, String> a = one.attributes();
    Map<String, String> b = other.attributes();
    if (!a.getOrDefault("comparator", "").equals(b.getOrDefault("comparator", ""))) {
      return false;
    }
    return a.get("kind").equals("dose") ? sameDose(a, b) : sameValue(a, b);
  }

  private static boolean sameDose(Map<String, String> a, Map<String, String> b) {
    for (String order : new String[] {"frequency", "route"}) {
      String one = a.get(order);
      String other = b.get(order);
      if (one != null
          && other != null
          && !DoseWords.canonical(one).equals(DoseWords.canonical(other))) {
        return false;
      }
    }
    if (a.get("value").equals(b.get("value")) && a.get("unit").equals(b.get("unit"))) {
      return true;
    }
    double one = milligrams(a);
    double other = milligrams(b);
    return Math.abs(one - other) <= 1e-9 * Math.abs(one);
  }

  private static double milligrams(Map<String, String> dose) {
    Double value = UnitConversion.parsed(dose.get("value"));
    if (value == null) {
      return Double.NaN;
    }
    return switch (dose.get("unit")) {
      case "g" -> 1000 * value;
      case "mg" -> value;
      case "mcg" -> value / 1000;
      default -> Double.NaN;
    };
  }

  private static boolean sameValue(Map<String, String> a, Map<String, String> b) {
    String one = a.get("value");
    String other = b.get("value");
    String unit = a.get("unit");
    String otherUnit = b.get("unit");
    if (unit == null || otherUnit == null || unit.equals(otherUnit)) {
      return near(one, other, 1e-9) || temperatures(a, b);
    }
    String quantity = a.get("kind").equals("lab") ? a.get("name") : a.get("kind");
    String target = unit.indexOf(' ') > 0 ? unit.substring(unit.lastIndexOf(' ') + 1) : unit;
    var left = UnitConversion.to(target, quantity, one, unit);
    var right = UnitConversion.to(target, quantity, other, otherUnit);
    if (left.problem() != null || right.problem() != null) {
      return near(one, other, 1e-9); // 1.2 K/uL and 1.2 x10^9/L under names that we do not know
    }
    // A degree of fever is what counts, not a hundredth of 98.
    double allowed = quantity.equals("temperature") ? 0.0015 : ROUNDING;
    return near(left.value(), right.value(), allowed);
  }

  /** A temperature without a unit tells by its size which one it has. */
  private static boolean temperatures(Map<String, String> a, Map<String, String> b) {
    if (!a.get("kind").equals("temperature")) {
      return false;
    }
    var left = UnitConversion.to("F", "temperature", a.get("value"), degrees(a));
    var right = UnitConversion.to("F", "temperature", b.get("value"), degrees(b));
    return left.problem() == null
        && right.problem() == null
        && near(left.value(), right.value(), 0.0015);
  }

  private static String degrees(Map<String, String> value) {
    Double number = UnitConversion.parsed(value.get("value"));
    String unit = value.get("unit");
    return unit != null || number == null ? unit : number < 60 ? "C" : "F";
  }

  private static boolean near(String one, String other, double allowed) {
    if (one.equals(other)) {
      return true;
    }
    String[] a = one.split("[/-]");
    String[] b = other.split("[/-]");
    if (a.length != b.length) {
      return false;
    }
    for (int i = 0; i < a.length; i++) {
      Double left = UnitConversion.parsed(a[i]);
      Double right = UnitConversion.parsed(b[i]);
      if (left == null
          || right == null
          || Math.abs(left - right) > allowed * Math.max(Math.abs(left), Math.abs(right))) {
        return false;
      }
    }
    return true;
  }
}

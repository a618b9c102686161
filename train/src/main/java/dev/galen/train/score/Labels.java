package dev.galen.train.score;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Labels as text: 1 and 1.0 are one label, and so are true and 1, as in Python. */
final class Labels {
  private Labels() {}

  static String text(JsonNode value) {
    if (value.isBoolean()) {
      return value.booleanValue() ? "1" : "0";
    }
    if (value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue())) {
      return String.valueOf((long) value.doubleValue());
    }
    return value.asText();
  }

  /** Those that occur, sorted as scikit-learn does: numbers by value, texts by code point. */
  static List<String> sorted(Collection<String> labels) {
    boolean numbers = labels.stream().allMatch(Labels::isNumber);
    Comparator<String> order =
        numbers
            ? Comparator.comparingDouble(Double::parseDouble)
            : (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
    var sorted = new TreeSet<>(order);
    sorted.addAll(labels);
    return new ArrayList<>(sorted);
  }

  private static boolean isNumber(String label) {
    return label.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
  }
}

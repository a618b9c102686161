package dev.galen.examples.clinical.structure.value;

import dev.galen.examples.clinical.document.Annotation;
import java.util.LinkedHashMap;
import java.util.Map;

/** A value that is being read. */
final class Draft {
  final String kind;
  int start;
  int end;
  String name;
  String value;
  String unit;
  String comparator;
  String range;
  String flag;
  String drug;
  String route;
  String frequency;
  String part;
  String time;

  Draft(String kind, int start, int end) {
    this.kind = kind;
    this.start = start;
    this.end = end;
  }

  Annotation annotation() {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("kind", kind);
    put(attributes, "name", name);
    put(attributes, "part", part);
    put(attributes, "drug", drug);
    put(attributes, "comparator", comparator);
    put(attributes, "value", value);
    put(attributes, "unit", unit);
    put(attributes, "route", route);
    put(attributes, "frequency", frequency);
    put(attributes, "range", range);
    put(attributes, "flag", flag);
    put(attributes, "time", time);
    return new Annotation(start, end, Values.CATEGORY, attributes);
  }

  private static void put(Map<String, String> attributes, String name, String value) {
    if (value != null) {
      attributes.put(name, value);
    }
  }
}

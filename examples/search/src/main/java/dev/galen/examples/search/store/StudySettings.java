package dev.galen.examples.search.store;

import java.util.LinkedHashSet;
import java.util.SequencedMap;

/** What a study was begun with, beside what it is to go on with. */
final class StudySettings {
  private StudySettings() {}

  /**
   * Refuses a study of other settings.
   *
   * @throws IllegalArgumentException naming the first that differs, with both values
   */
  static void requireSame(
      String study, SequencedMap<String, String> begun, SequencedMap<String, String> wanted) {
    var names = new LinkedHashSet<>(begun.keySet());
    names.addAll(wanted.keySet());
    for (String name : names) {
      String before = begun.get(name);
      String now = wanted.get(name);
      if (before == null || !before.equals(now)) {
        throw new IllegalArgumentException(
            "%s was begun with %s %s, and this is %s; go on with the same, or name another study"
                .formatted(study, name, shown(before), shown(now)));
      }
    }
  }

  private static String shown(String value) {
    return value == null ? "(none)" : value;
  }
}

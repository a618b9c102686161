package dev.galen.train.values;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Values by name, as text, for something that is made of them. Names are the same with underscores,
 * dashes or capitals: {@code num_cycles}, {@code num-cycles} and {@code numCycles}. A value that is
 * none is refused by its name, and so is a name that was not asked for.
 */
public final class NamedValues {
  private final String owner;
  private final Map<String, String> given = new LinkedHashMap<>();
  private final Map<String, String> left = new LinkedHashMap<>();
  private final SequencedMap<String, String> asked = new LinkedHashMap<>();

  /**
   * The values of {@code owner}, which messages name.
   *
   * @throws IllegalArgumentException if a name stands twice
   */
  public NamedValues(String owner, Map<String, String> values) {
    this.owner = owner;
    values.forEach(
        (name, value) -> {
          if (given.put(canonical(name), value) != null) {
            throw new IllegalArgumentException(name + " of " + owner + " is given twice");
          }
          left.put(canonical(name), name);
        });
  }

  /** What two spellings of one name have in common. */
  public static String canonical(String name) {
    return name.replaceAll("[-_ ]", "").toLowerCase(Locale.ROOT);
  }

  /** Names and values in turn as text, without those that are null. */
  public static SequencedMap<String, String> text(Object... namesAndValues) {
    var text = new LinkedHashMap<String, String>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i + 1] != null) {
        text.put(namesAndValues[i].toString(), namesAndValues[i + 1].toString());
      }
    }
    return text;
  }

  /** A number. */
  public double number(String name, double otherwise) {
    Double value = number(name);
    return value == null ? otherwise : value;
  }

  /** A number, or null where none is given. */
  public Double number(String name) {
    String value = value(name);
    if (value == null) {
      return null;
    }
    try {
      return Double.valueOf(value);
    } catch (NumberFormatException e) {
      throw wrong(name, value, "a number");
    }
  }

  /** A whole number. */
  public long whole(String name, long otherwise) {
    Long value = whole(name);
    return value == null ? otherwise : value;
  }

  /** A whole number, or null where none is given. */
  public Long whole(String name) {
    Double value = number(name);
    if (value == null) {
      return null;
    }
    if (value != Math.rint(value) || Math.abs(value) > 1L << 53) {
      throw wrong(name, given.get(canonical(name)), "a whole number");
    }
    return value.longValue();
  }

  /** Whether it is given as none. */
  public boolean isNone(String name) {
    return "none".equals(value(name));
  }

  /** True or false. */
  public boolean flag(String name, boolean otherwise) {
    String value = value(name);
    if (value == null) {
      return otherwise;
    }
    if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
      throw wrong(name, value, "true or false");
    }
    return value.equalsIgnoreCase("true");
  }

  /** One of some words. */
  public String word(String name, String otherwise, List<String> words) {
    String value = value(name);
    if (value == null) {
      return otherwise;
    }
    for (String word : words) {
      if (canonical(word).equals(canonical(value))) {
        return word;
      }
    }
    throw wrong(name, value, "one of " + String.join(", ", words));
  }

  /**
   * Refuses what was not asked for.
   *
   * @throws IllegalArgumentException naming it, and what there is
   */
  public void requireNoOther() {
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "%s is no setting of %s; leave it out%s"
              .formatted(
                  left.values().iterator().next(),
                  owner,
                  asked.isEmpty() ? "" : ", or give one of " + String.join(", ", asked.values())));
    }
  }

  private String value(String name) {
    asked.put(canonical(name), name);
    left.remove(canonical(name));
    return given.get(canonical(name));
  }

  private static IllegalArgumentException wrong(String name, String value, String wanted) {
    return new IllegalArgumentException("%s is %s, must be %s".formatted(name, value, wanted));
  }
}

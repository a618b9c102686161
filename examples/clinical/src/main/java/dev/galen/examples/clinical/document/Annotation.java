package dev.galen.examples.clinical.document;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What is known about a place of a text.
 *
 * @param start the first character of the place, an index of the Java string
 * @param end the index behind its last character; at least {@code start}
 * @param category what kind of thing it is, such as {@code NAME}, {@code page} or {@code section}
 * @param attributes more about it, by name, in their order
 */
public record Annotation(int start, int end, String category, Map<String, String> attributes) {
  /** Checks the bounds and keeps its own copy of the attributes. */
  public Annotation {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException(
          "annotation from " + start + " to " + end + "; expected 0 <= start <= end");
    }
    Objects.requireNonNull(category, "category");
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /** One without attributes. */
  public Annotation(int start, int end, String category) {
    this(start, end, category, Map.of());
  }

  /** The same at another place. */
  public Annotation at(int start, int end) {
    return new Annotation(start, end, category, attributes);
  }

  /** What stands there. */
  public String in(String text) {
    return text.substring(start, end);
  }

  /** Whether the two have a character in common. */
  public boolean overlaps(Annotation other) {
    return start < other.end && other.start < end;
  }
}

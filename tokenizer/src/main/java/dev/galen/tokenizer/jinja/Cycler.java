package dev.galen.tokenizer.jinja;

import java.util.List;

/** What {@code cycler(...)} makes: values that come around. */
final class Cycler {
  private final List<Object> values;
  private int at;

  Cycler(List<Object> values) {
    this.values = values;
  }

  Object attribute(String name) {
    return switch (name) {
      case "current" -> values.get(at);
      case "next" ->
          Attributes.method(
              name,
              0,
              arguments -> {
                Object value = values.get(at);
                at = (at + 1) % values.size();
                return value;
              });
      case "reset" ->
          Attributes.method(
              name,
              0,
              arguments -> {
                at = 0;
                return null;
              });
      default -> Attributes.NONE;
    };
  }
}

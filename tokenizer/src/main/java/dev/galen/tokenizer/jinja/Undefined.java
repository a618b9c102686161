package dev.galen.tokenizer.jinja;

import java.util.function.Supplier;

/**
 * What a name stands for that nothing was assigned to. It can be written (as nothing), tested and
 * looped over; everything else is an error with this message. All are equal.
 *
 * @param message made only if it is needed
 */
record Undefined(Supplier<String> message) {

  Undefined(String message) {
    this(() -> message);
  }

  static Undefined name(String name) {
    return new Undefined(() -> PythonText.repr(name) + " is undefined");
  }

  /** An attribute or item that a value has not. */
  static Undefined member(Object owner, Object key) {
    return new Undefined(
        () -> {
          String type = owner == null ? "None" : module(owner) + Values.typeName(owner) + " object";
          return key instanceof String name
              ? "'%s' has no attribute %s".formatted(type, PythonText.repr(name))
              : "%s has no element %s".formatted(type, shown(key));
        });
  }

  private static String module(Object owner) {
    return switch (owner) {
      case Namespace namespace -> "jinja2.utils.";
      case Loop loop -> "jinja2.runtime.";
      case Macro macro -> "jinja2.runtime.";
      case TemplateReference self -> "jinja2.runtime.";
      default -> "";
    };
  }

  private static String shown(Object key) {
    return key instanceof Subscript.SliceKey slice
        ? "slice" + shown(Tuple.of(slice.from(), slice.to(), slice.step()))
        : Values.repr(key, new Budget());
  }

  static Undefined unsafe(Object owner, String attribute) {
    return new Undefined(
        () ->
            "access to attribute %s of '%s' object is unsafe."
                .formatted(PythonText.repr(attribute), Values.typeName(owner)));
  }

  JinjaException failure() {
    return new JinjaException(message.get());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Undefined;
  }

  @Override
  public int hashCode() {
    return 1;
  }
}

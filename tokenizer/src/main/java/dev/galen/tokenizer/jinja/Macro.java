package dev.galen.tokenizer.jinja;

import dev.galen.tokenizer.jinja.Statement.Signature;
import java.util.List;
import java.util.Map;

/** A macro, or the body of a {@code call} block, with the scope where it stands. */
record Macro(String name, Signature signature, List<Statement> body, Scope outer, Renderer renderer)
    implements Callable {

  @Override
  public Object call(Arguments arguments, Budget budget) {
    List<String> names = signature.names();
    List<Object> positional = arguments.positional();
    Arguments rest = arguments;
    Scope scope = outer.inner();
    int firstDefault = names.size() - signature.defaults().size();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      boolean named = i >= positional.size() && rest.named().containsKey(name);
      if (i < positional.size()) {
        scope.set(name, positional.get(i));
      } else if (named) {
        scope.set(name, rest.named().get(name));
        rest = rest.without(name);
      } else if (i >= firstDefault) {
        scope.set(name, renderer.value(signature.defaults().get(i - firstDefault), scope));
      } else {
        scope.set(
            name, new Undefined("parameter %s was not provided".formatted(PythonText.repr(name))));
      }
    }
    bindRest(rest, scope);
    return renderer.capture(body, scope);
  }

  /** What a template may know of a macro. */
  Object attribute(String attribute) {
    return switch (attribute) {
      case "name" -> name;
      case "arguments" -> new Tuple(List.copyOf(signature.names()));
      case "catch_varargs" -> signature.usesRest();
      case "catch_kwargs" -> signature.usesNamedRest();
      case "caller" -> signature.usesCaller();
      case "explicit_caller" -> signature.names().contains("caller");
      default -> Attributes.NONE;
    };
  }

  private void bindRest(Arguments arguments, Scope scope) {
    int count = signature.names().size();
    List<Object> positional = arguments.positional();
    Arguments rest = arguments;
    if (signature.usesCaller() && !signature.names().contains("caller")) {
      Object caller = rest.named().get("caller");
      scope.set("caller", caller == null ? new Undefined("No caller defined") : caller);
      rest = rest.without("caller");
    }
    if (signature.usesNamedRest()) {
      var named = new Dict();
      rest.named().forEach(named::put);
      scope.set("kwargs", named);
    } else if (!rest.named().isEmpty()) {
      throw unexpected(rest.named());
    }
    if (signature.usesRest()) {
      boolean more = positional.size() > count;
      scope.set(
          "varargs", new Tuple(more ? positional.subList(count, positional.size()) : List.of()));
    } else if (positional.size() > count) {
      throw new JinjaException(
          "macro %s takes not more than %d argument(s)".formatted(PythonText.repr(name), count));
    }
  }

  private JinjaException unexpected(Map<String, Object> named) {
    return new JinjaException(
        named.containsKey("caller")
            ? "macro %s was invoked with two values for the special caller argument. This is most likely a bug."
                .formatted(PythonText.repr(name))
            : "macro %s takes no keyword argument %s"
                .formatted(
                    PythonText.repr(name), PythonText.repr(named.keySet().iterator().next())));
  }

  /** Itself only. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}

package dev.galen.tokenizer.jinja;

import java.util.List;
import java.util.Map;

/** {@code self}: the named blocks of a template, each of which can be written again. */
record TemplateReference(Map<String, List<Statement>> blocks, Renderer renderer) {

  /** What writes a block; {@link Attributes#NONE} if there is none of this name. */
  Object block(String name) {
    List<Statement> body = blocks.get(name);
    return body == null
        ? Attributes.NONE
        : Attributes.method(name, 0, arguments -> renderer.block(body));
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

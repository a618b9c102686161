package dev.galen.examples.clinical.deid;

import java.util.List;

/** Finds what tells whom a text is about: {@link IdentifierFinder#find}, or it with a model. */
@FunctionalInterface
public interface Finder {
  /** The identifiers of a text, in order and without overlaps; may be asked by several threads. */
  List<Identifier> find(String text);
}

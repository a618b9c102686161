package dev.galen.tokenizer.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What {@code loop} stands for in a loop's body. It looks one item ahead only if it is asked to.
 */
final class Loop implements Callable {
  /** Renders the body of a loop that is marked {@code recursive} over other items. */
  interface Recursion {
    String render(Object items, int depth);
  }

  private static final Object NONE = new Object();

  private final Object source;
  private final int depth;
  private final Recursion recursion;
  private Iterator<Object> items;
  private long length = -1;
  private long index = -1;
  private Object before = NONE;
  private Object current = NONE;
  private Object after = NONE;
  private List<Object> changed;

  /**
   * A loop that has not begun.
   *
   * @param source what is looped over, for its length
   * @param items what it yields
   * @param recursion null unless the loop is recursive
   */
  Loop(Object source, Iterator<Object> items, int depth, Recursion recursion) {
    this.source = source;
    this.items = items;
    this.depth = depth;
    this.recursion = recursion;
  }

  boolean hasNext() {
    return after != NONE || items.hasNext();
  }

  Object next() {
    Object next = after == NONE ? items.next() : after;
    after = NONE;
    index++;
    before = current;
    current = next;
    return next;
  }

  long length(Budget budget) {
    if (length < 0) {
      if (source instanceof Generator) {
        List<Object> rest = new ArrayList<>();
        items.forEachRemaining(rest::add);
        items = rest.iterator();
        length = rest.size() + index + 1 + (after == NONE ? 0 : 1);
      } else {
        length = Values.length(source, budget);
      }
    }
    return length;
  }

  private Object ahead() {
    if (after == NONE && items.hasNext()) {
      after = items.next();
    }
    return after;
  }

  Object attribute(String name, Budget budget) {
    return switch (name) {
      case "index" -> index + 1;
      case "index0" -> index;
      case "first" -> index == 0;
      case "last" -> ahead() == NONE;
      case "length" -> length(budget);
      case "revindex" -> length(budget) - index;
      case "revindex0" -> length(budget) - index - 1;
      case "depth" -> depth + 1L;
      case "depth0" -> (long) depth;
      case "previtem" -> index == 0 ? new Undefined("there is no previous item") : before;
      case "nextitem" -> ahead() == NONE ? new Undefined("there is no next item") : after;
      case "cycle" -> (Callable) (arguments, unused) -> cycle(arguments.positional());
      case "changed" -> (Callable) (arguments, unused) -> changed(arguments.positional(), budget);
      default -> Attributes.NONE;
    };
  }

  private Object cycle(List<Object> values) {
    if (values.isEmpty()) {
      throw new JinjaException("no items for cycling given");
    }
    return values.get((int) (index % values.size()));
  }

  private boolean changed(List<Object> values, Budget budget) {
    boolean same = changed != null && Comparison.equal(changed, values, budget);
    changed = values;
    return !same;
  }

  @Override
  public Object call(Arguments arguments, Budget budget) {
    if (recursion == null) {
      throw new JinjaException(
          "The loop must have the 'recursive' marker to be called recursively.");
    }
    return recursion.render(arguments.bind(1, "iterable").get("iterable"), depth + 1);
  }

  String repr() {
    return "<LoopContext " + (index + 1) + "/" + length(new Budget()) + ">";
  }
}

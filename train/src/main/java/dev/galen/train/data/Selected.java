package dev.galen.train.data;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/** Some items of a list in an order of their own: a view, which copies none of them. */
final class Selected<T> extends AbstractList<T> implements RandomAccess {
  private final List<? extends T> items;
  private final int[] at;

  private Selected(List<? extends T> items, int[] at) {
    this.items = items;
    this.at = at;
  }

  /** The items at these places; of encoded sequences {@link TokenSequences#select}. */
  @SuppressWarnings("unchecked") // sequences are the only ones of their list
  static <T> List<T> of(List<? extends T> items, int[] at) {
    for (int place : at) {
      Objects.checkIndex(place, items.size());
    }
    return items instanceof TokenSequences sequences
        ? (List<T>) sequences.select(at)
        : new Selected<>(items, at.clone());
  }

  @Override
  public T get(int index) {
    return items.get(at[index]);
  }

  @Override
  public int size() {
    return at.length;
  }
}

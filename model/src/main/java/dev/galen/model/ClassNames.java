package dev.galen.model;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * A classifier's classes, by index.
 *
 * @param names one per class
 */
public record ClassNames(List<String> names) {
  /** Keeps its own copy. */
  public ClassNames {
    names = names instanceof Numbered ? names : List.copyOf(names);
  }

  /** {@code count} classes with HuggingFace's default names. */
  public static ClassNames of(int count) {
    return new ClassNames(new Numbered(count));
  }

  /** The number of classes. */
  public int count() {
    return names.size();
  }

  /** Names that are made when they are asked for: a config may claim any number of classes. */
  private static final class Numbered extends AbstractList<String> implements RandomAccess {
    private final int count;

    Numbered(int count) {
      this.count = count;
    }

    @Override
    public String get(int index) {
      return "LABEL_" + Objects.checkIndex(index, count);
    }

    @Override
    public int size() {
      return count;
    }
  }
}

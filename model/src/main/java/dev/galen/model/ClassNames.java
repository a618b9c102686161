package dev.galen.model;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * A classifier's classes, by index.
 *
 * @param names one per class
 * @param problem what is predicted of them; null where that is left to the labels
 */
public record ClassNames(List<String> names, ProblemType problem) {
  /** Keeps its own copy. */
  public ClassNames {
    names = names instanceof Numbered ? names : List.copyOf(names);
  }

  /** Classes of which the labels will say what is predicted. */
  public ClassNames(List<String> names) {
    this(names, null);
  }

  /** The same classes for another problem. */
  public ClassNames withProblem(ProblemType problem) {
    return new ClassNames(names, problem);
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

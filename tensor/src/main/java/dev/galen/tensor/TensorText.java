package dev.galen.tensor;

import java.util.Arrays;

/**
 * A tensor's values as {@code numpy} prints them: nested brackets, aligned columns, lines of at
 * most 75 characters, and above 1000 elements the first and last three of each dimension. Only what
 * is printed comes to the host.
 */
final class TensorText {
  private static final int MOST_ELEMENTS = 1000;
  private static final int EDGE = 3;
  private static final int LINE = 75;
  private static final String GAP = "...";

  private final int[] dims;
  private final boolean[] hasGap;
  private final String[] words;

  /** Of the dimensions that are printed, and the words for their elements in row-major order. */
  private TensorText(int[] dims, boolean[] hasGap, String[] words) {
    this.dims = dims;
    this.hasGap = hasGap;
    this.words = words;
  }

  /** {@link Tensor#toString}. */
  static String of(Tensor tensor) {
    String kind = tensor.describe() + " on " + tensor.backend().place();
    String freedBy = tensor.freedBy();
    if (freedBy != null) {
      return kind + ", freed by " + freedBy;
    }
    try {
      return kind + "\n" + values(tensor);
    } catch (RuntimeException e) {
      return kind + ", values not readable: " + e.getMessage();
    }
  }

  private static String values(Tensor tensor) {
    if (tensor.shape().size() == 0) {
      return "[]";
    }
    if (tensor.shape().rank() == 0) {
      return scalar(tensor);
    }
    boolean summarised = tensor.shape().size() > MOST_ELEMENTS;
    int[] dims = tensor.shape().toArray();
    var hasGap = new boolean[dims.length];
    for (int i = 0; i < dims.length; i++) {
      hasGap[i] = summarised && dims[i] > 2 * EDGE;
      dims[i] = hasGap[i] ? 2 * EDGE : dims[i];
    }
    return new TensorText(dims, hasGap, words(corners(tensor, hasGap))).array(0, 0, " ", LINE);
  }

  /** A view in which the first and last elements of dimensions with a gap are two dimensions. */
  private static Tensor corners(Tensor tensor, boolean[] hasGap) {
    var dims = new int[2 * hasGap.length];
    var strides = new long[dims.length];
    int rank = 0;
    for (int i = 0; i < hasGap.length; i++) {
      long stride = tensor.layout().stride(i);
      if (hasGap[i]) {
        dims[rank] = 2;
        strides[rank++] = (tensor.dim(i) - EDGE) * stride;
      }
      dims[rank] = hasGap[i] ? EDGE : tensor.dim(i);
      strides[rank++] = stride;
    }
    Shape shape = Shape.of(Arrays.copyOf(dims, rank));
    return new Tensor(tensor.span(), Layout.strided(shape, Arrays.copyOf(strides, rank)));
  }

  private static String scalar(Tensor tensor) {
    if (tensor.dtype().isFloating()) {
      return DecimalColumn.scalar(HostCopy.doubles(tensor)[0], tensor.dtype());
    }
    long value = HostCopy.longs(tensor)[0];
    return tensor.dtype() == DType.BOOL ? truth(value) : Long.toString(value);
  }

  private static String[] words(Tensor tensor) {
    if (tensor.dtype().isFloating()) {
      return DecimalColumn.texts(HostCopy.doubles(tensor), tensor.dtype());
    }
    boolean isTruth = tensor.dtype() == DType.BOOL;
    String[] words =
        Arrays.stream(HostCopy.longs(tensor))
            .mapToObj(value -> isTruth ? truth(value) : Long.toString(value))
            .toArray(String[]::new);
    int longest = Arrays.stream(words).mapToInt(String::length).max().orElse(0);
    int width = isTruth ? truth(0).length() : longest;
    return Arrays.stream(words)
        .map(word -> " ".repeat(width - word.length()) + word)
        .toArray(String[]::new);
  }

  private static String truth(long value) {
    return value == 0 ? "False" : "True";
  }

  /**
   * The part of dimension {@code axis} and those within it that begins at element {@code start}.
   *
   * @param indent what stands before each of its lines but the first, opening bracket included
   * @param width of a line, closing brackets around it not counted
   */
  private String array(int axis, int start, String indent, int width) {
    boolean isRow = axis == dims.length - 1;
    String text = isRow ? row(start, indent, width - 1) : arrays(axis, start, indent, width - 1);
    return "[" + text.substring(indent.length()) + "]";
  }

  private String arrays(int axis, int start, String indent, int width) {
    int step = 1;
    for (int i = axis + 1; i < dims.length; i++) {
      step *= dims[i];
    }
    String between = "\n".repeat(dims.length - 1 - axis);
    var text = new StringBuilder();
    for (int i = 0; i < dims[axis]; i++) {
      if (hasGap[axis] && i == EDGE) {
        text.append(indent).append(GAP).append(between);
      }
      text.append(indent).append(array(axis + 1, start + i * step, indent + " ", width));
      text.append(i < dims[axis] - 1 ? between : "");
    }
    return text.toString();
  }

  /** Words side by side, in as many lines as they need. */
  private String row(int start, String indent, int width) {
    int axis = dims.length - 1;
    var text = new StringBuilder();
    var line = new StringBuilder(indent);
    for (int i = 0; i < dims[axis]; i++) {
      if (hasGap[axis] && i == EDGE) {
        line = append(text, line, GAP, indent, width).append(' ');
      }
      line = append(text, line, words[start + i], indent, width);
      line.append(i < dims[axis] - 1 ? " " : "");
    }
    return text.append(line).toString();
  }

  /** The line with one more word, or the next line with it where this one is full. */
  private static StringBuilder append(
      StringBuilder text, StringBuilder line, String word, String indent, int width) {
    boolean isFull = line.length() + word.length() > width && line.length() > indent.length();
    if (isFull) {
      text.append(line.toString().stripTrailing()).append('\n');
      return new StringBuilder(indent).append(word);
    }
    return line.append(word);
  }
}

package dev.galen.tensor;

import java.util.Arrays;

/**
 * How a shape walks through a span: one stride per dimension, in elements. A stride of 0 repeats a
 * dimension (broadcasting). The first element lies at the start of the span. Immutable.
 */
public final class Layout {
  private final Shape shape;
  private final long[] strides;

  private Layout(Shape shape, long[] strides) {
    this.shape = shape;
    this.strides = strides;
  }

  /** Row-major without gaps. */
  public static Layout contiguous(Shape shape) {
    long[] strides = new long[shape.rank()];
    long stride = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape.dim(i);
    }
    return new Layout(shape, strides);
  }

  /** A layout of explicit strides, one per dimension, none negative. */
  public static Layout strided(Shape shape, long... strides) {
    if (strides.length != shape.rank()) {
      throw new IllegalArgumentException(
          "shape " + shape + " has rank " + shape.rank() + ", not " + strides.length + " strides");
    }
    for (long stride : strides) {
      if (stride < 0) {
        throw new IllegalArgumentException("negative stride in " + Arrays.toString(strides));
      }
    }
    return new Layout(shape, strides.clone());
  }

  /** The extents. */
  public Shape shape() {
    return shape;
  }

  /** The stride of dimension {@code index} in elements; negative indices count from the last. */
  public long stride(int index) {
    return strides[shape.axis(index)];
  }

  /** A copy of the strides. */
  public long[] strides() {
    return strides.clone();
  }

  /** Whether elements follow each other in row-major order without gaps. */
  public boolean isContiguous() {
    long expected = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      if (shape.dim(i) != 1 && strides[i] != expected) {
        return shape.size() == 0;
      }
      expected *= shape.dim(i);
    }
    return true;
  }

  /** The number of elements from the first to the last one touched. */
  public long extent() {
    if (shape.size() == 0) {
      return 0;
    }
    long last = 0;
    for (int i = 0; i < strides.length; i++) {
      last += strides[i] * (shape.dim(i) - 1);
    }
    return last + 1;
  }

  /** Dimensions in another order: dimension i of the result is dimension {@code order[i]} here. */
  public Layout permute(int... order) {
    if (order.length != shape.rank()) {
      throw new IllegalArgumentException(
          "cannot permute shape " + shape + " by " + Arrays.toString(order));
    }
    int[] dims = new int[order.length];
    long[] permuted = new long[order.length];
    boolean[] seen = new boolean[order.length];
    for (int i = 0; i < order.length; i++) {
      int axis = shape.axis(order[i]);
      if (seen[axis]) {
        throw new IllegalArgumentException(
            "dimension " + axis + " occurs twice in " + Arrays.toString(order));
      }
      seen[axis] = true;
      dims[i] = shape.dim(axis);
      permuted[i] = strides[axis];
    }
    return new Layout(Shape.of(dims), permuted);
  }

  /**
   * This layout repeated to {@code target} by NumPy's rule: new and unit dimensions get stride 0.
   */
  public Layout expand(Shape target) {
    if (!Shape.broadcast(shape, target).equals(target)) {
      throw new IllegalArgumentException("shape " + shape + " does not expand to " + target);
    }
    long[] expanded = new long[target.rank()];
    for (int i = 1; i <= shape.rank(); i++) {
      expanded[target.rank() - i] = shape.dim(-i) == 1 ? 0 : strides[shape.rank() - i];
    }
    return new Layout(target, expanded);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Layout layout
        && shape.equals(layout.shape)
        && Arrays.equals(strides, layout.strides);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(strides);
  }

  @Override
  public String toString() {
    return shape + " strides " + Arrays.toString(strides);
  }
}

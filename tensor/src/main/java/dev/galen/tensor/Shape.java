package dev.galen.tensor;

import java.util.Arrays;

/** The extents of a tensor's dimensions, outermost first. Rank 0 is a scalar. Immutable. */
public final class Shape {
  private final int[] dims;
  private final long size;

  private Shape(int[] dims) {
    long size = 1;
    for (int dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException("negative dimension in shape " + Arrays.toString(dims));
      }
      size = Math.multiplyExact(size, dim);
    }
    this.dims = dims;
    this.size = size;
  }

  /** A shape of the given extents, each at least 0. */
  public static Shape of(int... dims) {
    return new Shape(dims.clone());
  }

  /** The number of dimensions. */
  public int rank() {
    return dims.length;
  }

  /** The extent of dimension {@code index}; negative indices count from the last. */
  public int dim(int index) {
    return dims[axis(index)];
  }

  /** {@code index} made non-negative and checked against the rank. */
  public int axis(int index) {
    int axis = index < 0 ? index + dims.length : index;
    if (axis < 0 || axis >= dims.length) {
      throw new IllegalArgumentException(
          "no dimension %d in shape %s, which has %d".formatted(index, this, dims.length));
    }
    return axis;
  }

  /** The number of elements. */
  public long size() {
    return size;
  }

  /** The number of elements over all dimensions but the last: the rows of a kernel. */
  public int rows() {
    long rows = 1;
    for (int i = 0; i < axis(-1); i++) {
      rows = Math.multiplyExact(rows, dims[i]);
    }
    return Math.toIntExact(rows);
  }

  /** A copy of the extents. */
  public int[] toArray() {
    return dims.clone();
  }

  /** This shape with dimension {@code index} replaced. */
  public Shape withDim(int index, int extent) {
    int[] copy = dims.clone();
    copy[axis(index)] = extent;
    return new Shape(copy);
  }

  /** The shape both operands broadcast to by NumPy's rule (aligned at the last dimension). */
  public static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    int[] dims = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int x = i <= a.rank() ? a.dim(-i) : 1;
      int y = i <= b.rank() ? b.dim(-i) : 1;
      if (x != y && x != 1 && y != 1) {
        throw new IllegalArgumentException("shapes " + a + " and " + b + " do not broadcast");
      }
      dims[rank - i] = x == 1 ? y : x;
    }
    return new Shape(dims);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}

package dev.galen.tensor.backend.reference;

import dev.galen.tensor.Layout;

/** The offsets of a layout's elements in row-major order of its shape. */
final class StridedWalk {
  private final int[] dims;
  private final long[] strides;
  private final int[] index;
  private long offset;

  StridedWalk(Layout layout) {
    this.dims = layout.shape().toArray();
    this.strides = layout.strides();
    this.index = new int[dims.length];
  }

  /** The offset of the next element, in elements from the start of the span. */
  long next() {
    long here = offset;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      offset += strides[axis];
      if (++index[axis] < dims[axis]) {
        break;
      }
      offset -= strides[axis] * dims[axis];
      index[axis] = 0;
    }
    return here;
  }
}

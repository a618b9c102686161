package dev.galen.kernels.layout;

import dev.galen.tensor.Layout;
import java.util.Arrays;

/**
 * Layouts of one shape, with neighbouring dimensions merged where every layout steps through both
 * as through one, and without dimensions of extent 1. Contiguous layouts have one dimension.
 *
 * @param dims the merged extents, at least one
 * @param strides {@code [layout][dimension]}, in elements
 */
public record MergedLayouts(long[] dims, long[][] strides) {
  /** Merges {@code layouts}, which have one shape. */
  public static MergedLayouts of(Layout... layouts) {
    int rank = layouts[0].shape().rank();
    long[] dims = new long[Math.max(1, rank)];
    long[][] strides = new long[layouts.length][Math.max(1, rank)];
    dims[0] = 1;
    int last = 0;
    for (int d = 0; d < rank; d++) {
      int extent = layouts[0].shape().dim(d);
      if (extent == 1) {
        continue;
      }
      boolean merge = true;
      for (int l = 0; l < layouts.length; l++) {
        merge &= strides[l][last] == layouts[l].stride(d) * extent;
      }
      if (!merge && dims[last] != 1) {
        last++;
        dims[last] = 1;
      }
      dims[last] *= extent;
      for (int l = 0; l < layouts.length; l++) {
        strides[l][last] = layouts[l].stride(d);
      }
    }
    for (int l = 0; l < layouts.length; l++) {
      strides[l] = Arrays.copyOf(strides[l], last + 1);
    }
    return new MergedLayouts(Arrays.copyOf(dims, last + 1), strides);
  }

  /** Dimensions that are left. */
  public int rank() {
    return dims.length;
  }
}
